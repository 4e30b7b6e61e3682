//! Global settings, and those of resources.

use serde_json::{Map, Value, json};

use crate::cloud::settings::{self, Setting};
use crate::cloud::texts;
use crate::model::{Document, DocumentEdit};
use crate::rules::errors;
use crate::service::Failure;
use crate::service::written::storages::{answer, object};
use crate::service::written::{Answer, Context, Done};
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

/// A setting of a resource.
struct ResourceSetting {
    setting: Setting,
    resource: Document,
    /// The value of the resource itself.
    own: Option<Document>,
}

/// Finds the resource that the request names.
async fn resource<S: Store>(context: &Context<'_, S>) -> Result<Document, Failure> {
    let uuid = context.text("resourceUuid").unwrap_or_default();
    let Some(resource) = context.load(uuid).await? else {
        return Err(errors::not_found("resourceUuid", "resource", uuid).into());
    };
    if !resource.may_be_used_by(&context.caller) {
        return Err(errors::permission_denied("resource", uuid).into());
    }
    Ok(resource)
}

/// The values of a setting that belong to a resource, which are one or none.
async fn values<S: Store>(
    context: &Context<'_, S>,
    resource: &str,
    setting: &Setting,
) -> Result<Vec<Document>, Failure> {
    let mut values = context.holders(resource, "resourceUuid").await?;
    values.retain(|other| {
        other.kind == "ResourceConfig"
            && other.text("category") == Some(setting.category)
            && other.text("name") == Some(setting.name)
    });
    Ok(values)
}

impl ResourceSetting {
    async fn find<S: Store>(context: &Context<'_, S>, category: &str, name: &str) -> Result<Self, Failure> {
        let setting = settings::find(category, name)?;
        let resource = resource(context).await?;
        let own = values(context, &resource.uuid, &setting).await?.pop();
        Ok(Self { setting, resource, own })
    }

    /// The setting that the request names.
    async fn of_request<S: Store>(context: &Context<'_, S>) -> Result<Self, Failure> {
        let text = |parameter| context.text(parameter).unwrap_or_default();
        Self::find(context, text("category"), text("name")).await
    }

    /// Gives the resource a value of its own.
    fn change<S: Store>(
        self,
        context: &Context<'_, S>,
        value: &str,
    ) -> Result<(Document, DocumentEdit), Failure> {
        let Self { setting, resource, own } = self;
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
        setting.check(value)?;
        if let Some(mut own) = own {
            own.set("value", value);
            own.touch(context.now);
            return Ok((own.clone(), context.replace(own)));
        }
        let fields = json!({
            "resourceUuid": resource.uuid, "resourceType": format!("{}VO", resource.base),
            "category": setting.category, "name": setting.name, "value": value,
        });
        context.new_document("ResourceConfig", object(fields))
    }

    /// The value that the resource has: its own, that of its cluster or zone, or the global one; and the
    /// settings of the resource and its parents.
    async fn effective<S: Store>(self, context: &Context<'_, S>) -> Result<Map<String, Value>, Failure> {
        let Self { setting, resource, own } = self;
        let mut found = Vec::from_iter(own);
        for field in ["vmInstanceUuid", "hostUuid", "clusterUuid", "zoneUuid"] {
            if let Some(parent) = resource.text(field) {
                found.extend(values(context, parent, &setting).await?);
            }
        }
        let value = match found.first() {
            Some(config) => config.fields.get("value").cloned(),
            None => document(context, &setting).await?.fields.get("value").cloned(),
        };
        let configs = context.node.inventories_of(context.plans, found, &[]).await?;
        Ok(object(json!({"value": value.unwrap_or(Value::Null), "effectiveConfigs": configs})))
    }
}

/// Gives a resource a value of its own.
pub(super) async fn update_of_resource<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let found = ResourceSetting::of_request(context).await?;
    let (document, edit) = found.change(context, context.text("value").unwrap_or_default())?;
    Ok(Done::with_document(document, vec![edit]))
}

/// Gives a resource several values of its own.
pub(super) async fn update_all_of_resource<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let (mut edits, mut results) = (Vec::new(), Vec::new());
    let requested = context.parameters.get("resourceConfigs").and_then(Value::as_array);
    for config in requested.into_iter().flatten() {
        let text = |key: &str| config[key].as_str().unwrap_or_default();
        let found = ResourceSetting::find(context, text("category"), text("name")).await?;
        let (document, edit) = found.change(context, text("value"))?;
        edits.push(edit);
        let configs = context.node.inventories_of(context.plans, vec![document], &[]).await?;
        results.push(json!({"name": text("name"), "value": text("value"), "effectiveConfigs": configs}));
    }
    Ok(Done { edits, ..answer(json!({"inventories": results})) })
}

/// Removes the value of a resource, which then has that of others again.
pub(super) async fn delete_of_resource<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let found = ResourceSetting::of_request(context).await?;
    let edits = found.own.into_iter().map(|document| DocumentEdit::Delete { document }).collect();
    Ok(Done { edits, ..Done::default() })
}

/// Finds the value that a resource has.
pub(super) async fn value_of_resource<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let fields = ResourceSetting::of_request(context).await?.effective(context).await?;
    Ok(Done { answer: Answer::Fields(fields), ..Done::default() })
}

/// Finds the values of several settings that a resource has.
pub(super) async fn values_of_resource<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let mut configs = Vec::new();
    for name in texts(context.parameters.get("names")) {
        let category = context.text("category").unwrap_or_default();
        let mut config = ResourceSetting::find(context, category, name).await?.effective(context).await?;
        config.insert("name".to_owned(), name.into());
        configs.push(config);
    }
    Ok(answer(json!({"configs": configs})))
}

/// Lists the settings that resources can have.
pub(super) fn of_resources<S: Store>(context: &Context<'_, S>) -> Done {
    let is_requested = |setting: &Setting| {
        let category = context.text("category");
        !setting.resources.is_empty() && category.is_none_or(|category| category == setting.category)
    };
    let describe = |setting: Setting| {
        let types: Vec<_> = setting.resources.iter().map(|resource| format!("{resource}VO")).collect();
        json!({
            "category": setting.category, "name": setting.name, "description": setting.description(),
            "bindResourceTypes": types,
        })
    };
    let configs: Vec<_> = settings::all().filter(is_requested).map(describe).collect();
    answer(json!({"bindableConfigs": configs}))
}
