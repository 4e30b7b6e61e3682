//! The client that sends the requests of a program.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};
use zstack_node::model::ADMIN_UUID;
use zstack_runtime::signature::signature;

use super::check::{check, take};
use super::file::{AccessKey, Expected, Program, Request, Resource};
use super::variables::Variables;
use crate::interop::checklist::check_value;
use crate::interop::wire::{Answer, Wire};

/// A program with its node.
pub(super) struct Client<'p> {
    wire: Wire,
    pub(super) program: &'p Program,
    pub(super) variables: Variables,
    /// The resources to destroy at the end, with their UUIDs, the oldest first.
    pub(super) resources: Vec<(&'p Resource, String)>,
}

impl<'p> Client<'p> {
    pub(super) async fn new(wire: Wire, program: &'p Program) -> Self {
        let mut variables = Variables::default();
        let host = wire.address().to_string();
        variables.set("host", host.into());
        for (name, value) in &program.variables {
            variables.set(name, value.clone());
        }
        if program.access_key.is_some() {
            let key = json!({"params": {"accountUuid": ADMIN_UUID, "userUuid": ADMIN_UUID}});
            let key = wire.job("POST", "/zstack/v1/accesskeys", &key.to_string()).await.inventory();
            variables.set("accessKeyId", key["AccessKeyID"].clone());
            variables.set("accessKeySecret", key["AccessKeySecret"].clone());
        }
        Self { wire, program, variables, resources: Vec::new() }
    }

    /// Sends a request, checks its answer and returns it.
    pub(super) async fn request(&mut self, request: &Request) -> Value {
        // Boxed, because a lifecycle makes many requests: their futures need more stack than there is.
        let (body, context) = match &request.message {
            Some(class) => Box::pin(self.message(class, request)).await,
            None => Box::pin(self.http(request)).await,
        };
        check(request, &body, &self.variables, &context);
        take(request, &body, &mut self.variables, &context);
        body
    }

    /// Sends a request of the API, and returns the answer with the context for error messages.
    async fn http(&self, request: &Request) -> (Value, String) {
        let send =
            request.send.as_deref().unwrap_or_else(|| panic!("a step has `send`, `message` or `resource`"));
        let send = self.variables.text(send).unwrap_or_else(|| panic!("a variable in `{send}` has no value"));
        let (method, target) = send.split_once(' ').unwrap();
        let context = format!("{}: {send}", self.program.name);
        let body = match (&request.text, &request.body) {
            (Some(text), _) => text.clone(),
            (None, Some(body)) => self.variables.value(body).to_string(),
            (None, None) => String::new(),
        };
        let headers = self.headers(request, method, target);
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = self.wire.raw(method, target, &headers, &body).await;
        let context = format!("{context} {body}");
        (self.result(request, answer, &headers, &context).await, context)
    }

    fn headers(&self, request: &Request, method: &str, target: &str) -> Vec<(String, String)> {
        let mut headers: Vec<_> = self
            .program
            .headers
            .iter()
            .filter(|(name, _)| !request.headers.contains_key(*name))
            .chain(&request.headers)
            .filter_map(|(name, value)| Some((name.clone(), self.variables.text(value)?)))
            .collect();
        if let Some(key) = &self.program.access_key {
            headers.extend(self.sign(key, method, target));
        }
        headers
    }

    fn sign(&self, key: &AccessKey, method: &str, target: &str) -> [(String, String); 2] {
        let zone = TimeZone::get(&key.zone).unwrap();
        let date = Zoned::new(Timestamp::now(), zone).strftime("%a, %d %b %Y %H:%M:%S");
        let date = format!("{date} {}", key.suffix);
        let path = target.split('?').next().unwrap_or_default();
        let path = path.strip_prefix("/zstack").unwrap_or(path);
        let secret = self.variables.text("$accessKeySecret").unwrap();
        let id = self.variables.text("$accessKeyId").unwrap();
        let signed = signature(&secret, method, &date, path);
        [("Authorization".to_owned(), format!("ZStack {id}:{signed}")), ("Date".to_owned(), date)]
    }

    /// Returns the result as the program gets it: inline or by polling.
    async fn result(
        &self,
        request: &Request,
        first: Answer,
        headers: &[(&str, &str)],
        context: &str,
    ) -> Value {
        let refused = match request.answer {
            Expected::BadRequest => Some(400),
            Expected::Forbidden => Some(403),
            Expected::NotFound => Some(404),
            Expected::MethodNotAllowed => Some(405),
            Expected::Result | Expected::Job | Expected::Inline => None,
        };
        if let Some(status) = refused {
            assert!(first.is_text(status), "{context}: {first:?}");
            return Value::Null;
        }
        let expected = request.answer;
        assert!(expected != Expected::Job || first.status == 202, "{context}: {first:?}");
        assert!(expected != Expected::Inline || first.status != 202, "{context}: {first:?}");
        let last = if first.status == 202 {
            let location = first.json()["location"].as_str().unwrap().to_owned();
            self.wire.poll_with(&location, headers).await
        } else {
            first
        };
        assert!([200, 503].contains(&last.status), "{context}: {last:?}");
        let body = last.json();
        expect_success(request, last.status == 200, &body, context);
        if !request.decimal {
            check_value(&body, "");
        }
        body
    }

    /// Sends a message to the legacy channel and returns the reply.
    async fn message(&self, class: &str, request: &Request) -> (Value, String) {
        let mut fields = self.variables.value(request.body.as_ref().unwrap_or(&json!({})));
        if let Some(session) = self.variables.text("$session") {
            fields["session"] = json!({ "uuid": session });
        }
        let path = request.send.as_deref().unwrap_or("/zstack/api");
        let headers = self.headers(request, "POST", path);
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let context = format!("{}: {class} {fields}", self.program.name);
        let answer = self.wire.raw("POST", path, &headers, &json!({ class: fields }).to_string()).await;
        assert_eq!(answer.status, 200, "{context}: {answer:?}");
        let mut progress = answer.json();
        // Some programs need a job for each asynchronous message.
        assert!(request.answer != Expected::Job || progress["uuid"].is_string(), "{context}: {progress}");
        while progress["state"] != "Done" {
            let path = format!("/zstack/api/result/{}", progress["uuid"].as_str().unwrap());
            progress = self.wire.raw("GET", &path, &[], "").await.json();
        }
        let reply: Value = serde_json::from_str(progress["result"].as_str().unwrap()).unwrap();
        let (reply_class, reply) = reply.as_object().unwrap().iter().next().unwrap();
        let expected = request.class.as_ref().unwrap_or(reply_class);
        assert_eq!(reply_class, expected, "{context}");
        expect_success(request, reply["success"] == true, reply, &context);
        check_value(reply, "");
        (reply.clone(), context)
    }
}

/// Verifies that an operation was successful, or failed with the expected error.
fn expect_success(request: &Request, success: bool, body: &Value, context: &str) {
    match &request.error {
        None => assert!(success, "{context}: {body}"),
        Some(code) => {
            assert_eq!(
                (success, body["error"]["code"].as_str()),
                (false, Some(code.as_str())),
                "{context}: {body}"
            );
        }
    }
}
