//! What somebody accepted.

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};
use zstack_model::ReleaseState;
use zstack_model::changes::{ChangeKind, Level, WaiverKind};
use zstack_model::load::{Loaded, Memory, load_tree};
use zstack_review::report::{Format, Options, Report, Revision};
use zstack_review::{Finding, Fingerprints, Side, diff, waive};

use crate::rows;
use crate::spec::Spec;

/// What is beside the model is read, too.
fn loaded(spec: &Spec, waivers: &Value) -> Loaded {
    let mut files = spec.0.clone();
    files.insert("waivers.yaml".to_owned(), json!({"waivers": waivers}));
    let files: Memory =
        files.into_iter().map(|(path, it)| (Utf8PathBuf::from(path), it.to_string().into_bytes())).collect();
    load_tree(&files, Utf8Path::new("spec")).unwrap_or_else(|problems| panic!("{problems}"))
}

fn waived(old: &Loaded, new: &Loaded, today: &str) -> Vec<Finding> {
    let mut findings = diff(&old.model, &new.model);
    // What `history` says is not what these changes are about.
    findings.retain(|finding| finding.kind() != ChangeKind::SilentEdit);
    let fingerprints = Fingerprints::new(&old.model, &new.model);
    waive(findings, &fingerprints, &old.waivers, &new.waivers, today.parse().unwrap())
}

/// `level rule element`, and the reason of what is waived.
fn told(findings: &[Finding]) -> Vec<String> {
    let told = findings.iter().map(|finding| {
        let reason = finding.waiver.as_ref().map_or(String::new(), |waiver| format!(", {}", waiver.reason));
        format!("{} {} {}{reason}", finding.level.word(), finding.kind().id(), finding.change.element)
    });
    told.collect()
}

/// Two parameters must be given, and one comes with an older release.
fn changed() -> Spec {
    let mut spec = Spec::base();
    spec.set("GetZone/parameters/depth/required", true.into());
    spec.set("StopVm/parameters/force/required", true.into());
    spec
}

const DEPTH: &str = "breaking param-became-required GetZone/depth";
const FORCE: &str = "breaking param-became-required StopVm/force";

fn fingerprint(element: &str) -> String {
    let (old, new) = (Spec::base().model(), changed().model());
    let findings = diff(&old, &new);
    let finding = findings.iter().find(|finding| finding.change.element.to_string() == element).unwrap();
    Fingerprints::new(&old, &new).of(finding)
}

fn entry(element: &str, more: &Value) -> Value {
    let mut it =
        json!({"rule": "param-became-required", "element": element, "kind": "break", "reason": "So"});
    it.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    it
}

/// What waivers of the old and the new side make of the change, on 2026-06-15.
fn applied(old: &Value, new: &Value) -> Vec<String> {
    sorted(told(&waived(&loaded(&Spec::base(), old), &loaded(&changed(), new), "2026-06-15")))
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort();
    list
}

#[test]
fn a_waiver_is_about_one_rule_at_one_element() {
    let (depth, force) = (fingerprint("GetZone/depth"), fingerprint("StopVm/force"));
    let so = |it: &str| format!("{it}, So");
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
        assert_eq!(applied(&json!([]), &entries), sorted(expected), "{name}");
    }
}

#[test]
fn a_waiver_ends_with_its_day_or_when_its_release_is_out() {
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
        // Whether it was there before is no excuse.
        for old in [json!([]), json!([entry.clone()])] {
            let expected = match holds {
                true => vec![format!("{DEPTH}, So"), FORCE.to_owned()],
                false => vec![DEPTH.to_owned(), FORCE.to_owned(), expired.clone()],
            };
            assert_eq!(applied(&old, &json!([entry.clone()])), sorted(expected), "{expires}");
        }
    }
}

/// The change that ends a waiver may be the one that closes the release.
#[test]
fn the_new_side_says_what_is_out() {
    let entries = json!([entry("GetZone/depth", &json!({"expires": "4.0"}))]);
    let old = loaded(&Spec::base(), &entries);
    let mut new = loaded(&changed(), &entries);
    let release =
        new.model.service.releases.iter_mut().find(|release| release.version.text == "4.0").unwrap();
    release.state = ReleaseState::Released;
    let found = told(&waived(&old, &new, "2026-06-15"));
    assert!(found.contains(&DEPTH.to_owned()), "{found:?}");
    assert!(found.iter().any(|it| it.starts_with("breaking waiver-expired ")), "{found:?}");
}

#[test]
fn one_that_holds_goes_before_one_that_does_not() {
    let depth = fingerprint("GetZone/depth");
    let over = json!({"fingerprint": depth, "expires": "2020-01-01", "reason": "Over"});
    let entries = json!([entry("GetZone/depth", &over), entry("GetZone/depth", &json!({}))]);
    let unused = format!("risk waiver-unused waivers/param-became-required/GetZone/depth/{depth}");
    let expected = vec![format!("{DEPTH}, So"), FORCE.to_owned(), unused];
    assert_eq!(applied(&json!([]), &entries), sorted(expected));
}

/// One waiver may accept several changes, and is used if it accepts one.
#[test]
fn all_changes_of_a_rule_at_an_element_are_waived() {
    let mut spec = Spec::base();
    spec.set("CreateVm/description", "Something else.".into());
    spec.set("CreateVm/summary", "Something else.".into());
    let entries =
        json!([{"rule": "doc-changed", "element": "CreateVm", "kind": "correction", "reason": "So"}]);
    let found = waived(&loaded(&Spec::base(), &json!([])), &loaded(&spec, &entries), "2026-06-15");
    assert!(found.len() == 2 && found.iter().all(|it| it.waiver.is_some()), "{found:?}");
}

#[test]
fn what_has_done_its_work_is_told_in_passing() {
    let entries = json!([entry("GetZone/depth", &json!({"expires": "2020-01-01"}))]);
    let merged = loaded(&changed(), &entries);
    // In the change itself it has a use, after it none; that it has expired
    // harms nobody then.
    let found = waived(&merged, &merged, "2026-06-15");
    assert_eq!(told(&found), ["documentation waiver-unused waivers/param-became-required/GetZone/depth"]);
    assert_eq!(found[0].because, ["the old side has it, too: it has done its work"]);
    // Another reason or end makes no other waiver of it, another kind neither.
    let other = json!({"kind": "correction", "reason": "Other", "expires": "2030-01-01"});
    let again = loaded(&changed(), &json!([entry("GetZone/depth", &other)]));
    assert_eq!(told(&waived(&merged, &again, "2026-06-15")), told(&found));
    // Who takes it away changes nothing.
    assert_eq!(told(&waived(&merged, &loaded(&changed(), &json!([])), "2026-06-15")), Vec::<String>::new());
}

#[test]
fn a_finding_about_a_waiver_is_placed_at_its_entry() {
    let yaml = "waivers:\n  - {rule: param-removed, element: GetZone, kind: break, reason: So}\n  \
                - rule: param-became-required\n    element: GetZone/depth\n    kind: break\n    reason: So\n    \
                expires: 2020-01-01\n";
    let mut files: Vec<(Utf8PathBuf, Vec<u8>)> =
        changed().0.into_iter().map(|(path, it)| (path.into(), it.to_string().into_bytes())).collect();
    files.push(("waivers.yaml".into(), yaml.into()));
    let new = load_tree(&files.into_iter().collect::<Memory>(), Utf8Path::new("spec")).unwrap();
    let old = loaded(&Spec::base(), &json!([]));
    let side = Side::new(&new.model, &new.waivers, &new.texts);
    let found = waived(&old, &new, "2026-06-15");
    let places = found
        .iter()
        .filter(|it| matches!(it.kind(), ChangeKind::WaiverExpired | ChangeKind::WaiverUnused))
        .map(|it| {
            let place = side.place(&it.change).unwrap();
            let position = place.position.unwrap();
            format!("{} {}:{}:{}", it.kind().id(), place.file, position.line, position.column)
        });
    let expected = ["waiver-unused waivers.yaml:2:5", "waiver-expired waivers.yaml:7:14"];
    assert_eq!(places.collect::<Vec<_>>(), expected);
}

/// The help of a rule promises what its waivers can do.
#[test]
fn rules_say_as_what_they_are_waived() {
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

/// Who copies it from docs/review.md has a file that holds.
#[test]
fn the_example_of_the_document_holds() {
    let text = include_str!("../../../docs/review.md");
    let (_, rest) = text.split_once("```yaml\n# yaml-language-server: $schema=schema/waivers").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    let file: Value = serde_yaml::from_str(rest.split_once("```").unwrap().0).unwrap();
    let loaded = loaded(&Spec::committed(), &file["waivers"]);
    assert_eq!(loaded.waivers[0].element, "DetachIsoFromVmInstance/isoUuid");
    assert!(loaded.waivers[0].owner.is_some() && loaded.waivers[0].expires.is_some());
}

/// What `--verbose` offers for a finding waives that finding, and nothing else.
#[test]
fn what_is_offered_waives() {
    let base_spec = Spec::base();
    let base = loaded(&base_spec, &json!([]));
    let mut offered = 0;
    for row in rows::all() {
        let mut spec = base_spec.clone();
        row.apply(&mut spec);
        let other = loaded(&spec, &json!([]));
        for is_back in [false, true] {
            let (old, new) = if is_back { (&other, &base) } else { (&base, &other) };
            let findings = waived(old, new, "2026-06-15");
            let counts =
                |it: &&Finding| it.level > Level::Compatible && !it.kind().rule().waived_as.is_empty();
            let count = findings.iter().filter(counts).count();
            let yaml = verbose(old, new, findings);
            let entries: Vec<_> =
                yaml.lines().filter_map(|line| line.trim_start().strip_prefix("= waiver: ")).collect();
            assert_eq!(entries.len(), count, "{}\n{yaml}", row.name);
            if entries.is_empty() {
                continue;
            }
            let filled = entries.join("\n").replace("reason: \"\"", "reason: So");
            let entries: Value = serde_yaml::from_str(&filled).unwrap();
            let new = loaded(if is_back { &base_spec } else { &spec }, &entries);
            let found = waived(old, &new, "2026-06-15");
            for it in &found {
                assert_eq!(it.waiver.is_some(), counts(&it), "{}: {it:?}", row.name);
            }
            offered += count;
        }
    }
    assert!(offered > 100, "{offered}");
}

fn revision(it: &Loaded) -> Revision<'_> {
    let Loaded { model, waivers, texts, name } = it;
    Revision { label: "here", folder: name, model, waivers, texts }
}

fn verbose(old: &Loaded, new: &Loaded, findings: Vec<Finding>) -> String {
    let mut out = Vec::new();
    let options = Options { verbose: true, ..Options::default() };
    Report::new(revision(old), revision(new), findings).write(&mut out, Format::Text, &options).unwrap();
    String::from_utf8(out).unwrap()
}
