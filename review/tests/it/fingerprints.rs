//! Tests of fingerprints, which change with the content that a waiver accepts and with nothing else.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};
use zstack_model::Model;
use zstack_model::changes::ChangeKind;
use zstack_model::load::{Memory, load_tree};
use zstack_model::lock::Lock;
use zstack_review::{Finding, Fingerprints, ReviewSide, diff, review};

use crate::rows::{self, Row};
use crate::spec::Spec;

/// The rules whose findings are determined by the rule and the element.
const BY_NAME: &[&str] = &[
    "auth-removed",
    "auth-required-added",
    "enum-value-added",
    "enum-value-removed",
    "field-became-optional",
    "field-became-required",
    "lock-rewritten",
    "op-exec-async-to-sync",
    "op-exec-sync-to-async",
    "op-query-added",
    "op-query-removed",
    "param-became-optional",
    "param-became-required",
    "release-added",
    "release-added-as-released",
    "release-closed",
    "release-dropped",
    "release-list-rewritten",
    "release-not-locked",
    "sensitive-added",
    "sensitive-removed",
    "tag-added",
    "tag-removed",
    "trimming-changed",
    "waiver-expired",
    "waiver-unused",
];

/// The rules whose findings are determined by both values: names, releases, and lists of names.
const BY_VALUES: &[&str] = &[
    "category-default-changed",
    "constructor-reordered",
    "enum-reordered",
    "enum-value-renamed",
    "field-removed-on-schedule",
    "field-renamed",
    "field-reordered",
    "format-changed",
    "op-category-changed",
    "op-method-changed",
    "op-path-var-renamed",
    "op-renamed",
    "param-location-changed",
    "param-renamed",
    "param-reordered",
    "param-wrapper-changed",
    "reference-added",
    "reference-changed",
    "reference-removed",
    "removal-brought-forward",
    "removal-postponed",
    "subtype-added",
    "subtype-removed",
    "type-removed-on-schedule",
    "type-renamed",
    "type-renamed-same-shape",
];

#[test]
fn fingerprints_cover_both_values() {
    let base = Spec::base();
    let old = base.model();
    let mut seen = BTreeSet::new();
    for row in rows::all() {
        let mut changed = base.clone();
        row.apply(&mut changed);
        let Some(new) = load(&changed) else { continue };
        let there = diff(&old, &new).into_iter().map(|finding| (finding, Fingerprints::new(&old, &new)));
        let back = diff(&new, &old).into_iter().map(|finding| (finding, Fingerprints::new(&new, &old)));
        for (finding, fingerprints) in there.chain(back) {
            let print = fingerprints.of(&finding);
            let other = |edit: &dyn Fn(&mut Finding)| {
                let mut other = finding.clone();
                edit(&mut other);
                fingerprints.of(&other)
            };
            let more = |value: &Option<String>| Some(format!("{}.", value.as_deref().unwrap_or_default()));
            assert_ne!(other(&|finding| finding.change.old = more(&finding.change.old)), print);
            assert_ne!(other(&|finding| finding.change.new = more(&finding.change.new)), print);
            assert_ne!(other(&|finding| finding.accepted = Some("other".to_owned())), print);
            // Fingerprints do not cover the reasons.
            assert_eq!(other(&|finding| finding.because.push("so".to_owned())), print);
            if BY_VALUES.contains(&finding.kind().id()) {
                assert!(finding.change.old.is_some() || finding.change.new.is_some(), "{finding:?}");
                seen.insert(finding.kind().id());
            }
        }
    }
    assert_eq!(seen, BY_VALUES.iter().copied().collect());
}

/// The subject of a finding.
fn key(finding: &Finding) -> (&'static str, String, &'static str) {
    (finding.kind().id(), finding.change.element.to_string(), finding.change.attribute)
}

/// The fingerprints of a change by subject. Several may have the same subject.
fn fingerprints(
    old: &Model,
    new: &Model,
) -> BTreeMap<(&'static str, String, &'static str), BTreeSet<String>> {
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let fingerprints = Fingerprints::new(old, new);
    for finding in diff(old, new) {
        found.entry(key(&finding)).or_default().insert(fingerprints.of(&finding));
    }
    found
}

fn load(spec: &Spec) -> Option<Model> {
    let files = spec.0.iter().map(|(path, file)| (Utf8PathBuf::from(path), file.to_string().into_bytes()));
    load_tree(&files.collect::<Memory>(), Utf8Path::new("spec")).ok().map(|tree| tree.model)
}

/// Makes unrelated changes: other summaries, and a new operation.
fn unrelated(spec: &mut Spec) {
    for (path, file) in &mut spec.0 {
        if path.starts_with("operations/") || path.starts_with("types/") {
            file["summary"] = "Reads otherwise.".into();
        }
    }
    let operation = json!({
        "name": "Ping", "category": "vm", "summary": "Answers.", "since": "4.0", "method": "GET",
        "path": "/ping", "execution": "sync", "auth": "none", "body": "none", "parameters": [], "response": [],
    });
    spec.0.insert("operations/vm/Ping.yaml".to_owned(), operation);
}

#[test]
fn other_changes_do_not_affect_a_fingerprint() {
    let mut base = Spec::base();
    base.set("api/categories/vm/description", Value::Null);
    let old = base.model();
    let mut compared = 0;
    for row in rows::all() {
        let mut changed = base.clone();
        if row.try_apply(&mut changed).is_none() {
            continue;
        }
        let mut with_others = changed.clone();
        unrelated(&mut with_others);
        let (Some(new), Some(with_others)) = (load(&changed), load(&with_others)) else { continue };
        let (alone, among_others) = (fingerprints(&old, &new), fingerprints(&old, &with_others));
        for (key, prints) in alone {
            // The unrelated changes include summaries.
            if key.2 == "summary" {
                continue;
            }
            assert_eq!(among_others.get(&key), Some(&prints), "{}: {key:?}", row.name);
            compared += 1;
        }
    }
    assert!(compared > 150, "{compared}");
}

/// Similar values for a place.
fn variants(place: &str, value: &Value) -> Vec<Value> {
    let key = place.rsplit('/').next().unwrap();
    let versions = ["0.6", "2.0", "3.0", "4.0", "5.0"];
    match value {
        Value::String(text) if versions.contains(&&**text) => {
            versions.iter().filter(|version| **version != text).map(|version| (*version).into()).collect()
        }
        Value::String(text) if key == "type" || text == "String" || text == "Integer" => {
            let types =
                ["String", "Integer", "Long", "Boolean", "Uuid", "Any", "State", "Nic", "List<Integer>"];
            types.iter().filter(|name| **name != text).map(|name| (*name).into()).collect()
        }
        Value::String(text) => {
            [format!("{text}x"), format!("{text}/x"), format!("{text}.x"), "Disk".to_owned()]
                .into_iter()
                .chain(["GET", "PUT", "POST", "vm", "zone", "query", "body"].map(str::to_owned))
                .filter(|other| other != text)
                .map(Value::from)
                .collect()
        }
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or_default();
            [number + 1, number - 1, number + 7, 1]
                .into_iter()
                .filter(|other| *other != number)
                .map(Value::from)
                .collect()
        }
        Value::Array(items) => {
            let mut found = Vec::new();
            for (nth, item) in items.iter().enumerate() {
                for other in variants(place, item) {
                    let mut items = items.clone();
                    items[nth] = other;
                    found.push(Value::Array(items));
                }
            }
            found
        }
        Value::Object(members) => {
            let keys = [
                "type",
                "from",
                "when",
                "maxLength",
                "request",
                "response",
                "title",
                "header",
                "status",
                "path",
            ];
            let mut found = Vec::new();
            for key in keys.iter().filter(|key| members.contains_key(**key)) {
                for other in variants(key, &members[*key]) {
                    let mut members = members.clone();
                    members.insert((*key).to_owned(), other);
                    found.push(Value::Object(members));
                }
            }
            found
        }
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

/// Changes like that of a row with other values: for each value that it writes, and for each that it replaces.
fn others(row: &Row, base: &Spec) -> Vec<Vec<(Spec, Spec)>> {
    let mut all = Vec::new();
    for (place, value) in row.values() {
        let with = variants(place, value).into_iter().filter_map(|other| {
            let mut spec = base.clone();
            row.try_apply(&mut spec)?;
            rewrite(&mut spec, place, &other).then(|| (base.clone(), spec))
        });
        all.push(with.collect());
        let Some(was) = base.get(place) else { continue };
        let from = variants(place, was).into_iter().filter_map(|other| {
            let (mut old, mut new) = (base.clone(), base.clone());
            old.try_set(place, other)?;
            row.try_apply(&mut new)?;
            Some((old, new))
        });
        all.push(from.collect());
    }
    all
}

/// Writes another value at the place of an edit. An item that the edit added is replaced.
fn rewrite(spec: &mut Spec, place: &str, value: &Value) -> bool {
    let Some((list, last)) = place.rsplit_once('/') else { return false };
    if !last.starts_with('+') {
        return spec.try_set(place, value.clone()).is_some();
    }
    let name = ["name", "pattern", "code", "version"].iter().find_map(|key| value.get(key)?.as_str());
    let Some(name) = name else { return false };
    spec.try_set(&format!("{list}/{name}"), Value::Null).is_some()
        && spec.try_set(place, value.clone()).is_some()
}

#[test]
fn fingerprints_cover_the_accepted_content() {
    let by_name: BTreeSet<_> = BY_NAME.iter().chain(BY_VALUES).copied().collect();
    let mut covered = BTreeSet::new();
    let mut same = Vec::new();
    let spec = Spec::base();
    let base = spec.model();
    for row in rows::all() {
        let mut first = spec.clone();
        if row.try_apply(&mut first).is_none() {
            continue;
        }
        let Some(first) = load(&first) else { continue };
        let [there, back] = [fingerprints(&base, &first), fingerprints(&first, &base)];
        // One row is enough for a rule.
        if there.keys().chain(back.keys()).all(|key| covered.contains(key.0) || by_name.contains(key.0)) {
            continue;
        }
        for changes in others(&row, &spec) {
            // The first valid change with findings of the same rules.
            for (old, new) in changes {
                let (Some(old), Some(new)) = (load(&old), load(&new)) else { continue };
                let mut is_like_it = true;
                for (before, after) in [(&there, fingerprints(&old, &new)), (&back, fingerprints(&new, &old))]
                {
                    is_like_it &= before.keys().all(|key| after.contains_key(key));
                    for (key, prints) in before {
                        match after.get(key) {
                            Some(other) if other != prints => drop(covered.insert(key.0)),
                            // The other value does not matter for this rule.
                            Some(_) => same.push(format!("{}: {key:?}", row.name)),
                            None => {}
                        }
                    }
                }
                if is_like_it {
                    break;
                }
            }
        }
    }
    // Rules that depend on more than one value.
    covered.extend(special());
    let missing: Vec<_> = ChangeKind::all()
        .map(ChangeKind::id)
        .filter(|rule| !covered.contains(rule) && !by_name.contains(rule))
        .collect();
    assert_eq!(
        missing,
        Vec::<&str>::new(),
        "no other content changes their fingerprints:\n{}",
        same.join("\n")
    );
}

/// Pairs of changes with the same rules and elements, but different content.
fn special() -> BTreeSet<&'static str> {
    let edit = |edits: &[(&str, Value)]| {
        let mut spec = Spec::base();
        edits.iter().for_each(|(place, value)| spec.set(place, value.clone()));
        spec
    };
    let with_type = |name: &str, fields: Value, edits: &[(&str, Value)]| {
        let mut spec = edit(edits);
        spec.add_type(name, fields);
        spec
    };
    let field = |name: &str, ty: &str| json!({"name": name, "type": ty, "since": "0.6"});
    let without = |spec: &Spec, path: &str| {
        let mut spec = spec.clone();
        spec.0.remove(path);
        spec
    };
    let base = Spec::base();
    let limit = |it: u32| edit(&[("CreateVm/parameters/note/maxLength", json!(it))]);
    let new_operation = |path: &str| {
        let mut spec = edit(&[]);
        unrelated(&mut spec);
        spec.set("Ping/path", path.into());
        spec
    };
    let category = |title: &str| {
        let mut spec = edit(&[("api/categories/+", json!({"name": "pod", "title": title}))]);
        unrelated(&mut spec);
        spec.set("Ping/category", "pod".into());
        let file = spec.0.remove("operations/vm/Ping.yaml").unwrap();
        spec.0.insert("operations/pod/Ping.yaml".to_owned(), file);
        spec
    };
    let reserved = |operation: &str| {
        let row = |path: &str, operation: &str| json!({"path": path, "operations": [operation]});
        edit(&[("api/reserved", json!([row("/vms/nics", "QueryVmNic"), row("/vms/disks", operation)]))])
    };
    let kind = |field_type: &str| {
        let mut spec = base.clone();
        spec.set("Nic/fields/mac/type", field_type.into());
        spec
    };
    let as_enum = || {
        let mut spec = base.clone();
        spec.set("Nic/fields", Value::Null);
        spec.set("Nic/values", json!([{"name": "One", "since": "0.6"}]));
        spec
    };
    let reply = |reply: &str| {
        edit(&[("StopVm/message", "org.vm.APIOtherMsg".into()), ("StopVm/reply", reply.into())])
    };
    let message = |reply: &str| {
        edit(&[
            ("GetZone/message", "org.vm.APIGetMsg".into()),
            ("GetZone/reply", format!("org.vm.{reply}").into()),
        ])
    };
    let example = |uuid: &str| {
        let example = json!({"name": "One more", "request": {"uuid": uuid}, "response": {}});
        edit(&[("StopVm/examples", json!([example]))])
    };
    let base_of = |name: &str| with_type(name, json!([]), &[("Nic/extends", name.into())]);
    let cycle = |through: &str, ty: &str| edit(&[(&format!("{ty}/fields/+"), field(through, "Vm"))]);
    let sender = |operation: &str| {
        let parameter =
            json!({"name": "nic", "in": "body", "type": "Nic", "required": false, "since": "4.0"});
        edit(&[(&format!("{operation}/parameters/+"), parameter)])
    };
    let unused = |ty: &str| with_type("Lonely", json!([field("text", ty)]), &[]);
    let used = |ty: &str| {
        with_type("Lonely", json!([field("text", ty)]), &[("Vm/fields/+", field("lonely", "Lonely"))])
    };
    let pairs: Vec<(&'static str, [Spec; 2], [Spec; 2])> = vec![
        ("silent-edit", [base.clone(), limit(1024)], [base.clone(), limit(4096)]),
        ("op-added", [base.clone(), new_operation("/ping")], [base.clone(), new_operation("/pong")]),
        ("op-removed", [new_operation("/ping"), base.clone()], [new_operation("/pong"), base.clone()]),
        ("category-added", [base.clone(), category("Pods")], [base.clone(), category("Peas")]),
        ("category-removed", [category("Pods"), base.clone()], [category("Peas"), base.clone()]),
        ("reserved-path-added", [base.clone(), reserved("QueryDisk")], [base.clone(), reserved("CountDisk")]),
        (
            "reserved-path-removed",
            [reserved("QueryDisk"), base.clone()],
            [reserved("CountDisk"), base.clone()],
        ),
        ("type-kind-changed", [base.clone(), as_enum()], [kind("Integer"), as_enum()]),
        ("op-message-changed", [base.clone(), reply("org.vm.A")], [base.clone(), reply("org.vm.B")]),
        ("op-message-added", [base.clone(), message("A")], [base.clone(), message("B")]),
        ("op-message-removed", [message("A"), base.clone()], [message("B"), base.clone()]),
        ("example-added", [base.clone(), example("v")], [base.clone(), example("w")]),
        ("example-removed", [example("v"), base.clone()], [example("w"), base.clone()]),
        ("base-added", [base.clone(), base_of("Card")], [base.clone(), base_of("Cart")]),
        ("base-removed", [base_of("Card"), base.clone()], [base_of("Cart"), base.clone()]),
        (
            "type-cycle-introduced",
            [base.clone(), cycle("vm", "Nic")],
            [base.clone(), {
                let mut spec = with_type("Port", json!([field("vm", "Vm")]), &[]);
                spec.set("Nic/fields/+", field("vm", "Port"));
                spec
            }],
        ),
        ("type-direction-widened", [base.clone(), sender("StopVm")], [base.clone(), sender("CreateVm")]),
        ("type-added", [base.clone(), unused("String")], [base.clone(), unused("Long")]),
        ("since-backdated", [base.clone(), unused("String")], [base.clone(), unused("Long")]),
        ("type-unreachable-removed", [unused("String"), base.clone()], [unused("Long"), base.clone()]),
        ("type-removed", [used("String"), base.clone()], [used("Long"), base.clone()]),
        // A type that only one side has is part of the accepted content.
        ("field-added", [base.clone(), used("String")], [base.clone(), used("Long")]),
        (
            "field-type-changed",
            [base.clone(), {
                let mut spec = unused("String");
                spec.set("Vm/fields/memory/unit", Value::Null);
                spec.set("Vm/fields/memory/type", "Lonely".into());
                spec
            }],
            [base.clone(), {
                let mut spec = unused("Long");
                spec.set("Vm/fields/memory/unit", Value::Null);
                spec.set("Vm/fields/memory/type", "Lonely".into());
                spec
            }],
        ),
        ("type-unreachable-removed", [base.clone(), without(&base, "types/Unused.yaml")], {
            let mut other = base.clone();
            other.set("Unused/fields/text/type", "Long".into());
            [other, without(&base, "types/Unused.yaml")]
        }),
    ];
    let mut covered = BTreeSet::new();
    for (rule, first, second) in pairs {
        let prints = [first, second].map(|sides| {
            let [old, new] = sides.map(|spec| load(&spec).unwrap_or_else(|| spec.model()));
            let found = fingerprints(&old, &new);
            found.into_iter().filter(|(key, _)| key.0 == rule).collect::<Vec<_>>()
        });
        let [first, second] = &prints;
        assert!(!first.is_empty() && !second.is_empty(), "{rule} is not found");
        for (_, other) in first {
            assert!(second.iter().all(|(_, prints)| prints.is_disjoint(other)), "{rule}: {prints:?}");
        }
        covered.insert(rule);
    }
    covered.extend(lock_and_version_rules());
    covered
}

/// Rules about locks and versions.
fn lock_and_version_rules() -> [&'static str; 2] {
    let base = Spec::base().model();
    let drifted = |limit: u32| {
        let mut spec = Spec::base();
        spec.set("CreateVm/parameters/note/maxLength", json!(limit));
        spec.model()
    };
    let versions: [semver::Version; 2] = ["1.0.0", "1.0.1"].map(|text| text.parse().unwrap());
    let print = |new: &Model, rule: &str| {
        let lock = |model: &Model| {
            let mut lock = Lock::default();
            lock.lock_released(model);
            lock
        };
        let (old_lock, new_lock) = (lock(&base), lock(new));
        let fingerprints = Fingerprints::new(&base, new);
        let old = ReviewSide { model: &base, lock: Some(&old_lock), crates: Some(&versions[0]) };
        let new = ReviewSide { model: new, lock: Some(&new_lock), crates: Some(&versions[1]) };
        let findings = review(old, new);
        fingerprints.of(findings.iter().find(|finding| finding.kind().id() == rule).unwrap())
    };
    assert_ne!(print(&drifted(1024), "slice-drift"), print(&drifted(4096), "slice-drift"));
    let mut minor = Spec::base();
    minor.set("Vm/fields/+", json!({"name": "mtu", "type": "Integer", "since": "4.0"}));
    let mut major = minor.clone();
    major.set("StopVm/parameters/force/required", json!(true));
    assert_ne!(print(&minor.model(), "bump-too-small"), print(&major.model(), "bump-too-small"));
    ["slice-drift", "bump-too-small"]
}
