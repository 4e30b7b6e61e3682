//! OpenAPI documents: validity and content.
//!
//! `BLESS=1` overwrites the expected files.

mod document;
mod hostile;
mod names;

use std::fs;

use camino::Utf8Path;
use serde_json::Value;
use zstack_model::load::load;
use zstack_model::{Model, Version};
use zstack_reference::openapi::{Export, Layout, export};

use crate::sample;
use document::Document;

const KINDS: &str = "tests/openapi/spec";
const PLATFORM: &str = "../spec";
const PAST: &str = "../model/tests/slice/spec";
const OBSTACLES: &str = "../xtask/tests/obstacles/spec";

fn spec(path: &str) -> Model {
    let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    load(&dir).unwrap_or_else(|problems| panic!("{problems}"))
}

fn export_indented(model: &Model, at: Option<&str>) -> Export {
    let at: Option<Version> = at.map(|text| text.parse().unwrap());
    export(model, at.as_ref(), Layout::Indented)
}

fn document(model: &Model, at: Option<&str>) -> Value {
    serde_json::from_str(&export_indented(model, at).text).unwrap()
}

#[test]
fn documents_of_all_releases_are_valid() {
    let mut examples = 0;
    for path in [KINDS, PLATFORM, PAST, OBSTACLES] {
        let model = sample::part_of(spec(path), 20, &sample::NAMED);
        let releases = sample::releases(&model, 10);
        let releases: Vec<_> = releases.iter().map(ToString::to_string).collect();
        for at in
            releases.iter().map(|release| Some(release.as_str())).chain([None, Some("0.0.1"), Some("9999")])
        {
            examples += Document::new(document(&model, at)).check(&format!("{path} at {at:?}"));
        }
    }
    assert!(examples > 100, "only {examples} examples were checked");
}

#[test]
fn invalid_documents_are_detected() {
    let model = spec(KINDS);
    for (pointer, wrong) in [
        ("/openapi", "4.0"),
        ("/paths/~1vms/post/responses/202/$ref", "#/components/responses/Nothing"),
        ("/paths/~1vms/post/operationId", "QueryVm"),
        ("/components/schemas/Vm/type", "records"),
        ("/components/schemas/Uuid/pattern", "^x$"),
        ("/components/schemas/CreateVmRequest/properties/params/properties/state/default", "Flying"),
        ("/paths/~1vms~1{uuid}/get/parameters/0/name", "id"),
    ] {
        let mut json = document(&model, None);
        *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = wrong.into();
        let found = std::panic::catch_unwind(|| Document::new(json).check(pointer));
        assert!(found.is_err(), "{pointer}");
    }
}

#[test]
fn document_with_all_kinds_of_elements_matches_the_expected_file() {
    let model = spec(KINDS);
    let Export { text, losses } = export_indented(&model, None);
    golden("kinds.json", &text);
    golden("losses.txt", &losses.to_string());
}

/// The limits of `runtime/src/server` and of the node's queries.
#[test]
fn limits_are_those_of_the_server() {
    let document = document(&spec(KINDS), None);
    let schema = |name: &str| document["components"]["parameters"][name]["schema"].clone();
    let timeout = schema("X-API-Timeout");
    assert_eq!((&timeout["minimum"], &timeout["maximum"]), (&0.into(), &u32::MAX.into()));
    let hook = schema("X-Web-Hook");
    let pattern = regex_lite::Regex::new(hook["pattern"].as_str().unwrap()).unwrap();
    for (url, is_accepted) in [
        ("http://127.0.0.1:8080/hook", true),
        ("HTTP://localhost", true),
        ("https://localhost", false),
        ("", false),
    ] {
        assert_eq!(pattern.is_match(url), is_accepted, "{url}");
    }
    assert_eq!(
        (&schema("X-Job-UUID")["minLength"], &schema("X-Job-UUID")["maxLength"]),
        (&32.into(), &32.into())
    );
    // Parameters without examples are components.
    assert_eq!(schema("start")["minimum"], 0);
}

#[test]
fn both_layouts_have_the_same_content() {
    let model = spec(KINDS);
    let compact = export(&model, None, Layout::Compact);
    assert_eq!(compact.text.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Value>(&compact.text).unwrap(), document(&model, None));
    assert_eq!(compact, export(&model, None, Layout::Compact), "the same input gives the same bytes");
}

fn golden(name: &str, found: &str) {
    let file = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi").join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let differs = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    let differs = differs.unwrap_or(found.lines().count().min(expected.lines().count()));
    assert!(
        found == expected,
        "{name}, line {}: BLESS=1 accepts `{}` for `{}`",
        differs + 1,
        found.lines().nth(differs).unwrap_or("the end"),
        expected.lines().nth(differs).unwrap_or("the end"),
    );
}
