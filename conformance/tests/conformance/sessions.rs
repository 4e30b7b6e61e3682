//! Logging in and out, which the client does by itself, is what the generated
//! operations are.

use bytes::Bytes;
use zstack_client::identity::{LogInByAccount, LogOut};
use zstack_client::vm_instance::QueryVmInstance;
use zstack_client::{Call, Client, hash_password};

use crate::requests::Captured;

const SESSION: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

fn parts(request: http::Request<Bytes>) -> (http::Method, String, http::HeaderMap, Bytes) {
    let (parts, body) = request.into_parts();
    (parts.method, parts.uri.to_string(), parts.headers, body)
}

#[tokio::test]
async fn the_client_logs_in_as_the_spec_says() {
    let captured = Captured::default();
    let client = Client::builder("http://node.test").transport(captured.clone());
    let client = client.login("admin", "password").build().unwrap();
    QueryVmInstance::new().call(&client).await.unwrap_err();
    let request = LogInByAccount::new("admin", hash_password("password"));
    assert_eq!(parts(captured.take()), parts(client.to_http(&request).unwrap()));
}

#[tokio::test]
async fn the_client_logs_out_as_the_spec_says() {
    let captured = Captured::default();
    let client = Client::builder("http://node.test").transport(captured.clone());
    let client = client.session(SESSION).build().unwrap();
    client.log_out().await.unwrap_err();
    assert_eq!(parts(captured.take()), parts(client.to_http(&LogOut::new(SESSION)).unwrap()));
}
