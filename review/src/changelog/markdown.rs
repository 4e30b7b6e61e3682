//! Formats a section of the changelog as markdown.

use std::collections::BTreeMap;
use std::fmt::{self, Formatter};

use super::{ChangelogEntry, ChangelogGroup, Section};
use crate::report::{code, markdown_name, markdown_sentence, markdown_text};
use crate::{OperationPart, SpecElement};

pub(super) fn section(f: &mut Formatter<'_>, section: &Section) -> fmt::Result {
    writeln!(f, "## {}", section.version)?;
    if section.version.is_unknown() {
        writeln!(f, "\nThe release that introduced these elements is not known.")?;
    }
    if section.entries.is_empty() {
        return writeln!(f, "\nNo changes of requests or responses.");
    }
    for group in section.entries.chunk_by(|a, b| a.group == b.group) {
        let Some(first) = group.first() else { continue };
        writeln!(f, "\n### {}\n", title(first.group))?;
        match first.group {
            ChangelogGroup::Parts => write_parts(f, group)?,
            _ => group.iter().try_for_each(|entry| write_entry(f, entry))?,
        }
    }
    Ok(())
}

const fn title(group: ChangelogGroup) -> &'static str {
    match group {
        ChangelogGroup::Breaking => "Breaking",
        ChangelogGroup::Operations => "New operations",
        ChangelogGroup::Types => "New data types",
        ChangelogGroup::Parts => "New parameters, fields and values",
        ChangelogGroup::Other => "Changed",
        ChangelogGroup::Deprecated => "Deprecated",
        ChangelogGroup::Removed => "Removed",
    }
}

fn write_entry(
    f: &mut Formatter<'_>,
    ChangelogEntry { group, finding, note }: &ChangelogEntry,
) -> fmt::Result {
    let element = &finding.change.element;
    match group {
        ChangelogGroup::Operations | ChangelogGroup::Types => {
            write!(f, "- {}", markdown_text(element.name()))?
        }
        ChangelogGroup::Deprecated | ChangelogGroup::Removed => write!(f, "- {}", markdown_name(element))?,
        ChangelogGroup::Breaking | ChangelogGroup::Parts | ChangelogGroup::Other => {
            write!(f, "- {}", markdown_sentence(&finding.change))?
        }
    }
    if note.is_empty() { writeln!(f) } else { writeln!(f, ": {note}") }
}

/// Writes one line for each operation and data type with new parts.
fn write_parts(f: &mut Formatter<'_>, entries: &[ChangelogEntry]) -> fmt::Result {
    let mut owners: Vec<(&ChangelogEntry, BTreeMap<PartKind, Vec<String>>)> = Vec::new();
    for entry in entries {
        let element = &entry.finding.change.element;
        let owner = element.owner();
        let known = owners.iter_mut().find(|(first, _)| first.finding.change.element.owner() == owner);
        let (kind, name) = (PartKind::of(element), code(element.name()));
        match known {
            Some((_, kinds)) => kinds.entry(kind).or_default().push(name),
            None => owners.push((entry, BTreeMap::from([(kind, vec![name])]))),
        }
    }
    for (first, kinds) in owners {
        let owner = first.finding.change.element.owner();
        let owner = owner.map_or_else(|| "every response".to_owned(), |owner| markdown_text(owner.name()));
        let kinds: Vec<_> = kinds.into_iter().map(|(kind, names)| kind.with_names(&names)).collect();
        writeln!(f, "- {owner}: {}", kinds.join("; "))?;
    }
    Ok(())
}

/// The kinds of parts, in the order of the line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum PartKind {
    Parameter,
    Tag,
    ResponseField,
    Field,
    Value,
    Other,
}

impl PartKind {
    const fn of(element: &SpecElement) -> Self {
        match element {
            SpecElement::OfOperation(_, OperationPart::Parameter, _) => Self::Parameter,
            SpecElement::OfOperation(_, OperationPart::Tag, _) => Self::Tag,
            SpecElement::OfOperation(_, OperationPart::Response, _) => Self::ResponseField,
            SpecElement::Field(..) | SpecElement::Envelope(_) => Self::Field,
            SpecElement::Value(..) => Self::Value,
            _ => Self::Other,
        }
    }

    fn with_names(self, names: &[String]) -> String {
        let word = match self {
            Self::Parameter => "parameter",
            Self::Tag => "system tag",
            Self::ResponseField => "response field",
            Self::Field => "field",
            Self::Value => "value",
            Self::Other => "element",
        };
        let word = match names.len() {
            1 => word.to_owned(),
            _ => format!("{word}s"),
        };
        format!("{word} {}", names.join(", "))
    }
}
