//! Since when something is there, and until when.

use super::change::Changes;
use super::element::Element;
use crate::model::{Retirement, Version};

/// A release that an element came with.
pub(super) fn since(element: &Element, (old, new): (&Version, &Version), changes: &mut Changes) {
    let rule = match new.cmp(old) {
        std::cmp::Ordering::Greater => "since-raised",
        std::cmp::Ordering::Less => "since-lowered",
        // The same, in another spelling.
        std::cmp::Ordering::Equal if old.text != new.text => "doc-changed",
        std::cmp::Ordering::Equal => return,
    };
    changes.push(rule, element, "since", Some(old.text.clone()), Some(new.text.clone()));
}

pub(super) fn compare(element: &Element, (old, new): (&Retirement, &Retirement), changes: &mut Changes) {
    let Retirement { deprecated, removed, replacement } = old;
    let deprecation = match (deprecated, &new.deprecated) {
        (None, Some(_)) => Some("deprecated-added"),
        (Some(_), None) => Some("deprecation-withdrawn"),
        (Some(old), Some(new)) if old != new => Some("deprecation-moved"),
        _ => None,
    };
    let removal = match (removed, &new.removed) {
        (None, Some(_)) => Some("removal-scheduled"),
        (Some(_), None) => Some("removal-withdrawn"),
        (Some(old), Some(new)) if new < old => Some("removal-brought-forward"),
        (Some(old), Some(new)) if new > old => Some("removal-postponed"),
        _ => None,
    };
    let show = |it: &Option<Version>| it.as_ref().map(|it| it.text.clone());
    for (rule, key, old, new) in [
        (deprecation, "deprecated", deprecated, &new.deprecated),
        (removal, "removed", removed, &new.removed),
    ] {
        if let Some(rule) = rule {
            changes.push(rule, element, key, show(old), show(new));
        }
    }
    changes.prose(element, "replacement", replacement.as_deref(), new.replacement.as_deref());
}
