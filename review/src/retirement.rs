//! Since when something is there, and until when.

use std::cmp::Ordering;

use super::change::Changes;
use super::element::{Element, Part};
use zstack_model::changes::ChangeKind;
use zstack_model::{Retirement, Version};

/// A release that an element came with.
pub(super) fn since(element: &Element, (old, new): (&Version, &Version), changes: &mut Changes) {
    let kind = match new.cmp(old) {
        Ordering::Greater => ChangeKind::SinceRaised,
        Ordering::Less => ChangeKind::SinceLowered,
        Ordering::Equal => return spelling(element, "since", (old, new), changes),
    };
    changes.push(kind, element, "since", Some(old.text.clone()), Some(new.text.clone()));
}

/// The same release, in another spelling.
fn spelling(element: &Element, key: &'static str, (old, new): (&Version, &Version), changes: &mut Changes) {
    changes.aside(element, key, Some(&old.text), Some(&new.text));
}

/// The rules that a release's coming, going and moving are cases of. Which of
/// them depends on what is out, too; that is for the judge to see.
struct Moves {
    /// The rule for an element, where a release is named for the first time.
    added: fn(&Element) -> ChangeKind,
    earlier: ChangeKind,
    later: ChangeKind,
    withdrawn: ChangeKind,
}

const DEPRECATION: Moves = Moves {
    added: |_| ChangeKind::DeprecatedAdded,
    earlier: ChangeKind::DeprecationMoved,
    later: ChangeKind::DeprecationMoved,
    withdrawn: ChangeKind::DeprecationWithdrawn,
};

const REMOVAL: Moves = Moves {
    added: scheduled,
    earlier: ChangeKind::RemovalBroughtForward,
    later: ChangeKind::RemovalPostponed,
    withdrawn: ChangeKind::RemovalWithdrawn,
};

/// The rule that a planned removal of an element is a case of.
fn scheduled(element: &Element) -> ChangeKind {
    match element {
        Element::OfOperation(_, Part::Parameter, _) => ChangeKind::ParamRemovedOnSchedule,
        Element::Operation(_) => ChangeKind::OpRemovedOnSchedule,
        Element::Type(_) => ChangeKind::TypeRemovedOnSchedule,
        Element::Value(..) => ChangeKind::EnumValueRemovedOnSchedule,
        _ => ChangeKind::FieldRemovedOnSchedule,
    }
}

pub(super) fn compare(element: &Element, (old, new): (&Retirement, &Retirement), changes: &mut Changes) {
    let Retirement { deprecated, removed, replacement } = old;
    moved(&DEPRECATION, element, "deprecated", (deprecated.as_ref(), new.deprecated.as_ref()), changes);
    moved(&REMOVAL, element, "removed", (removed.as_ref(), new.removed.as_ref()), changes);
    changes.prose(element, "replacement", replacement.as_deref(), new.replacement.as_deref());
}

fn moved(
    moves: &Moves,
    element: &Element,
    key: &'static str,
    (old, new): (Option<&Version>, Option<&Version>),
    changes: &mut Changes,
) {
    let kind = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => (moves.added)(element),
        (Some(_), None) => moves.withdrawn,
        (Some(old), Some(new)) => match new.cmp(old) {
            Ordering::Less => moves.earlier,
            Ordering::Greater => moves.later,
            Ordering::Equal => return spelling(element, key, (old, new), changes),
        },
    };
    let text = |it: Option<&Version>| it.map(|it| it.text.clone());
    changes.push(kind, element, key, text(old), text(new));
}
