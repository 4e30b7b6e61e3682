//! Keys and values that the language does not have.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// What is wrong with a key or with the kind of its value.
    pub enum ShapeProblem, of rules ShapeRule {
        /// The file as a whole is no mapping.
        NotAMapping {
            /// What it is.
            found: String,
        },
        /// A key that does not exist here.
        UnknownKey {
            /// The key.
            key: String,
            /// The key that was probably meant.
            suggestion: Option<String>,
            /// The keys that exist here.
            known: Vec<String>,
        },
        /// A key that stands twice.
        DuplicateKey {
            /// The key.
            key: String,
        },
        /// A key that must be there.
        MissingKey {
            /// The key.
            key: String,
        },
        /// An element that does not say since when it exists.
        SinceMissing,
        /// A value of the wrong kind.
        WrongType {
            /// The kind it must have.
            expected: String,
            /// What it is.
            found: String,
            /// Whether quotes would make it right.
            quote: bool,
        },
        /// A word that is none of those allowed.
        UnknownWord {
            /// The word.
            word: String,
            /// The words allowed.
            allowed: Vec<String>,
            /// The word that was probably meant.
            suggestion: Option<String>,
        },
        /// A text with a character that cannot be seen.
        Hidden {
            /// The first of them.
            character: char,
        },
        /// A text that must have one line, and has several or none.
        NotOneLine {
            /// Whether it is blank.
            is_blank: bool,
        },
        /// A version without quotes.
        VersionNotQuoted {
            /// As written.
            text: String,
        },
        /// `body: null` without quotes.
        BodyNotQuoted,
        /// A shape that only the reader objects to, in its words.
        Refused(String),
    }
}

impl ShapeRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::NotAMapping => Rule::error("not-a-mapping")
                .title("A file is a text or a list, not `key: value` lines")
                .why("All that a file says has a key; without keys there is nothing to look up."),
            Self::UnknownKey => {
                Rule::error("unknown-key").title("A key that the language does not have").why(
                    "A misspelt key that is ignored loses what it was to say: `requried: true` would make \
                     an optional parameter.",
                )
            }
            Self::DuplicateKey => Rule::error("duplicate-key")
                .title("A key stands twice")
                .why("Readers of YAML disagree on which of the two counts."),
            Self::MissingKey => Rule::error("missing-key").title("A key that must be there is not").why(
                "What the key says cannot be derived from the others, and a default would be a guess \
                     about the wire.",
            ),
            Self::SinceMissing => Rule::error("since-missing")
                .title("An element does not say since when it exists")
                .why(
                    "A client of an older release is told by `since` what it must not send, and what it \
                     cannot expect. An element without one would count as always there, which is the \
                     mistake nobody notices in a review. Nothing is taken from what an element is part of.",
                )
                .excerpts(
                    "fields:\n  - {name: state, type: VmState}",
                    "fields:\n  - {name: state, type: VmState, since: \"3.3.0\"}",
                ),
            Self::WrongType => Rule::error("wrong-type").title("A value of the wrong kind").why(
                "A number is no text and a text no list. Converting it would hide that something else \
                     was meant.",
            ),
            Self::UnknownWord => Rule::error("unknown-word").title("A word that is not possible here").why(
                "The key has a few possible values, each with a meaning for the generator; there is \
                     none for others.",
            ),
            Self::Hidden => Rule::error("hidden-character")
                .title("A text with a character that cannot be seen")
                .why(
                    "A carriage return, a NUL or an override of the direction of text ends a line of \
                     generated code, controls a terminal, or makes a reviewer read something else than the \
                     file holds. Texts have line feeds and tabs; values of examples and defaults may have \
                     any character, since all formats escape them.",
                )
                .excerpts("summary: \"Starts a VM\\r\"", "summary: Starts a VM."),
            Self::NotOneLine => Rule::error("not-one-line")
                .title("A text of several lines, or a blank one, where one line is needed")
                .why(
                    "Titles, summaries, names, units and patterns become headings, rows and the first lines \
                     of documentation, which have one line each.",
                )
                .excerpts(
                    "summary: |\n  Starts a VM.\n  It must be stopped.",
                    "summary: Starts a VM.\ndescription: It must be stopped.",
                ),
            Self::VersionNotQuoted => Rule::error("version-not-quoted")
                .title("A version without quotes")
                .why("YAML reads 3.10 as a number, which is 3.1: another release.")
                .excerpts("since: 3.10", "since: \"3.10\""),
            Self::BodyNotQuoted => Rule::error("body-not-quoted")
                .title("`body: null` without quotes")
                .why("YAML reads nothing there, but the platform has bodies whose key is the text \"null\".")
                .excerpts("body: null", "body: \"null\""),
            Self::Refused => Rule::error("refused").title("A value that only the reader objects to").why(
                "The schema allows it and the reader does not, so that it cannot be used; its own words \
                     say what it expects.",
            ),
        }
    }
}

impl ShapeProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::NotAMapping { found } => Words::new(format!("a spec file is a mapping, this is {found}"))
                .help("write `key: value` lines"),
            Self::UnknownKey { key, suggestion, known } => {
                let words = Words::new(format!("unknown key `{key}`")).label("there is no such key here");
                match suggestion {
                    Some(_) => words.did_you_mean(suggestion.as_deref()),
                    None => words.help(format!("the keys are {}", list(known))),
                }
            }
            Self::DuplicateKey { key } => Words::new(format!("the key `{key}` stands twice"))
                .label("the second one")
                .help("keep one of them"),
            Self::MissingKey { key } => {
                Words::new(format!("the key `{key}` is missing")).label(format!("has no `{key}`"))
            }
            Self::SinceMissing => Words::new("this does not say since when it exists")
                .label("has no `since`")
                .note("every element names the first release that has it; none takes it from its owner")
                .help("add `since` with a release that `api.yaml` declares"),
            Self::WrongType { expected, found, quote } => {
                let words = Words::new(format!("expected {expected}, found {found}"))
                    .label(format!("expected {expected}"));
                if *quote { words.help("put it in quotes") } else { words }
            }
            Self::UnknownWord { word, allowed, suggestion } => {
                let words = Words::new(format!("`{word}` is not possible here"));
                let possible = format!("possible are {}", list(allowed));
                match suggestion {
                    Some(_) => words.note(possible).did_you_mean(suggestion.as_deref()),
                    None => words.help(possible),
                }
            }
            Self::Hidden { character } => {
                let code = u32::from(*character);
                Words::new(format!("this text has the character U+{code:04X}"))
                    .label(hidden(*character))
                    .note(
                        "texts go into code, pages and terminals, where such a character ends a line, or makes \
                         the text read as another",
                    )
                    .help("remove it; a line that ends in a description is a line feed, as YAML writes it")
            }
            Self::NotOneLine { is_blank } => {
                let what = if *is_blank { "this text is blank" } else { "this text has several lines" };
                Words::new(what)
                    .label("must be one line")
                    .note("it becomes a heading, a row of a list, or the first line of documentation")
                    .help("write one line here, and the rest into `description`")
            }
            Self::VersionNotQuoted { text } => Words::new(format!("the version {text} has no quotes"))
                .label("YAML reads a number here")
                .note("a number loses its trailing zeros: 3.10 would become 3.1")
                .help(format!("write \"{text}\"")),
            Self::BodyNotQuoted => Words::new("`body: null` has no quotes")
                .label("YAML reads nothing here")
                .note("the platform encloses some bodies in a key that is literally named \"null\"")
                .help("write \"null\" for that key, or none for no body"),
            Self::Refused(why) => Words::new(why.clone()).label("found here"),
        }
    }
}

fn list(words: &[String]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// What a character does that cannot be seen.
fn hidden(it: char) -> &'static str {
    match it {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => "ends a line",
        it if it.is_control() => "a control character",
        '\u{feff}' => "a byte order mark",
        _ => "changes the direction of text",
    }
}
