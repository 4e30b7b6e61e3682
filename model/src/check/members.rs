//! Checks of the names of fields, parameters, tags and enum values.

use std::collections::HashMap;

use super::spec::Spec;
use crate::diagnostics::NameProblem;
use crate::findings::{At, FileId, Finding, Findings};
use crate::model::{DataType, EnumValue, Field, Operation, TypeShape};
use crate::names::{
    field_ident, is_ident, is_path_keyword, is_request_method, is_upper_camel, is_wire_name, setter_ident,
    variant_ident,
};
use crate::positions::Path;

pub(super) fn check(spec: &Spec<'_>, findings: &mut Findings) {
    // The response of an operation and the envelope become one struct.
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
        reserved_keys(file, it, findings);
    }
}

/// The key of a response under which servers name the classes of its values.
pub const SCHEMA_KEY: &str = "schema";

fn reserved_keys(file: FileId, it: &Operation, findings: &mut Findings) {
    let at = Path::root().key("response");
    for (nth, field) in it.response.iter().enumerate().filter(|(_, field)| field.name == SCHEMA_KEY) {
        let problem = NameProblem::ResponseKey { name: field.name.clone() };
        findings.report(file, At::value(at.index(nth).key("name")), problem);
    }
}

/// The variant of every enum for unknown values.
const CATCH_ALL: &str = "Unrecognized";

/// Names that share a scope in the generated code.
#[derive(Clone)]
struct Members {
    /// Converts a name on the wire to an identifier.
    ident: fn(&str) -> String,
    seen: HashMap<String, Member>,
}

#[derive(Clone)]
struct Member {
    file: FileId,
    kind: &'static str,
    name: String,
    path: Path,
}

fn data_type(spec: &Spec<'_>, file: FileId, it: &DataType, findings: &mut Findings) {
    let mut members = Members::new(field_ident);
    for (file, base) in spec.bases(it).filter(|(_, base)| base.name != it.name) {
        // Problems of the base are reported in its own file.
        members.list(file, "fields", "field", base.own_fields(), &mut Findings::default());
    }
    members.list(file, "fields", "field", it.own_fields(), findings);
    if let TypeShape::Enum { values } = &it.shape {
        let mut members = Members::new(variant_ident);
        let at = Path::root().key("values");
        let mut on_the_wire: HashMap<&str, Path> = HashMap::new();
        for (nth, it) in values.iter().enumerate() {
            let path = at.index(nth).key("name");
            if let Some(first) = on_the_wire.get(it.name.as_str()) {
                // The same text, even if the variants differ.
                let (kind, name, ident) = ("value", it.name.clone(), it.variant());
                let problem =
                    NameProblem::Collision { kind, name: name.clone(), other_kind: kind, other: name, ident };
                let finding = Finding::new(file, At::value(path), problem);
                findings.push(finding.with(file, At::value(first.clone()), "first declared here"));
                continue;
            }
            on_the_wire.insert(&it.name, path.clone());
            match &it.rust_name {
                Some(_) => members.add_named_variant(file, it, at.index(nth).key("rustName"), findings),
                None => members.add(file, "value", &it.name, path, findings),
            }
        }
    }
}

/// Checks parameters and tags. Parameters become members of one struct; optional parameters and tags
/// become its setters.
fn parameters(file: FileId, it: &Operation, findings: &mut Findings) {
    let at = Path::root().key("parameters");
    let parameters = it.parameters.iter().enumerate();
    let parameters: Vec<(&Field, Path)> =
        parameters.map(|(nth, parameter)| (&parameter.field, at.index(nth).key("name"))).collect();
    let at = Path::root().key("tags");
    let tags = it.tags.iter().enumerate().filter(|(_, tag)| !tag.variable.is_empty());
    let tags: Vec<(&str, Path)> =
        tags.map(|(nth, tag)| (tag.variable.as_str(), at.index(nth).key("pattern"))).collect();

    let mut found = Findings::default();
    let mut members = Members::new(field_ident);
    for (field, path) in &parameters {
        members.add(file, "parameter", &field.name, path.clone(), &mut found);
    }
    for (variable, path) in &tags {
        members.add(file, "tag", variable, path.clone(), &mut found);
    }
    // Names that collide as members collide as setters as well.
    if found.is_empty() {
        let mut setters = Members::new(setter_ident);
        for (field, path) in parameters.iter().filter(|(field, _)| !field.required) {
            setters.add(file, "parameter", &field.name, path.clone(), &mut found);
        }
        for (variable, path) in &tags {
            setters.add(file, "tag", variable, path.clone(), &mut found);
        }
    }
    findings.extend(found);
}

impl Members {
    fn new(ident: fn(&str) -> String) -> Self {
        Self { ident, seen: HashMap::new() }
    }

    fn list<'a>(
        &mut self,
        file: FileId,
        list: &'static str,
        kind: &'static str,
        fields: impl IntoIterator<Item = &'a Field>,
        findings: &mut Findings,
    ) {
        let at = Path::root().key(list);
        for (nth, it) in fields.into_iter().enumerate() {
            self.add(file, kind, &it.name, at.index(nth).key("name"), findings);
        }
    }

    fn add(&mut self, file: FileId, kind: &'static str, name: &str, path: Path, findings: &mut Findings) {
        let ident = (self.ident)(name);
        let name = name.to_owned();
        if kind == "value" && !(name.is_ascii() && is_ident(&ident)) {
            findings.report(file, At::value(path), NameProblem::Form { kind, name, form: None });
        } else if kind != "value" && !(is_wire_name(&name) && is_ident(&ident)) {
            let form = Some("ASCII letters, digits, `_`, `-` and `.`, and begins with a letter");
            findings.report(file, At::value(path), NameProblem::Form { kind, name, form });
        } else {
            self.claim(file, kind, name, ident, path, findings);
        }
    }

    /// Adds a value whose variant the spec names.
    fn add_named_variant(&mut self, file: FileId, it: &EnumValue, path: Path, findings: &mut Findings) {
        let ident = it.variant();
        if is_upper_camel(&ident) && !is_path_keyword(&ident) && ident != CATCH_ALL {
            self.claim(file, "value", it.name.clone(), ident, path, findings);
        } else {
            findings.report(file, At::value(path), NameProblem::RustName { name: ident });
        }
    }

    fn claim(
        &mut self,
        file: FileId,
        kind: &'static str,
        name: String,
        ident: String,
        path: Path,
        findings: &mut Findings,
    ) {
        if is_path_keyword(&ident) {
            let owner = "a keyword of Rust";
            findings.report(file, At::value(path), NameProblem::Reserved { kind, name, owner });
        } else if kind == "value" && ident == CATCH_ALL {
            let owner = "the variant for values of later releases";
            findings.report(file, At::value(path), NameProblem::Reserved { kind, name, owner });
        } else if kind == "tag" && is_request_method(&ident) {
            let owner = "a method of every request";
            findings.report(file, At::value(path), NameProblem::Reserved { kind, name, owner });
        } else if let Some(first) = self.seen.get(&ident) {
            let (other_kind, other) = (first.kind, first.name.clone());
            let problem = NameProblem::Collision { kind, name, other_kind, other, ident };
            let finding = Finding::new(file, At::value(path), problem);
            let first_at = At::value(first.path.clone());
            findings.push(finding.with(first.file, first_at, "first declared here"));
        } else {
            self.seen.insert(ident, Member { file, kind, name, path });
        }
    }
}
