//! The console of a VM instance.

use serde_json::{Map, json};

use super::super::{Answer, Context, Done};
use super::load_vm;
use crate::model::{Vm, VmState};
use crate::rules::errors;
use crate::service::Failure;
use crate::store::Store;
use crate::uuids;

/// The lowest port of a console on a host.
const FIRST_PORT: i64 = 5900;

/// The port of the console proxy.
const PROXY_PORT: i32 = 4900;

/// The time after which a token expires, in seconds.
const TOKEN_TIMEOUT: i64 = 1800;

/// GetVmConsoleAddress.
pub(super) async fn address<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, context.text("uuid").unwrap_or_default()).await?;
    check_state(&vm, &[VmState::Running, VmState::Crashed])?;
    let host = match &vm.instance.host_uuid {
        Some(uuid) => context.load(uuid).await?,
        None => None,
    };
    let ip = host.as_ref().and_then(|host| host.text("managementIp")).unwrap_or_default();
    let port = FIRST_PORT + vm.instance.internal_id;
    Ok(Done::with_fields([("hostIp", ip.into()), ("port", port.into()), ("protocol", "vnc".into())]))
}

/// RequestConsoleAccess.
pub(super) async fn access<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    let vm = load_vm(context, context.text("vmInstanceUuid").unwrap_or_default()).await?;
    let allowed =
        [VmState::Running, VmState::Crashed, VmState::VolumeRecovering, VmState::Paused, VmState::NoState];
    check_state(&vm, &allowed)?;
    let expires = context.node.inventories.time(context.now.plus_seconds(TOKEN_TIMEOUT));
    let inventory = json!({
        "scheme": "http", "targetScheme": "vnc", "hostname": "127.0.0.1", "port": PROXY_PORT,
        "token": format!("{}_{}", uuids::random(), vm.instance.uuid), "expiredDate": expires.to_string(),
    });
    let fields = Map::from_iter([("inventory".to_owned(), inventory)]);
    Ok(Done { answer: Answer::Fields(fields), ..Done::default() })
}

fn check_state(vm: &Vm, allowed: &[VmState]) -> Result<(), Failure> {
    if allowed.contains(&vm.instance.state) {
        return Ok(());
    }
    Err(errors::wrong_state(vm, "open the console of", allowed).into())
}
