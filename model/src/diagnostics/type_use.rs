//! Types.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// What is wrong with a type, where it is declared or used.
    pub enum TypeProblem, of rules TypeRule {
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
}

impl TypeRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::Unknown => Rule::error("unknown-type").title("A type that nothing declares").why(
                "It is neither built in nor a file in `types/`, so that nobody knows what its values \
                     look like.",
            ),
            Self::Syntax => Rule::error("type-syntax")
                .title("A text that is no type")
                .why("A type is a name, `List<T>` or `Map<String,T>`; anything else cannot be taken apart."),
            Self::MapKey => Rule::error("map-key")
                .title("A map whose keys are no texts")
                .why("A map is a JSON object on the wire, and the keys of an object are texts."),
            Self::FieldsOrValues => Rule::error("fields-or-values")
                .title("A data type with both `fields` and `values`, or with neither")
                .why("Fields make it a record, values an enum. It has to be one of the two."),
            Self::NoValues => Rule::error("no-values")
                .title("An enum without values")
                .why("No text could ever be one of it."),
            Self::NativeEnum => Rule::error("native-enum").title("An enum that is `native`").why(
                "Only a record can be written by hand: the generator writes every enum so that values \
                     of later releases are kept.",
            ),
            Self::NativePath => Rule::error("native-path")
                .title("`native` is no path to a Rust type")
                .why("The generated code re-exports the type by this path and would not compile."),
            Self::ExtendsNoRecord => {
                Rule::error("extends-no-record").title("`extends` on an enum, or of one").why(
                    "To extend is to have the fields of another record besides one's own; an enum has none.",
                )
            }
            Self::ExtendsCycle => Rule::error("extends-cycle")
                .title("A record that extends itself")
                .why("Its fields would be its own, and those again, without end."),
            Self::Endless => Rule::error("endless-type")
                .title("A record that contains itself by required fields alone")
                .why(
                    "A value of it would need a value of it, which would need another: none could ever be \
                     written down.",
                ),
        }
    }
}

impl TypeProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Unknown { name, suggestion } => Words::new(format!("unknown type `{name}`"))
                .label("no data type has this name")
                .did_you_mean(suggestion.as_deref()),
            Self::Syntax { text, why } => Words::new(format!("`{text}` is not a type: {why}"))
                .help("a type is a name, `List<T>` or `Map<String,T>`"),
            Self::MapKey { key } => Words::new(format!("the key of a map cannot be `{key}`"))
                .note("the keys of a JSON object are texts")
                .help("write `Map<String,…>`"),
            Self::FieldsOrValues { both: true } => Words::new("this type has both `fields` and `values`")
                .note("a record has `fields`, an enum has `values`"),
            Self::FieldsOrValues { both: false } => Words::new("this type has neither `fields` nor `values`")
                .help("a record has `fields`, an enum has `values`"),
            Self::NoValues => Words::new("this enum has no values").note("no text would be one of it"),
            Self::NativeEnum => Words::new("an enum cannot be native")
                .note("only a record can be written by hand; its `fields` say what is on the wire"),
            Self::NativePath { path } => Words::new(format!("`{path}` is no path to a Rust type"))
                .help("write it like `zstack_runtime::ErrorCode`"),
            Self::ExtendsNoRecord { name } => {
                Words::new(format!("`{name}` is an enum, which extends nothing"))
                    .note("only a record can extend a record; an enum has no fields to give or to take")
            }
            Self::ExtendsCycle { cycle } => Words::new(format!("`{}` extends itself", cycle.join(" → ")))
                .help("remove one of the `extends`"),
            Self::Endless { cycle } => Words::new(format!("`{}` contains itself", cycle.join(" → ")))
                .note("with only required fields on the way no value of it could ever end")
                .help("make one of the fields optional"),
        }
    }
}
