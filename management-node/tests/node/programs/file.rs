//! The file of a program.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A client program: the node that it needs and its requests.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Program {
    pub(super) name: String,
    /// The repository on GitHub with its source.
    pub(super) repository: String,
    pub(super) commit: String,
    #[serde(default)]
    pub(super) node: Node,
    /// Headers of all requests. One with an undefined variable, such as that of the session before
    /// the login, is omitted.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// The access key with which the program signs requests, if it does.
    pub(super) access_key: Option<AccessKey>,
    #[serde(default)]
    pub(super) variables: BTreeMap<String, Value>,
    pub(super) steps: Vec<Step>,
}

/// The options of the node.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Node {
    #[serde(default)]
    pub(super) sample: bool,
    #[serde(default)]
    pub(super) jobs_always: bool,
    pub(super) zone: Option<String>,
}

/// The zone of the signed `Date`, and the name that the program writes for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessKey {
    pub(super) zone: String,
    pub(super) suffix: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(clippy::large_enum_variant, reason = "there are few steps")]
pub(super) enum Step {
    Lifecycle(Resource),
    Request(Request),
}

/// One request, and what the program expects of its answer.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    /// Method and target, such as `GET /zstack/v1/zones`.
    pub(super) send: Option<String>,
    /// The class of a message to the legacy channel.
    pub(super) message: Option<String>,
    /// The expected class of the reply to the message, if the program reads it.
    pub(super) class: Option<String>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<Value>,
    /// A body that is not JSON.
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) answer: Expected,
    /// True if the answer has decimal numbers, such as prices.
    #[serde(default)]
    pub(super) decimal: bool,
    /// The code of the expected error.
    pub(super) error: Option<String>,
    /// Fields that the program reads.
    #[serde(default)]
    pub(super) reads: Vec<String>,
    /// Fields whose value matters.
    #[serde(default)]
    pub(super) is: BTreeMap<String, Value>,
    /// Fields that must be absent.
    #[serde(default)]
    pub(super) lacks: Vec<String>,
    /// Variables for later requests.
    #[serde(default)]
    pub(super) take: BTreeMap<String, String>,
}

/// The form of an answer.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) enum Expected {
    /// The result, at once or by polling.
    #[default]
    Result,
    /// 202 with a location to poll; the program fails otherwise.
    Job,
    /// The result at once; the program does not poll.
    Inline,
    /// A text with the status 400, 403, 404 or 405.
    #[serde(rename = "400")]
    BadRequest,
    #[serde(rename = "403")]
    Forbidden,
    #[serde(rename = "404")]
    NotFound,
    #[serde(rename = "405")]
    MethodNotAllowed,
}

/// A resource that is created, read, changed, imported and, after all other steps, destroyed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Resource {
    /// The name, and the variable with its UUID.
    pub(super) resource: String,
    /// The path of the resources; `/UUID` follows in reads and deletions.
    pub(super) path: String,
    /// The path of the creation, if it is another one.
    pub(super) create: Option<String>,
    pub(super) params: Map<String, Value>,
    #[serde(default)]
    pub(super) system_tags: Vec<String>,
    /// Parameters that the inventory does not show.
    #[serde(default)]
    pub(super) hidden: Vec<String>,
    /// Further fields of the new resource.
    #[serde(default)]
    pub(super) is: BTreeMap<String, Value>,
    /// True if its inventory has decimal numbers.
    #[serde(default)]
    pub(super) decimal: bool,
    /// The action that changes the resource, and the changed fields.
    pub(super) update: Option<Update>,
    /// The path of the deletion, if it is another one.
    pub(super) delete: Option<String>,
    /// The request after the deletion, such as expunging, after which the resource is gone.
    pub(super) expunge: Option<Request>,
    /// The error of a second deletion, if there is one.
    pub(super) again: Option<String>,
}

/// A change of a resource.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Update {
    /// The path of the action; by default, `actions` below the resource.
    pub(super) path: Option<String>,
    pub(super) action: String,
    pub(super) change: Map<String, Value>,
}
