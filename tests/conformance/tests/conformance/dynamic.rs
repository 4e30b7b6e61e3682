//! Tables and records that are made at run time are those of the generated
//! code.

use std::collections::{HashMap, HashSet};

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::Value;
use zstack_conformance::dynamic::{self, Dynamic};
use zstack_conformance::values;
use zstack_runtime::record::{EnumShape, Kind, Record, Shape};
use zstack_runtime::{ErrorCode, Operation, Request, decode, encode};

use crate::api::{Visit, every_operation};
use crate::requests::of_another_type;
use crate::spec::model;

struct Tables {
    made: HashMap<&'static str, &'static Operation>,
    /// The data types that have been compared.
    seen: HashSet<&'static str>,
}

/// What an operation is, without its parameters and its answer.
fn facts(it: &Operation) -> String {
    // All of it is named, so that what a table gets later is not forgotten here.
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
    } = it;
    let whole = (name, category, method, path, paths, since, execution);
    format!("{whole:?} {auth:?} {body:?} {message:?} {tags:?}")
}

impl Tables {
    fn compare(&mut self, made: &'static Shape, written: &'static Shape) {
        let name = written.name;
        // Written by hand; another test holds it against the spec.
        if std::ptr::eq(written, ErrorCode::SHAPE) || !self.seen.insert(name) {
            return;
        }
        assert_eq!((made.name, made.class, made.since), (name, written.class, written.since));
        assert_eq!(made.fields.len(), written.fields.len(), "{name}");
        for (made, written) in made.fields.iter().zip(written.fields) {
            let facts = |it: &zstack_runtime::record::Field| {
                let whole = (it.name, it.since, it.required, it.sensitive, it.place);
                format!("{whole:?} {:?}", it.limits)
            };
            assert_eq!(facts(made), facts(written), "{name}");
            self.kind(made.kind, written.kind, &format!("{name}.{}", made.name));
        }
    }

    fn kind(&mut self, made: Kind, written: Kind, place: &str) {
        match (made, written) {
            (Kind::List(made), Kind::List(written)) | (Kind::Map(made), Kind::Map(written)) => {
                self.kind(*made, *written, place);
            }
            (Kind::Record(made), Kind::Record(written)) => self.compare(made(), written()),
            (Kind::Enum(made), Kind::Enum(written)) => {
                let facts = |it: &EnumShape| (it.name, it.values);
                assert_eq!(facts(made()), facts(written()), "{place}");
            }
            (made, written) => assert_eq!(format!("{made:?}"), format!("{written:?}"), "{place}"),
        }
    }
}

impl Visit for Tables {
    fn visit<R: Request>(&mut self) {
        let made = self.made.remove(R::OPERATION.name).unwrap();
        assert_eq!(facts(made), facts(R::OPERATION));
        self.compare(made.request, R::OPERATION.request);
        self.compare(made.response, R::OPERATION.response);
    }
}

fn made() -> HashMap<&'static str, &'static Operation> {
    dynamic::operations(&model()).iter().map(|operation| (operation.name, *operation)).collect()
}

#[test]
fn tables_are_those_of_the_generated_code() {
    let mut tables = Tables { made: made(), seen: HashSet::new() };
    every_operation(&mut tables);
    assert!(tables.made.is_empty(), "{:?} is not generated", tables.made.keys());
    assert!(tables.seen.len() > 40, "{}", tables.seen.len());
}

struct Records {
    made: HashMap<&'static str, &'static Operation>,
    runner: TestRunner,
    read: usize,
    refused: usize,
}

/// A record without the empty lists that a generated request has of what was
/// not given: of tags and of conditions.
fn shown(json: &[u8]) -> Value {
    let mut json: Value = serde_json::from_slice(json).unwrap();
    let is_said = |name: &str, value: &Value| {
        !matches!(name, "systemTags" | "userTags" | "q")
            || value.as_array().is_none_or(|value| !value.is_empty())
    };
    json.as_object_mut().unwrap().retain(|name, value| is_said(name, value));
    json
}

impl Records {
    /// Both read the same, or neither does.
    fn same<R: Record>(&mut self, shape: &'static Shape, json: &Value) {
        let text = json.to_string();
        match (decode::from_slice::<R>(text.as_bytes()), Dynamic::read(shape, text.as_bytes())) {
            (Ok(written), Ok(made)) => {
                assert_eq!(shown(&encode::to_vec(&made)), shown(&encode::to_vec(&written)), "{text}");
                self.read += 1;
            }
            (Err(_), Err(_)) => self.refused += 1,
            (written, made) => {
                panic!("{}: {text}\n{:?}\n{:?}", shape.name, written.map(|_| ()), made.map(|_| ()))
            }
        }
    }

    fn compare<R: Record>(&mut self, shape: &'static Shape) {
        for _ in 0..4 {
            let value = values::record(R::SHAPE).new_tree(&mut self.runner).unwrap().current();
            self.same::<R>(shape, &value);
            for field in R::SHAPE.fields {
                // What has a type of its own, where the spec says text.
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
        let made = self.made[R::OPERATION.name];
        self.compare::<R>(made.request);
        self.compare::<R::Response>(made.response);
    }
}

#[test]
fn records_read_what_generated_ones_read() {
    let runner = TestRunner::deterministic();
    let mut records = Records { made: made(), runner, read: 0, refused: 0 };
    every_operation(&mut records);
    assert!(records.read > 500 && records.refused > 500, "{} and {}", records.read, records.refused);
}
