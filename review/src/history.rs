//! Histories: what is out may change only by an entry that says what it was.

use std::collections::BTreeSet;

use super::bases;
use super::change::Changes;
use super::element::Element;
use super::models::Models;
use super::paths::shape;
use zstack_model::changes::ChangeKind;
use zstack_model::{
    AttributeValue, Body, Historic, HistoryEntry, Operation, Place, ReleaseState, Retirement, Version,
};

/// When something came, and how it leaves.
#[derive(Clone, Copy)]
pub(super) struct Life<'a> {
    pub(super) since: &'a Version,
    pub(super) retirement: &'a Retirement,
}

/// Whether a release is out, as the old spec says.
fn is_out(models: Models<'_>, version: &Version) -> bool {
    let release = models.old.service.releases.iter().find(|release| release.version == *version);
    release.is_some_and(|release| release.state == ReleaseState::Released)
}

impl Life<'_> {
    /// Whether some release that is out has it.
    fn is_out(self, models: Models<'_>) -> bool {
        is_out(models, self.since)
    }

    /// Whether some release that is out is without it again.
    pub(super) fn is_over(self, models: Models<'_>) -> bool {
        self.retirement.removed.as_ref().is_some_and(|it| is_out(models, it))
    }
}

/// An operation on both sides, as the releases that are out have it. Its paths
/// and the places of its parameters depend on which parameters these have.
pub(super) struct Released {
    pub(super) old: Option<Operation>,
    pub(super) new: Option<Operation>,
}

impl Released {
    /// Nothing where both sides are the same.
    pub(super) fn new(models: Models<'_>, old: &Operation, new: &Operation) -> Self {
        let is_same =
            old.is_same_on_wire(new) && old.history == new.history && old.parameters == new.parameters;
        let cut = |it: &Operation| it.in_releases(|release| is_out(models, release));
        if is_same { Self { old: None, new: None } } else { Self { old: cut(old), new: cut(new) } }
    }
}

/// Compares what an element says of its past, and holds what it is now against
/// that. `life` is what the old spec says, of the element and of what it is
/// part of; `since_of_new` is when the new one came. `released` is what releases that
/// are out have, where that is more than what histories say.
pub(super) fn compare<T: Historic + Clone>(
    models: Models<'_>,
    element: &Element,
    (old, new): (&T, &T),
    (life, owner): (Life<'_>, Option<Life<'_>>),
    since_of_new: &Version,
    released: [Option<&T>; 2],
    changes: &mut Changes,
) {
    let removed = life.retirement.removed.as_ref();
    let is_new =
        since_of_new > life.since && removed.is_some_and(|it| it <= since_of_new && is_out(models, it));
    if old.is_same_on_wire(new) && old.history() == new.history() && !is_new {
        return;
    }
    let lives = || owner.into_iter().chain([life]);
    let now = differing(models, &old.attributes(), &new.attributes());
    let out = |release: &Version| is_out(models, release);
    let mut told = Vec::new();
    if lives().all(|it| it.is_out(models)) {
        let undone = |it: &T| {
            let mut it = it.clone();
            it.undo(out);
            it.attributes()
        };
        let [was, is] = released;
        let was = was.map_or_else(|| undone(old), T::attributes);
        let is = is.map_or_else(|| undone(new), T::attributes);
        told = differing(models, &was, &is);
        let is_said = |attribute: &str| added(old, new).any(|it| it.was.attribute() == attribute);
        let (mut wrong, silent): (Vec<_>, Vec<_>) = told.iter().copied().partition(|it| is_said(it));
        let late = added(old, new).filter(|it| out(&it.release)).map(|it| it.was.attribute());
        wrong.extend(late);
        wrong.dedup();
        if lives().any(|it| it.is_over(models)) && (!told.is_empty() || is_new) {
            let since = |it: &Version| Some(format!("since: {it}"));
            let (old, new) = match told.is_empty() {
                true => (since(life.since), since(since_of_new)),
                false => (values(&was, &told), values(&is, &told)),
            };
            changes.push(ChangeKind::IdentityReused, element, "history", old, new);
        } else if !silent.is_empty() {
            let (old, new) = (values(&was, &silent), values(&is, &silent));
            changes.push(ChangeKind::SilentEdit, element, "history", old, new);
        }
        if !wrong.is_empty() {
            let entries: Vec<_> = added(old, new).filter(|it| wrong.contains(&it.was.attribute())).collect();
            changes.push(
                ChangeKind::HistoryMismatch,
                element,
                "history",
                values(&was, &wrong),
                shown(&entries),
            );
        }
        told.extend(wrong);
    }
    told.extend(now);
    // What differs and is not on the wire has a finding of its own.
    let pairs = old.attributes().into_iter().zip(new.attributes());
    told.extend(pairs.filter(|(old, new)| old != new).map(|(old, _)| old.attribute()));
    entries(
        element,
        (old, new),
        out,
        |it| told.contains(&it) || told.iter().any(|told| follows(it, told)),
        changes,
    );
}

/// The values of some attributes: `maxLength: 255; unit: nothing`.
fn values(facts: &[AttributeValue], attributes: &[&str]) -> Option<String> {
    let find = |attribute: &&str| facts.iter().find(|fact| fact.attribute() == *attribute);
    let show =
        |it: &AttributeValue| format!("{}: {}", it.attribute(), it.text().as_deref().unwrap_or("nothing"));
    Some(attributes.iter().filter_map(find).map(show).collect::<Vec<_>>().join("; "))
}

/// Compares the entries themselves: those of releases that are out stay, in
/// their order; of the others those count that nothing else tells of.
fn entries<T: Historic>(
    element: &Element,
    (old, new): (&T, &T),
    out: impl Fn(&Version) -> bool,
    is_told: impl Fn(&'static str) -> bool,
    changes: &mut Changes,
) {
    let has = |list: &[HistoryEntry], entry: &HistoryEntry| list.contains(entry);
    let of_old: Vec<_> = old.history().iter().filter(|history| out(&history.release)).collect();
    let kept: Vec<_> =
        new.history().iter().filter(|history| out(&history.release) && has(old.history(), history)).collect();
    if of_old != kept {
        changes.push(ChangeKind::HistoryRewritten, element, "history", shown(&of_old), shown(&kept));
    }
    let open = |one: &T, other: &T| -> Vec<HistoryEntry> {
        let alone =
            one.history().iter().filter(|history| !out(&history.release) && !has(other.history(), history));
        alone.filter(|alone| !is_told(alone.was.attribute())).cloned().collect()
    };
    let (gone, come) = (open(old, new), open(new, old));
    if gone != come {
        let [gone, come] = [gone, come].map(|it| shown(&it.iter().collect::<Vec<_>>()));
        changes.push(ChangeKind::UnreleasedChanged, element, "history", gone, come);
    }
}

/// The entries that only the new side has.
fn added<'a, T: Historic>(old: &'a T, new: &'a T) -> impl Iterator<Item = &'a HistoryEntry> {
    new.history().iter().filter(|history| !old.history().contains(history))
}

fn shown(entries: &[&HistoryEntry]) -> Option<String> {
    let show = |it: &&HistoryEntry| {
        let was = it.was.text().unwrap_or_else(|| "nothing".to_owned());
        format!("{}: {} was {was}", it.release, it.was.attribute())
    };
    (!entries.is_empty()).then(|| entries.iter().map(show).collect::<Vec<_>>().join("; "))
}

/// The attributes in which two sides differ on the wire.
fn differing(models: Models<'_>, old: &[AttributeValue], new: &[AttributeValue]) -> Vec<&'static str> {
    let pairs = old.iter().zip(new).filter(|(old, new)| !is_same(models, old, new));
    let mut differing: Vec<_> = pairs.map(|(old, _)| old.attribute()).collect();
    // Which of the paths comes first is not on the wire.
    if paths(old) == paths(new) {
        differing.retain(|it| !matches!(*it, "path" | "paths"));
    }
    // The class of an answer mostly follows.
    if differing.iter().any(|it| follows("reply", it)) {
        differing.retain(|it| *it != "reply");
    }
    differing
}

/// Whether an attribute changes where another one does.
fn follows(attribute: &str, other: &str) -> bool {
    matches!(
        (attribute, other),
        ("enclosed", "in") | ("reply", "message" | "execution") | ("path", "paths") | ("paths", "path")
    )
}

fn is_same(models: Models<'_>, old: &AttributeValue, new: &AttributeValue) -> bool {
    let is_in_body = |it: &Place| it.word() == Place::Body.word();
    match (old, new) {
        (AttributeValue::Type(old), AttributeValue::Type(new)) => models.renames.is_same(old, new),
        (AttributeValue::Extends(old), AttributeValue::Extends(new)) => {
            old.as_deref().map(|it| models.renames.data_type(it)) == new.as_deref()
                || bases::are_same_on_wire(models, old.as_deref(), new.as_deref())
        }
        (AttributeValue::Values(old), AttributeValue::Values(new)) => {
            BTreeSet::from_iter(old) == BTreeSet::from_iter(new)
        }
        (AttributeValue::In(old), AttributeValue::In(new)) => old.word() == new.word(),
        (AttributeValue::Enclosed(old), AttributeValue::Enclosed(new)) => {
            old == new || !is_in_body(old) || !is_in_body(new)
        }
        // The key follows from the name.
        (AttributeValue::Body(Body::Action(_)), AttributeValue::Body(Body::Action(_))) => true,
        (AttributeValue::Execution(old, _), AttributeValue::Execution(new, _)) => old == new,
        (AttributeValue::Message(_), AttributeValue::Message(_))
        | (AttributeValue::Reply(_), AttributeValue::Reply(_)) => old.text() == new.text(),
        _ => old == new,
    }
}

/// All paths, without the names of their variables.
fn paths(facts: &[AttributeValue]) -> BTreeSet<Vec<&str>> {
    let paths = facts.iter().flat_map(|fact| match fact {
        AttributeValue::Path(path) => std::slice::from_ref(path),
        AttributeValue::Paths(paths) => paths,
        _ => &[],
    });
    paths.map(|path| shape(path)).collect()
}
