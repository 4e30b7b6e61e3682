//! Fields and parameters as rows of a table.

use super::table::Table;
use zstack_model::words;
use zstack_model::{Field, Model, Parameter, Retirement, Source, Type, Version};
use zstack_review::{Change, history_of};

/// Who says that there is something that no document has.
pub(super) const ON_PLATFORM: &str = "seen on the platform; in no document";

/// The parameters of an operation; `owner` says that it exists.
pub(super) fn parameters(parameters: &[Parameter], owner: Source) -> Table {
    let mut table = Table::new(["name", "in", "type", "required", "since", "description"]);
    for Parameter { field, place } in parameters {
        let place = words::place(*place);
        let [name, ty, required, since, text] = cells(field, owner);
        table.row([name, place.to_owned(), ty, required, since, text]);
    }
    table
}

/// Fields of a record or of an answer.
pub(super) fn fields<'a>(fields: impl IntoIterator<Item = &'a Field>, owner: Source) -> Table {
    let mut table = Table::new(["name", "type", "required", "since", "description"]);
    for field in fields {
        table.row(cells(field, owner));
    }
    table
}

/// What releases changed of an operation or a data type, after the one that it
/// came with.
pub(super) fn history(model: &Model, name: &str) -> Table {
    let mut table = Table::new(["release", "what changed"]);
    // That it is new is in its `since`.
    let is_new = |it: &Change| it.element.to_string() == name && it.attribute.is_empty();
    for it in history_of(model, name).iter().filter(|history| !is_new(&history.change)) {
        table.row([it.release.to_string(), it.sentence()]);
    }
    table
}

fn cells(field: &Field, owner: Source) -> [String; 5] {
    let required = if field.required { "yes" } else { "" };
    [
        field.name.clone(),
        field.ty.to_string(),
        required.to_owned(),
        since(&field.since),
        description(field, owner),
    ]
}

/// Nothing for what nobody knows.
pub(super) fn since(version: &Version) -> String {
    if version.is_unknown() { String::new() } else { version.to_string() }
}

/// What to know of what goes.
pub(super) fn retirement(retirement: &Retirement) -> Option<String> {
    words::retirement(retirement, str::to_owned)
}

fn description(field: &Field, owner: Source) -> String {
    let mut facts: Vec<String> =
        field.description.iter().map(|description| description.trim().to_owned()).collect();
    facts.extend(words::constraints(&field.constraints));
    if field.ty == Type::Uuid {
        facts.push("32 lower-case hexadecimal digits.".to_owned());
    }
    facts.extend(retirement(&field.retirement));
    if let Some(default) = &field.default {
        facts.push(format!("By default `{default}`."));
    }
    if field.sensitive {
        facts.push("Kept out of logs.".to_owned());
    }
    // Of what is in no document, no part is.
    if field.source == Source::Platform && owner == Source::Document {
        facts.push("In no document.".to_owned());
    }
    let documented = field.documented.as_ref().and_then(words::documented);
    facts.extend(documented.map(|it| format!("The document prints: {it}.")));
    facts.join(" ")
}
