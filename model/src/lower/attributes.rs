//! Attributes that may have a history: what they are and what they were is read by the same code.

use super::type_text;
use crate::diagnostics::{ConstraintProblem, RouteProblem};
use crate::findings::{At, FileId, Findings};
use crate::model::{Auth, Body, Execution, Message, Method, Place, Type};
use crate::positions::Path;
use crate::source::{self, Line};

/// A type; `at` is its own path, not that of what has it.
pub(super) fn ty(file: FileId, at: Path, written: &str, findings: &mut Findings) -> Type {
    type_text::parse(written).unwrap_or_else(|problem| {
        findings.report(file, At::value(at), problem);
        Type::Any
    })
}

/// The only values allowed; a list that is there allows some. `at` is its own
/// path.
pub(super) fn values(
    file: FileId,
    at: Path,
    written: Option<&[source::Text]>,
    findings: &mut Findings,
) -> Vec<String> {
    if written.is_some_and(<[_]>::is_empty) {
        let problem = ConstraintProblem::Unsatisfiable { why: "there is no value".to_owned() };
        findings.report(file, At::value(at), problem);
    }
    written.unwrap_or_default().iter().map(|written| written.to_string()).collect()
}

/// Where a parameter travels, by `in` and `enclosed`.
pub(super) fn place((place, enclosed): (source::Place, Option<bool>)) -> Place {
    match (place, enclosed) {
        (source::Place::Body, Some(false)) => Place::BesideBody,
        (source::Place::Body, _) => Place::Body,
        (source::Place::Path, _) => Place::Path,
        (source::Place::Query, _) => Place::Query,
    }
}

/// How the platform's older channel knows an operation, and where the file
/// says so.
#[derive(Clone)]
pub(super) struct Channel {
    pub(super) message: (Option<Line>, Path),
    pub(super) reply: (Option<Line>, Path),
    pub(super) execution: Execution,
}

/// The platform names a message `…Msg`, and its answer after it.
pub(super) fn message(file: FileId, of: &Channel, findings: &mut Findings) -> Option<Message> {
    let Channel { message: (class, class_at), reply: (reply, reply_at), execution } = of;
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

/// Whether a text is the full name of a Java class.
fn is_class(text: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|it: char| it.is_ascii_alphabetic())
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

/// `ReimageVmInstance` becomes `reimageVmInstance`.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|letter| letter.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::lower_first;

    #[test]
    fn actions_are_named_after_the_operation() {
        assert_eq!(lower_first("ReimageVmInstance"), "reimageVmInstance");
        assert_eq!(lower_first(""), "");
    }
}
