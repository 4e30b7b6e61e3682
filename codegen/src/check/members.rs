//! Names of fields, parameters, tags and enum values.

use std::collections::HashMap;

use super::spec::Spec;
use crate::diagnostics::NameProblem;
use crate::load::{At, FileId, Finding, Findings};
use crate::model::{DataType, Field, Operation, TypeShape};
use crate::names::{field_ident, is_ident, is_path_keyword, variant_ident};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    // The response of an operation is one struct with what any response has.
    let mut envelope = Members::new(field_ident);
    if let Some((file, service, _)) = &spec.draft.api {
        envelope.list(*file, "envelope", "envelope field", &service.envelope, findings);
    }
    for (file, it) in spec.types() {
        data_type(spec, file, it, findings);
    }
    for (file, it) in spec.operations() {
        parameters(file, it, findings);
        envelope.clone().list(file, "response", "response field", &it.response, findings);
    }
}

/// The variant of every enum that holds what no other does.
const CATCH_ALL: &str = "Unrecognized";

/// Names that share a scope in the generated code.
#[derive(Clone)]
struct Members {
    /// How a name on the wire becomes an identifier.
    ident: fn(&str) -> String,
    seen: HashMap<String, Member>,
}

#[derive(Clone)]
struct Member {
    file: FileId,
    what: &'static str,
    name: String,
    path: Path,
}

fn data_type(spec: &Spec<'_>, file: FileId, it: &DataType, findings: &mut Findings) {
    let mut members = Members::new(field_ident);
    for (file, base) in spec.bases(it).filter(|(_, base)| base.name != it.name) {
        // What is wrong with a base is told where it stands.
        members.list(file, "fields", "field", base.own_fields(), &mut Findings::default());
    }
    members.list(file, "fields", "field", it.own_fields(), findings);
    if let TypeShape::Enum { values } = &it.shape {
        let mut members = Members::new(variant_ident);
        let at = Path::root().key("values");
        for (nth, it) in values.iter().enumerate() {
            members.add(file, "value", &it.name, at.index(nth).key("name"), findings);
        }
    }
}

/// Parameters and tags become setters of one struct.
fn parameters(file: FileId, it: &Operation, findings: &mut Findings) {
    let mut members = Members::new(field_ident);
    let fields = it.parameters.iter().map(|it| &it.field);
    members.list(file, "parameters", "parameter", fields, findings);
    let at = Path::root().key("tags");
    for (nth, tag) in it.tags.iter().enumerate().filter(|(_, it)| !it.variable.is_empty()) {
        members.add(file, "tag", &tag.variable, at.index(nth).key("pattern"), findings);
    }
}

impl Members {
    fn new(ident: fn(&str) -> String) -> Self {
        Self { ident, seen: HashMap::new() }
    }

    fn list<'a>(
        &mut self,
        file: FileId,
        list: &'static str,
        what: &'static str,
        fields: impl IntoIterator<Item = &'a Field>,
        findings: &mut Findings,
    ) {
        let at = Path::root().key(list);
        for (nth, it) in fields.into_iter().enumerate() {
            self.add(file, what, &it.name, at.index(nth).key("name"), findings);
        }
    }

    fn add(&mut self, file: FileId, what: &'static str, name: &str, path: Path, findings: &mut Findings) {
        let ident = (self.ident)(name);
        let name = name.to_owned();
        if !name.is_ascii() || !is_ident(&ident) {
            let form = "ASCII, and begins with a letter";
            findings.report(file, At::value(path), NameProblem::Form { what, name, form });
        } else if is_path_keyword(&ident) {
            let owner = "a keyword of Rust";
            findings.report(file, At::value(path), NameProblem::Reserved { what, name, owner });
        } else if what == "value" && ident == CATCH_ALL {
            let owner = "the variant for values of later releases";
            findings.report(file, At::value(path), NameProblem::Reserved { what, name, owner });
        } else if let Some(first) = self.seen.get(&ident) {
            let (other_what, other) = (first.what, first.name.clone());
            let problem = NameProblem::Collision { what, name, other_what, other, ident };
            let finding = Finding::new(file, At::value(path), problem);
            let first_at = At::value(first.path.clone());
            findings.push(finding.with(first.file, first_at, "first declared here"));
        } else {
            self.seen.insert(ident, Member { file, what, name, path });
        }
    }
}
