//! Keys and the kinds of their values.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "not-a-mapping",
        "A file is a text or a list, not `key: value` lines",
        "All that a file says has a key; without keys there is nothing to look up.",
    ),
    Rule::error(
        "unknown-key",
        "A key that the language does not have",
        "A misspelt key that is ignored loses what it was to say: `requried: true` would make an optional \
         parameter.",
    ),
    Rule::error(
        "duplicate-key",
        "A key stands twice",
        "Readers of YAML disagree on which of the two counts.",
    ),
    Rule::error(
        "missing-key",
        "A key that must be there is not",
        "What the key says cannot be derived from the others, and a default would be a guess about the wire.",
    ),
    Rule::error(
        "wrong-type",
        "A value of the wrong kind",
        "A number is no text and a text no list. Converting it would hide that something else was meant.",
    ),
    Rule::error(
        "unknown-word",
        "A word that is not possible here",
        "The key has a few possible values, each with a meaning for the generator; there is none for others.",
    ),
    Rule::error(
        "hidden-character",
        "A text with a character that cannot be seen",
        "A carriage return, a NUL or an override of the direction of text ends a line of generated code, controls \
         a terminal, or makes a reviewer read something else than the file holds. Texts have line feeds and tabs; \
         values of examples and defaults may have any character, since all formats escape them.",
    )
    .excerpts("summary: \"Starts a VM\\r\"", "summary: Starts a VM."),
    Rule::error(
        "not-one-line",
        "A text of several lines, or a blank one, where one line is needed",
        "Titles, summaries, names, units and patterns become headings, rows and the first lines of documentation, \
         which have one line each.",
    )
    .excerpts(
        "summary: |\n  Starts a VM.\n  It must be stopped.",
        "summary: Starts a VM.\ndescription: It must be stopped.",
    ),
    Rule::error(
        "version-not-quoted",
        "A version without quotes",
        "YAML reads 3.10 as a number, which is 3.1: another release.",
    )
    .excerpts("since: 3.10", "since: \"3.10\""),
    Rule::error(
        "body-not-quoted",
        "`body: null` without quotes",
        "YAML reads nothing there, but the platform has bodies whose key is the text \"null\".",
    )
    .excerpts("body: null", "body: \"null\""),
    Rule::error(
        "refused",
        "A value that only the reader objects to",
        "The schema allows it and the reader does not, so that it cannot be used; its own words say what it \
         expects.",
    ),
];
