//! Each key of the language, changed by itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zstack_codegen::diff::{Finding, diff};
use zstack_codegen::model::Model;
use zstack_codegen::rules::changes::{self, Level};
use zstack_codegen::schema::schemas;

use crate::review;
use crate::rows::{self, Row};
use crate::spec::Spec;

/// `level rule element`, for each finding.
pub(crate) fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|it| format!("{} {} {}", it.level.word(), it.rule.id, it.change.element)).collect()
}

/// The model after a change; a change that the language refuses is a mistake of
/// the table.
pub(crate) fn changed(row: &Row, base: &Spec) -> Result<Model, String> {
    let mut changed = base.clone();
    row.apply(&mut changed);
    changed.written(Value::to_string).map_err(|problems| format!("{}:\n{problems}", row.name))
}

#[test]
fn every_change_is_found_and_nothing_else() {
    let mut wrong = Vec::new();
    let old = Spec::base().model();
    for row in rows::all() {
        let new = match changed(&row, &Spec::base()) {
            Ok(new) => new,
            Err(problems) => {
                wrong.push(problems);
                continue;
            }
        };
        let found = [told(&diff(&old, &new)), told(&diff(&new, &old))];
        let expected = row.expected();
        assert!(expected.iter().all(|it| !it.is_empty()), "{} finds nothing", row.name);
        if found != expected {
            wrong.push(format!("{}\n     found {found:?}\n  expected {expected:?}", row.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A key that comes to the language comes to this table.
#[test]
fn no_key_is_forgotten() {
    // Read and kept as it stands: what it will say is not decided.
    const FORM_ONLY: &str = "history";
    let mut known = BTreeSet::new();
    // Waivers are about changes, and change nothing themselves.
    for (file, text) in schemas().into_iter().filter(|(file, _)| *file != "waivers.schema.json") {
        let schema: Value = serde_json::from_str(&text).unwrap();
        let root = match file {
            "api.schema.json" => "Api",
            "operation.schema.json" => "Operation",
            _ => "DataType",
        };
        let mut add = |name: &str, of: &Value| {
            let keys = of["properties"].as_object().into_iter().flatten().map(|(key, _)| key);
            known.extend(keys.filter(|it| *it != FORM_ONLY).map(|key| format!("{name}.{key}")));
        };
        add(root, &schema);
        schema["definitions"].as_object().unwrap().iter().for_each(|(name, it)| add(name, it));
    }
    let changed: BTreeSet<_> = rows::all().into_iter().flat_map(|it| it.keys).collect();
    assert_eq!(
        known.difference(&changed).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "nothing changes these"
    );
    assert_eq!(
        changed.difference(&known).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "there are no such keys"
    );
}

/// The same changes where no release is out: nobody has any of it.
#[test]
fn what_is_not_out_yet_may_change() {
    let mut base = Spec::base();
    for release in ["0.6", "2.0", "3.0"] {
        base.set(&format!("api/releases/{release}/state"), json!("next"));
    }
    let mut excused = 0;
    let old = base.model();
    for row in rows::all() {
        let Ok(new) = changed(&row, &base) else { panic!("{}", row.name) };
        for (old, new) in [(&old, &new), (&new, &old)] {
            for it in diff(old, new) {
                // The service and its releases come with no release; and a new
                // element need not come with the first one that is written.
                if it.since.is_none() || it.rule.id == "since-skips-next" {
                    continue;
                }
                let is_worse = |is_there, level| is_there && level > Level::Compatible;
                if is_worse(it.in_requests, it.rule.request) || is_worse(it.in_responses, it.rule.response) {
                    let reason = it.because.iter().any(|it| it.ends_with("is not out yet"));
                    assert!(reason, "{}: {it:?}", row.name);
                    excused += 1;
                }
                assert!(it.level <= Level::Compatible, "{}: {it:?}", row.name);
            }
        }
    }
    assert!(excused > 100, "{excused}");
}

/// A rule that nothing leads to is a promise that nobody keeps.
#[test]
fn every_rule_is_found_by_some_change() {
    let mut found = BTreeSet::new();
    for row in rows::all() {
        for it in row.expected().concat() {
            found.insert(it.split(' ').nth(1).unwrap().to_owned());
        }
    }
    // Those about waivers are found when these are applied.
    let is_known = |it: &&str| found.contains(*it) || review::RULES.contains(it) || it.starts_with("waiver-");
    let rules: Vec<_> = changes::all().map(|it| it.id).filter(|it| !is_known(it)).collect();
    assert_eq!(rules, Vec::<&str>::new());
}
