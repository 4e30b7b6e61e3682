//! An operation or a data type, explained on a terminal: as it is, or as a
//! release had it.

mod data_type;
mod error;
mod example;
mod facts;
mod operation;
mod page;
mod table;

use std::{fmt, io};

pub use error::ExplainError;
pub use page::Styles;

use crate::samples::{self, Language};
use page::Page;
use zstack_model::{DataType, Model, Operation, Version};

/// How wide a page is where nobody says.
pub const WIDTH: usize = 100;

/// What to explain, as people write it: `CreateVmCdRom`, `VmNicInventory@3.0.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The name of an operation or a data type.
    pub name: String,
    /// As of which version, for [`Service::find_release`](zstack_model::Service::find_release); as of the
    /// newest release where there is none.
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

/// An operation or a data type with the API that it is part of.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// As of the version.
    model: Model,
    name: String,
    /// The version that was asked for.
    at: Option<Version>,
    /// What to know about that version.
    remark: String,
}

/// Finds the operation or the data type of this name, as of a version.
///
/// The version need not be a declared release: what counts is what the platform
/// had then.
///
/// # Errors
///
/// When nothing has this name, or not yet.
pub fn explain(model: &Model, name: &str, at: Option<&Version>) -> Result<Explanation, ExplainError> {
    let found = element(model, name).ok_or_else(|| ExplainError::unknown(model, name))?;
    let Some(at) = at else {
        let (model, name) = (model.clone(), name.to_owned());
        return Ok(Explanation { model, name, at: None, remark: String::new() });
    };
    let slice = model.at(at);
    if element(&slice, name).is_none() {
        return Err(found.absent(at));
    }
    let remark = remark(model, at);
    Ok(Explanation { model: slice, name: name.to_owned(), at: Some(at.clone()), remark })
}

/// Which release counts where the version is none, and what is not of then.
pub(crate) fn remark(model: &Model, at: &Version) -> String {
    let mut remarks = Vec::new();
    let releases = || model.service.releases.iter().map(|release| &release.version);
    if let Some(release) = releases().filter(|release| *release <= at).max().filter(|release| *release != at)
    {
        remarks.push(format!(
            "{at} is no declared release: this is what {release} had, the newest one before it."
        ));
    }
    if releases().any(|release| release > at) {
        remarks.push("Descriptions, errors and notes are those of today.".to_owned());
    }
    remarks.join(" ")
}

/// What a name leads to. No operation has the name of a data type.
enum Element<'a> {
    Operation(&'a Operation),
    DataType(&'a DataType),
}

fn element<'a>(model: &'a Model, name: &str) -> Option<Element<'a>> {
    let operation = model.operation(name).map(Element::Operation);
    operation.or_else(|| model.data_type(name).map(Element::DataType))
}

impl Element<'_> {
    fn absent(&self, at: &Version) -> ExplainError {
        let (what, name, since, retirement) = match self {
            Self::Operation(it) => ("operation", &it.name, &it.since, &it.retirement),
            Self::DataType(it) => ("data type", &it.name, &it.since, &it.retirement),
        };
        let (name, at) = (name.clone(), at.clone());
        match &retirement.removed {
            Some(removed) if *removed <= at => {
                ExplainError::Gone { what, name, removed: removed.clone(), at }
            }
            _ => ExplainError::Later { what, name, since: since.clone(), at },
        }
    }
}

impl Explanation {
    /// Writes the page, with lines that are no wider than `width` where a word
    /// is not.
    ///
    /// # Errors
    ///
    /// What the writer answers.
    pub fn render(&self, out: &mut impl io::Write, styles: &Styles, width: usize) -> io::Result<()> {
        out.write_all(self.page(styles, width).as_bytes())
    }

    /// An operation's examples as samples in a language, one below the other;
    /// nothing of a data type.
    #[must_use]
    pub fn samples(&self, language: Language) -> Option<String> {
        let Some(Element::Operation(operation)) = element(&self.model, &self.name) else { return None };
        let examples = samples::examples(&self.model, operation);
        let texts =
            examples.iter().map(|example| samples::sample(&self.model, operation, example, language).text);
        let mut texts: Vec<_> = texts.collect();
        // The same may be done in vain.
        texts.dedup();
        Some(texts.join("\n"))
    }

    fn page(&self, styles: &Styles, width: usize) -> String {
        let mut page = Page::new(styles, width);
        let as_of = self.at.as_ref().map(|it| format!(", as of {it}")).unwrap_or_default();
        page.title(&self.name, &as_of);
        if !self.remark.is_empty() {
            page.paragraph(&self.remark);
        }
        match element(&self.model, &self.name) {
            Some(Element::Operation(it)) => operation::page(&self.model, it, self.at.as_ref(), &mut page),
            Some(Element::DataType(it)) => data_type::page(&self.model, it, &mut page),
            // `explain` has found it.
            None => {}
        }
        page.section("History", |page| page.table(&facts::history(&self.model, &self.name)));
        page.finish()
    }
}

/// Without colours, as wide as [`WIDTH`].
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.page(&Styles::plain(), WIDTH))
    }
}
