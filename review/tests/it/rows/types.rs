//! Changes of data types, their fields and values.

use serde_json::{Value, json};

use super::{Row, row, special};

const DOC: &str = "documentation doc-changed";
const GONE: &str = "risk doc-removed";

pub(super) fn rows() -> Vec<Row> {
    [whole(), fields(), values()].into_iter().flatten().collect()
}

fn whole() -> Vec<Row> {
    const NATIVE: &str = "documentation type-native-changed";
    const CLASS: &str = "risk type-class-changed";
    vec![
        row("Vm/summary", "A machine.", DOC, DOC),
        row("Vm/description", "It runs.", DOC, DOC),
        row("Vm/description", Value::Null, GONE, DOC),
        row("Zone/since", "0.6", "breaking since-lowered", "breaking since-raised"),
        row("Zone/source", Value::Null, DOC, DOC),
        row("Zone/native", Value::Null, NATIVE, NATIVE),
        row("Zone/replacement", "Nic", DOC, DOC),
        row("Nic/deprecated", "4.0", "compatible deprecated-added", "risk deprecation-withdrawn"),
        row("Nic/resource", "Nic", "documentation type-resource-added", "risk type-resource-removed"),
        row("Vm/resource", "Machine", "documentation type-resource-changed", "documentation type-resource-changed"),
        row("Vm/javaClass", "org.vm.Vm", CLASS, CLASS),
        row("Vm/javaClass", Value::Null, CLASS, CLASS),
        row(
            "Vm/extends",
            Value::Null,
            "compatible base-removed; breaking field-removed Vm/id",
            "compatible base-added; compatible field-added Vm/id; breaking since-backdated Vm/id",
        ),
        // On the wire, it does not matter which record declares a field.
        special("a field moves to a new base", "DataType.extends", |spec| {
            let mac = spec.0.get_mut("types/Nic.yaml").unwrap()["fields"].as_array_mut().unwrap().remove(0);
            spec.set("Nic/extends", "Card".into());
            spec.add_type("Card", json!([mac]));
        })
        .finds(
            "compatible type-added Card; compatible base-added Nic",
            "compatible type-unreachable-removed Card; compatible base-removed Nic",
        ),
        special("a field moves to a new base and changes", "Field.type", |spec| {
            let mut mac = spec.0.get_mut("types/Nic.yaml").unwrap()["fields"].as_array_mut().unwrap().remove(0);
            mac["type"] = "Integer".into();
            spec.set("Nic/extends", "Card".into());
            spec.add_type("Card", json!([mac]));
        })
        .finds(
            "compatible type-added Card; compatible base-added Nic; breaking field-type-changed Nic/mac",
            "compatible type-unreachable-removed Card; compatible base-removed Nic; breaking field-type-changed Nic/mac",
        ),
        special("a base between moves", "DataType.extends", |spec| {
            spec.add_type("Middle", json!([]));
            spec.set("Middle/extends", "Thing".into());
            spec.set("Vm/extends", "Middle".into());
        })
        .finds(
            "compatible type-added Middle; compatible base-added Vm",
            "compatible type-unreachable-removed Middle; compatible base-removed Vm",
        ),
        // One finding at the base covers all extensions.
        row("Thing/fields/id/type", "String", "breaking field-type-widened", "compatible field-type-narrowed"),
        row("Thing/fields/+", json!({"name": "note", "type": "String", "since": "4.0"}), "compatible field-added", "compatible field-removed"),
        row("Vm/extends", "ErrorCode", "breaking subtype-removed; risk subtype-added", "breaking subtype-removed; risk subtype-added")
            .and("CreateVm/examples/A small one/response", json!({"vm": {"state": "Running", "code": "x"}}))
            .finds(
                "documentation example-changed CreateVm/examples/A small one; risk subtype-added Vm; compatible base-removed Vm; \
                 breaking field-removed Vm/id; compatible field-added-required Vm/code; breaking since-backdated Vm/code",
                "documentation example-changed CreateVm/examples/A small one; breaking subtype-removed Vm; compatible base-added Vm; \
                 breaking field-removed Vm/code; compatible field-added Vm/id; breaking since-backdated Vm/id",
            ),
        special("a removed data type that is not used", "DataType.name", |spec| {
            spec.0.remove("types/Unused.yaml");
        })
        .finds("compatible type-unreachable-removed Unused", "compatible type-added Unused; compatible since-backdated Unused"),
        special("a removed data type and its users", "DataType.name", |spec| {
            spec.0.remove("types/Nic.yaml");
            spec.set("Vm/fields/nics", Value::Null);
        })
        .finds(
            "breaking type-removed Nic; breaking field-removed Vm/nics",
            "compatible type-added Nic; breaking since-backdated Nic; compatible field-added Vm/nics; breaking since-backdated Vm/nics",
        ),
        special("a record becomes an enum", "DataType.values", |spec| {
            spec.set("Nic/fields", Value::Null);
            spec.set("Nic/values", json!([{"name": "One", "since": "0.6"}]));
        })
        .finds("breaking type-kind-changed Nic", "breaking type-kind-changed Nic"),
        special("another type of the same shape", "Field.type", |spec| {
            let mut state = spec.0["types/State.yaml"].clone();
            state["name"] = "Phase".into();
            spec.0.insert("types/Phase.yaml".to_owned(), state);
            spec.set("Vm/fields/state/type", "Phase".into());
        })
        .finds(
            "compatible type-added Phase; breaking since-backdated Phase; risk type-renamed-same-shape Vm/state",
            "breaking type-removed Phase; risk type-renamed-same-shape Vm/state",
        ),
    ]
}

fn fields() -> Vec<Row> {
    let field = |required: bool, since: &str| json!({"name": "color", "type": "String", "required": required, "since": since});
    vec![
        row("Vm/fields/+", field(false, "4.0"), "compatible field-added", "compatible field-removed"),
        row("Vm/fields/+", field(false, "5.0"), "compatible field-added; risk since-skips-next", "compatible field-removed"),
        row("Vm/fields/+", field(false, "2.0"), "compatible field-added; breaking since-backdated", "breaking field-removed"),
        // Clients already send the record without the new field.
        row("Disk/fields/+", field(true, "4.0"), "breaking field-added-required", "compatible field-removed"),
        row("Coming/fields/+", field(true, "4.0"), "compatible field-added-required", "compatible field-removed"),
        row("Nic/fields/mac/name", "address", "breaking field-removed; compatible field-added Nic/address; breaking since-backdated Nic/address", "breaking field-removed Nic/address; compatible field-added; breaking since-backdated"),
        row("Nic/fields/mac/since", "2.0", "breaking since-raised", "breaking since-lowered"),
        row("Vm/fields/size/since", "3.0", "breaking since-backdated", "breaking since-raised"),
        row("Vm/fields/owner/required", true, "compatible field-became-required", "breaking field-became-optional")
            .and("CreateVm/examples/A small one/response", json!({"vm": {"state": "Running", "owner": "me"}}))
            .finds(
                "documentation example-changed CreateVm/examples/A small one; compatible field-became-required Vm/owner",
                "documentation example-changed CreateVm/examples/A small one; breaking field-became-optional Vm/owner",
            ),
        row("Disk/fields/bus/required", true, "breaking field-became-required", "compatible field-became-optional"),
        row("Nic/fields/mac/description", "Six bytes.", DOC, DOC),
        row("Nic/fields/mac/description", Value::Null, GONE, DOC),
        row("Nic/fields/mac/source", "platform", DOC, DOC),
        row("CreateVm/response/vm/documented", Value::Null, DOC, DOC),
        row("Vm/fields/owner/refers", "Zone", "documentation reference-added", "risk reference-removed"),
        row("Nic/fields/mac/minLength", 12, "compatible range-added", "risk range-removed"),
        row("Vm/fields/size/range", json!([1, 9]), "compatible range-added", "compatible range-removed"),
        row("Disk/fields/size/range", json!([1, 50]), "breaking range-narrowed", "compatible range-widened"),
        row("Nic/fields/mac/pattern", "[0-9a-f:]+", "compatible pattern-added", "risk pattern-removed"),
        row("Nic/fields/mac/javaPattern", "\\w+", "compatible pattern-added", "risk pattern-removed"),
        row("Nic/fields/mac/values", json!(["a", "b"]), "compatible became-enum", "risk stopped-being-enum"),
        row("Vm/fields/nics/nonEmpty", true, "compatible range-added", "risk range-removed"),
        row("Nic/fields/mac/noTrim", true, "risk trimming-changed", "risk trimming-changed"),
        row("Nic/fields/mac/sensitive", true, "compatible sensitive-added", "risk sensitive-removed"),
        row("Vm/fields/memory/unit", "mebibytes", "breaking encoding-changed", "breaking encoding-changed"),
        row("Nic/fields/mac/default", "none", "compatible field-default-added", "compatible field-default-removed"),
        row("Disk/fields/bus/default", "Ide", "risk field-default-added", "risk field-default-removed"),
        row("Disk/fields/size/default", 10, "risk field-default-changed", "risk field-default-changed"),
        row("Vm/fields/owner/deprecated", "4.0", "compatible deprecated-added; documentation doc-changed", "risk deprecation-withdrawn; risk doc-removed")
            .and("Vm/fields/owner/replacement", "id"),
        row("Vm/fields/owner/removed", "5.0", "compatible deprecated-added; compatible field-removed-on-schedule", "risk deprecation-withdrawn; compatible removal-withdrawn")
            .and("Vm/fields/owner/deprecated", "4.0"),
        row("CreateVm/response/vm/replacement", "warnings", DOC, GONE),
        special("another order of fields", "DataType.fields", |spec| {
            spec.0.get_mut("types/Nic.yaml").unwrap()["fields"].as_array_mut().unwrap().reverse();
        })
        .finds("documentation field-reordered Nic", "documentation field-reordered Nic"),
        row("StopVm/parameters/+", json!({"name": "nic", "in": "body", "type": "Nic", "required": false, "since": "4.0"}), "compatible param-added-optional; risk type-direction-widened Nic", "compatible param-removed"),
        row("Nic/fields/+", json!({"name": "vm", "type": "Vm", "since": "4.0"}), "compatible field-added; risk type-cycle-introduced Nic", "compatible field-removed"),
    ]
}

fn values() -> Vec<Row> {
    const VARIANT: &str = "documentation enum-variant-renamed";
    vec![
        row(
            "State/values/+",
            json!({"name": "Paused", "since": "4.0"}),
            "risk enum-value-added",
            "compatible enum-value-removed",
        ),
        row(
            "State/values/+",
            json!({"name": "Paused", "since": "0.6"}),
            "risk enum-value-added; breaking since-backdated",
            "compatible enum-value-removed",
        ),
        row(
            "Bus/values/+",
            json!({"name": "Usb", "since": "4.0"}),
            "compatible enum-value-added",
            "compatible enum-value-removed",
        ),
        row("Bus/values/Ide/rustName", "IdeBus", VARIANT, VARIANT),
        // The default name of the variant.
        row("Bus/values/Ide/rustName", "Ide", DOC, DOC),
        row(
            "Bus/values/Ide",
            Value::Null,
            "breaking enum-value-removed",
            "compatible enum-value-added; breaking since-backdated",
        ),
        row(
            "Bus/values/Ide/name",
            "ide",
            "breaking enum-value-removed; compatible enum-value-added Bus/ide; breaking since-backdated Bus/ide",
            "breaking enum-value-removed Bus/ide; compatible enum-value-added; breaking since-backdated",
        ),
        row("Bus/values/Ide/since", "2.0", "breaking since-raised", "breaking since-lowered"),
        row("Bus/values/Ide/description", "Very old.", DOC, DOC),
        row("Bus/values/Ide/description", Value::Null, GONE, DOC),
        row(
            "Bus/values/Virtio/deprecated",
            "4.0",
            "compatible deprecated-added",
            "risk deprecation-withdrawn",
        ),
        row(
            "Bus/values/Scsi/removed",
            "4.0",
            "compatible enum-value-removed-on-schedule",
            "compatible removal-withdrawn",
        ),
        row("Bus/values/Scsi/replacement", "Ide", DOC, DOC),
        special("another order of values", "DataType.values", |spec| {
            spec.0.get_mut("types/Bus.yaml").unwrap()["values"].as_array_mut().unwrap().reverse();
        })
        .finds("documentation enum-reordered Bus", "documentation enum-reordered Bus"),
    ]
}
