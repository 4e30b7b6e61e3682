//! The texts of refusals: what a release does not have, and since when.

use serde_json::json;
use zstack_conformance::{Answer, dynamic};
use zstack_runtime::Version;
use zstack_runtime::server::{NewerParameters, Options};

use super::{Server, answer, model};

/// A server of the fixture that refuses what its release does not have.
fn server(release: Option<&str>) -> Server {
    let mut options = Options::default().newer_parameters(NewerParameters::Refuse);
    if let Some(release) = release {
        options = options.version(Version::new(release));
    }
    Server::new(dynamic::operations(&model()), options)
}

#[tokio::test]
async fn refusals_name_the_release_and_the_replacement() {
    let gone = json!({"name": "web", "gone": "x"});
    let label = json!({"name": "web", "disk": {"size": 1, "label": "a"}});
    let both = json!({"name": "web", "new": "x", "gone": "x"});
    for (release, parameters, status, texts) in [
        ("2.0", &gone, 503, &["[old] is required but missing"][..]),
        ("3.0", &gone, 400, &["[gone] was removed in release 3.0 (use `name`); this server emulates 3.0"]),
        (
            "4.0",
            &label,
            400,
            &["[disk.label] was removed in release 4.0 (use `bus`); this server emulates 4.0"],
        ),
        (
            "3.0",
            &both,
            400,
            &["[gone] was removed in release 3.0", "[new] came with release 4.0; this server emulates 3.0"],
        ),
    ] {
        let (method, target) = if release == "2.0" { ("PUT", "machines") } else { ("POST", "vms") };
        let target = format!("/v1/zones/z/{target}");
        let body = json!({"params": parameters}).to_string();
        let reaction = server(Some(release)).send_json(method, &target, &body).await;
        assert_eq!(reaction.status, status, "{release}: {reaction:?}");
        for text in texts {
            assert!(reaction.body.contains(text) || reaction.body.contains(without(text)), "{reaction:?}");
        }
    }
}

/// The reaction is without statements about the server.
fn without(text: &str) -> &str {
    text.split("; this server").next().unwrap()
}

#[tokio::test]
async fn removed_fields_cannot_be_queried() {
    let query = "/v1/vms?q=owner=me";
    assert_eq!(server(Some("3.0")).send_json("GET", query, "").await.status, 200);
    let refused = server(Some("4.0")).send_json("GET", query, "").await;
    assert_eq!(refused.status, 503, "{refused:?}");
    assert!(refused.body.contains("[q] `owner` was removed in release 4.0"), "{refused:?}");
}

#[tokio::test]
async fn answers_lack_the_values_of_other_releases() {
    for (release, state, is_sent) in
        [("0.6", "Lost", false), ("3.0", "Stopped", true), ("4.0", "Lost", true), ("4.0", "Stopped", false)]
    {
        let server = server(Some(release));
        server.echo.answer(Answer::Result(answer(state).to_string().into_bytes()));
        let listed = server.send_json("GET", "/v1/vms", "").await;
        assert_eq!(listed.body.contains(state), is_sent, "{state} in {release}: {listed:?}");
    }
}

/// Without an option, a server has the newest release: it lacks what was removed.
#[tokio::test]
async fn servers_without_an_option_lack_removed_elements() {
    let newest = server(None);
    assert_eq!(newest.api.version(), Version::new("5.0"));
    let gone = json!({"params": {"name": "web", "gone": "x"}}).to_string();
    let refused = newest.send_json("POST", "/v1/zones/z/vms", &gone).await;
    assert_eq!(refused.status, 400, "{refused:?}");
    assert!(refused.body.contains("[gone] was removed in release 3.0 (use `name`)"), "{refused:?}");
    let stop = newest.send_json("PUT", "/v1/vms/u/actions", r#"{"stopVm": {}}"#).await;
    assert_eq!((stop.status, stop.body.as_str()), (404, "there is no /v1/vms/u/actions"));
    let listed = newest.send_json("GET", "/v1/vms", "").await;
    assert!(listed.body.contains("memory") && !listed.body.contains("owner"), "{listed:?}");
}
