//! Changes of deprecations and removals.

use serde_json::Value;

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    const DOC: &str = "documentation doc-changed";
    const MOVED: &str = "documentation deprecation-moved";
    vec![
        row("GetVms/deprecated", "4.0", "compatible deprecated-added", "risk deprecation-withdrawn"),
        row("GetVms/deprecated", "3.0", "risk deprecation-backdated", "risk deprecation-withdrawn"),
        row("StopVm/deprecated", "2.0", MOVED, MOVED),
        row("StopVm/deprecated", "3.0.0", DOC, DOC),
        row(
            "StopVm/removed",
            Value::Null,
            "compatible removal-withdrawn",
            "compatible op-removed-on-schedule",
        ),
        row("StopVm/removed", "4.0", "breaking removal-brought-forward", "compatible removal-postponed"),
        row("StopVm/removed", "5.0.0", DOC, DOC),
        row("StopVm/removed", "3.0", "breaking removal-backdated", "breaking removal-undone")
            .and("StopVm/deprecated", "2.0")
            .finds(
                "documentation deprecation-moved; breaking removal-backdated",
                "documentation deprecation-moved; breaking removal-undone",
            ),
        row("StopVm/replacement", "GetVms", DOC, DOC),
        row("StopVm/replacement", Value::Null, "risk doc-removed", DOC),
        row("Zone/deprecated", "2.0", "documentation deprecation-moved", "documentation deprecation-moved"),
        row(
            "Zone/removed",
            Value::Null,
            "compatible removal-withdrawn",
            "compatible type-removed-on-schedule",
        ),
        row("Bus/values/Scsi/removed", "3.0", "breaking removal-backdated", "breaking removal-undone")
            .and("Bus/values/Scsi/deprecated", "2.0")
            .finds(
                "documentation deprecation-moved; breaking removal-backdated",
                "documentation deprecation-moved; breaking removal-undone",
            ),
    ]
}
