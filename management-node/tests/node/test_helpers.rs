//! Tests of the helpers for tests: `zstack_node::testing`, the fixture for pytest, and the extension for
//! JUnit. The examples of docs/testing.md run as they are.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use zstack_node::testing::{ThreadedNode, ThreadedNodeError};

use crate::samples::report_skipped;
use crate::samples::tools::{SHORT_RUN, has, javac, run_silent};

const PAGE: &str = include_str!("../../../docs/testing.md");
const FIXTURE: &str = include_str!("../../../docs/testing/conftest.py");
const EXTENSION: &str = include_str!("../../../docs/testing/ZStackNode.java");

/// The folder of the Java packages of Debian.
const JARS: &str = "/usr/share/java";

/// The packages that tests with JUnit need, and in addition those that run them.
const API: [&str; 3] = ["junit-jupiter-api", "apiguardian-api", "opentest4j"];
const LAUNCHER: [&str; 9] = [
    "junit-jupiter-engine",
    "junit-platform-commons",
    "junit-platform-console",
    "junit-platform-engine",
    "junit-platform-launcher",
    "junit-platform-reporting",
    "opentest4j-reporting-events",
    "picocli",
    "univocity-parsers",
];

/// Returns the only block of the page that contains a text.
fn block(text: &str) -> String {
    let blocks: Vec<_> = PAGE.split("```").skip(1).step_by(2).filter(|block| block.contains(text)).collect();
    let [block] = blocks[..] else { panic!("{} blocks contain {text}", blocks.len()) };
    block.split_once('\n').unwrap().1.to_owned()
}

/// Runs a command whose output must contain a text.
fn run(command: &mut Command, expected: &str) {
    let output = command.env("ZSTACK_NODE", env!("CARGO_BIN_EXE_zstack-node")).output().unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && text.contains(expected), "{command:?}\n{text}");
}

#[test]
fn the_fixture_for_pytest_works() {
    if !has(&["pytest"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("conftest.py"), FIXTURE).unwrap();
    fs::write(folder.path().join("test_cloud.py"), block("def test_")).unwrap();
    let options = ["-q", "-p", "no:cacheprovider", "-W", "error"];
    run(Command::new("pytest").args(options).current_dir(&folder), "2 passed");
    // A program that is not the node is reported.
    let mut wrong = Command::new("pytest");
    wrong.args(options).current_dir(&folder).env("ZSTACK_NODE", "false");
    let output = wrong.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && text.contains("did not start"), "{text}");
}

#[test]
fn the_extension_for_junit_works() {
    if !has(&["javac", "java"]) {
        return;
    }
    let jars = |names: &[&str]| names.iter().map(|name| format!("{JARS}/{name}.jar")).collect::<Vec<_>>();
    let (api, launcher) = (jars(&API), jars(&LAUNCHER));
    if let Some(missing) = api.iter().chain(&launcher).find(|jar| !Path::new(jar).exists()) {
        report_skipped("the_extension_for_junit_works", missing);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sources = [("ZStackNode.java", EXTENSION.to_owned()), ("CloudTest.java", block("class CloudTest"))];
    let sources = sources.map(|(name, text)| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    });
    let classes = folder.path().join("classes");
    run_silent(javac(&classes).arg("-cp").arg(api.join(":")).args(&sources));
    let path = [api, launcher, vec![classes.display().to_string()]].concat().join(":");
    let mut java = Command::new("java");
    java.args(SHORT_RUN).args(["-cp", &path, "org.junit.platform.console.ConsoleLauncher"]);
    java.args(["--select-class", "CloudTest", "--disable-banner", "--details", "tree"]);
    run(&mut java, "2 tests successful");
}

/// A small cloud.
const CLOUD: &str = "zones:\n  - {name: east}\n";

async fn get(node: &ThreadedNode, session: &str, path: &str) -> Value {
    let request = reqwest::Client::new().get(format!("{}{path}", node.url()));
    let response = request.header("Authorization", format!("OAuth {session}")).send().await.unwrap();
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_threaded_node_has_the_requested_options() {
    let builder = ThreadedNode::builder().inventory("east.yaml", CLOUD).release("3.1.0");
    let node = builder.pace("0.001".parse().unwrap()).start().unwrap();
    let session = node.log_in("admin", "password").unwrap();
    let zones = get(&node, &session, "/zstack/v1/zones").await;
    assert_eq!(zones["inventories"][0]["name"], "east");
    let version = reqwest::Client::new().put(format!("{}/zstack/v1/management-nodes/actions", node.url()));
    let version = version.body(r#"{"getVersion": {}}"#).send().await.unwrap().text().await.unwrap();
    assert!(version.contains("3.1.0"), "{version}");
    let refused = node.log_in("admin", "wrong").unwrap_err().to_string();
    assert!(refused.contains("`admin`") && refused.contains("ID.1000"), "{refused}");
    let refused = node.control("POST", "/faults", "{}").unwrap_err().to_string();
    assert!(refused.starts_with("POST /_node/faults: ") && refused.contains("operation"), "{refused}");
    // Each node has data of its own.
    let other = ThreadedNode::start().unwrap();
    let session = other.log_in("admin", "password").unwrap();
    assert_eq!(get(&other, &session, "/zstack/v1/zones").await["inventories"], Value::Array(Vec::new()));
}

#[test]
fn invalid_options_of_a_threaded_node_are_reported() {
    let start = |builder: zstack_node::testing::ThreadedNodeBuilder| builder.start().unwrap_err();
    let error = start(ThreadedNode::builder().inventory("bad.yaml", "zones:\n  - {nam: east}\n"));
    assert!(matches!(error, ThreadedNodeError::Inventory(_)), "{error}");
    assert!(error.to_string().contains("bad.yaml:2"), "{error}");
    let error = start(ThreadedNode::builder().release("latest"));
    assert!(error.to_string().contains("`latest` is not a release"), "{error}");
}

/// The drop of a node ends calls that are held, and closes the port.
#[tokio::test]
async fn a_dropped_threaded_node_stops() {
    let node = ThreadedNode::builder().sample().start().unwrap();
    let session = node.log_in("admin", "password").unwrap();
    node.control("POST", "/faults", r#"{"operation": "QueryZone", "hold": true}"#).unwrap();
    let zones = reqwest::Client::new().get(format!("{}/zstack/v1/zones", node.url()));
    let held = tokio::spawn(zones.header("Authorization", format!("OAuth {session}")).send());
    let waits = || {
        let state = node.control("GET", "", "").unwrap();
        serde_json::from_str::<Value>(&state).unwrap()["faults"][0]["waiting"] == 1
    };
    while !waits() {
        tokio::task::yield_now().await;
    }
    let address = node.address();
    drop(node);
    assert!(TcpStream::connect(address).is_err());
    assert!(held.await.unwrap().is_err());
}
