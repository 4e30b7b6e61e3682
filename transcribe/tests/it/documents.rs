//! The five documents of the project, where they are at hand: `../shared/documents`, or the folder
//! that `ZSTACK_DOCUMENTS` names.

use std::path::PathBuf;

use zstack_model::{DataType, Documented, Field, Model, Operation, Source, Type, TypeShape};
use zstack_transcribe::{NoteKind, PageFile, compare};

use crate::pages::{committed_spec, merge, pages_in, spec_of};

/// The documents; nothing, and a line that reports it, if the folder is missing.
fn documents() -> Option<Vec<PageFile>> {
    let named = std::env::var_os("ZSTACK_DOCUMENTS").map(PathBuf::from);
    let folder = named
        .unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/documents")));
    if !folder.is_dir() {
        println!("skipped: there are no documents in {}", folder.display());
        return None;
    }
    Some(pages_in(&folder))
}

/// Returns the type and the version of a field, as a document prints them.
fn document_line(model: &Model, field: &Field) -> String {
    let Documented { ty, since, .. } = field.documented.clone().unwrap_or_default();
    let is_enum =
        |name: &str| model.data_type(name).is_some_and(|ty| matches!(ty.shape, TypeShape::Enum { .. }));
    // Documents do not print that a text has certain values, or is a UUID.
    let wire = match &field.ty {
        Type::Named(name) if is_enum(name) => Type::String,
        Type::Uuid => Type::String,
        ty => ty.clone(),
    };
    let ty = ty.unwrap_or_else(|| field.ty.to_string());
    format!("{} {wire} {ty} {}", field.name, since.unwrap_or_else(|| field.since.to_string()))
}

/// The facts of the fields and parameters that documents print.
fn facts(model: &Model, operation: &Operation) -> Vec<String> {
    let mut lines = vec![format!("{} {} {:?}", operation.method, operation.path, operation.body)];
    for parameter in
        operation.parameters.iter().filter(|parameter| parameter.field.source == Source::Document)
    {
        let place = parameter.field.documented.as_ref().and_then(|documented| documented.place.clone());
        let required = parameter.field.required;
        lines.push(format!(
            "{} {:?} {place:?} {required}",
            document_line(model, &parameter.field),
            parameter.place
        ));
    }
    let mut open: Vec<&Field> = operation.response.iter().chain(&model.service.envelope).collect();
    let mut seen = Vec::new();
    while let Some(field) = open.pop() {
        lines.push(format!("> {}", document_line(model, field)));
        let ty = field.ty.data_type_name().and_then(|name| model.data_type(name));
        let is_record = |ty: &&DataType| matches!(ty.shape, TypeShape::Record { .. });
        if let Some(ty) = ty.filter(is_record).filter(|ty| !seen.contains(&&ty.name)) {
            seen.push(&ty.name);
            lines.push(format!("> {}", ty.name));
            let mut fields: Vec<&Field> = ty.own_fields().iter().collect();
            fields.retain(|field| field.source == Source::Document);
            open.extend(fields);
        }
    }
    lines.sort();
    lines
}

#[test]
fn an_empty_folder_gets_the_facts_of_the_committed_files() {
    let Some(pages) = documents() else { return };
    let (spec, _) = spec_of(&pages);
    let committed = committed_spec();
    assert_eq!(spec.model.operations.len(), 5);
    for operation in &spec.model.operations {
        let expected = committed.model.operation(&operation.name).unwrap();
        assert_eq!(operation.category, expected.category);
        assert_eq!(facts(&spec.model, operation), facts(&committed.model, expected), "{}", operation.name);
    }
}

#[test]
fn the_documents_do_not_differ_from_the_committed_spec() {
    let Some(pages) = documents() else { return };
    assert_eq!(compare(&pages, &committed_spec()).to_string(), "");
    let (spec, _) = merge(&pages, Some(&committed_spec()));
    assert_eq!(spec.texts, committed_spec().texts);
}

#[test]
fn a_changed_version_is_reported_with_both_places() {
    let Some(mut pages) = documents() else { return };
    let page = pages.iter_mut().find(|page| page.name.starts_with("DetachIso")).unwrap();
    let text = String::from_utf8(page.bytes.clone()).unwrap();
    page.bytes = text.replace("The ISO UUID. | 2.3.1 |", "The ISO UUID. | 2.4 |").into_bytes();
    let report = compare(&pages, &committed_spec());
    let [note] = report.notes() else { panic!("{report}") };
    assert_eq!(note.kind, NoteKind::Conflict);
    for words in
        ["`isoUuid`", "`2.4`", "`2.3.1`", "DetachIsoFromVmInstance.txt:", "DetachIsoFromVmInstance.yaml:"]
    {
        assert!(note.to_string().contains(words), "{words}: {note}");
    }
}
