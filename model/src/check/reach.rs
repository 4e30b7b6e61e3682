//! Checks since when operations use a data type.

use std::collections::HashMap;

use super::spec::{DeclaredField, Lookup, Spec};
use super::versions::since;
use crate::diagnostics::VersionProblem;
use crate::findings::{At, Finding, Findings};
use crate::model::{DataType, Version};
use crate::positions::Path;

/// The first release in which an operation uses each data type.
type FirstUses<'a> = HashMap<&'a str, &'a Version>;

/// Warns about types and fields that are older than everything that refers to them.
pub(super) fn lint(spec: &Spec<'_>, findings: &mut Findings) {
    let first_uses = first_uses(spec);
    for (file, it) in spec.types() {
        // Types that no operation uses may be used by other programs.
        let Some(first) = first_uses.get(it.name.as_str()) else { continue };
        if let Some(problem) = too_old(spec, "data type", &it.name, &it.since, first) {
            findings.push(Finding::new(file, since(), problem));
            continue;
        }
        for (nth, field) in it.own_fields().iter().enumerate() {
            if spec.is_older(&field.since, &it.since) {
                // An error: the field is older than its type.
                continue;
            }
            if let Some(problem) = too_old(spec, "field", &field.name, &field.since, first) {
                let at = Path::root().key("fields").index(nth).key("since");
                findings.push(Finding::new(file, At::value(at), problem));
            }
        }
    }
}

fn too_old(
    spec: &Spec<'_>,
    kind: &'static str,
    name: &str,
    since: &Version,
    first: &Version,
) -> Option<VersionProblem> {
    (!since.is_unknown() && spec.is_older(since, first)).then(|| VersionProblem::OlderThanReachable {
        kind,
        name: name.to_owned(),
        since: since.to_string(),
        first: first.to_string(),
    })
}

fn first_uses<'a>(spec: &Spec<'a>) -> FirstUses<'a> {
    let mut extensions: HashMap<&str, Vec<&DataType>> = HashMap::new();
    for (_, it) in spec.types() {
        if let Some(base) = &it.extends {
            extensions.entry(base).or_default().push(it);
        }
    }
    let mut first_uses = FirstUses::new();
    let mut open: Vec<(&str, &Version)> = spec.declared_fields().filter_map(from_outside).collect();
    while let Some((name, since)) = open.pop() {
        let Lookup::Found(_, it) = spec.lookup(name) else { continue };
        if first_uses.get(name).is_some_and(|known| *known <= since) {
            continue;
        }
        first_uses.insert(&it.name, since);
        let fields = it.own_fields().iter();
        open.extend(fields.filter_map(|field| Some((field.ty.data_type_name()?, since.max(&field.since)))));
        // Values of its base occur as well, and values of its extensions may occur instead.
        open.extend(it.extends.as_deref().map(|base| (base, since)));
        let extensions = extensions.get(name).into_iter().flatten();
        open.extend(extensions.map(|extension| (&*extension.name, since.max(&extension.since))));
    }
    first_uses
}

/// Returns the type of a parameter or a response field, and the release that added the reference.
fn from_outside<'a>(declared: DeclaredField<'a>) -> Option<(&'a str, &'a Version)> {
    let name = declared.field.ty.data_type_name()?;
    let since = &declared.field.since;
    let owner = declared.owner.map_or(since, |owner| owner.since);
    (declared.list != "fields").then(|| (name, since.max(owner)))
}
