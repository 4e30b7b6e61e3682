//! Tests that the style of YAML does not affect the model.

use proptest::prelude::*;
use serde_json::Value;
use zstack_review::{compare, diff};

use crate::random::models::sample::sample;
use crate::spec::Spec;

/// Pseudo-random choices from a seed (splitmix64).
pub(crate) struct Choices(pub(crate) u64);

impl Choices {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((it ^ (it >> 31)) % bound as u64).unwrap()
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for nth in (1..list.len()).rev() {
            list.swap(nth, self.below(nth + 1));
        }
    }
}

/// Writes a value as YAML in random styles.
fn write(value: &Value, choices: &mut Choices) -> String {
    let mut text = String::new();
    comment(&mut text, 0, choices);
    block(value, 0, &mut text, choices);
    text
}

/// Writes the value after a key or a dash, on the same line or on new lines.
fn block(value: &Value, indent: usize, text: &mut String, choices: &mut Choices) {
    let space = " ".repeat(indent);
    match value {
        Value::Object(object) if !object.is_empty() && (indent == 0 || !choices.one_in(3)) => {
            let mut entries: Vec<_> = object.iter().collect();
            choices.shuffle(&mut entries);
            text.push('\n');
            for (key, value) in entries {
                comment(text, indent, choices);
                *text += &format!("{space}{}:", scalar(key, choices));
                block(value, indent + 1 + choices.below(4), text, choices);
            }
        }
        Value::Array(items) if !items.is_empty() && !choices.one_in(3) => {
            text.push('\n');
            for item in items {
                comment(text, indent, choices);
                *text += &format!("{space}-");
                block(item, indent + 1 + choices.below(4), text, choices);
            }
        }
        Value::String(string) if !string.is_empty() && !string.contains('\n') && choices.one_in(5) => {
            let mark = if choices.one_in(2) { "|-" } else { ">-" };
            *text += &format!(" {mark}\n{space}{string}\n");
        }
        value => {
            *text += &format!(" {}", flow(value, choices));
            if choices.one_in(6) {
                *text += " # as it is";
            }
            text.push('\n');
        }
    }
}

fn flow(value: &Value, choices: &mut Choices) -> String {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().collect();
            choices.shuffle(&mut entries);
            let entries: Vec<_> = entries
                .into_iter()
                .map(|(key, value)| format!("{}: {}", scalar(key, choices), flow(value, choices)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| flow(item, choices)).collect();
            format!("[{}]", items.join(","))
        }
        Value::String(string) => scalar(string, choices),
        value => value.to_string(),
    }
}

/// Writes a string in either kind of quotes, or plain if that is unambiguous.
fn scalar(text: &str, choices: &mut Choices) -> String {
    let is_plain = text.starts_with(|character: char| character.is_ascii_alphabetic())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || "-_./ ".contains(character))
        && !text.ends_with(' ')
        && serde_yaml::from_str::<Value>(text).is_ok_and(|from_str| from_str == text);
    match choices.below(3) {
        0 if is_plain => text.to_owned(),
        1 if !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
        _ => Value::from(text).to_string(),
    }
}

fn comment(text: &mut String, indent: usize, choices: &mut Choices) {
    match choices.below(8) {
        0 => *text += &format!("{}# a: comment, {{\n", " ".repeat(indent)),
        1 => text.push('\n'),
        _ => {}
    }
}

fn is_the_same(spec: &Spec, seed: u64) {
    let mut choices = Choices(seed);
    let written = spec.load_as(|spec| write(spec, &mut choices));
    let written = written.unwrap_or_else(|problems| panic!("seed {seed}\n{problems}"));
    let model = spec.model();
    assert_eq!(compare(&model, &written), [], "seed {seed}");
    assert_eq!(compare(&written, &model), [], "seed {seed}");
    assert_eq!(diff(&model, &written), []);
    assert_eq!(model, written);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn style_does_not_matter(seed: u64) {
        is_the_same(&Spec::base(), seed);
    }
}

#[test]
fn style_does_not_matter_to_the_committed_spec() {
    let spec = Spec::of_repository();
    sample(0..3, 1).into_iter().for_each(|seed| is_the_same(&spec, seed));
}

#[test]
fn styles_differ() {
    let spec = Spec::base();
    let file = &spec.0["operations/vm/CreateVm.yaml"];
    let styles: Vec<_> = (0..20).map(|seed| write(file, &mut Choices(seed))).collect();
    for mark in ["# a: comment", "{", "|-", ">-", "'CreateVm'", "\"CreateVm\"", " CreateVm\n"] {
        assert!(styles.iter().any(|style| style.contains(mark)), "no style has {mark}");
    }
    for text in styles {
        assert_eq!(&serde_yaml::from_str::<Value>(&text).unwrap(), file, "{text}");
    }
}
