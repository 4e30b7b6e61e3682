//! Operations.

use super::change::{Changes, pair};
use super::element::{Element, Part};
use super::fields::{self, documented, said_by};
use super::retirement;
use super::types::{Models, Role};
use crate::model::{
    Auth, Body, ErrorCase, Example, Execution, Message, Operation, Parameter, Place, Tag, query_parameters,
};

pub(super) fn compare(models: Models<'_>, changes: &mut Changes) {
    let paired = pair(&models.old.operations, &models.new.operations, |it| it.name.as_str());
    for it in paired.removed {
        changes.whole("op-removed", &Element::Operation(it.name.clone()));
    }
    for it in paired.added {
        changes.whole("op-added", &Element::Operation(it.name.clone()));
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
        path,
        paths,
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
        source,
        file: _,
    } = old;
    let it = Element::Operation(name.clone());
    changes.attribute("op-category-changed", &it, "category", (category, &new.category), String::clone);
    changes.prose(&it, "summary", Some(summary), Some(&new.summary));
    changes.prose(&it, "description", description.as_deref(), new.description.as_deref());
    retirement::since(&it, (since, &new.since), changes);
    retirement::compare(&it, (retirement, &new.retirement), changes);
    changes.attribute("op-method-changed", &it, "method", (method, &new.method), |it| {
        format!("{it:?}").to_uppercase()
    });
    let rule = if shape(path) == shape(&new.path) { "op-path-var-renamed" } else { "op-path-changed" };
    changes.attribute(rule, &it, "path", (path, &new.path), String::clone);
    let aliases = pair(paths, &new.paths, |it| it.as_str());
    for path in aliases.removed {
        changes.push("op-path-alias-removed", &it, "paths", Some(path.clone()), None);
    }
    for path in aliases.added {
        changes.push("op-path-alias-added", &it, "paths", None, Some(path.clone()));
    }
    how_it_runs(&it, old, new, changes);
    changes.attribute("op-wrapper-changed", &it, "body", (body, &new.body), wrapper);
    message_of(&it, message.as_ref(), new.message.as_ref(), changes);
    let notes_of = |notes: &[String]| (!notes.is_empty()).then(|| notes.join("\n"));
    changes.prose(&it, "notes", notes_of(notes).as_deref(), notes_of(&new.notes).as_deref());
    documented(&it, (old.documented.as_ref(), new.documented.as_ref()), changes);
    changes.attribute("doc-changed", &it, "source", (source, &new.source), said_by);
    parameters(models, &it, old, new, changes);
    let response = |field: &str| Element::part(name, Part::Response, field);
    fields::list(
        models,
        (&old.response, &new.response),
        (&it, response),
        Role::Field,
        |it| it,
        |_, _, _, _| {},
        changes,
    );
    tags(&it, (&old.tags, &new.tags), changes);
    errors(&it, (&old.errors, &new.errors), changes);
    examples(&it, (&old.examples, &new.examples), changes);
}

/// A path without the names of its variables, which are not on the wire.
fn shape(path: &str) -> Vec<&str> {
    path.split('/').map(|it| if it.starts_with('{') { "{}" } else { it }).collect()
}

fn how_it_runs(it: &Element, old: &Operation, new: &Operation, changes: &mut Changes) {
    let rule = match new.execution {
        Execution::Async => "op-exec-sync-to-async",
        Execution::Sync => "op-exec-async-to-sync",
    };
    changes
        .attribute(rule, it, "execution", (&old.execution, &new.execution), |it| execution(*it).to_owned());
    let rule = match new.auth {
        Auth::Session => "auth-required-added",
        Auth::None => "auth-removed",
    };
    let auth = |auth: &Auth| match auth {
        Auth::Session => "session".to_owned(),
        Auth::None => "none".to_owned(),
    };
    changes.attribute(rule, it, "auth", (&old.auth, &new.auth), auth);
}

pub(super) const fn execution(it: Execution) -> &'static str {
    match it {
        Execution::Sync => "sync",
        Execution::Async => "async",
    }
}

fn wrapper(body: &Body) -> String {
    match body {
        Body::None => "none".to_owned(),
        Body::Key(key) => key.clone(),
        Body::Action(key) => format!("action ({key})"),
    }
}

fn message_of(it: &Element, old: Option<&Message>, new: Option<&Message>, changes: &mut Changes) {
    let rule = match (old, new) {
        (None, _) => "op-message-added",
        (Some(_), Some(_)) => "op-message-changed",
        (Some(_), None) => "op-message-removed",
    };
    if old != new {
        let show = |it: Option<&Message>| it.map(|it| format!("{} to {}", it.class, it.reply));
        changes.push(rule, it, "message", show(old), show(new));
    }
}

/// Those of the file, and those that every query takes without saying so.
fn all_parameters(it: &Operation) -> Vec<Parameter> {
    let standard = if it.query { query_parameters() } else { Vec::new() };
    let standard = standard.into_iter().map(|field| Parameter { field, place: Place::Query });
    standard.chain(it.parameters.iter().cloned()).collect()
}

fn parameters(models: Models<'_>, it: &Element, old: &Operation, new: &Operation, changes: &mut Changes) {
    let element = |name: &str| Element::part(&old.name, Part::Parameter, name);
    let place = |old: &Parameter, new: &Parameter, it: &Element, changes: &mut Changes| {
        let Parameter { field: _, place } = old;
        let is_body = |place: Place| matches!(place, Place::Body | Place::BesideBody);
        let wrapper = is_body(*place) && is_body(new.place);
        let (rule, key) = match wrapper {
            true => ("param-wrapper-changed", "enclosed"),
            false => ("param-location-changed", "in"),
        };
        changes.attribute(rule, it, key, (place, &new.place), |it| location(*it).to_owned());
    };
    if old.query == new.query {
        let lists = (&*old.parameters, &*new.parameters);
        fields::list(models, lists, (it, element), Role::Parameter, |it| &it.field, place, changes);
    } else {
        let (old, new) = (all_parameters(old), all_parameters(new));
        fields::list(models, (&old, &new), (it, element), Role::Parameter, |it| &it.field, place, changes);
    }
}

const fn location(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => "body",
        Place::BesideBody => "body, beside the key",
    }
}

fn tags(it: &Element, (old, new): (&[Tag], &[Tag]), changes: &mut Changes) {
    let Element::Operation(operation) = it else { return };
    let element = |tag: &Tag| Element::part(operation, Part::Tag, &tag.pattern);
    let paired = pair(old, new, |it| it.pattern.as_str());
    paired.removed.into_iter().for_each(|it| changes.whole("tag-removed", &element(it)));
    paired.added.into_iter().for_each(|it| changes.whole("tag-added", &element(it)));
    for (old, new) in paired.both {
        // The prefix and the variable are parts of the pattern.
        let Tag { pattern: _, prefix: _, variable: _, description, since, source } = old;
        let it = element(old);
        changes.prose(&it, "description", Some(description), Some(&new.description));
        retirement::since(&it, (since, &new.since), changes);
        changes.attribute("doc-changed", &it, "source", (source, &new.source), said_by);
    }
}

fn errors(it: &Element, (old, new): (&[ErrorCase], &[ErrorCase]), changes: &mut Changes) {
    let Element::Operation(operation) = it else { return };
    let element = |it: &ErrorCase| Element::part(operation, Part::Error, &it.identity());
    let paired = pair(old, new, ErrorCase::identity);
    paired.removed.into_iter().for_each(|it| changes.whole("op-error-code-removed", &element(it)));
    paired.added.into_iter().for_each(|it| changes.whole("op-error-code-added", &element(it)));
    for (old, new) in paired.both {
        let ErrorCase { code: _, cause: _, when } = old;
        changes.prose(&element(old), "when", Some(when), Some(&new.when));
    }
}

fn examples(it: &Element, (old, new): (&[Example], &[Example]), changes: &mut Changes) {
    let Element::Operation(operation) = it else { return };
    let element = |it: &Example| Element::part(operation, Part::Example, &it.name);
    let paired = pair(old, new, |it| it.name.as_str());
    paired.removed.into_iter().for_each(|it| changes.whole("example-removed", &element(it)));
    paired.added.into_iter().for_each(|it| changes.whole("example-added", &element(it)));
    for (old, new) in paired.both {
        if old != new {
            changes.whole("example-changed", &element(old));
        }
    }
}
