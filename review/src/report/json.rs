//! The report as JSON.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::Report;
use super::entry::ReportEntry;
use super::excerpts::Excerpt;
use super::side::SideName;
use crate::{Change, Finding, OperationPart, SpecElement};
use zstack_model::changes::{Level, Step, WaiverKind};
use zstack_model::diagnostics::Position;
use zstack_model::waivers::Waiver;

/// A report of what a change to the spec means for clients.
///
/// Later versions may add keys; `format` changes if a key is removed or changes its meaning.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "DiffReport", rename_all = "camelCase")]
struct Document<'a> {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    format: u32,
    /// The base of the comparison.
    old: SideJson<'a>,
    /// The head of the comparison.
    new: SideJson<'a>,
    verdict: VerdictJson,
    /// The findings, grouped by operation and data type, the worst first.
    findings: Vec<FindingJson<'a>>,
}

/// One side of the comparison.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Side", rename_all = "camelCase")]
struct SideJson<'a> {
    /// The origin of the spec, such as `main at 1a2b3c4` or `the working tree`.
    label: &'a str,
}

/// The overall result.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Verdict", rename_all = "camelCase")]
struct VerdictJson {
    /// The worst level of the findings that are not waived; null if there are none.
    level: Option<Level>,
    /// The largest version step that a finding requires of the generated crates, waived or not; null if
    /// nothing changed.
    step: Option<Step>,
    counts: Counts,
}

/// The number of findings of each level that are not waived, and of those that are.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Counts {
    breaking: usize,
    risk: usize,
    compatible: usize,
    documentation: usize,
    waived: usize,
}

/// A change and its consequences.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Finding", rename_all = "camelCase")]
struct FindingJson<'a> {
    /// The id of the rule, such as `param-became-required`.
    rule: &'a str,
    /// A digest of the rule, the element and both values, which waivers name. It does not depend on the
    /// wording of messages.
    fingerprint: String,
    level: Level,
    /// The change in one sentence.
    message: String,
    /// Why changes of this kind matter.
    why: &'a str,
    /// The reasons for the level, if the rule alone does not determine it.
    because: &'a [String],
    /// The advice of the rule; null if there is nothing to do.
    help: Option<&'a str>,
    /// The changed element, such as `DetachIsoFromVmInstance/isoUuid`.
    element: String,
    /// The name of the element on the old side; null if it is the same.
    formerly: Option<String>,
    /// The kind of the element.
    kind: ElementKind,
    /// The key in the spec whose value changed; null for the element as a whole.
    attribute: Option<&'a str>,
    /// The value on the old side, as the spec writes it; null if there is none.
    old_value: Option<&'a str>,
    /// The value on the new side.
    new_value: Option<&'a str>,
    /// The place on the old side; null if there is none.
    old_place: Option<PlaceJson>,
    /// The place on the new side; null if there is none.
    new_place: Option<PlaceJson>,
    /// True if clients send the element.
    in_requests: bool,
    /// True if clients receive the element.
    in_responses: bool,
    /// The affected operations.
    operations: &'a [String],
    /// The release that introduced the element; null if there is none.
    since: Option<SinceJson>,
    step: Step,
    /// The waiver that accepts the finding, so that it does not count; null if there is none.
    waived: Option<WaiverJson<'a>>,
}

/// An entry of `waivers.yaml`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Waiver", rename_all = "camelCase")]
struct WaiverJson<'a> {
    kind: WaiverKind,
    reason: &'a str,
    /// The person or team responsible.
    owner: Option<&'a str>,
    /// The last day of the waiver, or the release whose publication ends it; null if it does not expire.
    expires: Option<String>,
}

/// A kind of element.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum ElementKind {
    Service,
    Release,
    Category,
    AuthScheme,
    EnvelopeField,
    ReservedPath,
    Operation,
    Parameter,
    ResponseField,
    Tag,
    Error,
    Example,
    Type,
    Field,
    EnumValue,
    Waiver,
}

/// A place in a file. Lines and columns count from 1, in characters.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Place", rename_all = "camelCase")]
struct PlaceJson {
    /// The path relative to the repository, with slashes.
    file: String,
    line: usize,
    column: usize,
    length: usize,
}

/// The release that introduced an element.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Since", rename_all = "camelCase")]
struct SinceJson {
    version: String,
    /// True if the release is published.
    released: bool,
}

/// The JSON Schema of the report.
pub fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let settings = SchemaSettings::draft07().for_serialize();
        let mut schema = settings.into_generator().into_root_schema_for::<Document<'_>>().to_value();
        schema["$comment"] = "Generated from the structs in review/src/report/json.rs.".into();
        schema
    });
    &SCHEMA
}

pub(super) fn json(report: &Report<'_>) -> String {
    let verdict = report.verdict();
    let mut counts = Counts { waived: verdict.waived, ..Counts::default() };
    for (level, count) in verdict.counts {
        match level {
            Level::Breaking => counts.breaking = count,
            Level::Risk => counts.risk = count,
            Level::Compatible => counts.compatible = count,
            Level::Documentation => counts.documentation = count,
        }
    }
    let document = Document {
        format: 1,
        old: SideJson { label: &report.old.label },
        new: SideJson { label: &report.new.label },
        verdict: VerdictJson { level: verdict.level, step: verdict.step, counts },
        findings: report.entries().map(|entry| finding(report, entry)).collect(),
    };
    // Strings and numbers with string keys can always be serialized.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn finding<'a>(report: &'a Report<'_>, entry: &'a ReportEntry<'_>) -> FindingJson<'a> {
    let finding = &entry.finding;
    // The fingerprint covers `accepted`.
    let Finding {
        change,
        level,
        because,
        in_requests,
        in_responses,
        operations,
        since,
        step,
        waiver,
        accepted: _,
    } = finding;
    let Change { kind: _, element, formerly, attribute, old, new } = change;
    let rule = finding.kind().rule();
    FindingJson {
        rule: rule.id,
        fingerprint: report.fingerprint(finding),
        level: *level,
        message: entry.sentence.to_string(),
        why: rule.why,
        because,
        help: entry.help(),
        element: element.to_string(),
        formerly: formerly.as_ref().map(ToString::to_string),
        kind: kind(element),
        attribute: (!attribute.is_empty()).then_some(*attribute),
        old_value: old.as_deref(),
        new_value: new.as_deref(),
        old_place: entry.old.as_ref().map(|excerpt| place(&report.old, excerpt)),
        new_place: entry.new.as_ref().map(|excerpt| place(&report.new, excerpt)),
        in_requests: *in_requests,
        in_responses: *in_responses,
        operations,
        since: since
            .as_ref()
            .map(|(version, released)| SinceJson { version: version.to_string(), released: *released }),
        step: *step,
        waived: waiver.as_ref().map(|Waiver { kind, reason, owner, expires, .. }| WaiverJson {
            kind: *kind,
            reason,
            owner: owner.as_deref(),
            expires: expires.as_ref().map(ToString::to_string),
        }),
    }
}

fn place(side: &SideName, excerpt: &Excerpt<'_>) -> PlaceJson {
    let file = side.relative_path(&excerpt.place.file);
    // Without a position, the place is the whole file.
    let whole_file = Position { line: 1, column: 1, length: 1 };
    let Position { line, column, length } = excerpt.place.position.unwrap_or(whole_file);
    PlaceJson { file, line, column, length }
}

const fn kind(element: &SpecElement) -> ElementKind {
    match element {
        SpecElement::Service => ElementKind::Service,
        SpecElement::Release(_) => ElementKind::Release,
        SpecElement::Category(_) => ElementKind::Category,
        SpecElement::AuthScheme(_) => ElementKind::AuthScheme,
        SpecElement::Envelope(_) => ElementKind::EnvelopeField,
        SpecElement::ReservedPath(_) => ElementKind::ReservedPath,
        SpecElement::Operation(_) => ElementKind::Operation,
        SpecElement::OfOperation(_, OperationPart::Parameter, _) => ElementKind::Parameter,
        SpecElement::OfOperation(_, OperationPart::Response, _) => ElementKind::ResponseField,
        SpecElement::OfOperation(_, OperationPart::Tag, _) => ElementKind::Tag,
        SpecElement::OfOperation(_, OperationPart::Error, _) => ElementKind::Error,
        SpecElement::OfOperation(_, OperationPart::Example, _) => ElementKind::Example,
        SpecElement::Type(_) => ElementKind::Type,
        SpecElement::Field(..) => ElementKind::Field,
        SpecElement::Value(..) => ElementKind::EnumValue,
        SpecElement::Waiver { .. } => ElementKind::Waiver,
    }
}
