//! Explanations of operations and data types for a terminal, current or as of a
//! release.

mod data_type;
mod error;
mod example;
mod operation;
mod page;
mod rows;
mod table;

use std::{fmt, io};

pub use error::ExplainError;
pub use page::Styles;

use crate::samples::{self, Language};
use page::Page;
use zstack_model::examples::examples;
use zstack_model::{DataType, Model, Operation, Version};

/// The default width of a page, in columns.
pub const WIDTH: usize = 100;

/// A name with an optional version: `CreateVmCdRom`, `VmNicInventory@3.0.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The name of an operation or a data type.
    pub name: String,
    /// The version, for [`Service::find_release`](zstack_model::Service::find_release).
    pub at: Option<String>,
}

impl From<&str> for Subject {
    fn from(text: &str) -> Self {
        let (name, at) = match text.split_once('@') {
            Some((name, version)) => (name, Some(version.to_owned())),
            None => (text, None),
        };
        Self { name: name.to_owned(), at }
    }
}

/// An operation or a data type with its model.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// A slice if there is a version.
    model: Model,
    name: String,
    /// The requested version.
    at: Option<Version>,
    /// A note about that version; may be empty.
    note: String,
}

/// Explains the operation or the data type of this name, as of a version.
///
/// The version does not have to be a declared release.
///
/// # Errors
///
/// If the model, or its slice, has no such element.
pub fn explain(model: &Model, name: &str, at: Option<&Version>) -> Result<Explanation, ExplainError> {
    let found = Element::find(model, name).ok_or_else(|| ExplainError::for_unknown_name(model, name))?;
    let Some(at) = at else {
        let (model, name) = (model.clone(), name.to_owned());
        return Ok(Explanation { model, name, at: None, note: String::new() });
    };
    let slice = model.at(at);
    if Element::find(&slice, name).is_none() {
        return Err(found.not_in_release(at));
    }
    let note = version_note(model, at);
    Ok(Explanation { model: slice, name: name.to_owned(), at: Some(*at), note })
}

/// A note about a version that is not a release, or not the newest one.
pub(crate) fn version_note(model: &Model, at: &Version) -> String {
    let mut sentences = Vec::new();
    let releases = || model.service.releases.iter().map(|release| &release.version);
    if let Some(release) = releases().filter(|release| *release <= at).max().filter(|release| *release != at)
    {
        sentences.push(format!(
            "{at} is not a declared release; this is {release}, the newest release before it."
        ));
    }
    if releases().any(|release| release > at) {
        sentences.push("Descriptions, errors and notes are the current ones.".to_owned());
    }
    sentences.join(" ")
}

/// An element that has a page. Operations and data types never share a name.
enum Element<'a> {
    Operation(&'a Operation),
    DataType(&'a DataType),
}

impl<'a> Element<'a> {
    fn find(model: &'a Model, name: &str) -> Option<Self> {
        let operation = model.operation(name).map(Element::Operation);
        operation.or_else(|| model.data_type(name).map(Element::DataType))
    }

    fn not_in_release(&self, at: &Version) -> ExplainError {
        let (kind, name, since, retirement) = match self {
            Self::Operation(operation) => {
                ("operation", &operation.name, &operation.since, &operation.retirement)
            }
            Self::DataType(ty) => ("data type", &ty.name, &ty.since, &ty.retirement),
        };
        let (name, at) = (name.clone(), *at);
        match &retirement.removed {
            Some(removed) if *removed <= at => ExplainError::Removed { kind, name, removed: *removed, at },
            _ => ExplainError::Later { kind, name, since: *since, at },
        }
    }
}

impl Explanation {
    /// Writes the page, wrapped to a width in columns.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn render(&self, out: &mut impl io::Write, styles: &Styles, width: usize) -> io::Result<()> {
        out.write_all(self.page(styles, width).as_bytes())
    }

    /// The samples of an operation's examples in a language, empty if it has no example and none can be
    /// generated; `None` for a data type.
    #[must_use]
    pub fn samples(&self, language: Language) -> Option<String> {
        let operation = self.model.operation(&self.name)?;
        let examples = examples(&self.model, operation);
        let texts =
            examples.iter().map(|example| samples::sample(&self.model, operation, example, language).text);
        let mut texts: Vec<_> = texts.collect();
        // A request may have two examples, a success and a failure.
        texts.dedup();
        Some(texts.join("\n"))
    }

    fn page(&self, styles: &Styles, width: usize) -> String {
        let mut page = Page::new(styles, width);
        let as_of = self.at.as_ref().map(|version| format!(", as of {version}")).unwrap_or_default();
        page.title(&self.name, &as_of);
        if !self.note.is_empty() {
            page.paragraph(&self.note);
        }
        match Element::find(&self.model, &self.name) {
            Some(Element::Operation(operation)) => {
                operation::write_page(&self.model, operation, self.at.as_ref(), &mut page);
            }
            Some(Element::DataType(ty)) => data_type::write_page(&self.model, ty, &mut page),
            // `explain` has checked that it exists.
            None => {}
        }
        page.section("History", |page| page.table(&rows::history(&self.model, &self.name)));
        page.finish()
    }
}

/// Without colors, in [`WIDTH`] columns.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.page(&Styles::plain(), WIDTH))
    }
}
