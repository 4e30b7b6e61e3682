//! Checks of former names.

use super::spec::Spec;
use crate::diagnostics::NameProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{Field, Retirement, TypeShape};
use crate::positions::Path;

/// An element that may have a former name.
struct NamedElement<'a> {
    path: Path,
    file: FileId,
    name: &'a str,
    former: Option<&'a str>,
    retirement: &'a Retirement,
}

/// Reports former names that are the current name.
pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    each_scope(spec, |kind, scope| {
        for it in scope.iter().filter(|element| element.former == Some(element.name)) {
            let problem = NameProblem::RenamedFromItself { kind, name: it.name.to_owned() };
            findings.report(it.file, At::value(it.path.key("renamedFrom")), problem);
        }
    });
}

/// Warns about former names that are still in use.
pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    each_scope(spec, |kind, scope| {
        for it in scope {
            let Some(former) = it.former.filter(|former| *former != it.name) else { continue };
            if scope.iter().any(|other| other.name == former && other.retirement.removed.is_none()) {
                let (name, former) = (it.name.to_owned(), former.to_owned());
                let problem = NameProblem::FormerNameTaken { kind, name, former };
                findings.report(it.file, At::value(it.path.key("renamedFrom")), problem);
            }
        }
    });
}

/// Calls `visit` with the elements of each scope that has a renamed element.
fn each_scope(spec: &Spec<'_>, mut visit: impl FnMut(&'static str, &[NamedElement<'_>])) {
    let mut scope = |kind, scope: Vec<NamedElement<'_>>| {
        if scope.iter().any(|element| element.former.is_some()) {
            visit(kind, &scope);
        }
    };
    let operations = spec.operations().map(|(file, it)| {
        named_element(Path::root(), file, &it.name, it.renamed_from.as_deref(), &it.retirement)
    });
    scope("operation", operations.collect());
    let types = spec.types().map(|(file, it)| {
        named_element(Path::root(), file, &it.name, it.renamed_from.as_deref(), &it.retirement)
    });
    scope("data type", types.collect());
    for (file, it) in spec.operations() {
        scope(
            "parameter",
            fields(file, "parameters", it.parameters.iter().map(|parameter| &parameter.field)),
        );
        scope("response field", fields(file, "response", &it.response));
    }
    for (file, it) in spec.types() {
        scope("field", fields(file, "fields", it.own_fields()));
        if let TypeShape::Enum { values } = &it.shape {
            let list = Path::root().key("values");
            let values = values.iter().enumerate().map(|(nth, it)| {
                named_element(list.index(nth), file, &it.name, it.renamed_from.as_deref(), &it.retirement)
            });
            scope("value", values.collect());
        }
    }
    if let Some((file, service, _)) = &spec.draft.api {
        scope("envelope field", fields(*file, "envelope", &service.envelope));
    }
}

fn fields<'a>(
    file: FileId,
    list: &'static str,
    fields: impl IntoIterator<Item = &'a Field>,
) -> Vec<NamedElement<'a>> {
    let list = Path::root().key(list);
    let numbered = fields.into_iter().enumerate();
    numbered
        .map(|(nth, it)| {
            named_element(list.index(nth), file, &it.name, it.renamed_from.as_deref(), &it.retirement)
        })
        .collect()
}

fn named_element<'a>(
    path: Path,
    file: FileId,
    name: &'a str,
    former: Option<&'a str>,
    retirement: &'a Retirement,
) -> NamedElement<'a> {
    NamedElement { path, file, name, former, retirement }
}
