//! Tests of waivers.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};
use zstack_model::ReleaseState;
use zstack_model::changes::{ChangeKind, Level, WaiverKind};
use zstack_model::load::{Loaded, Memory, load_tree};
use zstack_review::report::{Format, Options, Report, ReportSide};
use zstack_review::{Finding, Fingerprints, SideFiles, diff, waive};

use crate::rows;
use crate::spec::Spec;

/// Loads a spec with waivers.
fn load(spec: &Spec, waivers: &Value) -> Loaded {
    let mut files = spec.0.clone();
    files.insert("waivers.yaml".to_owned(), json!({"waivers": waivers}));
    let files: Memory = files
        .into_iter()
        .map(|(path, file)| (Utf8PathBuf::from(path), file.to_string().into_bytes()))
        .collect();
    load_tree(&files, Utf8Path::new("spec")).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The findings of a change after the waivers are applied.
fn apply_waivers(old: &Loaded, new: &Loaded, today: &str) -> Vec<Finding> {
    let mut findings = diff(&old.model, &new.model);
    // Missing history entries do not matter here.
    findings.retain(|finding| finding.kind() != ChangeKind::SilentEdit);
    let fingerprints = Fingerprints::new(&old.model, &new.model);
    waive(findings, &fingerprints, &old.waivers, &new.waivers, today.parse().unwrap())
}

/// `level rule element` and the reason of the waiver, for each finding.
fn summaries(findings: &[Finding]) -> Vec<String> {
    let summaries = findings.iter().map(|finding| {
        let reason = finding.waiver.as_ref().map_or(String::new(), |waiver| format!(", {}", waiver.reason));
        format!("{} {} {}{reason}", finding.level.word(), finding.kind().id(), finding.change.element)
    });
    summaries.collect()
}

/// The base spec with two parameters that became required.
fn changed_spec() -> Spec {
    let mut spec = Spec::base();
    spec.set("GetZone/parameters/depth/required", true.into());
    spec.set("StopVm/parameters/force/required", true.into());
    spec
}

const DEPTH: &str = "breaking param-became-required GetZone/depth";
const FORCE: &str = "breaking param-became-required StopVm/force";

fn fingerprint(element: &str) -> String {
    let (old, new) = (Spec::base().model(), changed_spec().model());
    let findings = diff(&old, &new);
    let finding = findings.iter().find(|finding| finding.change.element.to_string() == element).unwrap();
    Fingerprints::new(&old, &new).of(finding)
}

fn entry(element: &str, more: &Value) -> Value {
    let mut entry =
        json!({"rule": "param-became-required", "element": element, "kind": "break", "reason": "So"});
    entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    entry
}

/// The findings of the change with waivers of the old and the new side, on 2026-06-15.
fn apply(old: &Value, new: &Value) -> Vec<String> {
    sort_lines(summaries(&apply_waivers(
        &load(&Spec::base(), old),
        &load(&changed_spec(), new),
        "2026-06-15",
    )))
}

fn sort_lines(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

#[test]
fn a_waiver_matches_one_rule_and_element() {
    let (depth, force) = (fingerprint("GetZone/depth"), fingerprint("StopVm/force"));
    let so = |line: &str| format!("{line}, So");
    let unused = |element: &str| format!("risk waiver-unused waivers/param-became-required/{element}");
    for (name, entries, expected) in [
        ("none", json!([]), vec![DEPTH.to_owned(), FORCE.to_owned()]),
        ("one", json!([entry("GetZone/depth", &json!({}))]), vec![so(DEPTH), FORCE.to_owned()]),
        (
            "both",
            json!([entry("GetZone/depth", &json!({})), entry("StopVm/force", &json!({}))]),
            vec![so(DEPTH), so(FORCE)],
        ),
        (
            "by its fingerprint",
            json!([entry("GetZone/depth", &json!({"fingerprint": depth}))]),
            vec![so(DEPTH), FORCE.to_owned()],
        ),
        (
            "by that of another one",
            json!([entry("GetZone/depth", &json!({"fingerprint": force}))]),
            vec![DEPTH.to_owned(), FORCE.to_owned(), unused(&format!("GetZone/depth/{force}"))],
        ),
        (
            "by its fingerprint before any",
            json!([
                entry("GetZone/depth", &json!({"reason": "Any"})),
                entry("GetZone/depth", &json!({"fingerprint": depth})),
            ]),
            vec![so(DEPTH), FORCE.to_owned(), unused("GetZone/depth")],
        ),
        (
            "another rule",
            json!([entry("GetZone/depth", &json!({"rule": "param-removed"}))]),
            vec![
                DEPTH.to_owned(),
                FORCE.to_owned(),
                "risk waiver-unused waivers/param-removed/GetZone/depth".to_owned(),
            ],
        ),
        (
            "no patterns, and no owners",
            json!([entry("GetZone/*", &json!({})), entry("*", &json!({})), entry("StopVm", &json!({}))]),
            vec![DEPTH.to_owned(), FORCE.to_owned(), unused("GetZone/*"), unused("*"), unused("StopVm")],
        ),
        (
            "case matters",
            json!([entry("getZone/depth", &json!({}))]),
            vec![DEPTH.to_owned(), FORCE.to_owned(), unused("getZone/depth")],
        ),
    ] {
        assert_eq!(apply(&json!([]), &entries), sort_lines(expected), "{name}");
    }
}

#[test]
fn a_waiver_expires_on_a_day_or_with_a_release() {
    let expired = "breaking waiver-expired waivers/param-became-required/GetZone/depth".to_owned();
    for (expires, holds) in [
        (json!("2026-06-14"), false),
        (json!("2026-06-15"), true),
        (json!("2026-06-16"), true),
        (json!("3.0"), false),
        (json!("4.0"), true),
        (Value::Null, true),
    ] {
        let entry = match &expires {
            Value::Null => entry("GetZone/depth", &json!({})),
            expires => entry("GetZone/depth", &json!({"expires": expires})),
        };
        // It does not matter if the old side has the waiver, too.
        for old in [json!([]), json!([entry.clone()])] {
            let expected = match holds {
                true => vec![format!("{DEPTH}, So"), FORCE.to_owned()],
                false => vec![DEPTH.to_owned(), FORCE.to_owned(), expired.clone()],
            };
            assert_eq!(apply(&old, &json!([entry.clone()])), sort_lines(expected), "{expires}");
        }
    }
}

/// The change that closes the release may also expire the waiver.
#[test]
fn the_new_side_decides_which_releases_are_published() {
    let entries = json!([entry("GetZone/depth", &json!({"expires": "4.0"}))]);
    let old = load(&Spec::base(), &entries);
    let mut new = load(&changed_spec(), &entries);
    let release =
        new.model.service.releases.iter_mut().find(|release| release.version.to_string() == "4.0").unwrap();
    release.state = ReleaseState::Released;
    let found = summaries(&apply_waivers(&old, &new, "2026-06-15"));
    assert!(found.contains(&DEPTH.to_owned()), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("breaking waiver-expired ")), "{found:?}");
}

#[test]
fn a_valid_waiver_takes_precedence_over_an_expired_one() {
    let depth = fingerprint("GetZone/depth");
    let over = json!({"fingerprint": depth, "expires": "2020-01-01", "reason": "Over"});
    let entries = json!([entry("GetZone/depth", &over), entry("GetZone/depth", &json!({}))]);
    let unused = format!("risk waiver-unused waivers/param-became-required/GetZone/depth/{depth}");
    let expected = vec![format!("{DEPTH}, So"), FORCE.to_owned(), unused];
    assert_eq!(apply(&json!([]), &entries), sort_lines(expected));
}

/// A waiver may accept several changes, and is used if it accepts one of them.
#[test]
fn all_changes_of_a_rule_at_an_element_are_waived() {
    let mut spec = Spec::base();
    spec.set("CreateVm/description", "Something else.".into());
    spec.set("CreateVm/summary", "Something else.".into());
    let entries =
        json!([{"rule": "doc-changed", "element": "CreateVm", "kind": "correction", "reason": "So"}]);
    let found = apply_waivers(&load(&Spec::base(), &json!([])), &load(&spec, &entries), "2026-06-15");
    assert!(found.len() == 2 && found.iter().all(|finding| finding.waiver.is_some()), "{found:?}");
}

#[test]
fn an_unused_waiver_of_both_sides_is_only_documentation() {
    let entries = json!([entry("GetZone/depth", &json!({"expires": "2020-01-01"}))]);
    let merged = load(&changed_spec(), &entries);
    // After the change, the waiver is unused, and its expiry does not matter.
    let found = apply_waivers(&merged, &merged, "2026-06-15");
    assert_eq!(
        summaries(&found),
        ["documentation waiver-unused waivers/param-became-required/GetZone/depth"]
    );
    assert_eq!(found[0].because, ["the old side has the waiver, too, and probably the waived change"]);
    // Another reason, expiry or kind does not make it another waiver.
    let other = json!({"kind": "correction", "reason": "Other", "expires": "2030-01-01"});
    let again = load(&changed_spec(), &json!([entry("GetZone/depth", &other)]));
    assert_eq!(summaries(&apply_waivers(&merged, &again, "2026-06-15")), summaries(&found));
    // Its removal is not a change.
    assert_eq!(
        summaries(&apply_waivers(&merged, &load(&changed_spec(), &json!([])), "2026-06-15")),
        Vec::<String>::new()
    );
}

#[test]
fn findings_about_waivers_are_placed_at_their_entries() {
    let yaml = "waivers:\n  - {rule: param-removed, element: GetZone, kind: break, reason: So}\n  \
                - rule: param-became-required\n    element: GetZone/depth\n    kind: break\n    reason: So\n    \
                expires: 2020-01-01\n";
    let mut files: Vec<(Utf8PathBuf, Vec<u8>)> = changed_spec()
        .0
        .into_iter()
        .map(|(path, file)| (path.into(), file.to_string().into_bytes()))
        .collect();
    files.push(("waivers.yaml".into(), yaml.into()));
    let new = load_tree(&files.into_iter().collect::<Memory>(), Utf8Path::new("spec")).unwrap();
    let old = load(&Spec::base(), &json!([]));
    let side = SideFiles::new(&new.model, &new.waivers, &new.texts);
    let found = apply_waivers(&old, &new, "2026-06-15");
    let places = found
        .iter()
        .filter(|finding| matches!(finding.kind(), ChangeKind::WaiverExpired | ChangeKind::WaiverUnused))
        .map(|finding| {
            let place = side.place(&finding.change).unwrap();
            let position = place.position.unwrap();
            format!("{} {}:{}:{}", finding.kind().id(), place.file, position.line, position.column)
        });
    let expected = ["waiver-unused waivers.yaml:2:5", "waiver-expired waivers.yaml:7:14"];
    assert_eq!(places.collect::<Vec<_>>(), expected);
}

#[test]
fn help_of_rules_names_their_kinds_of_waivers() {
    for rule in ChangeKind::all().map(ChangeKind::rule) {
        let (id, kinds) = (rule.id, rule.waived_as);
        assert_eq!(rule.help.contains("cannot be waived"), kinds.is_empty(), "{id}");
        if rule.help.contains("waive the finding as a correction") {
            assert!(kinds.contains(&WaiverKind::Correction), "{id}");
        }
        assert_eq!(rule.help.contains("of kind `security`"), kinds == [WaiverKind::Security], "{id}");
        let page = rule.to_string();
        let words: Vec<_> = kinds.iter().map(|kind| kind.word()).collect();
        let words = if words.is_empty() { "none".to_owned() } else { words.join(" or ") };
        assert!(page.contains(&format!("accepted waivers        {words}\n")), "{page}");
    }
}

#[test]
fn the_example_in_the_documentation_is_valid() {
    let text = include_str!("../../../docs/review.md");
    let (_, rest) = text.split_once("```yaml\n# yaml-language-server: $schema=schema/waivers").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    let file: Value = serde_yaml::from_str(rest.split_once("```").unwrap().0).unwrap();
    let loaded = load(&Spec::of_repository(), &file["waivers"]);
    assert_eq!(loaded.waivers[0].element, "DetachIsoFromVmInstance/isoUuid");
    assert!(loaded.waivers[0].owner.is_some() && loaded.waivers[0].expires.is_some());
}

/// The entry that `--verbose` prints for a finding waives that finding and no other.
#[test]
fn printed_entries_waive_their_findings() {
    let base_spec = Spec::base();
    let base = load(&base_spec, &json!([]));
    let mut printed = 0;
    for row in rows::all() {
        let mut spec = base_spec.clone();
        row.apply(&mut spec);
        let other = load(&spec, &json!([]));
        for is_back in [false, true] {
            let (old, new) = if is_back { (&other, &base) } else { (&base, &other) };
            let findings = apply_waivers(old, new, "2026-06-15");
            let can_be_waived = |finding: &&Finding| {
                finding.level > Level::Compatible && !finding.kind().rule().waived_as.is_empty()
            };
            let count = findings.iter().filter(can_be_waived).count();
            let yaml = verbose(old, new, findings);
            let entries: Vec<_> =
                yaml.lines().filter_map(|line| line.trim_start().strip_prefix("= waiver: ")).collect();
            assert_eq!(entries.len(), count, "{}\n{yaml}", row.name);
            if entries.is_empty() {
                continue;
            }
            let filled = entries.join("\n").replace("reason: \"\"", "reason: So");
            let entries: Value = serde_yaml::from_str(&filled).unwrap();
            let new = load(if is_back { &base_spec } else { &spec }, &entries);
            let found = apply_waivers(old, &new, "2026-06-15");
            for finding in &found {
                assert_eq!(finding.waiver.is_some(), can_be_waived(&finding), "{}: {finding:?}", row.name);
            }
            printed += count;
        }
    }
    assert!(printed > 100, "{printed}");
}

fn report_side(loaded: &Loaded) -> ReportSide<'_> {
    let Loaded { model, waivers, texts, name } = loaded;
    ReportSide { label: "here", folder: name, model, waivers, texts }
}

/// The verbose report as text.
fn verbose(old: &Loaded, new: &Loaded, findings: Vec<Finding>) -> String {
    let mut out = Vec::new();
    let options = Options { verbose: true, ..Options::default() };
    Report::new(report_side(old), report_side(new), findings)
        .write(&mut out, Format::Text, &options)
        .unwrap();
    String::from_utf8(out).unwrap()
}
