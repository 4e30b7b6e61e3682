//! Fields of data types and responses, and parameters.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Execution, FieldAttributes, Json, Line, ParameterAttributes, PastValue, Place, Text, Version};
use crate::model::Source;

/// Declares fields and parameters, which have most keys in common.
macro_rules! fields_and_parameters {
    ($($(#[$attribute:meta])* $key:ident: $type:ty,)*) => {
        /// A field of a data type or of a response.
        #[derive(Clone, Debug, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct Field {
            $($(#[$attribute])* pub $key: $type,)*
            /// True if the field is always present.
            #[serde(default)]
            pub required: bool,
            /// The previous values of changed attributes, in the order of releases.
            #[serde(default)]
            pub history: Vec<PastValue<FieldAttributes>>,
        }

        /// A parameter of an operation.
        #[derive(Clone, Debug, Deserialize, JsonSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct Parameter {
            $($(#[$attribute])* pub $key: $type,)*
            /// True if calls must contain the parameter.
            pub required: bool,
            /// The part of the request that contains the parameter.
            pub r#in: Place,
            /// True if the parameter is under the key that encloses the body's parameters; `false` puts it
            /// next to that key. Only with `in: body`.
            pub enclosed: Option<bool>,
            /// The previous values of changed attributes, in the order of releases.
            #[serde(default)]
            pub history: Vec<PastValue<ParameterAttributes>>,
        }

        impl Parameter {
            /// Removes the keys that only parameters have.
            pub fn into_field(self) -> Field {
                Field {
                    $($key: self.$key,)*
                    required: self.required,
                    history: self.history.into_iter().map(PastValue::from).collect(),
                }
            }
        }
    };
}

fields_and_parameters! {
    /// The name on the wire.
    name: Line,
    /// `String`, `Boolean`, `Integer`, `Long`, `Double`, `Timestamp`, `Uuid`, `Any`, `List<T>`,
    /// `Map<String,T>` or the name of a data type.
    r#type: Line,
    /// The resource that it identifies: the value is the UUID, or a list of UUIDs, of resources of this kind, such
    /// as `VmInstance`.
    refers: Option<Line>,
    /// The first release that has it.
    since: Version,
    /// One or more sentences for the documentation.
    description: Option<Text>,
    /// The origin of the information.
    #[serde(default)]
    source: Source,
    /// The values that the official document prints where they differ from the wire.
    documented: Option<Documented>,
    /// The maximum length of a text, in UTF-16 units.
    max_length: Option<u32>,
    /// The minimum length of a text, in UTF-16 units.
    min_length: Option<u32>,
    /// The minimum and the maximum of a number.
    range: Option<[i64; 2]>,
    /// A regular expression that the whole text must match.
    pattern: Option<Line>,
    /// A regular expression that only Java understands. It is documented but not evaluated.
    java_pattern: Option<Line>,
    /// The allowed values, as texts. For a list, they apply to its elements.
    values: Option<Vec<Text>>,
    /// True if a list must have an element, or a text a character.
    #[serde(default)]
    non_empty: bool,
    /// True if surrounding whitespace is significant. Otherwise the platform removes it.
    #[serde(default)]
    no_trim: bool,
    /// True if the value grants access, like a password. Logs do not contain it.
    #[serde(default)]
    sensitive: bool,
    /// The unit of a number, such as `bytes`.
    unit: Option<Line>,
    /// The value that the platform uses if none is given: any JSON.
    default: Option<Json>,
    /// The release that deprecates it.
    deprecated: Option<Version>,
    /// The first release without it.
    removed: Option<Version>,
    /// The alternative: a name or a sentence.
    replacement: Option<Text>,
    /// The previous name.
    renamed_from: Option<Line>,
}

/// The values that the official document prints where they differ from the wire.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Documented {
    /// The Location column.
    pub r#in: Option<Line>,
    /// The Type column.
    pub r#type: Option<Line>,
    /// The Starting Version column.
    pub since: Option<Version>,
    /// True if it is required.
    pub required: Option<bool>,
    /// The execution badge.
    pub execution: Option<Execution>,
}
