//! A client that was told the release of its server.

use zstack_runtime::client::{Client, Error, ErrorKind};
use zstack_runtime::{Request, Version};

use crate::operations::{Colour, CreateThing, GetThing, Thing};
use crate::script::{SESSION, Script, answer};

fn at<R: Request>(version: &str, request: &R) -> Result<(), Error> {
    let client = Client::builder("http://127.0.0.1:8080").session(SESSION).version(version.parse().unwrap());
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
fn everything_too_new_is_named_at_once() {
    let error = at("1.9", &everything()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.operation().unwrap().name, "CreateThing");
    assert_eq!(
        error.to_string(),
        "CreateThing (POST /zstack/v1/things): not sent, since the server is of release 1.9: \
         the operation needs release 2.0; parameter `size` needs release 3.1.0; \
         parameter `thing.parts[1].colour` needs release 3.1.0; parameter `note` needs release 3.3.0"
    );
}

#[test]
fn values_of_an_enum_have_a_release_too() {
    let error = at("3.2", &everything()).unwrap_err().to_string();
    assert!(
        error.contains("`Ultraviolet` of parameter `thing.parts[1].colour` needs release 3.3.0"),
        "{error}"
    );
    assert!(error.contains("`note`") && !error.contains("`size`"), "{error}");
}

#[test]
fn what_is_not_set_needs_nothing() {
    at("2.0", &CreateThing { name: "n".into(), ..CreateThing::default() }).unwrap();
    at("3.3", &everything()).unwrap();
    at("3.10", &everything()).unwrap();
    at("0.6", &GetThing { uuid: "u".into(), ..GetThing::default() }).unwrap();
}

#[tokio::test]
async fn nothing_is_sent() {
    let script = Script::new([answer(200, "{}")]);
    let client = script.builder().version(Version::new("1.0")).build().unwrap();
    client.call(everything()).await.unwrap_err();
    client.start(everything()).await.unwrap_err();
    assert_eq!(script.count(), 0);
}
