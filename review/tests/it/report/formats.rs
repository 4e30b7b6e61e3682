//! Tests of each format.

use camino::Utf8Path;
use serde_json::Value;
use zstack_model::changes::{Level, Step};
use zstack_review::report::{Format, Options, schema};
use zstack_review::{Finding, report::Report};

use super::back::{expected_findings, json, read_back};
use super::{FOLDER, Loaded, findings, golden, report, text_of};

/// Validates a document.
pub(crate) fn validate(document: &Value, schema: Value) {
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("schema.json", schema).unwrap();
    let mut schemas = boon::Schemas::new();
    let schema = compiler.compile("schema.json", &mut schemas).unwrap();
    if let Err(error) = schemas.validate(document, schema) {
        panic!("{error:#}\n{document:#}");
    }
}

/// The schema that OASIS publishes.
pub(crate) fn sarif_schema() -> Value {
    json(&std::fs::read_to_string(Utf8Path::new(FOLDER).join("sarif-2.1.0.schema.json")).unwrap())
}

#[test]
fn each_format_has_the_expected_text() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    let report = report(&old, &new);
    golden("report.txt", &text_of(&report, Format::Text, false));
    golden("verbose.txt", &text_of(&report, Format::Text, true));
    golden("report.md", &text_of(&report, Format::Markdown, false));
    golden("report.json", &text_of(&report, Format::Json, false));
    golden("github.txt", &text_of(&report, Format::Github, false));
    golden("gitlab.json", &text_of(&report, Format::Gitlab, false));
    golden("report.sarif", &text_of(&report, Format::Sarif, false));
}

#[test]
fn nothing_changed() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("old"));
    let report = report(&old, &new);
    assert_eq!(
        text_of(&report, Format::Text, false),
        "no changes between main at 1a2b3c4 and the working tree\n"
    );
    assert_eq!(
        text_of(&report, Format::Markdown, false),
        "### ⚪ API changes: none\n\n`main at 1a2b3c4` → `the working tree`\n"
    );
    assert_eq!(text_of(&report, Format::Github, false), "");
    assert_eq!(text_of(&report, Format::Gitlab, false), "[]\n");
    let text = json(&text_of(&report, Format::Json, false));
    assert_eq!((&text["findings"], &text["verdict"]["level"]), (&serde_json::json!([]), &Value::Null));
    validate(&text, schema().clone());
    let sarif = json(&text_of(&report, Format::Sarif, false));
    assert_eq!(sarif["runs"][0]["results"], serde_json::json!([]));
    validate(&sarif, sarif_schema());
    let verdict = report.verdict();
    assert_eq!((verdict.level, verdict.step, verdict.total()), (None, None, 0));
    assert!(!verdict.reaches(Level::Documentation));
}

#[test]
fn every_format_carries_every_finding() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    for (report, has_room) in [(report(&old, &new), true), (report(&new, &old), false)] {
        // Those of the new side count; the way back has none.
        assert_eq!(report.verdict().waived, if has_room { 3 } else { 0 });
        assert!(report.verdict().counts.iter().all(|(_, count)| *count > 0));
        // The way back has more than ten notices, which the last one counts.
        for format in Format::ALL.into_iter().filter(|format| has_room || *format != Format::Github) {
            assert_eq!(read_back(&report, format), expected_findings(&report), "{}", format.word());
        }
    }
}

#[test]
fn json_and_sarif_match_their_schemas() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    for report in [report(&old, &new), report(&new, &old)] {
        validate(&json(&text_of(&report, Format::Json, false)), schema().clone());
        validate(&json(&text_of(&report, Format::Sarif, false)), sarif_schema());
    }
}

#[test]
fn the_schemas_reject_wrong_values() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    let report = report(&old, &new);
    for (format, schema, pointer) in [
        (Format::Json, schema().clone(), "/findings/0/level"),
        (Format::Json, schema().clone(), "/format"),
        (Format::Sarif, sarif_schema(), "/runs/0/results/0/level"),
    ] {
        let mut document = json(&text_of(&report, format, false));
        *document.pointer_mut(pointer).unwrap() = "dreadful".into();
        std::panic::catch_unwind(|| validate(&document, schema)).unwrap_err();
    }
}

#[test]
fn the_committed_schema_is_up_to_date() {
    golden("../../../docs/diff.schema.json", &format!("{:#}\n", schema()));
}

#[test]
fn the_order_of_findings_does_not_matter() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    let text = |report: Report<'_>| text_of(&report, Format::Json, false);
    let in_order = text(report(&old, &new));
    let mut findings = findings(&old, &new);
    for _ in 0..findings.len() {
        findings.rotate_left(1);
        let (old, new) = (old.side("main at 1a2b3c4", "spec"), new.side("the working tree", "spec"));
        assert!(text(Report::new(old, new, findings.clone())) == in_order);
    }
}

#[test]
fn the_verdict_is_the_worst_level() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    let verdict = report(&old, &new).verdict();
    assert_eq!((verdict.level, verdict.step), (Some(Level::Breaking), Some(Step::Major)));
    let findings = findings(&old, &new);
    for (worst, levels) in [
        (Level::Breaking, [true, true, true]),
        (Level::Risk, [false, true, true]),
        (Level::Compatible, [false, false, true]),
        (Level::Documentation, [false, false, false]),
    ] {
        let some: Vec<_> = findings.iter().filter(|finding| finding.level <= worst).cloned().collect();
        let step = some.iter().map(|finding| finding.step).max();
        let verdict = Report::new(old.side("a", "spec"), new.side("b", "spec"), some).verdict();
        assert_eq!((verdict.level, verdict.step), (Some(worst), step));
        let reached = [Level::Breaking, Level::Risk, Level::Compatible].map(|level| verdict.reaches(level));
        assert_eq!(reached, levels, "{worst:?}");
    }
}

#[test]
fn waived_findings_are_listed_and_do_not_count() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    let waiver = report(&old, &new).findings().find_map(|finding| finding.waiver.clone()).unwrap();
    let all =
        findings(&old, &new).into_iter().map(|finding| Finding { waiver: Some(waiver.clone()), ..finding });
    let report = Report::new(old.side("a", "spec"), new.side("b", "spec"), all.collect());
    let verdict = report.verdict();
    // A waiver does not make code compile.
    assert_eq!((verdict.level, verdict.step), (None, Some(Step::Major)));
    assert_eq!((verdict.waived, verdict.total()), (22, 22));
    assert!([Level::Breaking, Level::Risk, Level::Compatible].iter().all(|level| !verdict.reaches(*level)));
    let text = text_of(&report, Format::Text, false);
    let closing = "22 changes between a and b: 22 waived\nverdict: waived; the generated crates need a major version step\n";
    assert!(text.ends_with(closing), "{text}");
    let markdown = text_of(&report, Format::Markdown, false);
    assert!(markdown.starts_with("### ⚪ API changes: waived\n\n22 changes: 22 waived."), "{markdown}");
    let json = json(&text_of(&report, Format::Json, false));
    assert_eq!((&json["verdict"]["level"], &json["verdict"]["counts"]["waived"]), (&Value::Null, &22.into()));
    validate(&json, schema().clone());
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Github) {
        assert_eq!(read_back(&report, format), expected_findings(&report), "{}", format.word());
    }
}

#[test]
fn colours_are_optional() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    let report = report(&old, &new);
    let mut out = Vec::new();
    let styles = zstack_model::diagnostics::Styles::colored();
    report.write(&mut out, Format::Text, &Options { styles, verbose: false }).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("\u{1b}[1m\u{1b}[91mbreaking["), "{text}");
    assert!(!text_of(&report, Format::Text, false).contains('\u{1b}'));
}

/// Removed elements are marked at the element before them, or at their owner.
#[test]
fn removed_elements_are_marked_nearby() {
    let (old, new) = (Loaded::folder("old"), Loaded::folder("new"));
    let issues = json(&text_of(&report(&old, &new), Format::Gitlab, false));
    let place = |rule: &str, element: &str| {
        let mut all = issues.as_array().unwrap().iter();
        let is_issue = |issue: &&Value| {
            issue["check_name"] == rule && issue["description"].as_str().unwrap().contains(element)
        };
        let place = &all.find(is_issue).unwrap()["location"];
        let (file, line) = (place["path"].as_str().unwrap(), place["lines"]["begin"].as_u64().unwrap());
        let text = &new.0.texts[Utf8Path::new(file).strip_prefix("spec").unwrap()];
        text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap().trim().to_owned()
    };
    assert_eq!(
        place("field-removed", "`mac`"),
        "- {name: uuid, type: String, required: true, since: \"1.0\"}"
    );
    assert_eq!(place("op-removed", "GetConsole"), "- {name: vm, title: Virtual machines}");
    assert_eq!(place("param-became-required", "`isoUuid`"), "required: true");
}
