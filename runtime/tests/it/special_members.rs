//! Parameters and fields with the names of special members of generated structs: both exist
//! independently.

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;
    use zstack_runtime::{More, Operation, Query, Record, Response, Tagged as _, Tags, encode};

    /// A query with tags, as it is generated.
    #[derive(Clone, Default, Operation)]
    #[operation(
        GET = "/zstack/v1/asks",
        category = "hard",
        since = "0.6",
        no_session,
        response = AskResponse,
    )]
    struct Ask {
        query: Query,
        #[param(query)]
        error: String,
        #[param(query, setter = "with_tags")]
        tags_: Option<Vec<String>>,
        #[param(query, setter = "with_query")]
        query_: Option<String>,
        #[param(query)]
        more: Option<i32>,
        #[param(query)]
        schema: Option<String>,
        #[param(query)]
        default: Option<bool>,
        #[param(system(query))]
        tags: Tags,
    }

    #[derive(Clone, Default, Response)]
    #[response(since = "0.6")]
    struct AskResponse {}

    /// A record that others extend, as it is generated.
    #[derive(Clone, Default, Record)]
    #[record(since = "0.6")]
    struct Base {
        more_: Option<BTreeMap<String, String>>,
        tags: Option<String>,
        query: Option<String>,
        more: More,
    }

    #[test]
    fn requests_have_parameters_and_special_members() {
        let ask = Ask::new("e")
            .with_tags(["t"])
            .with_query("q")
            .more(1)
            .schema("s")
            .default(true)
            .query(Query::new().equal("name", "web"))
            .system_tag("a::b");
        assert_eq!(ask.tags().system, ["a::b"]);
        let json = json!({"q": ["name=web"], "error": "e", "tags": ["t"], "query": "q", "more": 1,
            "schema": "s", "default": true, "systemTags": ["a::b"]});
        assert_eq!(serde_json::to_value(&ask).unwrap(), json);
        assert_eq!(serde_json::from_value::<Ask>(json).unwrap(), ask);
    }

    #[test]
    fn records_have_fields_and_those_of_extensions() {
        let json = r#"{"more":{"a":"b"},"tags":"t","query":"q","schema":{},"error":1}"#;
        let base: Base = serde_json::from_str(json).unwrap();
        assert_eq!(base.more_, Some(BTreeMap::from([("a".to_owned(), "b".to_owned())])));
        assert_eq!((base.tags.as_deref(), base.query.as_deref()), (Some("t"), Some("q")));
        assert_eq!(base.more.fields.keys().collect::<Vec<_>>(), ["error", "schema"]);
        let written: serde_json::Value = serde_json::from_slice(&encode::to_vec(&base)).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(json).unwrap());
    }
}
