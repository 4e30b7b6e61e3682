//! The operations that a client calls by itself, reduced to what it uses. The generated crates have
//! them in full, but depend on this one.

use std::time::Duration;

use crate::{Operation, Record, Response, Timestamp};

#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/zstack/v1/accounts/login",
    category = "identity",
    since = "0.6",
    action = "logInByAccount",
    no_session,
    response = LogInByAccountResponse,
)]
pub(super) struct LogInByAccount {
    pub(super) account_name: String,
    #[param(sensitive)]
    pub(super) password: String,
}

#[derive(Clone, Default, Response)]
#[response(since = "0.6")]
pub(super) struct LogInByAccountResponse {
    pub(super) inventory: SessionInventory,
}

#[derive(Clone, Default, Record)]
#[record(since = "0.6")]
pub(super) struct SessionInventory {
    pub(super) uuid: String,
    expired_date: Option<Timestamp>,
    create_date: Option<Timestamp>,
}

impl SessionInventory {
    /// Returns how long it stays valid without use. Both times are of the server's clock, so the
    /// client's clock does not matter.
    pub(super) fn lifetime(&self) -> Option<Duration> {
        let lives = self.expired_date?.civil().duration_since(self.create_date?.civil());
        Duration::try_from(lives).ok().filter(|duration| !duration.is_zero())
    }
}

#[derive(Clone, Default, Operation)]
#[operation(
    DELETE = "/zstack/v1/accounts/sessions/{sessionUuid}",
    category = "identity",
    since = "0.6",
    no_session,
    response = LogOutResponse,
)]
pub(super) struct LogOut {
    #[param(path)]
    pub(super) session_uuid: String,
}

#[derive(Clone, Default, Response)]
#[response(since = "0.6")]
pub(super) struct LogOutResponse {}

#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/zstack/v1/management-nodes/actions",
    category = "management-node",
    since = "0.6",
    action = "getVersion",
    no_session,
    response = GetVersionResponse,
)]
pub(super) struct GetVersion {}

#[derive(Clone, Default, Response)]
#[response(since = "0.6")]
pub(super) struct GetVersionResponse {
    pub(super) version: String,
}
