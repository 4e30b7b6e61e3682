//! `api.yaml`.

use serde_json::{Value, json};

use super::{Row, row, special};

pub(super) fn rows() -> Vec<Row> {
    const DOC: &str = "documentation doc-changed";
    const GONE: &str = "risk doc-removed";
    const DETAIL: &str = "breaking auth-scheme-detail-changed";
    const REWRITTEN: &str = "breaking release-list-rewritten";
    vec![
        row("api/title", "Virtual machines", DOC, DOC),
        row("api/description", "Of all kinds.", DOC, DOC),
        row("api/description", Value::Null, GONE, DOC),
        row("api/basePath", "/v2", "breaking base-path-changed", "breaking base-path-changed"),
        row(
            "api/auth/key",
            json!({"header": "X-Key"}),
            "compatible auth-scheme-added api/auth/key",
            "breaking auth-scheme-removed api/auth/key",
        ),
        row("api/auth/token/header", "X-Key", DETAIL, DETAIL),
        row("api/auth/session/scheme", "Bearer", DETAIL, DETAIL),
        row("api/auth/session/scheme", Value::Null, DETAIL, DETAIL),
        row("api/auth/session/description", "A session.", DOC, DOC),
        row("api/auth/session/description", Value::Null, GONE, DOC),
        row("api/releases/+", json!({"version": "6.0", "state": "next"}), "compatible release-added", "compatible release-dropped"),
        row("api/releases/+2", json!({"version": "2.5"}), "risk release-added-as-released", REWRITTEN),
        row("api/releases/3.0/state", "next", REWRITTEN, "compatible release-closed"),
        row("api/releases/4.0/state", "released", "compatible release-closed", REWRITTEN),
        row("api/releases/2.0/description", "Zones and more.", DOC, DOC),
        row("api/releases/2.0/description", Value::Null, GONE, DOC),
        row(
            "api/releases/3.0/version",
            "3.0.0",
            "breaking release-list-rewritten api/releases/3.0.0",
            "breaking release-list-rewritten api/releases/3.0",
        ),
        row(
            "api/releases/5.0/version",
            "5.0.0",
            "documentation doc-changed api/releases/5.0.0",
            "documentation doc-changed api/releases/5.0",
        ),
        row("api/deprecationWindow", 2, "compatible deprecation-window-lengthened", "risk deprecation-window-shortened"),
        special("another reserved path", "Api.reserved", |spec| {
            let reserved = spec.0.get_mut("api.yaml").unwrap()["reserved"].as_array_mut().unwrap();
            reserved.push(json!({"path": "/vms/disks", "operations": ["QueryVmDisk"]}));
        })
        .finds(
            "compatible reserved-path-added api/reserved/vms/disks",
            "compatible reserved-path-removed api/reserved/vms/disks",
        ),
        special("another form of a reserved path", "ReservedPath.path", |spec| {
            spec.0.get_mut("api.yaml").unwrap()["reserved"][0]["path"] = "/vms/nics/{uuid}".into();
        })
        .finds(
            "compatible reserved-path-removed api/reserved/vms/nics; \
             compatible reserved-path-added api/reserved/vms/nics/{uuid}",
            "compatible reserved-path-removed api/reserved/vms/nics/{uuid}; \
             compatible reserved-path-added api/reserved/vms/nics",
        ),
        special("another operation of a reserved path", "ReservedPath.operations", |spec| {
            spec.0.get_mut("api.yaml").unwrap()["reserved"][0]["operations"] = json!(["QueryVmNic", "CountVmNic"]);
        })
        .finds("documentation doc-changed api/reserved/vms/nics", "documentation doc-changed api/reserved/vms/nics"),
        row("api/categories/vm/title", "VM instances", DOC, DOC),
        row("api/categories/vm/description", "Machines.", DOC, DOC),
        row("api/categories/vm/description", Value::Null, GONE, DOC),
        row(
            "api/categories/vm/default",
            true,
            "documentation category-default-changed",
            "documentation category-default-changed",
        ),
        special("another order of categories", "Api.categories", |spec| {
            spec.0.get_mut("api.yaml").unwrap()["categories"].as_array_mut().unwrap().reverse();
        })
        .finds("documentation doc-changed api", "documentation doc-changed api"),
        special("a renamed category", "Category.name", |spec| {
            for name in ["GetZone", "MoveZone"] {
                let mut file = spec.0.remove(&format!("operations/zone/{name}.yaml")).unwrap();
                file["category"] = "place".into();
                spec.0.insert(format!("operations/place/{name}.yaml"), file);
            }
            spec.set("api/categories/zone/name", "place".into());
        })
        .finds(
            "documentation category-removed api/categories/zone; documentation category-added api/categories/place; \
             documentation op-category-changed GetZone; documentation op-category-changed MoveZone",
            "documentation category-removed api/categories/place; documentation category-added api/categories/zone; \
             documentation op-category-changed GetZone; documentation op-category-changed MoveZone",
        ),
        row(
            "api/envelope/+",
            json!({"name": "trace", "type": "String", "since": "4.0"}),
            "compatible field-added",
            "compatible field-removed",
        ),
        row(
            "api/envelope/+",
            json!({"name": "trace", "type": "String", "since": "0.6"}),
            "compatible field-added; breaking since-backdated",
            "breaking field-removed",
        ),
    ]
}
