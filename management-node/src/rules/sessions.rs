//! Login, and the validity of sessions.

use subtle::ConstantTimeEq as _;

use super::errors::{self, Verdict};
use crate::model::{Aggregate, Caller, Changes, Edit, Guard, LoginAccount, Moment, Session, Uuid};

/// The lifetime of a session after its last use, in seconds.
pub const TIMEOUT: i64 = 7200;

/// The maximum number of sessions of an account.
pub const MAX_SESSIONS: i64 = 500;

/// A text that is compared if the account does not exist, so that the response
/// takes the same time. It matches no password, whose hash has 128 digits.
const NO_PASSWORD: &str = "----------------------------------------------------------------\
                           ----------------------------------------------------------------";

/// Checks the requested type of a login, which `parameter` gives.
///
/// # Errors
///
/// When the node does not support it.
pub fn check_login_type(parameter: &str, login_type: &str) -> Verdict<()> {
    if login_type == "account" {
        return Ok(());
    }
    Err(errors::invalid_argument(format!(
        "[{parameter}] is `{login_type}`, but this node supports only `account`."
    )))
}

/// Returns the account if it exists and the password is correct.
///
/// Clients send the password as a hash, so the texts are compared directly, in a
/// time that does not depend on the position of a difference.
#[must_use]
pub fn authenticate(account: Option<LoginAccount>, password: &str) -> Option<LoginAccount> {
    let expected = account.as_ref().map(|account| &*account.account.password);
    let is_correct = is_password(expected, password);
    account.filter(|_| is_correct)
}

/// Returns whether a password is the expected one, in a time that does not depend on the position of a
/// difference.
#[must_use]
pub fn is_password(expected: Option<&str>, password: &str) -> bool {
    bool::from(expected.unwrap_or(NO_PASSWORD).as_bytes().ct_eq(password.as_bytes()))
}

/// The last use of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionUse {
    /// The UUID of the session.
    pub uuid: Uuid,
    /// The time of the last use, or of the login.
    pub last_use: Moment,
}

/// Opens a session of an account, or of a user of it. An account with the maximum number of sessions loses those
/// that have been idle longest; `sessions` are its sessions, and may be empty
/// below the maximum.
#[must_use]
pub fn log_in(
    login: &LoginAccount,
    user_uuid: Option<Uuid>,
    mut sessions: Vec<SessionUse>,
    now: Moment,
    new_uuid: Uuid,
) -> (Session, Changes) {
    let LoginAccount { revision, account, live_sessions } = login;
    let session = Session {
        uuid: new_uuid,
        account_uuid: account.uuid.clone(),
        user_uuid,
        expired_date: now.plus_seconds(TIMEOUT),
        create_date: now,
    };
    let surplus = usize::try_from(live_sessions + 1 - MAX_SESSIONS).unwrap_or(0);
    sessions.sort_by(|a, b| (a.last_use, &a.uuid).cmp(&(b.last_use, &b.uuid)));
    let mut edits: Vec<_> =
        sessions.into_iter().take(surplus).map(|session| Edit::DeleteSession(session.uuid)).collect();
    edits.push(Edit::create(session.clone()));
    let changes = Changes {
        // Two concurrent logins must not exceed the maximum.
        guards: vec![Guard {
            aggregate: Aggregate::Account,
            uuid: account.uuid.clone(),
            revision: *revision,
            changes: true,
        }],
        edits,
    };
    (session, changes)
}

/// The facts for the renewal of a session.
#[derive(Clone, Debug)]
pub struct RenewSessionFacts {
    /// The UUID of the requested session.
    pub uuid: Uuid,
    /// The requested lifetime from now, in seconds.
    pub duration: Option<i64>,
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The session with its exact expiration, if it exists.
    pub session: Option<Session>,
}

/// Extends a session, and never shortens it.
///
/// # Errors
///
/// When the session is missing or expired, or belongs to another account.
pub fn renew(facts: &RenewSessionFacts, now: Moment) -> Verdict<(Session, Changes)> {
    let missing = || errors::not_found("sessionUuid", "session", &facts.uuid);
    let session = facts.session.as_ref().ok_or_else(missing)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    if !is_unexpired(session.expired_date, now) {
        return Err(missing());
    }
    if !caller.may_use(&session.account_uuid, false) {
        return Err(errors::permission_denied("session", &session.uuid));
    }
    let end = now.plus_seconds(facts.duration.unwrap_or(TIMEOUT));
    let session = Session { expired_date: end.max(session.expired_date), ..session.clone() };
    let edit = Edit::ExtendSession { uuid: session.uuid.clone(), expired_date: session.expired_date };
    Ok((session, Changes { guards: Vec::new(), edits: vec![edit] }))
}

/// Returns true if a session with this expiration is still valid.
#[must_use]
pub fn is_unexpired(expired_date: Moment, now: Moment) -> bool {
    now < expired_date
}
