//! Changes of histories.

use serde_json::{Value, json};

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    [rows_with_history(), wrong(), rows_of_reused_names()].into_iter().flatten().collect()
}

/// Changes with correct history entries.
fn rows_with_history() -> Vec<Row> {
    vec![
        row("CreateVm/parameters/note/history", json!([{"in": "4.0", "attribute": "maxLength", "from": 100}]), "", "")
            .and("CreateVm/parameters/note/maxLength", 50)
            .finds("breaking max-length-decreased CreateVm/note", "compatible max-length-increased CreateVm/note")
            .explains("CreateVm/note", "CreateVm/note"),
        row(
            "CreateVm/parameters/tags/history",
            json!([{"in": "4.0", "attribute": "in", "from": "body"}, {"in": "4.0", "attribute": "enclosed", "from": false}]),
            "breaking param-location-changed",
            "breaking param-location-changed",
        )
        .and("CreateVm/parameters/tags/enclosed", Value::Null)
        .and("CreateVm/parameters/tags/in", "query")
        .explains("CreateVm/tags", "CreateVm/tags"),
        // One change has an entry, the other one has none.
        row(
            "CreateVm/parameters/note/history",
            json!([{"in": "4.0", "attribute": "minLength", "from": 2}]),
            "breaking max-length-decreased; breaking range-narrowed",
            "compatible max-length-increased; compatible range-widened",
        )
        .and("CreateVm/parameters/note/minLength", 3)
        .and("CreateVm/parameters/note/maxLength", 50),
        row(
            "CreateVm/response/vm/history",
            json!([{"in": "4.0", "attribute": "required", "from": true}]),
            "breaking field-became-optional",
            "compatible field-became-required",
        )
        .and("CreateVm/response/vm/required", false)
        .explains("CreateVm/response/vm", "CreateVm/response/vm"),
        row(
            "GetVms/history",
            json!([{"in": "4.0", "attribute": "path", "from": "/vms"}]),
            "breaking op-path-changed",
            "breaking op-path-changed",
        )
        .and("GetVms/path", "/machines")
        .explains("GetVms", "GetVms"),
        // The class of the reply follows.
        row(
            "StopVm/history",
            json!([{"in": "4.0", "attribute": "execution", "from": "async"}]),
            "breaking op-exec-async-to-sync; breaking op-message-changed",
            "breaking op-exec-sync-to-async; breaking op-message-changed",
        )
        .and("StopVm/execution", "sync")
        .explains("StopVm", "StopVm"),
        row(
            "Vm/history",
            json!([{"in": "4.0", "attribute": "javaClass", "from": "org.vm.VmInventory"}, {"in": "5.0", "attribute": "extends", "from": "Thing"}]),
            "compatible base-removed; risk type-class-changed; breaking field-removed Vm/id",
            "compatible base-added; risk type-class-changed; compatible field-added Vm/id",
        )
        .and("Vm/javaClass", "org.vm.Vm")
        .and("Vm/extends", Value::Null)
        .explains("Vm", "Vm"),
        // A path with a new variable is new: older releases do not have it.
        row("GetVms/paths", json!(["/zones/{zone}/vms"]), "compatible op-path-alias-added", "breaking op-path-alias-removed")
            .and(
                "GetVms/parameters/+",
                json!({"name": "zone", "in": "query", "type": "String", "required": false, "since": "4.0"}),
            )
            .finds(
                "compatible op-path-alias-added GetVms; compatible param-added-optional GetVms/zone",
                "breaking op-path-alias-removed GetVms; compatible param-removed GetVms/zone",
            )
            .explains("GetVms", "GetVms"),
        // Entries of unpublished releases.
        row(
            "CreateVm/parameters/note/history",
            json!([{"in": "4.0", "attribute": "required", "from": false}, {"in": "5.0", "attribute": "required", "from": true}]),
            "compatible unreleased-changed",
            "compatible unreleased-changed",
        ),
        row(
            "CreateVm/parameters/new/history",
            json!([{"in": "5.0", "attribute": "maxLength", "from": 5}]),
            "compatible unreleased-changed",
            "compatible unreleased-changed",
        ),
    ]
}

/// Wrong history entries.
fn wrong() -> Vec<Row> {
    const MISMATCH: &str = "breaking history-mismatch";
    const REWRITTEN: &str = "breaking history-rewritten";
    vec![
        row(
            "CreateVm/parameters/note/history",
            json!([{"in": "4.0", "attribute": "maxLength", "from": 80}]),
            "breaking max-length-decreased; breaking history-mismatch",
            "compatible max-length-increased",
        )
        .and("CreateVm/parameters/note/maxLength", 50)
        .explains("CreateVm/note", ""),
        // No change.
        row(
            "Nic/fields/mac/history",
            json!([{"in": "4.0", "attribute": "maxLength", "from": 80}]),
            "breaking history-mismatch",
            "",
        )
        .silent("", "Nic/mac"),
        // A published release that did not change the attribute.
        row(
            "CreateVm/parameters/note/history",
            json!([{"in": "3.0", "attribute": "maxLength", "from": 80}]),
            MISMATCH,
            REWRITTEN,
        ),
        row("CreateVm/parameters/password/history", Value::Null, REWRITTEN, MISMATCH),
        row(
            "CreateVm/parameters/password/history",
            json!([{"in": "3.0", "attribute": "maxLength", "from": 20}, {"in": "3.0", "attribute": "minLength", "from": 2}]),
            "breaking history-mismatch; breaking history-rewritten",
            "breaking history-mismatch; breaking history-rewritten",
        ),
        row(
            "CreateVm/parameters/password/history",
            json!([{"in": "3.0", "attribute": "minLength", "from": 2}, {"in": "3.0", "attribute": "maxLength", "from": 10}]),
            REWRITTEN,
            REWRITTEN,
        ),
    ]
}

/// Removed elements that are back.
fn rows_of_reused_names() -> Vec<Row> {
    vec![
        row(
            "CreateVm/parameters/gone/maxLength",
            10,
            "risk max-length-added; breaking identity-reused",
            "compatible max-length-removed; breaking identity-reused",
        )
        .explains("CreateVm/gone", "CreateVm/gone"),
        row("CreateVm/parameters/gone/removed", Value::Null, "", "")
            .and("CreateVm/parameters/gone/deprecated", Value::Null)
            .and("CreateVm/parameters/gone/replacement", Value::Null)
            .and("CreateVm/parameters/gone/type", "Integer")
            .finds(
                "breaking param-type-changed CreateVm/gone; risk deprecation-withdrawn CreateVm/gone; \
                 breaking removal-undone CreateVm/gone; risk doc-removed CreateVm/gone; \
                 breaking identity-reused CreateVm/gone",
                "breaking param-type-changed CreateVm/gone; risk deprecation-backdated CreateVm/gone; \
                 breaking removal-backdated CreateVm/gone; documentation doc-changed CreateVm/gone",
            )
            .explains("CreateVm/gone", ""),
        // The same shape, but a new element: its release is after the removal.
        row("CreateVm/parameters/gone/since", "4.0", "", "")
            .and("CreateVm/parameters/gone/removed", Value::Null)
            .and("CreateVm/parameters/gone/deprecated", Value::Null)
            .and("CreateVm/parameters/gone/replacement", Value::Null)
            .finds(
                "breaking since-raised CreateVm/gone; risk deprecation-withdrawn CreateVm/gone; \
                 breaking removal-undone CreateVm/gone; risk doc-removed CreateVm/gone; \
                 breaking identity-reused CreateVm/gone",
                "breaking since-backdated CreateVm/gone; compatible deprecation-backdated CreateVm/gone; \
                 compatible removal-backdated CreateVm/gone; documentation doc-changed CreateVm/gone",
            ),
    ]
}
