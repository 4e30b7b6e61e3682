//! Compares scalars in `check` and in the runtime: a value of an example that `check` accepts is
//! accepted at run time, and a violation that `check` reports is one at run time.

use camino::{Utf8Path, Utf8PathBuf};
use proptest::prelude::*;
use serde_json::{Value, json};
use zstack_conformance::dynamic::{self, Dynamic};
use zstack_model::load::{Memory, load_tree};
use zstack_runtime::constraints::check;
use zstack_runtime::record::Shape;
use zstack_runtime::{Timestamp, Version};

/// A field on both sides.
struct Scalar {
    /// The keys of the field in the spec.
    keys: Value,
    shape: &'static Shape,
}

/// The result of `check` for a value.
#[derive(Debug, PartialEq)]
enum Checked {
    Taken,
    /// It violates a constraint.
    BreaksLimit,
    /// It has the wrong form or type.
    Refused,
}

/// A spec whose only operation has the field as a parameter.
fn spec(keys: &Value, examples: Value) -> Memory {
    let mut parameter = json!({"name": "value", "in": "body", "required": false, "since": "1.0"});
    parameter.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    let operation = json!({
        "name": "SetValue", "category": "value", "summary": "Sets it.", "since": "1.0", "method": "POST",
        "path": "/value", "execution": "sync", "auth": "none", "body": "params",
        "parameters": [parameter], "response": [], "examples": examples,
    });
    let api = json!({
        "title": "Values", "basePath": "/v1", "auth": {"session": {"header": "Authorization"}},
        "releases": [{"version": "1.0"}], "categories": [{"name": "value", "title": "Values"}],
    });
    let files = [("api.yaml", api), ("operations/value/SetValue.yaml", operation)];
    files.into_iter().map(|(path, value)| (Utf8PathBuf::from(path), value.to_string().into_bytes())).collect()
}

impl Scalar {
    fn new(keys: Value) -> Self {
        let loaded = load_tree(&spec(&keys, json!([])), Utf8Path::new("spec"));
        let model = loaded.unwrap_or_else(|problems| panic!("{keys}: {problems}")).model;
        Self { shape: dynamic::operations(&model)[0].request, keys }
    }

    /// Checks an example.
    fn check(&self, value: &Value) -> Checked {
        let example = json!({"name": "One", "request": {"value": value}, "status": 200, "response": {}});
        match load_tree(&spec(&self.keys, json!([example])), Utf8Path::new("spec")) {
            Ok(_) => Checked::Taken,
            Err(problems) => {
                let codes: Vec<_> = problems.problems().iter().map(|problem| problem.code()).collect();
                assert!(codes.iter().all(|code| code.starts_with("example-")), "{}: {problems}", self.keys);
                let is_limit = codes.iter().all(|code| *code == "example-constraint");
                if is_limit { Checked::BreaksLimit } else { Checked::Refused }
            }
        }
    }

    /// Runs the runtime: `None` for a value that it cannot decode, otherwise whether it meets all
    /// constraints.
    fn run(&self, value: &Value) -> Option<bool> {
        let text = json!({"value": value}).to_string();
        let record = Dynamic::read(self.shape, text.as_bytes()).ok()?;
        Some(check(&record, Version::NEWEST).is_empty())
    }

    fn agrees(&self, value: &Value) -> Checked {
        let (check, run) = (self.check(value), self.run(value));
        match check {
            Checked::Taken => assert_eq!(run, Some(true), "{} takes {value}", self.keys),
            Checked::BreaksLimit => assert_eq!(run, Some(false), "{} refuses {value}", self.keys),
            // The runtime decodes more forms than servers write.
            Checked::Refused => {}
        }
        check
    }
}

#[test]
fn both_enforce_the_same_constraints() {
    let rows = [
        (json!({"type": "Timestamp"}), vec!["Nov 14, 2017 10:20:57 PM", "Feb 29, 2020 12:00:00 AM"], vec![]),
        (
            json!({"type": "String", "maxLength": 3}),
            vec!["", "abc", "äöü", "\u{1f600}a"],
            vec!["abcd", "\u{1f600}\u{1f600}"],
        ),
        (json!({"type": "String", "minLength": 2}), vec!["ab", "\u{1f600}"], vec!["", "a"]),
        (json!({"type": "String", "nonEmpty": true}), vec![" "], vec![""]),
        (json!({"type": "String", "values": ["a", "b"]}), vec!["a"], vec!["A", "", "a "]),
        (
            json!({"type": "String", "pattern": "[a-z]+|[0-9]{2}"}),
            vec!["abc", "12"],
            vec!["", "abc1", "123", "abc\n"],
        ),
        (json!({"type": "String", "pattern": "(?i)a.c$"}), vec!["abc", "AxC"], vec!["a\nc", "abcd"]),
        (json!({"type": "Uuid"}), vec!["36c27e8ff05c4780bf6d2fa65700f22e"], vec![]),
    ];
    for (keys, taken, broken) in rows {
        let scalar = Scalar::new(keys);
        for (texts, expected) in [(taken, Checked::Taken), (broken, Checked::BreaksLimit)] {
            for text in texts {
                assert_eq!(scalar.agrees(&text.into()), expected, "{}: {text:?}", scalar.keys);
            }
        }
    }
    let rows = [
        (json!({"type": "Integer"}), vec![json!(0), json!(i32::MIN), json!(i32::MAX)], vec![]),
        (json!({"type": "Long"}), vec![json!(i64::MIN), json!(i64::MAX)], vec![]),
        (json!({"type": "Integer", "range": [-1, 3]}), vec![json!(-1), json!(3)], vec![json!(-2), json!(4)]),
        (json!({"type": "Long", "range": [0, i64::MAX]}), vec![json!(i64::MAX)], vec![json!(-1)]),
        (json!({"type": "Integer", "values": ["1", "2"]}), vec![json!(1)], vec![json!(0), json!(12)]),
        (
            json!({"type": "Double", "range": [0, 1]}),
            vec![json!(0), json!(0.5), json!(1.0)],
            vec![json!(1.5), json!(-0.1), json!(2)],
        ),
        (
            json!({"type": "Double", "values": ["1", "2.5"]}),
            vec![json!(2.5), json!(1.0), json!(1)],
            vec![json!(2.4), json!(3)],
        ),
        (
            json!({"type": "List<Integer>", "range": [1, 2], "nonEmpty": true}),
            vec![json!([1, 2])],
            vec![json!([]), json!([1, 3])],
        ),
        (json!({"type": "Map<String,String>", "nonEmpty": true}), vec![json!({"a": ""})], vec![json!({})]),
    ];
    for (keys, taken, broken) in rows {
        let scalar = Scalar::new(keys);
        for (values, expected) in [(taken, Checked::Taken), (broken, Checked::BreaksLimit)] {
            for value in values {
                assert_eq!(scalar.agrees(&value), expected, "{}: {value}", scalar.keys);
            }
        }
    }
}

/// Values of the wrong type are refused by both sides.
#[test]
fn both_refuse_values_of_the_wrong_type() {
    for (ty, values) in [
        (
            "Timestamp",
            vec![
                json!("Feb 29, 2017 10:20:57 PM"),
                json!("Nov 14, 0000 10:20:57 PM"),
                json!("Nov 31, 2017 10:20:57 PM"),
            ],
        ),
        ("Uuid", vec![json!("36c27e8ff05c6780bf6d2fa65700f22e"), json!("0".repeat(32)), json!("36c27e8f")]),
        ("Integer", vec![json!(i64::from(i32::MAX) + 1), json!(1.5), json!(1e300)]),
        ("Long", vec![json!(u64::MAX), json!(-1.5)]),
        ("Boolean", vec![json!("yes"), json!(2)]),
        ("Double", vec![json!("one"), json!([1])]),
    ] {
        let scalar = Scalar::new(json!({"type": ty}));
        for value in values {
            assert_eq!(scalar.check(&value), Checked::Refused, "{ty} {value}");
            assert_ne!(scalar.run(&value), Some(true), "{ty} {value}");
        }
    }
}

fn nearly_a_timestamp() -> impl Strategy<Value = String> {
    const MONTHS: [&str; 7] = ["Jan", "Feb", "Apr", "Dec", "feb", "Foo", "February"];
    let parts = (prop::sample::select(&MONTHS[..]), 0..33_u32, 0..3000_u32, 0..14_u32, 0..62_u32, 0..62_u32);
    (parts, any::<[bool; 5]>()).prop_map(|((month, day, year, hour, minute, second), style)| {
        let half = if style[0] { "AM" } else { "PM" };
        let comma = if style[1] && style[2] { "" } else { "," };
        let year = if style[3] && style[4] { format!("{year}") } else { format!("{year:04}") };
        format!("{month} {day}{comma} {year} {hour}:{minute:02}:{second:02} {half}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn timestamps(text in nearly_a_timestamp()) {
        thread_local!(static SCALAR: Scalar = Scalar::new(json!({"type": "Timestamp"})));
        let check = SCALAR.with(|scalar| scalar.agrees(&text.clone().into()));
        // Servers write the same text, except for leading zeros of the year.
        if check == Checked::Taken {
            let written = text.parse::<Timestamp>().unwrap().to_string();
            prop_assert_eq!(written.parse::<Timestamp>().unwrap(), text.parse::<Timestamp>().unwrap());
        }
    }

    #[test]
    fn uuids(text in "[0-9a-f]{11,13}[0-7][0-9a-f]{3}[6-d][0-9a-fA-F]{14,16}") {
        thread_local!(static SCALAR: Scalar = Scalar::new(json!({"type": "Uuid"})));
        SCALAR.with(|scalar| scalar.agrees(&text.into()));
    }

    #[test]
    fn numbers(number in prop_oneof![any::<i64>().prop_map(Value::from), (-3.0..9.0).prop_map(Value::from), (-3..9).prop_map(Value::from)]) {
        thread_local!(static SCALARS: Vec<Scalar> = ["Integer", "Long", "Double"].map(|ty| {
            Scalar::new(json!({"type": ty, "range": [-1, 7]}))
        }).into());
        SCALARS.with(|scalars| scalars.iter().for_each(|scalar| {
            scalar.agrees(&number);
        }));
    }
}
