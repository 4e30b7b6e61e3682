//! Compares tables and records that are built at run time with those of the generated code.

use std::collections::{HashMap, HashSet};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::Value;
use zstack_conformance::dynamic::{self, Dynamic};
use zstack_conformance::values;
use zstack_runtime::record::{EnumShape, Kind, Record, Shape};
use zstack_runtime::{ErrorCode, Operation, Request, decode, encode};

use crate::api::{Visit, selected_operations};
use crate::requests::of_another_type;
use crate::spec::model;

struct Tables {
    seen: HashSet<&'static str>,
}

/// Describes an operation without its parameters and its response.
fn describe(it: &Operation) -> String {
    // All fields are listed, so that a new one is not forgotten here.
    let Operation {
        name,
        category,
        method,
        path,
        paths,
        since,
        execution,
        auth,
        body,
        message,
        tags,
        request: _,
        response: _,
        changes,
    } = it;
    let whole = (name, category, method, path, paths, since, execution);
    format!("{whole:?} {auth:?} {body:?} {message:?} {tags:?} {}", changes.is_some())
}

impl Tables {
    fn compare(&mut self, built: &'static Shape, generated: &'static Shape) {
        let name = generated.name;
        // Written by hand; another test compares it with the spec.
        if std::ptr::eq(generated, ErrorCode::SHAPE) || !self.seen.insert(name) {
            return;
        }
        assert_eq!((built.name, built.class, built.since), (name, generated.class, generated.since));
        assert_eq!(built.fields.len(), generated.fields.len(), "{name}");
        for (built, generated) in built.fields.iter().zip(generated.fields) {
            let row = |field: &zstack_runtime::record::Field| {
                let values = (field.name, field.since(), field.required, field.sensitive, field.place);
                format!("{values:?} {:?}", field.limits)
            };
            assert_eq!(row(built), row(generated), "{name}");
            self.kind(built.kind, generated.kind, &format!("{name}.{}", built.name));
        }
    }

    fn kind(&mut self, built: Kind, generated: Kind, place: &str) {
        match (built, generated) {
            (Kind::List(built), Kind::List(generated)) | (Kind::Map(built), Kind::Map(generated)) => {
                self.kind(*built, *generated, place);
            }
            (Kind::Record(built), Kind::Record(generated)) => self.compare(built(), generated()),
            (Kind::Enum(built), Kind::Enum(generated)) => {
                let row = |shape: &EnumShape| (shape.name, shape.values, shape.removed);
                assert_eq!(row(built()), row(generated()), "{place}");
            }
            (built, generated) => assert_eq!(format!("{built:?}"), format!("{generated:?}"), "{place}"),
        }
    }
}

fn built_operations() -> HashMap<&'static str, &'static Operation> {
    dynamic::operations(&model()).iter().map(|operation| (operation.name, *operation)).collect()
}

#[test]
fn tables_equal_those_of_the_generated_code() {
    let mut built = built_operations();
    let mut tables = Tables { seen: HashSet::new() };
    for generated in zstack_types::OPERATIONS.iter().copied().flatten() {
        let built = built.remove(generated.name).unwrap();
        assert_eq!(describe(built), describe(generated));
        tables.compare(built.request, generated.request);
        tables.compare(built.response, generated.response);
    }
    assert!(built.is_empty(), "{:?} is not generated", built.keys());
    assert!(tables.seen.len() > 40, "{}", tables.seen.len());
}

struct Records {
    built: HashMap<&'static str, &'static Operation>,
    runner: TestRunner,
    read: usize,
    refused: usize,
}

/// Removes the empty lists that a generated request has of tags and conditions.
fn without_empty_lists(json: &[u8]) -> Value {
    let mut json: Value = serde_json::from_slice(json).unwrap();
    let is_said = |name: &str, value: &Value| {
        !matches!(name, "systemTags" | "userTags" | "q")
            || value.as_array().is_none_or(|value| !value.is_empty())
    };
    json.as_object_mut().unwrap().retain(|name, value| is_said(name, value));
    json
}

impl Records {
    /// Checks that both decode the same value, or neither does.
    fn same<R: Record>(&mut self, shape: &'static Shape, json: &Value) {
        let text = json.to_string();
        match (decode::from_slice::<R>(text.as_bytes()), Dynamic::read(shape, text.as_bytes())) {
            (Ok(generated), Ok(built)) => {
                assert_eq!(
                    without_empty_lists(&encode::to_vec(&built)),
                    without_empty_lists(&encode::to_vec(&generated)),
                    "{text}"
                );
                self.read += 1;
            }
            (Err(_), Err(_)) => self.refused += 1,
            (generated, built) => {
                panic!("{}: {text}\n{:?}\n{:?}", shape.name, generated.map(|_| ()), built.map(|_| ()))
            }
        }
    }

    fn compare<R: Record>(&mut self, shape: &'static Shape) {
        for _ in 0..4 {
            let value = values::record(R::SHAPE).new_tree(&mut self.runner).unwrap().current();
            self.same::<R>(shape, &value);
            for field in R::SHAPE.fields {
                // Values with a Rust type of their own, where the spec has texts.
                if field.name == "q" || field.name == "sort" {
                    continue;
                }
                for other in of_another_type(field.kind).into_iter().chain([Value::Null, "text".into()]) {
                    let mut changed = value.clone();
                    changed[field.name] = other;
                    self.same::<R>(shape, &changed);
                }
                let mut without = value.clone();
                without.as_object_mut().unwrap().remove(field.name);
                without["unknown"] = true.into();
                self.same::<R>(shape, &without);
            }
        }
    }
}

impl Visit for Records {
    fn visit<R: Request>(&mut self) {
        let built = self.built[R::OPERATION.name];
        self.compare::<R>(built.request);
        self.compare::<R::Response>(built.response);
    }
}

#[test]
fn dynamic_records_decode_like_generated_ones() {
    let runner = TestRunner::deterministic();
    let mut records = Records { built: built_operations(), runner, read: 0, refused: 0 };
    selected_operations(&mut records);
    assert!(records.read > 500 && records.refused > 500, "{} and {}", records.read, records.refused);
}
