//! Settings that are system tags of a VM instance or an image.

use serde_json::Value;

use super::super::{Answer, Context, Done};
use crate::service::Failure;
use crate::store::Store;

/// An operation on a setting.
pub(super) struct Setting {
    operation: &'static str,
    /// The name of the tag, before `::`.
    tag: &'static str,
    access: Access,
}

enum Access {
    /// Sets the tag to the value of a parameter.
    Set(&'static str),
    /// Returns the value in a field of the response.
    Get(&'static str),
    /// Deletes the tag.
    Delete,
}

const fn row(operation: &'static str, tag: &'static str, access: Access) -> Setting {
    Setting { operation, tag, access }
}

const SETTINGS: &[Setting] = &[
    row("SetVmHostname", "hostname", Access::Set("hostname")),
    row("GetVmHostname", "hostname", Access::Get("hostname")),
    row("DeleteVmHostname", "hostname", Access::Delete),
    row("SetVmBootMode", "bootMode", Access::Set("bootMode")),
    row("DeleteVmBootMode", "bootMode", Access::Delete),
    row("SetVmConsolePassword", "consolePassword", Access::Set("consolePassword")),
    row("GetVmConsolePassword", "consolePassword", Access::Get("password")),
    row("DeleteVmConsolePassword", "consolePassword", Access::Delete),
    row("SetVmSshKey", "sshkey", Access::Set("SshKey")),
    row("GetVmSshKey", "sshkey", Access::Get("sshKey")),
    row("DeleteVmSshKey", "sshkey", Access::Delete),
    row("SetVmQga", "qemuga", Access::Set("enable")),
    row("SetVmSoundType", "soundType", Access::Set("soundType")),
    row("SetVmClockTrack", "clockTrack", Access::Set("track")),
    row("SetVmInstanceHaLevel", "ha", Access::Set("level")),
    row("GetVmInstanceHaLevel", "ha", Access::Get("level")),
    row("DeleteVmInstanceHaLevel", "ha", Access::Delete),
    row("SetVmBootOrder", "bootOrder", Access::Set("bootOrder")),
    row("GetVmBootOrder", "bootOrder", Access::Get("orders")),
    row("SetImageBootMode", "bootMode", Access::Set("bootMode")),
    row("SetImageQga", "qemuga", Access::Set("enable")),
];

/// The boot order of a VM instance without the tag.
const BOOT_ORDER: &str = "HardDisk";

/// Finds the setting on which an operation works.
pub(super) fn find(operation: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.operation == operation)
}

pub(super) async fn perform<S: Store>(context: &Context<'_, S>, setting: &Setting) -> Result<Done, Failure> {
    let document = context.target("uuid")?;
    let edits = match setting.access {
        Access::Set(parameter) => {
            let value = context.parameters.get(parameter).map(text).filter(|value| !value.is_empty());
            context.set_tag(&document, setting.tag, value.as_deref()).await?
        }
        Access::Delete => context.set_tag(&document, setting.tag, None).await?,
        Access::Get(field) => {
            let tags = context.holders(&document.uuid, "resourceUuid").await?;
            let mut values = tags.iter().filter_map(|tag| {
                let (name, value) = tag.text("tag")?.split_once("::")?;
                (tag.kind == "SystemTag" && name == setting.tag).then_some(value)
            });
            let value = values.next();
            return Ok(if field == "orders" {
                let orders: Vec<_> = value.unwrap_or(BOOT_ORDER).split(',').collect();
                Done::with_fields([(field, orders.into())])
            } else {
                Done::with_fields([(field, value.map_or(Value::Null, Value::from))])
            });
        }
    };
    Ok(Done { edits, answer: Answer::Document(document), ..Done::default() })
}

/// The value of a tag: a text, a flag, or the items of a list, separated by commas.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
