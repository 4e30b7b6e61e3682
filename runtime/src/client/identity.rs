//! The operations that a client calls by itself, as far as it uses them. The
//! generated crates, which have the whole of them, lie above this one.

use std::time::Duration;

use crate::V0_6;
use crate::generated::*;

#[derive(Clone, Default)]
pub(super) struct LogInByAccount {
    pub(super) account_name: String,
    pub(super) password: String,
}

message! { LogInByAccount, class "", since V0_6 {
    0 account_name: Field::new("accountName", Kind::String, V0_6).required(),
    1 password: Field::new("password", Kind::String, V0_6).required().sensitive(),
}}

operation! { LogInByAccount -> LogInByAccountResponse, "identity", since V0_6,
Put "/zstack/v1/accounts/login", Action("logInByAccount"), Sync, None }

#[derive(Clone, Default)]
pub(super) struct LogInByAccountResponse {
    pub(super) inventory: SessionInventory,
}

message! { LogInByAccountResponse, class "", since V0_6 {
    0 inventory: Field::new("inventory", Kind::Record(shape::<SessionInventory>), V0_6).required(),
}}

#[derive(Clone, Default)]
pub(super) struct SessionInventory {
    pub(super) uuid: String,
    expired_date: Option<Timestamp>,
    create_date: Option<Timestamp>,
}

record! { SessionInventory, class "", since V0_6 {
    0 uuid: Field::new("uuid", Kind::String, V0_6).required(),
    1 expired_date: Field::new("expiredDate", Kind::Timestamp, V0_6),
    2 create_date: Field::new("createDate", Kind::Timestamp, V0_6),
}}

impl SessionInventory {
    /// How long it lives unused. Both times are of the server's clock, so
    /// that the client's need not agree with it.
    pub(super) fn lifetime(&self) -> Option<Duration> {
        let lives = self.expired_date?.civil().duration_since(self.create_date?.civil());
        Duration::try_from(lives).ok().filter(|it| !it.is_zero())
    }
}

#[derive(Clone, Default)]
pub(super) struct LogOut {
    pub(super) session_uuid: String,
}

message! { LogOut, class "", since V0_6 {
    0 session_uuid: Field::new("sessionUuid", Kind::String, V0_6).required().in_path(),
}}

operation! { LogOut -> LogOutResponse, "identity", since V0_6,
Delete "/zstack/v1/accounts/sessions/{sessionUuid}", None, Sync, None }

#[derive(Clone, Default)]
pub(super) struct LogOutResponse {}

message! { LogOutResponse, class "", since V0_6 {}}

#[derive(Clone, Default)]
pub(super) struct GetVersion {}

message! { GetVersion, class "", since V0_6 {}}

operation! { GetVersion -> GetVersionResponse, "management-node", since V0_6,
Put "/zstack/v1/management-nodes/actions", Action("getVersion"), Sync, None }

#[derive(Clone, Default)]
pub(super) struct GetVersionResponse {
    pub(super) version: String,
}

message! { GetVersionResponse, class "", since V0_6 {
    0 version: Field::new("version", Kind::String, V0_6).required(),
}}
