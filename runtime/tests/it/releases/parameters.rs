//! Later parameters, on client and server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use serde_json::{Value, json};
use zstack_runtime::client::{BoxFuture, Client, ErrorKind, InProcess, Transport, TransportError};
use zstack_runtime::server::NewerParameters;
use zstack_runtime::{Request, Version};

use crate::releases::disks::{CreateDisk, DeleteDisk, NEW, OLD, Server, from_json, to_json};

/// Parameters, and the reaction of the older release.
struct Case {
    given: Value,
    /// Later parameters: the path, and the rest of a sentence.
    refused: &'static [&'static str],
    /// Later enum values.
    against_rules: &'static [&'static str],
    /// The parameters without the later ones.
    left: Value,
}

/// Parameters in the body of CreateDisk.
fn bodies() -> Vec<Case> {
    let case =
        |given: Value, refused, against_rules, left: Value| Case { given, refused, against_rules, left };
    vec![
        case(json!({}), &[], &[], json!({})),
        // Null is the same as absent.
        case(
            json!({"erase": null, "part": {"number": 1, "label": null}}),
            &[],
            &[],
            json!({"part": {"number": 1}}),
        ),
        case(json!({"erase": true}), &["[erase]"], &[], json!({})),
        case(json!({"owner": "me"}), &["[owner]"], &[], json!({})),
        case(
            json!({"part": {"number": 1, "label": "x"}, "format": "raw"}),
            &["[part.label]"],
            &[],
            json!({"part": {"number": 1}, "format": "raw"}),
        ),
        case(
            json!({"parts": [{"number": 1}, {"number": 2, "label": "x"}], "erase": false,
                "stripes": {"a": [{"number": 3, "label": "y"}]}}),
            &["[parts[1].label]", "[erase]", "[stripes[a][0].label]"],
            &[],
            json!({"parts": [{"number": 1}, {"number": 2}], "stripes": {"a": [{"number": 3}]}}),
        ),
        case(
            json!({"systemTags": ["layout::thin", "layout::", "other::x", "ephemeral::dryRun"]}),
            &["[systemTags layout::{layout}]"],
            &[],
            json!({"systemTags": ["layout::", "other::x", "ephemeral::dryRun"]}),
        ),
        case(json!({"format": "vmdk"}), &[], &["[format]"], json!({})),
        case(
            json!({"formats": ["raw", "vmdk"], "formatOf": {"a": "vmdk"}, "part": {"number": 1, "format": "vmdk"}}),
            &[],
            &["[formats[1]]", "[formatOf[a]]", "[part.format]"],
            json!({}),
        ),
        case(
            json!({"stripes": {"a": [{"number": 1, "format": "vmdk"}]}}),
            &[],
            &["[stripes[a][0].format]"],
            json!({}),
        ),
        // Dropped parameters violate no constraints.
        case(json!({"erase": true, "format": "vmdk"}), &["[erase]"], &["[format]"], json!({})),
    ]
}

/// Parameters in the query string of DeleteDisk.
fn queries() -> Vec<Case> {
    let case =
        |given: Value, refused, against_rules, left: Value| Case { given, refused, against_rules, left };
    vec![
        case(json!({"format": "raw"}), &[], &[], json!({"format": "raw"})),
        case(json!({"mode": "m", "format": "raw"}), &["[mode]"], &[], json!({"format": "raw"})),
        case(
            json!({"systemTags": ["force::yes", "a"]}),
            &["[systemTags force::{force}]"],
            &[],
            json!({"systemTags": ["a"]}),
        ),
        case(json!({"format": "vmdk"}), &[], &["[format]"], json!({})),
        case(
            json!({"formats": ["vmdk"], "formatOf": {"a": "vmdk"}}),
            &[],
            &["[formats[0]]", "[formatOf[a]]"],
            json!({}),
        ),
    ]
}

/// Counts requests.
#[derive(Clone)]
struct Counting {
    inner: Arc<dyn Transport>,
    count: Arc<AtomicUsize>,
}

impl Counting {
    fn new(server: &Server) -> Self {
        Self { inner: Arc::new(InProcess::new(server.router.clone())), count: Arc::default() }
    }

    fn client(&self, version: Version) -> Client {
        Client::builder("http://node.test").transport(self.clone()).api_version(version).build().unwrap()
    }
}

impl Transport for Counting {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        self.count.fetch_add(1, Ordering::SeqCst);
        self.inner.send(request)
    }
}

/// Creates a request with the required parameter and these.
fn request<R: Request>(given: &Value) -> R {
    let mut given = given.clone();
    given[R::SHAPE.fields[0].name] = "x".into();
    from_json(given)
}

async fn check<R: Request>(cases: Vec<Case>) {
    let new = Server::at(NEW);
    let (old, ignoring) = (Server::at(OLD), Server::new(OLD, NewerParameters::Ignore));
    for Case { given, refused, against_rules, left } in cases {
        let whole: R = request(&given);
        let [to_new, to_old, to_ignoring] = [&new, &old, &ignoring].map(Counting::new);

        // The newer server accepts it.
        to_new.client(NEW).call(whole.clone()).await.unwrap();
        assert_eq!(new.take_received(), Some(to_json(&whole)));

        // The older server refuses later parameters first, and then violations.
        let outcome = to_old.client(Version::NEWEST).call(whole.clone()).await;
        let (stage, code) =
            if refused.is_empty() { (against_rules, Some("SYS.1007")) } else { (refused, None) };
        if stage.is_empty() {
            outcome.unwrap();
            assert_eq!(old.take_received(), Some(to_json(&request::<R>(&left))), "{given}");
        } else {
            let error = outcome.err().unwrap_or_else(|| panic!("{given} was taken"));
            assert_eq!(old.take_received(), None, "{given}");
            let status = if code.is_some() { 503 } else { 400 };
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{error}");
            assert!(code.is_none_or(|code| error.has_code(code)), "{error}");
            let text = error.to_string();
            for name in stage {
                assert!(text.contains(name), "{given}: {text}");
            }
            let count = text.matches("came with release 2.0").count();
            assert_eq!(count, stage.len(), "{given}: {text}");
        }

        // If later parameters are dropped, the others are still validated.
        let outcome = to_ignoring.client(Version::NEWEST).call(whole.clone()).await;
        if against_rules.is_empty() {
            outcome.unwrap();
            assert_eq!(ignoring.take_received(), Some(to_json(&request::<R>(&left))), "{given}");
        } else {
            assert!(outcome.err().is_some_and(|error| error.has_code("SYS.1007")), "{given}");
            assert_eq!(ignoring.take_received(), None, "{given}");
        }

        // A client that knows the release sends nothing, and lists all of them.
        let before = to_old.count.load(Ordering::SeqCst);
        let outcome = to_old.client(OLD).call(whole).await;
        let sent = to_old.count.load(Ordering::SeqCst) - before;
        let needs = refused.len() + against_rules.len();
        assert_eq!(old.take_received().is_some(), needs == 0, "{given}");
        if needs == 0 {
            outcome.unwrap();
            assert_eq!(sent, 1);
        } else {
            let error = outcome.err().unwrap();
            assert_eq!((error.kind(), sent), (ErrorKind::TooNew, 0), "{error}");
            let text = error.to_string();
            assert_eq!(text.matches("needs release 2.0").count(), needs, "{given}: {text}");
            for name in refused.iter().chain(against_rules) {
                let path = name.strip_prefix("[systemTags ").or(name.strip_prefix('[')).unwrap();
                let path = format!("`{}`", path.strip_suffix(']').unwrap());
                assert!(text.contains(&path), "{path} is not in: {text}");
            }
        }
    }
}

#[tokio::test]
async fn parameters_of_a_body() {
    check::<CreateDisk>(bodies()).await;
}

#[tokio::test]
async fn parameters_of_a_query_string() {
    check::<DeleteDisk>(queries()).await;
}
