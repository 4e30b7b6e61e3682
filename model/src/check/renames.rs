//! Former names.

use super::spec::Spec;
use crate::diagnostics::NameProblem;
use crate::findings::{At, FileId, Findings};
use crate::model::{Field, Retirement, TypeShape};
use crate::positions::Path;

/// An element that could have had another name.
struct Named<'a> {
    path: Path,
    file: FileId,
    name: &'a str,
    former: Option<&'a str>,
    retirement: &'a Retirement,
}

/// A former name is another one.
pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    each_scope(spec, |what, scope| {
        for it in scope.iter().filter(|scope| scope.former == Some(scope.name)) {
            let problem = NameProblem::RenamedFromItself { what, name: it.name.to_owned() };
            findings.report(it.file, At::value(it.path.key("renamedFrom")), problem);
        }
    });
}

/// A former name is free, or will be.
pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    each_scope(spec, |what, scope| {
        for it in scope {
            let Some(former) = it.former.filter(|former| *former != it.name) else { continue };
            if scope.iter().any(|other| other.name == former && other.retirement.removed.is_none()) {
                let (name, former) = (it.name.to_owned(), former.to_owned());
                let problem = NameProblem::FormerNameTaken { what, name, former };
                findings.report(it.file, At::value(it.path.key("renamedFrom")), problem);
            }
        }
    });
}

/// Looks at what shares a scope of names, where something had another one.
fn each_scope(spec: &Spec<'_>, mut look: impl FnMut(&'static str, &[Named<'_>])) {
    let mut scope = |what, scope: Vec<Named<'_>>| {
        if scope.iter().any(|scope| scope.former.is_some()) {
            look(what, &scope);
        }
    };
    let operations = spec
        .operations()
        .map(|(file, it)| named(Path::root(), file, &it.name, it.renamed_from.as_deref(), &it.retirement));
    scope("operation", operations.collect());
    let types = spec
        .types()
        .map(|(file, it)| named(Path::root(), file, &it.name, it.renamed_from.as_deref(), &it.retirement));
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
                named(list.index(nth), file, &it.name, it.renamed_from.as_deref(), &it.retirement)
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
) -> Vec<Named<'a>> {
    let list = Path::root().key(list);
    let numbered = fields.into_iter().enumerate();
    numbered
        .map(|(nth, it)| named(list.index(nth), file, &it.name, it.renamed_from.as_deref(), &it.retirement))
        .collect()
}

fn named<'a>(
    path: Path,
    file: FileId,
    name: &'a str,
    former: Option<&'a str>,
    retirement: &'a Retirement,
) -> Named<'a> {
    Named { path, file, name, former, retirement }
}
