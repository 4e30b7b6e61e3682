//! Logging in, and whether a session is valid.

use subtle::ConstantTimeEq as _;

use super::errors::{self, Verdict};
use crate::model::{Aggregate, Caller, Changes, Edit, Guard, LoginAccount, Moment, Session, Uuid};

/// How long a session lasts after its last use, in seconds.
pub const TIMEOUT: i64 = 7200;

/// How many sessions an account has at most.
pub const MAX_SESSIONS: i64 = 500;

/// What is compared where there is no account, so that finding none takes as
/// long. It is no password: a hash has 128 digits.
const NO_PASSWORD: &str = "----------------------------------------------------------------\
                           ----------------------------------------------------------------";

/// Checks the way to log in that is asked for.
///
/// # Errors
///
/// When this node does not have it.
pub fn check_account_type(account_type: Option<&str>) -> Verdict<()> {
    match account_type.filter(|account_type| *account_type != "account") {
        Some(other) => Err(errors::invalid_argument(format!(
            "[accountType] is `{other}`, a way to log in that this node does not have; leave it out."
        ))),
        None => Ok(()),
    }
}

/// The account of the name that was sent, if there is one and the password is
/// its own.
///
/// The text is compared as it came - what clients send is a hash already - and
/// in a time that says nothing about how much of it is right.
#[must_use]
pub fn authenticate(account: Option<LoginAccount>, password: &str) -> Option<LoginAccount> {
    let expected = account.as_ref().map_or(NO_PASSWORD, |account| &account.account.password);
    let is_right = bool::from(expected.as_bytes().ct_eq(password.as_bytes()));
    account.filter(|_| is_right)
}

/// When a session was used last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionUse {
    /// The session.
    pub uuid: Uuid,
    /// When it was used last, or opened.
    pub last_use: Moment,
}

/// Opens a session. An account that has as many as it may have loses those
/// that have been idle for the longest time; `sessions` are its sessions then,
/// and may be empty else.
#[must_use]
pub fn log_in(
    login: &LoginAccount,
    mut sessions: Vec<SessionUse>,
    now: Moment,
    new_uuid: Uuid,
) -> (Session, Changes) {
    let LoginAccount { revision, account, live_sessions } = login;
    let session = Session {
        uuid: new_uuid,
        account_uuid: account.uuid.clone(),
        expired_date: now.plus_seconds(TIMEOUT),
        create_date: now,
    };
    let surplus = usize::try_from(live_sessions + 1 - MAX_SESSIONS).unwrap_or(0);
    sessions.sort_by(|a, b| (a.last_use, &a.uuid).cmp(&(b.last_use, &b.uuid)));
    let mut edits: Vec<_> =
        sessions.into_iter().take(surplus).map(|session| Edit::DeleteSession(session.uuid)).collect();
    edits.push(Edit::create(session.clone()));
    let changes = Changes {
        // Two logins at a time must not both take the last place.
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

/// What a renewal asks for.
#[derive(Clone, Debug)]
pub struct Renewal {
    /// The session asked for.
    pub uuid: Uuid,
    /// How long it is to last from now on, in seconds.
    pub duration: Option<i64>,
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// The session with its exact end, if it is on record.
    pub session: Option<Session>,
}

/// The session with its new end. It never ends earlier than it would have.
///
/// # Errors
///
/// When there is none to renew, or when it is another's.
pub fn renew(facts: &Renewal, now: Moment) -> Verdict<(Session, Changes)> {
    let missing = || errors::not_found("sessionUuid", "session", &facts.uuid);
    let session = facts.session.as_ref().ok_or_else(missing)?;
    let caller = facts.caller.as_ref().map_err(Clone::clone)?;
    if !holds(session.expired_date, now) {
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

/// Whether a session that ends then still holds.
#[must_use]
pub fn holds(expired_date: Moment, now: Moment) -> bool {
    now < expired_date
}
