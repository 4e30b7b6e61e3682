//! Fields, parameters and changes as rows of tables.

use super::table::Table;
use zstack_model::words;
use zstack_model::{Field, Model, Parameter, Retirement, Source, Type, Version};
use zstack_review::{Change, history_of};

/// The source of elements that no document describes.
pub(super) const UNDOCUMENTED: &str = "undocumented; observed on the platform";

/// The parameters of an operation; `owner` is the source of the operation.
pub(super) fn parameters(model: &Model, parameters: &[Parameter], owner: Source) -> Table {
    let mut table = Table::new(["name", "in", "type", "required", "since", "description"]);
    for Parameter { field, place } in parameters {
        let [name, ty, required, since, text] = cells(model, field, owner);
        table.row([name, words::place(*place).to_owned(), ty, required, since, text]);
    }
    table
}

/// The fields of a record or a response; `owner` is the source of it.
pub(super) fn fields<'a>(model: &Model, fields: impl IntoIterator<Item = &'a Field>, owner: Source) -> Table {
    let mut table = Table::new(["name", "type", "required", "since", "description"]);
    for field in fields {
        table.row(cells(model, field, owner));
    }
    table
}

/// The changes of an operation or a data type, without its addition, which its
/// `since` shows.
pub(super) fn history(model: &Model, name: &str) -> Table {
    let mut table = Table::new(["release", "change"]);
    let is_addition = |change: &Change| change.element.to_string() == name && change.attribute.is_empty();
    for entry in history_of(model, name).iter().filter(|entry| !is_addition(&entry.change)) {
        table.row([entry.release.to_string(), entry.sentence()]);
    }
    table
}

fn cells(model: &Model, field: &Field, owner: Source) -> [String; 5] {
    let required = if field.required { "yes" } else { "" };
    [
        field.name.clone(),
        field.ty.to_string(),
        required.to_owned(),
        since(&field.since),
        description(model, field, owner),
    ]
}

/// A release; empty if it is unknown.
pub(super) fn since(version: &Version) -> String {
    if version.is_unknown() { String::new() } else { version.to_string() }
}

/// The deprecation and removal of an element, if any.
pub(super) fn retirement(retirement: &Retirement) -> Option<String> {
    words::retirement(retirement, str::to_owned)
}

fn description(model: &Model, field: &Field, owner: Source) -> String {
    let mut sentences: Vec<String> = field.description.iter().map(|text| text.trim().to_owned()).collect();
    let record = field.refers.as_deref().and_then(|resource| model.record_of(resource));
    sentences.extend(record.map(|record| format!("Refers to `{}`.", record.name)));
    sentences.extend(words::constraints(&field.constraints));
    if field.ty == Type::Uuid {
        sentences.push("32 lower-case hexadecimal digits.".to_owned());
    }
    sentences.extend(retirement(&field.retirement));
    if let Some(default) = &field.default {
        sentences.push(format!("Default: `{default}`."));
    }
    if field.sensitive {
        sentences.push("Never logged.".to_owned());
    }
    // Parts of undocumented elements are undocumented, too.
    if field.source == Source::Platform && owner == Source::Document {
        sentences.push("Undocumented.".to_owned());
    }
    let documented = field.documented.as_ref().and_then(words::describe_documented);
    sentences.extend(documented.map(|text| format!("Official docs: {text}.")));
    sentences.join(" ")
}
