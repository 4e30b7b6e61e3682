//! The operations of the committed spec, on pages of the portal without indentation and with samples
//! that leave out fields: the nesting is found again.

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
        let is_open = record.is_some_and(|ty| !above.contains(&ty.name));
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

/// An object with four of five fields, in their order.
fn sample(rows: &[Row], numbers: &mut Numbers) -> String {
    let mut fields = Vec::new();
    for Row { name, ty, rows } in rows {
        let is_result = name.starts_with("inventor");
        if numbers.below(5) == 0 && !is_result {
            continue;
        }
        let value = match (rows, &**ty) {
            (Some(rows), "List") => format!("[{}]", sample(rows, numbers)),
            (Some(rows), _) => sample(rows, numbers),
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

fn printed_page(model: &Model, operation: &Operation, numbers: &mut Numbers) -> PageFile {
    let Operation { name, method, path, since, .. } = operation;
    let mut lines =
        vec![format!("{method}Library OperationsSince {since}SynchronousAuth Required", since = since.text)];
    lines.extend([name, "Request Inputs", "Path Parameters"].map(str::to_owned));
    let in_path = operation.parameters.iter().filter(|parameter| parameter.place == Place::Path);
    lines.extend(in_path.map(|parameter| format!("{}StringRequired", parameter.field.name)));
    lines.extend(["Responses", "200 OK"].map(str::to_owned));
    let rows = rows_of(model, operation);
    print(&rows, &mut lines);
    lines.extend(["Endpoint".to_owned(), format!("{method}/zstack/v1{path}"), "Response Example".to_owned()]);
    lines.push(format!("200{}", sample(&rows, numbers)));
    page(&format!("{name}.txt"), &lines.join("\n"))
}

#[test]
fn the_nesting_of_glued_pages_is_found() {
    let spec = committed_spec().model;
    let (mut count, mut wrong) = (0, Vec::new());
    // One run of all pages: the fewer pages there are, the less they say of each type.
    for seed in [1] {
        let mut numbers = Numbers::new(seed * 0x9e37_79b9);
        let pages: Vec<_> =
            spec.operations.iter().map(|operation| printed_page(&spec, operation, &mut numbers)).collect();
        let (found, _) = spec_of(&pages);
        for operation in &spec.operations {
            let lines = |model: &Model| {
                let mut lines = Vec::new();
                let operation = model.operation(&operation.name).unwrap();
                facts(&rows_of(model, operation), &operation.name, &mut lines);
                lines
            };
            let (expected, found) = (lines(&spec), lines(&found.model));
            let (expected, found) = (HashSet::from_iter(expected), HashSet::<String>::from_iter(found));
            count += expected.len();
            wrong.extend(expected.difference(&found).map(|line| format!("missing {line}")));
            wrong.extend(found.difference(&expected).map(|line| format!("invented {line}")));
        }
    }
    assert!(count > 1_000 && wrong.len() * 100 <= count, "{} of {count}: {wrong:#?}", wrong.len());
}
