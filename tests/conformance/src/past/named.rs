//! What parameters name by their text: system tags, and the fields of what a
//! query lists.

use serde_json::{Map, Value};
use zstack_model::{Model, Operation, Tag, Type, Version};
use zstack_runtime::query::Condition;

use super::{Had, Later, Part, Past};

/// The parameter for them.
const SYSTEM_TAGS: &str = "systemTags";

impl Past<'_> {
    /// Takes out the system tags that the release gave no meaning.
    pub(super) fn without_later_tags(&self, now: &Operation, given: &Map<String, Value>, had: &mut Had) {
        let known = self.operation(&now.name).map_or(&[][..], |operation| &operation.tags);
        let later = |tag: &Value| {
            let text = tag.as_str()?;
            now.tags.iter().find(|tag| !known.contains(tag) && is(tag, text))
        };
        let tags = given.get(SYSTEM_TAGS).and_then(Value::as_array).into_iter().flatten();
        had.later.extend(tags.filter_map(later).map(|it| Later {
            path: SYSTEM_TAGS.to_owned(),
            part: Part::Tag(it.pattern.clone()),
            since: it.since.text.clone(),
        }));
        if let Some(Value::Array(tags)) = had.fields.get_mut(SYSTEM_TAGS) {
            tags.retain(|tag| later(tag).is_none());
        }
    }

    /// Tells which fields a query names that the release did not have. What is
    /// no field of any release is for others to judge.
    pub(super) fn named_in_query(&self, now: &Operation, given: &Map<String, Value>, later: &mut Vec<Later>) {
        let listed = now.response.iter().find_map(|response| match &response.ty {
            Type::List(ty) => named(ty),
            _ => None,
        });
        let Some(listed) = listed.filter(|_| now.query) else { return };
        for (parameter, path) in names(given) {
            if let Some(since) = since(self.newest, listed, &path)
                && self::since(&self.slice, listed, &path).is_none()
            {
                later.push(Later {
                    path: parameter.to_owned(),
                    part: Part::Named(path),
                    since: since.text.clone(),
                });
            }
        }
    }
}

/// Whether a text is a tag of this meaning: what follows is one part.
fn is(tag: &Tag, text: &str) -> bool {
    let value = text.strip_prefix(tag.prefix.as_str()).map(|it| it.trim_end_matches("::"));
    value.is_some_and(|value| !value.is_empty() && !value.contains("::"))
}

/// The names in the parameters of a query, each with the parameter.
fn names(given: &Map<String, Value>) -> Vec<(&'static str, String)> {
    let text = |name| given.get(name).and_then(Value::as_str);
    let conditions = given.get("q").and_then(Value::as_array).into_iter().flatten();
    let conditions = conditions.filter_map(|condition| condition.as_str()?.parse::<Condition>().ok());
    let sort = text("sort").map(|text| text.trim_start_matches(['-', '+']));
    let fields = text("fields").into_iter().flat_map(|text| text.split(',')).map(str::trim);
    let conditions = conditions.map(|condition| ("q", condition.field().to_owned()));
    conditions
        .chain(sort.map(|it| ("sort", it.to_owned())))
        .chain(fields.map(|field| ("fields", field.to_owned())))
        .collect()
}

/// Since when there is all of a path of fields, such as `vmNics.ipVersion`.
fn since<'a>(model: &'a Model, listed: &str, path: &str) -> Option<&'a Version> {
    let mut ty = Some(listed);
    let mut newest: Option<&Version> = None;
    for name in path.split('.') {
        let data_type = model.data_type(ty?)?;
        let field = model.fields(data_type).into_iter().find(|field| field.name == name)?;
        newest = newest.max(Some(&field.since));
        ty = match &field.ty {
            Type::List(ty) => named(ty),
            ty => named(ty),
        };
    }
    newest
}

fn named(ty: &Type) -> Option<&str> {
    match ty {
        Type::Named(name) => Some(name),
        _ => None,
    }
}
