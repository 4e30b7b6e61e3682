//! The documents of the tags that a request gives to a new resource.

use serde_json::json;

use crate::model::{Document, DocumentEdit, Link, Moment};
use crate::uuids;

/// Creates the documents of system and user tags of a new document.
pub(crate) fn new_tags(
    tags: &zstack_runtime::Tags,
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
    system
        .chain(user)
        .map(|(kind, ty, tag)| new_tag(kind, ty, tag, resource_uuid, resource_type, now))
        .collect()
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
    let tag = Document { uuid, kind: kind.to_owned(), base: kind.to_owned(), revision: 0, fields: fields.into() };
    let links = vec![Link { field: "resourceUuid".to_owned(), target: resource_uuid.to_owned() }];
    DocumentEdit::Create { document: tag, links }
}
