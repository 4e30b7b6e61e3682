//! Tests of exported inventories: loading one restores the same cloud.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Map, Value, json};
use zstack_model::{Operation, Type, examples};
use zstack_node::catalog;
use zstack_node::control::CONTROL_HEADER;
use zstack_node::coverage;
use zstack_node::inventory;
use zstack_node::store::sqlite::SqliteStore;
use zstack_reference::http_example;
use zstack_server::RemoteAddress;

use crate::local::sample::{TEMPLATE, WEB_1};
use crate::local::{Local, inventory as inventory_of};
use crate::performed::model;

/// Sends a request to `/_node/inventory`.
async fn control(local: &Local, method: &str, body: String) -> (u16, String) {
    let request = Request::builder().method(method).uri("/_node/inventory").header("Host", "localhost:8080");
    let request =
        request.header(CONTROL_HEADER, "1").extension(RemoteAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let response = local.app.answer(request.body(Body::from(body)).unwrap()).await;
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn export(local: &Local) -> String {
    let (status, text) = control(local, "GET", String::new()).await;
    assert_eq!(status, 200, "{text}");
    text
}

async fn empty() -> Local {
    Local::over(SqliteStore::temporary().unwrap(), false).await
}

/// Loads an export into an empty node.
async fn restore(text: &str) -> Local {
    let mut local = empty().await;
    let (status, answer) = control(&local, "POST", text.to_owned()).await;
    assert_eq!(status, 200, "{answer}");
    local.session = local.log_in("admin", "password").await;
    local
}

/// Returns the answers to all queries of resources, without those about the node itself.
async fn answers(local: &Local) -> BTreeMap<String, Value> {
    let mut answers = BTreeMap::new();
    for operation in model().operations.iter().filter(|operation| operation.query) {
        let path = format!("{}{}", model().service.base_path, operation.path);
        if !path.contains('{') && !matches!(&*operation.name, "QueryManagementNode" | "QuerySession") {
            answers.insert(operation.name.clone(), local.send("GET", &path, "").await.1);
        }
    }
    answers
}

/// Calls the operations that create resources, with the examples of the spec, in which references lead to
/// resources that exist. Repeats this until nothing new can be created.
async fn create_all(local: &Local) -> BTreeSet<&'static str> {
    let rows = coverage::rows().unwrap();
    let is_performed =
        |name: &str| rows.iter().any(|row| row.operation == name && row.layer != catalog::Layer::None);
    let verbs = ["Create", "Add", "Attach", "Share", "Set"];
    let creates = |name: &str| verbs.iter().any(|verb| name.starts_with(verb)) && is_performed(name);
    let mut operations: Vec<&'static Operation> =
        model().operations.iter().filter(|operation| creates(&operation.name)).collect();
    let mut performed = BTreeSet::new();
    for _ in 0..4 {
        let known = known_uuids(&export(local).await);
        let before = performed.len();
        for operation in std::mem::take(&mut operations) {
            let example = examples::generate(model(), operation).unwrap().example;
            let mut example = example.clone();
            for parameter in &operation.parameters {
                let name = &parameter.field.name;
                let Some(value) = example.request.get_mut(name) else { continue };
                if name == "resourceUuid" && parameter.field.refers.is_none() {
                    example.request.remove(name);
                    continue;
                }
                let target = parameter.field.refers.as_deref().and_then(|resource| known.get(resource));
                match (target, parameter.field.ty.clone()) {
                    (Some(uuid), Type::List(_)) => *value = json!([uuid]),
                    (Some(uuid), _) => *value = json!(uuid),
                    (None, _) => {}
                }
            }
            let request = http_example::request(model(), operation, &example);
            let method = format!("{:?}", request.method).to_uppercase();
            let answer = local.send(&method, &request.target, &request.body.unwrap_or_default()).await;
            if answer.0 == 200 {
                performed.insert(operation.name.as_str());
            } else {
                operations.push(operation);
            }
        }
        if performed.len() == before {
            break;
        }
    }
    performed
}

/// Returns the UUID of the last document of each resource in an export, also by the bases of resources.
fn known_uuids(text: &str) -> BTreeMap<String, String> {
    let root: Map<String, Value> = serde_yaml::from_str(text).unwrap();
    let catalog = catalog::built_in().unwrap();
    let mut known = BTreeMap::new();
    for resource in catalog.resources() {
        let section = root.iter().find(|(key, _)| is_section(key, &resource.name));
        let last = section.and_then(|(_, items)| items.as_array()?.last()?["uuid"].as_str());
        for base in std::iter::successors(Some(resource), |base| catalog.resource(base.base.as_deref()?)) {
            if let Some(uuid) = last {
                known.insert(base.name.clone(), uuid.to_owned());
            }
        }
    }
    known
}

/// Returns whether a section has the documents of a resource: its name is the plural.
fn is_section(key: &str, resource: &str) -> bool {
    let (key, resource) = (key.to_lowercase(), resource.to_lowercase());
    let stem = resource.strip_suffix('y').map(|stem| format!("{stem}ies"));
    key == format!("{resource}s") || key == format!("{resource}es") || Some(key) == stem
}

#[tokio::test]
async fn an_export_restores_the_same_cloud() {
    let local = Local::sample().await;
    let performed = create_all(&local).await;
    assert!(performed.len() > 100, "{performed:?}");
    inventory_of(local.stop(WEB_1).await);
    let text = export(&local).await;
    let sections = text.lines().filter(|line| line.ends_with(':') && !line.starts_with([' ', '#'])).count();
    assert!(sections > 80, "{sections} sections:\n{text}");
    let restored = restore(&text).await;
    let again = export(&restored).await;
    for (line, again) in text.lines().zip(again.lines()) {
        assert_eq!(line, again);
    }
    assert_eq!(text.len(), again.len());
    assert_eq!(answers(&restored).await, answers(&local).await);
}

#[tokio::test]
async fn the_export_of_an_empty_node_can_be_loaded_into_another_one() {
    let first = export(&empty().await).await;
    let restored = restore(&first).await;
    assert_eq!(export(&restored).await, first);
    // The administrator and the settings are replaced; others exist already.
    let sample = export(&Local::sample().await).await;
    let twice = restore(&sample).await;
    let (status, answer) = control(&twice, "POST", sample).await;
    assert!(status == 400 && answer.contains("the database already has the"), "{answer}");
}

#[tokio::test]
async fn the_file_in_the_documentation_can_be_loaded() {
    let page = include_str!("../../../docs/inventories.md");
    let text = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let local = empty().await;
    inventory::load("cloud.yaml", text, local.app.store().as_ref(), local.clock.as_ref()).await.unwrap();
    let restored = restore(&export(&local).await).await;
    let query = "/zstack/v1/vm-instances?q=host.name=host-1&q=vmNics.ip=10.0.0.10&q=image.name=linux";
    let (_, found) = restored.send("GET", query, "").await;
    assert_eq!(found["inventories"][0]["name"], "web-1", "{found}");
}

#[test]
fn problems_of_any_resource_are_reported_with_positions() {
    let text = format!(
        "\
diskOfferings:
  - {{name: data, diskSize: 20GB}}
  - {{name: other, diskSize: 20GiB, state: On}}
eips:
  - {{name: eip, vip: vip-1}}
  - {{name: other, vip: {TEMPLATE}}}
images:
  - {{name: linux, uuid: {TEMPLATE}, size: 1GiB}}
directories:
  - {{name: a, parent: b}}
  - {{name: b, parent: a}}
systemTag:
  - {{tag: x, resourceUuid: {WEB_1}}}
systemTags:
  - {{tag: x, resourceUuid: {WEB_1}}}
"
    );
    let found = inventory::check("cloud.yaml", &text).unwrap_err().to_string();
    let expected = format!(
        "\
cloud.yaml:2:28: `diskSize`: `20GB` is not a size; write `20GiB`
cloud.yaml:3:43: `state`: `On` is not allowed; allowed: Enabled, Disabled
cloud.yaml:5:22: unknown VIP `vip-1`; this file declares no VIP
cloud.yaml:6:24: `vip` must be a VIP; the UUID {TEMPLATE} is that of an image
cloud.yaml:11:12: the parents of `b` lead back to itself; remove one of these references
cloud.yaml:12:1: unknown key `systemTag` in an inventory; did you mean `systemTags`?
cloud.yaml:15:28: `resourceUuid` refers to the resource [uuid:{WEB_1}], which this file does not declare; add it, or remove the reference"
    );
    assert_eq!(found, expected);
}

/// `VMS=100000` in an optimized build prints how many seconds a large cloud takes.
#[tokio::test]
async fn large_clouds_are_loaded_and_exported() {
    let count: usize = std::env::var("VMS").ok().and_then(|count| count.parse().ok()).unwrap_or(500);
    let mut text = "\
zones: [{name: zone}]
clusters: [{name: cluster}]
hosts: [{name: host, managementIp: 10.0.0.1}]
networks: [{name: net, ranges: [{cidr: 10.0.0.0/8, gateway: 10.0.0.1}]}]
primaryStorages: [{name: nfs, type: NFS, url: /nfs}]
images: [{name: linux, size: 20GiB}]
vms:
"
    .to_owned();
    for number in 0..count {
        let ip = Ipv4Addr::from(0x0a01_0000 + u32::try_from(number).unwrap());
        writeln!(text, "  - {{name: vm-{number}, image: linux, nics: [{{ips: [{ip}]}}]}}").unwrap();
    }
    let local = empty().await;
    let begin = std::time::Instant::now();
    inventory::load("cloud", &text, local.app.store().as_ref(), local.clock.as_ref()).await.unwrap();
    println!("loaded {count} VM instances in {:?}", begin.elapsed());
    let begin = std::time::Instant::now();
    let exported = export(&local).await;
    println!("exported {} bytes in {:?}", exported.len(), begin.elapsed());
    let restored = empty().await;
    let begin = std::time::Instant::now();
    inventory::load("cloud", &exported, restored.app.store().as_ref(), restored.clock.as_ref())
        .await
        .unwrap();
    println!("restored them in {:?}", begin.elapsed());
    assert_eq!(export(&restored).await.len(), exported.len());
}
