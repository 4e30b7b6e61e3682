//! What a difference means: for whom, how bad, and why.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::change::Change;
use super::element::{Element, Part};
use super::reach::{Reached, Users};
use crate::model::{Field, Model, ReleaseState, Retirement, TypeShape, Version};
use crate::rules::changes::{self, ChangeRule, Level, Step};

/// A difference, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is different.
    pub change: Change,
    /// The rule that it is a case of.
    pub rule: &'static ChangeRule,
    /// What it does to those who call the API.
    pub level: Level,
    /// How the level came about, step by step, as rests of sentences.
    pub because: Vec<String>,
    /// Whether clients send what changed.
    pub in_requests: bool,
    /// Whether clients receive it.
    pub in_responses: bool,
    /// The operations that it concerns, by name.
    pub operations: Vec<String>,
    /// The release that the element came with, and whether that is out.
    pub since: Option<(Version, bool)>,
    /// The step that the generated crates need for it.
    pub step: Step,
}

impl Finding {
    /// What tells it from all others, whatever the words: rule, element, and
    /// both values.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let Change { rule, element, attribute, old, new } = &self.change;
        let parts = [*rule, &element.to_string(), *attribute];
        let values = [old, new].map(|it| it.as_deref().map_or("-".to_owned(), |it| format!("={it}")));
        let text = parts.into_iter().chain(values.iter().map(String::as_str)).collect::<Vec<_>>().join("\0");
        Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Judges every difference between two models.
pub(super) fn judge(old: &Model, new: &Model, changes: Vec<Change>) -> Vec<Finding> {
    let judge = Judge { old, new, users: [Users::new(old), Users::new(new)] };
    let mut findings = Vec::with_capacity(changes.len());
    for change in changes {
        judge.one(change, &mut findings);
    }
    findings
}

struct Judge<'a> {
    old: &'a Model,
    new: &'a Model,
    /// Of the data types of either side.
    users: [Users<'a>; 2],
}

impl Judge<'_> {
    fn one(&self, mut change: Change, findings: &mut Vec<Finding>) {
        let is_added = self.age(&change.element, self.old).is_none();
        change.rule = self.exact(&change);
        let backdated = is_added.then(|| self.backdated(&change.element)).flatten();
        let widened = match &change.element {
            Element::Type(_) => None,
            it => it.data_type().and_then(|ty| self.cycle(&change, ty)),
        };
        findings.extend(self.finding(change));
        for change in backdated.into_iter().chain(widened) {
            findings.extend(self.finding(change));
        }
    }

    fn finding(&self, change: Change) -> Option<Finding> {
        // The comparison names rules of the table only, which a test sees to.
        let rule = changes::find(change.rule)?;
        let (operations, in_requests, in_responses) = self.direction(&change.element);
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
        let since = self.since(&change.element);
        if let Some((version, false)) = &since
            && !is_about_releases(rule)
            && level > Level::Compatible
        {
            because.push(format!("{version} is not out yet"));
            level = Level::Compatible;
        }
        Some(Finding {
            rule,
            level,
            because,
            in_requests,
            in_responses,
            operations,
            since,
            step: rule.step,
            change,
        })
    }

    /// The rule that fits best, where that takes more than the two values.
    fn exact(&self, change: &Change) -> &'static str {
        let element = &change.element;
        match change.rule {
            "type-removed" => {
                let Element::Type(name) = element else { return change.rule };
                let Reached { requests, responses } = self.users[0].reached(name);
                if requests.is_empty() && responses.is_empty() {
                    "type-unreachable-removed"
                } else {
                    change.rule
                }
            }
            "removal-scheduled" => {
                let is_out = self.retirement(element).and_then(|it| it.removed.as_ref());
                match element {
                    _ if is_out.is_some_and(|it| is_released(self.old, it)) => "removal-backdated",
                    Element::OfOperation(_, Part::Parameter, _) => "param-removed-on-schedule",
                    Element::Operation(_) => "op-removed-on-schedule",
                    Element::Value(..) => "enum-value-removed-on-schedule",
                    _ => "field-removed-on-schedule",
                }
            }
            "since-raised" | "since-lowered" => {
                let was_out = self.age(element, self.old).is_some_and(|it| is_released(self.old, it));
                let is_out = self.age(element, self.new).is_some_and(|it| is_released(self.old, it));
                match (was_out, is_out) {
                    (true, _) => change.rule,
                    (false, true) => "since-backdated",
                    (false, false) => "unreleased-changed",
                }
            }
            rule => rule,
        }
    }

    /// Something new that claims to be of a release that is out, or of one
    /// after the next.
    fn backdated(&self, element: &Element) -> Option<Change> {
        let since = self.age(element, self.new)?;
        let of_owner = element.owner().and_then(|it| self.age(&it, self.old));
        // In something that nobody has yet, everything is new.
        if of_owner.is_some_and(|it| !is_released(self.old, it)) {
            return None;
        }
        let next = self.new.service.releases.iter().filter(|it| it.state == ReleaseState::Next);
        let rule = if is_released(self.old, since) {
            "since-backdated"
        } else if next.map(|it| &it.version).min().is_some_and(|next| since > next) {
            "since-skips-next"
        } else {
            return None;
        };
        Some(Change {
            rule,
            element: element.clone(),
            attribute: "since",
            old: None,
            new: Some(since.text.clone()),
        })
    }

    /// A data type that holds itself, and did not before.
    fn cycle(&self, change: &Change, ty: &str) -> Option<Change> {
        let leads_on = matches!(change.rule, "field-added" | "field-added-required" | "field-type-changed");
        let [old, new] = &self.users;
        (leads_on && new.holds_itself(ty) && !old.holds_itself(ty)).then(|| Change {
            rule: "type-cycle-introduced",
            element: Element::Type(ty.to_owned()),
            attribute: "",
            old: None,
            new: None,
        })
    }

    /// The operations that an element concerns, and whether clients send it
    /// and receive it.
    fn direction(&self, element: &Element) -> (Vec<String>, bool, bool) {
        match element {
            Element::Operation(name) => (vec![name.clone()], true, true),
            Element::OfOperation(name, part, _) => {
                let sent = matches!(part, Part::Parameter | Part::Tag);
                let both = matches!(part, Part::Example);
                (vec![name.clone()], sent || both, !sent || both)
            }
            Element::Type(name) | Element::Field(name, _) | Element::Value(name, _) => {
                let [old, new] = self.users.each_ref().map(|it| it.reached(name));
                let requests: BTreeSet<&str> = old.requests.union(&new.requests).copied().collect();
                let responses: BTreeSet<&str> = old.responses.union(&new.responses).copied().collect();
                let all = requests.union(&responses).map(|it| (*it).to_owned()).collect();
                (all, !requests.is_empty(), !responses.is_empty())
            }
            Element::Envelope(_) => {
                (self.new.operations.iter().map(|it| it.name.clone()).collect(), false, true)
            }
            Element::Service | Element::Release(_) | Element::Category(_) => (Vec::new(), true, true),
        }
    }

    /// When an element came, as the old spec says, or as the new one does of
    /// what is new; and whether that release is out. What is part of something
    /// is no older than that.
    fn since(&self, element: &Element) -> Option<(Version, bool)> {
        let of = |it: &Element| self.age(it, self.old).or_else(|| self.age(it, self.new));
        let since = of(element).max(element.owner().as_ref().and_then(of))?;
        Some((since.clone(), is_released(self.old, since)))
    }

    fn age<'m>(&self, element: &Element, model: &'m Model) -> Option<&'m Version> {
        let operation = |name: &str| model.operations.iter().find(|it| it.name == name);
        Some(match element {
            Element::Operation(name) => &operation(name)?.since,
            Element::OfOperation(name, Part::Tag, of) => {
                &operation(name)?.tags.iter().find(|it| it.pattern == *of)?.since
            }
            Element::OfOperation(name, Part::Error | Part::Example, _) => &operation(name)?.since,
            Element::Type(name) => &model.data_type(name)?.since,
            Element::Value(ty, of) => {
                let TypeShape::Enum { values } = &model.data_type(ty)?.shape else { return None };
                &values.iter().find(|it| it.name == *of)?.since
            }
            _ => &field(element, model)?.since,
        })
    }

    fn retirement(&self, element: &Element) -> Option<&Retirement> {
        let model = self.new;
        Some(match element {
            Element::Operation(name) => &model.operations.iter().find(|it| it.name == *name)?.retirement,
            Element::Type(name) => &model.data_type(name)?.retirement,
            Element::Value(ty, of) => {
                let TypeShape::Enum { values } = &model.data_type(ty)?.shape else { return None };
                &values.iter().find(|it| it.name == *of)?.retirement
            }
            _ => &field(element, model)?.retirement,
        })
    }
}

/// The parameter or the field that an element is.
fn field<'m>(element: &Element, model: &'m Model) -> Option<&'m Field> {
    let operation = |name: &str| model.operations.iter().find(|it| it.name == name);
    match element {
        Element::OfOperation(name, Part::Parameter, of) => {
            operation(name)?.parameters.iter().map(|it| &it.field).find(|it| it.name == *of)
        }
        Element::OfOperation(name, Part::Response, of) => {
            operation(name)?.response.iter().find(|it| it.name == *of)
        }
        Element::Envelope(of) => model.service.envelope.iter().find(|it| it.name == *of),
        Element::Field(ty, of) => model.data_type(ty)?.own_fields().iter().find(|it| it.name == *of),
        _ => None,
    }
}

fn is_released(model: &Model, version: &Version) -> bool {
    model.service.releases.iter().any(|it| it.version == *version && it.state == ReleaseState::Released)
}

/// Rules that judge the release itself: that it is not out is in them already.
fn is_about_releases(rule: &ChangeRule) -> bool {
    rule.id.starts_with("since-") || rule.id.starts_with("release-") || rule.id.starts_with("removal-")
}
