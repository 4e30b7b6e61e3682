//! Texts of errors, which hide secrets.

use zstack_runtime::client::{BoxFuture, Call, Client, Error, ErrorKind, Transport, TransportError};

use crate::client::operations::{AttachIso, GetThing, LogIn, LogOut};
use crate::client::script::{SESSION, Script, Step, accept_job, answer};

const PASSWORD: &str = "b109f3bbbc244eb82441917ed06d618b";

fn all_texts(error: &Error) -> String {
    let mut texts = format!("{error} {error:?} {error:#?}");
    for error in std::iter::successors(error.underlying(), |error| error.source()) {
        texts.push_str(&format!(" {error:?}"));
    }
    texts
}

#[tokio::test]
async fn hides_secrets() {
    let log_in = || LogIn { account_name: "admin".into(), password: PASSWORD.into() };
    let client = Script::new([
        answer(400, format!("what is {SESSION} or {PASSWORD}?")),
        answer(400, format!("what is {SESSION}?")),
    ])
    .client();
    let mut errors = vec![
        log_in().call(&client).await.unwrap_err(),
        LogOut { session_uuid: SESSION.into() }.call(&client.without_session()).await.unwrap_err(),
        GetThing { uuid: "t".into(), ..GetThing::default() }.call(&client).await.unwrap_err(),
    ];
    assert!(
        errors.iter().all(|error| error.kind() == ErrorKind::Rejected && error.to_string().contains("***"))
    );

    // The response to a log-in cannot be decoded, and contains a session.
    let made = format!(r#"{{"inventory":{{"uuid":"{SESSION}","uses":"many"}}}}"#);
    let client = Script::new([answer(200, made.as_str())]).client().without_session();
    let error = log_in().call(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert_eq!(error.body(), made.as_str());
    assert!(error.to_string().contains(".inventory.uses: \"many\" is not a"), "{error}");
    errors.push(error);

    // An empty password is not replaced between all characters.
    let client = Script::new([answer(400, "no")]).client();
    let error = LogIn::default().call(&client).await.unwrap_err();
    assert!(error.to_string().ends_with("no"), "{error}");
    errors.push(error);

    for error in &errors {
        let texts = all_texts(error);
        assert!(!texts.contains(SESSION) && !texts.contains(PASSWORD), "{texts}");
    }
    let debug = format!("{client:?} {:?}", Client::builder("http://h").session(SESSION));
    assert!(!debug.contains(SESSION), "{debug}");
}

#[tokio::test]
async fn errors_are_small_and_sendable() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<Error>();
    travels::<Client>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());

    let client = Script::new([Step::Fail("unplugged")]).client();
    let error = GetThing { uuid: "t".into(), ..GetThing::default() }.call(&client).await.unwrap_err();
    assert_eq!(error.underlying().unwrap().to_string(), "unplugged");
    let boxed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert!(boxed.is::<Error>());
}

/// An error with a source.
#[derive(Debug)]
struct Layer(&'static str, Option<Box<Layer>>);

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Layer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}

/// Prints an error and all of its sources, as programs do.
fn print_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(&format!("; because of: {error}"));
        next = error.source();
    }
    text
}

#[tokio::test(start_paused = true)]
async fn prints_no_text_twice() {
    struct Unplugged;
    impl Transport for Unplugged {
        fn send(
            &self,
            _: http::Request<bytes::Bytes>,
        ) -> BoxFuture<'_, Result<http::Response<bytes::Bytes>, TransportError>> {
            let cable = Layer("the cable is cut", None);
            let port = Layer("the port is dead", Some(Box::new(cable)));
            Box::pin(async { Err(TransportError::new(Layer("cannot connect", Some(Box::new(port))))) })
        }
    }
    let get = || GetThing { uuid: "t".into(), ..GetThing::default() };
    let one = async |step: Step| get().call(&Script::new([step]).client()).await.unwrap_err();
    let refused =
        r#"{"error":{"code":"X.1","details":"no room","cause":{"code":"Y.2","details":"too many"}}}"#;
    let unplugged = Client::builder("http://h").session(SESSION).transport(Unplugged).build().unwrap();
    let late = Script::new([accept_job(), Step::Fail("unplugged")]).builder();
    let late = late.deadline(std::time::Duration::from_secs(9)).build().unwrap();
    let mut errors = vec![
        (
            ErrorKind::Refused,
            one(answer(503, refused)).await,
            vec!["refused", "X.1", "no room", "Y.2", "too many"],
        ),
        (
            ErrorKind::Refused,
            one(answer(200, refused)).await,
            vec!["refused", "X.1", "no room", "Y.2", "too many"],
        ),
        (ErrorKind::Refused, one(answer(200, r#"{"success":false}"#)).await, vec!["\"success\": false"]),
        (ErrorKind::Rejected, one(answer(400, "no such key")).await, vec!["rejected", "no such key"]),
        (
            ErrorKind::Unreadable,
            one(answer(200, r#"{"inventory":7}"#)).await,
            vec!["cannot be decoded", ".inventory: "],
        ),
        (ErrorKind::Unreadable, one(answer(503, r#"{"error":7}"#)).await, vec!["cannot be decoded", "body"]),
        (ErrorKind::Transport, one(Step::Fail("unplugged")).await, vec!["no response", "unplugged"]),
        (
            ErrorKind::Transport,
            get().call(&unplugged).await.unwrap_err(),
            vec!["no response", "cannot connect", "the port is dead", "the cable is cut"],
        ),
        (
            ErrorKind::Deadline,
            AttachIso { vm: "v".into(), iso: Some("i".into()), ..AttachIso::default() }
                .call(&late)
                .await
                .unwrap_err(),
            vec!["within the deadline", "no response", "unplugged"],
        ),
        (
            ErrorKind::JobLost,
            Script::new([answer(404, "gone")]).client().job::<AttachIso>("j").poll().await.unwrap_err(),
            vec!["does not know the job", "gone"],
        ),
        (
            ErrorKind::TooNew,
            {
                let client = Script::new([answer(200, "{}")]).builder().api_version("0.6").build().unwrap();
                crate::client::operations::CreateThing::default().call(&client).await.unwrap_err()
            },
            vec!["CreateThing (", "0.6"],
        ),
        (ErrorKind::Invalid, Client::new("http://").unwrap_err(), vec!["not the URL of a server"]),
    ];
    let outside = std::thread::spawn(move || {
        let client = Script::new([answer(200, "{}")]).client();
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(get().call(&client)).poll(&mut context) {
            std::task::Poll::Ready(Err(error)) => error,
            _ => panic!("there is no clock to wait for"),
        }
    });
    errors.push((ErrorKind::Invalid, outside.join().unwrap(), vec!["Tokio runtime", "no reactor"]));

    for (kind, error, parts) in &errors {
        assert_eq!(error.kind(), *kind, "{error}");
        let output = print_chain(error);
        for part in parts {
            assert_eq!(output.matches(part).count(), 1, "{part:?} in {output}");
        }
    }
    let transport = TransportError::new(Layer("outside", Some(Box::new(Layer("inside", None)))));
    assert_eq!(print_chain(&transport), "outside: inside");
    assert!(transport.into_inner().is::<Layer>());
}

#[test]
fn calls_need_a_runtime() {
    use std::future::Future as _;
    use std::task::{Context, Poll, Waker};

    let client = Script::new([answer(200, "{}")]).client();
    let mut context = Context::from_waker(Waker::noop());
    let call = std::pin::pin!(GetThing { uuid: "t".into(), ..GetThing::default() }.call(&client));
    let Poll::Ready(Err(error)) = call.poll(&mut context) else { panic!("there is no clock to wait for") };
    assert_eq!(error.kind(), ErrorKind::Invalid);
    let job = client.job::<GetThing>("a");
    let wait = std::pin::pin!(job.wait());
    assert!(matches!(wait.poll(&mut context), Poll::Ready(Err(_))));
}

#[cfg(not(feature = "tls"))]
#[test]
fn https_needs_a_feature() {
    let error = Client::new("https://cloud.example.com").unwrap_err();
    assert!(error.to_string().contains("`tls`"), "{error}");
    // Other transports handle https themselves.
    let script = Script::new([answer(200, "{}")]);
    Client::builder("https://cloud.example.com").transport(script).build().unwrap();
}

#[test]
fn debug_shows_the_url() {
    let client = Client::new("http://127.0.0.1:8080/").unwrap();
    assert_eq!(client.url(), "http://127.0.0.1:8080");
    assert_eq!(client.session(), None);
    assert_eq!(client.with_session(SESSION).session().as_deref(), Some(SESSION));
    assert_eq!(client.with_session(SESSION).without_session().session(), None);
}
