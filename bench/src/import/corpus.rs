//! The lines of a corpus, as they are.

use serde::Deserialize;
use serde_json::Value;

/// A line of `operations.jsonl`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) category: Option<String>,
    pub(super) package: Option<String>,
    pub(super) method: Method,
    pub(super) path: String,
    #[serde(default)]
    pub(super) alt_paths: Vec<String>,
    pub(super) alias_of: Option<String>,
    #[serde(default)]
    pub(super) url_var_mapping: Vec<String>,
    pub(super) execution: Execution,
    pub(super) need_session: bool,
    pub(super) is_query: bool,
    pub(super) body_wrapper: Option<String>,
    /// The literal key `"null"`.
    pub(super) body_wrapper_raw: Option<String>,
    pub(super) is_action: bool,
    /// Says what `need_session` says.
    #[serde(rename = "headers")]
    pub(super) _headers: Vec<String>,
    pub(super) params: Vec<Parameter>,
    pub(super) result_type: Option<String>,
    pub(super) response: Vec<Field>,
    pub(super) since: Option<String>,
    /// Says what the parameters' own versions say.
    #[serde(rename = "sinceOwnParams")]
    pub(super) _since_own_params: Option<String>,
    /// Says what the response's own versions say.
    #[serde(rename = "sinceResponse")]
    pub(super) _since_response: Option<String>,
    #[serde(default)]
    pub(super) deprecated: bool,
    pub(super) sources: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Execution {
    Sync,
    Async,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Location {
    Url,
    Body,
    Query,
    Header,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) location: Location,
    /// Where it travels, if that is not the location.
    pub(super) wire: Option<Location>,
    pub(super) enclosed_in: Option<String>,
    pub(super) r#type: String,
    pub(super) required: bool,
    pub(super) since: Option<String>,
    #[serde(default)]
    pub(super) valid_values: Vec<String>,
    pub(super) valid_regex: Option<String>,
    pub(super) max_length: Option<u32>,
    pub(super) min_length: Option<u32>,
    pub(super) number_range: Option<[i64; 2]>,
    #[serde(default)]
    pub(super) number_range_unit: Vec<String>,
    #[serde(default)]
    pub(super) nonempty: bool,
    #[serde(default)]
    pub(super) null_elements: bool,
    pub(super) empty_string: Option<bool>,
    #[serde(default)]
    pub(super) no_trim: bool,
    pub(super) default: Option<Value>,
    #[serde(default)]
    pub(super) zero_default: bool,
    #[serde(default)]
    pub(super) primitive: bool,
    #[serde(default)]
    pub(super) inferred: bool,
    #[serde(default)]
    pub(super) unresolved: bool,
    #[serde(default)]
    pub(super) doc_only: bool,
    #[serde(default)]
    pub(super) synthetic: bool,
    #[serde(default)]
    pub(super) deprecated: bool,
    /// Names the class whose parameters every query has.
    pub(super) shared: Option<String>,
    /// Only of shared parameters, whose forms the language knows.
    #[serde(rename = "wireName")]
    pub(super) _wire_name: Option<String>,
    #[serde(rename = "wireStyle")]
    pub(super) _wire_style: Option<String>,
}

/// A field of a response or of a data type.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) r#type: String,
    pub(super) since: Option<String>,
    #[serde(default)]
    pub(super) envelope: bool,
    #[serde(default)]
    pub(super) primitive: bool,
    #[serde(default)]
    pub(super) unique: bool,
    #[serde(default)]
    pub(super) inferred: bool,
    #[serde(default)]
    pub(super) unresolved: bool,
    #[serde(default)]
    pub(super) doc_only: bool,
    /// The line of bases says so, too.
    #[serde(rename = "inheritedFrom")]
    pub(super) _inherited_from: Option<String>,
}

/// A line of `types.jsonl`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DataType {
    pub(super) name: String,
    /// `fields` or `values` say as much.
    #[serde(rename = "kind")]
    pub(super) _kind: String,
    pub(super) sdk_package: Option<String>,
    pub(super) java_class: Option<String>,
    /// Says what `sources` say.
    #[serde(rename = "doc")]
    pub(super) _doc: bool,
    pub(super) sources: Vec<String>,
    pub(super) extends: Option<String>,
    /// The other end of `extends`.
    #[serde(default, rename = "subtypes")]
    pub(super) _subtypes: Vec<String>,
    /// Which types operations reach follows from the types.
    #[serde(rename = "reach")]
    pub(super) _reach: String,
    pub(super) since: Option<String>,
    pub(super) fields: Option<Vec<Field>>,
    pub(super) values: Option<Vec<EnumValue>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnumValue {
    pub(super) name: String,
    pub(super) since: Option<String>,
}

/// Whether no document is among the sources.
pub(super) fn is_of_platform(sources: &[String]) -> bool {
    sources.iter().all(|source| source != "doc")
}
