//! Queries from the client to the server, on every path, and records that extend others.
#![cfg(all(feature = "client", feature = "server"))]

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;
    use tower::ServiceExt as _;
    use zstack_runtime::client::{Client, InProcess};
    use zstack_runtime::query::{Condition, FieldNames, Operator, Sort};
    use zstack_runtime::server::{Api, Call, Options, Outcome, RoutesOf};
    use zstack_runtime::{More, Operation, Query, Record, Response, Version};

    #[derive(Clone, Default, Operation)]
    #[operation(
        GET = "/zstack/v1/hosts",
        alias = "/zstack/v1/hosts/{uuid}",
        category = "host",
        since = "0.6",
        no_session,
        response = QueryHostResponse,
    )]
    struct QueryHost {
        query: Query,
        #[param(path)]
        uuid: Option<String>,
    }

    #[derive(Clone, Default, Response)]
    #[response(since = "0.6")]
    struct QueryHostResponse {
        inventories: Option<Vec<Host>>,
    }

    #[derive(Clone, Default, Record)]
    #[record(class = "org.zstack.Host", since = "0.6")]
    struct Host {
        uuid: String,
        #[field(since = "3.0")]
        rack: Option<Rack>,
        more: More,
    }

    #[derive(Clone, Default, Record)]
    #[record(since = "3.0")]
    struct Rack {
        #[field(since = "4.0")]
        row: Option<i32>,
    }

    #[derive(Clone, Default, Record)]
    #[record(class = "org.zstack.KvmHost", since = "0.6", extends(Host))]
    struct KvmHost {
        uuid: String,
        #[field(since = "3.0")]
        rack: Option<Rack>,
        ssh_port: Option<i32>,
        #[field(since = "2.0")]
        nested: Option<BTreeMap<String, Vec<i32>>>,
    }

    fn kvm_host() -> KvmHost {
        let nested = BTreeMap::from([("a".to_owned(), vec![1, 2])]);
        KvmHost { uuid: "h".to_owned(), rack: None, ssh_port: Some(22), nested: Some(nested) }
    }

    /// Records the query, and lists one host.
    #[derive(Default)]
    struct Service(Mutex<Option<QueryHost>>);

    impl Service {
        async fn query_host(&self, _: Call, request: QueryHost) -> Outcome<QueryHostResponse> {
            *self.0.lock().unwrap() = Some(request);
            let host = Host::try_from(&kvm_host()).unwrap();
            Ok(QueryHostResponse { inventories: Some(vec![host]) })
        }
    }

    fn api(service: &Arc<Service>, version: Version) -> axum::Router {
        let routes = RoutesOf::new(Arc::clone(service)).add(Service::query_host);
        let options = Options::default().version(version);
        Api::builder().options(options).mount(routes.into()).build().unwrap().into_router()
    }

    /// Returns the query that the server received, and the response that the client received.
    fn exchange(request: &QueryHost) -> (QueryHost, QueryHostResponse) {
        let service = Arc::new(Service::default());
        let router = api(&service, Version::NEWEST);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answer = runtime.block_on(async {
            let transport = InProcess::new(router);
            let client = Client::builder("http://in-process").transport(transport).build().unwrap();
            client.call(request.clone()).await.unwrap()
        });
        let asked = service.0.lock().unwrap().take().unwrap();
        (asked, answer)
    }

    /// One of its paths has a variable; on the other one it is in the query string.
    #[derive(Clone, Default, Operation)]
    #[operation(
        GET = "/zstack/v1/configs",
        alias = "/zstack/v1/configs/{category}",
        category = "config",
        since = "0.6",
        no_session,
        response = GetConfigResponse,
    )]
    struct GetConfig {
        #[param(query)]
        category: Option<String>,
    }

    #[derive(Clone, Default, Response)]
    #[response(since = "0.6")]
    struct GetConfigResponse {}

    #[test]
    fn sends_invalid_segments_in_the_query_string() {
        let client = Client::new("http://node.test").unwrap();
        for (category, target) in [
            (None, "/zstack/v1/configs"),
            (Some("vm/1"), "/zstack/v1/configs/vm%2F1"),
            (Some(""), "/zstack/v1/configs?category="),
            (Some(".."), "/zstack/v1/configs?category=.."),
        ] {
            let request = GetConfig { category: category.map(str::to_owned) };
            assert_eq!(client.to_http(&request).unwrap().uri().path_and_query().unwrap(), target);
        }
        // A variable that is in every path has no other place.
        let error = client.to_http(&QueryHost::new().uuid("")).unwrap_err().to_string();
        assert!(error.contains("path parameter `uuid` is empty"), "{error}");
    }

    #[test]
    fn clients_request_required_fields() {
        let client = Client::new("http://node.test").unwrap();
        for (fields, target) in [
            (&["sshPort"][..], "/zstack/v1/hosts?fields=sshPort%2Cuuid"),
            (&["uuid", "nested"], "/zstack/v1/hosts?fields=uuid%2Cnested"),
        ] {
            let request = QueryHost::new().query(Query::new().fields(fields.iter().copied()));
            assert_eq!(client.to_http(&request).unwrap().uri().path_and_query().unwrap(), target);
        }
    }

    /// Sends a GET request without requesting the schema, which a query has nevertheless.
    fn get(uri: &str) -> (http::StatusCode, String, Option<QueryHost>) {
        get_at(Version::NEWEST, uri)
    }

    fn get_at(version: Version, uri: &str) -> (http::StatusCode, String, Option<QueryHost>) {
        let service = Arc::new(Service::default());
        let router = api(&service, version);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let request = http::Request::get(uri).body(axum::body::Body::empty()).unwrap();
            let response = router.oneshot(request).await.unwrap();
            let status = response.status();
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let asked = service.0.lock().unwrap().take();
            (status, String::from_utf8(body.to_vec()).unwrap(), asked)
        })
    }

    fn operators() -> impl Strategy<Value = Operator> {
        prop::sample::select(vec![
            Operator::Equal,
            Operator::NotEqual,
            Operator::Greater,
            Operator::GreaterOrEqual,
            Operator::Less,
            Operator::LessOrEqual,
            Operator::In,
            Operator::NotIn,
            Operator::Like,
            Operator::NotLike,
            Operator::IsNull,
            Operator::NotNull,
        ])
    }

    prop_compose! {
        /// The value does not continue the operator: `=` after `>` is `>=`.
        fn conditions()(field in "[a-zA-Z_.]{1,12}", operator in operators(), value in "([^=].*)?") -> Condition {
            Condition::new(&field, operator, value)
        }
    }

    prop_compose! {
        fn queries()(
            conditions in prop::collection::vec(conditions(), 0..4),
            limit in any::<Option<i32>>(),
            start in any::<Option<i32>>(),
            count in any::<Option<bool>>(),
            with_count in any::<Option<bool>>(),
            group_by in prop::option::of("[a-zA-Z.]{1,12}"),
            sort in prop::option::of(("[a-zA-Z.]{1,12}", any::<bool>())),
            names in prop::option::of(prop::collection::vec("[a-zA-Z.]{1,12}", 1..4)),
            filter in prop::option::of("[a-z]{1,6}:[a-z]{1,6}"),
        ) -> Query {
            let mut query = Query::new();
            query.conditions = conditions;
            query.limit = limit;
            query.start = start;
            query.count = count;
            query.reply_with_count = with_count;
            query.group_by = group_by;
            query.sort = sort.map(|(field, up)| if up { Sort::ascending(&field) } else { Sort::descending(&field) });
            query.fields = names.map(FieldNames::new);
            query.filter_name = filter;
            query
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn queries_arrive_unchanged(query in queries(), uuid in prop::option::of("[a-z0-9 /%äöü]{1,9}[a-z]")) {
            let mut request = QueryHost::new().query(query);
            request.uuid = uuid;
            let (asked, _) = exchange(&request);
            // Surrounding whitespace of texts is trimmed.
            request.uuid = request.uuid.map(|uuid| uuid.trim().to_owned());
            // Required fields are added.
            if let Some(names) = &request.query.fields {
                request.query.fields = Some(FieldNames::new(names.iter().chain(["uuid"])));
            }
            // A path that selects a record needs no query.
            if request.uuid.is_some() {
                request.query = Query::new();
            }
            prop_assert_eq!(asked, request);
        }
    }

    #[test]
    fn reads_the_forms_of_other_clients() {
        let (status, _, asked) =
            get("/zstack/v1/hosts?q=name=cd%201&q=uuid%3F%3Da,b&limit=5&sort=+deviceId&fields=uuid,name");
        assert_eq!(status, 200);
        let query = asked.unwrap().query;
        let expected = Query::new().equal("name", "cd 1").one_of("uuid", ["a", "b"]).limit(5);
        assert_eq!((&query.conditions, query.limit), (&expected.conditions, Some(5)));
        assert!(query.sort.is_some_and(|sort| sort.field() == "deviceId" && !sort.is_descending()));
        assert_eq!(query.fields.unwrap().iter().collect::<Vec<_>>(), ["uuid", "name"]);
    }

    #[test]
    fn paths_can_select_one_record() {
        let (status, _, asked) = get("/zstack/v1/hosts/a%20b");
        assert_eq!((status, asked.unwrap().uuid.as_deref()), (http::StatusCode::OK, Some("a b")));
    }

    #[test]
    fn servers_leave_out_unrequested_fields() {
        for (fields, inventories, schema) in [
            ("fields=uuid", r#"[{"uuid":"h"}]"#, r#"{"inventories[0]":"org.zstack.KvmHost"}"#),
            // Also required fields, and fields of extensions.
            (
                "fields=sshPort,%20nested",
                r#"[{"nested":{"a":[1,2]},"sshPort":22}]"#,
                r#"{"inventories[0]":"org.zstack.KvmHost"}"#,
            ),
            ("fields=none", "[{}]", r#"{"inventories[0]":"org.zstack.KvmHost"}"#),
        ] {
            let (status, body, _) = get(&format!("/zstack/v1/hosts?{fields}"));
            assert_eq!(status, 200);
            assert_eq!(body, format!(r#"{{"inventories":{inventories},"schema":{schema}}}"#), "{fields}");
        }
    }

    #[test]
    fn paths_of_one_record_ignore_the_query() {
        for query in ["?q=name&limit=x", "?fields=sshPort&count=true"] {
            let (status, body, asked) = get(&format!("/zstack/v1/hosts/a{query}"));
            assert_eq!(status, 200, "{body}");
            let asked = asked.unwrap();
            assert_eq!((asked.uuid.as_deref(), asked.query), (Some("a"), Query::new()));
            assert!(body.contains(r#""uuid":"h""#) && body.contains(r#""sshPort":22"#), "{body}");
        }
    }

    #[test]
    fn refuses_malformed_queries() {
        for (query, problem) in [
            ("q=name", "[q[0]] the condition has no operator"),
            ("q==x", "[q[0]] the condition has no field"),
            ("limit=many", "[limit] \"many\" is not a 32-bit integer"),
        ] {
            let (status, body, _) = get(&format!("/zstack/v1/hosts?{query}"));
            assert_eq!(status, 400);
            assert!(body.contains(problem), "{body}");
        }
    }

    #[test]
    fn extensions_arrive_complete_as_their_base() {
        let (_, answer) = exchange(&QueryHost::new());
        let host = &answer.inventories.unwrap()[0];
        assert_eq!(KvmHost::try_from(host).unwrap(), kvm_host());
        assert!(KvmHost::try_from(&Host { uuid: "h".to_owned(), ..Host::default() }).is_ok());
    }

    #[test]
    fn leaves_out_later_fields_of_extensions() {
        let older = get_at(Version::new("1.0"), "/zstack/v1/hosts").1;
        assert!(
            older.contains(r#"[{"sshPort":22,"uuid":"h"}]"#)
                || older.contains(r#"[{"uuid":"h","sshPort":22}]"#)
        );
        assert!(older.contains(r#""inventories[0]":"org.zstack.KvmHost""#), "{older}");
        assert!(get_at(Version::new("2.0"), "/zstack/v1/hosts").1.contains(r#""nested":{"a":[1,2]}"#));
    }

    /// A query with fields of the releases 3.0 and 4.0, and with unknown ones.
    const NEWER: &str = "q=rack.row%3E1&q=uuid=h&q=rack.name=a&q=tag~=a&sort=-rack&fields=uuid,rack,sshPort";

    #[test]
    fn older_servers_refuse_later_fields() {
        let uri = format!("/zstack/v1/hosts?{NEWER}");
        let (status, body, _) = get_at(Version::new("2.0"), &uri);
        assert_eq!(status, 503);
        for problem in [
            "[q] `rack.row` came with release 4.0; this server emulates 2.0",
            "[sort] `rack` came with release 3.0; this server emulates 2.0",
            "[fields] `rack` came with release 3.0; this server emulates 2.0",
        ] {
            assert!(body.contains(problem), "{body}");
        }
        assert!(!body.contains("tag") && !body.contains("sshPort"), "{body}");
        let (status, body, _) = get_at(Version::new("3.0"), &uri);
        assert_eq!((status.as_u16(), body.matches("came with").count()), (503, 1), "{body}");
        assert_eq!(get_at(Version::new("4.0"), &uri).0, 200);
    }

    #[test]
    fn clients_do_not_send_later_fields() {
        let query = Query::new().condition("rack.row", Operator::Greater, 1).equal("uuid", "h");
        let query =
            query.equal("tag", "a").sort(Sort::descending("rack")).fields(["uuid", "rack", "sshPort"]);
        let request = QueryHost::new().query(query);
        let at = |version| {
            let client = Client::builder("http://node.test").api_version(version).build().unwrap();
            client.to_http(&request).map(|http| http.uri().to_string()).map_err(|error| error.to_string())
        };
        let error = at("2.0").unwrap_err();
        assert!(
            error.ends_with(
                "the server has release 2.0, but `rack.row` in parameter `q` needs release 4.0; \
                 `rack` in parameter `sort` needs release 3.0; `rack` in parameter `fields` needs release 3.0"
            ),
            "{error}"
        );
        assert!(at("3.0").unwrap_err().ends_with("`rack.row` in parameter `q` needs release 4.0"));
        assert_eq!(at("4.0"), client_without_release(&request));
    }

    fn client_without_release(request: &QueryHost) -> Result<String, String> {
        Ok(Client::new("http://node.test").unwrap().to_http(request).unwrap().uri().to_string())
    }

    #[test]
    fn schemas_have_the_class_of_the_extension() {
        let (_, body, _) = get("/zstack/v1/hosts");
        assert!(body.contains(r#""inventories[0]":"org.zstack.KvmHost""#), "{body}");
        assert!(body.contains(r#""sshPort":22"#), "{body}");
    }

    #[derive(Clone, Default, Operation)]
    #[operation(
        GET = "/v1/disks",
        category = "disk",
        since = "1.0",
        no_session,
        response = QueryDiskResponse,
    )]
    struct QueryDisk {
        query: Query,
    }

    #[derive(Clone, Default, Response)]
    #[response(since = "1.0")]
    struct QueryDiskResponse {
        inventories: Option<Vec<Disk>>,
    }

    #[derive(Clone, Default, Record)]
    #[record(since = "1.0")]
    struct Disk {
        uuid: String,
        #[field(since = "2.0")]
        size: i64,
    }

    #[test]
    fn clients_request_required_fields_of_the_release() {
        let request = QueryDisk { query: Query::new().fields(["name"]) };
        for (at, target) in
            [("1.0", "/v1/disks?fields=name%2Cuuid"), ("2.0", "/v1/disks?fields=name%2Cuuid%2Csize")]
        {
            let client = Client::builder("http://node.test").api_version(at).build().unwrap();
            assert_eq!(client.to_http(&request).unwrap().uri().path_and_query().unwrap(), target);
        }
    }
}
