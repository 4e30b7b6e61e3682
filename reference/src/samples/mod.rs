//! Samples: the call of an example of the spec in several languages.
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
mod made;
mod message;
mod python;
mod shell;
mod tokens;

use std::fmt::Display;
use std::str::FromStr;

pub use made::examples;
pub use tokens::{Token, TokenKind};

use message::Message;
use zstack_model::diagnostics::is_invisible;
use zstack_model::{Example, Model, Operation};

/// The longest line of a sample, where nothing in it is longer by itself.
const WIDTH: usize = 90;

/// A language that samples are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// HTTP by hand, in a POSIX shell.
    Curl,
    /// The client of this repository.
    Rust,
    /// The platform's Java SDK.
    Java,
    /// Python 3, its standard library alone.
    Python,
    /// Go, its standard library alone.
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

    /// Lower-case, for command lines and addresses.
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

    /// For people.
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
        Self::ALL.into_iter().find(|it| it.name() == text).ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}

/// There are no samples in this language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are no samples in `{}`; the languages are {}", .0.escape_debug(), names())]
pub struct UnknownLanguage(String);

fn names() -> String {
    Language::ALL.map(Language::name).join(", ")
}

/// A call in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The language.
    pub language: Language,
    /// The text of a file; it ends with a line feed.
    pub text: String,
}

impl Sample {
    /// The text in pieces, for highlighting; one after the other they are the
    /// text.
    #[must_use]
    pub fn tokens(&self) -> Vec<Token<'_>> {
        tokens::tokens(self.language, &self.text)
    }
}

/// An example in every language.
#[must_use]
pub fn samples(model: &Model, operation: &Operation, example: &Example) -> Vec<Sample> {
    let message = Message::new(model, operation, example);
    let written = Language::ALL.map(|language| Sample { language, text: write(language, &message) });
    written.into()
}

/// An example in one language.
#[must_use]
pub fn sample(model: &Model, operation: &Operation, example: &Example, language: Language) -> Sample {
    Sample { language, text: write(language, &Message::new(model, operation, example)) }
}

fn write(language: Language, message: &Message<'_>) -> String {
    match language {
        Language::Curl => curl::write(message),
        Language::Rust => zstack_codegen::emit::sample(
            message.model,
            message.operation,
            message.example,
            message.needs_session(),
        ),
        Language::Java => java::write(message),
        Language::Python => python::write(message),
        Language::Go => go::write(message),
        Language::JavaScript => javascript::write(message),
        Language::Cli => cli::write(message),
    }
}

/// The text of a file from its template, which has no line feed at its end.
fn file(template: impl Display) -> String {
    format!("{template}\n")
}

/// A string literal in double quotes; `escaped` writes invisible characters.
fn quoted(text: &str, escaped: impl Fn(char) -> String) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            character if is_invisible(character) => quoted.push_str(&escaped(character)),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A character as `\uXXXX`, one for each of its UTF-16 units.
fn utf16_escape(character: char) -> String {
    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

#[cfg(test)]
mod tests;
