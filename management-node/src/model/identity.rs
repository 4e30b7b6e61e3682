//! Accounts and their sessions.

use std::fmt;

use super::{Enabled, Moment, Uuid, words};

/// The administrator that every installation has.
pub const ADMIN_UUID: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

words! {
    /// What an account may do.
    AccountKind is "kind of account" {
        /// Everything.
        SystemAdmin = "SystemAdmin",
        /// What concerns its own and shared resources.
        Normal = "Normal",
    }
}

/// Someone who owns resources and logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its identity.
    pub uuid: Uuid,
    /// The name to log in with; no two accounts share one.
    pub name: String,
    /// What it may do.
    pub kind: AccountKind,
    /// What a login sends: the lower-case hexadecimal SHA-512 of the password.
    pub password: String,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// An account with what a login needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginAccount {
    /// The revision that was loaded.
    pub revision: i64,
    /// The account.
    pub account: Account,
    /// How many of its sessions have not expired.
    pub live_sessions: i64,
}

/// A login that still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What a caller shows.
    pub uuid: Uuid,
    /// Whose it is.
    pub account_uuid: Uuid,
    /// When it ends unless it is used before.
    pub expired_date: Moment,
    /// When it was opened.
    pub create_date: Moment,
}

/// What a program signs its requests with, in place of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessKey {
    /// Its identity.
    pub uuid: Uuid,
    /// What it is for.
    pub description: Option<String>,
    /// Whom it acts for.
    pub account_uuid: Uuid,
    /// What requests name it by; no two keys share one.
    pub id: String,
    /// What requests are signed with.
    pub secret: Secret,
    /// Whether it may be used.
    pub state: Enabled,
    /// When it was created.
    pub create_date: Moment,
    /// When it was last changed.
    pub last_op_date: Moment,
}

/// A text that is in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account_uuid: Uuid,
    /// What it may do.
    pub kind: AccountKind,
}

impl Caller {
    /// Whether the account may use what `owner` owns.
    #[must_use]
    pub fn may_use(&self, owner: &str, shared: bool) -> bool {
        self.kind == AccountKind::SystemAdmin || shared || self.account_uuid == owner
    }
}
