//! Compares the spec with the code: examples, and the type that is written by hand.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use serde_json::Value;
use zstack_client::Call;
use zstack_conformance::Answer;
use zstack_model::load::load;
use zstack_model::{Body, Model, Operation, Type, TypeShape, query_parameters};
use zstack_runtime::record::{Kind, Place, Record};
use zstack_runtime::{ErrorCode, Request, decode};
use zstack_server::Options;
use zstack_types::vm_instance::QueryVmInstance;

use crate::api::{Visit, loopback, selected_operations};

pub(crate) fn model() -> Model {
    let spec = Utf8Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec"));
    load(spec).unwrap_or_else(|diagnostics| panic!("{:?}", diagnostics.problems()))
}

struct Names(Vec<&'static str>);

impl Visit for Names {
    fn visit<R: Request>(&mut self) {
        self.0.push(R::OPERATION.name);
    }
}

/// The forms of an operation and its parts: what client and server treat differently.
fn forms(model: &Model, operation: &Operation) -> BTreeSet<String> {
    let ty = |ty: &Type| form_of_type(model, ty);
    let body = match &operation.body {
        Body::None => "none",
        Body::Action(_) => "action",
        Body::Key(key) if key == "params" || key == "null" => key,
        Body::Key(_) => "another key",
    };
    let mut forms = BTreeSet::from([format!(
        "{} {body} {} {} query={} paths={}",
        operation.method,
        operation.execution.word(),
        operation.auth.word(),
        operation.query,
        !operation.paths.is_empty(),
    )]);
    for parameter in &operation.parameters {
        let field = &parameter.field;
        forms.insert(format!("{} {} required={}", parameter.place.word(), ty(&field.ty), field.required));
        let constraints = &field.constraints;
        for (name, is_set) in [
            ("values", !constraints.values.is_empty()),
            ("range", constraints.range.is_some()),
            ("maxLength", constraints.max_length.is_some()),
            ("minLength", constraints.min_length.is_some()),
            ("nonEmpty", constraints.non_empty),
            ("noTrim", constraints.no_trim),
            ("default", field.default.is_some()),
            ("sensitive", field.sensitive),
        ] {
            if is_set {
                forms.insert(format!("{name} of {}", ty(&field.ty)));
            }
        }
    }
    for field in &operation.response {
        forms.insert(format!("response {} required={}", ty(&field.ty), field.required));
    }
    forms
}

fn form_of_type(model: &Model, ty: &Type) -> String {
    match ty {
        Type::List(element) => format!("List<{}>", form_of_type(model, element)),
        Type::Map(value) => format!("Map<{}>", form_of_type(model, value)),
        Type::Named(name) => match model.data_type(name).unwrap().shape {
            TypeShape::Record { .. } => "record".to_owned(),
            TypeShape::Enum { .. } => "enum".to_owned(),
        },
        scalar => scalar.to_string(),
    }
}

#[test]
fn selected_operations_have_every_form() {
    let mut names = Names(Vec::new());
    selected_operations(&mut names);
    let model = model();
    let mut missing: BTreeMap<String, &str> = BTreeMap::new();
    for operation in &model.operations {
        for form in forms(&model, operation) {
            missing.insert(form, &operation.name);
        }
        if !operation.examples.is_empty() {
            assert!(names.0.contains(&operation.name.as_str()), "{} has examples", operation.name);
        }
    }
    for name in names.0 {
        let operation = model.operation(name).unwrap();
        for form in forms(&model, operation) {
            missing.remove(&form);
        }
    }
    assert_eq!(missing, BTreeMap::new(), "select these operations in api.rs");
}

struct Examples(Model, usize);

impl Visit for Examples {
    fn visit<R: Request>(&mut self) {
        let operation = self.0.operation(R::OPERATION.name).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for example in &operation.examples {
            let (client, echo) = loopback(Options::default());
            let context = format!("{}, {}", operation.name, example.name);
            let request = Value::Object(example.request.clone());
            let request: R = decode::from_slice(request.to_string().as_bytes()).expect(&context);
            if example.status == 200 {
                echo.answer(Answer::Result(example.response.to_string().into_bytes()));
                let answer = runtime.block_on(request.call(&client)).expect(&context);
                assert_eq!(
                    serde_json::from_slice::<Value>(&zstack_runtime::encode::to_vec(&answer)).unwrap(),
                    example.response
                );
            } else {
                let error = example.response["error"].to_string();
                let code: ErrorCode = decode::from_slice(error.as_bytes()).expect(&context);
                echo.answer(Answer::Refusal(Box::new(code.clone())));
                let error = runtime.block_on(request.call(&client)).err().expect(&context);
                assert_eq!(error.error_code(), Some(&code), "{context}");
            }
            self.1 += 1;
        }
    }
}

#[test]
fn examples_pass_client_and_server_unchanged() {
    let mut examples = Examples(model(), 0);
    selected_operations(&mut examples);
    assert!(examples.1 >= 30, "{} examples", examples.1);
}

fn matches(kind: Kind, ty: &Type) -> bool {
    match (kind, ty) {
        (Kind::String, Type::String) | (Kind::Any, Type::Any) => true,
        (Kind::List(kind), Type::List(ty)) | (Kind::Map(kind), Type::Map(ty)) => matches(*kind, ty),
        (Kind::Record(shape), Type::Named(name)) => shape().name == name,
        _ => false,
    }
}

#[test]
fn standard_query_parameters_equal_the_spec() {
    let ours = QueryVmInstance::SHAPE.fields.iter().filter(|field| field.place == Place::Query);
    let ours: Vec<_> = ours.map(|our| (our.name.to_owned(), our.since().to_string())).collect();
    let standard: Vec<_> = query_parameters()
        .into_iter()
        .map(|query_parameter| (query_parameter.name, query_parameter.since.to_string()))
        .collect();
    assert_eq!(ours, standard);
}

#[test]
fn error_code_equals_the_spec() {
    let model = model();
    let TypeShape::Record { fields, native: Some(path) } = &model.data_type("ErrorCode").unwrap().shape
    else {
        panic!("ErrorCode is not native");
    };
    assert_eq!(path, "zstack_runtime::ErrorCode");
    let shape = ErrorCode::SHAPE;
    assert_eq!(shape.fields.len(), fields.len());
    for field in fields {
        let ours = &shape.fields[shape.index_of(&field.name).unwrap_or_else(|| panic!("no {}", field.name))];
        assert_eq!(ours.since(), field.since, "{}", field.name);
        assert_eq!(ours.required, field.required, "{}", field.name);
        assert!(matches(ours.kind, &field.ty), "{}: {:?} is not {:?}", field.name, ours.kind, field.ty);
    }
}
