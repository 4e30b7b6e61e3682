//! Operations of every kind, written as the generator writes them.

use std::collections::BTreeMap;

use zstack_runtime::record::{Field, Kind, shape};
use zstack_runtime::{
    Auth, Body, Enumeration, Execution, Method, Operation, Record, Request, Tags, UnknownValue, Version,
    enumeration, record, tagged,
};

pub(crate) const V0_6: Version = Version::new("0.6");
const V2_3_1: Version = Version::new("2.3.1");
const V3_1_0: Version = Version::new("3.1.0");
const V3_3_0: Version = Version::new("3.3.0");

/// A struct with its table.
macro_rules! data {
    ($name:ident { $($index:literal $field:ident: $type:ty => $table:expr),* $(,)? }) => {
        #[derive(Clone, Default)]
        pub(crate) struct $name {
            $(pub(crate) $field: $type),*
        }

        record! { $name, class "", since V0_6 {
            $($index $field: $table,)*
        }}
    };
}

macro_rules! request {
    ($name:ident, $method:ident $path:literal, $since:literal, $execution:ident, $auth:ident, $body:expr, $response:ty) => {
        impl Request for $name {
            type Response = $response;

            const OPERATION: &'static Operation = &Operation {
                name: stringify!($name),
                category: "thing",
                method: Method::$method,
                path: $path,
                paths: &[],
                since: Version::new($since),
                execution: Execution::$execution,
                auth: Auth::$auth,
                body: $body,
                message: None,
                tags: &[],
                request: Self::SHAPE,
                response: <$response as Record>::SHAPE,
            };
        }
    };
}

data!(Thing {
    0 uuid: String => Field::new("uuid", Kind::Uuid, V0_6).required(),
    1 size: Option<i64> => Field::new("size", Kind::Long, V0_6),
    2 parts: Option<Vec<Thing>> => Field::new("parts", Kind::List(&Kind::Record(shape::<Thing>)), V0_6),
    3 colour: Option<Colour> => Field::new("colour", Kind::Enum(|| Colour::SHAPE), V3_1_0),
});

data!(ThingResponse {
    0 inventory: Thing => Field::new("inventory", Kind::Record(shape::<Thing>), V0_6).required(),
});

data!(Nothing {});

/// An enum with a value of a later release.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Colour {
    Red,
    Ultraviolet,
    Unrecognized(UnknownValue),
}

enumeration! { Colour {
    Red = "Red" since V0_6,
    Ultraviolet = "Ultraviolet" since V3_3_0,
}}

// GET: everything that is not in the path is in the query.
data!(GetThing {
    0 uuid: String => Field::new("uuid", Kind::Uuid, V0_6).required().in_path(),
    1 limit: Option<i32> => Field::new("limit", Kind::Integer, V0_6).in_query(),
    2 names: Option<Vec<String>> => Field::new("names", Kind::List(&Kind::String), V0_6).in_query(),
    3 info: Option<BTreeMap<String, String>> => Field::new("info", Kind::Map(&Kind::String), V0_6).in_query(),
    4 any: Option<serde_json::Value> => Field::new("any", Kind::Any, V0_6).in_query(),
});
request!(GetThing, Get "/zstack/v1/things/{uuid}/details", "0.6", Sync, Session, Body::None, ThingResponse);

// POST with parameters below `params`; long.
data!(CreateThing {
    0 name: String => Field::new("name", Kind::String, V0_6).required(),
    1 size: Option<i64> => Field::new("size", Kind::Long, V3_1_0),
    2 thing: Option<Thing> => Field::new("thing", Kind::Record(shape::<Thing>), V0_6),
    3 note: Option<String> => Field::new("note", Kind::String, V3_3_0),
});
request!(CreateThing, Post "/zstack/v1/things", "2.0", Async, Session, Body::Key("params"), ThingResponse);

// PUT with an action; long.
data!(PaintThing {
    0 uuid: String => Field::new("uuid", Kind::Uuid, V0_6).required().in_path(),
    1 colour: Option<Colour> => Field::new("colour", Kind::Enum(|| Colour::SHAPE), V0_6),
});
request!(PaintThing, Put "/zstack/v1/things/{uuid}/actions", "0.6", Async, Session, Body::Action("paintThing"), ThingResponse);

// Log-in: no session, and a password.
data!(LogIn {
    0 account_name: String => Field::new("accountName", Kind::String, V0_6).required(),
    1 password: String => Field::new("password", Kind::String, V0_6).required(),
});
data!(Session {
    0 uuid: String => Field::new("uuid", Kind::Uuid, V0_6).required(),
    1 uses: i32 => Field::new("uses", Kind::Integer, V0_6).required(),
});
data!(LogInResponse {
    0 inventory: Session => Field::new("inventory", Kind::Record(shape::<Session>), V0_6).required(),
});
request!(LogIn, Put "/zstack/v1/accounts/login", "0.6", Sync, None, Body::Action("logInByAccount"), LogInResponse);

// Log-out: a secret in the path.
data!(LogOut {
    0 session_uuid: String => Field::new("sessionUuid", Kind::Uuid, V0_6).required().in_path(),
});
request!(LogOut, Delete "/zstack/v1/accounts/sessions/{sessionUuid}", "0.6", Sync, None, Body::None, Nothing);

/// A request that takes tags, at one place or another.
macro_rules! tagged_request {
    ($name:ident { $a:ident => $field_a:expr, $b:ident => $field_b:expr, system => $system:expr, user => $user:expr $(,)? }) => {
        #[derive(Clone, Default)]
        pub(crate) struct $name {
            pub(crate) $a: String,
            pub(crate) $b: Option<String>,
            pub(crate) tags: Tags,
        }

        record! { $name, class "", since V0_6 {
            0 $a: $field_a,
            1 $b: $field_b,
            2 tags.system: $system,
            3 tags.user: $user,
        }}

        tagged!($name);
    };
}

const TAG_LIST: Kind = Kind::List(&Kind::String);

// POST without parameters in the body; long.
tagged_request!(AttachIso {
    vm => Field::new("vmUuid", Kind::Uuid, V0_6).required().in_path(),
    iso => Field::new("isoUuid", Kind::Uuid, V0_6).required().in_path(),
    system => Field::new("systemTags", TAG_LIST, V0_6).beside(),
    user => Field::new("userTags", TAG_LIST, V0_6).beside(),
});
request!(AttachIso, Post "/zstack/v1/vms/{vmUuid}/iso/{isoUuid}", "0.6", Async, Session, Body::Key("null"), ThingResponse);

// DELETE with parameters in the query; long.
tagged_request!(DetachIso {
    vm => Field::new("vmUuid", Kind::Uuid, V0_6).required().in_path(),
    iso => Field::new("isoUuid", Kind::Uuid, V2_3_1).in_query(),
    system => Field::new("systemTags", TAG_LIST, V0_6).in_query(),
    user => Field::new("userTags", TAG_LIST, V0_6).in_query(),
});
request!(DetachIso, Delete "/zstack/v1/vms/{vmUuid}/iso", "0.6", Async, Session, Body::None, Nothing);

// PUT with an action and tags.
tagged_request!(Reimage {
    vm => Field::new("vmUuid", Kind::Uuid, V0_6).required().in_path(),
    reason => Field::new("reason", Kind::String, V0_6),
    system => Field::new("systemTags", TAG_LIST, V0_6).beside(),
    user => Field::new("userTags", TAG_LIST, V0_6).beside(),
});
request!(Reimage, Put "/zstack/v1/vms/{vmUuid}/actions", "0.6", Async, Session, Body::Action("reimage"), ThingResponse);
