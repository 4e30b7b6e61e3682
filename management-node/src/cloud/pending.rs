//! Documents of operations that take time: they show intermediate values until the operation ends.

use serde_json::{Map, Value, json};

use crate::catalog::{Catalog, Timing};
use crate::model::{Document, DocumentEdit, Link, Uuid};
use crate::uuids;

/// The private field with the fields that change when the operation ends, each with its intermediate and
/// its final value.
const PENDING: &str = "_pending";

/// The kind of the documents that list those of a running operation. No client sees them.
pub(crate) const RUNNING: &str = "_RunningOperation";

/// Lets documents show intermediate values: new ones, and those that the request names. Returns their
/// UUIDs.
pub(crate) fn begin(
    catalog: &Catalog,
    timing: &Timing,
    edits: &mut [DocumentEdit],
    named: &[Uuid],
) -> Vec<Uuid> {
    let mut begun = Vec::new();
    for edit in edits {
        let document = match edit {
            DocumentEdit::Create { document, .. } => document,
            DocumentEdit::Replace { document, .. } if named.contains(&document.uuid) => document,
            _ => continue,
        };
        let has_values = |(field, allowed): &(String, Vec<String>)| {
            document.text(field).is_some_and(|value| allowed.iter().any(|other| other == value))
        };
        let is_affected = catalog.is_a(&document.kind, &timing.resource)
            && timing.when.iter().all(has_values)
            && !document.fields.contains_key(PENDING);
        if !is_affected {
            continue;
        }
        let mut pending = Map::new();
        for (field, value) in &timing.through {
            let last = document.fields.to_mut().insert(field.clone(), value.clone());
            pending.insert(field.clone(), json!([value, last]));
        }
        document.set(PENDING, pending);
        begun.push(document.uuid.clone());
    }
    begun
}

/// Gives the fields of a document their final values, except those that another operation has changed.
/// Returns false if the document shows no intermediate values.
pub(crate) fn settle(fields: &mut Map<String, Value>) -> bool {
    let Some(Value::Object(pending)) = fields.remove(PENDING) else { return false };
    for (field, values) in pending {
        let Value::Array(values) = values else { continue };
        match <[Value; 2]>::try_from(values) {
            Ok([through, _]) if fields.get(&field) != Some(&through) => {}
            Ok([_, Value::Null]) => drop(fields.remove(&field)),
            Ok([_, last]) => drop(fields.insert(field, last)),
            Err(_) => {}
        }
    }
    true
}

/// Creates the document that lists those of a running operation.
pub(crate) fn new_running(documents: &[Uuid]) -> (Uuid, DocumentEdit) {
    let uuid = uuids::random();
    let fields = Map::from_iter([("documents".to_owned(), json!(documents))]);
    let (kind, base) = (RUNNING.to_owned(), RUNNING.to_owned());
    let document = Document { uuid: uuid.clone(), kind, base, revision: 0, fields: fields.into() };
    (uuid, DocumentEdit::Create { document, links: Vec::<Link>::new() })
}

/// The documents of a running operation.
pub(crate) fn documents_of(running: &Document) -> Vec<Uuid> {
    running.texts("documents").map(str::to_owned).collect()
}
