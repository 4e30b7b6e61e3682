//! Findings, grouped by what they are about, in the order of the report.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::sentence::{Sentence, sentence};
use super::site::{Excerpt, Sites};
use super::verdict::Verdict;
use crate::{Element, Finding};
use zstack_model::changes::Level;

/// A finding in words, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct ReportEntry<'a> {
    pub(super) finding: Finding,
    pub(super) sentence: Sentence,
    /// Where the old side says it; `None` where it says nothing about it.
    pub(super) old: Option<Excerpt<'a>>,
    /// Where the new side says it.
    pub(super) new: Option<Excerpt<'a>>,
    /// Where to mark it in the new side, whether it is there or not.
    pub(super) nearest: Excerpt<'a>,
}

/// All about an operation, a data type, or the service.
#[derive(Clone, Debug)]
pub(super) struct Group<'a> {
    pub(super) owner: Element,
    pub(super) entries: Vec<ReportEntry<'a>>,
}

impl<'a> ReportEntry<'a> {
    pub(super) fn new(finding: Finding, sites: &Sites<'a>) -> Self {
        let change = &finding.change;
        Self {
            sentence: sentence(change),
            old: sites.old(change),
            new: sites.new_side(change),
            nearest: sites.nearest(change),
            finding,
        }
    }

    /// What to do, where there is something to do: nothing about what is waived.
    pub(super) fn help(&self) -> Option<&'static str> {
        self.finding.kind().rule().advice().filter(|_| self.finding.waiver.is_none())
    }

    /// How the level came about.
    pub(super) fn because(&self) -> Option<String> {
        let because = &self.finding.because;
        (!because.is_empty()).then(|| because.join("; "))
    }
}

impl<'a> Group<'a> {
    /// The group with the worst finding first, and in it the worst finding; what
    /// is waived comes last.
    /// Nothing depends on the order in which findings come.
    pub(super) fn all(entries: Vec<ReportEntry<'a>>) -> Vec<Self> {
        let mut groups: BTreeMap<Element, Vec<ReportEntry<'a>>> = BTreeMap::new();
        for it in entries {
            groups.entry(owner(&it.finding.change.element)).or_default().push(it);
        }
        let mut groups: Vec<_> = groups.into_iter().map(|(owner, entries)| Self { owner, entries }).collect();
        for group in &mut groups {
            group.entries.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
        }
        groups.sort_by_key(|group| Reverse(group.level()));
        groups
    }

    /// The worst level; `None` where all is waived.
    pub(super) fn level(&self) -> Option<Level> {
        self.verdict().level
    }

    pub(super) fn verdict(&self) -> Verdict {
        Verdict::of(self.entries.iter().map(|entry| &entry.finding))
    }

    /// What one looks for in a list.
    pub(super) fn name(&self) -> String {
        match &self.owner {
            Element::Service => "the service".to_owned(),
            it => it.to_string(),
        }
    }
}

/// What a list of changes is told by.
fn owner(element: &Element) -> Element {
    match element {
        Element::Service
        | Element::Release(_)
        | Element::Category(_)
        | Element::AuthScheme(_)
        | Element::Envelope(_)
        | Element::ReservedPath(_)
        | Element::Waiver { .. } => Element::Service,
        it => it.owner().unwrap_or_else(|| it.clone()),
    }
}

fn order(finding: &Finding) -> impl Ord {
    let change = &finding.change;
    (
        finding.waiver.is_some(),
        Reverse(finding.level),
        &change.element,
        // What changed, before that its history does not say so.
        change.attribute == "history",
        change.attribute,
        change.kind.id(),
        &change.old,
        &change.new,
    )
}
