//! Code samples: a call of an operation in several languages.
//!
//! A sample is complete: it reads the server from `ZSTACK_URL` and the session
//! from `ZSTACK_SESSION`, waits for the end of a job, and prints the response.
//!
//! The programs are the templates in `reference/templates/samples/`; each
//! language's module quotes the values for them.

mod cli;
mod curl;
mod go;
mod java;
mod javascript;
mod json;
mod python;
mod sample_request;
mod shell;
mod tokens;

use std::fmt::Display;
use std::str::FromStr;

pub use tokens::{Token, TokenKind};

use sample_request::SampleRequest;
use zstack_model::diagnostics::is_invisible;
use zstack_model::{Example, Model, Operation};

/// The longest line of a sample, unless a single value is longer.
const WIDTH: usize = 90;

/// A language of samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// curl in a POSIX shell.
    Curl,
    /// The client of this repository.
    Rust,
    /// The platform's Java SDK.
    Java,
    /// Python 3 with its standard library only.
    Python,
    /// Go with its standard library only.
    Go,
    /// A module for Node.js 18 or newer.
    JavaScript,
    /// `zstack-cli`, the platform's command line.
    Cli,
}

impl Language {
    /// All languages, in the order of [`samples`].
    pub const ALL: [Self; 7] =
        [Self::Curl, Self::Rust, Self::Java, Self::Python, Self::Go, Self::JavaScript, Self::Cli];

    /// Returns the name for command lines and URLs, in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Rust => "rust",
            Self::Java => "java",
            Self::Python => "python",
            Self::Go => "go",
            Self::JavaScript => "javascript",
            Self::Cli => "cli",
        }
    }

    /// Returns the name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Rust => "Rust",
            Self::Java => "Java",
            Self::Python => "Python",
            Self::Go => "Go",
            Self::JavaScript => "JavaScript",
            Self::Cli => "zstack-cli",
        }
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL
            .into_iter()
            .find(|language| language.name() == text)
            .ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}

/// The error for a language without samples.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are no samples in `{}`; use one of {}", .0.escape_debug(), names())]
pub struct UnknownLanguage(String);

fn names() -> String {
    Language::ALL.map(Language::name).join(", ")
}

/// A sample in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The language.
    pub language: Language,
    /// The text of the file, with a line feed at its end.
    pub text: String,
}

impl Sample {
    /// Returns the tokens of the text, for highlighting; concatenated, they are the
    /// text.
    #[must_use]
    pub fn tokens(&self) -> Vec<Token<'_>> {
        tokens::tokens(self.language, &self.text)
    }
}

/// Returns the samples of an example in all languages.
#[must_use]
pub fn samples(model: &Model, operation: &Operation, example: &Example) -> Vec<Sample> {
    let request = SampleRequest::new(model, operation, example);
    Language::ALL.map(|language| Sample { language, text: write(language, &request) }).into()
}

/// Returns the sample of an example in one language.
#[must_use]
pub fn sample(model: &Model, operation: &Operation, example: &Example, language: Language) -> Sample {
    Sample { language, text: write(language, &SampleRequest::new(model, operation, example)) }
}

fn write(language: Language, request: &SampleRequest<'_>) -> String {
    match language {
        Language::Curl => curl::write(request),
        Language::Rust => zstack_codegen::emit::sample(
            request.model,
            request.operation,
            request.example,
            request.needs_session(),
        ),
        Language::Java => java::write(request),
        Language::Python => python::write(request),
        Language::Go => go::write(request),
        Language::JavaScript => javascript::write(request),
        Language::Cli => cli::write(request),
    }
}

/// The text of a file, from a template without a final line feed.
fn file(template: impl Display) -> String {
    format!("{template}\n")
}

/// A string literal in double quotes; `escape` is for invisible characters.
fn quote(text: &str, escape: impl Fn(char) -> String) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            character if is_invisible(character) => literal.push_str(&escape(character)),
            character => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

/// A character as `\uXXXX`, once for each of its UTF-16 units.
fn utf16_escape(character: char) -> String {
    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

#[cfg(test)]
mod tests;
