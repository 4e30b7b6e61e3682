//! Changes between two models.

use std::collections::HashMap;

use super::element::SpecElement;
use super::pair::Paired;
use zstack_model::changes::{ChangeKind, Effect};

/// One difference between two models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind of the change.
    pub kind: ChangeKind,
    /// The changed element.
    pub element: SpecElement,
    /// The element by its name in the old spec, if that differs.
    pub formerly: Option<SpecElement>,
    /// The key in the spec whose value changed; empty for the element as a whole.
    pub attribute: &'static str,
    /// The old value as the spec writes it, if there is one.
    pub old: Option<String>,
    /// The new value, if there is one.
    pub new: Option<String>,
}

impl Change {
    /// The effect on the element as a whole: added, removed or changed.
    pub fn effect(&self) -> Effect {
        // Values in a list are not elements.
        if self.attribute.is_empty() { self.kind.rule().effect } else { Effect::Changed }
    }

    /// The element by its name in the old spec.
    pub(super) fn old_element(&self) -> &SpecElement {
        self.formerly.as_ref().unwrap_or(&self.element)
    }
}

/// The changes found so far.
#[derive(Debug, Default)]
pub(super) struct Changes {
    list: Vec<Change>,
    /// Renamed elements, with their names in the old spec.
    former_elements: HashMap<SpecElement, SpecElement>,
}

impl Changes {
    pub(super) fn into_vec(self) -> Vec<Change> {
        self.list
    }

    /// Adds a change.
    pub(super) fn push(
        &mut self,
        kind: ChangeKind,
        element: &SpecElement,
        attribute: &'static str,
        old: Option<String>,
        new: Option<String>,
    ) {
        let formerly = self.former_element(element);
        self.list.push(Change { kind, element: element.clone(), formerly, attribute, old, new });
    }

    /// Records the old name of an element, which also applies to its parts.
    pub(super) fn record_old_name(&mut self, element: &SpecElement, old_name: &str) {
        if element.name() != old_name {
            let formerly =
                self.former_element(element).unwrap_or_else(|| element.clone()).with_name(old_name);
            self.former_elements.insert(element.clone(), formerly);
        }
    }

    fn former_element(&self, element: &SpecElement) -> Option<SpecElement> {
        if self.former_elements.is_empty() {
            return None;
        }
        self.former_elements.get(element).cloned().or_else(|| {
            let owner = self.former_elements.get(&element.owner()?)?;
            Some(element.with_owner(owner.name()))
        })
    }

    /// Adds the renaming of an element, unless the names are equal.
    pub(super) fn push_name(&mut self, kind: ChangeKind, element: &SpecElement, old_name: &str) {
        self.record_old_name(element, old_name);
        let new_name = element.name();
        if new_name != old_name {
            self.push(kind, element, "name", Some(old_name.to_owned()), Some(new_name.to_owned()));
        }
    }

    /// Adds a change of an element as a whole: it exists on one side only.
    pub(super) fn push_whole(&mut self, kind: ChangeKind, element: &SpecElement) {
        self.push(kind, element, "", None, None);
    }

    /// Adds the removals and additions of elements without a pair.
    pub(super) fn push_unpaired<T>(
        &mut self,
        (removed, added): (ChangeKind, ChangeKind),
        paired: &Paired<'_, T>,
        element: impl Fn(&T) -> SpecElement,
    ) {
        paired.removed.iter().for_each(|item| self.push_whole(removed, &element(item)));
        paired.added.iter().for_each(|item| self.push_whole(added, &element(item)));
    }

    /// Adds a change of a required attribute, unless the values are equal.
    pub(super) fn push_attribute<T: PartialEq>(
        &mut self,
        kind: ChangeKind,
        element: &SpecElement,
        attribute: &'static str,
        (old, new): (&T, &T),
        show: impl Fn(&T) -> String,
    ) {
        if old != new {
            self.push(kind, element, attribute, Some(show(old)), Some(show(new)));
        }
    }

    /// Adds a change of a description, unless the texts are equal.
    pub(super) fn push_prose(
        &mut self,
        element: &SpecElement,
        attribute: &'static str,
        old: Option<&str>,
        new: Option<&str>,
    ) {
        let kind = if new.is_none() { ChangeKind::DocRemoved } else { ChangeKind::DocChanged };
        self.push_text(kind, element, attribute, [old, new]);
    }

    /// Adds a change of information that programs do not use, unless the texts are equal.
    pub(super) fn push_remark(
        &mut self,
        element: &SpecElement,
        attribute: &'static str,
        old: Option<&str>,
        new: Option<&str>,
    ) {
        self.push_text(ChangeKind::DocChanged, element, attribute, [old, new]);
    }

    /// Adds a change of an optional text, unless the texts are equal.
    pub(super) fn push_text(
        &mut self,
        kind: ChangeKind,
        element: &SpecElement,
        attribute: &'static str,
        [old, new]: [Option<&str>; 2],
    ) {
        if old != new {
            self.push(kind, element, attribute, old.map(str::to_owned), new.map(str::to_owned));
        }
    }

    /// Adds a change of the order of a list, unless the order is the same.
    pub(super) fn push_order<T>(
        &mut self,
        kind: ChangeKind,
        (owner, list): (&SpecElement, &'static str),
        paired: &Paired<'_, T>,
        name: impl Fn(&T) -> &str,
    ) {
        if paired.is_reordered() {
            let [old, new] =
                paired.orders().map(|order| order.into_iter().map(&name).collect::<Vec<_>>().join(", "));
            self.push(kind, owner, list, Some(old), Some(new));
        }
    }
}
