//! Files and folders.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "no-spec-folder",
        "The folder of the spec does not exist",
        "A spec is a folder. Without it there is nothing to check, and an empty answer would look like a spec \
         that holds.",
    ),
    Rule::error(
        "no-api-file",
        "The spec has no `api.yaml`",
        "`api.yaml` declares the releases and the categories that every other file refers to.",
    ),
    Rule::error(
        "unreadable",
        "A file or a folder cannot be read",
        "What cannot be read cannot be checked; leaving it out would silently remove a part of the API. A symbolic \
         link is not followed: what it leads to may lie outside of the spec, and a commit does not have it.",
    ),
    Rule::error(
        "file-too-large",
        "A file is larger than a spec file can be",
        "An operation takes a few thousand bytes. A megabyte is a file that got here by mistake, and reading it \
         would only delay telling so.",
    ),
    Rule::error(
        "not-utf8",
        "A file is not UTF-8",
        "Texts of the spec go into Rust code and JSON, which are UTF-8; guessing another encoding would garble \
         them.",
    ),
    Rule::error(
        "empty-file",
        "A file has no content",
        "An empty file says nothing about the operation or the data type it is named after.",
    ),
    Rule::error(
        "conflict-markers",
        "A file has a merge conflict that nobody resolved",
        "The file holds two versions of the same lines. Which of them is meant, or what of both, only the people \
         who wrote them can tell.",
    ),
    Rule::error(
        "lock-unreadable",
        "The lock of releases cannot be read",
        "Without it nobody sees that a release which is out has changed. It has a line for each release, and \
         `cargo xtask release` writes it.",
    ),
    Rule::error("syntax", "A file is not YAML", "Nothing of it can be used until it can be read."),
    Rule::error(
        "alias-not-allowed",
        "A file has an anchor or an alias",
        "A review reads what a file says where it says it. Aliases hide that in another place, and a few lines \
         of them can expand to gigabytes.",
    ),
    Rule::error(
        "tag-not-allowed",
        "A file has a YAML tag",
        "A tag changes what a value is, differently in each YAML library. The language has no use for any.",
    ),
    Rule::error(
        "nesting-too-deep",
        "A file nests more than 64 levels deep",
        "No example of a real value nests like that, and a reader that follows any depth can be made to run out \
         of stack.",
    ),
    Rule::error(
        "several-documents",
        "A file holds more than one YAML document",
        "A file is one operation or one data type and has its name; a second document would not be found by it.",
    ),
    Rule::error(
        "stray-file",
        "A file or a folder does not belong here",
        "A misplaced or misspelt file would be left out without a word, and with it a part of the API.",
    ),
];
