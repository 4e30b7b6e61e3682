//! Breaking changes of values, proven: a request that was right before is
//! refused after, or an answer of today cannot be what it was before.

use serde_json::{Value, json};
use zstack_codegen::diff::diff;
use zstack_codegen::rules::changes::{self, Level};

use crate::spec::Spec;

/// A change between the base spec and that with some values set, and an example
/// of an operation that only one of the two takes.
struct Witness {
    rule: &'static str,
    edits: Vec<(&'static str, Value)>,
    /// Whether the base spec is the new one.
    is_back: bool,
    operation: &'static str,
    example: Value,
    /// Whether it is the answer that nobody expects; otherwise it is the
    /// request that is refused.
    is_answer: bool,
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
}

fn witnesses() -> Vec<Witness> {
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
            .request(json!({"uuid": "z", "depth": 1})),
        witness("param-type-narrowed", "GetZone/parameters/depth/type", "Long", "GetZone")
            .back()
            .request(json!({"uuid": "z", "depth": 1_u64 << 40})),
        witness("param-scalar-list-changed", "GetZone/parameters/depth/type", "List<Integer>", "GetZone")
            .request(json!({"uuid": "z", "depth": 1})),
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
        witness("field-became-always-present", "Disk/fields/bus/required", true, "CreateVm")
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
        witness("field-became-absent-able", "Vm/fields/state/required", false, "GetVms")
            .answer(json!({}), vms(json!({}))),
        witness("field-type-widened", "GetVms/response/inventories/type", "List<Any>", "GetVms")
            .answer(json!({}), vms(json!("web"))),
        witness("format-changed", "Thing/fields/id/type", "Timestamp", "GetVms")
            .answer(json!({}), vms(json!({"state": "Running", "id": "Nov 14, 2017 10:20:57 PM"}))),
        witness("subtype-removed", "Vm/extends", Value::Null, "GetVms").answer_of_old(
            json!({}),
            vms(json!({"state": "Running", "id": "0123456789abcdef0123456789abcdef"})),
        ),
    ]
}

impl Witness {
    /// An answer of before, of which a client finds nothing today.
    fn answer_of_old(self, request: Value, response: Value) -> Self {
        Self { is_answer: false, ..self.answer(request, response) }
    }
}

/// Breaking rules that no example of an operation bears witness of.
const WITHOUT: &[(&[&str], &str)] = &[
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
        ],
        "about what is said of a release; its examples are held to it by `check`",
    ),
];

#[test]
fn what_breaks_has_a_witness() {
    for it in witnesses() {
        let Witness { rule, edits, is_back, operation, example, is_answer } = it;
        let with_example = |spec: &Spec| {
            let mut spec = spec.clone();
            // Those of the fixture may not fit any more.
            let path = spec.0.keys().find(|it| it.ends_with(&format!("/{operation}.yaml"))).unwrap().clone();
            for (path, file) in &mut spec.0 {
                if path.starts_with("operations/") {
                    file.as_object_mut().unwrap().remove("examples");
                }
            }
            let without = spec.model();
            spec.0.get_mut(&path).unwrap()["examples"] = json!([example]);
            (without, spec.written(Value::to_string))
        };
        let base = Spec::base();
        let mut changed = base.clone();
        edits.into_iter().for_each(|(place, value)| changed.set(place, value));
        let (old, new) = if is_back { (&changed, &base) } else { (&base, &changed) };
        let ((old, before), (new, after)) = (with_example(old), with_example(new));

        let found = diff(&old, &new);
        let breaks = |it: &zstack_codegen::diff::Finding| it.rule.id == rule && it.level == Level::Breaking;
        assert!(found.iter().any(breaks), "{rule}: {found:?}");
        let (right, wrong) = if is_answer { (after, before) } else { (before, after) };
        right.unwrap_or_else(|problems| panic!("{rule}: {problems}"));
        let problems = wrong.err().unwrap_or_else(|| panic!("{rule}: both sides take the example"));
        for problem in problems.problems() {
            let code = problem.code();
            assert!(code.starts_with("example-"), "{rule}: {code}");
        }
    }
}

#[test]
fn every_breaking_rule_has_a_witness_or_a_reason() {
    let mut known: Vec<&str> = witnesses().iter().map(|it| it.rule).collect();
    known.extend(WITHOUT.iter().flat_map(|(rules, _)| *rules));
    known.sort_unstable();
    let is_breaking = |it: &&changes::ChangeRule| it.request.max(it.response) == Level::Breaking;
    let mut breaking: Vec<_> = changes::all().filter(is_breaking).map(|it| it.id).collect();
    breaking.sort_unstable();
    assert_eq!(known, breaking);
}
