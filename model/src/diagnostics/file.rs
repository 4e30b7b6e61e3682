//! Files and folders that cannot be read, or should not be there.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// What is wrong with a file or a folder as a whole.
    pub enum FileProblem, of rules FileRule {
        /// The folder of the spec does not exist.
        NoFolder,
        /// There is no `api.yaml`.
        NoApiFile,
        /// The operating system refused, in its own words.
        Unreadable(String),
        /// The file is larger than a spec file can be.
        TooLarge {
            /// Its size in bytes.
            size: u64,
            /// The most that is read.
            limit: u64,
        },
        /// The file is not UTF-8.
        NotUtf8,
        /// The file has no content.
        Empty,
        /// The file has lines that a merge left in it.
        Conflict,
        /// The lock of releases cannot be read, and why.
        Lock(String),
        /// The file is not YAML, in the words of the parser.
        Syntax(String),
        /// The file has an anchor or an alias.
        AliasNotAllowed,
        /// The file has a tag.
        TagNotAllowed,
        /// The file nests too deeply.
        NestingTooDeep,
        /// The file has more than one document.
        SeveralDocuments,
        /// Something that does not belong into the spec's folder.
        Stray {
            /// The name it should have, if that can be told.
            rename: Option<String>,
        },
    }
}

impl FileRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::NoFolder => {
                Rule::error("no-spec-folder").title("The folder of the spec does not exist").why(
                    "A spec is a folder. Without it there is nothing to check, and an empty answer would \
                     look like a spec that holds.",
                )
            }
            Self::NoApiFile => Rule::error("no-api-file")
                .title("The spec has no `api.yaml`")
                .why("`api.yaml` declares the releases and the categories that every other file refers to."),
            Self::Unreadable => Rule::error("unreadable").title("A file or a folder cannot be read").why(
                "What cannot be read cannot be checked; leaving it out would silently remove a part of \
                     the API. A symbolic link is not followed: what it leads to may lie outside of the \
                     spec, and a commit does not have it.",
            ),
            Self::TooLarge => {
                Rule::error("file-too-large").title("A file is larger than a spec file can be").why(
                    "An operation takes a few thousand bytes. A megabyte is a file that got here by \
                     mistake, and reading it would only delay telling so.",
                )
            }
            Self::NotUtf8 => Rule::error("not-utf8").title("A file is not UTF-8").why(
                "Texts of the spec go into Rust code and JSON, which are UTF-8; guessing another \
                     encoding would garble them.",
            ),
            Self::Empty => Rule::error("empty-file")
                .title("A file has no content")
                .why("An empty file says nothing about the operation or the data type it is named after."),
            Self::Conflict => {
                Rule::error("conflict-markers").title("A file has a merge conflict that nobody resolved").why(
                    "The file holds two versions of the same lines. Which of them is meant, or what of \
                     both, only the people who wrote them can tell.",
                )
            }
            Self::Lock => Rule::error("lock-unreadable").title("The lock of releases cannot be read").why(
                "Without it nobody sees that a release which is out has changed. It has a line for each \
                     release, and `cargo xtask release` writes it.",
            ),
            Self::Syntax => Rule::error("syntax")
                .title("A file is not YAML")
                .why("Nothing of it can be used until it can be read."),
            Self::AliasNotAllowed => {
                Rule::error("alias-not-allowed").title("A file has an anchor or an alias").why(
                    "A review reads what a file says where it says it. Aliases hide that in another place, \
                     and a few lines of them can expand to gigabytes.",
                )
            }
            Self::TagNotAllowed => Rule::error("tag-not-allowed").title("A file has a YAML tag").why(
                "A tag changes what a value is, differently in each YAML library. The language has no \
                     use for any.",
            ),
            Self::NestingTooDeep => {
                Rule::error("nesting-too-deep").title("A file nests more than 64 levels deep").why(
                    "No example of a real value nests like that, and a reader that follows any depth can be \
                     made to run out of stack.",
                )
            }
            Self::SeveralDocuments => {
                Rule::error("several-documents").title("A file holds more than one YAML document").why(
                    "A file is one operation or one data type and has its name; a second document would not \
                     be found by it.",
                )
            }
            Self::Stray => Rule::error("stray-file").title("A file or a folder does not belong here").why(
                "A misplaced or misspelt file would be left out without a word, and with it a part of \
                     the API.",
            ),
        }
    }
}

impl FileProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::NoFolder => Words::new("there is no spec in this folder")
                .note("the folder does not exist")
                .help("name the folder that holds `api.yaml`"),
            Self::NoApiFile => Words::new("the spec has no `api.yaml`")
                .note("`api.yaml` declares the service, its releases and its categories"),
            Self::Unreadable(why) => Words::new(format!("this cannot be read: {why}")),
            Self::TooLarge { size, limit } => Words::new(format!("this file has {size} bytes"))
                .note(format!("a spec file may have {limit}; it was not read"))
                .help("one operation or one data type goes into one file"),
            Self::NotUtf8 => {
                Words::new("this file is not UTF-8").label("not UTF-8 from here on").help("save it as UTF-8")
            }
            Self::Empty => Words::new("this file has no content"),
            Self::Conflict => Words::new("a merge left a conflict in this file")
                .label("a line of the merge, not of the file")
                .note("a conflict goes from `<<<<<<<` over `=======` to `>>>>>>>`")
                .help("write what both sides mean, and remove the lines of the merge"),
            Self::Syntax(why) => Words::new(format!("this is not YAML: {why}")).label("found here"),
            Self::AliasNotAllowed => Words::new("a spec file has no anchors and no aliases")
                .note("what a file says has to stand where it is said")
                .help("write the value out; a text that begins with `&` or `*` needs quotes"),
            Self::TagNotAllowed => Words::new("a spec file has no YAML tags")
                .help("remove it; a text that begins with `!` needs quotes"),
            Self::NestingTooDeep => Words::new("this nests more than 64 levels deep"),
            Self::SeveralDocuments => Words::new("a spec file is one YAML document")
                .label("the second one begins here")
                .help("move it into a file of its own"),
            Self::Lock(why) => Words::new("the lock of releases cannot be read")
                .label(why)
                .note("only `cargo xtask release` writes it")
                .help("take it from the commit before, and close the release again"),
            Self::Stray { rename } => {
                let words = Words::new("this does not belong here").note(
                    "a spec is `api.yaml`, `types/<Type>.yaml` and \
                     `operations/<category>/<Operation>.yaml`",
                );
                match rename {
                    Some(name) => words.help(format!("rename it to `{name}`")),
                    None => words,
                }
            }
        }
    }
}
