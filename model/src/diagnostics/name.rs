//! Names.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// What is wrong with a name.
    pub enum NameProblem, of rules NameRule {
        /// A name whose form its kind does not allow.
        Form {
            /// What it names: `operation`, `field` …
            what: &'static str,
            /// The name.
            name: String,
            /// The form it must have; `None` for a value from which no name of a variant can be derived.
            form: Option<&'static str>,
        },
        /// A `rustName` that cannot be a variant.
        RustName {
            /// The name.
            name: String,
        },
        /// Two names that differ by case alone.
        SameButCase {
            /// What both name.
            what: &'static str,
            /// The later name.
            name: String,
            /// The earlier name.
            other: String,
        },
        /// A name that Windows takes for a device.
        Device {
            /// What it names.
            what: &'static str,
            /// The name.
            name: String,
        },
        /// A name that the language or its library keeps for itself.
        Reserved {
            /// What it names.
            what: &'static str,
            /// The name.
            name: String,
            /// What keeps it.
            owner: &'static str,
        },
        /// A response field with the name of a key that the server writes.
        ServerKey {
            /// The name.
            name: String,
        },
        /// An error that stands twice.
        ErrorRepeated {
            /// Its code, and that of its cause.
            error: String,
        },
        /// Two names that are one in the generated code.
        Collision {
            /// What the later one names.
            what: &'static str,
            /// The later name.
            name: String,
            /// What the earlier one names.
            other_what: &'static str,
            /// The earlier name.
            other: String,
            /// The name in the generated code.
            ident: String,
        },
        /// A `name` that is not the file's.
        NotTheFile {
            /// The name.
            name: String,
            /// The file's, without `.yaml`.
            stem: String,
        },
        /// A `category` that is not the folder's name.
        NotTheFolder {
            /// The category.
            category: String,
            /// The folder's name.
            folder: String,
        },
        /// A `category` that `api.yaml` does not declare.
        UnknownCategory {
            /// The category.
            category: String,
            /// The category that was probably meant.
            suggestion: Option<String>,
        },
        /// Something that was called before what it is called now.
        RenamedFromItself {
            /// What it is.
            what: &'static str,
            /// Its name.
            name: String,
        },
        /// Something whose former name is still that of something else.
        FormerNameTaken {
            /// What both are.
            what: &'static str,
            /// Its name.
            name: String,
            /// The other one's.
            former: String,
        },
    }
}

impl NameRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::Form => Rule::error("name-form").title("A name that cannot be one").why(
                "Names become types, members and modules of the generated code, which has one form for \
                     each of them.",
            ),
            Self::RustName => Rule::error("rust-name-form")
                .title("A `rustName` that cannot be the name of a variant")
                .why(
                    "`rustName` is the variant of the generated enum as it stands: ASCII letters and digits \
                     in upper camel case.",
                )
                .excerpts(
                    "- {name: \">=\", rustName: greater or equal, since: \"0.6\"}",
                    "- {name: \">=\", rustName: GreaterOrEqual, since: \"0.6\"}",
                ),
            Self::SameButCase => Rule::error("same-but-case")
                .title("Two operations, or two data types, whose names differ by case alone")
                .why(
                    "Each has files named after it: in the spec, in the generated crates, and pages of the \
                     site. The file systems of macOS and Windows take `GetVmApi.yaml` and `GetVmapi.yaml` \
                     for one file.",
                ),
            Self::Device => Rule::error("device-name").title("A name that Windows takes for a device").why(
                "`CON`, `PRN`, `AUX`, `NUL`, `COM1` and `LPT1` are devices on Windows, in every folder, \
                     in any case and with any extension. Nobody there could check out the spec or the \
                     generated crates.",
            ),
            Self::Reserved => Rule::error("reserved-name")
                .title("A name that Rust or the library keeps for itself")
                .why("The generated code would not compile, or would hide a method that every request has."),
            Self::ServerKey => {
                Rule::error("server-key").title("A response lists a key that the server writes").why(
                    "Servers add `schema` to an answer on demand. A field of that name would put the key \
                     there twice.",
                )
            }
            Self::ErrorRepeated => {
                Rule::error("error-repeated").title("An error stands twice, for the same reason").why(
                    "An operation may answer with one code for several reasons; code, cause and reason \
                     together are the name by which a review knows the error. The same line twice says \
                     nothing more than once.",
                )
            }
            Self::Collision => Rule::error("name-collision")
                .title("Two names that are one in the generated code")
                .why("`vmUuid` and `vm_uuid` differ on the wire, but both become the member `vm_uuid`."),
            Self::NotTheFile => Rule::error("name-not-file")
                .title("A `name` that is not the name of the file")
                .why("People and tools find an operation or a data type by the name of its file."),
            Self::NotTheFolder => Rule::error("category-not-folder")
                .title("A `category` that is not the name of the folder")
                .why(
                    "The folder is what one sees; the category decides about module and cargo feature. They \
                     must not tell different stories.",
                ),
            Self::UnknownCategory => Rule::error("unknown-category")
                .title("A category that `api.yaml` does not declare")
                .why("A category has a title and a place in the documentation, which `api.yaml` gives it."),
            Self::RenamedFromItself => Rule::error("renamed-from-itself")
                .title("A former name that is the name of today")
                .why(
                    "`renamedFrom` tells a review of a change what something was called. One of the two \
                     names is wrong.",
                )
                .excerpts(
                    "- {name: remark, renamedFrom: remark, type: String, since: \"0.6\"}",
                    "- {name: remark, renamedFrom: note, type: String, since: \"0.6\"}",
                ),
            Self::FormerNameTaken => Rule::warning("former-name-taken")
                .title("A former name that something else still has")
                .why(
                    "Who keeps the old element renames nothing: clients may go on using it. A review takes \
                     the two for what they are, and `renamedFrom` says otherwise. Once the old one is \
                     removed in some release, it is right.",
                )
                .excerpts(
                    "- {name: note, type: String, since: \"0.6\"}\n- {name: remark, renamedFrom: note, \
                     type: String, since: \"4.0\"}",
                    "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", \
                     replacement: remark}\n- {name: remark, renamedFrom: note, type: String, since: \
                     \"4.0\"}",
                ),
        }
    }
}

impl NameProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Form { what, name, form: Some(form) } => {
                Words::new(format!("`{name}` cannot name {}", with_article(what)))
                    .note(format!("the name of {} is {form}", with_article(what)))
            }
            Self::Reserved { what, name, owner } => {
                Words::new(format!("`{name}` cannot name {}", with_article(what)))
                    .label(format!("{owner} has this name"))
                    .note("the generated Rust code could not use it")
                    .help(if *what == "value" {
                        "choose the variant by `rustName`"
                    } else {
                        "choose another name"
                    })
            }
            Self::Form { name, form: None, .. } => Words::new(format!(
                "no Rust name can be made of the value `{name}`"
            ))
            .note(
                "a value becomes a variant of its words of ASCII letters and digits; this one has none, \
                         or others as well",
            )
            .help("choose the variant: `rustName: GreaterOrEqual`"),
            Self::RustName { name } => Words::new(format!("`{name}` cannot be the name of a variant"))
                .note(
                    "a `rustName` is ASCII letters and digits in upper camel case, and neither `Self` nor \
                         `Unrecognized`, the variant for values of later releases",
                )
                .help("write it like `GreaterOrEqual`"),
            Self::SameButCase { what, name, other } => Words::new(format!(
                "the {what} `{name}` differs from the {what} `{other}` by case alone"
            ))
            .note("macOS and Windows do not tell files by case: their sources and pages would be one file")
            .help("choose a name that differs in more than case"),
            Self::Device { what, name } => Words::new(format!("`{name}` cannot name {}", with_article(what)))
                .label("Windows takes it for a device")
                .note("no file or folder can have this name there, in any case and with any extension")
                .help("choose another name"),
            Self::ErrorRepeated { error } => Words::new(format!("the error `{error}` stands twice"))
                .label("the second one")
                .note("code, cause and reason are the same")
                .help("remove one of them, or say by `when` what tells them apart"),
            Self::ServerKey { name } => Words::new(format!("`{name}` cannot name a response field"))
                .label("every server writes a key of this name")
                .note(
                    "there an answer names its classes to a caller who asks; the key would stand there twice",
                )
                .help("leave it out: no response lists what the server adds"),
            Self::Collision { what, name, other_what, other, .. } if name == other && what == other_what => {
                Words::new(format!("there is another {what} `{name}`"))
            }
            Self::Collision { what, name, other_what, other, ident } if name == other => {
                Words::new(format!("the {what} `{name}` has the name of {}", with_article(other_what)))
                    .note(format!("in the generated code both would be `{ident}`"))
            }
            Self::Collision { what, name, other_what, other, ident } => {
                let words =
                    Words::new(format!("the {what} `{name}` collides with the {other_what} `{other}`"))
                        .note(format!("in the generated code both would be `{ident}`"));
                if *what == "value" {
                    words.help("give one of them another variant by `rustName`")
                } else {
                    words
                }
            }
            Self::NotTheFile { name, stem } => Words::new(format!("`{name}` stands in the file of `{stem}`"))
                .note("people and tools find a file by the name of what it holds")
                .help(format!("rename the file to `{name}.yaml`, or write `name: {stem}`")),
            Self::NotTheFolder { category, folder } => {
                Words::new(format!("`{category}` is not the folder's name"))
                    .note("an operation stands in the folder of its category")
                    .help(format!("move the file to `operations/{category}/`, or write `category: {folder}`"))
            }
            Self::UnknownCategory { category, suggestion } => {
                Words::new(format!("unknown category `{category}`"))
                    .label("`api.yaml` does not declare it")
                    .did_you_mean(suggestion.as_deref())
            }
            Self::RenamedFromItself { what, name } => {
                Words::new(format!("the {what} `{name}` was called `{name}` before"))
                    .help("write its former name, or leave `renamedFrom` out")
            }
            Self::FormerNameTaken { what, name, former } => Words::new(format!(
                "the {what} `{name}` was called `{former}`, and there is still a {what} `{former}`"
            ))
            .note("nothing has another name as long as the old one is there: one came, and the other stays")
            .help(format!("leave `renamedFrom` out, or say in which release `{former}` is removed")),
        }
    }
}

fn with_article(what: &str) -> String {
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {what}")
}
