//! Parameters and fields with the names of what generated structs have
//! besides: both are there, and each keeps to its own.

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zstack_runtime::generated::*;
    use zstack_runtime::{Tagged as _, encode};

    const V0_6: Version = Version::new("0.6");

    /// What is generated of a query with tags.
    #[derive(Clone, Default)]
    struct Ask {
        error: String,
        tags_: Option<Vec<String>>,
        query_: Option<String>,
        more: Option<i32>,
        schema: Option<String>,
        default: Option<bool>,
        query: Query,
        tags: Tags,
    }

    request! { Ask new(error: impl Into<String> => Into::into) {
        with_tags(tags_): impl IntoIterator<Item = impl Into<String>> => texts,
        with_query(query_): impl Into<String> => Into::into,
        more: i32 => identity,
        schema: impl Into<String> => Into::into,
        default: bool => identity,
    }}

    message! { Ask, class "", since V0_6, asks query, takes tags {
        9 error: Field::new("error", Kind::String, V0_6).required().in_query(),
        10 tags_: Field::new("tags", Kind::List(&Kind::String), V0_6).in_query(),
        11 query_: Field::new("query", Kind::String, V0_6).in_query(),
        12 more: Field::new("more", Kind::Integer, V0_6).in_query(),
        13 schema: Field::new("schema", Kind::String, V0_6).in_query(),
        14 default: Field::new("default", Kind::Boolean, V0_6).in_query(),
        15 tags.system: Field::new("systemTags", Kind::List(&Kind::String), V0_6).in_query(),
    }}

    operation! { Ask -> AskResponse, "hard", since V0_6,
        Get "/zstack/v1/asks", None, Sync, None
    }

    #[derive(Clone, Default)]
    struct AskResponse {}

    message! { AskResponse, class "", since V0_6 {}}

    /// What is generated of a record that others extend.
    #[derive(Clone, Default)]
    struct Base {
        more_: Option<BTreeMap<String, String>>,
        tags: Option<String>,
        query: Option<String>,
        more: More,
    }

    record! { Base, class "", since V0_6, keeps more {
        0 more_: Field::new("more", Kind::Map(&Kind::String), V0_6),
        1 tags: Field::new("tags", Kind::String, V0_6),
        2 query: Field::new("query", Kind::String, V0_6),
    }}

    #[test]
    fn a_request_has_its_parameters_and_its_own_members() {
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
    fn a_record_has_its_fields_and_what_an_extension_has_more() {
        let json = r#"{"more":{"a":"b"},"tags":"t","query":"q","schema":{},"error":1}"#;
        let base: Base = serde_json::from_str(json).unwrap();
        assert_eq!(base.more_, Some(BTreeMap::from([("a".to_owned(), "b".to_owned())])));
        assert_eq!((base.tags.as_deref(), base.query.as_deref()), (Some("t"), Some("q")));
        assert_eq!(base.more.fields.keys().collect::<Vec<_>>(), ["error", "schema"]);
        let written: serde_json::Value = serde_json::from_slice(&encode::to_vec(&base)).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(json).unwrap());
    }
}
