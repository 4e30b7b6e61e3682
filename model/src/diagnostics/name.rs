//! Problems with names.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with a name.
    pub enum NameProblem {
        Form {
            kind: &'static str,
            name: String,
            /// The required form; `None` for a value from which no variant name can be derived.
            form: Option<&'static str>
        } =
            Error "name-form": "Name in the wrong form",
            "Names become types, members and modules of the generated code, and each of them has one form.";
        RustName { name: String } =
            Error "rust-name-form": "`rustName` that cannot be the name of a variant",
            "`rustName` is the name of the variant in the generated enum: ASCII letters and digits in upper \
             camel case.",
            wrong "- {name: \">=\", rustName: greater or equal, since: \"0.6\"}",
            right "- {name: \">=\", rustName: GreaterOrEqual, since: \"0.6\"}";
        CaseCollision { kind: &'static str, name: String, other: String } =
            Error "name-case-collision": "Two operations or data types whose names differ only in case",
            "Files of the spec, of the generated crates and of the reference site are named after them. The \
             file systems of macOS and Windows treat `GetVmApi.yaml` and `GetVmapi.yaml` as the same file.";
        WindowsDevice { kind: &'static str, name: String } =
            Error "windows-device-name": "Name of a Windows device",
            "Windows reserves `CON`, `PRN`, `AUX`, `NUL`, `COM1` and `LPT1` for devices, in every folder, in \
             any case and with any extension. The spec and the generated crates could not be checked out \
             there.";
        Reserved {
            kind: &'static str,
            name: String,
            /// The element that has the name.
            owner: &'static str
        } =
            Error "reserved-name": "Name reserved by Rust or by the library",
            "The generated code would not compile, or would hide a method that every request has.";
        ResponseKey { name: String } =
            Error "response-key-reserved": "Response field named like a key that servers add",
            "Servers add `schema` to a response on demand, so a field of that name would make the key a \
             duplicate.";
        DuplicateError {
            /// The code of the error and that of its cause.
            error: String
        } =
            Error "error-duplicate": "Duplicate error",
            "An operation may return the same code for several reasons, and an error is identified by its \
             code, its cause and its reason. An identical entry adds nothing.";
        Collision {
            kind: &'static str,
            name: String,
            other_kind: &'static str,
            other: String,
            /// The name that both have in the generated code.
            ident: String
        } =
            Error "name-collision": "Two elements with the same name in the generated code",
            "For example, `vmUuid` and `vm_uuid` differ on the wire, but both become the member `vm_uuid`.";
        FileMismatch {
            name: String,
            /// The name of the file without `.yaml`.
            stem: String
        } =
            Error "name-file-mismatch": "`name` differs from the file name",
            "Readers and tools find an operation or a data type by the name of its file.";
        FolderMismatch { category: String, folder: String } =
            Error "category-folder-mismatch": "`category` differs from the folder name",
            "Readers see the folder, while the category determines the module and the cargo feature, so the \
             two must agree.";
        UnknownCategory { category: String, suggestion: Option<String> } =
            Error "unknown-category": "Undeclared category",
            "`api.yaml` gives each category a title and a position in the documentation.";
        RenamedFromItself { kind: &'static str, name: String } =
            Error "renamed-from-itself": "Former name equal to the current name",
            "`renamedFrom` records the previous name of an element, so one of the two names is wrong.",
            wrong "- {name: remark, renamedFrom: remark, type: String, since: \"0.6\"}",
            right "- {name: remark, renamedFrom: note, type: String, since: \"0.6\"}";
        FormerNameTaken { kind: &'static str, name: String, former: String } =
            Warning "former-name-taken": "Former name still used by another element",
            "If the old element still exists, the new one was added and not renamed: clients may keep using \
             the old one. `renamedFrom` is correct once the old element is removed in some release.",
            wrong "- {name: note, type: String, since: \"0.6\"}\n- {name: remark, renamedFrom: note, type: \
                   String, since: \"4.0\"}",
            right "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", \
                   replacement: remark}\n- {name: remark, renamedFrom: note, type: String, since: \"4.0\"}";
    }
}

impl NameProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::Form { kind, name, form: Some(form) } => {
                ProblemText::new(format!("`{name}` is not a valid name for {}", with_article(kind)))
                    .note(format!("the name of {} must be {form}", with_article(kind)))
            }
            Self::Form { name, form: None, .. } => {
                ProblemText::new(format!("no Rust name can be derived from the value `{name}`"))
                    .note(
                        "the variant is named after the words of a value, which must consist of ASCII \
                         letters and digits",
                    )
                    .help("name the variant with `rustName`, such as `rustName: GreaterOrEqual`")
            }
            Self::Reserved { kind, name, owner } => {
                ProblemText::new(format!("`{name}` is not a valid name for {}", with_article(kind)))
                    .label(format!("{owner} has this name"))
                    .note("the generated Rust code could not use it")
                    .help(if *kind == "value" {
                        "name the variant with `rustName`"
                    } else {
                        "choose another name"
                    })
            }
            Self::RustName { name } => {
                ProblemText::new(format!("`{name}` is not a valid name for a variant"))
                    .note(
                        "a `rustName` is ASCII letters and digits in upper camel case, except `Self` and \
                         `Unrecognized`, the variant for values of later releases",
                    )
                    .help("write a name such as `GreaterOrEqual`")
            }
            Self::CaseCollision { kind, name, other } => ProblemText::new(format!(
                "the names of the {kind} `{name}` and the {kind} `{other}` differ only in case"
            ))
            .note(
                "macOS and Windows ignore the case of file names, so their source files and pages would \
                   collide",
            )
            .help("choose a name that differs in more than case"),
            Self::WindowsDevice { kind, name } => {
                ProblemText::new(format!("`{name}` is not a valid name for {}", with_article(kind)))
                    .label("reserved for a device on Windows")
                    .note("Windows allows no file or folder of this name, in any case and with any extension")
                    .help("choose another name")
            }
            Self::DuplicateError { error } => {
                ProblemText::new(format!("the error `{error}` is listed twice"))
                    .label("the second one")
                    .note("code, cause and reason are the same")
                    .help("remove one of them, or distinguish them with `when`")
            }
            Self::ResponseKey { name } => {
                ProblemText::new(format!("`{name}` is not a valid name for a response field"))
                    .label("every server adds a key of this name")
                    .note("the key names the classes of a response on demand, and would be a duplicate")
                    .help("remove the field; responses do not list keys that servers add")
            }
            Self::Collision { kind, name, other_kind, other, .. } if name == other && kind == other_kind => {
                ProblemText::new(format!("another {kind} has the name `{name}`"))
            }
            Self::Collision { kind, name, other_kind, other, ident } if name == other => ProblemText::new(
                format!("the {kind} `{name}` has the same name as {}", with_article(other_kind)),
            )
            .note(format!("in the generated code both would be `{ident}`")),
            Self::Collision { kind, name, other_kind, other, ident } => {
                let text =
                    ProblemText::new(format!("the {kind} `{name}` collides with the {other_kind} `{other}`"))
                        .note(format!("in the generated code both would be `{ident}`"));
                if *kind == "value" {
                    text.help("give one of them another variant with `rustName`")
                } else {
                    text
                }
            }
            Self::FileMismatch { name, stem } => {
                ProblemText::new(format!("`{name}` is declared in the file of `{stem}`"))
                    .note("readers and tools find an element by the name of its file")
                    .help(format!("rename the file to `{name}.yaml`, or write `name: {stem}`"))
            }
            Self::FolderMismatch { category, folder } => {
                ProblemText::new(format!("the category `{category}` differs from the folder name"))
                    .note("the file of an operation is in the folder of its category")
                    .help(format!("move the file to `operations/{category}/`, or write `category: {folder}`"))
            }
            Self::UnknownCategory { category, suggestion } => {
                ProblemText::new(format!("unknown category `{category}`"))
                    .label("`api.yaml` does not declare it")
                    .did_you_mean(suggestion.as_deref())
            }
            Self::RenamedFromItself { kind, name } => {
                ProblemText::new(format!("the former name of the {kind} `{name}` is its current name"))
                    .help("write its former name, or remove `renamedFrom`")
            }
            Self::FormerNameTaken { kind, name, former } => ProblemText::new(format!(
                "the {kind} `{name}` was renamed from `{former}`, but the {kind} `{former}` still exists"
            ))
            .note("while the old element exists, the new one was added and not renamed")
            .help(format!("remove `renamedFrom`, or write in which release `{former}` is removed")),
        }
    }
}

fn with_article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {kind}")
}
