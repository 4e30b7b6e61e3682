//! Blocking calls, in threads with and without a runtime.

use zstack_runtime::client::blocking::{Call as _, Client};
use zstack_runtime::client::{ErrorKind, PollPolicy, Progress};

use crate::client::operations::{AttachIso, CreateThing};
use crate::client::script::{JOB, SESSION, Script, accept_job, answer};
use crate::client::transports::{router, serve};

fn create() -> CreateThing {
    CreateThing { name: "n".into(), ..CreateThing::default() }
}

fn attach() -> AttachIso {
    AttachIso { vm: "v".into(), iso: Some("i".into()), ..AttachIso::default() }
}

fn life(url: &str) {
    let client = Client::new(url).unwrap().with_session(SESSION);
    assert_eq!(create().call_blocking(&client).unwrap().inventory.uuid, "n");
    let job = attach().start_blocking(&client).unwrap();
    assert_eq!(job.uuid(), JOB);
    assert_eq!(job.poll().unwrap(), Progress::Running);
    assert_eq!(job.wait().unwrap().inventory.uuid, "attached");
    // The job outlives its client.
    drop(client);
    assert!(matches!(job.poll().unwrap(), Progress::Done(_)));
}

/// Starts a server in a separate thread.
fn server() -> String {
    let (sender, url) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            sender.send(serve(router()).await).unwrap();
            std::future::pending::<()>().await;
        });
    });
    url.recv().unwrap()
}

#[test]
fn outside_of_a_runtime() {
    life(&server());
}

#[tokio::test]
async fn inside_of_a_runtime() {
    // The calls block the thread, and the client is dropped in it.
    life(&server());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inside_of_the_runtime_of_the_server() {
    let url = serve(router()).await;
    tokio::spawn(async move { life(&url) }).await.unwrap();
}

#[test]
fn many_threads_share_a_client() {
    let client = Client::new(server()).unwrap().with_session(SESSION);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| create().call_blocking(&client).unwrap());
        }
    });
}

#[test]
fn options_equal_those_of_async_clients() {
    let script = Script::new([answer(202, "{}"), answer(200, r#"{"inventory":{"uuid":"u"}}"#)]);
    let poll = PollPolicy::new().initial(std::time::Duration::from_millis(1));
    let builder =
        Client::builder("http://h/").session(SESSION).api_version("3.0.0").poll(poll).transport(script);
    let client = builder.build().unwrap();
    assert_eq!(client.api_version(), zstack_runtime::Version::new("3.0.0"));
    assert_eq!(client.url(), "http://h");
    let job = attach().start_blocking(&client).unwrap();
    assert_eq!(job.wait().unwrap().inventory.uuid, "u");
    assert_eq!(client.without_session().session(), None);

    let error = Client::builder("h").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[test]
fn errors_equal_those_of_async_clients() {
    let script = Script::new([answer(200, r#"{"error":{"code":"VM.1010"}}"#)]);
    let client = Client::from_async(script.client()).unwrap();
    assert!(create().call_blocking(&client).unwrap_err().is_wrong_state());
    assert!(client.log_out().unwrap_err().is_wrong_state());

    let script = Script::new([answer(503, r#"{"error":{"code":"VM.1010"}}"#)]);
    let client = Client::from_async(script.client()).unwrap();
    assert!(create().call_blocking(&client).unwrap_err().is_wrong_state());
    assert!(attach().dry_run_blocking(&client).unwrap_err().is_wrong_state());
    let script = Script::new([accept_job(), answer(404, "gone")]);
    let client = Client::from_async(script.client()).unwrap();
    assert_eq!(client.job::<AttachIso>(JOB).poll().unwrap(), Progress::Running);
    assert_eq!(client.job::<AttachIso>(JOB).poll().unwrap_err().kind(), ErrorKind::JobLost);
    assert!(!format!("{client:?}").contains(SESSION));
}

#[test]
fn survives_panics_of_the_transport() {
    struct Broken;
    impl zstack_runtime::client::Transport for Broken {
        fn send(
            &self,
            _: http::Request<bytes::Bytes>,
        ) -> zstack_runtime::client::BoxFuture<
            '_,
            Result<http::Response<bytes::Bytes>, zstack_runtime::client::TransportError>,
        > {
            panic!("broken on purpose")
        }
    }
    let client = zstack_runtime::client::Client::builder("http://h")
        .session(SESSION)
        .transport(Broken)
        .build()
        .unwrap();
    let client = Client::from_async(client).unwrap();
    for _ in 0..2 {
        assert_eq!(create().call_blocking(&client).unwrap_err().kind(), ErrorKind::Transport);
    }
}
