//! Changes of documents.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::create::fill;
use super::plan::{Plan, Plans};
use super::{Parameters, field_values, links, replace};
use crate::catalog::{Resource, Transitions};
use crate::model::{Document, DocumentEdit, Moment, Uuid};
use crate::rules::errors::{self, Verdict};

/// The resource of a document: that of the operation, or a subtype with references of its own.
fn resource_of<'a>(plans: &'a Plans, plan: &'a Plan, document: &Document) -> &'a Resource {
    plans.catalog.resource(&document.kind).unwrap_or(plan.resource)
}

/// Finishes a change.
fn finish_change(
    plans: &Plans,
    plan: &Plan,
    mut document: Document,
    now: Moment,
) -> (Document, DocumentEdit) {
    document.touch(now);
    let links = links(resource_of(plans, plan, &document), &document);
    (document.clone(), DocumentEdit::Replace { document, links })
}

/// Changes the fields that parameters give, and those that the operation sets. A parameter that is
/// absent changes nothing.
///
/// # Errors
///
/// If the value of a parameter cannot become that of its field.
pub(crate) fn update(
    plans: &Plans,
    plan: &Plan,
    parameters: &Parameters,
    mut document: Document,
    set: &Map<String, Value>,
    documents: &HashMap<Uuid, Document>,
    now: Moment,
) -> Verdict<(Document, DocumentEdit)> {
    let resource = resource_of(plans, plan, &document);
    for value in field_values(&plan.action, parameters) {
        let (field, value) = value?;
        document.set(field, value);
        // What was copied from the document to which it referred before.
        for outdated in resource.fills.iter().filter(|fill| fill.reference == field) {
            document.set(&outdated.field, Value::Null);
        }
    }
    fill(resource, &mut document, |uuid| documents.get(uuid));
    for (field, value) in set {
        document.set(field, value.clone());
    }
    Ok(finish_change(plans, plan, document, now))
}

/// Changes the state by an event.
pub(crate) fn change_state(
    plans: &Plans,
    plan: &Plan,
    mut document: Document,
    field: &str,
    (parameter, event): (&str, &str),
    events: &BTreeMap<String, Transitions>,
    now: Moment,
) -> Verdict<(Document, DocumentEdit)> {
    let Some(transitions) = events.get(event) else {
        let known: Vec<_> = events.keys().map(String::as_str).collect();
        return Err(errors::unknown_event(parameter, event, &known));
    };
    let present = document.text(field).unwrap_or_default();
    match transitions.get(present).or_else(|| transitions.get("*")) {
        Some(next) => {
            let next = next.clone();
            document.set(field, next);
            Ok(finish_change(plans, plan, document, now))
        }
        None => {
            let allowed: Vec<_> = transitions.keys().map(String::as_str).collect();
            Err(errors::operation_failed(format!(
                "The {} [uuid:{}] is {present}, which does not allow the event `{event}`; it must be {}.",
                plan.resource.label,
                document.uuid,
                allowed.join(" or ")
            )))
        }
    }
}

/// Changes the state of a document that follows an event of another one. Returns nothing if the state
/// stays.
pub(crate) fn follow_event(
    plans: &Plans,
    mut document: Document,
    field: &str,
    transitions: &Transitions,
    now: Moment,
) -> Option<DocumentEdit> {
    let present = document.text(field).unwrap_or_default();
    let next = transitions.get(present).or_else(|| transitions.get("*"))?;
    if next == present {
        return None;
    }
    document.set(field, next.clone());
    document.touch(now);
    Some(replace(plans, document))
}

/// The items that a parameter gives: one, or those of its list.
fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

fn list_of(document: &Document, field: &str) -> Vec<Value> {
    document.fields.get(field).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Adds items to a list, except those that it contains.
pub(crate) fn add(
    plans: &Plans,
    plan: &Plan,
    mut document: Document,
    field: &str,
    value: &Value,
    now: Moment,
) -> (Document, DocumentEdit) {
    let mut list = list_of(&document, field);
    for item in items(value) {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
    document.set(field, list);
    finish_change(plans, plan, document, now)
}

/// Removes items from a list.
pub(crate) fn remove(
    plans: &Plans,
    plan: &Plan,
    mut document: Document,
    field: &str,
    value: &Value,
    now: Moment,
) -> (Document, DocumentEdit) {
    let mut list = list_of(&document, field);
    list.retain(|item| !items(value).contains(item));
    document.set(field, list);
    finish_change(plans, plan, document, now)
}
