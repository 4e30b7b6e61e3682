//! What errors show, and what they must not.

use zstack_runtime::client::{Call, Client, Error, ErrorKind};

use crate::operations::{GetThing, LogIn, LogOut};
use crate::script::{SESSION, Script, Step, answer};

const PASSWORD: &str = "b109f3bbbc244eb82441917ed06d618b";

fn shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        shown.push_str(&format!(" {error:?}"));
        next = error.source();
    }
    shown
}

#[tokio::test]
async fn secrets_stay_secret() {
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
    assert!(errors.iter().all(|it| it.kind() == ErrorKind::Rejected && it.to_string().contains("***")));

    // The session that a log-in made is in an answer that cannot be read.
    let made = format!(r#"{{"inventory":{{"uuid":"{SESSION}","uses":"many"}}}}"#);
    let client = Script::new([answer(200, made.as_str())]).client().without_session();
    let error = log_in().call(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert_eq!(error.body(), made.as_str());
    assert!(error.to_string().contains(".inventory.uses: \"many\" is no integer"), "{error}");
    errors.push(error);

    // An empty password is not hidden between all characters.
    let client = Script::new([answer(400, "no")]).client();
    let error = LogIn::default().call(&client).await.unwrap_err();
    assert!(error.to_string().ends_with("no"), "{error}");
    errors.push(error);

    for error in &errors {
        let shown = shown(error);
        assert!(!shown.contains(SESSION) && !shown.contains(PASSWORD), "{shown}");
    }
    let debug = format!("{client:?} {:?}", Client::builder("http://h").session(SESSION));
    assert!(!debug.contains(SESSION), "{debug}");
}

#[tokio::test]
async fn errors_are_small_and_travel() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<Error>();
    travels::<Client>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());

    let client = Script::new([Step::Fail("unplugged")]).client();
    let error = GetThing { uuid: "t".into(), ..GetThing::default() }.call(&client).await.unwrap_err();
    let boxed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert_eq!(boxed.source().unwrap().to_string(), "unplugged");
}

#[test]
fn a_future_outside_of_a_runtime_is_an_error() {
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
    // Another transport sees to that itself.
    let script = Script::new([answer(200, "{}")]);
    Client::builder("https://cloud.example.com").transport(script).build().unwrap();
}

#[test]
fn clients_are_told_by_their_urls() {
    let client = Client::new("http://127.0.0.1:8080/").unwrap();
    assert_eq!(client.url(), "http://127.0.0.1:8080");
    assert_eq!(client.session(), None);
    assert_eq!(client.with_session(SESSION).session().as_deref(), Some(SESSION));
    assert_eq!(client.with_session(SESSION).without_session().session(), None);
}
