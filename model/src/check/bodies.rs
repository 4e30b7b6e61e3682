//! Checks of bodies, and of the types of path and query parameters.

use super::spec::{Lookup, Spec};
use crate::diagnostics::{RouteProblem, WrapperProblem};
use crate::findings::{At, FileId, Findings};
use crate::model::{Body, Method, Operation, Parameter, Place, Type, TypeShape};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for (file, it) in spec.operations() {
        body(file, it, findings);
        let list = Path::root().key("parameters");
        for (nth, parameter) in it.parameters.iter().enumerate() {
            let at = list.index(nth);
            body_parameter(file, it, parameter, &at, findings);
            text_parameter(spec, file, parameter, &at, findings);
        }
    }
}

fn body(file: FileId, operation: &Operation, findings: &mut Findings) {
    let name = operation.method.as_str();
    let problem = match (&operation.body, operation.method) {
        (Body::Key(_) | Body::Action(_), Method::Get | Method::Delete) => WrapperProblem::NotAllowed(name),
        (Body::Action(_), Method::Post) => WrapperProblem::ActionWithoutPut(name),
        (Body::Key(key), _) if key.trim().is_empty() || key.contains('\n') => {
            WrapperProblem::Key(key.clone())
        }
        _ => return,
    };
    findings.report(file, At::value(Path::root().key("body")), RouteProblem::Wrapper(problem));
}

fn body_parameter(
    file: FileId,
    operation: &Operation,
    parameter: &Parameter,
    at: &Path,
    findings: &mut Findings,
) {
    let in_body = matches!(parameter.place, Place::Body | Place::BesideBody);
    if in_body && operation.body == Body::None {
        let could_have = matches!(operation.method, Method::Post | Method::Put);
        let name = parameter.field.name.clone();
        let problem = RouteProblem::BodyParameter { name, could_have };
        findings.report(file, At::value(at.key("in")), problem);
    }
}

fn text_parameter(spec: &Spec<'_>, file: FileId, parameter: &Parameter, at: &Path, findings: &mut Findings) {
    let ty = &parameter.field.ty;
    let (place, fits) = match (parameter.place, ty) {
        (Place::Path, ty) => ("path", is_text(spec, ty)),
        // The values of a map may repeat: `key.name=a&key.name=b`.
        (Place::Query, Type::Map(inner)) => match &**inner {
            Type::List(inner) => ("query", is_text(spec, inner)),
            inner => ("query", is_text(spec, inner)),
        },
        (Place::Query, Type::List(inner)) => ("query", is_text(spec, inner)),
        (Place::Query, ty) => ("query", is_text(spec, ty)),
        (Place::Body | Place::BesideBody, _) => return,
    };
    if !fits {
        let name = parameter.field.name.clone();
        let problem = RouteProblem::NotTextual { name, ty: ty.to_string(), place };
        findings.report(file, At::value(at.key("type")), problem);
    }
}

/// Returns whether a value of this type is a single text, or may be because the type is unknown.
fn is_text(spec: &Spec<'_>, ty: &Type) -> bool {
    match ty {
        Type::List(_) | Type::Map(_) => false,
        Type::Named(name) => match spec.lookup(name) {
            Lookup::Found(_, it) => matches!(it.shape, TypeShape::Enum { .. }),
            Lookup::Unread | Lookup::Unknown => true,
        },
        // `Any` also replaces an invalid type.
        _ => true,
    }
}
