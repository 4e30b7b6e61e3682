//! A draft with the lookups and iterators that checks need.

use std::collections::HashMap;

use super::owner::Owner;
use super::values::Types;
use crate::findings::{At, FileId};
use crate::lower::Draft;
use crate::lower::terms::is_known;
use crate::model::{DataType, Field, Operation, Release, Version};
use crate::positions::Path;

/// A draft, with its data types by name.
pub(super) struct Spec<'a> {
    pub(super) draft: &'a Draft,
    types: HashMap<&'a str, &'a (FileId, DataType)>,
}

/// The result of looking up a data type by name.
pub(super) enum Lookup<'a> {
    Found(FileId, &'a DataType),
    /// The type is declared by an unusable file, which has been reported.
    Unread,
    Unknown,
}

/// A field or a parameter with its position.
pub(super) struct DeclaredField<'a> {
    pub(super) file: FileId,
    /// The key of the list that contains it.
    pub(super) list: &'static str,
    pub(super) index: usize,
    pub(super) kind: &'static str,
    pub(super) field: &'a Field,
    /// The operation or the data type that it belongs to.
    pub(super) owner: Option<Owner<'a>>,
}

impl<'a> Spec<'a> {
    pub(super) fn new(draft: &'a Draft) -> Self {
        let types =
            draft.types.iter().map(|file_and_type| (file_and_type.1.name.as_str(), file_and_type)).collect();
        Self { draft, types }
    }

    /// Creates a spec from earlier versions of some files; the other data types are those of `now`.
    pub(super) fn before(draft: &'a Draft, now: &Spec<'a>) -> Self {
        let mut types = now.types.clone();
        types.extend(draft.types.iter().map(|file_and_type| (file_and_type.1.name.as_str(), file_and_type)));
        Self { draft, types }
    }

    pub(super) fn lookup(&self, name: &str) -> Lookup<'a> {
        match self.types.get(name) {
            Some((file, data_type)) => Lookup::Found(*file, data_type),
            None if self.draft.unread_types.contains(name) => Lookup::Unread,
            None => Lookup::Unknown,
        }
    }

    /// The names of all data types, including those of unusable files.
    pub(super) fn type_names(&self) -> impl Iterator<Item = &'a str> {
        let unread = self.draft.unread_types.iter().map(String::as_str);
        self.draft.types.iter().map(|(_, ty)| ty.name.as_str()).chain(unread)
    }

    /// The operations with their files.
    pub(super) fn operations(&self) -> impl Iterator<Item = (FileId, &'a Operation)> {
        self.draft.operations.iter().map(|(file, operation)| (*file, operation))
    }

    /// The data types with their files.
    pub(super) fn types(&self) -> impl Iterator<Item = (FileId, &'a DataType)> {
        self.draft.types.iter().map(|(file, ty)| (*file, ty))
    }

    /// The declared releases, unless `api.yaml` is unusable.
    pub(super) fn releases(&self) -> Option<(FileId, &'a [Release])> {
        let (file, service, _) = self.draft.api.as_ref()?;
        Some((*file, &service.releases))
    }

    /// Returns whether a version is declared, or may be because the releases are unknown.
    pub(super) fn is_declared(&self, version: &Version) -> bool {
        let releases = self.releases().map_or(&[][..], |(_, all)| all);
        is_known(version)
            && (releases.is_empty() || releases.iter().any(|release| release.version == *version))
    }

    /// Returns whether one version is older than another; `false` for invalid versions, which have
    /// been reported.
    pub(super) fn is_older(&self, one: &Version, other: &Version) -> bool {
        one < other && self.are_declared(one, other)
    }

    /// Returns whether two versions can be compared.
    pub(super) fn are_declared(&self, one: &Version, other: &Version) -> bool {
        self.is_declared(one) && self.is_declared(other)
    }

    /// The newest declared release.
    pub(super) fn newest(&self) -> Option<&'a Version> {
        let (_, releases) = self.releases()?;
        releases.iter().map(|release| &release.version).filter(|version| is_known(version)).max()
    }

    /// The records that a record extends, the nearest first. A cycle ends at the first repetition.
    pub(super) fn bases(&self, ty: &'a DataType) -> impl Iterator<Item = (FileId, &'a DataType)> {
        let mut seen: Vec<&str> = Vec::new();
        let mut next = ty.extends.as_deref();
        std::iter::from_fn(move || {
            let name = next.filter(|name| !seen.contains(name))?;
            let Lookup::Found(file, base) = self.lookup(name) else { return None };
            seen.push(name);
            next = base.extends.as_deref();
            Some((file, base))
        })
    }

    /// The fields of a record, including inherited ones.
    pub(super) fn all_fields(&self, ty: &'a DataType) -> Vec<&'a Field> {
        let inherited = self.bases(ty).flat_map(|(_, base)| base.own_fields());
        ty.own_fields().iter().chain(inherited).collect()
    }

    /// All fields and parameters of the spec.
    pub(super) fn declared_fields(&self) -> impl Iterator<Item = DeclaredField<'a>> {
        let api = self.draft.api.iter().flat_map(|(file, service, _)| {
            list(*file, "envelope", "envelope field", service.envelope.iter(), None)
        });
        let types = self.types().flat_map(|(file, ty)| {
            let owner = Owner::from(ty);
            list(file, "fields", "field", ty.own_fields().iter(), Some(owner))
        });
        let operations = self.operations().flat_map(|(file, operation)| {
            let owner = Some(Owner::from(operation));
            let parameters = operation.parameters.iter().map(|parameter| &parameter.field);
            list(file, "parameters", "parameter", parameters, owner).chain(list(
                file,
                "response",
                "response field",
                operation.response.iter(),
                owner,
            ))
        });
        api.chain(types).chain(operations)
    }
}

impl<'a> Types<'a> for Spec<'a> {
    fn data_type(&self, name: &str) -> Option<&'a DataType> {
        if let Lookup::Found(_, data_type) = self.lookup(name) { Some(data_type) } else { None }
    }

    fn fields(&self, ty: &'a DataType) -> Vec<&'a Field> {
        self.all_fields(ty)
    }

    fn envelope(&self) -> &'a [Field] {
        self.draft.api.as_ref().map_or(&[], |(_, service, _)| &service.envelope)
    }

    fn is_older(&self, one: &Version, other: &Version) -> bool {
        Spec::is_older(self, one, other)
    }
}

fn list<'a>(
    file: FileId,
    list: &'static str,
    kind: &'static str,
    fields: impl Iterator<Item = &'a Field>,
    owner: Option<Owner<'a>>,
) -> impl Iterator<Item = DeclaredField<'a>> {
    let numbered = fields.enumerate();
    numbered.map(move |(index, field)| DeclaredField { file, list, index, kind, field, owner })
}

impl DeclaredField<'_> {
    /// The path of one of its keys.
    pub(super) fn path(&self, key: &'static str) -> Path {
        Path::root().key(self.list).index(self.index).key(key)
    }

    /// The value of one of its keys.
    pub(super) fn at(&self, key: &'static str) -> At {
        At::value(self.path(key))
    }
}
