//! Everything that comes with a release, and may leave with one.

use super::owner::Owner;
use super::spec::{Declared, Lookup, Spec};
use crate::diagnostics::ProblemKind;
use crate::findings::{At, FileId, Finding};
use crate::model::{DataType, HistoryEntry, Retirement, TypeShape, Version, Was};
use crate::positions::Path;

/// An operation, a data type, or a part of one.
#[derive(Clone, Copy)]
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

/// Tags stay.
static NO_RETIREMENT: Retirement = Retirement::NONE;

/// A place where a data type is used.
pub(super) struct Use<'a> {
    /// What uses it: a field, a parameter, or a record that extends it.
    pub(super) by: Element<'a>,
    /// The path of the text that names it.
    pub(super) at: Path,
    /// Whether it is the base of a record.
    pub(super) is_base: bool,
    /// Since when it uses it, and the path of the text that says so.
    pub(super) since: (&'a Version, Path),
    /// The release in which it uses something else instead.
    pub(super) until: Option<&'a Version>,
    pub(super) file: FileId,
    pub(super) data_type: &'a DataType,
}

/// What an attribute held, one value after the other.
struct Held<'a> {
    name: Option<&'a str>,
    at: Path,
    since: (&'a Version, Path),
    until: Option<&'a Version>,
}

/// The data types that an attribute of an element named, by its history, and
/// the one that it names now.
fn held<'a>(
    element: &Element<'a>,
    key: &'static str,
    now: Option<&'a str>,
    history: &'a [HistoryEntry],
) -> Vec<Held<'a>> {
    let mut held = Vec::with_capacity(1);
    let mut since = (element.since, element.path("since"));
    for (nth, it) in history.iter().enumerate() {
        let name = match &it.was {
            Was::Type(ty) if key == "type" => ty.named(),
            Was::Extends(base) if key == "extends" => base.as_deref(),
            _ => continue,
        };
        let entry = element.path("history").index(nth);
        let next = (&it.release, entry.key("in"));
        let since = std::mem::replace(&mut since, next);
        held.push(Held { name, at: entry.key("from"), since, until: Some(&it.release) });
    }
    held.push(Held { name: now, at: element.path(key), since, until: None });
    held
}

impl<'a> Spec<'a> {
    /// Every use of a data type that is known, those of the past too.
    pub(super) fn uses(&self) -> impl Iterator<Item = Use<'a>> {
        let of_fields = self.declared().flat_map(|it| {
            let (ty, history) = (it.field.ty.named(), &it.field.history);
            self.uses_of(Element::from(it), "type", ty, history)
        });
        let of_records = self.types().flat_map(|(file, it)| {
            let element = Owner::from(it).element(file, "data type");
            self.uses_of(element, "extends", it.extends.as_deref(), &it.history)
        });
        of_fields.chain(of_records)
    }

    fn uses_of(
        &self,
        by: Element<'a>,
        key: &'static str,
        now: Option<&'a str>,
        history: &'a [HistoryEntry],
    ) -> impl Iterator<Item = Use<'a>> {
        let held =
            if now.is_none() && history.is_empty() { Vec::new() } else { held(&by, key, now, history) };
        held.into_iter().filter_map(move |Held { name, at, since, until }| {
            let Lookup::Found(file, data_type) = self.lookup(name?) else { return None };
            Some(Use { by, at, is_base: key == "extends", since, until, file, data_type })
        })
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

    /// The path of one of its keys.
    fn path(&self, key: &'static str) -> Path {
        let root = Path::root();
        match self.place {
            Some((list, index)) => root.key(list).index(index).key(key),
            None => root.key(key),
        }
    }

    /// The value of one of its keys.
    pub(super) fn at(&self, key: &'static str) -> At {
        At::value(self.path(key))
    }

    /// A problem with one of its keys.
    pub(super) fn finding(&self, key: &'static str, problem: impl Into<ProblemKind>) -> Finding {
        Finding::new(self.file, self.at(key), problem)
    }

    /// The release that ends it: its own, or that of what it is part of.
    pub(super) fn end(&self) -> Option<&'a Version> {
        let owner = self.owner.and_then(|owner| owner.retirement.removed.as_ref());
        self.retirement.removed.as_ref().into_iter().chain(owner).min()
    }

    /// Whether somebody advises against it, or against what it is part of.
    pub(super) fn is_deprecated(&self) -> bool {
        let owner = self.owner.is_some_and(|owner| owner.retirement.deprecated.is_some());
        owner || self.retirement.deprecated.is_some()
    }
}
