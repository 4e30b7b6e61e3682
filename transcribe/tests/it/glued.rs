//! The operations of the committed spec, on pages of the portal without indentation, with complete
//! samples and with samples that leave out fields: the nesting is found again.

use std::collections::HashSet;

use zstack_model::{Field, Model, Operation, Place, Type, TypeShape};
use zstack_transcribe::PageFile;

use crate::numbers::Numbers;
use crate::pages::{committed_spec, page, spec_of};

/// A field of a response, with those of its value.
struct Row {
    name: String,
    /// The type, as the portal prints it.
    ty: String,
    rows: Option<Vec<Self>>,
}

/// The fields of a response at any depth; types end where they would contain themselves.
fn rows(model: &Model, fields: &[&Field], above: &mut Vec<String>) -> Vec<Row> {
    let row = |field: &&Field| {
        let record = field.ty.data_type_name().and_then(|name| model.data_type(name));
        let record = record.filter(|ty| matches!(ty.shape, TypeShape::Record { .. }));
        let is_map = matches!(field.ty, Type::Map(_));
        let is_open = record.is_some_and(|ty| !is_map && !above.contains(&ty.name));
        let rows = record.filter(|_| is_open).map(|ty| {
            above.push(ty.name.clone());
            let rows = rows(model, &model.fields(ty), above);
            above.pop();
            rows
        });
        let ty = match &field.ty {
            Type::List(_) => "List".to_owned(),
            Type::Map(_) => "Map".to_owned(),
            Type::Any => "Object".to_owned(),
            Type::Named(name) if record.is_some() => name.clone(),
            Type::Named(_) | Type::Uuid => "String".to_owned(),
            ty => ty.to_string(),
        };
        Row { name: field.name.clone(), ty, rows }
    };
    fields.iter().map(row).collect()
}

fn rows_of(model: &Model, operation: &Operation) -> Vec<Row> {
    rows(model, &operation.response.iter().collect::<Vec<_>>(), &mut Vec::new())
}

/// A line for each field: its way from the top, and its type.
fn facts(rows: &[Row], way: &str, lines: &mut Vec<String>) {
    for Row { name, ty, rows } in rows {
        let way = format!("{way}.{name}");
        lines.push(format!("{way} {ty}"));
        facts(rows.as_deref().unwrap_or_default(), &way, lines);
    }
}

/// The fields, one after the other.
fn print(rows: &[Row], lines: &mut Vec<String>) {
    for Row { name, ty, rows } in rows {
        let description = if rows.is_some() { format!("See {name}.") } else { "A value.".to_owned() };
        lines.push(format!("{name}{ty}Required{description}"));
        print(rows.as_deref().unwrap_or_default(), lines);
    }
}

/// The samples of pages.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Samples {
    Complete,
    /// One of five fields is left out.
    Incomplete,
}

/// An object with fields in their order.
fn sample(rows: &[Row], samples: Samples, numbers: &mut Numbers) -> String {
    let mut fields = Vec::new();
    for Row { name, ty, rows } in rows {
        let is_result = name.starts_with("inventor");
        if samples == Samples::Incomplete && numbers.below(5) == 0 && !is_result {
            continue;
        }
        let value = match (rows, &**ty) {
            (Some(rows), "List") => format!("[{}]", sample(rows, samples, numbers)),
            (Some(rows), _) => sample(rows, samples, numbers),
            (None, "List") => "[\"a\"]".to_owned(),
            (None, "Map" | "Object") => "{\"key\": \"value\"}".to_owned(),
            (None, "Boolean") => "true".to_owned(),
            (None, "Integer" | "Long" | "Double") => "1.0".to_owned(),
            (None, "Timestamp") => "\"Nov 14, 2017 10:20:57 PM\"".to_owned(),
            (None, _) => "\"a\"".to_owned(),
        };
        fields.push(format!("\"{name}\": {value}"));
    }
    format!("{{{}}}", fields.join(", "))
}

fn printed_page(model: &Model, operation: &Operation, samples: Samples, numbers: &mut Numbers) -> PageFile {
    let Operation { name, method, path, since, .. } = operation;
    let mut lines =
        vec![format!("{method}Library OperationsSince {since}SynchronousAuth Required", since = since)];
    lines.extend([name, "Request Inputs", "Path Parameters"].map(str::to_owned));
    let in_path = operation.parameters.iter().filter(|parameter| parameter.place == Place::Path);
    lines.extend(in_path.map(|parameter| format!("{}StringRequired", parameter.field.name)));
    lines.extend(["Responses", "200 OK"].map(str::to_owned));
    let rows = rows_of(model, operation);
    print(&rows, &mut lines);
    lines.extend(["Endpoint".to_owned(), format!("{method}/zstack/v1{path}"), "Response Example".to_owned()]);
    lines.push(format!("200{}", sample(&rows, samples, numbers)));
    page(&format!("{name}.txt"), &lines.join("\n"))
}

/// Transcribes pages of every nth operation in one run; returns the count of their facts, and the
/// differences from the spec.
fn differences(spec: &Model, step: usize, samples: Samples) -> (usize, Vec<String>) {
    let mut numbers = Numbers::new(0x9e37_79b9);
    let operations: Vec<_> = spec.operations.iter().step_by(step).collect();
    let pages = operations.iter().map(|operation| printed_page(spec, operation, samples, &mut numbers));
    let (found, _) = spec_of(&pages.collect::<Vec<_>>());
    let (mut count, mut differences) = (0, Vec::new());
    for operation in operations {
        let lines = |model: &Model| {
            let mut lines = Vec::new();
            facts(&rows_of(model, model.operation(&operation.name).unwrap()), &operation.name, &mut lines);
            HashSet::<String>::from_iter(lines)
        };
        let (expected, found) = (lines(spec), lines(&found.model));
        count += expected.len();
        differences.extend(expected.difference(&found).map(|line| format!("missing {line}")));
        differences.extend(found.difference(&expected).map(|line| format!("invented {line}")));
    }
    (count, differences)
}

#[test]
fn the_nesting_of_glued_pages_is_found() {
    let spec = committed_spec().model;
    // The fewer pages a run has, the less they say of each type. The limits are per thousand.
    for (step, samples, limit) in [(3, Samples::Complete, 1), (1, Samples::Incomplete, 2)] {
        let (count, wrong) = differences(&spec, step, samples);
        assert!(
            count > 1_000 && wrong.len() * 1_000 <= limit * count,
            "{samples:?}: {} of {count}: {wrong:#?}",
            wrong.len()
        );
    }
}
