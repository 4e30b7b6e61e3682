//! What is different between two models, before anybody judges it.

use std::collections::{BTreeMap, VecDeque};

use super::element::Element;

/// One difference, and the rule that it is a case of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The id of the rule.
    pub rule: &'static str,
    /// What it is about.
    pub element: Element,
    /// The key of the spec that says it; empty for the element as a whole.
    pub attribute: &'static str,
    /// What it was, in the spec's words; `None` for nothing.
    pub old: Option<String>,
    /// What it is now.
    pub new: Option<String>,
}

/// Differences, as they are found.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<Change>);

impl Changes {
    pub(super) fn into_vec(self) -> Vec<Change> {
        self.0
    }

    /// A difference in an attribute.
    pub(super) fn push(
        &mut self,
        rule: &'static str,
        element: &Element,
        attribute: &'static str,
        old: Option<String>,
        new: Option<String>,
    ) {
        self.0.push(Change { rule, element: element.clone(), attribute, old, new });
    }

    /// An element that there is on one side alone.
    pub(super) fn whole(&mut self, rule: &'static str, element: &Element) {
        self.push(rule, element, "", None, None);
    }

    /// An attribute that is always there.
    pub(super) fn attribute<T: PartialEq>(
        &mut self,
        rule: &'static str,
        element: &Element,
        attribute: &'static str,
        (old, new): (&T, &T),
        show: impl Fn(&T) -> String,
    ) {
        if old != new {
            self.push(rule, element, attribute, Some(show(old)), Some(show(new)));
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
        if old != new {
            let rule = if new.is_none() { "doc-removed" } else { "doc-changed" };
            self.push(rule, element, attribute, old.map(str::to_owned), new.map(str::to_owned));
        }
    }
}

/// Two lists, taken together by the names of their elements.
pub(super) struct Paired<'a, T> {
    pub(super) removed: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
    pub(super) both: Vec<(&'a T, &'a T)>,
    /// Whether those on both sides stand in another order.
    pub(super) reordered: bool,
}

/// Elements of the same name - an operation may answer with one code for
/// several reasons - are taken together in their order.
pub(super) fn pair<'a, T, N: Ord>(old: &'a [T], new: &'a [T], name: impl Fn(&'a T) -> N) -> Paired<'a, T> {
    let mut olds: BTreeMap<N, VecDeque<usize>> = BTreeMap::new();
    for (nth, it) in old.iter().enumerate() {
        olds.entry(name(it)).or_default().push_back(nth);
    }
    let mut taken = vec![false; old.len()];
    let (mut added, mut both, mut order) = (Vec::new(), Vec::new(), Vec::new());
    for it in new {
        match olds.get_mut(&name(it)).and_then(VecDeque::pop_front) {
            Some(nth) => {
                taken[nth] = true;
                order.push(nth);
                both.push((&old[nth], it));
            }
            None => added.push(it),
        }
    }
    let removed = old.iter().zip(taken).filter(|(_, taken)| !taken).map(|(it, _)| it).collect();
    Paired { removed, added, both, reordered: !order.is_sorted() }
}
