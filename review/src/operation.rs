//! Operations.

use serde_json::Value;

use super::change::Changes;
use super::element::{Element, Part};
use super::fields::{self, List, documented, renamed_from, said_by};
use super::history::{self, Life, Released};
use super::models::Models;
use super::pair::{pair, pair_renamed};
use super::{paths, retirement};
use zstack_model::changes::ChangeKind;
use zstack_model::{
    Auth, Body, ErrorCase, Example, Execution, Message, Operation, Parameter, Place, Tag, query_parameters,
};

pub(super) fn compare<'a>(models: Models<'a>, changes: &mut Changes) {
    let formerly = |it: &'a Operation| it.renamed_from.as_deref();
    let paired =
        pair_renamed(&models.old.operations, &models.new.operations, |it| it.name.as_str(), formerly);
    for it in paired.removed {
        changes.whole(ChangeKind::OpRemoved, &Element::Operation(it.name.clone()));
    }
    for it in paired.added {
        changes.whole(ChangeKind::OpAdded, &Element::Operation(it.name.clone()));
    }
    for (old, new) in paired.both {
        one(models, old, new, changes);
    }
}

fn one(models: Models<'_>, old: &Operation, new: &Operation, changes: &mut Changes) {
    // All of it is named, so that what an operation gets later is not forgotten
    // here.
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
    let it = Element::Operation(new.name.clone());
    changes.name(ChangeKind::OpRenamed, &it, name);
    changes.attribute(
        ChangeKind::OpCategoryChanged,
        &it,
        "category",
        (category, &new.category),
        String::clone,
    );
    changes.prose(&it, "summary", Some(summary), Some(&new.summary));
    changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    retirement::since(&it, (since, &new.since), changes);
    retirement::compare(&it, (retirement, &new.retirement), changes);
    changes.attribute(ChangeKind::OpMethodChanged, &it, "method", (method, &new.method), |it| {
        it.as_str().to_owned()
    });
    let variables = paths::compare(&it, (old, new), changes);
    how_it_runs(&it, old, new, changes);
    // The key of an action follows from the name.
    if !matches!((body, &new.body), (Body::Action(_), Body::Action(_))) {
        changes.attribute(ChangeKind::OpWrapperChanged, &it, "body", (body, &new.body), wrapper);
    }
    message_of(&it, message.as_ref(), new.message.as_ref(), changes);
    let notes_of = |notes: &[String]| (!notes.is_empty()).then(|| notes.join("\n"));
    changes.prose(&it, "notes", notes_of(notes).as_deref(), notes_of(&new.notes).as_deref());
    documented(&it, (old.documented.as_ref(), new.documented.as_ref()), changes);
    renamed_from(&it, (name, former.as_deref()), new.renamed_from.as_deref(), changes);
    changes.aside(&it, "source", Some(said_by(*source)), Some(said_by(new.source)));
    let life = Life { since, retirement };
    let released = Released::new(models, old, new);
    let operations = [released.old.as_ref(), released.new.as_ref()];
    history::compare(models, &it, (old, new), (life, None), &new.since, operations, changes);
    parameters(models, (&it, life), (old, new), (&variables, operations), changes);
    fields::list(
        models,
        (&old.response, &new.response),
        (&it, Some(life), List::Response),
        (&[], [&[]; 2]),
        &|_, _| false,
        changes,
    );
    tags(&it, (&old.tags, &new.tags), changes);
    errors(&it, (&old.errors, &new.errors), changes);
    examples(&it, (&old.examples, &new.examples), changes);
}

fn how_it_runs(it: &Element, old: &Operation, new: &Operation, changes: &mut Changes) {
    let kind = match new.execution {
        Execution::Async => ChangeKind::OpExecSyncToAsync,
        Execution::Sync => ChangeKind::OpExecAsyncToSync,
    };
    let executions = (&old.execution, &new.execution);
    changes.attribute(kind, it, "execution", executions, |it| it.word().to_owned());
    let kind = match new.auth {
        Auth::Session => ChangeKind::AuthRequiredAdded,
        Auth::None => ChangeKind::AuthRemoved,
    };
    changes.attribute(kind, it, "auth", (&old.auth, &new.auth), |it| it.word().to_owned());
}

fn wrapper(body: &Body) -> String {
    match body {
        Body::None => "none".to_owned(),
        Body::Key(key) => key.clone(),
        Body::Action(key) => format!("action ({key})"),
    }
}

/// The class of the answer mostly follows from that of the message.
fn message_of(it: &Element, old: Option<&Message>, new: Option<&Message>, changes: &mut Changes) {
    let class = |it: Option<&Message>| it.map(|it| it.class.clone());
    let kind = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => ChangeKind::OpMessageAdded,
        (Some(_), None) => ChangeKind::OpMessageRemoved,
        (Some(old), Some(new)) if old.class == new.class => {
            let replies = (&old.reply, &new.reply);
            return changes.attribute(ChangeKind::OpMessageChanged, it, "reply", replies, String::clone);
        }
        (Some(_), Some(_)) => ChangeKind::OpMessageChanged,
    };
    changes.push(kind, it, "message", class(old), class(new));
}

/// The parameters of the file. Where only one side is a query, those that
/// every query takes count with it as far as the other side lists them.
fn parameters<'a>(
    models: Models<'_>,
    (it, life): (&Element, Life<'_>),
    (old, new): (&'a Operation, &'a Operation),
    (variables, released): (&[(&'a str, &'a str)], [Option<&'a Operation>; 2]),
    changes: &mut Changes,
) {
    let released = released.map(|it| it.map_or(&[][..], |it| &it.parameters));
    let of = (it, Some(life), List::Parameters);
    if old.query == new.query {
        return fields::list(
            models,
            (&old.parameters, &new.parameters),
            of,
            (variables, released),
            &|_, _| false,
            changes,
        );
    }
    let kind = if new.query { ChangeKind::OpQueryAdded } else { ChangeKind::OpQueryRemoved };
    changes.attribute(kind, it, "query", (&old.query, &new.query), bool::to_string);
    let all = |it: &Operation, other: &Operation| -> Vec<Parameter> {
        let standard = if it.query { query_parameters() } else { Vec::new() };
        let listed = |name: &str| other.parameters.iter().any(|parameter| parameter.field.name == name);
        let standard = standard.into_iter().filter(|it| listed(&it.name));
        let standard = standard.map(|field| Parameter { field, place: Place::Query });
        it.parameters.iter().cloned().chain(standard).collect()
    };
    fields::list(models, (&all(old, new), &all(new, old)), of, (&[], released), &|_, _| false, changes);
}

fn tags(owner: &Element, (old, new): (&[Tag], &[Tag]), changes: &mut Changes) {
    let element = |tag: &Tag| Element::part(owner.name(), Part::Tag, &tag.pattern);
    let paired = pair(old, new, |it| it.pattern.as_str());
    paired.removed.iter().for_each(|it| changes.whole(ChangeKind::TagRemoved, &element(it)));
    paired.added.iter().for_each(|it| changes.whole(ChangeKind::TagAdded, &element(it)));
    for (old, new) in &paired.both {
        // The prefix and the variable are parts of the pattern.
        let Tag { pattern: _, prefix: _, variable: _, description, since, source } = old;
        let it = element(new);
        changes.prose(&it, "description", Some(description), Some(&new.description));
        retirement::since(&it, (since, &new.since), changes);
        changes.aside(&it, "source", Some(said_by(*source)), Some(said_by(new.source)));
    }
    changes.order(ChangeKind::DocChanged, (owner, "tags"), &paired, |it| &it.pattern);
}

fn errors(owner: &Element, (old, new): (&[ErrorCase], &[ErrorCase]), changes: &mut Changes) {
    let element = |it: &ErrorCase| Element::part(owner.name(), Part::Error, &it.identity());
    let paired = pair(old, new, ErrorCase::identity);
    // One code may be answered for several reasons, which tell them apart.
    for it in &paired.removed {
        changes.push(ChangeKind::OpErrorCodeRemoved, &element(it), "", Some(it.when.clone()), None);
    }
    for it in &paired.added {
        changes.push(ChangeKind::OpErrorCodeAdded, &element(it), "", None, Some(it.when.clone()));
    }
    for (old, new) in &paired.both {
        // Code and cause are the identity.
        let ErrorCase { code: _, cause: _, when } = old;
        changes.prose(&element(new), "when", Some(when), Some(&new.when));
    }
    changes.order(ChangeKind::DocChanged, (owner, "errors"), &paired, |it| &it.code);
}

fn examples(owner: &Element, (old, new): (&[Example], &[Example]), changes: &mut Changes) {
    let element = |it: &Example| Element::part(owner.name(), Part::Example, &it.name);
    let paired = pair(old, new, |it| it.name.as_str());
    paired.removed.iter().for_each(|it| changes.whole(ChangeKind::ExampleRemoved, &element(it)));
    paired.added.iter().for_each(|it| changes.whole(ChangeKind::ExampleAdded, &element(it)));
    for (old, new) in &paired.both {
        let it = element(new);
        let shown = |Example { name: _, since, request, status, response }: &Example| {
            [
                ("since", since.as_ref().map(|since| since.text.clone())),
                ("request", Some(Value::Object(request.clone()).to_string())),
                ("status", Some(status.to_string())),
                ("response", Some(response.to_string())),
            ]
        };
        for ((key, old), (_, new)) in shown(old).into_iter().zip(shown(new)) {
            if old != new {
                changes.push(ChangeKind::ExampleChanged, &it, key, old, new);
            }
        }
    }
    changes.order(ChangeKind::DocChanged, (owner, "examples"), &paired, |it| &it.name);
}
