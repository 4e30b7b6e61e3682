//! Changes of parameters and constraints.

use serde_json::{Value, json};

use super::{Row, row};

const DOC: &str = "documentation doc-changed";
const GONE: &str = "risk doc-removed";

pub(super) fn rows() -> Vec<Row> {
    [whole(), types(), constraints()].into_iter().flatten().collect()
}

fn whole() -> Vec<Row> {
    const PLACE: &str = "breaking param-location-changed";
    const WRAPPER: &str = "breaking param-wrapper-changed";
    let parameter = |name: &str, required: bool, since: &str| json!({"name": name, "in": "body", "type": "String", "required": required, "since": since});
    vec![
        row("CreateVm/parameters/+", parameter("color", false, "4.0"), "compatible param-added-optional", "compatible param-removed"),
        row("CreateVm/parameters/+", parameter("color", false, "5.0"), "compatible param-added-optional; risk since-skips-next", "compatible param-removed"),
        row("CreateVm/parameters/+", parameter("color", false, "3.0"), "compatible param-added-optional; breaking since-backdated", "breaking param-removed"),
        row("StopVm/parameters/+", parameter("why", true, "0.6"), "breaking param-added-required; breaking since-backdated", "breaking param-removed"),
        row(
            "StopVm/parameters/+",
            json!({"name": "why", "in": "body", "type": "String", "required": true, "since": "0.6", "default": "so"}),
            "breaking param-added-required-with-default; breaking since-backdated",
            "breaking param-removed",
        ),
        row(
            "CreateVm/parameters/note/name",
            "remark",
            "breaking param-removed; compatible param-added-optional CreateVm/remark; breaking since-backdated CreateVm/remark",
            "breaking param-removed CreateVm/remark; compatible param-added-optional; breaking since-backdated",
        ),
        row("GetZone/parameters/depth/in", "path", "breaking op-path-changed GetZone; breaking param-became-required; breaking param-location-changed", "breaking op-path-changed GetZone; compatible param-became-optional; breaking param-location-changed")
            .and("GetZone/path", "/zones/{uuid}/{depth}")
            .and("GetZone/parameters/depth/required", true),
        row("MoveZone/parameters/place/in", "query", "compatible param-location-changed", "compatible param-location-changed"),
        row("CreateVm/parameters/note/in", "query", PLACE, PLACE),
        row("CreateVm/parameters/tags/enclosed", Value::Null, WRAPPER, WRAPPER),
        row("CreateVm/parameters/note/enclosed", false, WRAPPER, WRAPPER),
        row("CreateVm/parameters/note/required", true, "breaking param-became-required", "compatible param-became-optional")
            .and("CreateVm/examples/A small one", Value::Null)
            .and("CreateVm/examples/No room", Value::Null)
            .finds(
                "breaking param-became-required; risk example-removed CreateVm/examples/A small one; risk example-removed CreateVm/examples/No room",
                "compatible param-became-optional; compatible example-added CreateVm/examples/A small one; compatible example-added CreateVm/examples/No room",
            ),
        row("StopVm/parameters/force/required", true, "breaking param-became-required", "compatible param-became-optional"),
        row("CreateVm/parameters/note/since", "2.0", "breaking since-raised", "breaking since-lowered"),
        row("CreateVm/parameters/note/since", "4.0", "breaking since-raised", "breaking since-backdated"),
        row("CreateVm/parameters/note/since", "0.6.0", DOC, DOC),
        row("CreateVm/parameters/new/since", "5.0", "compatible unreleased-changed", "compatible unreleased-changed"),
        row("CreateVm/parameters/note/description", "A remark.", DOC, DOC),
        row("CreateVm/parameters/note/description", Value::Null, GONE, DOC),
        row("CreateVm/parameters/note/source", "platform", DOC, DOC),
        row("CreateVm/parameters/note/documented", json!({"in": "query"}), DOC, DOC),
        row("CreateVm/response/vm/documented/in", "header", DOC, DOC),
        row("CreateVm/response/vm/documented/type", "Box", DOC, DOC),
        row("CreateVm/response/vm/documented/since", "3.0", DOC, DOC),
        row("CreateVm/response/vm/documented/required", Value::Null, DOC, DOC),
        row("CreateVm/parameters/hosts/refers", "Vm", "documentation reference-added", "risk reference-removed"),
        row("CreateVm/parameters/zone/refers", "Vm", "risk reference-changed", "risk reference-changed"),
        row("CreateVm/parameters/password/sensitive", Value::Null, "risk sensitive-removed", "compatible sensitive-added"),
        row("CreateVm/parameters/cpus/default", 2, "risk param-default-changed", "risk param-default-changed"),
        row("CreateVm/parameters/cpus/default", Value::Null, "risk param-default-removed", "risk param-default-added"),
        row("CreateVm/parameters/note/deprecated", "4.0", "compatible deprecated-added", "risk deprecation-withdrawn"),
        row("CreateVm/parameters/old/replacement", "note", DOC, DOC),
        row("CreateVm/parameters/old/replacement", Value::Null, GONE, DOC),
        row("CreateVm/parameters/old/removed", "4.0", "compatible param-removed-on-schedule", "compatible removal-withdrawn"),
    ]
}

fn types() -> Vec<Row> {
    const OTHER: &str = "breaking param-type-changed";
    const WIDER: &str = "compatible param-type-widened";
    const NARROWER: &str = "breaking param-type-narrowed";
    const LIST: &str = "breaking param-scalar-list-changed";
    const MOMENT: &str = "breaking encoding-changed";
    vec![
        row("GetZone/parameters/depth/type", "String", OTHER, OTHER),
        row("GetZone/parameters/depth/type", "Long", WIDER, NARROWER),
        row("GetZone/parameters/depth/type", "Double", WIDER, NARROWER),
        row("GetZone/parameters/depth/type", "Timestamp", MOMENT, MOMENT),
        row("GetZone/parameters/depth/type", "List<Integer>", LIST, LIST),
        row("StopVm/parameters/force/type", "Any", WIDER, NARROWER),
        row("StopVm/parameters/force/type", "Map<String,Boolean>", OTHER, OTHER),
        row("CreateVm/parameters/memory/type", "Double", OTHER, OTHER),
        row("CreateVm/parameters/hosts/type", "List<String>", WIDER, NARROWER),
        row("CreateVm/parameters/hosts/type", "List<List<Uuid>>", LIST, LIST),
        row("CreateVm/parameters/disk/type", "List<Disk>", LIST, LIST),
        row(
            "Thing/fields/id/type",
            "String",
            "breaking field-type-widened",
            "compatible field-type-narrowed",
        ),
        row("Thing/fields/id/type", "Timestamp", "breaking format-changed", "breaking format-changed"),
        row(
            "GetVms/response/inventories/type",
            "List<Thing>",
            "breaking field-type-widened",
            "compatible field-type-narrowed",
        ),
        row(
            "Nic/fields/mac/type",
            "List<String>",
            "breaking field-type-changed",
            "breaking field-type-changed",
        ),
        row("Disk/fields/bus/type", "String", "compatible stopped-being-enum", "breaking became-enum"),
        row("Vm/fields/state/type", "String", "risk stopped-being-enum", "compatible became-enum"),
        row("Disk/fields/bus/type", "Integer", "breaking field-type-changed", "breaking field-type-changed"),
    ]
}

fn constraints() -> Vec<Row> {
    const PATTERN: &str = "risk pattern-changed";
    const TRIMMING: &str = "risk trimming-changed";
    const UNIT: &str = "breaking encoding-changed";
    vec![
        row(
            "CreateVm/parameters/note/maxLength",
            50,
            "breaking max-length-decreased",
            "compatible max-length-increased",
        ),
        row(
            "CreateVm/parameters/note/maxLength",
            Value::Null,
            "compatible max-length-removed",
            "risk max-length-added",
        ),
        row("Vm/fields/owner/maxLength", 50, "compatible max-length-decreased", "risk max-length-increased"),
        row(
            "Vm/fields/owner/maxLength",
            Value::Null,
            "risk max-length-removed",
            "compatible max-length-added",
        ),
        row("CreateVm/parameters/note/minLength", 3, "breaking range-narrowed", "compatible range-widened"),
        row(
            "CreateVm/parameters/note/minLength",
            Value::Null,
            "compatible range-removed",
            "risk range-added",
        ),
        row(
            "CreateVm/parameters/cpus/range",
            json!([1, 4]),
            "breaking range-narrowed",
            "compatible range-widened",
        ),
        // One end moves inwards, the other one outwards.
        row(
            "CreateVm/parameters/cpus/range",
            json!([0, 4]),
            "breaking range-narrowed",
            "breaking range-narrowed",
        ),
        row("CreateVm/parameters/cpus/range", Value::Null, "compatible range-removed", "risk range-added"),
        row("CreateVm/parameters/code/pattern", "[0-9]{5}", PATTERN, PATTERN),
        row(
            "CreateVm/parameters/code/pattern",
            Value::Null,
            "compatible pattern-removed",
            "breaking pattern-added",
        ),
        row("CreateVm/parameters/code/javaPattern", "\\d{5}", PATTERN, PATTERN),
        row(
            "CreateVm/parameters/code/javaPattern",
            Value::Null,
            "compatible pattern-removed",
            "breaking pattern-added",
        ),
        row(
            "CreateVm/parameters/mode/values",
            json!(["fast", "slow", "both"]),
            "compatible enum-value-added",
            "breaking enum-value-removed",
        ),
        row(
            "CreateVm/parameters/mode/values",
            json!(["slow", "fast"]),
            "documentation enum-reordered",
            "documentation enum-reordered",
        ),
        row(
            "CreateVm/parameters/mode/values",
            Value::Null,
            "compatible stopped-being-enum",
            "breaking became-enum",
        ),
        row(
            "CreateVm/parameters/hosts/nonEmpty",
            Value::Null,
            "compatible range-removed",
            "risk range-added",
        ),
        row("CreateVm/parameters/password/noTrim", Value::Null, TRIMMING, TRIMMING),
        row("CreateVm/parameters/memory/unit", "mebibytes", UNIT, UNIT),
        row("CreateVm/parameters/memory/unit", Value::Null, UNIT, UNIT),
    ]
}
