//! Problems with files and folders as a whole.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with a file or a folder as a whole.
    pub enum FileProblem {
        NoFolder =
            Error "no-spec-folder": "Spec folder does not exist",
            "A spec is a folder. If a missing one counted as empty, it would look like a valid spec.";
        NoApiFile =
            Error "no-api-file": "Spec without `api.yaml`",
            "`api.yaml` declares the releases and the categories that all other files refer to.";
        Unreadable(/** The reason, from the operating system. */ String) =
            Error "unreadable": "Unreadable file or folder",
            "Skipping it would silently remove a part of the API. Symbolic links are not followed: their \
             targets may lie outside the spec, and commits do not contain them.";
        TooLarge {
            /// In bytes.
            size: u64,
            /// In bytes.
            limit: u64
        } =
            Error "file-too-large": "File too large for a spec file",
            "An operation takes a few thousand bytes, so a file of more than a megabyte is here by mistake.";
        NotUtf8 =
            Error "not-utf8": "File not encoded in UTF-8",
            "Texts of the spec are copied to Rust code and JSON, which are UTF-8, and guessing the encoding \
             would garble them.";
        Empty =
            Error "empty-file": "Empty file",
            "It does not describe the operation or the data type that it is named after.";
        Conflict =
            Error "conflict-markers": "Unresolved merge conflict",
            "The file contains two versions of the same lines, and only their authors know the intended one.";
        Lock(/** The reason. */ String) =
            Error "lock-unreadable": "Unreadable lock of releases",
            "Without it, changes to released versions go unnoticed. The lock has a line for each release, \
             and `cargo xtask release` writes it.";
        Syntax(/** The message of the parser. */ String) =
            Error "yaml-syntax": "Invalid YAML",
            "The file cannot be read until its syntax is correct.";
        AliasNotAllowed =
            Error "alias-not-allowed": "Anchor or alias",
            "Reviewers should see a value where it applies. Aliases move it elsewhere, and a few lines of \
             them can expand to gigabytes.";
        TagNotAllowed =
            Error "tag-not-allowed": "YAML tag",
            "Tags change the meaning of a value, differently in each YAML library, and the spec language \
             does not need them.";
        NestingTooDeep =
            Error "nesting-too-deep": "Nesting deeper than 64 levels",
            "Real examples do not nest this deeply, and unlimited nesting could exhaust the stack of the \
             reader.";
        SeveralDocuments =
            Error "multiple-documents": "File with more than one YAML document",
            "A file describes one operation or one data type and is named after it; a second document could \
             not be found by its name.";
        Stray {
            /// The correct name, if it is obvious.
            rename: Option<String>
        } =
            Error "stray-file": "Unexpected file or folder",
            "Ignoring a misplaced or misspelled file would silently remove a part of the API.";
    }
}

impl FileProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::NoFolder => ProblemText::new("the spec folder does not exist")
                .help("pass the folder that contains `api.yaml`"),
            Self::NoApiFile => ProblemText::new("the spec has no `api.yaml`")
                .note("`api.yaml` declares the service, its releases and its categories"),
            Self::Unreadable(why) => ProblemText::new(format!("cannot read this: {why}")),
            Self::TooLarge { size, limit } => ProblemText::new(format!("this file has {size} bytes"))
                .note(format!("a spec file may have at most {limit} bytes; the file was not read"))
                .help("use one file for each operation and data type"),
            Self::NotUtf8 => ProblemText::new("this file is not encoded in UTF-8")
                .label("invalid from here")
                .help("save it as UTF-8"),
            Self::Empty => ProblemText::new("this file is empty"),
            Self::Conflict => ProblemText::new("this file contains an unresolved merge conflict")
                .label("conflict marker")
                .note(
                    "a conflict begins with `<<<<<<<`, has `=======` in the middle, and ends with `>>>>>>>`",
                )
                .help("resolve the conflict and remove the markers"),
            Self::Syntax(why) => ProblemText::new(format!("invalid YAML: {why}")).label("found here"),
            Self::AliasNotAllowed => ProblemText::new("anchors and aliases are not allowed in spec files")
                .note("reviewers should see a value where it applies")
                .help("write the value out; a text that begins with `&` or `*` needs quotes"),
            Self::TagNotAllowed => ProblemText::new("YAML tags are not allowed in spec files")
                .help("remove the tag; a text that begins with `!` needs quotes"),
            Self::NestingTooDeep => ProblemText::new("this nests more than 64 levels deep"),
            Self::SeveralDocuments => ProblemText::new("a spec file must contain one YAML document")
                .label("the second one begins here")
                .help("move it to a file of its own"),
            Self::Lock(why) => ProblemText::new("the lock of releases cannot be read")
                .label(why)
                .note("only `cargo xtask release` writes it")
                .help("restore it from the previous commit and close the release again"),
            Self::Stray { rename } => {
                let text = ProblemText::new("this does not belong here").note(
                    "a spec consists of `api.yaml`, `types/<Type>.yaml` and \
                     `operations/<category>/<Operation>.yaml`",
                );
                match rename {
                    Some(name) => text.help(format!("rename it to `{name}`")),
                    None => text,
                }
            }
        }
    }
}
