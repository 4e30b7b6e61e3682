//! Breaking changes with a witness: a request that was valid before and is rejected now, or a response of today that was
//! invalid before.
//!
//! Here, the rules for examples judge the witnesses. The package `zstack-conformance` includes this file and sends them to
//! servers.

use serde_json::{Value, json};

use crate::spec::Spec;

/// A change of the base spec, and an example of an operation that only one side accepts.
pub(crate) struct Witness {
    pub(crate) rule: &'static str,
    edits: Vec<(&'static str, Value)>,
    /// True if the base spec is the new one.
    is_back: bool,
    pub(crate) operation: &'static str,
    pub(crate) example: Value,
    /// True if the witness is an unexpected response; otherwise it is a rejected request.
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

    /// A request that was valid.
    fn request(self, request: Value) -> Self {
        Self { example: json!({"name": "Witness", "request": request, "status": 503}), ..self }
    }

    /// A response of today.
    fn answer(self, request: Value, response: Value) -> Self {
        let example = json!({"name": "Witness", "request": request, "response": response});
        Self { example, is_answer: true, ..self }
    }

    /// The old and the new spec, without the examples of the base, which may be invalid after the change.
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
    /// An earlier response that clients no longer understand.
    fn answer_of_old(self, request: Value, response: Value) -> Self {
        Self { is_answer: false, ..self.answer(request, response) }
    }
}

/// The breaking rules without a witness, and why.
pub(crate) const WITHOUT: &[(&[&str], &str)] = &[
    (&["waiver-expired"], "the change that the waiver accepted has a witness"),
    (
        &["op-removed", "op-renamed", "type-removed"],
        "the subject of an example is removed, and the rest of the spec is invalid without it",
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
        "examples do not depend on locations; the tests of routes and bodies of the servers cover them",
    ),
    (
        &["op-exec-sync-to-async", "op-exec-async-to-sync"],
        "examples contain results, not how clients wait for them",
    ),
    (&["op-message-changed", "op-message-removed"], "examples do not use the legacy channel"),
    (
        &["auth-required-added", "auth-scheme-removed", "auth-scheme-detail-changed"],
        "examples have no headers",
    ),
    (&["tag-removed"], "an unknown tag is not an error, which is the problem"),
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
        "about releases; `check` validates examples against their releases",
    ),
];
