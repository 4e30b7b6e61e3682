//! What releases changed, in words and with links.

use serde::Serialize;
use zstack_model::changes::{ChangeKind, Effect};
use zstack_model::prose::{code, escape};
use zstack_review::{Element, Finding, Part};

use super::OPERATIONS;
use crate::site::history::Step;
use crate::site::text::{Name, slug};

/// What a release changed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Log<'a> {
    pub(crate) release: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_next: bool,
    pub(crate) entries: Vec<Entry<'a>>,
}

/// A change.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry<'a> {
    pub(crate) kind: Kind,
    /// The kind of element, `parameter`, in front of its name.
    pub(crate) what: &'static str,
    pub(crate) name: Name<'a>,
    /// What it is part of, where the page is not about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<Name<'a>>,
    /// From a page in a folder.
    #[serde(skip)]
    pub(crate) href: Option<String>,
    /// What happened, where it neither came nor went: the title of the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new: Option<&'a str>,
}

/// What happened to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// It came.
    New,
    /// It is another.
    Changed,
    /// It goes, in time.
    Deprecated,
    /// It went.
    Removed,
}

impl Kind {
    fn of(it: &Finding) -> Self {
        if !it.change.attribute.is_empty() {
            let is_end = matches!(it.change.attribute, "deprecated" | "removed" | "replacement");
            return if is_end { Self::Deprecated } else { Self::Changed };
        }
        match it.change.effect() {
            Effect::Removed => Self::Removed,
            Effect::Added => Self::New,
            Effect::Changed => Self::Changed,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Deprecated => "deprecated",
            Self::Removed => "removed",
        }
    }
}

impl<'a> Entry<'a> {
    /// A finding, as a page tells it that is about `subject`, an operation or a
    /// data type, or about everything.
    pub(crate) fn new(it: &'a Finding, subject: Option<&str>) -> Self {
        let kind = Kind::of(it);
        let (what, name, of) = words(&it.change.element);
        let is_whole = it.change.attribute.is_empty() && matches!(kind, Kind::New | Kind::Removed);
        Self {
            kind,
            what,
            name: Name(name),
            of: of.filter(|it| subject != Some(it)).map(Name),
            href: href(&it.change.element),
            title: (!is_whole).then_some(it.kind().rule().title),
            old: it.change.old.as_deref(),
            new: it.change.new.as_deref(),
        }
    }

    /// What several of its kind are.
    pub(crate) fn plural(&self) -> String {
        // `field of the answer`
        match self.what.split_once(" of ") {
            Some((what, rest)) => format!("{what}s of {rest}"),
            None => format!("{}s", self.what),
        }
    }

    /// In a line of Markdown.
    pub(crate) fn md(&self) -> String {
        let mut line = format!("{}: {}", self.kind.word(), self.what);
        // The service has no name.
        if !self.name.0.is_empty() {
            line.push_str(&format!(" {}", code(self.name.0)));
        }
        if let Some(of) = self.of {
            line.push_str(&format!(" of {}", escape(of.0)));
        }
        if let Some(title) = self.title {
            line.push_str(&format!(". {}", escape(title)));
        }
        for (word, value) in [("was", self.old), ("now", self.new)] {
            if let Some(value) = value {
                line.push_str(&format!(", {word} {}", code(value)));
            }
        }
        line
    }
}

/// Entries that one line tells: parts of the same, of which there is nothing
/// more to say than that they came or went.
pub(crate) fn alike<'e, 'a>(entries: &'e [Entry<'a>]) -> Vec<&'e [Entry<'a>]> {
    let is_alike = |a: &Entry<'_>, b: &Entry<'_>| {
        let is_part = a.what != "operation" && a.what != "data type";
        let is_of_one = a.of.map(|it| it.0) == b.of.map(|it| it.0);
        let says_no_more = a.title.is_none() && b.title.is_none();
        is_part && is_of_one && says_no_more && (a.kind, a.what) == (b.kind, b.what)
    };
    entries.chunk_by(is_alike).collect()
}

/// What an element is, its name, and what it is part of.
fn words(element: &Element) -> (&'static str, &str, Option<&str>) {
    match element {
        Element::Service => ("service", "", None),
        Element::AuthScheme(name) => ("way to authenticate", name, None),
        Element::Release(name) => ("release", name, None),
        Element::Category(name) => ("category", name, None),
        // Two releases of one spec have the same.
        Element::Waiver { rule, .. } => ("waiver", rule, None),
        Element::Envelope(name) => ("field of every answer", name, None),
        Element::ReservedPath(path) => ("reserved path", path, None),
        Element::Operation(name) => ("operation", name, None),
        Element::OfOperation(of, part, name) => {
            let what = match part {
                Part::Parameter => "parameter",
                Part::Response => "field of the answer",
                Part::Tag => "system tag",
                Part::Error => "error",
                Part::Example => "example",
            };
            (what, name, Some(of))
        }
        Element::Type(name) => ("data type", name, None),
        Element::Field(of, name) => ("field", name, Some(of)),
        Element::Value(of, name) => ("value", name, Some(of)),
    }
}

/// Where an element is, from a page in a folder. What has no place of its own,
/// or may be there no more, has none.
fn href(element: &Element) -> Option<String> {
    Some(match element {
        Element::Operation(name) => format!("../{OPERATIONS}/{name}.html"),
        Element::OfOperation(of, part, name) => {
            let anchor = match part {
                Part::Parameter => format!("param-{}", slug(name)),
                Part::Response => format!("response-{}", slug(name)),
                Part::Tag => format!("tag-{}", slug(name)),
                // Of one code there may be several.
                Part::Error => "errors".to_owned(),
                Part::Example => "examples".to_owned(),
            };
            format!("../{OPERATIONS}/{of}.html#{anchor}")
        }
        Element::Type(name) => format!("../types/{name}.html"),
        Element::Field(of, name) => format!("../types/{of}.html#field-{}", slug(name)),
        Element::Value(of, name) => format!("../types/{of}.html#value-{}", slug(name)),
        Element::Category(name) => format!("../categories/{name}.html"),
        Element::Envelope(_) => "../conventions.html#answers".to_owned(),
        Element::AuthScheme(_) => "../conventions.html#authentication".to_owned(),
        Element::Service | Element::Release(_) | Element::ReservedPath(_) | Element::Waiver { .. } => {
            return None;
        }
    })
}

/// The history of an operation, the newest release first: what happened to
/// itself, and then to the data types that it leads to.
pub(crate) fn of_operation<'a>(steps: &'a [Step<'_>], releases: &[usize], name: &str) -> Vec<Log<'a>> {
    let concerns = |it: &&Finding| match it.change.element.operation() {
        Some(operation) => operation == name,
        // They are in the order of their names.
        None => it.operations.binary_search_by(|operation| operation.as_str().cmp(name)).is_ok(),
    };
    let steps = releases.iter().rev().map(|&nth| &steps[nth]);
    let log = |step: &'a Step<'_>| {
        let mut findings: Vec<_> = step.findings.iter().filter(concerns).collect();
        // What came with the operation is no news.
        if findings.iter().any(|finding| finding.kind() == ChangeKind::OpAdded) {
            findings.retain(|finding| finding.change.element.operation().is_some());
        }
        findings.sort_by_key(|finding| finding.change.element.operation().is_none());
        log_of(step, findings, Some(name))
    };
    steps.map(log).filter(|log| !log.entries.is_empty()).collect()
}

/// The history of a data type, the newest release first.
pub(crate) fn of_type<'a>(steps: &'a [Step<'_>], name: &str) -> Vec<Log<'a>> {
    let log = |step: &'a Step<'_>| {
        let findings =
            step.findings.iter().filter(|finding| finding.change.element.data_type() == Some(name));
        log_of(step, findings.collect(), Some(name))
    };
    steps.iter().rev().map(log).filter(|log| !log.entries.is_empty()).collect()
}

/// All that a release changed.
pub(crate) fn of_release<'a>(step: &'a Step<'_>) -> Log<'a> {
    log_of(step, step.findings.iter().collect(), None)
}

fn log_of<'a>(step: &Step<'a>, findings: Vec<&'a Finding>, subject: Option<&str>) -> Log<'a> {
    let entries = findings.into_iter().map(|finding| Entry::new(finding, subject)).collect();
    Log { release: step.version(), is_next: !step.is_out(), entries }
}
