//! A draft as the rules look at it.

use std::collections::HashMap;

use super::owner::Owner;
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

/// What a type's name leads to.
pub(super) enum Lookup<'a> {
    Found(FileId, &'a DataType),
    /// A file that could not be used; it has been reported.
    Unread,
    Unknown,
}

/// A field wherever it is declared.
pub(super) struct Declared<'a> {
    pub(super) file: FileId,
    /// The key of the list it stands in.
    pub(super) list: &'static str,
    pub(super) index: usize,
    pub(super) what: &'static str,
    pub(super) field: &'a Field,
    /// The operation or the data type that it is part of.
    pub(super) owner: Option<Owner<'a>>,
}

impl<'a> Spec<'a> {
    pub(super) fn new(draft: &'a Draft) -> Self {
        let types = draft.types.iter().map(|it| (it.1.name.as_str(), it)).collect();
        Self { draft, types }
    }

    /// Files as they were before, among the data types of the others.
    pub(super) fn before(draft: &'a Draft, now: &Spec<'a>) -> Self {
        let mut types = now.types.clone();
        types.extend(draft.types.iter().map(|it| (it.1.name.as_str(), it)));
        Self { draft, types }
    }

    pub(super) fn lookup(&self, name: &str) -> Lookup<'a> {
        match self.types.get(name) {
            Some((file, data_type)) => Lookup::Found(*file, data_type),
            None if self.draft.unread_types.contains(name) => Lookup::Unread,
            None => Lookup::Unknown,
        }
    }

    /// The names of all data types, read or not.
    pub(super) fn type_names(&self) -> impl Iterator<Item = &'a str> {
        let unread = self.draft.unread_types.iter().map(String::as_str);
        self.draft.types.iter().map(|(_, it)| it.name.as_str()).chain(unread)
    }

    /// The operations with their files.
    pub(super) fn operations(&self) -> impl Iterator<Item = (FileId, &'a Operation)> {
        self.draft.operations.iter().map(|(file, it)| (*file, it))
    }

    /// The data types with their files.
    pub(super) fn types(&self) -> impl Iterator<Item = (FileId, &'a DataType)> {
        self.draft.types.iter().map(|(file, it)| (*file, it))
    }

    /// The declared releases; nothing if it is not known which there are.
    pub(super) fn releases(&self) -> Option<(FileId, &'a [Release])> {
        let (file, service, _) = self.draft.api.as_ref()?;
        Some((*file, &service.releases))
    }

    /// Whether a version is declared, as far as that can be told.
    pub(super) fn is_declared(&self, version: &Version) -> bool {
        let releases = self.releases().map_or(&[][..], |(_, all)| all);
        is_known(version)
            && (releases.is_empty() || releases.iter().any(|release| release.version == *version))
    }

    /// Whether one version is older than another. What is wrong with either has
    /// been reported, and is not worth another problem.
    pub(super) fn is_older(&self, one: &Version, other: &Version) -> bool {
        one < other && self.are_declared(one, other)
    }

    /// Whether two versions can be compared.
    pub(super) fn are_declared(&self, one: &Version, other: &Version) -> bool {
        self.is_declared(one) && self.is_declared(other)
    }

    /// The newest release, if that is known.
    pub(super) fn newest(&self) -> Option<&'a Version> {
        let (_, releases) = self.releases()?;
        releases.iter().map(|release| &release.version).filter(|version| is_known(version)).max()
    }

    /// The fields that every response may carry.
    pub(super) fn envelope(&self) -> &'a [Field] {
        self.draft.api.as_ref().map_or(&[], |(_, service, _)| &service.envelope)
    }

    /// The records that a record extends, the nearest first. In a circle it
    /// ends where a record comes again.
    pub(super) fn bases(&self, it: &'a DataType) -> impl Iterator<Item = (FileId, &'a DataType)> {
        let mut seen: Vec<&str> = Vec::new();
        let mut next = it.extends.as_deref();
        std::iter::from_fn(move || {
            let name = next.filter(|it| !seen.contains(it))?;
            let Lookup::Found(file, base) = self.lookup(name) else { return None };
            seen.push(name);
            next = base.extends.as_deref();
            Some((file, base))
        })
    }

    /// The fields of a record, those of its bases too.
    pub(super) fn all_fields(&self, it: &'a DataType) -> Vec<&'a Field> {
        let inherited = self.bases(it).flat_map(|(_, base)| base.own_fields());
        it.own_fields().iter().chain(inherited).collect()
    }

    /// Everything that has a name, a type and a version.
    pub(super) fn declared(&self) -> impl Iterator<Item = Declared<'a>> {
        let api = self.draft.api.iter().flat_map(|(file, service, _)| {
            list(*file, "envelope", "envelope field", service.envelope.iter(), None)
        });
        let types = self.types().flat_map(|(file, it)| {
            let owner = Owner::from(it);
            list(file, "fields", "field", it.own_fields().iter(), Some(owner))
        });
        let operations = self.operations().flat_map(|(file, it)| {
            let owner = Some(Owner::from(it));
            let parameters = it.parameters.iter().map(|parameter| &parameter.field);
            list(file, "parameters", "parameter", parameters, owner).chain(list(
                file,
                "response",
                "response field",
                it.response.iter(),
                owner,
            ))
        });
        api.chain(types).chain(operations)
    }
}

fn list<'a>(
    file: FileId,
    list: &'static str,
    what: &'static str,
    fields: impl Iterator<Item = &'a Field>,
    owner: Option<Owner<'a>>,
) -> impl Iterator<Item = Declared<'a>> {
    let numbered = fields.enumerate();
    numbered.map(move |(index, field)| Declared { file, list, index, what, field, owner })
}

impl Declared<'_> {
    /// The path of one of its keys.
    pub(super) fn path(&self, key: &'static str) -> Path {
        Path::root().key(self.list).index(self.index).key(key)
    }

    /// The value of one of its keys.
    pub(super) fn at(&self, key: &'static str) -> At {
        At::value(self.path(key))
    }
}
