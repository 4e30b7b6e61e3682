//! Judges changes: the level of a change, the reasons for it, and the affected clients.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::change::Change;
use super::element::{OperationPart, SpecElement};
use super::element_facts::ElementFacts;
use super::models::Models;
use super::type_graph::{TypeGraph, Users};
use zstack_model::Version;
use zstack_model::changes::{ChangeKind, Level, Step};
use zstack_model::waivers::Waiver;

/// A change and its consequences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The change.
    pub change: Change,
    /// The consequences for clients.
    pub level: Level,
    /// The reasons for the level, if the rule alone does not determine it.
    pub because: Vec<String>,
    /// True if clients send the element.
    pub in_requests: bool,
    /// True if clients receive the element.
    pub in_responses: bool,
    /// The names of the affected operations. Findings share the list.
    pub operations: Arc<[String]>,
    /// The release that introduced the element, and whether it is published.
    pub since: Option<(Version, bool)>,
    /// The version step that the generated crates require.
    pub step: Step,
    /// The waiver that accepts the finding, so that it does not count.
    pub waiver: Option<Waiver>,
    /// The content of the change that the models do not contain, such as digests of releases. If it is `None`,
    /// [`Fingerprints`](super::Fingerprints) derive the content from the models.
    pub accepted: Option<String>,
}

impl Finding {
    /// Makes a finding about the service, a release or a waiver. `level` overrides the level of the rule.
    pub(super) fn outside_operations(change: Change, level: Option<Level>, because: Vec<String>) -> Self {
        let rule = change.kind.rule();
        // Waivers do not affect clients.
        let is_seen = !matches!(change.element, SpecElement::Waiver { .. });
        Self {
            change,
            level: level.unwrap_or(rule.request),
            because,
            in_requests: is_seen,
            in_responses: is_seen,
            operations: Arc::default(),
            since: None,
            step: rule.step,
            waiver: None,
            accepted: Some(String::new()),
        }
    }

    /// Makes a finding about the service or a release as a whole.
    pub(super) fn about(
        kind: ChangeKind,
        element: SpecElement,
        (old, new): (Option<String>, Option<String>),
        level: Option<Level>,
        because: Vec<String>,
    ) -> Self {
        Self::outside_operations(
            Change { kind, element, formerly: None, attribute: "", old, new },
            level,
            because,
        )
    }

    /// The kind of the change.
    #[must_use]
    pub const fn kind(&self) -> ChangeKind {
        self.change.kind
    }
}

/// Judges all changes between two models.
pub(super) fn judge(models: Models<'_>, changes: Vec<Change>) -> Vec<Finding> {
    let Models { old, new, .. } = models;
    let judge = Judge {
        models,
        old: JudgedSide { facts: ElementFacts::new(old), graph: TypeGraph::new(old) },
        new: JudgedSide { facts: ElementFacts::new(new), graph: TypeGraph::new(new) },
        users: RefCell::default(),
    };
    let mut findings = Vec::with_capacity(changes.len());
    let cycles = judge.new_cycles(&changes);
    let newly_sent = judge.newly_sent_types();
    for change in changes {
        judge.judge(change, &mut findings);
    }
    findings.extend(cycles.into_iter().chain(newly_sent).map(|change| judge.finding(change)));
    findings
}

struct Judge<'a> {
    models: Models<'a>,
    old: JudgedSide<'a>,
    new: JudgedSide<'a>,
    /// The operations that use each data type, cached for several changes.
    users: RefCell<HashMap<String, Affected>>,
}

struct JudgedSide<'a> {
    facts: ElementFacts<'a>,
    graph: TypeGraph<'a>,
}

/// The operations that a change affects, and whether clients send or receive the changed element.
#[derive(Clone, Default)]
struct Affected {
    operations: Arc<[String]>,
    in_requests: bool,
    in_responses: bool,
}

impl Judge<'_> {
    /// Judges a change, and also reports an addition with a wrong release.
    fn judge(&self, mut change: Change, findings: &mut Vec<Finding>) {
        let is_added = change.attribute.is_empty() && self.old.facts.since(change.old_element()).is_none();
        change.kind = self.exact_kind(&change);
        let misdated = is_added.then(|| self.misdated_addition(&change)).flatten();
        findings.extend([Some(change), misdated].into_iter().flatten().map(|change| self.finding(change)));
    }

    fn finding(&self, change: Change) -> Finding {
        let rule = change.kind.rule();
        let Affected { operations, in_requests, in_responses } = self.affected_operations(&change.element);
        let mut because = Vec::new();
        let mut level = match (in_requests, in_responses) {
            (true, true) => rule.request.max(rule.response),
            (true, false) => rule.request,
            (false, true) => rule.response,
            (false, false) => {
                because.push("no operation uses it".to_owned());
                rule.request.max(rule.response).min(Level::Compatible)
            }
        };
        if in_requests && in_responses && rule.request != rule.response {
            let (side, other) =
                if rule.request > rule.response { ("send", "receive") } else { ("receive", "send") };
            because.push(format!("clients not only {other} it, but also {side} it"));
        }
        if level > Level::Compatible
            && let Some(release) = self.unpublished_release(&change)
        {
            because.push(format!("{release} is not published yet"));
            level = Level::Compatible;
        }
        if level > Level::Compatible
            && let Some(release) =
                self.new.facts.announcing_release(&change.element, change.attribute, &self.old.facts)
        {
            because.push(format!("takes effect in {release}, which is not published yet"));
        }
        let since = self.since(&change);
        Finding {
            level,
            because,
            in_requests,
            in_responses,
            operations,
            since,
            step: rule.step,
            change,
            waiver: None,
            accepted: None,
        }
    }

    /// Refines the kind of a change by facts other than the two values.
    fn exact_kind(&self, change: &Change) -> ChangeKind {
        let Change { kind, element, attribute, .. } = change;
        let kind = *kind;
        let is_released =
            |version: Option<&Version>| version.is_some_and(|version| self.old.facts.is_released(version));
        let old = self.old.facts.retirement(change.old_element());
        let new = self.new.facts.retirement(element);
        match *attribute {
            // The fields that records inherited from a base are compared in those records.
            "" if kind == ChangeKind::TypeRemoved => {
                let Users { requests, responses } = self.old.graph.users(element.name());
                let is_used = !requests.is_empty() || !responses.is_empty();
                let is_base = self.models.old.is_only_extended(element.name(), self.models.held[0]);
                if is_used && !is_base { kind } else { ChangeKind::TypeUnreachableRemoved }
            }
            "deprecated" => {
                let deprecated = new.and_then(|retirement| retirement.deprecated.as_ref());
                let deprecated = deprecated.filter(|release| !release.is_unknown());
                let is_new = old.is_none_or(|retirement| retirement.deprecated.is_none());
                if is_new && is_released(deprecated) { ChangeKind::DeprecationBackdated } else { kind }
            }
            "removed" => {
                let old = old.and_then(|retirement| retirement.removed.as_ref());
                let new = new.and_then(|retirement| retirement.removed.as_ref());
                match (old, new) {
                    // The same release in another spelling.
                    (Some(old), Some(new)) if old == new => kind,
                    (old, Some(new)) if old.is_none_or(|old| new < old) && is_released(Some(new)) => {
                        ChangeKind::RemovalBackdated
                    }
                    (Some(old), new) if new.is_none_or(|new| new > old) && is_released(Some(old)) => {
                        ChangeKind::RemovalUndone
                    }
                    _ => kind,
                }
            }
            "since" if matches!(kind, ChangeKind::SinceRaised | ChangeKind::SinceLowered) => {
                let was_released = is_released(self.old.facts.since(change.old_element()));
                let is_released = is_released(self.new.facts.since(element));
                match (was_released, is_released) {
                    (true, _) => kind,
                    (false, true) => ChangeKind::SinceBackdated,
                    (false, false) => ChangeKind::UnreleasedChanged,
                }
            }
            _ => kind,
        }
    }

    /// The additional change for a new element that is dated to a published release, or to one after the next.
    fn misdated_addition(&self, change: &Change) -> Option<Change> {
        let since = self.new.facts.since(&change.element)?;
        let owner = change.old_element().owner();
        let of_owner = owner.and_then(|owner| self.old.facts.since(&owner));
        // An unpublished owner may get any new parts.
        if of_owner.is_some_and(|since| !self.old.facts.is_released(since)) {
            return None;
        }
        // Published releases inherit the field from a base that a later release removes.
        if self.old.facts.is_inherited_until_later(&change.element) {
            return None;
        }
        // A record that is only a base is not on the wire; its fields count in other records.
        if matches!(change.element, SpecElement::Type(_))
            && self.models.new.is_only_extended(change.element.name(), self.models.held[1])
        {
            return None;
        }
        let kind = if self.old.facts.is_released(since) {
            ChangeKind::SinceBackdated
        } else if self.new.facts.is_after_next(since) {
            ChangeKind::SinceSkipsNext
        } else {
            return None;
        };
        let new = Some(since.to_string());
        Some(Change { kind, attribute: "since", old: None, new, ..change.clone() })
    }

    /// The data types that newly contain themselves, in the order of the changes that cause it.
    fn new_cycles(&self, changes: &[Change]) -> Vec<Change> {
        let mut seen = BTreeSet::new();
        let mut cycles = Vec::new();
        for change in changes {
            let adds_use = matches!(change.attribute, "type" | "extends")
                || matches!(change.kind, ChangeKind::FieldAdded | ChangeKind::FieldAddedRequired);
            let (Some(ty), Some(was)) = (change.element.data_type(), change.old_element().data_type()) else {
                continue;
            };
            if adds_use
                && seen.insert(ty)
                && self.new.graph.contains_itself(ty)
                && !self.old.graph.contains_itself(was)
            {
                cycles.push(self.type_change(ChangeKind::TypeCycleIntroduced, was));
            }
        }
        cycles
    }

    /// The data types that clients only received before and now also send.
    fn newly_sent_types(&self) -> Vec<Change> {
        let (sent, received) = (self.old.graph.sent_types(), self.old.graph.received_types());
        let sent_now = self.new.graph.sent_types();
        let newly_sent = received
            .into_iter()
            .filter(|name| !sent.contains(name) && sent_now.contains(self.models.renames.data_type(name)));
        newly_sent.map(|name| self.type_change(ChangeKind::TypeDirectionWidened, name)).collect()
    }

    /// Makes a change of a data type as a whole from its name in the old spec.
    fn type_change(&self, kind: ChangeKind, old_name: &str) -> Change {
        let name = self.models.renames.data_type(old_name);
        let formerly = (name != old_name).then(|| SpecElement::Type(old_name.to_owned()));
        let element = SpecElement::Type(name.to_owned());
        Change { kind, element, formerly, attribute: "", old: None, new: None }
    }

    /// The operations that a change of an element affects.
    fn affected_operations(&self, element: &SpecElement) -> Affected {
        let operation = |name: &str| [name.to_owned()].into();
        match element {
            SpecElement::Operation(name) => {
                Affected { operations: operation(name), in_requests: true, in_responses: true }
            }
            SpecElement::OfOperation(name, part, _) => Affected {
                operations: operation(name),
                in_requests: matches!(
                    part,
                    OperationPart::Parameter | OperationPart::Tag | OperationPart::Example
                ),
                in_responses: matches!(
                    part,
                    OperationPart::Response | OperationPart::Error | OperationPart::Example
                ),
            },
            SpecElement::Type(name) | SpecElement::Field(name, _) | SpecElement::Value(name, _) => {
                let cached = self.users.borrow().get(name).cloned();
                cached.unwrap_or_else(|| {
                    let found = self.users_of_type(name);
                    self.users.borrow_mut().insert(name.clone(), found.clone());
                    found
                })
            }
            SpecElement::Envelope(_) => {
                let all: BTreeSet<_> =
                    self.models.new.operations.iter().map(|operation| operation.name.clone()).collect();
                Affected { operations: all.into_iter().collect(), in_requests: false, in_responses: true }
            }
            SpecElement::Service
            | SpecElement::AuthScheme(_)
            | SpecElement::Release(_)
            | SpecElement::Category(_)
            | SpecElement::ReservedPath(_)
            | SpecElement::Waiver { .. } => {
                Affected { operations: Arc::default(), in_requests: true, in_responses: true }
            }
        }
    }

    /// The operations that use a data type on either side, by their new names.
    fn users_of_type(&self, name: &str) -> Affected {
        let renames = self.models.renames;
        let old = self.old.graph.users(renames.former_data_type(name));
        let new = self.new.graph.users(name);
        let in_requests = !old.requests.is_empty() || !new.requests.is_empty();
        let in_responses = !old.responses.is_empty() || !new.responses.is_empty();
        let old = old.requests.into_iter().chain(old.responses).map(|name| renames.operation(name));
        let operations: BTreeSet<_> = old.chain(new.requests).chain(new.responses).collect();
        let operations = operations.into_iter().map(str::to_owned).collect();
        Affected { operations, in_requests, in_responses }
    }

    /// The release of the changed element, if it is not published: no client uses it yet. An addition counts as a
    /// change of its owner. A wrong release is never excused by that release.
    fn unpublished_release(&self, change: &Change) -> Option<&Version> {
        let facts = &self.old.facts;
        let owner = change.old_element().owner().and_then(|owner| facts.since(&owner));
        let own = facts.since(change.old_element());
        let since = own.into_iter().chain(owner).max()?;
        (change.kind != ChangeKind::SinceBackdated && !facts.is_released(since)).then_some(since)
    }

    /// The release that introduced an element, and whether it is published. It is taken from the old spec, or from the
    /// new one for new elements. A part is not older than its owner.
    fn since(&self, change: &Change) -> Option<(Version, bool)> {
        let since = |old: &SpecElement, new: &SpecElement| {
            self.old.facts.since(old).or_else(|| self.new.facts.since(new)).cloned()
        };
        let itself = since(change.old_element(), &change.element);
        let owner = match (change.old_element().owner(), change.element.owner()) {
            (Some(old), Some(new)) => since(&old, &new),
            _ => None,
        };
        let since = itself.into_iter().chain(owner).max()?;
        let is_released = self.old.facts.is_released(&since);
        Some((since, is_released))
    }
}
