//! Problems with data types and their use.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with the declaration or the use of a type.
    pub enum TypeProblem {
        Unknown { name: String, suggestion: Option<String> } =
            Error "unknown-type": "Undeclared type",
            "The type is neither built in nor declared by a file in `types/`.";
        Syntax { text: String, why: &'static str } =
            Error "type-syntax": "Invalid type",
            "A type is a name, `List<T>` or `Map<String,T>`.";
        MapKey { key: String } =
            Error "map-key-type": "Map with keys other than texts",
            "A map is a JSON object on the wire, and the keys of JSON objects are texts.";
        FieldsOrValues { both: bool } =
            Error "fields-or-values": "Data type with both `fields` and `values`, or with neither",
            "A data type is either a record, which has fields, or an enum, which has values.";
        NoValues =
            Error "enum-without-values": "Enum without values",
            "No text would be valid.";
        NativeEnum =
            Error "native-enum": "Native enum",
            "Only records can be written by hand. Enums are always generated, so that they preserve values \
             of later releases.";
        NativePath { path: String } =
            Error "native-path": "`native` is not the path of a Rust type",
            "The generated code re-exports the type by this path and would not compile.";
        ExtendsEnum { name: String } =
            Error "extends-not-a-record": "`extends` with an enum",
            "A record that extends another one inherits its fields; enums have no fields.";
        ExtendsCycle { cycle: Vec<String> } =
            Error "extends-cycle": "Record that extends itself",
            "The list of its fields would be infinite.";
        Infinite { cycle: Vec<String> } =
            Error "infinite-type": "Record that contains itself through required fields",
            "Every value would have to contain another value of the same type, so no finite value exists.";
    }
}

impl TypeProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::Unknown { name, suggestion } => ProblemText::new(format!("unknown type `{name}`"))
                .label("no data type has this name")
                .did_you_mean(suggestion.as_deref()),
            Self::Syntax { text, why } => ProblemText::new(format!("`{text}` is not a type: {why}"))
                .help("write a name, `List<T>` or `Map<String,T>`"),
            Self::MapKey { key } => ProblemText::new(format!("the key type of a map cannot be `{key}`"))
                .note("the keys of a JSON object are texts")
                .help("write `Map<String,…>`"),
            Self::FieldsOrValues { both: true } => {
                ProblemText::new("this type has both `fields` and `values`")
                    .note("a record has `fields`, an enum has `values`")
            }
            Self::FieldsOrValues { both: false } => {
                ProblemText::new("this type has neither `fields` nor `values`")
                    .help("add `fields` for a record or `values` for an enum")
            }
            Self::NoValues => ProblemText::new("this enum has no values").note("no text would be valid"),
            Self::NativeEnum => ProblemText::new("an enum cannot be native")
                .note("only records can be written by hand; their `fields` describe the wire"),
            Self::NativePath { path } => ProblemText::new(format!("`{path}` is not the path of a Rust type"))
                .help("write a path such as `zstack_runtime::ErrorCode`"),
            Self::ExtendsEnum { name } => {
                ProblemText::new(format!("`{name}` is an enum and cannot be used with `extends`"))
                    .note("only a record can extend a record; enums have no fields to inherit")
            }
            Self::ExtendsCycle { cycle } => {
                ProblemText::new(format!("`{}` extends itself", cycle.join(" → ")))
                    .help("remove one `extends` of the cycle")
            }
            Self::Infinite { cycle } => ProblemText::new(format!("`{}` contains itself", cycle.join(" → ")))
                .note("all fields of the cycle are required, so no finite value exists")
                .help("make one of the fields optional"),
        }
    }
}
