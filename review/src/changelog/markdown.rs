//! A section as markdown.

use std::collections::BTreeMap;
use std::fmt::{self, Formatter};

use super::{ChangelogEntry, Group, Section};
use crate::report::{code, escaped, named, told};
use crate::{Element, Part};

pub(super) fn section(f: &mut Formatter<'_>, it: &Section) -> fmt::Result {
    writeln!(f, "## {}", it.version)?;
    if it.version.is_unknown() {
        writeln!(f, "\nNobody knows which release these came with.")?;
    }
    if it.entries.is_empty() {
        return writeln!(f, "\nNothing that clients send or receive.");
    }
    for group in it.entries.chunk_by(|a, b| a.group == b.group) {
        let Some(first) = group.first() else { continue };
        writeln!(f, "\n### {}\n", title(first.group))?;
        match first.group {
            Group::Parts => parts(f, group)?,
            _ => group.iter().try_for_each(|group| line(f, group))?,
        }
    }
    Ok(())
}

const fn title(group: Group) -> &'static str {
    match group {
        Group::Breaking => "Breaking",
        Group::Operations => "New operations",
        Group::Types => "New data types",
        Group::Parts => "New parameters, fields and values",
        Group::Other => "Changed",
        Group::Deprecated => "Deprecated",
        Group::Removed => "Removed",
    }
}

fn line(f: &mut Formatter<'_>, ChangelogEntry { group, finding, note }: &ChangelogEntry) -> fmt::Result {
    let element = &finding.change.element;
    match group {
        Group::Operations | Group::Types => write!(f, "- {}", escaped(element.name()))?,
        Group::Deprecated | Group::Removed => write!(f, "- {}", named(element))?,
        Group::Breaking | Group::Parts | Group::Other => write!(f, "- {}", told(&finding.change))?,
    }
    if note.is_empty() { writeln!(f) } else { writeln!(f, ": {note}") }
}

/// One line for each operation and data type, which has most of what is new at
/// once.
fn parts(f: &mut Formatter<'_>, entries: &[ChangelogEntry]) -> fmt::Result {
    let mut owners: Vec<(&ChangelogEntry, BTreeMap<Kind, Vec<String>>)> = Vec::new();
    for it in entries {
        let element = &it.finding.change.element;
        let owner = element.owner();
        let known = owners.iter_mut().find(|(first, _)| first.finding.change.element.owner() == owner);
        let (kind, name) = (Kind::of(element), code(element.name()));
        match known {
            Some((_, kinds)) => kinds.entry(kind).or_default().push(name),
            None => owners.push((it, BTreeMap::from([(kind, vec![name])]))),
        }
    }
    for (first, kinds) in owners {
        let owner = first.finding.change.element.owner();
        let owner = owner.map_or_else(|| "every answer".to_owned(), |owner| escaped(owner.name()));
        let kinds: Vec<_> = kinds.into_iter().map(|(kind, names)| kind.of_names(&names)).collect();
        writeln!(f, "- {owner}: {}", kinds.join("; "))?;
    }
    Ok(())
}

/// What is part of something, in the order of the line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Parameter,
    Tag,
    Answer,
    Field,
    Value,
    Other,
}

impl Kind {
    const fn of(element: &Element) -> Self {
        match element {
            Element::OfOperation(_, Part::Parameter, _) => Self::Parameter,
            Element::OfOperation(_, Part::Tag, _) => Self::Tag,
            Element::OfOperation(_, Part::Response, _) => Self::Answer,
            Element::Field(..) | Element::Envelope(_) => Self::Field,
            Element::Value(..) => Self::Value,
            _ => Self::Other,
        }
    }

    fn of_names(self, names: &[String]) -> String {
        let word = match self {
            Self::Parameter => "parameter",
            Self::Tag => "system tag",
            Self::Answer => "field of the answer",
            Self::Field => "field",
            Self::Value => "value",
            Self::Other => "element",
        };
        let word = match (names.len(), self) {
            (1, _) => word.to_owned(),
            (_, Self::Answer) => "fields of the answer".to_owned(),
            _ => format!("{word}s"),
        };
        format!("{word} {}", names.join(", "))
    }
}
