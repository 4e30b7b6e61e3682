//! Checks that types are declared, and of their declarations.

use super::spec::{Lookup, Spec};
use crate::diagnostics::{TypeProblem, nearest};
use crate::findings::{At, FileId, Findings};
use crate::model::TypeShape;
use crate::names::{is_ident, is_keyword};
use crate::positions::Path;

/// Names of types in other languages, with the type that is probably meant.
const ALIASES: &[(&str, &str)] = &[
    ("bool", "Boolean"),
    ("date", "Timestamp"),
    ("float", "Double"),
    ("int", "Integer"),
    ("number", "Double"),
    ("object", "Any"),
    ("short", "Integer"),
    ("str", "String"),
    ("text", "String"),
];

const BUILT_IN: &[&str] = &["String", "Boolean", "Integer", "Long", "Double", "Timestamp", "Uuid", "Any"];

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    for it in spec.declared_fields() {
        if let Some(name) = it.field.ty.data_type_name()
            && let Lookup::Unknown = spec.lookup(name)
        {
            let suggestion = suggestion(spec, name);
            let problem = TypeProblem::Unknown { name: name.to_owned(), suggestion };
            findings.report(it.file, At::word(it.path("type"), name), problem);
        }
    }
    for (file, it) in spec.types() {
        shape(file, &it.shape, findings);
    }
}

pub(super) fn suggestion(spec: &Spec<'_>, name: &str) -> Option<String> {
    let lowered = name.to_lowercase();
    let alias = ALIASES.iter().find(|(alias, _)| *alias == lowered);
    let known = BUILT_IN.iter().copied().chain(spec.type_names());
    alias.map(|(_, meant)| (*meant).to_owned()).or_else(|| nearest(name, known))
}

fn shape(file: FileId, shape: &TypeShape, findings: &mut Findings) {
    let root = Path::root();
    match shape {
        TypeShape::Enum { values } if values.is_empty() => {
            findings.report(file, At::key(root.key("values")), TypeProblem::NoValues);
        }
        TypeShape::Record { native: Some(path), .. } if !is_path(path) => {
            let problem = TypeProblem::NativePath { path: path.clone() };
            findings.report(file, At::value(root.key("native")), problem);
        }
        TypeShape::Enum { .. } | TypeShape::Record { .. } => {}
    }
}

/// Returns whether a text is the path of a Rust type. It may begin with `crate`.
fn is_path(text: &str) -> bool {
    let path = text.strip_prefix("crate::").unwrap_or(text);
    path.split("::").all(|part| is_ident(part) && !is_keyword(part))
}
