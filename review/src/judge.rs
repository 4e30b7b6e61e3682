//! What a difference means: for whom, how bad, and why.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::change::Change;
use super::element::{Element, Part};
use super::facts::ElementFacts;
use super::models::Models;
use super::reach::{Reach, Reached};
use zstack_model::Version;
use zstack_model::changes::{ChangeKind, Level, Step};
use zstack_model::waivers::Waiver;

/// A difference, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is different.
    pub change: Change,
    /// What it does to those who call the API.
    pub level: Level,
    /// How the level came about, step by step, as rests of sentences.
    pub because: Vec<String>,
    /// Whether clients send what changed.
    pub in_requests: bool,
    /// Whether clients receive it.
    pub in_responses: bool,
    /// The operations that it concerns, by name. Many findings may be about the
    /// same ones.
    pub operations: Arc<[String]>,
    /// The release that the element came with, and whether that is out.
    pub since: Option<(Version, bool)>,
    /// The step that the generated crates need for it.
    pub step: Step,
    /// The waiver that accepts it, where there is one: then it does not count.
    pub waiver: Option<Waiver>,
    /// What a waiver accepts in addition to the two values, where the models do not contain it: digests of
    /// releases, a version step. Otherwise [`Fingerprints`](super::Fingerprints) derive it from the models.
    pub accepted: Option<String>,
}

impl Finding {
    /// What is about no operation: the service, a release, a waiver. At the level
    /// of its rule, unless there is another one, with a reason.
    pub(super) fn outside_operations(change: Change, level: Option<Level>, because: Vec<String>) -> Self {
        let rule = change.kind.rule();
        // No client sees a waiver.
        let is_seen = !matches!(change.element, Element::Waiver { .. });
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

    /// A finding about the service or a release as a whole.
    pub(super) fn about(
        kind: ChangeKind,
        element: Element,
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

/// Judges every difference between two models.
pub(super) fn judge(models: Models<'_>, changes: Vec<Change>) -> Vec<Finding> {
    let Models { old, new, .. } = models;
    let judge = Judge {
        models,
        old: Side { facts: ElementFacts::new(old), reach: Reach::new(old) },
        new: Side { facts: ElementFacts::new(new), reach: Reach::new(new) },
        concerned: RefCell::default(),
    };
    let mut findings = Vec::with_capacity(changes.len());
    let cycles = judge.cycles(&changes);
    let widened = judge.widened();
    for change in changes {
        judge.one(change, &mut findings);
    }
    findings.extend(cycles.into_iter().chain(widened).map(|cycle| judge.finding(cycle)));
    findings
}

struct Judge<'a> {
    models: Models<'a>,
    old: Side<'a>,
    new: Side<'a>,
    /// Whom a data type concerns; many changes are about the same one.
    concerned: RefCell<HashMap<String, Concerned>>,
}

struct Side<'a> {
    facts: ElementFacts<'a>,
    reach: Reach<'a>,
}

/// The operations that something concerns, by name, and whether clients send it
/// and receive it.
#[derive(Clone, Default)]
struct Concerned {
    operations: Arc<[String]>,
    in_requests: bool,
    in_responses: bool,
}

impl Judge<'_> {
    fn one(&self, mut change: Change, findings: &mut Vec<Finding>) {
        let is_added = change.attribute.is_empty() && self.old.facts.since(change.old_element()).is_none();
        change.kind = self.exact(&change);
        let dated = is_added.then(|| self.dated(&change)).flatten();
        findings.extend([Some(change), dated].into_iter().flatten().map(|it| self.finding(it)));
    }

    fn finding(&self, change: Change) -> Finding {
        let rule = change.kind.rule();
        let Concerned { operations, in_requests, in_responses } = self.concerned(&change.element);
        let mut because = Vec::new();
        let mut level = match (in_requests, in_responses) {
            (true, true) => rule.request.max(rule.response),
            (true, false) => rule.request,
            (false, true) => rule.response,
            (false, false) => {
                because.push("no operation leads to it".to_owned());
                rule.request.max(rule.response).min(Level::Compatible)
            }
        };
        if in_requests && in_responses && rule.request != rule.response {
            let (side, other) =
                if rule.request > rule.response { ("send", "receive") } else { ("receive", "send") };
            because.push(format!("clients {side} it, and not only {other} it"));
        }
        if level > Level::Compatible
            && let Some(release) = self.coming(&change)
        {
            because.push(format!("{release} is not out yet"));
            level = Level::Compatible;
        }
        if level > Level::Compatible
            && let Some(release) =
                self.new.facts.announced(&change.element, change.attribute, &self.old.facts)
        {
            because.push(format!("as of {release}, which is not out yet"));
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

    /// The kind that fits best, where that takes more than the two values.
    fn exact(&self, change: &Change) -> ChangeKind {
        let Change { kind, element, attribute, .. } = change;
        let kind = *kind;
        let is_out =
            |version: Option<&Version>| version.is_some_and(|version| self.old.facts.is_out(version));
        let old = self.old.facts.retirement(change.old_element());
        let new = self.new.facts.retirement(element);
        match *attribute {
            // The fields that records had from it are compared in those.
            "" if kind == ChangeKind::TypeRemoved => {
                let Reached { requests, responses } = self.old.reach.reached(element.name());
                let is_reached = !requests.is_empty() || !responses.is_empty();
                let is_base = self.models.old.is_only_extended(element.name(), self.models.held[0]);
                if is_reached && !is_base { kind } else { ChangeKind::TypeUnreachableRemoved }
            }
            "deprecated" => {
                let deprecated = new.and_then(|it| it.deprecated.as_ref()).filter(|it| !it.is_unknown());
                let is_new = old.is_none_or(|it| it.deprecated.is_none());
                if is_new && is_out(deprecated) { ChangeKind::DeprecationBackdated } else { kind }
            }
            "removed" => {
                let was = old.and_then(|it| it.removed.as_ref());
                let is = new.and_then(|it| it.removed.as_ref());
                match (was, is) {
                    // Another spelling of the same release.
                    (Some(was), Some(is)) if was == is => kind,
                    (was, Some(is)) if was.is_none_or(|was| is < was) && is_out(Some(is)) => {
                        ChangeKind::RemovalBackdated
                    }
                    (Some(was), is) if is.is_none_or(|is| is > was) && is_out(Some(was)) => {
                        ChangeKind::RemovalUndone
                    }
                    _ => kind,
                }
            }
            "since" if matches!(kind, ChangeKind::SinceRaised | ChangeKind::SinceLowered) => {
                let was_out = is_out(self.old.facts.since(change.old_element()));
                let is_out = is_out(self.new.facts.since(element));
                match (was_out, is_out) {
                    (true, _) => kind,
                    (false, true) => ChangeKind::SinceBackdated,
                    (false, false) => ChangeKind::UnreleasedChanged,
                }
            }
            _ => kind,
        }
    }

    /// Something new that claims to be of a release that is out, or of one
    /// after the next.
    fn dated(&self, change: &Change) -> Option<Change> {
        let since = self.new.facts.since(&change.element)?;
        let owner = change.old_element().owner();
        let of_owner = owner.and_then(|owner| self.old.facts.since(&owner));
        // In something that nobody has yet, everything is new.
        if of_owner.is_some_and(|of_owner| !self.old.facts.is_out(of_owner)) {
            return None;
        }
        // The releases that are out had it from a base that a later one was to take away.
        if self.old.facts.inherited_until(&change.element) {
            return None;
        }
        // A record that is only extended is not on the wire: its fields are those of others.
        if matches!(change.element, Element::Type(_))
            && self.models.new.is_only_extended(change.element.name(), self.models.held[1])
        {
            return None;
        }
        let kind = if self.old.facts.is_out(since) {
            ChangeKind::SinceBackdated
        } else if self.new.facts.is_after_next(since) {
            ChangeKind::SinceSkipsNext
        } else {
            return None;
        };
        let new = Some(since.text.clone());
        Some(Change { kind, attribute: "since", old: None, new, ..change.clone() })
    }

    /// The data types that hold themselves and did not before, in the order of
    /// the changes that make them do so.
    fn cycles(&self, changes: &[Change]) -> Vec<Change> {
        let mut seen = BTreeSet::new();
        let mut cycles = Vec::new();
        for change in changes {
            let leads_on = matches!(change.attribute, "type" | "extends")
                || matches!(change.kind, ChangeKind::FieldAdded | ChangeKind::FieldAddedRequired);
            let (Some(ty), Some(was)) = (change.element.data_type(), change.old_element().data_type()) else {
                continue;
            };
            if leads_on
                && seen.insert(ty)
                && self.new.reach.holds_itself(ty)
                && !self.old.reach.holds_itself(was)
            {
                cycles.push(self.of_type(ChangeKind::TypeCycleIntroduced, was));
            }
        }
        cycles
    }

    /// The data types of answers that a request reaches for the first time.
    fn widened(&self) -> Vec<Change> {
        let (sent, received) = (self.old.reach.sent(), self.old.reach.received());
        let now = self.new.reach.sent();
        let first = received.into_iter().filter(|it| !sent.contains(it));
        let first = first.filter(|it| now.contains(self.models.renames.data_type(it)));
        first.map(|it| self.of_type(ChangeKind::TypeDirectionWidened, it)).collect()
    }

    /// A change of a data type as a whole, by its name in the old spec.
    fn of_type(&self, kind: ChangeKind, old_name: &str) -> Change {
        let name = self.models.renames.data_type(old_name);
        let formerly = (name != old_name).then(|| Element::Type(old_name.to_owned()));
        let element = Element::Type(name.to_owned());
        Change { kind, element, formerly, attribute: "", old: None, new: None }
    }

    fn concerned(&self, element: &Element) -> Concerned {
        let operation = |name: &str| [name.to_owned()].into();
        match element {
            Element::Operation(name) => {
                Concerned { operations: operation(name), in_requests: true, in_responses: true }
            }
            Element::OfOperation(name, part, _) => Concerned {
                operations: operation(name),
                in_requests: matches!(part, Part::Parameter | Part::Tag | Part::Example),
                in_responses: matches!(part, Part::Response | Part::Error | Part::Example),
            },
            Element::Type(name) | Element::Field(name, _) | Element::Value(name, _) => {
                let known = self.concerned.borrow().get(name).cloned();
                known.unwrap_or_else(|| {
                    let found = self.leads_to(name);
                    self.concerned.borrow_mut().insert(name.clone(), found.clone());
                    found
                })
            }
            Element::Envelope(_) => {
                let all: BTreeSet<_> =
                    self.models.new.operations.iter().map(|operation| operation.name.clone()).collect();
                Concerned { operations: all.into_iter().collect(), in_requests: false, in_responses: true }
            }
            Element::Service
            | Element::AuthScheme(_)
            | Element::Release(_)
            | Element::Category(_)
            | Element::ReservedPath(_)
            | Element::Waiver { .. } => {
                Concerned { operations: Arc::default(), in_requests: true, in_responses: true }
            }
        }
    }

    /// Whoever leads to a data type on either side, by today's names.
    fn leads_to(&self, name: &str) -> Concerned {
        let renames = self.models.renames;
        let was = self.old.reach.reached(renames.former_data_type(name));
        let is = self.new.reach.reached(name);
        let in_requests = !was.requests.is_empty() || !is.requests.is_empty();
        let in_responses = !was.responses.is_empty() || !is.responses.is_empty();
        let old = was.requests.into_iter().chain(was.responses).map(|request| renames.operation(request));
        let operations: BTreeSet<_> = old.chain(is.requests).chain(is.responses).collect();
        let operations = operations.into_iter().map(str::to_owned).collect();
        Concerned { operations, in_requests, in_responses }
    }

    /// The release that what changed comes with, as long as that is not out:
    /// nobody has it. What is added to something is a change of that; and
    /// whether a release is the right one is not for that release to excuse.
    fn coming(&self, change: &Change) -> Option<&Version> {
        let facts = &self.old.facts;
        let owner = change.old_element().owner().and_then(|owner| facts.since(&owner));
        let own = facts.since(change.old_element());
        let since = own.into_iter().chain(owner).max()?;
        (change.kind != ChangeKind::SinceBackdated && !facts.is_out(since)).then_some(since)
    }

    /// When an element came, as the old spec says, or as the new one does of
    /// what is new; and whether that release is out. What is part of something
    /// is no older than that.
    fn since(&self, change: &Change) -> Option<(Version, bool)> {
        let since = |old: &Element, new: &Element| {
            self.old.facts.since(old).or_else(|| self.new.facts.since(new)).cloned()
        };
        let itself = since(change.old_element(), &change.element);
        let owner = match (change.old_element().owner(), change.element.owner()) {
            (Some(old), Some(new)) => since(&old, &new),
            _ => None,
        };
        let since = itself.into_iter().chain(owner).max()?;
        let is_out = self.old.facts.is_out(&since);
        Some((since, is_out))
    }
}
