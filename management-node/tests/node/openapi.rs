//! Tests of the answers of the node against the OpenAPI document that it serves.

use std::collections::BTreeSet;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use boon::{Compiler, Schemas};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use zstack_model::Operation;
use zstack_node::inventory::password_hash;

use crate::local::Local;
use crate::local::sample::{BARE_1, CACHE_1, DB_1, DB_DRIVE, OLD_1, RESCUE, WEB_1, WINDOWS_1, WINDOWS_DRIVE};
use crate::performed::{model, performed_operations};

/// The characters that a JSON pointer in a URL fragment has to escape.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'~');
const BASE: &str = "/zstack/v1";
const JOB: &str = "0f0e0d0c0b0a49088706050403020100";

/// A node with its OpenAPI document.
struct Contract {
    local: Local,
    document: Value,
    compiler: Compiler,
    schemas: Schemas,
    /// The methods and paths that have answered successfully.
    answered: BTreeSet<(String, String)>,
}

impl Contract {
    async fn new() -> Self {
        let local = Local::sample().await;
        let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
        let response = local.app.answer(request).await;
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        let mut compiler = Compiler::new();
        compiler.add_resource("document.json", document.clone()).unwrap();
        Self { local, document, compiler, schemas: Schemas::new(), answered: BTreeSet::new() }
    }

    /// Finds the template of a path in the document: literals take precedence over
    /// variables.
    fn template(&self, path: &str) -> &str {
        let segments: Vec<_> = path.split('/').collect();
        let matches = |template: &&String| {
            let parts: Vec<_> = template.split('/').collect();
            parts.len() == segments.len()
                && parts.iter().zip(&segments).all(|(part, segment)| part.starts_with('{') || part == segment)
        };
        let templates = self.document["paths"].as_object().unwrap().keys().filter(matches);
        templates
            .min_by_key(|template| template.matches('{').count())
            .unwrap_or_else(|| panic!("no path for {path}"))
    }

    /// Calls the node, and checks the answer against the document.
    async fn call(&mut self, line: &str, headers: &[(&str, &str)], body: &str, expected: u16) -> Value {
        let (method, target) = line.split_once(' ').unwrap();
        let path = target.split('?').next().unwrap();
        let template = self.template(path).to_owned();
        let mut request = Request::builder().method(method).uri(format!("{BASE}{target}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.local.app.answer(request.body(Body::from(body.to_owned())).unwrap()).await;
        let status = response.status().as_u16();
        let content_type = response.headers()["content-type"].to_str().unwrap();
        let content_type = content_type.split(';').next().unwrap().to_owned();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert_eq!(status, expected, "{line}: {text}");
        let answer = match &*content_type {
            "application/json" => serde_json::from_str(&text).unwrap(),
            _ => Value::String(text),
        };
        let key = template.replace('~', "~0").replace('/', "~1");
        let method = method.to_ascii_lowercase();
        let pointer = self.resolve(&format!("/paths/{key}/{method}/responses/{status}"));
        let pointer = format!("{pointer}/content/{}/schema", content_type.replace('/', "~1"));
        assert!(self.document.pointer(&pointer).is_some(), "{line}: the document has no {pointer}");
        let location = format!("document.json#{}", utf8_percent_encode(&pointer, ESCAPED));
        let schema = self.compiler.compile(&location, &mut self.schemas).unwrap();
        if let Err(error) = self.schemas.validate(&answer, schema) {
            panic!("{line}: {error:#}\n{answer:#}");
        }
        if status == 200 {
            self.answered.insert((method, template));
        }
        answer
    }

    /// Returns the pointer of a response after following its reference.
    fn resolve(&self, pointer: &str) -> String {
        let response = self.document.pointer(pointer);
        let response = response.unwrap_or_else(|| panic!("the document has no {pointer}"));
        let target = response.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        target.unwrap_or(pointer).to_owned()
    }

    /// Calls the node with the session of the administrator.
    async fn call_as_admin(&mut self, line: &str, body: &str, expected: u16) -> Value {
        let session = format!("OAuth {}", self.local.session);
        self.call(line, &[("Authorization", &session)], body, expected).await
    }

    async fn act(&mut self, resource: &str, action: &str, expected: u16) {
        self.call_as_admin(&format!("PUT {resource}/actions"), &format!(r#"{{"{action}":{{}}}}"#), expected)
            .await;
    }

    fn paths(&self) -> BTreeSet<(String, String)> {
        let paths = self.document["paths"].as_object().unwrap().iter();
        let methods = |item: &Value| -> Vec<String> { item.as_object().unwrap().keys().cloned().collect() };
        let all =
            paths.flat_map(|(path, item)| methods(item).into_iter().map(|method| (method, path.clone())));
        all.filter(|(method, _)| Method::from_bytes(method.to_ascii_uppercase().as_bytes()).is_ok()).collect()
    }

    /// Returns the methods and paths of operations that the node performs, and those that belong to no operation
    /// but to the protocol, such as the path of jobs.
    fn performed_paths(&self) -> BTreeSet<(String, String)> {
        let of_operations = pairs(&model().operations);
        let of_performed = pairs(performed_operations());
        let mut paths = self.paths();
        paths.retain(|(method, path)| {
            let pair = (method.clone(), without_names(path));
            of_performed.contains(&pair) || !of_operations.contains(&pair)
        });
        paths
    }
}

/// The methods and paths of operations, without the names of variables: operations with the same path may name
/// them differently, while the document has the path once.
fn pairs<'a>(operations: impl IntoIterator<Item = &'a Operation>) -> BTreeSet<(String, String)> {
    let of_operation = |operation: &'a Operation| {
        let method = format!("{:?}", operation.method).to_lowercase();
        operation.all_paths().map(move |path| (method.clone(), without_names(path)))
    };
    operations.into_iter().flat_map(of_operation).collect()
}

fn without_names(path: &str) -> String {
    let segment = |segment: &str| if segment.starts_with('{') { "{}".to_owned() } else { segment.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn answers_match_the_document() {
    let mut node = Contract::new().await;
    let log_in = |password: &str| {
        let password = password_hash(password);
        format!(r#"{{"logInByAccount":{{"accountName":"admin","password":"{password}"}}}}"#)
    };
    let session = node.call("PUT /accounts/login", &[], &log_in("password"), 200).await;
    let session = session["inventory"]["uuid"].as_str().unwrap().to_owned();
    node.call("PUT /accounts/login", &[], &log_in("wrong"), 503).await;
    node.call_as_admin(&format!("GET /accounts/sessions/{session}/valid"), "", 200).await;
    let renew = format!("PUT /accounts/sessions/{session}/renew");
    node.call_as_admin(&renew, r#"{"renewSession":{}}"#, 200).await;
    node.call_as_admin(&format!("DELETE /accounts/sessions/{session}"), "", 200).await;

    let key = r#"{"params":{"accountUuid":"36c27e8ff05c4780bf6d2fa65700f22e","userUuid":"36c27e8ff05c4780bf6d2fa65700f22e"}}"#;
    let key = node.call_as_admin("POST /accesskeys", key, 200).await;
    node.call_as_admin("GET /accesskeys?limit=1", "", 200).await;
    for method in ["GET", "DELETE"] {
        let one = format!("{method} /accesskeys/{}", key["inventory"]["uuid"].as_str().unwrap());
        node.call_as_admin(&one, "", 200).await;
    }

    node.call_as_admin("PUT /management-nodes/actions", r#"{"getVersion":{}}"#, 200).await;
    node.call_as_admin("PUT /management-nodes/actions", r#"{"getCurrentTime":{}}"#, 200).await;
    node.call_as_admin("GET /management-nodes/ready", "", 200).await;

    for list in ["/images", "/vm-instances", "/vm-instances/cdroms"] {
        for query in ["", "?count=true", "?limit=1&replyWithCount=true", "?q=name~=%25a%25&sort=-name"] {
            node.call_as_admin(&format!("GET {list}{query}"), "", 200).await;
        }
        node.call_as_admin(&format!("GET {list}?q=unknown=1"), "", 503).await;
        node.call_as_admin(&format!("GET {list}?limit=much"), "", 400).await;
        node.call(&format!("GET {list}"), &[], "", 400).await;
    }
    for one in [
        format!("/images/{RESCUE}"),
        format!("/vm-instances/{WEB_1}"),
        format!("/vm-instances/cdroms/{WINDOWS_DRIVE}"),
        format!("/images/iso/{RESCUE}/vm-candidates"),
        format!("/vm-instances/{WEB_1}/iso-candidates"),
    ] {
        node.call_as_admin(&format!("GET {one}"), "", 200).await;
    }
    node.call_as_admin(&format!("GET /images/iso/{JOB}/vm-candidates"), "", 503).await;
    call_drive_operations(&mut node).await;
    call_lifecycle_operations(&mut node).await;
    call_jobs(&mut node).await;

    // Every operation of the document that the node performs was tested.
    assert_eq!(node.answered, node.performed_paths());
}

async fn call_drive_operations(node: &mut Contract) {
    node.call_as_admin(&format!("POST /vm-instances/{WEB_1}/iso/{RESCUE}"), "", 200).await;
    node.call_as_admin(&format!("POST /vm-instances/{WEB_1}/iso/{RESCUE}"), "", 503).await;
    node.call_as_admin(&format!("DELETE /vm-instances/{WEB_1}/iso?isoUuid={RESCUE}"), "", 200).await;
    let drive =
        format!(r#"{{"params":{{"name":"another","vmInstanceUuid":"{BARE_1}","isoUuid":"{RESCUE}"}}}}"#);
    let drive = node.call_as_admin("POST /vm-instances/cdroms", &drive, 200).await;
    let drive = drive["inventory"]["uuid"].as_str().unwrap();
    let update = r#"{"updateVmCdRom":{"name":"renamed","description":"of the test"}}"#;
    node.call_as_admin(&format!("PUT /vm-instances/cdroms/{drive}/actions"), update, 200).await;
    node.call_as_admin(&format!("DELETE /vm-instances/cdroms/{drive}"), "", 200).await;
    node.call_as_admin("POST /vm-instances/cdroms", "{\"params\":{", 400).await;
    node.act(&format!("/vm-instances/{WINDOWS_1}/cdroms/{WINDOWS_DRIVE}"), "setVmInstanceDefaultCdRom", 200)
        .await;
    node.act(&format!("/vm-instances/{WEB_1}/cdroms/{DB_DRIVE}"), "setVmInstanceDefaultCdRom", 503).await;
}

async fn call_lifecycle_operations(node: &mut Contract) {
    let [web, db, cache, old] = [WEB_1, DB_1, CACHE_1, OLD_1].map(|vm| format!("/vm-instances/{vm}"));
    for (vm, action, status) in [
        (&web, "reimageVmInstance", 503),
        (&db, "reimageVmInstance", 200),
        (&db, "startVmInstance", 200),
        (&db, "rebootVmInstance", 200),
        (&db, "pauseVmInstance", 200),
        (&db, "resumeVmInstance", 200),
        (&db, "stopVmInstance", 200),
        (&cache, "pauseVmInstance", 503),
        (&old, "recoverVmInstance", 200),
    ] {
        node.act(vm, action, status).await;
    }
    node.call_as_admin(&format!("DELETE {old}"), "", 200).await;
    node.act(&old, "expungeVmInstance", 200).await;
    node.act(&old, "expungeVmInstance", 503).await;
}

/// Calls operations as jobs, and polls their results.
async fn call_jobs(node: &mut Contract) {
    let session = format!("OAuth {}", node.local.session);
    let attach = format!("POST /vm-instances/{WEB_1}/iso/{RESCUE}");
    for (number, status) in [(1, 200), (2, 503)] {
        let job = format!("{}{number}", &JOB[1..]);
        let headers = [("Authorization", &*session), ("X-Job-UUID", &job)];
        let accepted = node.call(&attach, &headers, "", 202).await;
        assert!(accepted["location"].as_str().unwrap().ends_with(&job), "{accepted}");
        while node.local.send("GET", &format!("{BASE}/api-jobs/{job}"), "").await.0 == 202 {
            tokio::task::yield_now().await;
        }
        node.call(&format!("GET /api-jobs/{job}"), &[], "", status).await;
    }
    node.call(&format!("GET /api-jobs/{}", JOB.replace('0', "1")), &[], "", 404).await;
}
