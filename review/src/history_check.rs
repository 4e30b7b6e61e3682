//! Checks histories: a published release may change only with an entry that keeps the old value.

use std::collections::BTreeSet;

use super::bases;
use super::change::Changes;
use super::element::SpecElement;
use super::models::Models;
use super::paths::shape;
use zstack_model::changes::ChangeKind;
use zstack_model::{
    AttributeValue, Body, Historic, HistoryEntry, Operation, Place, ReleaseState, Retirement, Version,
};

/// The releases that add, deprecate and remove an element.
#[derive(Clone, Copy)]
pub(super) struct Lifetime<'a> {
    pub(super) since: &'a Version,
    pub(super) retirement: &'a Retirement,
}

/// Returns whether a release is published in the old spec.
fn is_released(models: Models<'_>, version: &Version) -> bool {
    let release = models.old.service.releases.iter().find(|release| release.version == *version);
    release.is_some_and(|release| release.state == ReleaseState::Released)
}

impl Lifetime<'_> {
    /// Returns whether a published release has the element.
    fn is_released(self, models: Models<'_>) -> bool {
        is_released(models, self.since)
    }

    /// Returns whether a published release has removed the element.
    pub(super) fn is_over(self, models: Models<'_>) -> bool {
        self.retirement.removed.as_ref().is_some_and(|release| is_released(models, release))
    }
}

/// An operation on both sides as published releases have it. Its paths and the locations of its parameters depend on
/// which parameters those releases have.
pub(super) struct Released {
    pub(super) old: Option<Operation>,
    pub(super) new: Option<Operation>,
}

impl Released {
    /// Computes both sides; `None` if they are equal.
    pub(super) fn new(models: Models<'_>, old: &Operation, new: &Operation) -> Self {
        let is_same =
            old.is_same_on_wire(new) && old.history == new.history && old.parameters == new.parameters;
        if is_same {
            return Self { old: None, new: None };
        }
        let restrict = |operation: &Operation| operation.in_releases(|release| is_released(models, release));
        Self { old: restrict(old), new: restrict(new) }
    }
}

/// Compares the histories of an element, and checks its changes against them. The lifetimes are those of the element
/// and of its owner in the old spec. `since_of_new` is the release of the new element. `released` are the elements as
/// published releases have them, where histories do not determine that.
pub(super) fn compare<T: Historic + Clone>(
    models: Models<'_>,
    element: &SpecElement,
    (old, new): (&T, &T),
    (lifetime, owner): (Lifetime<'_>, Option<Lifetime<'_>>),
    since_of_new: &Version,
    released: [Option<&T>; 2],
    changes: &mut Changes,
) {
    let removed = lifetime.retirement.removed.as_ref();
    let is_new = since_of_new > lifetime.since
        && removed.is_some_and(|removed| removed <= since_of_new && is_released(models, removed));
    if old.is_same_on_wire(new) && old.history() == new.history() && !is_new {
        return;
    }
    let lifetimes = || owner.into_iter().chain([lifetime]);
    let changed_now = differing(models, &old.attributes(), &new.attributes());
    let is_released = |release: &Version| is_released(models, release);
    // The attributes whose changes need no finding about the entries themselves.
    let mut reported = Vec::new();
    if lifetimes().all(|lifetime| lifetime.is_released(models)) {
        let undo = |element: &T| {
            let mut element = element.clone();
            element.undo(is_released);
            element.attributes()
        };
        let [old_attributes, new_attributes] = released;
        let old_attributes = old_attributes.map_or_else(|| undo(old), T::attributes);
        let new_attributes = new_attributes.map_or_else(|| undo(new), T::attributes);
        reported = differing(models, &old_attributes, &new_attributes);
        let has_entry =
            |attribute: &str| added_entries(old, new).any(|entry| entry.was.attribute() == attribute);
        let (mut wrong, silent): (Vec<_>, Vec<_>) =
            reported.iter().copied().partition(|attribute| has_entry(attribute));
        let late = added_entries(old, new).filter(|entry| is_released(&entry.release));
        wrong.extend(late.map(|entry| entry.was.attribute()));
        wrong.dedup();
        if lifetimes().any(|lifetime| lifetime.is_over(models)) && (!reported.is_empty() || is_new) {
            let since = |version: &Version| Some(format!("since: {version}"));
            let (old, new) = match reported.is_empty() {
                true => (since(lifetime.since), since(since_of_new)),
                false => (values(&old_attributes, &reported), values(&new_attributes, &reported)),
            };
            changes.push(ChangeKind::IdentityReused, element, "history", old, new);
        } else if !silent.is_empty() {
            let (old, new) = (values(&old_attributes, &silent), values(&new_attributes, &silent));
            changes.push(ChangeKind::SilentEdit, element, "history", old, new);
        }
        if !wrong.is_empty() {
            let entries = added_entries(old, new).filter(|entry| wrong.contains(&entry.was.attribute()));
            let entries = show_entries(&entries.collect::<Vec<_>>());
            changes.push(
                ChangeKind::HistoryMismatch,
                element,
                "history",
                values(&old_attributes, &wrong),
                entries,
            );
        }
        reported.extend(wrong);
    }
    reported.extend(changed_now);
    // Differences that are not on the wire have findings of their own.
    let pairs = old.attributes().into_iter().zip(new.attributes());
    reported.extend(pairs.filter(|(old, new)| old != new).map(|(old, _)| old.attribute()));
    let is_reported = |attribute: &'static str| {
        reported.contains(&attribute) || reported.iter().any(|other| follows(attribute, other))
    };
    compare_entries(element, (old, new), is_released, is_reported, changes);
}

/// The values of attributes as text, such as `maxLength: 255; unit: nothing`.
fn values(facts: &[AttributeValue], attributes: &[&str]) -> Option<String> {
    let find = |attribute: &&str| facts.iter().find(|fact| fact.attribute() == *attribute);
    let show = |fact: &AttributeValue| {
        format!("{}: {}", fact.attribute(), fact.text().as_deref().unwrap_or("nothing"))
    };
    Some(attributes.iter().filter_map(find).map(show).collect::<Vec<_>>().join("; "))
}

/// Compares the entries. Those of published releases must stay in their order; other entries count if no other finding
/// reports their attribute.
fn compare_entries<T: Historic>(
    element: &SpecElement,
    (old, new): (&T, &T),
    is_released: impl Fn(&Version) -> bool,
    is_reported: impl Fn(&'static str) -> bool,
    changes: &mut Changes,
) {
    let has = |list: &[HistoryEntry], entry: &HistoryEntry| list.contains(entry);
    let released: Vec<_> = old.history().iter().filter(|entry| is_released(&entry.release)).collect();
    let is_kept = |entry: &&HistoryEntry| is_released(&entry.release) && has(old.history(), entry);
    let kept: Vec<_> = new.history().iter().filter(is_kept).collect();
    if released != kept {
        let (old, new) = (show_entries(&released), show_entries(&kept));
        changes.push(ChangeKind::HistoryRewritten, element, "history", old, new);
    }
    let unreleased = |one: &T, other: &T| -> Vec<HistoryEntry> {
        let is_own = |entry: &&HistoryEntry| {
            !is_released(&entry.release)
                && !has(other.history(), entry)
                && !is_reported(entry.was.attribute())
        };
        one.history().iter().filter(is_own).cloned().collect()
    };
    let (removed, added) = (unreleased(old, new), unreleased(new, old));
    if removed != added {
        let [old, new] = [removed, added].map(|entries| show_entries(&entries.iter().collect::<Vec<_>>()));
        changes.push(ChangeKind::UnreleasedChanged, element, "history", old, new);
    }
}

/// The entries that only the new side has.
fn added_entries<'a, T: Historic>(old: &'a T, new: &'a T) -> impl Iterator<Item = &'a HistoryEntry> {
    new.history().iter().filter(|entry| !old.history().contains(entry))
}

/// Entries as text; `None` if there are none.
fn show_entries(entries: &[&HistoryEntry]) -> Option<String> {
    let show = |entry: &&HistoryEntry| {
        let was = entry.was.text().unwrap_or_else(|| "nothing".to_owned());
        format!("{}: {} was {was}", entry.release, entry.was.attribute())
    };
    (!entries.is_empty()).then(|| entries.iter().map(show).collect::<Vec<_>>().join("; "))
}

/// The attributes in which two sides differ on the wire.
fn differing(models: Models<'_>, old: &[AttributeValue], new: &[AttributeValue]) -> Vec<&'static str> {
    let pairs = old.iter().zip(new).filter(|(old, new)| !is_same(models, old, new));
    let mut differing: Vec<_> = pairs.map(|(old, _)| old.attribute()).collect();
    // The order of paths is not on the wire.
    if paths(old) == paths(new) {
        differing.retain(|attribute| !matches!(*attribute, "path" | "paths"));
    }
    // The class of the reply usually follows from other attributes.
    if differing.iter().any(|attribute| follows("reply", attribute)) {
        differing.retain(|attribute| *attribute != "reply");
    }
    differing
}

/// Returns whether an attribute usually changes together with another one.
fn follows(attribute: &str, other: &str) -> bool {
    matches!(
        (attribute, other),
        ("enclosed", "in") | ("reply", "message" | "execution") | ("path", "paths") | ("paths", "path")
    )
}

/// Returns whether two facts are the same on the wire.
fn is_same(models: Models<'_>, old: &AttributeValue, new: &AttributeValue) -> bool {
    let is_in_body = |place: &Place| place.word() == Place::Body.word();
    match (old, new) {
        (AttributeValue::Type(old), AttributeValue::Type(new)) => models.renames.is_same(old, new),
        (AttributeValue::Extends(old), AttributeValue::Extends(new)) => {
            old.as_deref().map(|name| models.renames.data_type(name)) == new.as_deref()
                || bases::are_same_on_wire(models, old.as_deref(), new.as_deref())
        }
        (AttributeValue::Values(old), AttributeValue::Values(new)) => {
            BTreeSet::from_iter(old) == BTreeSet::from_iter(new)
        }
        (AttributeValue::In(old), AttributeValue::In(new)) => old.word() == new.word(),
        (AttributeValue::Enclosed(old), AttributeValue::Enclosed(new)) => {
            old == new || !is_in_body(old) || !is_in_body(new)
        }
        // The key of an action follows from the name of the operation.
        (AttributeValue::Body(Body::Action(_)), AttributeValue::Body(Body::Action(_))) => true,
        (AttributeValue::Execution(old, _), AttributeValue::Execution(new, _)) => old == new,
        (AttributeValue::Message(_), AttributeValue::Message(_))
        | (AttributeValue::Reply(_), AttributeValue::Reply(_)) => old.text() == new.text(),
        _ => old == new,
    }
}

/// All paths without the names of their variables.
fn paths(facts: &[AttributeValue]) -> BTreeSet<Vec<&str>> {
    let paths = facts.iter().flat_map(|fact| match fact {
        AttributeValue::Path(path) => std::slice::from_ref(path),
        AttributeValue::Paths(paths) => paths,
        _ => &[],
    });
    paths.map(|path| shape(path)).collect()
}
