//! Keys and values that the language does not have.

use super::Words;

/// What is wrong with a key or with the kind of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapeProblem {
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

impl ShapeProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::NotAMapping { found } => {
                Words::new("not-a-mapping", format!("a spec file is a mapping, this is {found}"))
                    .help("write `key: value` lines")
            }
            Self::UnknownKey { key, suggestion, known } => {
                let words = Words::new("unknown-key", format!("unknown key `{key}`"))
                    .label("there is no such key here");
                match suggestion {
                    Some(_) => words.did_you_mean(suggestion.as_deref()),
                    None => words.help(format!("the keys are {}", list(known))),
                }
            }
            Self::DuplicateKey { key } => {
                Words::new("duplicate-key", format!("the key `{key}` stands twice"))
                    .label("the second one")
                    .help("keep one of them")
            }
            Self::MissingKey { key } => Words::new("missing-key", format!("the key `{key}` is missing"))
                .label(format!("has no `{key}`")),
            Self::SinceMissing => Words::new("since-missing", "this does not say since when it exists")
                .label("has no `since`")
                .note("every element names the first release that has it; none takes it from its owner")
                .help("add `since` with a release that `api.yaml` declares"),
            Self::WrongType { expected, found, quote } => {
                let words = Words::new("wrong-type", format!("expected {expected}, found {found}"))
                    .label(format!("expected {expected}"));
                if *quote { words.help("put it in quotes") } else { words }
            }
            Self::UnknownWord { word, allowed, suggestion } => {
                let words = Words::new("unknown-word", format!("`{word}` is not possible here"));
                let possible = format!("possible are {}", list(allowed));
                match suggestion {
                    Some(_) => words.note(possible).did_you_mean(suggestion.as_deref()),
                    None => words.help(possible),
                }
            }
            Self::Hidden { character } => {
                let code = u32::from(*character);
                Words::new("hidden-character", format!("this text has the character U+{code:04X}"))
                    .label(hidden(*character))
                    .note(
                        "texts go into code, pages and terminals, where such a character ends a line, or makes \
                         the text read as another",
                    )
                    .help("remove it; a line that ends in a description is a line feed, as YAML writes it")
            }
            Self::NotOneLine { is_blank } => {
                let what = if *is_blank { "this text is blank" } else { "this text has several lines" };
                Words::new("not-one-line", what)
                    .label("must be one line")
                    .note("it becomes a heading, a row of a list, or the first line of documentation")
                    .help("write one line here, and the rest into `description`")
            }
            Self::VersionNotQuoted { text } => {
                Words::new("version-not-quoted", format!("the version {text} has no quotes"))
                    .label("YAML reads a number here")
                    .note("a number loses its trailing zeros: 3.10 would become 3.1")
                    .help(format!("write \"{text}\""))
            }
            Self::BodyNotQuoted => Words::new("body-not-quoted", "`body: null` has no quotes")
                .label("YAML reads nothing here")
                .note("the platform encloses some bodies in a key that is literally named \"null\"")
                .help("write \"null\" for that key, or none for no body"),
            Self::Refused(why) => Words::new("refused", why.clone()).label("found here"),
        }
    }
}

fn list(words: &[String]) -> String {
    words.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
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
