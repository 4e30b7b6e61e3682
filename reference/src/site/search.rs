//! What the site is searched for, as a script: pages of a folder can read
//! nothing else. `assets/script/index.mjs` reads it.
//!
//! Names are lines of one text each, which compresses best. A name that many
//! have is there once, with its owners as numbers in base 36: each is what the
//! owner's place is more than that of the owner before.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use zstack_model::{Body, Model, Operation, Retirement, TypeShape, Version};

use crate::site::descriptions::Descriptions;
use crate::site::fixed_pages::PAGES;
use crate::site::owners::{Owned, lines};
use crate::site::views::codes;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Index<'a> {
    base_path: &'a str,
    /// By number, from 1 on, in what tells since when there is something.
    releases: Vec<&'a str>,
    /// Name and title.
    categories: Vec<(&'a str, &'a str)>,
    pages: [(&'static str, &'static str); PAGES.len()],
    operations: Operations,
    types: Types,
    parameters: Owned,
    tags: Owned,
    fields: Owned,
    /// Values of enums.
    values: Owned,
    /// Values of closed lists: value, parameter, operation.
    choices: Vec<(&'a str, &'a str, usize)>,
    /// Codes, and what the platform says with them.
    errors: Vec<(&'a str, Option<&'a str>)>,
    descriptions: Descriptions,
}

#[derive(Serialize)]
struct Operations {
    names: String,
    categories: Vec<usize>,
    /// `GET/path PUT/path`, below the base path.
    routes: String,
    /// Keys of bodies; an empty line where it is no name of its own.
    keys: String,
    #[serde(flatten)]
    lives: Lives,
}

#[derive(Serialize)]
struct Types {
    names: String,
    #[serde(flatten)]
    lives: Lives,
}

/// Since when and until when: numbers of releases, 0 of what nobody knows.
#[derive(Serialize)]
struct Lives {
    since: Vec<usize>,
    removed: Vec<usize>,
}

/// The script that sets the index; `conventions` is the page of that name, in
/// Markdown.
pub(crate) fn script(model: &Model, conventions: &str) -> serde_json::Result<String> {
    let index = serde_json::to_string(&Index::new(model, conventions))?;
    Ok(format!("globalThis.searchIndex = {index};\n"))
}

impl<'a> Index<'a> {
    fn new(model: &'a Model, conventions: &str) -> Self {
        let releases: Vec<_> =
            model.service.releases.iter().map(|release| release.version.text.as_str()).collect();
        let operations = || model.operations.iter().enumerate();
        let types = || model.types.iter().enumerate();
        let of_types =
            |names: &mut dyn FnMut(usize, &'a TypeShape)| types().for_each(|(nth, it)| names(nth, &it.shape));
        let (mut fields, mut values) = (BTreeMap::new(), BTreeMap::new());
        of_types(&mut |nth, shape| match shape {
            TypeShape::Record { .. } => {}
            TypeShape::Enum { values: all } => all.iter().for_each(|it| own(&mut values, &it.name, nth)),
        });
        for (nth, it) in types() {
            it.own_fields().iter().for_each(|field| own(&mut fields, &field.name, nth));
        }
        let (mut parameters, mut tags, mut choices) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for (nth, it) in operations() {
            for parameter in &it.parameters {
                let field = &parameter.field;
                own(&mut parameters, &field.name, nth);
                let named = field.constraints.values.iter().filter(|value| !value.is_empty());
                choices.extend(named.map(|value| (value.as_str(), field.name.as_str(), nth)));
            }
            it.tags.iter().for_each(|tag| own(&mut tags, &tag.pattern, nth));
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
                lives: Lives::of(
                    model,
                    model.operations.iter().map(|operation| (&operation.since, &operation.retirement)),
                ),
            },
            types: Types {
                names: lines(model.types.iter().map(|it| it.name.as_str())),
                lives: Lives::of(model, model.types.iter().map(|it| (&it.since, &it.retirement))),
            },
            parameters: Owned::new(&parameters),
            tags: Owned::new(&tags),
            fields: Owned::new(&fields),
            values: Owned::new(&values),
            choices,
            errors: codes(model).into_iter().map(|code| (code.code, code.meaning)).collect(),
            descriptions: Descriptions::new(model, conventions),
            releases,
        }
    }
}

impl Lives {
    fn of<'a>(model: &Model, all: impl Iterator<Item = (&'a Version, &'a Retirement)>) -> Self {
        let number = |version: Option<&Version>| {
            let known = version.filter(|version| !version.is_unknown());
            let at = known.and_then(|known| {
                model.service.releases.iter().position(|release| release.version == *known)
            });
            at.map_or(0, |it| it + 1)
        };
        let (since, removed) =
            all.map(|(since, end)| (number(Some(since)), number(end.removed.as_ref()))).unzip();
        Self { since, removed }
    }
}

fn own<'a>(names: &mut BTreeMap<&'a str, BTreeSet<usize>>, name: &'a str, owner: usize) {
    names.entry(name).or_default().insert(owner);
}

fn category(model: &Model, it: &Operation) -> usize {
    model.categories.iter().position(|category| category.name == it.category).unwrap_or_default()
}

fn routes(it: &Operation) -> String {
    it.all_paths().map(|path| format!("{}{path}", it.method.as_str())).collect::<Vec<_>>().join(" ")
}

/// The key that tells an operation's body from others, unless it is the
/// operation's name as well.
fn key(it: &Operation) -> &str {
    match &it.body {
        Body::Key(key) | Body::Action(key) if key != "params" && key != "null" => {
            if key.eq_ignore_ascii_case(&it.name) { "" } else { key }
        }
        _ => "",
    }
}
