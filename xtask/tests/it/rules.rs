//! Tests of `cargo xtask rules`.

use crate::scratch::xtask;
use serde_json::{Value, json};

fn rules(arguments: &[&str]) -> String {
    let (code, text, error) = xtask(&[&["rules"], arguments].concat());
    assert_eq!((code, error.as_str()), (0, ""));
    text
}

#[test]
fn lists_the_rules_of_both_commands() {
    let text = rules(&[]);
    let line = |id: &str| text.lines().find(|line| line.split_whitespace().next() == Some(id)).unwrap();
    let words = |id: &str| line(id).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words("since-missing"), "since-missing check error Element without `since`");
    assert_eq!(words("field-removed"), "field-removed change breaking Field deleted from the spec");
    assert_eq!(
        words("field-type-widened"),
        "field-type-widened change compatible sent, breaking received Field type widened"
    );
}

#[test]
fn json_contains_everything_about_a_rule() {
    let list: Vec<Value> = serde_json::from_str(&rules(&["--json"])).unwrap();
    let find = |id: &str| list.iter().find(|rule| rule["id"] == id).unwrap();
    assert_eq!(find("since-missing")["severity"], "error");
    let rule = find("param-became-required");
    for (key, value) in [
        ("kind", json!("change")),
        ("request", json!("breaking")),
        ("response", json!("compatible")),
        ("step", json!("major")),
        ("waivedAs", json!(["break", "correction"])),
        ("title", json!("Parameter became required")),
    ] {
        assert_eq!(rule[key], value, "{key}");
    }
    assert_eq!(list.len(), rules(&[]).lines().count());
}
