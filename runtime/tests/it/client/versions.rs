//! A client that knows the release of its server.

use zstack_runtime::client::{Client, Error, ErrorKind};
use zstack_runtime::{Request, Version};

use crate::client::operations::{Colour, CreateThing, GetThing, Thing};
use crate::client::script::{SESSION, Script, answer};

fn at<R: Request>(version: &str, request: &R) -> Result<(), Error> {
    let client = Client::builder("http://127.0.0.1:8080").session(SESSION).api_version(version);
    client.build().unwrap().to_http(request).map(|_| ())
}

fn everything() -> CreateThing {
    let violet = Thing { uuid: "u".into(), colour: Some(Colour::Ultraviolet), ..Thing::default() };
    CreateThing {
        name: "n".into(),
        size: Some(1),
        thing: Some(Thing { parts: Some(vec![Thing::default(), violet]), ..Thing::default() }),
        note: Some("a note".into()),
    }
}

#[test]
fn errors_list_everything_too_new() {
    let error = at("1.9", &everything()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooNew);
    assert_eq!(error.operation().unwrap().name, "CreateThing");
    assert_eq!(
        error.to_string(),
        "CreateThing (POST /zstack/v1/things): not sent: the server has release 1.9, but \
         the operation needs release 2.0; parameter `size` needs release 3.1.0; \
         parameter `thing.parts[1].colour` needs release 3.1.0; parameter `note` needs release 3.3.0"
    );
}

#[test]
fn refuses_later_enum_values() {
    let error = at("3.2", &everything()).unwrap_err().to_string();
    assert!(
        error.contains("`Ultraviolet` in parameter `thing.parts[1].colour` needs release 3.3.0"),
        "{error}"
    );
    assert!(error.contains("`note`") && !error.contains("`size`"), "{error}");
}

#[test]
fn unset_parameters_need_no_release() {
    at("2.0", &CreateThing { name: "n".into(), ..CreateThing::default() }).unwrap();
    at("3.3", &everything()).unwrap();
    at("3.10", &everything()).unwrap();
    at("0.6", &GetThing { uuid: "u".into(), ..GetThing::default() }).unwrap();
}

#[tokio::test]
async fn sends_nothing_too_new() {
    let script = Script::new([answer(200, "{}")]);
    let client = script.builder().api_version("1.0").build().unwrap();
    client.call(everything()).await.unwrap_err();
    client.start(everything()).await.unwrap_err();
    assert_eq!(script.count(), 0);
}

#[test]
fn refuses_malformed_releases() {
    for text in ["", "3.x", "zsv 4.1.6"] {
        let error = Client::builder("http://127.0.0.1:8080").api_version(text).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
        assert!(error.to_string().contains(&format!("api_version: `{text}` is not a version")), "{error}");
    }
    let client = Client::builder("http://127.0.0.1:8080").api_version(Version::new("3.3")).build().unwrap();
    assert_eq!(client.api_version(), Version::new("3.3.0"));
}

#[tokio::test]
async fn probed_release_applies_to_clones() {
    let script = Script::new([answer(200, r#"{"version":"1.9.1","success":true}"#)]);
    let client = script.client();
    let clone = client.clone().without_session();
    assert_eq!(client.api_version(), Version::NEWEST);
    assert_eq!(client.probe_version().await.unwrap(), Version::new("1.9.1"));
    assert_eq!(script.lines(), ["PUT http://10.0.0.1:8080/zstack/v1/management-nodes/actions"]);
    assert_eq!(script.header(0, "authorization"), None);
    // Clones have the same server.
    assert_eq!(clone.api_version().to_string(), "1.9.1");
    let error = client.call(everything()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooNew);
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn ignores_malformed_probed_releases() {
    let long = "x".repeat(10_000);
    for version in ["unknown", "\\u001b[31mred", &long] {
        let script = Script::new([answer(200, format!(r#"{{"version":"{version}"}}"#))]);
        let client = script.builder().api_version("3.3").build().unwrap();
        let error = client.probe_version().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        let text = error.to_string();
        assert!(
            text.contains("which is not a version") && text.len() < 500 && !text.contains('\u{1b}'),
            "{text}"
        );
        assert_eq!(client.api_version(), Version::new("3.3"));
    }
    let script = Script::new([answer(404, "no such path")]);
    assert_eq!(script.client().probe_version().await.unwrap_err().kind(), ErrorKind::Rejected);
}
