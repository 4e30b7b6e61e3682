//! The findings of a report, grouped by operation and data type.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::excerpts::{Excerpt, Excerpts};
use super::sentence::{Sentence, sentence};
use super::verdict::Verdict;
use crate::{Finding, SpecElement};
use zstack_model::changes::Level;

/// A finding with its sentence and its places.
#[derive(Clone, Debug)]
pub(super) struct ReportEntry<'a> {
    pub(super) finding: Finding,
    pub(super) sentence: Sentence,
    /// The place on the old side; `None` if there is none.
    pub(super) old: Option<Excerpt<'a>>,
    /// The place on the new side; `None` if there is none.
    pub(super) new: Option<Excerpt<'a>>,
    /// The place of annotations: the place on the new side, or the nearest one.
    pub(super) nearest: Excerpt<'a>,
}

/// The findings about an operation, a data type, or the service.
#[derive(Clone, Debug)]
pub(super) struct ReportGroup<'a> {
    pub(super) owner: SpecElement,
    pub(super) entries: Vec<ReportEntry<'a>>,
}

impl<'a> ReportEntry<'a> {
    pub(super) fn new(finding: Finding, excerpts: &Excerpts<'a>) -> Self {
        let change = &finding.change;
        Self {
            sentence: sentence(change),
            old: excerpts.old(change),
            new: excerpts.new_side(change),
            nearest: excerpts.nearest(change),
            finding,
        }
    }

    /// The advice of the rule, unless the finding is waived.
    pub(super) fn help(&self) -> Option<&'static str> {
        self.finding.kind().rule().advice().filter(|_| self.finding.waiver.is_none())
    }

    /// The reasons for the level, if the rule alone does not determine it.
    pub(super) fn because(&self) -> Option<String> {
        let because = &self.finding.because;
        (!because.is_empty()).then(|| because.join("; "))
    }
}

impl<'a> ReportGroup<'a> {
    /// Groups and sorts findings: the worst group and the worst finding first, waived findings last. The
    /// result does not depend on the order of `entries`.
    pub(super) fn sort(entries: Vec<ReportEntry<'a>>) -> Vec<Self> {
        let mut groups: BTreeMap<SpecElement, Vec<ReportEntry<'a>>> = BTreeMap::new();
        for entry in entries {
            groups.entry(owner(&entry.finding.change.element)).or_default().push(entry);
        }
        let mut groups: Vec<_> = groups.into_iter().map(|(owner, entries)| Self { owner, entries }).collect();
        for group in &mut groups {
            group.entries.sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
        }
        groups.sort_by_key(|group| Reverse(group.level()));
        groups
    }

    /// The worst level; `None` if all findings are waived.
    pub(super) fn level(&self) -> Option<Level> {
        self.verdict().level
    }

    pub(super) fn verdict(&self) -> Verdict {
        Verdict::of(self.entries.iter().map(|entry| &entry.finding))
    }

    /// The heading of the group.
    pub(super) fn name(&self) -> String {
        match &self.owner {
            SpecElement::Service => "the service".to_owned(),
            element => element.to_string(),
        }
    }
}

/// The operation, data type or service by which findings about an element are grouped.
fn owner(element: &SpecElement) -> SpecElement {
    match element {
        SpecElement::Service
        | SpecElement::Release(_)
        | SpecElement::Category(_)
        | SpecElement::AuthScheme(_)
        | SpecElement::Envelope(_)
        | SpecElement::ReservedPath(_)
        | SpecElement::Waiver { .. } => SpecElement::Service,
        element => element.owner().unwrap_or_else(|| element.clone()),
    }
}

fn order(finding: &Finding) -> impl Ord {
    let change = &finding.change;
    (
        finding.waiver.is_some(),
        Reverse(finding.level),
        &change.element,
        // The change itself comes before the missing entry in the history.
        change.attribute == "history",
        change.attribute,
        change.kind.id(),
        &change.old,
        &change.new,
    )
}
