//! Files and folders that cannot be read, or should not be there.

use super::Words;

/// What is wrong with a file or a folder as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileProblem {
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
    /// The lock of releases cannot be read, and why.
    Lock(String),
    /// Something that does not belong into the spec's folder.
    Stray {
        /// The name it should have, if that can be told.
        rename: Option<String>,
    },
}

impl FileProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::NoFolder => Words::new("no-spec-folder", "there is no spec in this folder")
                .note("the folder does not exist")
                .help("name the folder that holds `api.yaml`"),
            Self::NoApiFile => Words::new("no-api-file", "the spec has no `api.yaml`")
                .note("`api.yaml` declares the service, its releases and its categories"),
            Self::Unreadable(why) => Words::new("unreadable", format!("this cannot be read: {why}")),
            Self::TooLarge { size, limit } => {
                Words::new("file-too-large", format!("this file has {size} bytes"))
                    .note(format!("a spec file may have {limit}; it was not read"))
                    .help("one operation or one data type goes into one file")
            }
            Self::NotUtf8 => Words::new("not-utf8", "this file is not UTF-8")
                .label("not UTF-8 from here on")
                .help("save it as UTF-8"),
            Self::Empty => Words::new("empty-file", "this file has no content"),
            Self::Conflict => Words::new("conflict-markers", "a merge left a conflict in this file")
                .label("a line of the merge, not of the file")
                .note("a conflict goes from `<<<<<<<` over `=======` to `>>>>>>>`")
                .help("write what both sides mean, and remove the lines of the merge"),
            Self::Syntax(why) => Words::new("syntax", format!("this is not YAML: {why}")).label("found here"),
            Self::AliasNotAllowed => {
                Words::new("alias-not-allowed", "a spec file has no anchors and no aliases")
                    .note("what a file says has to stand where it is said")
                    .help("write the value out; a text that begins with `&` or `*` needs quotes")
            }
            Self::TagNotAllowed => Words::new("tag-not-allowed", "a spec file has no YAML tags")
                .help("remove it; a text that begins with `!` needs quotes"),
            Self::NestingTooDeep => Words::new("nesting-too-deep", "this nests more than 64 levels deep"),
            Self::SeveralDocuments => Words::new("several-documents", "a spec file is one YAML document")
                .label("the second one begins here")
                .help("move it into a file of its own"),
            Self::Lock(why) => Words::new("lock-unreadable", "the lock of releases cannot be read")
                .label(why)
                .note("only `cargo xtask release` writes it")
                .help("take it from the commit before, and close the release again"),
            Self::Stray { rename } => {
                let words = Words::new("stray-file", "this does not belong here").note(
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
