//! Types.

use super::Words;

/// What is wrong with a type, where it is declared or used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeProblem {
    /// A name that no type has.
    Unknown {
        /// The name.
        name: String,
        /// The type that was probably meant.
        suggestion: Option<String>,
    },
    /// A text that is no type at all.
    Syntax {
        /// The text.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A map whose key is not text.
    MapKey {
        /// The type of the key.
        key: String,
    },
    /// A data type with both `fields` and `values`, or with neither.
    FieldsOrValues {
        /// Whether it has both.
        both: bool,
    },
    /// An enum without values.
    NoValues,
    /// `native` on an enum.
    NativeEnum,
    /// `native` is no path to a Rust type.
    NativePath {
        /// As written.
        path: String,
    },
    /// `extends` on an enum, or of one.
    ExtendsNoRecord {
        /// The enum.
        name: String,
    },
    /// A record that extends itself.
    ExtendsCycle {
        /// The types on the way back to itself.
        cycle: Vec<String>,
    },
    /// A record that contains itself and could never be written down.
    Endless {
        /// The types on the way back to itself.
        cycle: Vec<String>,
    },
}

impl TypeProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Unknown { name, suggestion } => {
                Words::new("unknown-type", format!("unknown type `{name}`"))
                    .label("no data type has this name")
                    .did_you_mean(suggestion.as_deref())
            }
            Self::Syntax { text, why } => Words::new("type-syntax", format!("`{text}` is not a type: {why}"))
                .help("a type is a name, `List<T>` or `Map<String,T>`"),
            Self::MapKey { key } => Words::new("map-key", format!("the key of a map cannot be `{key}`"))
                .note("the keys of a JSON object are texts")
                .help("write `Map<String,…>`"),
            Self::FieldsOrValues { both: true } => {
                Words::new("fields-or-values", "this type has both `fields` and `values`")
                    .note("a record has `fields`, an enum has `values`")
            }
            Self::FieldsOrValues { both: false } => {
                Words::new("fields-or-values", "this type has neither `fields` nor `values`")
                    .help("a record has `fields`, an enum has `values`")
            }
            Self::NoValues => {
                Words::new("no-values", "this enum has no values").note("no text would be one of it")
            }
            Self::NativeEnum => Words::new("native-enum", "an enum cannot be native")
                .note("only a record can be written by hand; its `fields` say what is on the wire"),
            Self::NativePath { path } => {
                Words::new("native-path", format!("`{path}` is no path to a Rust type"))
                    .help("write it like `zstack_runtime::ErrorCode`")
            }
            Self::ExtendsNoRecord { name } => {
                Words::new("extends-no-record", format!("`{name}` is an enum, which extends nothing"))
                    .note("only a record can extend a record; an enum has no fields to give or to take")
            }
            Self::ExtendsCycle { cycle } => {
                Words::new("extends-cycle", format!("`{}` extends itself", cycle.join(" → ")))
                    .help("remove one of the `extends`")
            }
            Self::Endless { cycle } => {
                Words::new("endless-type", format!("`{}` contains itself", cycle.join(" → ")))
                    .note("with only required fields on the way no value of it could ever end")
                    .help("make one of the fields optional")
            }
        }
    }
}
