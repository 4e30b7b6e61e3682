//! Changes of the releases that add, deprecate and remove an element.

use std::cmp::Ordering;

use super::change::Changes;
use super::element::{OperationPart, SpecElement};
use zstack_model::changes::ChangeKind;
use zstack_model::{Retirement, Version};

/// Compares the releases that introduced an element.
pub(super) fn compare_since(element: &SpecElement, (old, new): (&Version, &Version), changes: &mut Changes) {
    let kind = match new.cmp(old) {
        Ordering::Greater => ChangeKind::SinceRaised,
        Ordering::Less => ChangeKind::SinceLowered,
        Ordering::Equal => return compare_spelling(element, "since", (old, new), changes),
    };
    changes.push(kind, element, "since", Some(old.to_string()), Some(new.to_string()));
}

/// Compares two spellings of the same release.
fn compare_spelling(
    element: &SpecElement,
    key: &'static str,
    (old, new): (&Version, &Version),
    changes: &mut Changes,
) {
    changes.push_remark(element, key, Some(&old.to_string()), Some(&new.to_string()));
}

/// The kinds of changes of a deprecation or a removal. The judge refines them, because the kind also depends on which
/// releases are published.
struct RetirementKinds {
    /// The kind for an element for which no release was named before.
    added: fn(&SpecElement) -> ChangeKind,
    earlier: ChangeKind,
    later: ChangeKind,
    withdrawn: ChangeKind,
}

const DEPRECATION: RetirementKinds = RetirementKinds {
    added: |_| ChangeKind::DeprecatedAdded,
    earlier: ChangeKind::DeprecationMoved,
    later: ChangeKind::DeprecationMoved,
    withdrawn: ChangeKind::DeprecationWithdrawn,
};

const REMOVAL: RetirementKinds = RetirementKinds {
    added: scheduled_removal,
    earlier: ChangeKind::RemovalBroughtForward,
    later: ChangeKind::RemovalPostponed,
    withdrawn: ChangeKind::RemovalWithdrawn,
};

/// The kind of a removal that is announced for an element.
fn scheduled_removal(element: &SpecElement) -> ChangeKind {
    match element {
        SpecElement::OfOperation(_, OperationPart::Parameter, _) => ChangeKind::ParamRemovedOnSchedule,
        SpecElement::Operation(_) => ChangeKind::OpRemovedOnSchedule,
        SpecElement::Type(_) => ChangeKind::TypeRemovedOnSchedule,
        SpecElement::Value(..) => ChangeKind::EnumValueRemovedOnSchedule,
        _ => ChangeKind::FieldRemovedOnSchedule,
    }
}

/// Compares the deprecation and the removal of an element.
pub(super) fn compare(element: &SpecElement, (old, new): (&Retirement, &Retirement), changes: &mut Changes) {
    let Retirement { deprecated, removed, replacement } = old;
    compare_release(
        &DEPRECATION,
        element,
        "deprecated",
        (deprecated.as_ref(), new.deprecated.as_ref()),
        changes,
    );
    compare_release(&REMOVAL, element, "removed", (removed.as_ref(), new.removed.as_ref()), changes);
    changes.push_prose(element, "replacement", replacement.as_deref(), new.replacement.as_deref());
}

fn compare_release(
    kinds: &RetirementKinds,
    element: &SpecElement,
    key: &'static str,
    (old, new): (Option<&Version>, Option<&Version>),
    changes: &mut Changes,
) {
    let kind = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => (kinds.added)(element),
        (Some(_), None) => kinds.withdrawn,
        (Some(old), Some(new)) => match new.cmp(old) {
            Ordering::Less => kinds.earlier,
            Ordering::Greater => kinds.later,
            Ordering::Equal => return compare_spelling(element, key, (old, new), changes),
        },
    };
    let text = |version: Option<&Version>| version.map(|version| version.to_string());
    changes.push(kind, element, key, text(old), text(new));
}
