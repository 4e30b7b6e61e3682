//! The lines of a corpus.

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
    /// The body key, if it is the literal `"null"`.
    pub(super) body_wrapper_raw: Option<String>,
    pub(super) is_action: bool,
    /// Redundant with `need_session`.
    #[serde(rename = "headers")]
    pub(super) _headers: Vec<String>,
    pub(super) params: Vec<Parameter>,
    pub(super) result_type: Option<String>,
    pub(super) response: Vec<Field>,
    pub(super) since: Option<String>,
    /// Redundant with the versions of the parameters.
    #[serde(rename = "sinceOwnParams")]
    pub(super) _since_own_params: Option<String>,
    /// Redundant with the versions of the response.
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Location {
    #[default]
    Url,
    Body,
    Query,
    Header,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) location: Location,
    /// The location in HTTP requests, if it differs.
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
    /// The class that declares the parameter for all queries.
    pub(super) shared: Option<String>,
    /// Only set for shared parameters, which are not imported.
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
    /// Redundant with the line of the base.
    #[serde(rename = "inheritedFrom")]
    pub(super) _inherited_from: Option<String>,
}

/// A line of `types.jsonl`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DataType {
    pub(super) name: String,
    /// Redundant with `fields` and `values`.
    #[serde(rename = "kind")]
    pub(super) _kind: String,
    pub(super) sdk_package: Option<String>,
    pub(super) java_class: Option<String>,
    /// Redundant with `sources`.
    #[serde(rename = "doc")]
    pub(super) _doc: bool,
    pub(super) sources: Vec<String>,
    pub(super) extends: Option<String>,
    /// Redundant with `extends`.
    #[serde(default, rename = "subtypes")]
    pub(super) _subtypes: Vec<String>,
    /// Redundant with the types of fields.
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

/// Reports whether the sources do not include a document.
pub(super) fn is_undocumented(sources: &[String]) -> bool {
    sources.iter().all(|source| source != "doc")
}
