//! Renamed elements.

use serde_json::json;

use super::{Row, row, special};

pub(super) fn rows() -> Vec<Row> {
    const DOC: &str = "documentation doc-changed";
    vec![
        row("CreateVm/parameters/note/name", "remark", "", "")
            .and("CreateVm/parameters/remark/renamedFrom", "note")
            .finds(
                "breaking param-renamed CreateVm/remark",
                "breaking param-removed CreateVm/remark; compatible param-added-optional; breaking since-backdated",
            ),
        row("CreateVm/parameters/note/renamedFrom", "remark", DOC, DOC),
        // Not published yet.
        row("CreateVm/parameters/new/name", "newer", "", "")
            .and("CreateVm/parameters/newer/renamedFrom", "new")
            .finds(
                "compatible param-renamed CreateVm/newer",
                "compatible param-removed CreateVm/newer; compatible param-added-optional",
            ),
        row("Nic/fields/mac/name", "address", "", "")
            .and("Nic/fields/address/renamedFrom", "mac")
            .and("Nic/fields/address/maxLength", 17)
            .finds(
                "breaking field-renamed Nic/address; compatible max-length-added Nic/address",
                "breaking field-removed Nic/address; compatible field-added; breaking since-backdated",
            ),
        row("Nic/fields/mac/renamedFrom", "address", DOC, DOC),
        row("Bus/values/Ide/name", "ide", "", "").and("Bus/values/ide/renamedFrom", "Ide").finds(
            "breaking enum-value-renamed Bus/ide",
            "breaking enum-value-removed Bus/ide; compatible enum-value-added; breaking since-backdated",
        ),
        row("Bus/values/Ide/renamedFrom", "Pata", DOC, DOC),
        // The key of the body and the parts follow.
        special("a renamed operation", "Operation.renamedFrom", |spec| {
            spec.rename("StopVm", "HaltVm");
            spec.set("HaltVm/renamedFrom", "StopVm".into());
            spec.set("HaltVm/parameters/force/required", true.into());
        })
        .finds(
            "breaking op-renamed HaltVm; breaking param-became-required HaltVm/force",
            "breaking op-removed HaltVm; compatible op-added StopVm; breaking since-backdated StopVm",
        ),
        // Users of the type have the new name, which is not a change.
        special("a renamed data type", "DataType.renamedFrom", |spec| {
            spec.rename("Nic", "Card");
            spec.set("Card/renamedFrom", "Nic".into());
            spec.set("Vm/fields/nics/type", "List<Card>".into());
            spec.set("Card/fields/mac/name", "address".into());
            spec.set("Card/fields/address/renamedFrom", "mac".into());
        })
        .finds(
            "risk type-renamed Card; breaking field-renamed Card/address",
            "breaking type-removed Card; compatible type-added Nic; breaking since-backdated Nic; \
             breaking field-type-changed Vm/nics",
        ),
        // The old operation stays, so that nothing is renamed.
        special("a new operation next to the one of its former name", "Operation.renamedFrom", |spec| {
            let mut file = spec.0["operations/vm/GetVms.yaml"].clone();
            file["name"] = "ListVms".into();
            file["path"] = "/machines".into();
            file["since"] = "4.0".into();
            file["response"] = json!([]);
            file["renamedFrom"] = "GetVms".into();
            spec.0.insert("operations/vm/ListVms.yaml".to_owned(), file);
        })
        .finds("compatible op-added ListVms", "compatible op-removed ListVms"),
        row("StopVm/renamedFrom", "EndVm", DOC, DOC),
        row("Vm/renamedFrom", "Machine", DOC, DOC),
    ]
}
