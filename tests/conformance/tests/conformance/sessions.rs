//! Compares log-in and log-out, which the client does by itself, with the generated operations.

use bytes::Bytes;
use zstack_client::identity::{LogInByAccount, LogOut};
use zstack_client::management_node::GetVersion;
use zstack_client::vm_instance::{CreateVmCdRom, QueryVmInstance};
use zstack_client::{Call, Client, ErrorKind, hash_password};

use crate::requests::Captured;

const SESSION: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

fn parts(request: http::Request<Bytes>) -> (http::Method, String, http::HeaderMap, Bytes) {
    let (parts, body) = request.into_parts();
    (parts.method, parts.uri.to_string(), parts.headers, body)
}

#[tokio::test]
async fn client_logs_in_as_the_spec_says() {
    let captured = Captured::default();
    let client = Client::builder("http://node.test").transport(captured.clone());
    let client = client.login("admin", "password").build().unwrap();
    QueryVmInstance::new().call(&client).await.unwrap_err();
    let request = LogInByAccount::new("admin", hash_password("password"));
    assert_eq!(parts(captured.take()), parts(client.to_http(&request).unwrap()));
}

#[tokio::test]
async fn client_logs_out_as_the_spec_says() {
    let captured = Captured::default();
    let client = Client::builder("http://node.test").transport(captured.clone());
    let client = client.session(SESSION).build().unwrap();
    client.log_out().await.unwrap_err();
    assert_eq!(parts(captured.take()), parts(client.to_http(&LogOut::new(SESSION)).unwrap()));
}

#[tokio::test]
async fn client_requests_the_release_as_the_spec_says() {
    let captured = Captured::default();
    let client = Client::builder("http://node.test").transport(captured.clone()).build().unwrap();
    client.probe_version().await.unwrap_err();
    assert_eq!(parts(captured.take()), parts(client.to_http(&GetVersion::new()).unwrap()));
}

#[tokio::test]
async fn later_operations_open_no_connection() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(&url).session(SESSION).api_version("3.0.0").build().unwrap();
    let error = CreateVmCdRom::new("cd", SESSION).call(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooNew);
    assert!(error.to_string().contains("the operation needs release 3.3.0"), "{error}");
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    // The same call opens one otherwise.
    let newer = Client::builder(&url).session(SESSION).api_version("3.3.0").retries(0);
    let newer = newer.request_timeout(std::time::Duration::from_millis(50)).build().unwrap();
    CreateVmCdRom::new("cd", SESSION).call(&newer).await.unwrap_err();
    listener.accept().unwrap();
}
