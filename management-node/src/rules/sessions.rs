//! Logging in, and whether a session holds.

use subtle::ConstantTimeEq as _;

use super::errors::{self, Verdict};
use crate::model::{Aggregate, Caller, Changes, Edit, Guard, LoginAccount, Moment, Session, Uuid};

/// How long a session lasts after its last use, in seconds.
pub const TIMEOUT: i64 = 7200;

/// How many sessions an account has at most.
pub const MAX_SESSIONS: i64 = 500;

/// What a login asks for.
#[derive(Clone, Copy, Debug)]
pub struct Login<'a> {
    /// The account of the name that was sent, if there is one.
    pub account: Option<&'a LoginAccount>,
    /// The hash of the password, as it was sent.
    pub password: &'a str,
    /// The way to log in.
    pub account_type: Option<&'a str>,
}

/// A new session, if the password is right.
///
/// # Errors
///
/// When it is not, or when the account has too many sessions.
pub fn log_in(login: Login<'_>, now: Moment, new_uuid: Uuid) -> Verdict<(Session, Changes)> {
    if let Some(other) = login.account_type.filter(|it| *it != "account") {
        return Err(errors::invalid_argument(format!(
            "[accountType] is `{other}`, a way to log in that this node does not have; leave it out."
        )));
    }
    // The text is compared as it came: what clients send is a hash already.
    let right =
        login.account.filter(|it| it.account.password.as_bytes().ct_eq(login.password.as_bytes()).into());
    let Some(LoginAccount { revision, account, live_sessions }) = right else {
        return Err(errors::authentication_failed());
    };
    if *live_sessions >= MAX_SESSIONS {
        return Err(errors::too_many_sessions(&account.name, MAX_SESSIONS));
    }
    let session = Session {
        uuid: new_uuid,
        account_uuid: account.uuid.clone(),
        expired_date: now.plus_seconds(TIMEOUT),
        create_date: now,
    };
    let changes = Changes {
        // Two logins at a time must not both take the last place.
        guards: vec![Guard {
            aggregate: Aggregate::Account,
            uuid: account.uuid.clone(),
            revision: *revision,
            changes: true,
        }],
        edits: vec![Edit::create(session.clone())],
    };
    Ok((session, changes))
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
