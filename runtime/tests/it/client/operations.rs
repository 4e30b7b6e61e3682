//! Operations of every kind, written like generated code.

use std::collections::BTreeMap;

use zstack_runtime::{Enumeration, Operation, Record, Response, Tags, UnknownValue};

#[derive(Clone, Default, Record)]
#[record(since = "0.6", columns)]
pub(crate) struct Thing {
    #[field(uuid)]
    pub(crate) uuid: String,
    pub(crate) size: Option<i64>,
    pub(crate) parts: Option<Vec<Thing>>,
    #[field(since = "3.1.0")]
    pub(crate) colour: Option<Colour>,
}

#[derive(Clone, Default, Response)]
#[response(since = "0.6")]
pub(crate) struct ThingResponse {
    pub(crate) inventory: Thing,
}

#[derive(Clone, Default, Response)]
#[response(since = "0.6")]
pub(crate) struct Nothing {}

/// An enum with a value of a later release.
#[derive(Clone, Debug, PartialEq, Enumeration)]
#[enumeration(since = "0.6")]
pub(crate) enum Colour {
    Red,
    #[value(since = "3.3.0")]
    Ultraviolet,
    Unrecognized(UnknownValue),
}

// GET: all parameters that are not in the path are in the query string.
#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/zstack/v1/things/{uuid}/details",
    category = "thing",
    since = "0.6",
    response = ThingResponse,
)]
pub(crate) struct GetThing {
    #[param(path, uuid)]
    pub(crate) uuid: String,
    #[param(query)]
    pub(crate) limit: Option<i32>,
    #[param(query)]
    pub(crate) names: Option<Vec<String>>,
    #[param(query)]
    pub(crate) info: Option<BTreeMap<String, String>>,
    #[param(query)]
    pub(crate) any: Option<serde_json::Value>,
}

// POST with parameters below `params`; long.
#[derive(Clone, Default, Operation)]
#[operation(
    POST = "/zstack/v1/things",
    category = "thing",
    since = "2.0",
    body = "params",
    job,
    response = ThingResponse,
)]
pub(crate) struct CreateThing {
    #[param(since = "0.6")]
    pub(crate) name: String,
    #[param(since = "3.1.0")]
    pub(crate) size: Option<i64>,
    #[param(since = "0.6")]
    pub(crate) thing: Option<Thing>,
    #[param(since = "3.3.0")]
    pub(crate) note: Option<String>,
}

// PUT with an action; long.
#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/zstack/v1/things/{uuid}/actions",
    category = "thing",
    since = "0.6",
    action = "paintThing",
    job,
    response = ThingResponse,
)]
pub(crate) struct PaintThing {
    #[param(path, uuid)]
    pub(crate) uuid: String,
    pub(crate) colour: Option<Colour>,
}

// Log-in: no session, and a password.
#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/zstack/v1/accounts/login",
    category = "thing",
    since = "0.6",
    action = "logInByAccount",
    no_session,
    response = LogInResponse,
)]
pub(crate) struct LogIn {
    pub(crate) account_name: String,
    pub(crate) password: String,
}

#[derive(Clone, Default, Record)]
#[record(since = "0.6")]
pub(crate) struct Session {
    #[field(uuid)]
    pub(crate) uuid: String,
    pub(crate) uses: i32,
}

#[derive(Clone, Default, Response)]
#[response(since = "0.6")]
pub(crate) struct LogInResponse {
    pub(crate) inventory: Session,
}

// Log-out: a secret in the path.
#[derive(Clone, Default, Operation)]
#[operation(
    DELETE = "/zstack/v1/accounts/sessions/{sessionUuid}",
    category = "thing",
    since = "0.6",
    no_session,
    response = Nothing,
)]
pub(crate) struct LogOut {
    #[param(path, uuid)]
    pub(crate) session_uuid: String,
}

// POST without parameters in the body; long.
#[derive(Clone, Default, Operation)]
#[operation(
    POST = "/zstack/v1/vms/{vmUuid}/iso/{isoUuid}",
    category = "thing",
    since = "0.6",
    body = "null",
    job,
    response = ThingResponse,
)]
pub(crate) struct AttachIso {
    #[param(path, name = "vmUuid", uuid)]
    pub(crate) vm: String,
    #[param(path, name = "isoUuid", uuid)]
    pub(crate) iso: Option<String>,
    #[param(beside)]
    pub(crate) tags: Tags,
}

// DELETE with parameters in the query; long.
#[derive(Clone, Default, Operation)]
#[operation(
    DELETE = "/zstack/v1/vms/{vmUuid}/iso",
    category = "thing",
    since = "0.6",
    job,
    response = Nothing,
)]
pub(crate) struct DetachIso {
    #[param(path, name = "vmUuid", uuid)]
    pub(crate) vm: String,
    #[param(query, name = "isoUuid", uuid, since = "2.3.1")]
    pub(crate) iso: Option<String>,
    #[param(query)]
    pub(crate) tags: Tags,
}

// PUT with an action and tags.
#[derive(Clone, Default, Operation)]
#[operation(
    PUT = "/zstack/v1/vms/{vmUuid}/actions",
    category = "thing",
    since = "0.6",
    action = "reimage",
    job,
    response = ThingResponse,
)]
pub(crate) struct Reimage {
    #[param(path, name = "vmUuid", uuid)]
    pub(crate) vm: String,
    pub(crate) reason: Option<String>,
    #[param(beside)]
    pub(crate) tags: Tags,
}
