//! What is different between two models, before anybody judges it.

use std::collections::HashMap;

use super::element::Element;
use super::pair::Paired;
use zstack_model::changes::{ChangeKind, Effect};

/// One difference between two models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its kind.
    pub kind: ChangeKind,
    /// What it is about.
    pub element: Element,
    /// What the old spec calls it, where that is another name.
    pub formerly: Option<Element>,
    /// The key of the spec that says it; empty for the element as a whole.
    pub attribute: &'static str,
    /// What it was, in the spec's words; `None` for nothing.
    pub old: Option<String>,
    /// What it is now.
    pub new: Option<String>,
}

impl Change {
    /// What happens to the element as a whole.
    pub fn effect(&self) -> Effect {
        // A value of a list is not an element.
        if self.attribute.is_empty() { self.kind.rule().effect } else { Effect::Changed }
    }

    /// The element by the name that the old spec has for it.
    pub(super) fn old_element(&self) -> &Element {
        self.formerly.as_ref().unwrap_or(&self.element)
    }
}

/// Differences, as they are found.
#[derive(Debug, Default)]
pub(super) struct Changes {
    list: Vec<Change>,
    /// What the old spec calls what has another name now.
    formerly: HashMap<Element, Element>,
}

impl Changes {
    pub(super) fn into_vec(self) -> Vec<Change> {
        self.list
    }

    /// A difference in an attribute.
    pub(super) fn push(
        &mut self,
        kind: ChangeKind,
        element: &Element,
        attribute: &'static str,
        old: Option<String>,
        new: Option<String>,
    ) {
        let formerly = self.formerly(element);
        self.list.push(Change { kind, element: element.clone(), formerly, attribute, old, new });
    }

    /// Remembers that the old spec has another name for an element. From then
    /// on what is part of it is known by that name, too.
    pub(super) fn renamed(&mut self, element: &Element, old_name: &str) {
        if element.name() != old_name {
            let formerly = self.formerly(element).unwrap_or_else(|| element.clone()).named(old_name);
            self.formerly.insert(element.clone(), formerly);
        }
    }

    fn formerly(&self, element: &Element) -> Option<Element> {
        if self.formerly.is_empty() {
            return None;
        }
        self.formerly.get(element).cloned().or_else(|| {
            let owner = self.formerly.get(&element.owner()?)?;
            Some(element.part_of(owner.name()))
        })
    }

    /// An element of another name.
    pub(super) fn name(&mut self, kind: ChangeKind, element: &Element, old_name: &str) {
        self.renamed(element, old_name);
        let new_name = element.name();
        if new_name != old_name {
            self.push(kind, element, "name", Some(old_name.to_owned()), Some(new_name.to_owned()));
        }
    }

    /// An element that there is on one side alone.
    pub(super) fn whole(&mut self, kind: ChangeKind, element: &Element) {
        self.push(kind, element, "", None, None);
    }

    /// An attribute that is always there.
    pub(super) fn attribute<T: PartialEq>(
        &mut self,
        kind: ChangeKind,
        element: &Element,
        attribute: &'static str,
        (old, new): (&T, &T),
        show: impl Fn(&T) -> String,
    ) {
        if old != new {
            self.push(kind, element, attribute, Some(show(old)), Some(show(new)));
        }
    }

    /// A text for people.
    pub(super) fn prose(
        &mut self,
        element: &Element,
        attribute: &'static str,
        old: Option<&str>,
        new: Option<&str>,
    ) {
        let kind = if new.is_none() { ChangeKind::DocRemoved } else { ChangeKind::DocChanged };
        self.text(kind, element, attribute, [old, new]);
    }

    /// A fact about the spec or the document that no program reads.
    pub(super) fn aside(
        &mut self,
        element: &Element,
        attribute: &'static str,
        old: Option<&str>,
        new: Option<&str>,
    ) {
        self.text(ChangeKind::DocChanged, element, attribute, [old, new]);
    }

    fn text(
        &mut self,
        kind: ChangeKind,
        element: &Element,
        attribute: &'static str,
        [old, new]: [Option<&str>; 2],
    ) {
        if old != new {
            self.push(kind, element, attribute, old.map(str::to_owned), new.map(str::to_owned));
        }
    }

    /// A list whose elements stand in another order.
    pub(super) fn order<T>(
        &mut self,
        kind: ChangeKind,
        (owner, list): (&Element, &'static str),
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
