//! All elements with a `since`, and the uses of data types.

use super::owner::Owner;
use super::spec::{DeclaredField, Lookup, Spec};
use crate::diagnostics::ProblemKind;
use crate::findings::{At, FileId, Finding};
use crate::model::{AttributeValue, DataType, HistoryEntry, Retirement, TypeShape, Version};
use crate::positions::Path;

/// An operation, a data type, or a part of one.
#[derive(Clone, Copy)]
pub(super) struct SpecElement<'a> {
    pub(super) file: FileId,
    /// The list that contains it, and its index there; `None` for the operation or data type of a file.
    place: Option<(&'static str, usize)>,
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
    /// The name in an older spec.
    pub(super) former: Option<&'a str>,
    pub(super) since: &'a Version,
    pub(super) retirement: &'a Retirement,
    /// The operation or the data type that it belongs to, in the same file.
    pub(super) owner: Option<Owner<'a>>,
}

/// The retirement of tags, which cannot be removed.
static NO_RETIREMENT: Retirement = Retirement::NONE;

/// A use of a data type.
pub(super) struct TypeUse<'a> {
    /// The user: a field, a parameter, or a record that extends the type.
    pub(super) by: SpecElement<'a>,
    /// The path of the text that names the type.
    pub(super) at: Path,
    /// True if the type is the base of the user.
    pub(super) is_base: bool,
    /// The release that introduced the use, with the path of its text.
    pub(super) since: (&'a Version, Path),
    /// The release that replaced the type with another one.
    pub(super) until: Option<&'a Version>,
    pub(super) file: FileId,
    pub(super) data_type: &'a DataType,
}

/// The data type that an attribute named for some releases.
struct TypeReference<'a> {
    name: Option<&'a str>,
    at: Path,
    since: (&'a Version, Path),
    until: Option<&'a Version>,
}

/// Returns the data types that an attribute of an element named, according to its history, and names now.
fn type_references<'a>(
    element: &SpecElement<'a>,
    key: &'static str,
    now: Option<&'a str>,
    history: &'a [HistoryEntry],
) -> Vec<TypeReference<'a>> {
    let mut references = Vec::with_capacity(1);
    let mut since = (element.since, element.path("since"));
    for (nth, it) in history.iter().enumerate() {
        let name = match &it.was {
            AttributeValue::Type(ty) if key == "type" => ty.data_type_name(),
            AttributeValue::Extends(base) if key == "extends" => base.as_deref(),
            _ => continue,
        };
        let entry = element.path("history").index(nth);
        let next = (&it.release, entry.key("in"));
        let since = std::mem::replace(&mut since, next);
        references.push(TypeReference { name, at: entry.key("from"), since, until: Some(&it.release) });
    }
    references.push(TypeReference { name: now, at: element.path(key), since, until: None });
    references
}

impl<'a> Spec<'a> {
    /// All uses of data types, including those of older releases.
    pub(super) fn uses(&self) -> impl Iterator<Item = TypeUse<'a>> {
        let of_fields = self.declared_fields().flat_map(|declared| {
            let (ty, history) = (declared.field.ty.data_type_name(), &declared.field.history);
            self.uses_of(SpecElement::from(declared), "type", ty, history)
        });
        let of_records = self.types().flat_map(|(file, ty)| {
            let element = Owner::from(ty).element(file, "data type");
            self.uses_of(element, "extends", ty.extends.as_deref(), &ty.history)
        });
        of_fields.chain(of_records)
    }

    fn uses_of(
        &self,
        by: SpecElement<'a>,
        key: &'static str,
        now: Option<&'a str>,
        history: &'a [HistoryEntry],
    ) -> impl Iterator<Item = TypeUse<'a>> {
        let values = if now.is_none() && history.is_empty() {
            Vec::new()
        } else {
            type_references(&by, key, now, history)
        };
        values.into_iter().filter_map(move |TypeReference { name, at, since, until }| {
            let Lookup::Found(file, data_type) = self.lookup(name?) else { return None };
            Some(TypeUse { by, at, is_base: key == "extends", since, until, file, data_type })
        })
    }

    /// All elements with a `since`.
    pub(super) fn elements(&self) -> impl Iterator<Item = SpecElement<'a>> {
        let declared = self.declared_fields().map(SpecElement::from);
        let types = self.types().flat_map(|(file, ty)| {
            let owner = Owner::from(ty);
            let values = if let TypeShape::Enum { values } = &ty.shape { &values[..] } else { &[] };
            let values = values.iter().enumerate().map(move |(nth, value)| SpecElement {
                file,
                place: Some(("values", nth)),
                kind: "value",
                name: &value.name,
                former: value.renamed_from.as_deref(),
                since: &value.since,
                retirement: &value.retirement,
                owner: Some(owner),
            });
            std::iter::once(owner.element(file, "data type")).chain(values)
        });
        let operations = self.operations().flat_map(|(file, operation)| {
            let owner = Owner::from(operation);
            let tags = operation.tags.iter().enumerate().map(move |(nth, tag)| SpecElement {
                file,
                place: Some(("tags", nth)),
                kind: "tag",
                name: &tag.pattern,
                former: None,
                since: &tag.since,
                retirement: &NO_RETIREMENT,
                owner: Some(owner),
            });
            std::iter::once(owner.element(file, "operation")).chain(tags)
        });
        declared.chain(types).chain(operations)
    }
}

impl<'a> From<DeclaredField<'a>> for SpecElement<'a> {
    fn from(declared: DeclaredField<'a>) -> Self {
        let DeclaredField { file, list, index, kind, field, owner } = declared;
        Self {
            file,
            place: Some((list, index)),
            kind,
            name: &field.name,
            former: field.renamed_from.as_deref(),
            since: &field.since,
            retirement: &field.retirement,
            owner,
        }
    }
}

impl<'a> Owner<'a> {
    fn element(self, file: FileId, kind: &'static str) -> SpecElement<'a> {
        let Self { name, former, since, retirement } = self;
        SpecElement { file, place: None, kind, name, former, since, retirement, owner: None }
    }
}

impl<'a> SpecElement<'a> {
    /// The versions that it names, with their keys.
    pub(super) fn versions(&self) -> impl Iterator<Item = (&'static str, &'a Version)> {
        let Retirement { deprecated, removed, .. } = self.retirement;
        let deprecated = deprecated.as_ref().map(|version| ("deprecated", version));
        let removed = removed.as_ref().map(|version| ("removed", version));
        std::iter::once(("since", self.since)).chain(deprecated).chain(removed)
    }

    /// The scope in which its name is unique: its kind, and the file for a part of an element.
    pub(super) fn scope(&self) -> (&'static str, Option<FileId>) {
        (self.kind, self.place.map(|_| self.file))
    }

    /// The path of one of its keys.
    fn path(&self, key: &'static str) -> Path {
        let root = Path::root();
        match self.place {
            Some((list, index)) => root.key(list).index(index).key(key),
            None => root.key(key),
        }
    }

    /// The position of the value of one of its keys.
    pub(super) fn at(&self, key: &'static str) -> At {
        At::value(self.path(key))
    }

    /// Creates a finding about one of its keys.
    pub(super) fn finding(&self, key: &'static str, problem: impl Into<ProblemKind>) -> Finding {
        Finding::new(self.file, self.at(key), problem)
    }

    /// The release that removes it or its owner.
    pub(super) fn end(&self) -> Option<&'a Version> {
        let owner = self.owner.and_then(|owner| owner.retirement.removed.as_ref());
        self.retirement.removed.as_ref().into_iter().chain(owner).min()
    }

    /// Returns whether it or its owner is deprecated.
    pub(super) fn is_deprecated(&self) -> bool {
        let owner = self.owner.is_some_and(|owner| owner.retirement.deprecated.is_some());
        owner || self.retirement.deprecated.is_some()
    }
}
