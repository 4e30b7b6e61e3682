//! Writes `api.yaml`.

use std::collections::{BTreeSet, HashMap};

use super::HEADER;
use super::category::title;
use super::corpus::Operation;
use super::types::{convert, data_type_name};
use super::versions::{Releases, UNKNOWN};
use super::yaml::{Row, list};
use zstack_codegen::emit::GeneratedFile;

pub(super) fn file(
    releases: &Releases,
    categories: &[String],
    operations: &[(usize, Operation)],
    known: &HashMap<String, Option<String>>,
) -> GeneratedFile {
    let mut text = HEADER.to_owned();
    text.push_str(
        "title: ZStack Cloud API\nbasePath: /zstack/v1\nauth:\n  session: {header: Authorization, scheme: OAuth}\n",
    );
    let releases = releases.values().map(|version| {
        let mut row = Row::default();
        row.version("version", version);
        if version == UNKNOWN {
            row.text("description", "Elements of an unknown release.");
        }
        row
    });
    text.push_str(&list("releases", releases.collect()));
    let categories: BTreeSet<&String> = categories.iter().collect();
    let categories = categories.into_iter().map(|category| {
        let mut row = Row::default();
        row.text("name", category);
        row.text("title", &title(category));
        row
    });
    text.push_str(&list("categories", categories.collect()));
    text.push_str(&list("envelope", envelope(operations, known)));
    GeneratedFile { path: "api.yaml".into(), text }
}

/// Returns the fields of the envelope, which any operation may declare.
fn envelope(operations: &[(usize, Operation)], known: &HashMap<String, Option<String>>) -> Vec<Row> {
    let fields = operations.iter().flat_map(|(_, operation)| &operation.response);
    let fields = fields.filter(|field| field.envelope);
    // The first declaration of a field determines its type.
    let mut seen = BTreeSet::new();
    let names = known.keys().cloned().collect();
    let mut rows = Vec::new();
    for field in fields.filter(|field| seen.insert(field.name.clone())) {
        let mut row = Row::default();
        row.text("name", &field.name);
        let ty = convert(&field.r#type, &names).text;
        // The envelope is as old as its types.
        let since = known.get(data_type_name(&ty)).and_then(Option::as_deref);
        row.text("type", &ty);
        row.version("since", since.unwrap_or(UNKNOWN));
        rows.push(row);
    }
    rows
}
