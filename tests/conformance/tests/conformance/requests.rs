//! Invalid parameters: each violates each constraint of its table once.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zstack_client::{BoxFuture, Call, Client, Transport, TransportError};
use zstack_conformance::{Answer, Echo, values};
use zstack_runtime::record::{Field, Kind, Place, Record};
use zstack_runtime::{Request, decode, encode};
use zstack_server::Options;

use crate::api::{Visit, router, selected_operations};

/// Records requests without sending them.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Option<http::Request<Bytes>>>>);

impl Captured {
    pub(crate) fn take(&self) -> http::Request<Bytes> {
        self.0.lock().unwrap().take().expect("a request was sent")
    }
}

impl Transport for Captured {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        *self.0.lock().unwrap() = Some(request);
        Box::pin(async { Err(TransportError::new("kept")) })
    }
}

/// The request of a client, with all its parameters.
struct Sent {
    parts: http::request::Parts,
    body: Value,
    key: Option<&'static str>,
}

async fn sent_request<R: Request>() -> Sent {
    let mut runner = TestRunner::deterministic();
    let full = values::full_record(R::SHAPE).new_tree(&mut runner).unwrap().current();
    let request: R = decode::from_slice(full.to_string().as_bytes()).unwrap();
    let captured = Captured::default();
    let client = Client::builder("http://node.test")
        .transport(captured.clone())
        .retries(0)
        .session("s")
        .build()
        .unwrap();
    assert!(request.call(&client).await.is_err());
    let (parts, body) = captured.take().into_parts();
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
    Sent { parts, body, key: R::OPERATION.body.key() }
}

impl Sent {
    /// Returns the body with one parameter changed or removed.
    fn with(&self, field: &Field, value: Option<Value>) -> Value {
        let mut body = self.body.clone();
        let place = match field.place {
            Place::Body => &mut body[self.key.unwrap()],
            _ => &mut body,
        };
        let place = place.as_object_mut().unwrap();
        match value {
            Some(value) => drop(place.insert(field.name.to_owned(), value)),
            None => drop(place.remove(field.name)),
        }
        body
    }

    async fn answer(&self, router: &axum::Router, body: &Value) -> (u16, String) {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let request = http::Request::from_parts(self.parts.clone(), axum::body::Body::from(bytes));
        let response = router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }
}

/// Returns values of other types.
pub(crate) fn of_another_type(kind: Kind) -> Vec<Value> {
    match kind {
        Kind::Integer => vec![json!(1.5), json!("x"), json!({}), json!([]), json!(3_000_000_000_i64)],
        Kind::Long => vec![json!(1.5), json!("x"), json!({}), json!([]), json!(1e300)],
        Kind::Boolean => vec![json!("yes"), json!({}), json!(1)],
        Kind::List(_) => vec![json!("x"), json!({}), json!(1)],
        Kind::Map(_) | Kind::Record(_) => vec![json!("x"), json!([]), json!(1)],
        Kind::Double => vec![json!("x"), json!({})],
        Kind::Any => vec![],
        _ => vec![json!({}), json!([])],
    }
}

/// Returns values of the right type that violate a constraint.
fn violations_of(field: &Field) -> Vec<Value> {
    let limits = field.limits;
    let mut values = Vec::new();
    // Two UTF-16 units for each of these characters.
    let long = |units: u32| Value::from("\u{1f4bf}".repeat(units as usize / 2) + "x");
    values.extend(limits.max_length.map(|most| long(most + most % 2)));
    if let Some((low, high)) = limits.range {
        // Beyond the type, a number is refused for another reason.
        let is_possible =
            |number: &i64| !matches!(field.kind, Kind::Integer) || i32::try_from(*number).is_ok();
        let beyond = low.checked_sub(1).into_iter().chain(high.checked_add(1));
        values.extend(beyond.filter(is_possible).map(Value::from));
    }
    match field.kind {
        Kind::String | Kind::Enum(_) if !limits.values.is_empty() || matches!(field.kind, Kind::Enum(_)) => {
            values.push("certainly none of these".into());
        }
        Kind::Integer | Kind::Long if !limits.values.is_empty() => values.push(123_456.into()),
        _ => {}
    }
    if matches!(field.kind, Kind::Uuid) {
        values.push("36C27E8FF05C4780BF6D2FA65700F22E".into());
    }
    values
}

struct Wrong {
    checked: usize,
}

impl Visit for Wrong {
    fn visit<R: Request>(&mut self) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let echo = Arc::new(Echo::default());
            let mut runner = TestRunner::deterministic();
            let response = values::record(R::Response::SHAPE).new_tree(&mut runner).unwrap().current();
            let response: R::Response = decode::from_slice(response.to_string().as_bytes()).unwrap();
            echo.answer(Answer::Result(encode::to_vec(&response)));
            let router = router(&echo, Options::default());
            let sent_request = sent_request::<R>().await;
            assert_eq!(
                sent_request.answer(&router, &sent_request.body).await.0,
                200,
                "{}",
                R::OPERATION.name
            );
            for field in
                R::SHAPE.fields.iter().filter(|field| matches!(field.place, Place::Body | Place::BesideBody))
            {
                self.check(R::OPERATION.name, field, &sent_request, &router).await;
            }
        });
    }
}

impl Wrong {
    async fn check(&mut self, operation: &str, field: &Field, sent_request: &Sent, router: &axum::Router) {
        let name = format!("[{}", field.name);
        for value in of_another_type(field.kind) {
            let (status, text) =
                sent_request.answer(router, &sent_request.with(field, Some(value.clone()))).await;
            assert_eq!(status, 400, "{operation}, {} = {value}: {text}", field.name);
            assert!(text.contains(&name), "{text}");
            self.checked += 1;
        }
        for value in violations_of(field) {
            let (status, text) =
                sent_request.answer(router, &sent_request.with(field, Some(value.clone()))).await;
            assert_eq!(status, 503, "{operation}, {} = {value}: {text}", field.name);
            assert!(text.contains("SYS.1007") && text.contains(&name), "{text}");
            self.checked += 1;
        }
        for value in [None, Some(Value::Null)] {
            let (status, text) = sent_request.answer(router, &sent_request.with(field, value)).await;
            if field.required {
                assert_eq!(status, 503, "{operation} without {}: {text}", field.name);
                assert!(text.contains("SYS.1007") && text.contains(&name), "{text}");
            } else {
                assert_eq!(status, 200, "{operation} without {}: {text}", field.name);
            }
            self.checked += 1;
        }
    }
}

#[test]
fn body_parameters_are_validated() {
    let mut wrong = Wrong { checked: 0 };
    selected_operations(&mut wrong);
    assert!(wrong.checked > 60, "{} cases", wrong.checked);
}

#[tokio::test]
async fn reports_all_mistakes_at_once() {
    use zstack_types::vm_instance::CreateVmCdRom;

    let router = router(&Arc::new(Echo::default()), Options::default());
    let sent_request = sent_request::<CreateVmCdRom>().await;
    let (status, text) =
        sent_request.answer(&router, &json!({"params": {"name": {}, "isoUuid": [], "tagUuids": 1}})).await;
    assert_eq!(status, 400, "{text}");
    for name in ["[name]", "[isoUuid]", "[tagUuids]"] {
        assert!(text.contains(name), "{name} is not in: {text}");
    }
    let long = "x".repeat(256);
    let (status, text) =
        sent_request.answer(&router, &json!({"params": {"name": long, "resourceUuid": "x"}})).await;
    assert_eq!(status, 503, "{text}");
    for name in ["[name]", "[vmInstanceUuid]", "[resourceUuid]"] {
        assert!(text.contains(name), "{name} is not in: {text}");
    }
}
