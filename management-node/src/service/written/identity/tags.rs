//! Tags: texts on resources. A pattern is a tag of several resources.

use serde_json::{Value, json};

use crate::cloud::texts;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::rules::tags::check_value;
use crate::service::Failure;
use crate::service::written::storages::{answer, object};
use crate::service::written::{Answer, Context, Done};
use crate::store::Store;

/// Checks that the caller may give a tag to the resource of the request.
async fn check_resource<S: Store>(context: &Context<'_, S>) -> Result<(), Failure> {
    let resource_type = context.text("resourceType").unwrap_or_default();
    let name = resource_type.strip_suffix("VO");
    if name.is_none_or(|name| context.plans.catalog.resource(name).is_none()) {
        return Err(errors::invalid_argument(format!(
            "[resourceType] is `{resource_type}`, which is not a type of resources; write one such as `VmInstanceVO`."
        ))
        .into());
    }
    let uuid = context.text("resourceUuid").unwrap_or_default();
    let resource = context.load(uuid).await?;
    let is_of_type =
        |resource: &Document| name == Some(resource.base.as_str()) || name == Some(resource.kind.as_str());
    if !resource.as_ref().is_some_and(is_of_type) {
        return Err(errors::invalid_argument(format!(
            "[resourceUuid] names [uuid:{uuid}], which is not a resource of the type {resource_type}; check both."
        ))
        .into());
    }
    if let Some(resource) = resource.filter(|resource| !resource.may_be_used_by(&context.caller)) {
        return Err(errors::permission_denied("resource", &resource.uuid).into());
    }
    Ok(())
}

/// Checks the text of a new tag of the resource of the request, which may not have it yet.
fn check_text<S: Store>(context: &Context<'_, S>, text: &str, present: &[Document]) -> Result<(), Failure> {
    let is_system = context.plan.resource.name == "SystemTag";
    if is_system && !text.contains("::") && text.contains(char::is_whitespace) {
        return Err(errors::invalid_argument(format!(
            "[tag] is `{text}`, which matches no system tag; write `name::value`, or create a user tag."
        ))
        .into());
    }
    if let (true, Some((name, value))) = (is_system, text.split_once("::")) {
        check_value(name, value)?;
    }
    let is_same = |tag: &&Document| tag.kind == context.plan.resource.name && tag.text("tag") == Some(text);
    if let Some(tag) = present.iter().find(is_same) {
        return Err(errors::operation_failed(format!(
            "The resource [uuid:{}] already has the tag `{text}` [uuid:{}].",
            context.text("resourceUuid").unwrap_or_default(),
            tag.uuid
        ))
        .into());
    }
    Ok(())
}

/// Creates a system or user tag.
pub(super) async fn create<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_resource(context).await?;
    let uuid = context.text("resourceUuid").unwrap_or_default();
    let present = context.holders(uuid, "resourceUuid").await?;
    check_text(context, context.text("tag").unwrap_or_default(), &present)?;
    Ok(context.create(context.draft()?))
}

/// Creates several system tags.
pub(super) async fn create_all<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    check_resource(context).await?;
    let uuid = context.text("resourceUuid").unwrap_or_default();
    let mut tags = context.holders(uuid, "resourceUuid").await?;
    let present = tags.len();
    let mut edits = Vec::new();
    for text in texts(context.parameters.get("tags")) {
        check_text(context, text, &tags)?;
        let resource_type = context.text("resourceType").unwrap_or_default();
        let fields = json!({"resourceUuid": uuid, "resourceType": resource_type, "tag": text});
        let (tag, edit) = context.new_document("SystemTag", object(fields))?;
        tags.push(tag);
        edits.push(edit);
    }
    Ok(Done { edits, answer: Answer::Documents(tags.split_off(present)), ..Done::default() })
}

/// Deletes a tag or a pattern.
pub(super) async fn delete<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let uuid = context.text("uuid").unwrap_or_default();
    let is_tag = |tag: &Document| matches!(&*tag.kind, "SystemTag" | "UserTag" | "TagPattern");
    let Some(tag) = context.load(uuid).await?.filter(is_tag) else { return Ok(Done::default()) };
    if tag.fields.get("inherent") == Some(&Value::Bool(true)) {
        return Err(errors::operation_failed(format!(
            "The system tag [uuid:{uuid}] belongs to its resource, and cannot be deleted."
        ))
        .into());
    }
    let resource = match tag.text("resourceUuid") {
        Some(resource) => context.load(resource).await?,
        None => Some(tag.clone()),
    };
    if resource.is_some_and(|resource| !resource.may_be_used_by(&context.caller)) {
        return Err(errors::permission_denied("tag", uuid).into());
    }
    let edits = context.node.deletion(context.plans, context.plan, tag).await?;
    Ok(Done { edits, ..Done::default() })
}

/// The tag of a pattern on a resource.
async fn tag_of<S: Store>(
    context: &Context<'_, S>,
    pattern: &Document,
    resource: &str,
) -> Result<Option<Document>, Failure> {
    let tags = context.holders(resource, "resourceUuid").await?;
    Ok(tags.into_iter().find(|tag| tag.text("tagPatternUuid") == Some(&pattern.uuid)))
}

/// The text of a tag: that of the pattern, with values for its tokens.
fn text_of<S: Store>(context: &Context<'_, S>, pattern: &Document) -> Result<String, Failure> {
    let mut text = pattern.text("value").unwrap_or_default().to_owned();
    let tokens = context.parameters.get("tokens").and_then(Value::as_object);
    for (name, value) in tokens.into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text = text.replace(&format!("{{{name}}}"), &value);
    }
    if pattern.text("type") == Some("withToken") && text.contains('{') {
        return Err(errors::invalid_argument(format!(
            "[tokens] lacks a value; the tag would be `{text}`. Give a value for each token."
        ))
        .into());
    }
    Ok(text)
}

/// Gives a pattern to resources.
pub(super) async fn attach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let pattern = context.target("tagUuid")?;
    let text = text_of(context, &pattern)?;
    let (mut edits, mut results) = (Vec::new(), Vec::new());
    for uuid in texts(context.parameters.get("resourceUuids")) {
        let Some(resource) = context.load(uuid).await? else {
            return Err(errors::not_found("resourceUuids", "resource", uuid).into());
        };
        if !resource.may_be_used_by(&context.caller) {
            return Err(errors::permission_denied("resource", uuid).into());
        }
        let tag = match tag_of(context, &pattern, uuid).await? {
            Some(tag) => tag,
            None => {
                let fields = json!({
                    "resourceUuid": uuid, "resourceType": format!("{}VO", resource.base), "tag": text,
                    "type": "User", "tagPatternUuid": pattern.uuid,
                });
                let (tag, edit) = context.new_document("UserTag", object(fields))?;
                edits.push(edit);
                tag
            }
        };
        let inventories = context.node.inventories_of(context.plans, vec![tag], &[]).await?;
        results.extend(
            inventories.into_iter().map(|inventory| json!({"inventory": inventory, "success": true})),
        );
    }
    Ok(Done { edits, ..answer(json!({"results": results})) })
}

/// Takes a pattern from resources.
pub(super) async fn detach<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let pattern = context.target("tagUuid")?;
    let mut edits = Vec::new();
    for uuid in texts(context.parameters.get("resourceUuids")) {
        let tag = tag_of(context, &pattern, uuid).await?;
        edits.extend(tag.map(|document| DocumentEdit::Delete { document }));
    }
    Ok(Done { edits, ..Done::default() })
}
