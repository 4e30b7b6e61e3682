//! Converts attributes that may have a history; current and previous values share this code.

use super::type_text;
use crate::diagnostics::{ConstraintProblem, RouteProblem};
use crate::findings::{At, FileId, Findings};
use crate::model::{Auth, Body, Execution, Message, Method, Place, Type};
use crate::names::lower_first;
use crate::positions::Path;
use crate::source::{self, Line};

/// Converts a type; `at` is the path of the type itself.
pub(super) fn ty(file: FileId, at: Path, written: &str, findings: &mut Findings) -> Type {
    type_text::parse(written).unwrap_or_else(|problem| {
        findings.report(file, At::value(at), problem);
        Type::Any
    })
}

/// Converts the allowed values, and reports an empty list; `at` is the path of the list itself.
pub(super) fn values(
    file: FileId,
    at: Path,
    written: Option<&[source::Text]>,
    findings: &mut Findings,
) -> Vec<String> {
    if written.is_some_and(<[_]>::is_empty) {
        let problem = ConstraintProblem::Unsatisfiable { why: "the list is empty".to_owned() };
        findings.report(file, At::value(at), problem);
    }
    written.unwrap_or_default().iter().map(|value| value.to_string()).collect()
}

/// Derives the place of a parameter from `in` and `enclosed`.
pub(super) fn place((place, enclosed): (source::Place, Option<bool>)) -> Place {
    match (place, enclosed) {
        (source::Place::Body, Some(false)) => Place::BesideBody,
        (source::Place::Body, _) => Place::Body,
        (source::Place::Path, _) => Place::Path,
        (source::Place::Query, _) => Place::Query,
    }
}

/// The keys that determine the message classes of an operation, with their paths.
#[derive(Clone)]
pub(super) struct MessageKeys {
    pub(super) message: (Option<Line>, Path),
    pub(super) reply: (Option<Line>, Path),
    pub(super) execution: Execution,
}

/// Derives the message classes. The platform names a message `…Msg`, and its reply after it.
pub(super) fn message(file: FileId, keys: &MessageKeys, findings: &mut Findings) -> Option<Message> {
    let MessageKeys { message: (class, class_at), reply: (reply, reply_at), execution } = keys;
    let mut refuse = |at: &Path, problem: RouteProblem| {
        findings.report(file, At::value(at.clone()), problem);
        None
    };
    let Some(class) = class.as_ref().map(|class| class.to_string()) else {
        return reply.as_ref().and_then(|_| refuse(reply_at, RouteProblem::ReplyWithoutMessage));
    };
    if !is_class(&class) || !class.ends_with("Msg") {
        return refuse(class_at, RouteProblem::MessageClass { class, ending: " and ends with `Msg`" });
    }
    let reply = match reply.as_ref().map(|reply| reply.to_string()) {
        Some(reply) if !is_class(&reply) => {
            return refuse(reply_at, RouteProblem::MessageClass { class: reply, ending: "" });
        }
        Some(reply) => reply,
        None => {
            let ending = if *execution == Execution::Async { "Event" } else { "Reply" };
            format!("{}{ending}", class.trim_end_matches("Msg"))
        }
    };
    Some(Message { class, reply })
}

/// Returns whether a text is the full name of a Java class.
fn is_class(text: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|character: char| character.is_ascii_alphabetic())
            && part.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
    };
    text.contains('.') && text.split('.').all(is_part)
}

pub(super) fn method(written: source::Method) -> Method {
    match written {
        source::Method::Get => Method::Get,
        source::Method::Post => Method::Post,
        source::Method::Put => Method::Put,
        source::Method::Delete => Method::Delete,
    }
}

pub(super) fn auth(written: source::Auth) -> Auth {
    match written {
        source::Auth::Session => Auth::Session,
        source::Auth::None => Auth::None,
    }
}

pub(super) fn body(operation: &str, written: &source::Body) -> Body {
    match &*written.0 {
        "none" => Body::None,
        "action" => Body::Action(lower_first(operation)),
        key => Body::Key(key.to_owned()),
    }
}
