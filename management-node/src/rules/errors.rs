//! The errors that rules answer: a code, its fixed description, and what
//! happened in this case and what to do about it.

use zstack_runtime::ErrorCode;

use crate::model::{Vm, VmState};

/// What a rule answers: what it was asked for, or an error. Boxed, because an
/// error is large and rare.
pub type Verdict<T> = Result<T, Box<ErrorCode>>;

fn error(code: &str, description: &str, details: impl Into<String>) -> Box<ErrorCode> {
    Box::new(ErrorCode::new(code, description, details))
}

/// `SYS.1000`: the node could not do its work, through no fault of the caller.
#[must_use]
pub fn internal(details: impl Into<String>) -> Box<ErrorCode> {
    error("SYS.1000", "An internal error happened", details)
}

/// `SYS.1003`: a parameter names something that does not exist.
#[must_use]
pub fn not_found(parameter: &str, what: &str, uuid: &str) -> Box<ErrorCode> {
    let details =
        format!("[{parameter}] names the {what} [uuid:{uuid}], which does not exist; check the UUID.");
    error("SYS.1003", "A resource was not found", details)
}

/// `SYS.1006`: what is asked for cannot be done.
#[must_use]
pub fn operation_failed(details: impl Into<String>) -> Box<ErrorCode> {
    error("SYS.1006", "An operation failed", details)
}

/// `SYS.1007`: a parameter makes no sense.
#[must_use]
pub fn invalid_argument(details: impl Into<String>) -> Box<ErrorCode> {
    error("SYS.1007", "One or more arguments are invalid", details)
}

/// `SYS.1006`: the caller may not use the resource.
#[must_use]
pub fn permission_denied(what: &str, uuid: &str) -> Box<ErrorCode> {
    operation_failed(format!(
        "Permission denied: the {what} [uuid:{uuid}] belongs to another account and is not shared; log in as its \
         owner or as admin."
    ))
}

/// `SYS.1006`, caused by `VM.1010`: the state of the VM instance does not
/// allow the operation.
#[must_use]
pub fn wrong_state(vm: &Vm, operation: &str, allowed: &[VmState]) -> Box<ErrorCode> {
    let uuid = &vm.instance.uuid;
    let outer =
        operation_failed(format!("Cannot {operation} the VM instance [uuid:{uuid}] in its present state."));
    Box::new(outer.caused_by(*state_forbids(vm, allowed)))
}

/// `VM.1010`: the VM instance is in none of these states.
#[must_use]
pub fn state_forbids(vm: &Vm, allowed: &[VmState]) -> Box<ErrorCode> {
    let allowed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
    let details = format!(
        "The VM instance [uuid:{}] is {}; it must be {}.",
        vm.instance.uuid,
        vm.instance.state,
        allowed.join(" or ")
    );
    error("VM.1010", "The state of the VM instance does not allow the operation", details)
}

/// A VM instance cannot be started, stopped …, for a reason that is told in
/// `cause`.
#[must_use]
pub fn cannot(done: &str, vm: &Vm, code: &str, description: &str, cause: ErrorCode) -> Box<ErrorCode> {
    let details = format!("The VM instance [uuid:{}] cannot be {done} now.", vm.instance.uuid);
    Box::new(error(code, description, details).caused_by(cause))
}

/// `HOST_ALLOCATION.1000`: no host can take a VM instance.
#[must_use]
pub fn no_host(details: impl Into<String>) -> Box<ErrorCode> {
    error("HOST_ALLOCATION.1000", "No host was found", details)
}

/// `L3.1000`: a network has no address to give.
#[must_use]
pub fn no_address(l3_network_uuid: &str) -> Box<ErrorCode> {
    let details = format!(
        "The L3 network [uuid:{l3_network_uuid}] has no free address; destroy a VM instance that has one."
    );
    error("L3.1000", "No IP address could be allocated", details)
}

/// `VM.1014`: only a stopped VM instance can be reimaged.
#[must_use]
pub fn reimage_not_stopped(vm: &Vm) -> Box<ErrorCode> {
    let (uuid, state) = (&vm.instance.uuid, vm.instance.state);
    let details = format!("The VM instance [uuid:{uuid}] is {state}; stop it first.");
    error("VM.1014", "The VM instance must be stopped to be reimaged", details)
}

/// `VM.1015`: an ISO is no base for a root volume.
#[must_use]
pub fn reimage_from_iso(vm: &Vm, image_uuid: &str) -> Box<ErrorCode> {
    let details = format!(
        "The root volume of the VM instance [uuid:{}] was made from the ISO [uuid:{image_uuid}]; only one made from \
         a template can be reimaged.",
        vm.instance.uuid
    );
    error("VM.1015", "The root volume was made from an ISO", details)
}

/// `VM.1016`: nothing is on record to make the root volume from again.
#[must_use]
pub fn reimage_without_cache(vm: &Vm) -> Box<ErrorCode> {
    let details = format!(
        "The root volume of the VM instance [uuid:{}] was not made from an image, or no cached copy of that image is \
         on record; it cannot be reimaged.",
        vm.instance.uuid
    );
    error("VM.1016", "There is no cached image to reimage from", details)
}

/// `ID.1000`: name or password are wrong. It is never told which.
#[must_use]
pub fn authentication_failed() -> Box<ErrorCode> {
    error("ID.1000", "Authentication failed", "The account name or the password is wrong.")
}

/// `ID.1001`: there is no such session, or not any more.
#[must_use]
pub fn session_expired() -> Box<ErrorCode> {
    // `zstack-cli` forgets its session when it reads these two words.
    error("ID.1001", "The session is invalid", "Session expired, or there never was one; log in again.")
}

/// `ID.1000`: after wrong passwords, logins have to wait for so many seconds.
#[must_use]
pub fn too_many_attempts(seconds: i64) -> Box<ErrorCode> {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    let details = format!(
        "Too many wrong passwords were sent from this address, so the password was not checked; try again in \
         {seconds} {unit}, or from another address."
    );
    error("ID.1000", "Authentication failed", details)
}
