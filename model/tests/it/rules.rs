//! The lists of rules are complete and stable.
//!
//! `BLESS=1` updates the golden lists of ids and the explanations.

use std::collections::BTreeSet;
use std::fs;

use camino::Utf8Path;
use heck::ToKebabCase as _;
use serde_json::Value;
use zstack_model::changes::ChangeKind;
use zstack_model::rules;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rules");

fn golden(name: &str, found: &str) {
    let path = Utf8Path::new(FOLDER).join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == expected, "BLESS=1 accepts what was found\n{found}");
}

/// Scripts depend on the ids, so they must not change.
#[test]
fn ids_of_checks_are_stable() {
    let mut ids: Vec<_> =
        rules::all().map(|rule| format!("{} {}\n", rule.id, rule.severity.word())).collect();
    ids.sort();
    golden("ids.txt", &ids.concat());
}

/// Ids are unique, except `slice-drift`: `check` finds changed releases by the lock, and `diff` by
/// comparison.
#[test]
fn ids_of_changes_are_stable() {
    let mut ids: Vec<_> = ChangeKind::all().map(|kind| format!("{kind}\n")).collect();
    ids.sort();
    golden("changes.txt", &ids.concat());
    let listed: Vec<Value> = serde_json::from_str(&rules::json()).unwrap();
    let ids: BTreeSet<_> = listed.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), listed.len() - 1, "duplicate id");
    assert!(rules::find("slice-drift").is_some() && ChangeKind::find("slice-drift").is_some());
    assert_eq!(listed.len(), rules::all().count() + ChangeKind::all().count());
}

#[test]
fn id_of_a_kind_is_its_name_in_kebab_case() {
    for kind in ChangeKind::all() {
        assert_eq!(kind.id(), format!("{kind:?}").to_kebab_case());
    }
}

#[test]
fn ids_of_checks_are_unique() {
    let ids: Vec<_> = rules::all().map(|rule| rule.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "duplicate id");
}

#[test]
fn explains_rules_and_suggests_ids() {
    golden("warning.txt", &rules::find("since-older-than-reachable").unwrap().to_string());
    golden("error.txt", &rules::find("enum-without-values").unwrap().to_string());
    golden("change.txt", &ChangeKind::FieldTypeWidened.rule().to_string());
    assert_eq!(rules::find("since"), None);
    assert_eq!(rules::nearest("since-mising"), Some("since-missing"));
    assert_eq!(rules::nearest("param-become-required"), Some("param-became-required"));
    assert_eq!(rules::nearest("AttachIsoToVmInstance"), None);
}

#[test]
fn excerpts_are_yaml_and_differ() {
    for rule in rules::all() {
        let excerpts = [rule.bad, rule.good].into_iter().flatten();
        for excerpt in excerpts.clone() {
            serde_yaml::from_str::<Value>(excerpt)
                .unwrap_or_else(|error| panic!("{}: {error}\n{excerpt}", rule.id));
        }
        assert!(rule.bad != rule.good || rule.bad.is_none(), "{}", rule.id);
        assert!(rule.why.ends_with('.') && !rule.title.ends_with('.'), "{}", rule.id);
    }
}
