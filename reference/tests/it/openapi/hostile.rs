//! Hostile texts in documents.

use serde_json::{Value, json};
use zstack_model::{Model, TypeShape};

use super::document::Document;
use super::{KINDS, document, spec};

const HOSTILE: &str = "</script><img src=x onerror=alert(1)> `<b> [x](javascript:alert(1)) \"\"\" ${x} {{x}} \u{0} \
                       \u{202e}\u{2028}\u{feff} \\\" | \u{1f4a3}\r\n# x\n* y";

/// Replaces all texts for people, and some values of examples.
fn add_hostile_texts(model: &mut Model) {
    let text = || HOSTILE.to_owned();
    model.service.title = text();
    model.service.description = Some(text());
    for it in &mut model.service.auth {
        it.description = Some(text());
    }
    for it in &mut model.categories {
        (it.title, it.description) = (text(), Some(text()));
    }
    for it in &mut model.types {
        (it.summary, it.description) = (text(), Some(text()));
        match &mut it.shape {
            TypeShape::Record { fields, .. } => {
                for field in fields {
                    field.description = Some(text());
                    field.retirement.replacement = Some(text());
                }
            }
            TypeShape::Enum { values } => {
                for value in values {
                    value.description = Some(text());
                }
            }
        }
    }
    for it in &mut model.operations {
        (it.summary, it.description) = (text(), Some(text()));
        it.notes = vec![text()];
        for parameter in &mut it.parameters {
            parameter.field.description = Some(text());
            parameter.field.constraints.unit = Some(text());
        }
        for tag in &mut it.tags {
            (tag.pattern, tag.description) = (text(), text());
        }
        for error in &mut it.errors {
            (error.code, error.when) = (text(), text());
        }
        for example in &mut it.examples {
            example.name = text();
            if let Some(password) = example.request.get_mut("password") {
                *password = HOSTILE.into();
            }
            if let Some(info) = example.request.get_mut("info") {
                *info = json!({HOSTILE: HOSTILE, "$ref": "#/nowhere"});
            }
        }
    }
}

#[test]
fn hostile_texts_do_not_become_markup() {
    let mut model = spec(KINDS);
    add_hostile_texts(&mut model);
    for at in [None, Some("1.0"), Some("3.0")] {
        let json = document(&model, at);
        Document::new(json.clone()).check(&format!("hostile at {at:?}"));
        assert_eq!(json["info"]["title"], HOSTILE);
        let mut descriptions = 0;
        each_description(&json, &mut |text| {
            descriptions += usize::from(text.contains("script"));
            // In Markdown, a backslash escapes a bracket.
            for bracket in ["<img", "</script", "[x]"] {
                let raw = text.match_indices(bracket).find(|(at, _)| !text[..*at].ends_with('\\'));
                assert!(raw.is_none(), "{bracket} in {text}");
            }
        });
        assert!(descriptions > 20, "{descriptions}");
    }
}

/// Visits the descriptions in Markdown, which `x-enum-values` are not.
fn each_description(value: &Value, see: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "description" => see(text),
                    _ if name.starts_with("x-enum") || name == "examples" => {}
                    _ => each_description(member, see),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_description(item, see)),
        _ => {}
    }
}
