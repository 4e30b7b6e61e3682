//! The report for programs.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use super::Report;
use super::entry::ReportEntry;
use super::revision::Named;
use super::site::Excerpt;
use crate::{Change, Element, Finding, Part};
use zstack_model::changes::{Level, Step, WaiverKind};
use zstack_model::waivers::Waiver;

/// What a change to the spec does to those who call the API.
///
/// Keys may be added; `format` changes when one goes or gets another meaning.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "DiffReport", rename_all = "camelCase")]
struct Document<'a> {
    /// The version of this form.
    #[schemars(extend("const" = 1))]
    format: u32,
    /// The side that is compared against.
    old: Revision<'a>,
    /// The side that is looked at.
    new: Revision<'a>,
    verdict: Verdict,
    /// By operation and data type, the worst first.
    findings: Vec<Told<'a>>,
}

/// One side of the comparison.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Revision<'a> {
    /// What people call it: `main at 1a2b3c4`, `the working tree`.
    label: &'a str,
}

/// What all findings come to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    /// The worst level of those that are not waived; null where there are none.
    level: Option<Level>,
    /// The greatest step that a finding needs of the generated crates, waived or
    /// not; null where nothing changed.
    step: Option<Step>,
    counts: Counts,
}

/// How many findings there are of each level, without those that are waived,
/// and how many are.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Counts {
    breaking: usize,
    risk: usize,
    compatible: usize,
    documentation: usize,
    waived: usize,
}

/// A change, and what it means.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Finding", rename_all = "camelCase")]
struct Told<'a> {
    /// The rule that it is a case of, in kebab case: `param-became-required`.
    rule: &'a str,
    /// What tells it from all others, whatever the words: rule, element, and
    /// both values.
    fingerprint: String,
    level: Level,
    /// What changed, in a sentence.
    message: String,
    /// What changes of this kind do.
    why: &'a str,
    /// How the level came about, where the rule alone does not say it.
    because: &'a [String],
    /// What to do; null where there is nothing to do.
    help: Option<&'a str>,
    /// What it is about, by its name: `DetachIsoFromVmInstance/isoUuid`.
    element: String,
    /// What the old side calls it; null where that is the same name.
    formerly: Option<String>,
    /// What kind of element it is.
    kind: Kind,
    /// The key of the spec that says what changed; null for the element as a
    /// whole.
    attribute: Option<&'a str>,
    /// The value before, in the spec's words; null for nothing.
    old_value: Option<&'a str>,
    /// The value now.
    new_value: Option<&'a str>,
    /// Where the old side says it; null where it does not.
    old_place: Option<PlaceJson>,
    /// Where the new side says it; null where it does not.
    new_place: Option<PlaceJson>,
    /// Whether clients send it.
    in_requests: bool,
    /// Whether clients receive it.
    in_responses: bool,
    /// The operations that it concerns.
    operations: &'a [String],
    /// The release that the element came with; null for what has none.
    since: Option<Since<'a>>,
    step: Step,
    /// What accepts it, so that it does not count; null where nothing does.
    waived: Option<Waived<'a>>,
}

/// An entry of `waivers.yaml`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Waived<'a> {
    kind: WaiverKind,
    reason: &'a str,
    /// Who answers for it.
    owner: Option<&'a str>,
    /// The last day on which it holds, or the release that ends it once that is
    /// out; null where it holds for good.
    expires: Option<String>,
}

/// A kind of element.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Kind {
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

/// A place in a file, lines and columns from 1, in characters.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename = "Place", rename_all = "camelCase")]
struct PlaceJson {
    /// Relative to the repository, with slashes.
    file: String,
    line: usize,
    column: usize,
    length: usize,
}

/// The release that an element came with.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Since<'a> {
    version: &'a str,
    /// Whether it is out.
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
        old: Revision { label: &report.old.label },
        new: Revision { label: &report.new.label },
        verdict: Verdict { level: verdict.level, step: verdict.step, counts },
        findings: report.entries().map(|entry| told(report, entry)).collect(),
    };
    // Texts and numbers below text keys: there is nothing that could fail.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn told<'a>(report: &'a Report<'_>, entry: &'a ReportEntry<'_>) -> Told<'a> {
    let finding = &entry.finding;
    // `accepted` is in the fingerprint.
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
    Told {
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
        old_place: entry.old.as_ref().map(|it| place(&report.old, it)),
        new_place: entry.new.as_ref().map(|it| place(&report.new, it)),
        in_requests: *in_requests,
        in_responses: *in_responses,
        operations,
        since: since
            .as_ref()
            .map(|(version, released)| Since { version: &version.text, released: *released }),
        step: *step,
        waived: waiver.as_ref().map(|Waiver { kind, reason, owner, expires, .. }| Waived {
            kind: *kind,
            reason,
            owner: owner.as_deref(),
            expires: expires.as_ref().map(ToString::to_string),
        }),
    }
}

fn place(side: &Named, it: &Excerpt<'_>) -> PlaceJson {
    let file = side.relative(&it.place.file);
    // A place without a position is the file as a whole.
    let (line, column, length) =
        it.place.position.map_or((1, 1, 1), |position| (position.line, position.column, position.length));
    PlaceJson { file, line, column, length }
}

const fn kind(element: &Element) -> Kind {
    match element {
        Element::Service => Kind::Service,
        Element::Release(_) => Kind::Release,
        Element::Category(_) => Kind::Category,
        Element::AuthScheme(_) => Kind::AuthScheme,
        Element::Envelope(_) => Kind::EnvelopeField,
        Element::ReservedPath(_) => Kind::ReservedPath,
        Element::Operation(_) => Kind::Operation,
        Element::OfOperation(_, Part::Parameter, _) => Kind::Parameter,
        Element::OfOperation(_, Part::Response, _) => Kind::ResponseField,
        Element::OfOperation(_, Part::Tag, _) => Kind::Tag,
        Element::OfOperation(_, Part::Error, _) => Kind::Error,
        Element::OfOperation(_, Part::Example, _) => Kind::Example,
        Element::Type(_) => Kind::Type,
        Element::Field(..) => Kind::Field,
        Element::Value(..) => Kind::EnumValue,
        Element::Waiver { .. } => Kind::Waiver,
    }
}
