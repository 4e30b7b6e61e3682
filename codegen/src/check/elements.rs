//! Everything that comes with a release, and may leave with one.

use super::spec::{Declared, Lookup, Spec};
use crate::diagnostics::ProblemKind;
use crate::findings::{At, FileId, Finding};
use crate::model::{DataType, Operation, Retirement, TypeShape, Version};
use crate::positions::Path;

/// An operation, a data type, or a part of one.
pub(super) struct Element<'a> {
    pub(super) file: FileId,
    /// The list it stands in, and its number there; nothing for what a file is about.
    place: Option<(&'static str, usize)>,
    pub(super) what: &'static str,
    pub(super) name: &'a str,
    pub(super) since: &'a Version,
    pub(super) retirement: &'a Retirement,
    /// The operation or the data type that it is part of; in the same file.
    pub(super) owner: Option<Owner<'a>>,
}

/// What an element is part of.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    pub(super) name: &'a str,
    pub(super) since: &'a Version,
    pub(super) retirement: &'a Retirement,
}

/// Tags stay.
static NO_RETIREMENT: Retirement = Retirement::NONE;

/// A place where a data type is used.
pub(super) struct Use<'a> {
    /// What uses it: a field, a parameter, or a record that extends it.
    pub(super) by: Element<'a>,
    /// The key that names it.
    pub(super) key: &'static str,
    pub(super) file: FileId,
    pub(super) data_type: &'a DataType,
}

impl<'a> Spec<'a> {
    /// Every use of a data type that is known.
    pub(super) fn uses(&self) -> impl Iterator<Item = Use<'a>> {
        let of_fields = self.declared().filter_map(|it| {
            let Lookup::Found(file, data_type) = self.lookup(it.field.ty.named()?) else { return None };
            Some(Use { by: Element::from(it), key: "type", file, data_type })
        });
        let of_records = self.types().filter_map(|(own_file, it)| {
            let (file, data_type) = self.bases(it).next()?;
            Some(Use { by: Owner::from(it).element(own_file, "data type"), key: "extends", file, data_type })
        });
        of_fields.chain(of_records)
    }

    /// Everything that says since when it exists.
    pub(super) fn elements(&self) -> impl Iterator<Item = Element<'a>> {
        let declared = self.declared().map(Element::from);
        let types = self.types().flat_map(|(file, it)| {
            let owner = Owner::from(it);
            let values = if let TypeShape::Enum { values } = &it.shape { &values[..] } else { &[] };
            let values = values.iter().enumerate().map(move |(nth, it)| Element {
                file,
                place: Some(("values", nth)),
                what: "value",
                name: &it.name,
                since: &it.since,
                retirement: &it.retirement,
                owner: Some(owner),
            });
            std::iter::once(owner.element(file, "data type")).chain(values)
        });
        let operations = self.operations().flat_map(|(file, it)| {
            let owner = Owner::from(it);
            let tags = it.tags.iter().enumerate().map(move |(nth, it)| Element {
                file,
                place: Some(("tags", nth)),
                what: "tag",
                name: &it.pattern,
                since: &it.since,
                retirement: &NO_RETIREMENT,
                owner: Some(owner),
            });
            std::iter::once(owner.element(file, "operation")).chain(tags)
        });
        declared.chain(types).chain(operations)
    }
}

impl<'a> From<Declared<'a>> for Element<'a> {
    fn from(it: Declared<'a>) -> Self {
        let Declared { file, list, index, what, field, owner } = it;
        Self {
            file,
            place: Some((list, index)),
            what,
            name: &field.name,
            since: &field.since,
            retirement: &field.retirement,
            owner,
        }
    }
}

impl<'a> From<&'a DataType> for Owner<'a> {
    fn from(it: &'a DataType) -> Self {
        Self { name: &it.name, since: &it.since, retirement: &it.retirement }
    }
}

impl<'a> From<&'a Operation> for Owner<'a> {
    fn from(it: &'a Operation) -> Self {
        Self { name: &it.name, since: &it.since, retirement: &it.retirement }
    }
}

impl<'a> Owner<'a> {
    fn element(self, file: FileId, what: &'static str) -> Element<'a> {
        let Self { name, since, retirement } = self;
        Element { file, place: None, what, name, since, retirement, owner: None }
    }
}

impl<'a> Element<'a> {
    /// The versions it names, with their keys.
    pub(super) fn versions(&self) -> impl Iterator<Item = (&'static str, &'a Version)> {
        let Retirement { deprecated, removed, .. } = self.retirement;
        let deprecated = deprecated.as_ref().map(|it| ("deprecated", it));
        let removed = removed.as_ref().map(|it| ("removed", it));
        std::iter::once(("since", self.since)).chain(deprecated).chain(removed)
    }

    /// The value of one of its keys.
    pub(super) fn at(&self, key: &'static str) -> At {
        let root = Path::root();
        At::value(match self.place {
            Some((list, index)) => root.key(list).index(index).key(key),
            None => root.key(key),
        })
    }

    /// A problem with one of its keys.
    pub(super) fn finding(&self, key: &'static str, problem: impl Into<ProblemKind>) -> Finding {
        Finding::new(self.file, self.at(key), problem)
    }

    /// The release that ends it: its own, or that of what it is part of.
    pub(super) fn end(&self) -> Option<&'a Version> {
        let owner = self.owner.and_then(|it| it.retirement.removed.as_ref());
        self.retirement.removed.as_ref().into_iter().chain(owner).min()
    }

    /// Whether somebody advises against it, or against what it is part of.
    pub(super) fn is_deprecated(&self) -> bool {
        let owner = self.owner.is_some_and(|it| it.retirement.deprecated.is_some());
        owner || self.retirement.deprecated.is_some()
    }
}
