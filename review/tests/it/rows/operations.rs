//! Operations, without their parameters.

use serde_json::{Value, json};

use super::{Row, row, special};
use crate::spec::Spec;

const DOC: &str = "documentation doc-changed";
const GONE: &str = "risk doc-removed";

pub(super) fn rows() -> Vec<Row> {
    [whole(), routes(), answers()].into_iter().flatten().collect()
}

fn whole() -> Vec<Row> {
    vec![
        row("CreateVm/summary", "Makes one.", DOC, DOC),
        row("CreateVm/description", "It starts.", DOC, DOC),
        row("CreateVm/description", Value::Null, GONE, DOC),
        row("CreateVm/notes", "It takes its time.", DOC, DOC),
        row("CreateVm/notes", Value::Null, GONE, DOC),
        row("CreateVm/documented/execution", "async", DOC, DOC),
        row("CreateVm/documented", Value::Null, DOC, DOC),
        row("GetZone/source", Value::Null, DOC, DOC),
        row("GetZone/since", "0.6", "breaking since-lowered", "breaking since-raised")
            .and("GetZone/parameters/uuid/since", "0.6")
            .finds(
                "breaking since-lowered GetZone; breaking since-lowered GetZone/uuid",
                "breaking since-raised GetZone; breaking since-raised GetZone/uuid",
            ),
        special("another category", "Operation.category", |spec| {
            let mut file = spec.0.remove("operations/zone/GetZone.yaml").unwrap();
            file["category"] = "vm".into();
            spec.0.insert("operations/vm/GetZone.yaml".to_owned(), file);
        })
        .finds("documentation op-category-changed GetZone", "documentation op-category-changed GetZone"),
        row(
            "StopVm/execution",
            "sync",
            "breaking op-exec-async-to-sync; breaking op-message-changed",
            "breaking op-exec-sync-to-async; breaking op-message-changed",
        ),
        row("GetZone/auth", "session", "breaking auth-required-added", "risk auth-removed"),
        special("a removed operation", "Operation.name", |spec| {
            spec.0.remove("operations/vm/GetVms.yaml");
        })
        .finds("breaking op-removed GetVms", "compatible op-added GetVms; breaking since-backdated GetVms"),
        special("a removed operation of the next release", "Operation.name", |spec| {
            spec.0.remove("operations/zone/MoveZone.yaml");
        })
        .finds("compatible op-removed MoveZone", "compatible op-added MoveZone"),
        special("a new operation of the release after the next one", "Operation.since", |spec| {
            let mut file = spec.0["operations/vm/GetVms.yaml"].clone();
            file["since"] = "5.0".into();
            file["path"] = "/later".into();
            file["name"] = "GetVmsLater".into();
            file["response"] = json!([]);
            spec.0.insert("operations/vm/GetVmsLater.yaml".to_owned(), file);
        })
        .finds(
            "compatible op-added GetVmsLater; risk since-skips-next GetVmsLater",
            "compatible op-removed GetVmsLater",
        ),
    ]
}

fn routes() -> Vec<Row> {
    const METHOD: &str = "breaking op-method-changed";
    const PATH: &str = "breaking op-path-changed";
    const VARIABLE: &str = "risk op-path-var-renamed";
    const WRAPPER: &str = "breaking op-wrapper-changed";
    const MESSAGE: &str = "breaking op-message-changed";
    vec![
        row("MoveZone/method", "POST", "compatible op-method-changed", "compatible op-method-changed"),
        row("CreateVm/method", "PUT", METHOD, METHOD),
        row("GetVms/path", "/machines", PATH, PATH),
        row("CreateVm/paths", Value::Null, "breaking op-path-alias-removed", "compatible op-path-alias-added"),
        row("GetVms/paths", json!(["/machines"]), "compatible op-path-alias-added", "breaking op-path-alias-removed"),
        row("CreateVm/paths", json!(["/machines/of/{zone}"]), "breaking op-path-alias-removed; compatible op-path-alias-added", "breaking op-path-alias-removed; compatible op-path-alias-added"),
        // The old path stays as an alias.
        row("GetVms/path", "/machines", "compatible op-path-alias-added", "breaking op-path-alias-removed")
            .and("GetVms/paths", json!(["/vms"])),
        row("CreateVm/path", "/vms/of/{zone}", "documentation doc-changed", "documentation doc-changed")
            .and("CreateVm/paths", json!(["/zones/{zone}/vms"])),
        row("GetZone/path", "/zones/{zoneUuid}", VARIABLE, VARIABLE).and("GetZone/parameters/uuid/name", "zoneUuid"),
        special("a renamed variable in both paths", "Operation.paths", |spec: &mut Spec| {
            spec.set("CreateVm/path", "/zones/{where}/vms".into());
            spec.set("CreateVm/paths", json!(["/vms/of/{where}"]));
            spec.set("CreateVm/parameters/zone/name", "where".into());
            for example in ["A small one", "No room"] {
                spec.set(&format!("CreateVm/examples/{example}/request"), json!({"where": "z", "name": "web"}));
            }
        })
        .finds(
            "risk op-path-var-renamed CreateVm; risk op-path-var-renamed CreateVm; \
             documentation example-changed CreateVm/examples/A small one; \
             documentation example-changed CreateVm/examples/No room",
            "risk op-path-var-renamed CreateVm; risk op-path-var-renamed CreateVm; \
             documentation example-changed CreateVm/examples/A small one; \
             documentation example-changed CreateVm/examples/No room",
        ),
        row("GetVms/query", Value::Null, "breaking op-query-removed", "compatible op-query-added"),
        // A standard query parameter that is listed.
        row(
            "GetVms/query",
            Value::Null,
            "breaking op-query-removed; documentation doc-changed GetVms/limit; documentation doc-changed GetVms/limit",
            "compatible op-query-added; documentation doc-changed GetVms/limit; documentation doc-changed GetVms/limit",
        )
        .and("GetVms/parameters/+", json!({"name": "limit", "in": "query", "type": "Integer", "required": false, "since": "0.6", "description": "How many."})),
        row("CreateVm/body", "vm", WRAPPER, WRAPPER),
        row("StopVm/body", "params", WRAPPER, WRAPPER),
        row("CreateVm/message", "org.vm.APIMakeVmMsg", MESSAGE, MESSAGE),
        row("CreateVm/reply", "org.vm.APIMakeVmAnswer", MESSAGE, MESSAGE),
        row("StopVm/message", Value::Null, "breaking op-message-removed", "compatible op-message-added"),
    ]
}

fn answers() -> Vec<Row> {
    const EXAMPLE: &str = "documentation example-changed";
    vec![
        row(
            "CreateVm/tags/+",
            json!({"pattern": "pool::{pool}", "description": "It.", "since": "4.0"}),
            "compatible tag-added",
            "compatible tag-removed",
        ),
        row(
            "CreateVm/tags/host::{uuid}",
            Value::Null,
            "breaking tag-removed",
            "compatible tag-added; breaking since-backdated",
        ),
        row(
            "CreateVm/tags/host::{uuid}/pattern",
            "on::{uuid}",
            "breaking tag-removed; compatible tag-added CreateVm/tags/on::{uuid}; breaking since-backdated CreateVm/tags/on::{uuid}",
            "breaking tag-removed CreateVm/tags/on::{uuid}; compatible tag-added; breaking since-backdated",
        ),
        row("CreateVm/tags/host::{uuid}/description", "The host.", DOC, DOC),
        row("CreateVm/tags/host::{uuid}/since", "2.0", "breaking since-raised", "breaking since-lowered"),
        row("CreateVm/tags/host::{uuid}/source", "platform", DOC, DOC),
        row(
            "CreateVm/errors/+",
            json!({"code": "SYS.1008", "when": "At night."}),
            "risk op-error-code-added",
            "compatible op-error-code-removed",
        ),
        row(
            "CreateVm/errors/SYS.1007/code",
            "SYS.1009",
            "compatible op-error-code-removed; risk op-error-code-added CreateVm/errors/SYS.1009",
            "compatible op-error-code-removed CreateVm/errors/SYS.1009; risk op-error-code-added",
        ),
        row(
            "CreateVm/errors/SYS.1006/cause",
            Value::Null,
            "compatible op-error-code-removed; risk op-error-code-added CreateVm/errors/SYS.1006",
            "compatible op-error-code-removed CreateVm/errors/SYS.1006; risk op-error-code-added",
        ),
        row("CreateVm/errors/SYS.1006/when", "There is none.", DOC, DOC),
        row(
            "CreateVm/examples/+",
            json!({"name": "Another", "request": {"zone": "z", "name": "db"}, "response": {"vm": {"state": "Stopped"}}}),
            "compatible example-added",
            "risk example-removed",
        ),
        row(
            "CreateVm/examples/No room/name",
            "Full",
            "risk example-removed; compatible example-added CreateVm/examples/Full",
            "risk example-removed CreateVm/examples/Full; compatible example-added",
        ),
        row("CreateVm/examples/A small one/since", "2.0", EXAMPLE, EXAMPLE),
        row("CreateVm/examples/A small one/since", Value::Null, EXAMPLE, EXAMPLE),
        row("CreateVm/examples/A small one/request", json!({"zone": "z", "name": "db"}), EXAMPLE, EXAMPLE),
        row("CreateVm/examples/No room/status", 500, EXAMPLE, EXAMPLE),
        row("CreateVm/examples/A small one/response", json!({"vm": {"state": "Stopped"}}), EXAMPLE, EXAMPLE),
        special("reordered parts of an operation", "Operation.errors", |spec| {
            for list in ["tags", "errors", "examples", "parameters"] {
                let file = spec.0.get_mut("operations/vm/CreateVm.yaml").unwrap();
                file[list].as_array_mut().unwrap().reverse();
            }
        })
        .finds(
            "documentation constructor-reordered CreateVm; documentation doc-changed CreateVm; \
             documentation doc-changed CreateVm; documentation doc-changed CreateVm",
            "documentation constructor-reordered CreateVm; documentation doc-changed CreateVm; \
             documentation doc-changed CreateVm; documentation doc-changed CreateVm",
        ),
        special("reordered optional parameters", "Operation.parameters", |spec| {
            let file = spec.0.get_mut("operations/vm/CreateVm.yaml").unwrap();
            file["parameters"].as_array_mut().unwrap()[2..].reverse();
        })
        .finds("documentation param-reordered CreateVm", "documentation param-reordered CreateVm"),
        row(
            "CreateVm/response/+",
            json!({"name": "job", "type": "String", "required": true, "since": "4.0"}),
            "compatible field-added-required",
            "compatible field-removed",
        )
        .and("CreateVm/examples/A small one/response", json!({"vm": {"state": "Running"}})),
        special("reordered response fields", "Operation.response", |spec| {
            let file = spec.0.get_mut("operations/vm/CreateVm.yaml").unwrap();
            file["response"].as_array_mut().unwrap().reverse();
        })
        .finds("documentation field-reordered CreateVm", "documentation field-reordered CreateVm"),
    ]
}
