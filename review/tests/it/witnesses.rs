//! Breaking changes of values, and what bears witness: a request that was right
//! before is refused after, or an answer of today cannot be what it was before.
//!
//! Beside this file it is the rules for examples that judge them; in the
//! package `zstack-conformance`, which reads this file, too, it is servers.

use serde_json::{Value, json};

use crate::spec::Spec;

/// A change between the base spec and that with some values set, and an example
/// of an operation that only one of the two takes.
pub(crate) struct Witness {
    pub(crate) rule: &'static str,
    edits: Vec<(&'static str, Value)>,
    /// Whether the base spec is the new one.
    is_back: bool,
    pub(crate) operation: &'static str,
    pub(crate) example: Value,
    /// Whether it is the answer that nobody expects; otherwise it is the
    /// request that is refused.
    pub(crate) is_answer: bool,
}

fn witness(
    rule: &'static str,
    place: &'static str,
    value: impl Into<Value>,
    operation: &'static str,
) -> Witness {
    let edits = vec![(place, value.into())];
    Witness { rule, edits, is_back: false, operation, example: Value::Null, is_answer: false }
}

impl Witness {
    fn back(self) -> Self {
        Self { is_back: true, ..self }
    }

    fn and(mut self, place: &'static str, value: impl Into<Value>) -> Self {
        self.edits.push((place, value.into()));
        self
    }

    /// A request that was right.
    fn request(self, request: Value) -> Self {
        Self { example: json!({"name": "Witness", "request": request, "status": 503}), ..self }
    }

    /// An answer of today.
    fn answer(self, request: Value, response: Value) -> Self {
        let example = json!({"name": "Witness", "request": request, "response": response});
        Self { example, is_answer: true, ..self }
    }

    /// The spec before and after, without the examples of the base, which may
    /// not fit any more.
    pub(crate) fn sides(&self) -> [Spec; 2] {
        let base = Spec::base();
        let mut changed = base.clone();
        self.edits.iter().for_each(|(place, value)| changed.set(place, value.clone()));
        let sides = if self.is_back { [changed, base] } else { [base, changed] };
        sides.map(Spec::without_examples)
    }
}

pub(crate) fn witnesses() -> Vec<Witness> {
    let create = |more: Value| {
        let mut request = json!({"zone": "z", "name": "web"});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    let stop = json!({"uuid": "v"});
    let why = |more: Value| {
        let mut it = json!({"name": "why", "in": "body", "type": "String", "required": true, "since": "0.6"});
        it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        it
    };
    let vms = |vm: Value| json!({"inventories": [vm]});
    vec![
        witness("param-added-required", "StopVm/parameters/+", why(json!({})), "StopVm")
            .request(stop.clone()),
        witness(
            "param-added-required-with-default",
            "StopVm/parameters/+",
            why(json!({"default": "so"})),
            "StopVm",
        )
        .request(stop.clone()),
        witness("param-became-required", "StopVm/parameters/force/required", true, "StopVm").request(stop),
        witness("param-removed", "CreateVm/parameters/note", Value::Null, "CreateVm")
            .request(create(json!({"note": "mine"}))),
        witness("param-renamed", "CreateVm/parameters/note/renamedFrom", "note", "CreateVm")
            .and("CreateVm/parameters/note/name", "remark")
            .request(create(json!({"note": "mine"}))),
        witness("param-type-changed", "GetZone/parameters/depth/type", "String", "GetZone")
            .back()
            .request(json!({"uuid": "z", "depth": "all of it"})),
        witness("param-type-narrowed", "GetZone/parameters/depth/type", "Long", "GetZone")
            .back()
            .request(json!({"uuid": "z", "depth": 1_u64 << 40})),
        witness("param-scalar-list-changed", "GetZone/parameters/depth/type", "List<Integer>", "GetZone")
            .back()
            .request(json!({"uuid": "z", "depth": [1, 2]})),
        witness("encoding-changed", "GetZone/parameters/depth/type", "Timestamp", "GetZone")
            .request(json!({"uuid": "z", "depth": 1})),
        witness("max-length-decreased", "CreateVm/parameters/note/maxLength", 3, "CreateVm")
            .request(create(json!({"note": "mine"}))),
        witness("range-narrowed", "CreateVm/parameters/cpus/range", json!([1, 4]), "CreateVm")
            .request(create(json!({"cpus": 5}))),
        witness("pattern-added", "CreateVm/parameters/code/pattern", Value::Null, "CreateVm")
            .back()
            .request(create(json!({"code": "none"}))),
        witness("became-enum", "CreateVm/parameters/mode/values", Value::Null, "CreateVm")
            .back()
            .request(create(json!({"mode": "both"}))),
        witness("enum-value-removed", "Bus/values/Ide", Value::Null, "CreateVm")
            .request(create(json!({"disk": {"size": 1, "bus": "Ide"}}))),
        witness("enum-value-renamed", "Bus/values/Ide/renamedFrom", "Ide", "CreateVm")
            .and("Bus/values/Ide/name", "ide")
            .request(create(json!({"disk": {"size": 1, "bus": "Ide"}}))),
        witness(
            "field-added-required",
            "Disk/fields/+",
            json!({"name": "color", "type": "String", "required": true, "since": "0.6"}),
            "CreateVm",
        )
        .request(create(json!({"disk": {"size": 1}}))),
        witness("field-became-required", "Disk/fields/bus/required", true, "CreateVm")
            .request(create(json!({"disk": {"size": 1}}))),
        witness("field-type-narrowed", "Disk/fields/bus/type", "Any", "CreateVm")
            .back()
            .request(create(json!({"disk": {"size": 1, "bus": 5}}))),
        witness("field-type-changed", "Disk/fields/bus/type", "Integer", "CreateVm")
            .request(create(json!({"disk": {"size": 1, "bus": "Ide"}}))),
        witness("field-removed", "Disk/fields/bus", Value::Null, "CreateVm")
            .request(create(json!({"disk": {"size": 1, "bus": "Ide"}}))),
        witness("field-renamed", "Disk/fields/bus/renamedFrom", "bus", "CreateVm")
            .and("Disk/fields/bus/name", "port")
            .request(create(json!({"disk": {"size": 1, "bus": "Ide"}}))),
        witness("op-query-removed", "GetVms/query", Value::Null, "GetVms").request(json!({"limit": 1})),
        witness("type-kind-changed", "Bus/values", Value::Null, "CreateVm")
            .and("Bus/fields", json!([]))
            .request(create(json!({"disk": {"size": 1, "bus": "Ide"}}))),
        witness("field-became-optional", "Vm/fields/state/required", false, "GetVms")
            .answer(json!({}), vms(json!({}))),
        witness("field-type-widened", "GetVms/response/inventories/type", "List<Any>", "GetVms")
            .answer(json!({}), vms(json!("web"))),
        witness("format-changed", "Thing/fields/id/type", "Timestamp", "GetVms")
            .back()
            .answer(json!({}), vms(json!({"state": "Running", "id": "0123456789ab4def8123456789abcdef"}))),
        witness("subtype-removed", "Vm/extends", "ErrorCode", "GetVms")
            .back()
            .answer_of_old(json!({}), vms(json!({"state": "Running", "code": "SYS.1006"}))),
    ]
}

impl Witness {
    /// An answer of before, of which a client finds nothing today.
    fn answer_of_old(self, request: Value, response: Value) -> Self {
        Self { is_answer: false, ..self.answer(request, response) }
    }
}

/// Breaking rules that no example of an operation bears witness of.
pub(crate) const WITHOUT: &[(&[&str], &str)] = &[
    (&["waiver-expired"], "what the waiver accepted is found, too, and has a witness"),
    (
        &["op-removed", "op-renamed", "type-removed"],
        "what an example would be of is gone, and the rest of the spec is refused without it",
    ),
    (
        &[
            "op-method-changed",
            "op-path-changed",
            "op-path-alias-removed",
            "op-wrapper-changed",
            "param-location-changed",
            "param-wrapper-changed",
            "base-path-changed",
        ],
        "examples name parameters wherever they travel; the tests of routes and bodies of the servers show it",
    ),
    (
        &["op-exec-sync-to-async", "op-exec-async-to-sync"],
        "examples tell results, not how one waits for them",
    ),
    (&["op-message-changed", "op-message-removed"], "examples are not told on the older channel"),
    (
        &["auth-required-added", "auth-scheme-removed", "auth-scheme-detail-changed"],
        "examples have no headers",
    ),
    (&["tag-removed"], "a tag that means nothing is no mistake, which is what is bad about it"),
    (
        &[
            "since-raised",
            "since-lowered",
            "since-backdated",
            "removal-backdated",
            "removal-undone",
            "removal-brought-forward",
            "release-list-rewritten",
            "slice-drift",
            "lock-rewritten",
            "silent-edit",
            "history-mismatch",
            "history-rewritten",
            "identity-reused",
        ],
        "about what is said of a release; its examples are held to it by `check`",
    ),
];
