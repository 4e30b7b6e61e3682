//! The changes of releases, in words and with links.

use serde::Serialize;
use zstack_model::changes::{ChangeKind, Effect};
use zstack_model::prose::{code, escape};
use zstack_review::{Finding, OperationPart, SpecElement};

use super::OPERATIONS;
use crate::site::snapshots::Snapshot;
use crate::site::text::{Name, slug};

/// The changes of a release.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReleaseChanges<'a> {
    pub(crate) release: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_next: bool,
    pub(crate) entries: Vec<ChangeEntry<'a>>,
}

/// A change.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ChangeEntry<'a> {
    pub(crate) kind: EntryKind,
    /// The kind of element, such as `parameter`.
    pub(crate) what: &'static str,
    pub(crate) name: Name<'a>,
    /// The element that it is part of, unless the page is about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<Name<'a>>,
    /// Relative to a page in a folder.
    #[serde(skip)]
    pub(crate) href: Option<String>,
    /// The title of the rule, unless the element was added or removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) new: Option<&'a str>,
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EntryKind {
    /// Added.
    New,
    /// Changed.
    Changed,
    /// Deprecated.
    Deprecated,
    /// Removed.
    Removed,
}

impl EntryKind {
    fn of(finding: &Finding) -> Self {
        if !finding.change.attribute.is_empty() {
            let is_end = matches!(finding.change.attribute, "deprecated" | "removed" | "replacement");
            return if is_end { Self::Deprecated } else { Self::Changed };
        }
        match finding.change.effect() {
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

impl<'a> ChangeEntry<'a> {
    /// Describes a finding on the page of `subject`, an operation or a data type; on
    /// other pages it is `None`.
    pub(crate) fn new(finding: &'a Finding, subject: Option<&str>) -> Self {
        let kind = EntryKind::of(finding);
        let (what, name, of) = describe(&finding.change.element);
        let is_whole =
            finding.change.attribute.is_empty() && matches!(kind, EntryKind::New | EntryKind::Removed);
        Self {
            kind,
            what,
            name: Name(name),
            of: of.filter(|owner| subject != Some(owner)).map(Name),
            href: href(&finding.change.element),
            title: (!is_whole).then_some(finding.kind().rule().title),
            old: finding.change.old.as_deref(),
            new: finding.change.new.as_deref(),
        }
    }

    /// The plural of the kind of element.
    pub(crate) fn plural(&self) -> String {
        // `field of the response`
        match self.what.split_once(" of ") {
            Some((what, rest)) => format!("{what}s of {rest}"),
            None => format!("{}s", self.what),
        }
    }

    /// A line of Markdown.
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

/// Groups consecutive entries that fit on one line: parts of the same element that
/// were added or removed.
pub(crate) fn group_similar<'e, 'a>(entries: &'e [ChangeEntry<'a>]) -> Vec<&'e [ChangeEntry<'a>]> {
    let is_similar = |a: &ChangeEntry<'_>, b: &ChangeEntry<'_>| {
        let is_part = a.what != "operation" && a.what != "data type";
        let is_of_one = a.of.map(|owner| owner.0) == b.of.map(|owner| owner.0);
        let has_no_title = a.title.is_none() && b.title.is_none();
        is_part && is_of_one && has_no_title && (a.kind, a.what) == (b.kind, b.what)
    };
    entries.chunk_by(is_similar).collect()
}

/// The kind of an element, its name, and the element that it is part of.
fn describe(element: &SpecElement) -> (&'static str, &str, Option<&str>) {
    match element {
        SpecElement::Service => ("service", "", None),
        SpecElement::AuthScheme(name) => ("authentication scheme", name, None),
        SpecElement::Release(name) => ("release", name, None),
        SpecElement::Category(name) => ("category", name, None),
        // Releases of one spec share their waivers.
        SpecElement::Waiver { rule, .. } => ("waiver", rule, None),
        SpecElement::Envelope(name) => ("field of every response", name, None),
        SpecElement::ReservedPath(path) => ("reserved path", path, None),
        SpecElement::Operation(name) => ("operation", name, None),
        SpecElement::OfOperation(of, part, name) => {
            let what = match part {
                OperationPart::Parameter => "parameter",
                OperationPart::Response => "field of the response",
                OperationPart::Tag => "system tag",
                OperationPart::Error => "error",
                OperationPart::Example => "example",
            };
            (what, name, Some(of))
        }
        SpecElement::Type(name) => ("data type", name, None),
        SpecElement::Field(of, name) => ("field", name, Some(of)),
        SpecElement::Value(of, name) => ("value", name, Some(of)),
    }
}

/// The link to an element, relative to a page in a folder; `None` if the element has
/// no place.
fn href(element: &SpecElement) -> Option<String> {
    Some(match element {
        SpecElement::Operation(name) => format!("../{OPERATIONS}/{name}.html"),
        SpecElement::OfOperation(of, part, name) => {
            let anchor = match part {
                OperationPart::Parameter => format!("param-{}", slug(name)),
                OperationPart::Response => format!("response-{}", slug(name)),
                OperationPart::Tag => format!("tag-{}", slug(name)),
                // Several errors may have the same code.
                OperationPart::Error => "errors".to_owned(),
                OperationPart::Example => "examples".to_owned(),
            };
            format!("../{OPERATIONS}/{of}.html#{anchor}")
        }
        SpecElement::Type(name) => format!("../types/{name}.html"),
        SpecElement::Field(of, name) => format!("../types/{of}.html#field-{}", slug(name)),
        SpecElement::Value(of, name) => format!("../types/{of}.html#value-{}", slug(name)),
        SpecElement::Category(name) => format!("../categories/{name}.html"),
        SpecElement::Envelope(_) => "../conventions.html#responses".to_owned(),
        SpecElement::AuthScheme(_) => "../conventions.html#authentication".to_owned(),
        SpecElement::Service
        | SpecElement::Release(_)
        | SpecElement::ReservedPath(_)
        | SpecElement::Waiver { .. } => {
            return None;
        }
    })
}

/// The history of an operation, newest release first: its own changes, and then those
/// of the data types that it uses.
pub(crate) fn of_operation<'a>(
    snapshots: &'a [Snapshot<'_>],
    releases: &[usize],
    name: &str,
) -> Vec<ReleaseChanges<'a>> {
    let concerns = |finding: &&Finding| match finding.change.element.operation() {
        Some(operation) => operation == name,
        // The names are sorted.
        None => finding.operations.binary_search_by(|operation| operation.as_str().cmp(name)).is_ok(),
    };
    let snapshots = releases.iter().rev().map(|&index| &snapshots[index]);
    let changes = |snapshot: &'a Snapshot<'_>| {
        let mut findings: Vec<_> = snapshot.findings.iter().filter(concerns).collect();
        // If the operation is new, so are its data types.
        if findings.iter().any(|finding| finding.kind() == ChangeKind::OpAdded) {
            findings.retain(|finding| finding.change.element.operation().is_some());
        }
        findings.sort_by_key(|finding| finding.change.element.operation().is_none());
        changes_of(snapshot, findings, Some(name))
    };
    snapshots.map(changes).filter(|changes| !changes.entries.is_empty()).collect()
}

/// The history of a data type, newest release first.
pub(crate) fn of_type<'a>(snapshots: &'a [Snapshot<'_>], name: &str) -> Vec<ReleaseChanges<'a>> {
    let changes = |snapshot: &'a Snapshot<'_>| {
        let findings =
            snapshot.findings.iter().filter(|finding| finding.change.element.data_type() == Some(name));
        changes_of(snapshot, findings.collect(), Some(name))
    };
    snapshots.iter().rev().map(changes).filter(|changes| !changes.entries.is_empty()).collect()
}

/// All changes of a release.
pub(crate) fn of_release<'a>(snapshot: &'a Snapshot<'_>) -> ReleaseChanges<'a> {
    changes_of(snapshot, snapshot.findings.iter().collect(), None)
}

fn changes_of<'a>(
    snapshot: &'a Snapshot<'a>,
    findings: Vec<&'a Finding>,
    subject: Option<&str>,
) -> ReleaseChanges<'a> {
    let entries = findings.into_iter().map(|finding| ChangeEntry::new(finding, subject)).collect();
    ReleaseChanges { release: snapshot.version(), is_next: !snapshot.is_released(), entries }
}
