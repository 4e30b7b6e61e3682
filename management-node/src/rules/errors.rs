//! The errors of rules: a code with its fixed description, and details of the
//! case with advice.

use serde_json::Value;
use zstack_runtime::ErrorCode;

use crate::model::Document;

/// The result of a rule. The error is boxed, because it is large and rare.
pub type Verdict<T> = Result<T, Box<ErrorCode>>;

fn error(code: &str, description: &str, details: impl Into<String>) -> Box<ErrorCode> {
    Box::new(ErrorCode::new(code, description, details))
}

/// Creates `SYS.1000`: the node failed, through no fault of the caller.
#[must_use]
pub fn internal(details: impl Into<String>) -> Box<ErrorCode> {
    error("SYS.1000", "An internal error happened", details)
}

/// Creates `SYS.1003`: a parameter names a resource that does not exist.
#[must_use]
pub fn not_found(parameter: &str, resource: &str, uuid: &str) -> Box<ErrorCode> {
    let details =
        format!("[{parameter}] names the {resource} [uuid:{uuid}], which does not exist; check the UUID.");
    error("SYS.1003", "A resource was not found", details)
}

/// Creates `SYS.1006`: the operation cannot be performed.
#[must_use]
pub fn operation_failed(details: impl Into<String>) -> Box<ErrorCode> {
    error("SYS.1006", "An operation failed", details)
}

/// Creates the error of a host or storage that cannot be connected: `HOST.1010`, `PS.1003` or `SYS.1006`.
#[must_use]
pub fn unreachable(resource: &str, uuid: &str) -> Box<ErrorCode> {
    let details = format!(
        "The {resource} [uuid:{uuid}] cannot be reached; a fault set with POST /_node/faults disconnects it."
    );
    match resource {
        "Host" => error("HOST.1010", "The host is disconnected", details),
        "PrimaryStorage" => error("PS.1003", "The primary storage is disconnected", details),
        _ => operation_failed(details),
    }
}

/// Creates `SYS.1007`: an argument is invalid.
#[must_use]
pub fn invalid_argument(details: impl Into<String>) -> Box<ErrorCode> {
    error("SYS.1007", "One or more arguments are invalid", details)
}

/// Creates `SYS.1007`: the requested UUID of a new resource is invalid.
#[must_use]
pub fn invalid_resource_uuid(uuid: &str) -> Box<ErrorCode> {
    invalid_argument(format!(
        "[resourceUuid] is `{uuid}`, which is not a UUID; it must have 32 lower-case hexadecimal digits, of which the \
         13th is 1 to 5 and the 17th is 8, 9, a or b."
    ))
}

/// Creates `SYS.1007`: a parameter is not one of the known events.
#[must_use]
pub fn unknown_event(parameter: &str, event: &str, known: &[&str]) -> Box<ErrorCode> {
    let known = known.join(", ");
    invalid_argument(format!("[{parameter}] is `{event}`, which is not an event; use one of: {known}."))
}

/// Creates `SYS.1004`: another resource forbids the deletion of one.
#[must_use]
pub fn deletion_forbidden(resource: &str, uuid: &str, holder: &str, document: &Document) -> Box<ErrorCode> {
    let name = document.text("name").map(|name| format!(" `{name}`")).unwrap_or_default();
    let cause = operation_failed(format!(
        "The {holder}{name} [uuid:{}] uses it; delete or change the {holder} first.",
        document.uuid
    ));
    let details = format!("The {resource} [uuid:{uuid}] cannot be deleted.");
    Box::new(error("SYS.1004", "A resource could not be deleted", details).with_cause(*cause))
}

/// Creates `SYS.1007`: another resource has the same values in fields that are unique.
#[must_use]
pub fn not_unique(resource: &str, values: &[(String, Value)], uuid: &str) -> Box<ErrorCode> {
    let values: Vec<_> = values.iter().map(|(field, value)| format!("{field} {value}")).collect();
    invalid_argument(format!(
        "Another {resource} [uuid:{uuid}] has the same {}; choose another value.",
        values.join(" and ")
    ))
}

/// Creates `ID.1002`: only administrators may call the operation.
#[must_use]
pub fn admin_only(operation: &str) -> Box<ErrorCode> {
    error(
        "ID.1002",
        "Permission denied",
        format!("Only administrators may call {operation}; log in as admin."),
    )
}

/// Creates `ID.1002`: no policy allows a user the operation.
#[must_use]
pub fn denied_by_policy(operation: &str) -> Box<ErrorCode> {
    error(
        "ID.1002",
        "Permission denied",
        format!(
            "No policy of the user allows {operation}, or one denies it; ask the account to attach a policy."
        ),
    )
}

/// Creates `LONG_JOB.1002`: the node stopped before the job ended.
#[must_use]
pub fn long_job_interrupted() -> Box<ErrorCode> {
    error(
        "LONG_JOB.1002",
        "A long job was interrupted",
        "The node stopped before the job ended, so the result is unknown; run it again if it is missing.",
    )
}

/// Creates `SYS.1014`: the node cannot do the work of a scheduler job.
#[must_use]
pub fn scheduler_job_unsupported(kind: &str) -> Box<ErrorCode> {
    error(
        "SYS.1014",
        "The operation is not implemented",
        format!("Scheduler jobs of the type `{kind}` are not emulated by this node."),
    )
}

/// Creates `SYS.1014`: the node does not emulate a part of ZQL.
#[must_use]
pub fn zql_unsupported(part: &str) -> Box<ErrorCode> {
    error(
        "SYS.1014",
        "The operation is not implemented",
        format!("[zql] {part} is not emulated by this node."),
    )
}

/// Creates `ID.1003`: an account would exceed a quota.
#[must_use]
pub fn quota_exceeded(name: &str, limit: i64, used: i64, added: i64) -> Box<ErrorCode> {
    error(
        "ID.1003",
        "A quota is exceeded",
        format!(
            "The quota {name} of the account is {limit}; {used} are used, and {added} more are requested. Delete \
             something, or let an administrator raise the quota."
        ),
    )
}

/// Creates `SYS.1006`: the caller may not use the resource.
#[must_use]
pub fn permission_denied(resource: &str, uuid: &str) -> Box<ErrorCode> {
    operation_failed(format!(
        "Permission denied: the {resource} [uuid:{uuid}] belongs to another account and is not shared; log in as its \
         owner or as admin."
    ))
}

/// Creates `SYS.1006`, caused by `VM.1010`: the state of the VM instance does not
/// allow the operation.
#[must_use]
pub fn wrong_state(vm: &Document, operation: &str, allowed: &[&str]) -> Box<ErrorCode> {
    let uuid = &vm.uuid;
    let outer =
        operation_failed(format!("Cannot {operation} the VM instance [uuid:{uuid}] in its present state."));
    Box::new(outer.with_cause(*state_forbids(vm, allowed)))
}

/// Creates `VM.1010`: the VM instance is not in one of these states.
#[must_use]
pub fn state_forbids(vm: &Document, allowed: &[&str]) -> Box<ErrorCode> {
    let details = format!(
        "The VM instance [uuid:{}] is {}; it must be {}.",
        vm.uuid,
        vm.text("state").unwrap_or_default(),
        allowed.join(" or ")
    );
    error("VM.1010", "The state of the VM instance does not allow the operation", details)
}

/// Creates `VM.1005`: the state of the VM instance does not allow a volume to be attached.
#[must_use]
pub fn attach_volume_failed(volume: &str, vm: &str, state: &str, allowed: &[&str]) -> Box<ErrorCode> {
    let cause = operation_failed(format!(
        "The VM instance [uuid:{vm}] is {state}; it must be {}.",
        allowed.join(" or ")
    ));
    let details = format!("The volume [uuid:{volume}] cannot be attached to the VM instance [uuid:{vm}].");
    Box::new(error("VM.1005", "A volume could not be attached", details).with_cause(*cause))
}

/// Creates the error of a change of state; `participle` is `started`, `stopped` …
#[must_use]
pub fn transition_failed(
    participle: &str,
    vm: &Document,
    code: &str,
    description: &str,
    cause: ErrorCode,
) -> Box<ErrorCode> {
    let details = format!("The VM instance [uuid:{}] cannot be {participle} now.", vm.uuid);
    Box::new(error(code, description, details).with_cause(cause))
}

/// Creates `VM.1000`: a VM instance could not be created.
#[must_use]
pub fn vm_not_created(name: &str, cause: ErrorCode) -> Box<ErrorCode> {
    let details = format!("The VM instance `{name}` was not created; nothing of it remains.");
    Box::new(error("VM.1000", "The VM instance could not be created", details).with_cause(cause))
}

/// Creates `SYS.1006`: a resource is disabled.
#[must_use]
pub fn resource_disabled(label: &str, uuid: &str) -> Box<ErrorCode> {
    operation_failed(format!("The {label} [uuid:{uuid}] is Disabled; enable it, or choose another one."))
}

/// Creates `HOST_ALLOCATION.1000`: no host can run the VM instance.
#[must_use]
pub fn no_host(details: impl Into<String>) -> Box<ErrorCode> {
    error("HOST_ALLOCATION.1000", "No host was found", details)
}

/// Creates `L3.1000`: a network has no free address.
#[must_use]
pub fn no_address(l3_network_uuid: &str) -> Box<ErrorCode> {
    let details = format!(
        "The L3 network [uuid:{l3_network_uuid}] has no free address; destroy a VM instance that has one."
    );
    error("L3.1000", "No IP address could be allocated", details)
}

/// Creates `L3.1000`: an address is not one for machines of the network.
#[must_use]
pub fn address_unusable(l3_network_uuid: &str, ip: &str) -> Box<ErrorCode> {
    let details = format!(
        "{ip} is reserved, a gateway, or not in a range of the L3 network [uuid:{l3_network_uuid}]; choose another \
         address."
    );
    error("L3.1000", "No IP address could be allocated", details)
}

/// Creates `L2.1001`: a VXLAN pool has no free VNI, or not the required one.
#[must_use]
pub fn no_vni(pool_uuid: &str, required: Option<i64>) -> Box<ErrorCode> {
    let what =
        required.map_or_else(|| "a free VNI".to_owned(), |vni| format!("the VNI {vni}, or it is in use"));
    let details = format!("The VXLAN pool [uuid:{pool_uuid}] does not have {what}; add a VNI range.");
    error("L2.1001", "No VNI could be allocated", details)
}

/// Creates `VM.1014`: only a stopped VM instance can be reimaged.
#[must_use]
pub fn reimage_not_stopped(vm: &Document) -> Box<ErrorCode> {
    let (uuid, state) = (&vm.uuid, vm.text("state").unwrap_or_default());
    let details = format!("The VM instance [uuid:{uuid}] is {state}; stop it first.");
    error("VM.1014", "The VM instance must be stopped to be reimaged", details)
}

/// Creates `VM.1015`: a root volume of an ISO cannot be reimaged.
#[must_use]
pub fn reimage_from_iso(vm: &Document, image_uuid: &str) -> Box<ErrorCode> {
    let details = format!(
        "The VM instance [uuid:{}] was created from the ISO [uuid:{image_uuid}]; only one that was created from a \
         template can be reimaged.",
        vm.uuid
    );
    error("VM.1015", "The VM instance was created from an ISO", details)
}

/// Creates `VM.1016`: the cached copy of the image is missing.
#[must_use]
pub fn reimage_without_cache(vm: &Document) -> Box<ErrorCode> {
    let details = format!(
        "The VM instance [uuid:{}] cannot be reimaged: it was not created from an image, or no cached copy of that \
         image exists.",
        vm.uuid
    );
    error("VM.1016", "No cached copy of the image exists", details)
}

/// Creates `ID.1000`: the name or the password is wrong. Callers do not learn
/// which.
#[must_use]
pub fn authentication_failed() -> Box<ErrorCode> {
    error("ID.1000", "Authentication failed", "The account name or the password is wrong.")
}

/// Creates `ID.1001`: the session has expired or never existed.
#[must_use]
pub fn session_expired() -> Box<ErrorCode> {
    // `zstack-cli` drops its session when it reads "Session expired".
    error("ID.1001", "The session is invalid", "Session expired or never existed; log in again.")
}

/// Creates `ID.1000`: after wrong passwords, a login has to wait some seconds.
#[must_use]
pub fn too_many_attempts(seconds: i64) -> Box<ErrorCode> {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    let details = format!(
        "Too many wrong passwords were sent from this address, so the password was not checked; try again in \
         {seconds} {unit}."
    );
    error("ID.1000", "Authentication failed", details)
}
