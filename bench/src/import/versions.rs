//! Makes versions consistent: no part is older than its owner or its type.
//!
//! The corpus was gathered from several sources and contradicts itself. The version of an owner takes
//! precedence over those of its parts, and the version of a use over that of the data type.

use std::collections::{BTreeSet, HashMap};

use super::corpus::{DataType, Operation};
use super::report::{Approximation, Report};
use super::types::data_type_name;
use zstack_model::Version;

/// The release of elements whose release is unknown.
pub(super) const UNKNOWN: &str = "0";

const FIRST: Version = Version::new(UNKNOWN);

/// All versions, each as it is spelled first.
pub(super) type Releases = BTreeSet<Version>;

/// Makes all versions consistent and adds the missing ones. The types of fields must have been
/// converted.
pub(super) fn resolve(
    operations: &mut [(usize, Operation)],
    types: &mut [(usize, DataType)],
    report: &mut Report,
) -> Releases {
    let mut resolver = Resolver { report, releases: Releases::new(), of_types: HashMap::new() };
    resolver.declare(UNKNOWN);
    for (_, ty) in types.iter_mut() {
        let since = resolver.own_version(&mut ty.since, None, &ty.name);
        resolver.of_types.insert(ty.name.clone(), since);
    }
    types.iter_mut().for_each(|(_, ty)| resolver.data_type(ty));
    operations.iter_mut().for_each(|(_, operation)| resolver.operation(operation));
    resolver.date_types_by_use(operations, types);
    resolver.date_bases(types);
    resolver.releases
}

struct Resolver<'a> {
    report: &'a mut Report,
    releases: Releases,
    of_types: HashMap<String, Version>,
}

impl Resolver<'_> {
    /// Declares a version; `None` if it is malformed. The first spelling of a release (`3.3`, `3.3.0`)
    /// is used.
    fn declare(&mut self, text: &str) -> Option<Version> {
        let version = text.parse().ok()?;
        self.releases.insert(version);
        Some(version)
    }

    /// Determines a version: its own, but not before that of the owner.
    fn own_version(&mut self, since: &mut Option<String>, owner: Option<Version>, place: &str) -> Version {
        let stated = since.as_deref().and_then(|text| {
            let version = self.declare(text);
            if version.is_none() {
                self.report.note(Approximation::VersionMalformed, format!("{place}: {text}"));
            }
            version
        });
        if since.is_none() {
            self.report.note(Approximation::VersionUnknown, place);
        }
        let version = match (stated, owner) {
            (Some(stated), Some(owner)) if stated < owner => {
                let text = format!("{place}: {} < {}", self.text(stated), self.text(owner));
                self.report.note(Approximation::OlderThanOwner, text);
                owner
            }
            (Some(stated), _) => stated,
            (None, owner) => owner.unwrap_or(FIRST),
        };
        *since = Some(self.text(version));
        version
    }

    fn text(&self, version: Version) -> String {
        self.releases.get(&version).unwrap_or(&version).to_string()
    }

    /// Determines the version of a field: its own, or the later one of its owner and its type.
    fn field(&mut self, since: &mut Option<String>, ty: &str, owner: Version, place: &str) {
        let of_type = self.of_types.get(data_type_name(ty)).copied().unwrap_or(FIRST);
        let earliest = if since.is_none() { owner.max(of_type) } else { owner };
        self.own_version(since, Some(earliest), place);
    }

    fn data_type(&mut self, ty: &mut DataType) {
        let owner = self.of_types.get(&ty.name).copied().unwrap_or(FIRST);
        for field in ty.fields.iter_mut().flatten() {
            let place = format!("{}.{}", ty.name, field.name);
            self.field(&mut field.since, &field.r#type, owner, &place);
        }
        for value in ty.values.iter_mut().flatten() {
            self.own_version(&mut value.since, Some(owner), &format!("{}.{}", ty.name, value.name));
        }
    }

    fn operation(&mut self, operation: &mut Operation) {
        let owner = self.own_version(&mut operation.since, None, &operation.name);
        for parameter in &mut operation.params {
            let place = format!("{}.{}", operation.name, parameter.name);
            self.field(&mut parameter.since, &parameter.r#type, owner, &place);
            if parameter.required && parameter.since != operation.since {
                let text = format!("{place}: {}", parameter.since.as_deref().unwrap_or_default());
                self.report.note(Approximation::RequiredNewer, text);
                parameter.since.clone_from(&operation.since);
            }
        }
        for field in &mut operation.response {
            let place = format!("{}.{}", operation.name, field.name);
            self.field(&mut field.since, &field.r#type, owner, &place);
        }
    }

    /// Makes types at least as old as their first use.
    fn date_types_by_use(&mut self, operations: &[(usize, Operation)], types: &mut [(usize, DataType)]) {
        let mut first_uses: HashMap<String, Version> = HashMap::new();
        let mut add_use = |ty: &str, since: &Option<String>| {
            let since = version(since.as_deref());
            let first = first_uses.entry(data_type_name(ty).to_owned()).or_insert(since);
            *first = since.min(*first);
        };
        for (_, operation) in operations {
            operation.params.iter().for_each(|parameter| add_use(&parameter.r#type, &parameter.since));
            // The envelope is as old as its types.
            let response = operation.response.iter().filter(|field| !field.envelope);
            response.for_each(|field| add_use(&field.r#type, &field.since));
        }
        for (_, ty) in types.iter() {
            ty.fields.iter().flatten().for_each(|field| add_use(&field.r#type, &field.since));
        }
        for (_, ty) in types {
            if let Some(first) = first_uses.get(&ty.name) {
                self.lower(ty, *first, Approximation::TypeNewerThanUse);
            }
        }
    }

    /// Makes bases at least as old as the types that extend them.
    fn date_bases(&mut self, types: &mut [(usize, DataType)]) {
        let index: HashMap<String, usize> =
            types.iter().enumerate().map(|(at, (_, ty))| (ty.name.clone(), at)).collect();
        for at in 0..types.len() {
            let mut extension = at;
            while let Some(base) =
                types[extension].1.extends.as_ref().and_then(|base| index.get(base)).copied()
            {
                let since = version(types[extension].1.since.as_deref());
                self.lower(&mut types[base].1, since, Approximation::BaseNewer);
                extension = base;
            }
        }
    }

    fn lower(&mut self, ty: &mut DataType, to: Version, kind: Approximation) {
        let since = version(ty.since.as_deref());
        if to < since {
            let text = format!("{}: {} > {}", ty.name, self.text(since), self.text(to));
            self.report.note(kind, text);
            ty.since = Some(self.text(to));
        }
    }
}

/// Parses a version that [`Resolver::own_version`] has written.
fn version(since: Option<&str>) -> Version {
    since.and_then(|since| since.parse().ok()).unwrap_or(FIRST)
}
