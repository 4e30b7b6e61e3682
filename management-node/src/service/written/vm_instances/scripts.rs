//! Scripts, which emulated machines run without output.

use serde_json::{Map, Value, json};

use super::super::{Context, Done};
use crate::cloud::volumes::check_field;
use crate::service::Failure;
use crate::store::Store;

/// ExecuteGuestVmScript.
pub(super) fn execute<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let script = context.target("uuid")?;
    let vms = context.targets("vmInstanceUuids");
    for vm in &vms {
        check_field("VM instance", vm, "state", &["Running"])?;
    }
    let mut fields = Map::new();
    for (field, source) in [
        ("scriptUuid", "uuid"),
        ("recordName", "name"),
        ("scriptContent", "scriptContent"),
        ("renderParams", "renderParams"),
        ("scriptTimeout", "scriptTimeout"),
    ] {
        fields.extend(script.fields.get(source).map(|value| (field.to_owned(), value.clone())));
    }
    fields.extend(
        context.parameters.get("scriptTimeout").map(|value| ("scriptTimeout".to_owned(), value.clone())),
    );
    let now = context.now.millis();
    for (field, value) in [
        ("status", json!("Succeed")),
        ("executor", json!(context.caller.account_uuid)),
        ("executionCount", json!(vms.len())),
        ("version", json!(1)),
        ("startTime", json!(now)),
        ("endTime", json!(now)),
    ] {
        fields.insert(field.to_owned(), value);
    }
    let (record, edit) = context.new_document("GuestVmScriptExecutedRecord", fields)?;
    Ok(Done::with_document(record, vec![edit]))
}

/// KvmRunShell.
pub(super) fn run_on_hosts<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let hosts = context.targets("hostUuids").into_iter();
    let results: Map<String, Value> = hosts
        .map(|host| match check_field("host", &host, "status", &["Connected"]) {
            Ok(()) => (host.uuid, json!({"returnCode": 0, "stdout": "", "stderr": "", "success": true})),
            Err(error) => (host.uuid, json!({"errorCode": error, "success": false})),
        })
        .collect();
    Ok(Done::with_fields([("inventory", results.into())]))
}
