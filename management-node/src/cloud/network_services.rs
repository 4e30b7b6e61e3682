//! The services of L3 networks: which provider offers which service.

use serde_json::{Map, Value, json};

use super::providers::PROVIDERS;
use super::texts;
use crate::model::Document;
use crate::rules::errors::{self, Verdict};

/// Finds a provider by its UUID or by its type.
fn provider<'a>(providers: &'a [Document], key: &str) -> Option<&'a Document> {
    providers.iter().find(|provider| provider.uuid == key || provider.text("type") == Some(key))
}

/// Checks services that are to be attached to a network. Returns the fields of each attachment.
pub(crate) fn attach(
    network: &Document,
    providers: &[Document],
    attached: &[Document],
    requested: &Map<String, Value>,
) -> Verdict<Vec<Map<String, Value>>> {
    if requested.is_empty() {
        return Err(errors::invalid_argument("[networkServices] is empty; name at least one provider."));
    }
    let mut new: Vec<Map<String, Value>> = Vec::new();
    for (key, services) in requested {
        let Some(provider) = provider(providers, key) else {
            return Err(errors::invalid_argument(format!(
                "[networkServices] names the provider `{key}`, which does not exist; QueryNetworkServiceProvider \
                 lists all."
            )));
        };
        let offered: Vec<_> = provider.texts("networkServiceTypes").collect();
        if texts(Some(services)).next().is_none() {
            return Err(errors::invalid_argument(format!(
                "[networkServices] names no service of the provider `{key}`; name at least one."
            )));
        }
        for service in texts(Some(services)) {
            if !offered.contains(&service) {
                return Err(errors::invalid_argument(format!(
                    "[networkServices] has `{service}`, which the provider `{key}` does not offer; it offers: {}.",
                    offered.join(", ")
                )));
            }
            let is_same =
                |other: &Map<String, Value>| other.get("networkServiceType") == Some(&service.into());
            if attached.iter().map(|other| &*other.fields).chain(&new).any(is_same) {
                return Err(errors::operation_failed(format!(
                    "The service {service} is already attached to the L3 network [uuid:{}]; detach it first.",
                    network.uuid
                )));
            }
            let fields = json!({
                "l3NetworkUuid": network.uuid, "networkServiceProviderUuid": provider.uuid,
                "networkServiceType": service,
            });
            new.extend(fields.as_object().cloned());
        }
    }
    Ok(new)
}

/// Returns the attachments that a request detaches: services of providers, or one service.
pub(crate) fn detach(
    providers: &[Document],
    attached: Vec<Document>,
    requested: Option<&Map<String, Value>>,
    service: Option<&str>,
) -> Vec<Document> {
    let is_requested = |attachment: &Document| {
        let present = attachment.text("networkServiceType");
        let of_provider = requested.into_iter().flatten().any(|(key, services)| {
            provider(providers, key).map(|provider| &*provider.uuid)
                == attachment.text("networkServiceProviderUuid")
                && texts(Some(services)).any(|service| present == Some(service))
        });
        of_provider || (service.is_some() && present == service)
    };
    attached.into_iter().filter(is_requested).collect()
}

/// The types of the providers of each service.
pub(crate) fn types() -> Map<String, Value> {
    let mut types: Map<String, Value> = Map::new();
    for (_, provider_type, services) in PROVIDERS {
        for service in services {
            let list = types.entry(*service).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(provider_type.into());
            }
        }
    }
    types
}
