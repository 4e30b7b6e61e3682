//! Elements that parameters refer to by text: system tags, and fields in queries.

use serde_json::{Map, Value};
use zstack_model::{Model, Operation, Tag, Type, Version};
use zstack_runtime::query::Condition;

use super::{LaterPart, PartKind, PastApi, PastObject};

/// The parameter with system tags.
const SYSTEM_TAGS: &str = "systemTags";

impl PastApi<'_> {
    /// Removes the system tags that the release gave no meaning.
    pub(super) fn remove_later_tags(
        &self,
        now: &Operation,
        given: &Map<String, Value>,
        had: &mut PastObject,
    ) {
        let known = self.operation(&now.name).map_or(&[][..], |operation| &operation.tags);
        let later = |tag: &Value| {
            let text = tag.as_str()?;
            now.tags.iter().find(|tag| !known.contains(tag) && matches(tag, text))
        };
        let tags = given.get(SYSTEM_TAGS).and_then(Value::as_array).into_iter().flatten();
        had.later.extend(tags.filter_map(later).map(|tag| LaterPart {
            path: SYSTEM_TAGS.to_owned(),
            part: PartKind::Tag(tag.pattern.clone()),
            since: tag.since.to_string(),
        }));
        if let Some(Value::Array(tags)) = had.fields.get_mut(SYSTEM_TAGS) {
            tags.retain(|tag| later(tag).is_none());
        }
    }

    /// Collects the fields in a query that the release did not have. Fields of no release are
    /// ignored.
    pub(super) fn add_fields_in_query(
        &self,
        now: &Operation,
        given: &Map<String, Value>,
        later: &mut Vec<LaterPart>,
    ) {
        let listed = now.response.iter().find_map(|response| match &response.ty {
            Type::List(ty) => type_name(ty),
            _ => None,
        });
        let Some(listed) = listed.filter(|_| now.query) else { return };
        for (parameter, path) in names(given) {
            if let Some(since) = since(self.newest, listed, &path)
                && self::since(&self.slice, listed, &path).is_none()
            {
                later.push(LaterPart {
                    path: parameter.to_owned(),
                    part: PartKind::Named(path),
                    since: since.to_string(),
                });
            }
        }
    }
}

/// Returns whether a text is a tag with this pattern: the prefix and one part.
fn matches(tag: &Tag, text: &str) -> bool {
    let value = text.strip_prefix(tag.prefix.as_str()).map(|value| value.trim_end_matches("::"));
    value.is_some_and(|value| !value.is_empty() && !value.contains("::"))
}

/// Returns the names in the parameters of a query, with the parameter.
fn names(given: &Map<String, Value>) -> Vec<(&'static str, String)> {
    let text = |name| given.get(name).and_then(Value::as_str);
    let conditions = given.get("q").and_then(Value::as_array).into_iter().flatten();
    let conditions = conditions.filter_map(|condition| condition.as_str()?.parse::<Condition>().ok());
    let sort = text("sort").map(|text| text.trim_start_matches(['-', '+']));
    let fields = text("fields").into_iter().flat_map(|text| text.split(',')).map(str::trim);
    let conditions = conditions.map(|condition| ("q", condition.field().to_owned()));
    conditions
        .chain(sort.map(|field| ("sort", field.to_owned())))
        .chain(fields.map(|field| ("fields", field.to_owned())))
        .collect()
}

/// Returns the release that added the last field of a path such as `vmNics.ipVersion`.
fn since<'a>(model: &'a Model, listed: &str, path: &str) -> Option<&'a Version> {
    let mut ty = Some(listed);
    let mut newest: Option<&Version> = None;
    for name in path.split('.') {
        let data_type = model.data_type(ty?)?;
        let field = model.fields(data_type).into_iter().find(|field| field.name == name)?;
        newest = newest.max(Some(&field.since));
        ty = match &field.ty {
            Type::List(ty) => type_name(ty),
            ty => type_name(ty),
        };
    }
    newest
}

fn type_name(ty: &Type) -> Option<&str> {
    match ty {
        Type::Named(name) => Some(name),
        _ => None,
    }
}
