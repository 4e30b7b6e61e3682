//! The documents of the tags that a request gives to a new resource.

use serde_json::{Value, json};

use super::Parameters;
use crate::model::{Document, DocumentEdit, Link, Moment};
use crate::uuids;

/// Creates the documents of system and user tags of a new document, and those of the patterns that it gets.
pub(crate) fn new_tags<'a>(
    tags: &zstack_runtime::Tags,
    patterns: impl Iterator<Item = &'a Document>,
    resource_uuid: &str,
    resource_type: &str,
    now: Moment,
) -> Vec<DocumentEdit> {
    // A tag for the operation alone is not stored.
    let is_stored =
        |tag: &&String| *tag != zstack_runtime::tags::VALIDATION_ONLY && !tag.starts_with("ephemeral::");
    let system = tags.system.iter().filter(is_stored);
    let system = system.map(|tag| ("SystemTag", "System", tag));
    let user = tags.user.iter().map(|tag| ("UserTag", "User", tag));
    let texts =
        system.chain(user).map(|(kind, ty, tag)| new_tag(kind, ty, tag, resource_uuid, resource_type, now));
    let of_patterns = patterns.map(|pattern| pattern_tag(pattern, resource_uuid, resource_type, now));
    texts.chain(of_patterns).collect()
}

/// Creates the document of the tag of a pattern.
fn pattern_tag(pattern: &Document, resource_uuid: &str, resource_type: &str, now: Moment) -> DocumentEdit {
    let text = pattern.text("value").unwrap_or_default();
    let mut edit = new_tag("UserTag", "User", text, resource_uuid, resource_type, now);
    if let DocumentEdit::Create { document, links } = &mut edit {
        document.set("tagPatternUuid", pattern.uuid.clone());
        links.push(Link { field: "tagPatternUuid".to_owned(), target: pattern.uuid.clone() });
    }
    edit
}

/// The value of a system tag: a text with parameters in braces, which `defaults` has if the request omits
/// them. Returns nothing if one is missing or empty.
pub(crate) fn tag_value(template: &str, parameters: &Parameters, defaults: &Parameters) -> Option<String> {
    let mut value = String::new();
    for (index, part) in template.split('{').enumerate() {
        let (name, rest) = part.split_once('}').filter(|_| index > 0).unwrap_or(("", part));
        if !name.is_empty() {
            let given = parameters.get(name).or_else(|| defaults.get(name)).map(to_text);
            value.push_str(&given.filter(|given| !given.is_empty())?);
        }
        value.push_str(rest);
    }
    Some(value)
}

/// A value as part of a tag: a text, a flag, or the items of a list, separated by commas.
fn to_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(to_text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Creates the document of a tag.
pub(crate) fn new_tag(
    kind: &str,
    ty: &str,
    tag: &str,
    resource_uuid: &str,
    resource_type: &str,
    now: Moment,
) -> DocumentEdit {
    let uuid = uuids::random();
    let mut fields = json!({
        "uuid": uuid, "resourceUuid": resource_uuid, "resourceType": resource_type, "tag": tag, "type": ty,
        "createDate": now.millis(), "lastOpDate": now.millis(),
    });
    if kind == "SystemTag" {
        fields["inherent"] = false.into();
    }
    let fields = fields.as_object().cloned().unwrap_or_default();
    let tag =
        Document { uuid, kind: kind.to_owned(), base: kind.to_owned(), revision: 0, fields: fields.into() };
    let links = vec![Link { field: "resourceUuid".to_owned(), target: resource_uuid.to_owned() }];
    DocumentEdit::Create { document: tag, links }
}
