//! The search index, as a script, since pages in files cannot load anything else.
//! `assets/script/index.mjs` reads it.
//!
//! Names are lines of one string, which compresses best. A name that several elements
//! share is listed once, with its owners.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use zstack_model::{Model, Operation, Retirement, TypeShape, Version};

use crate::site::descriptions::Descriptions;
use crate::site::fixed_pages::PAGES;
use crate::site::owners::{NamesWithOwners, lines};
use crate::site::views::codes;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index<'a> {
    base_path: &'a str,
    /// Lifecycles refer to these by number, counted from 1.
    releases: Vec<String>,
    /// Names and titles.
    categories: Vec<(&'a str, &'a str)>,
    pages: [(&'static str, &'static str); PAGES.len()],
    operations: Operations,
    types: Types,
    parameters: NamesWithOwners,
    tags: NamesWithOwners,
    fields: NamesWithOwners,
    /// Values of enums.
    values: NamesWithOwners,
    /// Values of closed lists, each with its parameter and operation.
    choices: Vec<(&'a str, &'a str, usize)>,
    /// Codes and their meanings.
    errors: Vec<(&'a str, Option<&'a str>)>,
    descriptions: Descriptions,
}

#[derive(Serialize)]
struct Operations {
    names: String,
    categories: Vec<usize>,
    /// `GET/path PUT/path`, below the base path.
    routes: String,
    /// Keys of bodies; an empty line if the key follows from the operation.
    keys: String,
    #[serde(flatten)]
    lifecycles: Lifecycles,
}

#[derive(Serialize)]
struct Types {
    names: String,
    #[serde(flatten)]
    lifecycles: Lifecycles,
}

/// The releases that added and removed elements, by number; 0 if unknown.
#[derive(Serialize)]
struct Lifecycles {
    since: Vec<usize>,
    removed: Vec<usize>,
}

/// The script that sets the index; `conventions` is the Markdown of the conventions
/// page.
pub(crate) fn script(model: &Model, conventions: &str) -> serde_json::Result<String> {
    let index = serde_json::to_string(&Index::new(model, conventions))?;
    Ok(format!("globalThis.searchIndex = {index};\n"))
}

impl<'a> Index<'a> {
    fn new(model: &'a Model, conventions: &str) -> Self {
        let releases: Vec<_> =
            model.service.releases.iter().map(|release| release.version.to_string()).collect();
        let (mut fields, mut values) = (BTreeMap::new(), BTreeMap::new());
        for (index, ty) in model.types.iter().enumerate() {
            if let TypeShape::Enum { values: names } = &ty.shape {
                names.iter().for_each(|value| add_owner(&mut values, &value.name, index));
            }
            ty.own_fields().iter().for_each(|field| add_owner(&mut fields, &field.name, index));
        }
        let (mut parameters, mut tags, mut choices) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for (index, operation) in model.operations.iter().enumerate() {
            for parameter in &operation.parameters {
                let field = &parameter.field;
                add_owner(&mut parameters, &field.name, index);
                let named = field.constraints.values.iter().filter(|value| !value.is_empty());
                choices.extend(named.map(|value| (value.as_str(), field.name.as_str(), index)));
            }
            operation.tags.iter().for_each(|tag| add_owner(&mut tags, &tag.pattern, index));
        }
        Self {
            base_path: &model.service.base_path,
            categories: model
                .categories
                .iter()
                .map(|category| (category.name.as_str(), category.title.as_str()))
                .collect(),
            pages: PAGES,
            operations: Operations {
                names: lines(model.operations.iter().map(|operation| operation.name.as_str())),
                categories: model.operations.iter().map(|operation| category(model, operation)).collect(),
                routes: lines(model.operations.iter().map(routes)),
                keys: lines(model.operations.iter().map(key)),
                lifecycles: Lifecycles::of(
                    model,
                    model.operations.iter().map(|operation| (&operation.since, &operation.retirement)),
                ),
            },
            types: Types {
                names: lines(model.types.iter().map(|ty| ty.name.as_str())),
                lifecycles: Lifecycles::of(model, model.types.iter().map(|ty| (&ty.since, &ty.retirement))),
            },
            parameters: NamesWithOwners::new(&parameters),
            tags: NamesWithOwners::new(&tags),
            fields: NamesWithOwners::new(&fields),
            values: NamesWithOwners::new(&values),
            choices,
            errors: codes(model).into_iter().map(|code| (code.code, code.meaning)).collect(),
            descriptions: Descriptions::new(model, conventions),
            releases,
        }
    }
}

impl Lifecycles {
    fn of<'a>(model: &Model, all: impl Iterator<Item = (&'a Version, &'a Retirement)>) -> Self {
        let number = |version: Option<&Version>| {
            let known = version.filter(|version| !version.is_unknown());
            let at = known.and_then(|known| {
                model.service.releases.iter().position(|release| release.version == *known)
            });
            at.map_or(0, |index| index + 1)
        };
        let (since, removed) =
            all.map(|(since, end)| (number(Some(since)), number(end.removed.as_ref()))).unzip();
        Self { since, removed }
    }
}

fn add_owner<'a>(names: &mut BTreeMap<&'a str, BTreeSet<usize>>, name: &'a str, owner: usize) {
    names.entry(name).or_default().insert(owner);
}

fn category(model: &Model, operation: &Operation) -> usize {
    model.categories.iter().position(|category| category.name == operation.category).unwrap_or_default()
}

fn routes(operation: &Operation) -> String {
    let method = operation.method.as_str();
    operation.all_paths().map(|path| format!("{method}{path}")).collect::<Vec<_>>().join(" ")
}

/// The key of an operation's body; empty if it follows from the operation.
fn key(operation: &Operation) -> &str {
    let follows = |key: &&str| matches!(*key, "params" | "null") || key.eq_ignore_ascii_case(&operation.name);
    operation.body.key().filter(|key| !follows(key)).unwrap_or_default()
}
