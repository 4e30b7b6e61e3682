//! Names.

use super::Words;

/// What is wrong with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameProblem {
    /// A name whose form its kind does not allow.
    Form {
        /// What it names: `operation`, `field` …
        what: &'static str,
        /// The name.
        name: String,
        /// The form it must have.
        form: &'static str,
    },
    /// A value of which no variant can be made.
    NoVariant {
        /// The value.
        name: String,
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
    /// An error that stands twice.
    ErrorRepeated {
        /// Its code, and that of its cause.
        error: String,
    },
    /// A response field with the name of a key that the server writes.
    ServerKey {
        /// The name.
        name: String,
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

impl NameProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Form { what, name, form } => {
                Words::new("name-form", format!("`{name}` cannot name {}", with_article(what)))
                    .note(format!("the name of {} is {form}", with_article(what)))
            }
            Self::Reserved { what, name, owner } => {
                Words::new("reserved-name", format!("`{name}` cannot name {}", with_article(what)))
                    .label(format!("{owner} has this name"))
                    .note("the generated Rust code could not use it")
                    .help(if *what == "value" {
                        "choose the variant by `rustName`"
                    } else {
                        "choose another name"
                    })
            }
            Self::NoVariant { name } => Words::new(
                "name-form",
                format!("no Rust name can be made of the value `{name}`"),
            )
            .note(
                "a value becomes a variant of its words of ASCII letters and digits; this one has none, \
                         or others as well",
            )
            .help("choose the variant: `rustName: GreaterOrEqual`"),
            Self::RustName { name } => Words::new(
                "rust-name-form",
                format!("`{name}` cannot be the name of a variant"),
            )
            .note(
                "a `rustName` is ASCII letters and digits in upper camel case, and neither `Self` nor \
                         `Unrecognized`, the variant for values of later releases",
            )
            .help("write it like `GreaterOrEqual`"),
            Self::SameButCase { what, name, other } => Words::new(
                "same-but-case",
                format!("the {what} `{name}` differs from the {what} `{other}` by case alone"),
            )
            .note("macOS and Windows do not tell files by case: their sources and pages would be one file")
            .help("choose a name that differs in more than case"),
            Self::Device { what, name } => {
                Words::new("device-name", format!("`{name}` cannot name {}", with_article(what)))
                    .label("Windows takes it for a device")
                    .note("no file or folder can have this name there, in any case and with any extension")
                    .help("choose another name")
            }
            Self::ErrorRepeated { error } => {
                Words::new("error-repeated", format!("the error `{error}` stands twice"))
                    .label("the second one")
                    .note("code, cause and reason are the same")
                    .help("remove one of them, or say by `when` what tells them apart")
            }
            Self::ServerKey { name } => Words::new(
                "server-key",
                format!("`{name}` cannot name a response field"),
            )
            .label("every server writes a key of this name")
            .note("there an answer names its classes to a caller who asks; the key would stand there twice")
            .help("leave it out: no response lists what the server adds"),
            Self::Collision { what, name, other_what, other, .. } if name == other && what == other_what => {
                Words::new("name-collision", format!("there is another {what} `{name}`"))
            }
            Self::Collision { what, name, other_what, other, ident } if name == other => Words::new(
                "name-collision",
                format!("the {what} `{name}` has the name of {}", with_article(other_what)),
            )
            .note(format!("in the generated code both would be `{ident}`")),
            Self::Collision { what, name, other_what, other, ident } => {
                let words = Words::new(
                    "name-collision",
                    format!("the {what} `{name}` collides with the {other_what} `{other}`"),
                )
                .note(format!("in the generated code both would be `{ident}`"));
                if *what == "value" {
                    words.help("give one of them another variant by `rustName`")
                } else {
                    words
                }
            }
            Self::NotTheFile { name, stem } => {
                Words::new("name-not-file", format!("`{name}` stands in the file of `{stem}`"))
                    .note("people and tools find a file by the name of what it holds")
                    .help(format!("rename the file to `{name}.yaml`, or write `name: {stem}`"))
            }
            Self::NotTheFolder { category, folder } => {
                Words::new("category-not-folder", format!("`{category}` is not the folder's name"))
                    .note("an operation stands in the folder of its category")
                    .help(format!("move the file to `operations/{category}/`, or write `category: {folder}`"))
            }
            Self::UnknownCategory { category, suggestion } => {
                Words::new("unknown-category", format!("unknown category `{category}`"))
                    .label("`api.yaml` does not declare it")
                    .did_you_mean(suggestion.as_deref())
            }
            Self::RenamedFromItself { what, name } => {
                Words::new("renamed-from-itself", format!("the {what} `{name}` was called `{name}` before"))
                    .help("write its former name, or leave `renamedFrom` out")
            }
            Self::FormerNameTaken { what, name, former } => Words::new(
                "former-name-taken",
                format!("the {what} `{name}` was called `{former}`, and there is still a {what} `{former}`"),
            )
            .note("nothing has another name as long as the old one is there: one came, and the other stays")
            .help(format!("leave `renamedFrom` out, or say in which release `{former}` is removed")),
        }
    }
}

fn with_article(what: &str) -> String {
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {what}")
}
