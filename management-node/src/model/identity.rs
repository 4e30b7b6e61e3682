//! Accounts, sessions and access keys.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Enabled, Moment, Uuid, words};

/// The UUID of the account admin, which every installation has.
pub const ADMIN_UUID: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

words! {
    /// The rights of an account.
    AccountKind is "account type" {
        /// May call all operations on all resources.
        SystemAdmin = "SystemAdmin",
        /// May call operations on its own and on shared resources.
        Normal = "Normal",
    }
}

/// An account, which owns resources and can log in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// The UUID.
    pub uuid: Uuid,
    /// The unique name, used to log in.
    pub name: String,
    /// The rights of the account.
    #[serde(rename = "type")]
    pub kind: AccountKind,
    /// The SHA-512 of the password in lower-case hexadecimal, as clients send it.
    #[serde(rename = "_password")]
    pub password: String,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

/// An account with the data that a login needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginAccount {
    /// The loaded revision.
    pub revision: i64,
    /// The account.
    pub account: Account,
    /// The number of its unexpired sessions.
    pub live_sessions: i64,
}

/// A session of a logged-in account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The UUID, which callers send.
    pub uuid: Uuid,
    /// The UUID of the account.
    pub account_uuid: Uuid,
    /// The UUID of the user of the account that logged in, unless the account itself did.
    pub user_uuid: Option<Uuid>,
    /// The time at which it expires; each use extends it.
    pub expired_date: Moment,
    /// The time of the login.
    pub create_date: Moment,
}

/// An access key, with which programs sign requests instead of using a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessKey {
    /// The UUID.
    pub uuid: Uuid,
    /// The description.
    pub description: Option<String>,
    /// The UUID of the account whose rights it has.
    pub account_uuid: Uuid,
    /// The unique access key ID, which requests name.
    #[serde(rename = "AccessKeyID")]
    pub id: String,
    /// The secret with which requests are signed.
    #[serde(rename = "AccessKeySecret")]
    pub secret: Secret,
    /// The administrative state.
    pub state: Enabled,
    /// The time of creation.
    pub create_date: Moment,
    /// The time of the last change.
    pub last_op_date: Moment,
}

/// A text that `Debug` hides, so that no log contains it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The account that sends a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The UUID of the account.
    pub account_uuid: Uuid,
    /// The rights of the account.
    pub kind: AccountKind,
}

impl Caller {
    /// Returns true if the account may use a resource of `owner`.
    #[must_use]
    pub fn may_use(&self, owner: &str, shared: bool) -> bool {
        self.kind == AccountKind::SystemAdmin || shared || self.account_uuid == owner
    }
}
