//! Searches all texts of the client for secrets.

use std::io::{Result, Write};
use std::sync::{Arc, Mutex};

use zstack_runtime::client::{Call, CallOptions, hash_password};
use zstack_runtime::signature::signature;

use crate::client::node::{Node, PASSWORD, create, get};
use crate::client::script::{Script, Step, answer};
use crate::own_process;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

#[test]
fn texts_contain_no_secrets() {
    own_process::run("client::secrets::texts_contain_no_secrets", search_all_texts());
}

async fn search_all_texts() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    // For all threads, since the decision to log an event is cached across threads.
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let mut said = String::new();
    let mut secrets = vec![PASSWORD.to_owned(), hash_password(PASSWORD)];

    // An account: successful calls, refused ones, and a wrong password, which the server repeats.
    let node = Arc::new(Node::default());
    let client = node.client();
    said.push_str(&format!("{:?}", node.builder().login("admin", PASSWORD)));
    get().call(&client).await.unwrap();
    create().call(&client.with_options(CallOptions::new().respond_async())).await.unwrap();
    secrets.extend(client.session().map(|session| session.to_string()));
    said.push_str(&format!("{client:?}"));
    let strict = Node::strict();
    let client = strict.client();
    let error = get().call(&client).await.unwrap_err();
    said.push_str(&format!("{error} {error:?} {client:?}"));
    let job = create().start(&client).await.unwrap();
    let error = job.wait().await.unwrap_err();
    said.push_str(&format!("{error} {error:?} {job:?}"));
    secrets.extend(strict.sessions());
    let wrong = node.builder().login("admin", "another-secret").build().unwrap();
    let error = get().call(&wrong).await.unwrap_err();
    said.push_str(&format!("{error} {error:?}"));
    secrets.extend(["another-secret".to_owned(), hash_password("another-secret")]);

    // An access key, whose signature the server repeats.
    let signed = signature("key-secret", "GET", "now", "/v1/x");
    let repeats = answer(403, format!("wrong accessKey signature: ZStack AKID:{signed} of key-secret"));
    let script = Script::new([Step::Fail("reset"), repeats.clone(), repeats]);
    let builder = script.builder().access_key("AKID", "key-secret");
    said.push_str(&format!("{builder:?}"));
    let client = builder.build().unwrap();
    let error = get().call(&client).await.unwrap_err();
    said.push_str(&format!("{error} {error:?} {client:?}"));
    let error = client.job::<crate::client::operations::CreateThing>("a").poll().await.unwrap_err();
    said.push_str(&format!("{error} {error:?}"));
    secrets.extend(["key-secret".to_owned(), signed]);

    // A failing log-out has a session in its path.
    let script = Script::new([Step::Fail("/accounts/sessions/5e55105e55105e55105e55105e55105e")]);
    let error = script.client().log_out().await.unwrap_err();
    said.push_str(&format!("{error} {error:?}"));
    secrets.push(crate::client::script::SESSION.to_owned());

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for line in ["operation=\"GetThing\"", "status=200", "status=503", "duration=", "job=\"", "kind=Refused"]
    {
        assert!(log.contains(line), "{line} in\n{log}");
    }
    assert!(secrets.len() >= 9, "{}", secrets.len());
    for secret in secrets {
        assert!(!said.contains(&secret), "{secret} in\n{said}");
        assert!(!log.contains(&secret), "{secret} in the log");
    }
}
