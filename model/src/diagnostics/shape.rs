//! Problems with keys and with the form of their values.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with a key or with the form of its value.
    pub enum ShapeProblem {
        NotAMapping { found: String } =
            Error "not-a-mapping": "File without `key: value` lines",
            "Everything in a spec file is the value of a key.";
        UnknownKey { key: String, suggestion: Option<String>, known: Vec<String> } =
            Error "unknown-key": "Unknown key",
            "If a misspelled key were ignored, its value would be lost: `requried: true` would declare an \
             optional parameter.";
        DuplicateKey { key: String } =
            Error "duplicate-key": "Duplicate key",
            "YAML libraries disagree on which of the two values applies.";
        MissingKey { key: String } =
            Error "missing-key": "Missing key",
            "The value cannot be derived from other keys, and a default would be a guess about the wire.";
        SinceMissing =
            Error "since-missing": "Element without `since`",
            "Clients of an older release rely on `since` to know what they may send and expect. Without it, \
             an element would seem to exist in every release, a mistake that reviews overlook. Elements do \
             not inherit it from their parent.",
            wrong "fields:\n  - {name: state, type: VmState}",
            right "fields:\n  - {name: state, type: VmState, since: \"3.3.0\"}";
        WrongType {
            expected: String,
            found: String,
            /// True if quotes correct it.
            quote: bool
        } =
            Error "wrong-type": "Value of the wrong kind",
            "A number is not a text, and a text is not a list. A conversion would hide a mistake.";
        ValueNotAllowed { word: String, allowed: Vec<String>, suggestion: Option<String> } =
            Error "value-not-allowed": "Value that the key does not allow",
            "The key has a fixed set of values, each with a meaning for the generator.";
        Hidden { character: char } =
            Error "hidden-character": "Text with an invisible character",
            "Carriage returns, NUL and direction overrides end lines of generated code, control terminals, \
             or show reviewers another text than the file contains. Texts may contain line feeds and tabs; \
             values of examples and defaults may contain any character, since all formats escape them.",
            wrong "summary: \"Starts a VM\\r\"",
            right "summary: Starts a VM.";
        NotOneLine { is_blank: bool } =
            Error "not-one-line": "Blank or multi-line text where one line is required",
            "Titles, summaries, names, units and patterns become headings, table rows and the first lines of \
             documentation, which have one line each.",
            wrong "summary: |\n  Starts a VM.\n  It must be stopped.",
            right "summary: Starts a VM.\ndescription: It must be stopped.";
        VersionNotQuoted { text: String } =
            Error "version-not-quoted": "Version without quotes",
            "YAML reads 3.10 as the number 3.1, which is another release.",
            wrong "since: 3.10",
            right "since: \"3.10\"";
        BodyNotQuoted =
            Error "body-not-quoted": "`body: null` without quotes",
            "YAML reads null as no value, but some bodies of the platform have a key with the literal name \
             \"null\".",
            wrong "body: null",
            right "body: \"null\"";
        Rejected(/** The message of the parser. */ String) =
            Error "value-rejected": "Value rejected by the parser",
            "The value matches the schema, but the parser cannot read it; its message says what it expects.";
    }
}

impl ShapeProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::NotAMapping { found } => ProblemText::new(format!("expected a mapping, found {found}"))
                .help("write `key: value` lines"),
            Self::UnknownKey { key, suggestion, known } => {
                let text = ProblemText::new(format!("unknown key `{key}`")).label("not allowed here");
                match suggestion {
                    Some(_) => text.did_you_mean(suggestion.as_deref()),
                    None => text.help(format!("the allowed keys are {}", list(known))),
                }
            }
            Self::DuplicateKey { key } => ProblemText::new(format!("duplicate key `{key}`"))
                .label("the second one")
                .help("remove one of them"),
            Self::MissingKey { key } => {
                ProblemText::new(format!("missing key `{key}`")).label(format!("lacks `{key}`"))
            }
            Self::SinceMissing => ProblemText::new("this element has no `since`")
                .label("lacks `since`")
                .note(
                    "every element names the first release that has it, and does not inherit it from its \
                       parent",
                )
                .help("add `since` with a release that `api.yaml` declares"),
            Self::WrongType { expected, found, quote } => {
                let text = ProblemText::new(format!("expected {expected}, found {found}"))
                    .label(format!("expected {expected}"));
                if *quote { text.help("put it in quotes") } else { text }
            }
            Self::ValueNotAllowed { word, allowed, suggestion } => {
                let text = ProblemText::new(format!("`{word}` is not allowed here"));
                let values = format!("the allowed values are {}", list(allowed));
                match suggestion {
                    Some(_) => text.note(values).did_you_mean(suggestion.as_deref()),
                    None => text.help(values),
                }
            }
            Self::Hidden { character } => {
                let code = u32::from(*character);
                ProblemText::new(format!("this text contains the character U+{code:04X}"))
                    .label(effect_of(*character))
                    .note(
                        "texts are shown in code, pages and terminals, where such a character ends a line or \
                         disguises the text",
                    )
                    .help("remove it; in descriptions, end lines with a line feed")
            }
            Self::NotOneLine { is_blank } => {
                ProblemText::new(if *is_blank { "this text is blank" } else { "this text has several lines" })
                    .label("must be one line")
                    .note("it becomes a heading, a table row or the first line of documentation")
                    .help("write one line here and the rest in `description`")
            }
            Self::VersionNotQuoted { text } => {
                ProblemText::new(format!("the version {text} must be in quotes"))
                    .label("YAML reads this as a number")
                    .note("numbers lose trailing zeros: 3.10 would become 3.1")
                    .help(format!("write \"{text}\""))
            }
            Self::BodyNotQuoted => ProblemText::new("`null` must be in quotes")
                .label("YAML reads this as no value")
                .note("the platform encloses some bodies in a key with the literal name \"null\"")
                .help("write \"null\" for that key, or `none` for no body"),
            Self::Rejected(why) => ProblemText::new(why.clone()).label("found here"),
        }
    }
}

fn list(words: &[String]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Describes the effect of an invisible character.
fn effect_of(character: char) -> &'static str {
    match character {
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => "ends a line",
        character if character.is_control() => "a control character",
        '\u{feff}' => "a byte order mark",
        _ => "changes the direction of text",
    }
}
