//! Changes of operations.

use serde_json::Value;

use super::change::Changes;
use super::element::{OperationPart, SpecElement};
use super::fields::{self, FieldList, compare_documented, compare_renamed_from, source_word};
use super::history_check::{self, Lifetime, Released};
use super::models::Models;
use super::pair::{pair, pair_renamed};
use super::{paths, retirement};
use zstack_model::changes::ChangeKind;
use zstack_model::{
    Auth, Body, ErrorCase, Example, Execution, Message, Operation, Parameter, Place, Tag, query_parameters,
};

pub(super) fn compare<'a>(models: Models<'a>, changes: &mut Changes) {
    let name = |operation: &'a Operation| operation.name.as_str();
    let former_name = |operation: &'a Operation| operation.renamed_from.as_deref();
    let paired = pair_renamed(&models.old.operations, &models.new.operations, name, former_name);
    changes.push_unpaired((ChangeKind::OpRemoved, ChangeKind::OpAdded), &paired, |operation| {
        SpecElement::Operation(operation.name.clone())
    });
    for (old, new) in paired.both {
        compare_pair(models, old, new, changes);
    }
}

fn compare_pair(models: Models<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    // Naming all fields makes the compiler report a new one here.
    let Operation {
        name,
        category,
        summary,
        description,
        since,
        retirement,
        method,
        path: _,
        paths: _,
        query: _,
        execution: _,
        auth: _,
        body,
        message,
        parameters: _,
        response: _,
        tags: _,
        errors: _,
        examples: _,
        notes,
        documented: _,
        renamed_from: former,
        source,
        history: _,
        file: _,
    } = old;
    let element = SpecElement::Operation(new.name.clone());
    changes.push_name(ChangeKind::OpRenamed, &element, name);
    let categories = (category, &new.category);
    changes.push_attribute(ChangeKind::OpCategoryChanged, &element, "category", categories, String::clone);
    changes.push_prose(&element, "summary", Some(summary), Some(&new.summary));
    changes.push_prose(&element, "description", description.as_deref(), new.description.as_deref());
    retirement::compare_since(&element, (since, &new.since), changes);
    retirement::compare(&element, (retirement, &new.retirement), changes);
    changes.push_attribute(
        ChangeKind::OpMethodChanged,
        &element,
        "method",
        (method, &new.method),
        |method| method.as_str().to_owned(),
    );
    let variables = paths::compare(&element, (old, new), changes);
    compare_execution(&element, old, new, changes);
    // The key of an action follows from the name of the operation.
    if !matches!((body, &new.body), (Body::Action(_), Body::Action(_))) {
        changes.push_attribute(ChangeKind::OpWrapperChanged, &element, "body", (body, &new.body), body_word);
    }
    compare_messages(&element, message.as_ref(), new.message.as_ref(), changes);
    let join = |notes: &[String]| (!notes.is_empty()).then(|| notes.join("\n"));
    changes.push_prose(&element, "notes", join(notes).as_deref(), join(&new.notes).as_deref());
    compare_documented(&element, (old.documented.as_ref(), new.documented.as_ref()), changes);
    compare_renamed_from(&element, (name, former.as_deref()), new.renamed_from.as_deref(), changes);
    changes.push_remark(&element, "source", Some(source_word(*source)), Some(source_word(new.source)));
    let lifetime = Lifetime { since, retirement };
    let released = Released::new(models, old, new);
    let operations = [released.old.as_ref(), released.new.as_ref()];
    history_check::compare(models, &element, (old, new), (lifetime, None), &new.since, operations, changes);
    compare_parameters(models, (&element, lifetime), (old, new), (&variables, operations), changes);
    fields::compare_simple_lists(
        models,
        (&old.response, &new.response),
        (&element, Some(lifetime), FieldList::Response),
        changes,
    );
    compare_tags(&element, (&old.tags, &new.tags), changes);
    compare_errors(&element, (&old.errors, &new.errors), changes);
    compare_examples(&element, (&old.examples, &new.examples), changes);
}

/// Compares whether an operation is asynchronous and requires a session.
fn compare_execution(element: &SpecElement, old: &Operation, new: &Operation, changes: &mut Changes) {
    let kind = match new.execution {
        Execution::Async => ChangeKind::OpExecSyncToAsync,
        Execution::Sync => ChangeKind::OpExecAsyncToSync,
    };
    let executions = (&old.execution, &new.execution);
    changes.push_attribute(kind, element, "execution", executions, |execution| execution.word().to_owned());
    let kind = match new.auth {
        Auth::Session => ChangeKind::AuthRequiredAdded,
        Auth::None => ChangeKind::AuthRemoved,
    };
    changes.push_attribute(kind, element, "auth", (&old.auth, &new.auth), |auth| auth.word().to_owned());
}

/// The word for a body in a sentence.
fn body_word(body: &Body) -> String {
    match body {
        Body::None => "none".to_owned(),
        Body::Key(key) => key.clone(),
        Body::Action(key) => format!("action ({key})"),
    }
}

/// Compares the classes on the legacy channel. The class of the reply usually follows from that of the message.
fn compare_messages(
    element: &SpecElement,
    old: Option<&Message>,
    new: Option<&Message>,
    changes: &mut Changes,
) {
    let class = |message: Option<&Message>| message.map(|message| message.class.clone());
    let kind = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => ChangeKind::OpMessageAdded,
        (Some(_), None) => ChangeKind::OpMessageRemoved,
        (Some(old), Some(new)) if old.class == new.class => {
            let replies = (&old.reply, &new.reply);
            return changes.push_attribute(
                ChangeKind::OpMessageChanged,
                element,
                "reply",
                replies,
                String::clone,
            );
        }
        (Some(_), Some(_)) => ChangeKind::OpMessageChanged,
    };
    changes.push(kind, element, "message", class(old), class(new));
}

/// Compares parameters. If only one side is a query, the standard query parameters that the other side lists are added
/// to it.
fn compare_parameters<'a>(
    models: Models<'_>,
    (element, lifetime): (&SpecElement, Lifetime<'_>),
    (old, new): (&'a Operation, &'a Operation),
    (variables, released): (&[(&'a str, &'a str)], [Option<&'a Operation>; 2]),
    changes: &mut Changes,
) {
    let released = released.map(|operation| operation.map_or(&[][..], |operation| &operation.parameters));
    let of = (element, Some(lifetime), FieldList::Parameters);
    if old.query == new.query {
        return fields::compare_lists(
            models,
            (&old.parameters, &new.parameters),
            of,
            (variables, released),
            &|_, _| false,
            changes,
        );
    }
    let kind = if new.query { ChangeKind::OpQueryAdded } else { ChangeKind::OpQueryRemoved };
    changes.push_attribute(kind, element, "query", (&old.query, &new.query), bool::to_string);
    let all = |operation: &Operation, other: &Operation| -> Vec<Parameter> {
        let standard = if operation.query { query_parameters() } else { Vec::new() };
        let is_listed = |name: &str| other.parameters.iter().any(|parameter| parameter.field.name == name);
        let standard = standard.into_iter().filter(|field| is_listed(&field.name));
        let standard = standard.map(|field| Parameter { field, place: Place::Query });
        operation.parameters.iter().cloned().chain(standard).collect()
    };
    fields::compare_lists(
        models,
        (&all(old, new), &all(new, old)),
        of,
        (&[], released),
        &|_, _| false,
        changes,
    );
}

fn compare_tags(owner: &SpecElement, (old, new): (&[Tag], &[Tag]), changes: &mut Changes) {
    let element = |tag: &Tag| SpecElement::part(owner.name(), OperationPart::Tag, &tag.pattern);
    let paired = pair(old, new, |tag| tag.pattern.as_str());
    changes.push_unpaired((ChangeKind::TagRemoved, ChangeKind::TagAdded), &paired, element);
    for (old, new) in &paired.both {
        // The pattern contains the prefix and the variable.
        let Tag { pattern: _, prefix: _, variable: _, description, since, source } = old;
        let element = element(new);
        changes.push_prose(&element, "description", Some(description), Some(&new.description));
        retirement::compare_since(&element, (since, &new.since), changes);
        changes.push_remark(&element, "source", Some(source_word(*source)), Some(source_word(new.source)));
    }
    changes.push_order(ChangeKind::DocChanged, (owner, "tags"), &paired, |tag| &tag.pattern);
}

fn compare_errors(owner: &SpecElement, (old, new): (&[ErrorCase], &[ErrorCase]), changes: &mut Changes) {
    let element =
        |error: &ErrorCase| SpecElement::part(owner.name(), OperationPart::Error, &error.identity());
    let paired = pair(old, new, ErrorCase::identity);
    // Errors with the same code differ in their reason.
    for error in &paired.removed {
        changes.push(ChangeKind::OpErrorCodeRemoved, &element(error), "", Some(error.when.clone()), None);
    }
    for error in &paired.added {
        changes.push(ChangeKind::OpErrorCodeAdded, &element(error), "", None, Some(error.when.clone()));
    }
    for (old, new) in &paired.both {
        // The code and the cause are the identity.
        let ErrorCase { code: _, cause: _, when } = old;
        changes.push_prose(&element(new), "when", Some(when), Some(&new.when));
    }
    changes.push_order(ChangeKind::DocChanged, (owner, "errors"), &paired, |error| &error.code);
}

fn compare_examples(owner: &SpecElement, (old, new): (&[Example], &[Example]), changes: &mut Changes) {
    let element = |example: &Example| SpecElement::part(owner.name(), OperationPart::Example, &example.name);
    let paired = pair(old, new, |example| example.name.as_str());
    changes.push_unpaired((ChangeKind::ExampleRemoved, ChangeKind::ExampleAdded), &paired, element);
    for (old, new) in &paired.both {
        let element = element(new);
        let values = |Example { name: _, since, request, status, response }: &Example| {
            [
                ("since", since.as_ref().map(|since| since.to_string())),
                ("request", Some(Value::Object(request.clone()).to_string())),
                ("status", Some(status.to_string())),
                ("response", Some(response.to_string())),
            ]
        };
        for ((key, old), (_, new)) in values(old).into_iter().zip(values(new)) {
            if old != new {
                changes.push(ChangeKind::ExampleChanged, &element, key, old, new);
            }
        }
    }
    changes.push_order(ChangeKind::DocChanged, (owner, "examples"), &paired, |example| &example.name);
}
