//! Signed requests.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::routing::any;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use zstack_runtime::client::{Call, Client, InProcess, PollPolicy};
use zstack_runtime::signature::signature;

use crate::client::operations::{AttachIso, GetThing};
use crate::client::script::JOB;

const ID: &str = "AKIAEXAMPLE123456789";
const SECRET: &str = "wJalrXUtnFEMIbPxRfiCYEXAMPLEKEY";

/// Checks `Authorization` and `Date` as the platform does.
fn is_signed(request: &Request) -> bool {
    let header =
        |name: &str| request.headers().get(name).and_then(|header| header.to_str().ok()).unwrap_or_default();
    let path = percent_decode_str(request.uri().path()).decode_utf8().unwrap();
    let path = path.strip_prefix("/zstack").unwrap();
    let expected = signature(SECRET, request.method().as_str(), header("date"), path);
    header("authorization") == format!("ZStack {ID}:{expected}")
}

type Lines = Arc<Mutex<Vec<String>>>;

/// Accepts signed requests; each job is done at the second poll.
async fn handle(State(lines): State<Lines>, request: Request) -> (StatusCode, String) {
    if !is_signed(&request) {
        return (StatusCode::FORBIDDEN, "wrong accessKey signature".to_owned());
    }
    let mut lines = lines.lock().unwrap();
    lines.push(format!("{} {}", request.method(), request.uri().path()));
    let polls = lines.iter().filter(|line| line.contains("api-jobs")).count();
    match (request.method().as_str(), polls) {
        ("POST", _) => {
            (StatusCode::ACCEPTED, format!(r#"{{"location":"http://h/zstack/v1/api-jobs/{JOB}"}}"#))
        }
        (_, 1) => (StatusCode::ACCEPTED, "{}".to_owned()),
        _ => (StatusCode::OK, r#"{"inventory":{"uuid":"u"}}"#.to_owned()),
    }
}

fn client() -> (Client, Lines) {
    let lines = Lines::default();
    let router = Router::new().fallback(any(handle)).with_state(Arc::clone(&lines));
    let client = Client::builder("http://node.test")
        .access_key(ID, SECRET)
        .poll(PollPolicy::new().initial(std::time::Duration::from_millis(1)))
        .transport(InProcess::new(router))
        .build()
        .unwrap();
    (client, lines)
}

#[tokio::test]
async fn signs_calls_and_polls() {
    let (client, lines) = client();
    let attach = AttachIso { vm: "v/ä".into(), iso: Some("i j".into()), ..AttachIso::default() };
    attach.call(&client).await.unwrap();
    assert_eq!(lines.lock().unwrap().len(), 3);
    assert_eq!(client.session(), None);
    client.log_out().await.unwrap();
    assert_eq!(lines.lock().unwrap().len(), 3, "there is no session to end");
}

proptest! {
    #[test]
    fn server_computes_the_same_signature(uuid in ".+", query in ".*") {
        prop_assume!(!matches!(uuid.as_str(), "." | ".."));
        let (client, _) = client();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let get = GetThing { uuid, names: Some(vec![query]), ..GetThing::default() };
        runtime.block_on(get.call(&client)).unwrap();
    }
}
