//! The console of a VM instance.

use serde_json::json;

use super::super::{Context, Done};
use super::vm_in;
use crate::rules::vms::check_state;
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

/// The lowest port of a console on a host.
const FIRST_PORT: i64 = 5900;

/// The port of the console proxy.
const PROXY_PORT: i32 = 4900;

/// The time after which a token expires, in seconds.
const TOKEN_TIMEOUT: i64 = 1800;

const OPERATION: &str = "open the console of";

/// GetVmConsoleAddress.
pub(super) async fn address<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = vm_in(context, "uuid")?;
    check_state(&vm, OPERATION, &["Running", "Crashed"])?;
    let host = match vm.text("hostUuid") {
        Some(uuid) => context.load(uuid).await?,
        None => None,
    };
    let ip = host.as_ref().and_then(|host| host.text("managementIp")).unwrap_or_default();
    let port = FIRST_PORT + vm.number("internalId").unwrap_or(0);
    Ok(Done::with_fields([("hostIp", ip.into()), ("port", port.into()), ("protocol", "vnc".into())]))
}

/// RequestConsoleAccess.
pub(super) fn access<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = vm_in(context, "vmInstanceUuid")?;
    check_state(&vm, OPERATION, &["Running", "Crashed", "VolumeRecovering", "Paused", "NoState"])?;
    let inventory = json!({
        "scheme": "http", "targetScheme": "vnc", "hostname": "127.0.0.1", "port": PROXY_PORT,
        "token": format!("{}_{}", uuids::random(), vm.uuid),
        "expiredDate": context.time(context.now.plus_seconds(TOKEN_TIMEOUT)),
    });
    Ok(Done::with_fields([("inventory", inventory)]))
}
