//! Global settings, and those of resources.

use serde_json::{Value, json};

use crate::cloud::settings::{self, Setting};
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::storages::{answer, object};
use crate::service::written::{Context, Done};
use crate::store::Store;

fn setting<S: Store>(context: &Context<'_, S>) -> Result<Setting, Failure> {
    let text = |parameter| context.text(parameter).unwrap_or_default();
    Ok(settings::find(text("category"), text("name"))?)
}

async fn document<S: Store>(context: &Context<'_, S>, setting: &Setting) -> Result<Document, Failure> {
    let found = context.load(&setting.uuid()).await?;
    found.ok_or_else(|| errors::internal("A global setting has no document; restart the node.").into())
}

/// Changes a setting; without a value, it gets its default.
pub(super) async fn update<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let setting = setting(context)?;
    let value = context.text("value").unwrap_or(&setting.default);
    setting.check(value)?;
    let mut document = document(context, &setting).await?;
    document.set("value", value);
    Ok(context.finish_change(document))
}

/// Gives all settings their defaults.
pub(super) async fn reset<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut edits = Vec::new();
    for mut document in context.node.store.documents_of(settings::RESOURCE).await? {
        let default = document.fields.get("defaultValue").cloned().unwrap_or_default();
        if document.fields.get("value") != Some(&default) {
            document.set("value", default);
            edits.push(context.replace(document));
        }
    }
    Ok(Done { edits, ..Done::default() })
}

/// Describes the values that a setting may have.
pub(super) fn options<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    Ok(answer(json!({"options": setting(context)?.options()})))
}

/// The resource whose setting is meant, with the documents of its settings.
async fn of_resource<S: Store>(
    context: &Context<'_, S>,
) -> Result<(Setting, Document, Option<Document>), Failure> {
    let setting = setting(context)?;
    let uuid = context.text("resourceUuid").unwrap_or_default();
    let Some(resource) = context.load(uuid).await? else {
        return Err(errors::not_found("resourceUuid", "resource", uuid).into());
    };
    if !resource.may_be_used_by(&context.caller) {
        return Err(errors::permission_denied("resource", uuid).into());
    }
    let own = context.holders(uuid, "resourceUuid").await?.into_iter().find(|other| {
        other.kind == "ResourceConfig"
            && other.text("category") == Some(setting.category)
            && other.text("name") == Some(setting.name)
    });
    Ok((setting, resource, own))
}

/// Gives a resource a value of its own.
pub(super) async fn update_of_resource<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (setting, resource, own) = of_resource(context).await?;
    if !setting.resources.contains(&&*resource.base) {
        return Err(errors::invalid_argument(format!(
            "[resourceUuid] names a {}, but {}/{} can be set only for: {}.",
            resource.base,
            setting.category,
            setting.name,
            setting.resources.join(", ")
        ))
        .into());
    }
    let value = context.text("value").unwrap_or_default();
    setting.check(value)?;
    if let Some(mut own) = own {
        own.set("value", value);
        return Ok(context.finish_change(own));
    }
    let fields = json!({
        "resourceUuid": resource.uuid, "resourceType": format!("{}VO", resource.base),
        "category": setting.category, "name": setting.name, "value": value,
    });
    let (created, edit) = context.new_document("ResourceConfig", object(fields))?;
    Ok(Done::with_document(created, vec![edit]))
}

/// Removes the value of a resource, which then has that of others again.
pub(super) async fn delete_of_resource<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (_, _, own) = of_resource(context).await?;
    let edits = own.into_iter().map(|document| DocumentEdit::Delete { document }).collect();
    Ok(Done { edits, ..Done::default() })
}

/// Finds the value that a resource has: its own, that of its cluster or zone, or the global one.
pub(super) async fn value_of_resource<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (setting, resource, own) = of_resource(context).await?;
    let mut found = Vec::from_iter(own);
    for field in ["vmInstanceUuid", "hostUuid", "clusterUuid", "zoneUuid"] {
        let Some(parent) = resource.text(field) else { continue };
        let of_parent = context.holders(parent, "resourceUuid").await?.into_iter().filter(|other| {
            other.kind == "ResourceConfig"
                && other.text("category") == Some(setting.category)
                && other.text("name") == Some(setting.name)
        });
        found.extend(of_parent);
    }
    let value = match found.first() {
        Some(config) => config.fields.get("value").cloned(),
        None => document(context, &setting).await?.fields.get("value").cloned(),
    };
    let configs = context.node.inventories_of(context.plans, found, &[]).await?;
    Ok(answer(json!({"value": value.unwrap_or(Value::Null), "effectiveConfigs": configs})))
}
