//! What an older server leaves of an answer.

use std::time::Duration;

use serde_json::{Value, json};
use zstack_runtime::Version;
use zstack_runtime::client::{Client, ErrorKind, InProcess, PollPolicy};

use crate::releases::disks::{CreateDisk, NEW, OLD, RenameDisk, Server, read, written};

/// A disk with these fields besides the required ones.
fn disk(fields: &Value) -> Value {
    let mut disk = json!({"uuid": "u", "boot": "raw"});
    disk.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    disk
}

/// Fields of an answer, and what the older release has of them.
fn cases() -> Vec<(Value, Value)> {
    vec![
        (json!({}), json!({})),
        (json!({"format": "qcow2"}), json!({"format": "qcow2"})),
        (json!({"format": "vmdk"}), json!({})),
        // Of no release: a later one than this crate's, or a mistake.
        (json!({"format": "zfs", "formats": ["zfs"]}), json!({"format": "zfs", "formats": ["zfs"]})),
        (json!({"formats": ["raw", "vmdk", "qcow2", "vmdk"]}), json!({"formats": ["raw", "qcow2"]})),
        (json!({"formats": ["vmdk"]}), json!({"formats": []})),
        (json!({"formatOf": {"a": "vmdk", "b": "raw"}}), json!({"formatOf": {"b": "raw"}})),
        (json!({"formatOf": {"a": "vmdk"}}), json!({"formatOf": {}})),
        (json!({"part": {"number": 1, "format": "vmdk", "label": "swap"}}), json!({"part": {"number": 1}})),
        (
            json!({"parts": [{"number": 1, "label": "x"}, {"number": 2, "format": "raw"}]}),
            json!({"parts": [{"number": 1}, {"number": 2, "format": "raw"}]}),
        ),
        (
            json!({"stripes": {"a": [{"number": 1, "format": "vmdk"}, {"number": 2, "label": "x"}]}}),
            json!({"stripes": {"a": [{"number": 1}, {"number": 2}]}}),
        ),
        (json!({"spare": {"number": 1, "format": "raw"}}), json!({})),
    ]
}

/// The inventory of an answer, and the schema beside it.
async fn inventory(server: &Server) -> (Value, Value) {
    let (status, text) = server.send("PUT /v1/disks/u/actions", &json!({"renameDisk": {}})).await;
    assert_eq!(status, 200, "{text}");
    let mut answer: Value = serde_json::from_str(&text).unwrap();
    let schema = answer["schema"].take();
    (answer["inventory"].take(), schema)
}

#[tokio::test]
async fn values_and_fields_that_came_later_are_left_out() {
    let (old, new) = (Server::at(OLD), Server::at(NEW));
    for (answer, left) in cases() {
        old.answer(disk(&answer));
        new.answer(disk(&answer));
        assert_eq!(inventory(&old).await.0, disk(&left), "of {answer}");
        assert_eq!(inventory(&new).await.0, disk(&answer));
    }
}

#[tokio::test]
async fn a_field_goes_with_its_value_even_if_it_is_required() {
    let server = Server::at(OLD);
    server.answer(json!({"uuid": "u", "boot": "vmdk"}));
    assert_eq!(inventory(&server).await.0, json!({"uuid": "u"}));
    // A reader says so, and makes nothing up.
    let client = client(&server, OLD);
    let error = client.call(read::<RenameDisk>(json!({"uuid": "u"}))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable, "{error}");
    assert!(error.to_string().contains("boot"), "{error}");
}

#[tokio::test]
async fn the_schema_leads_to_what_is_there() {
    let whole = disk(&json!({"spare": {"number": 1}, "parts": [{"number": 1}]}));
    let old = Server::at(OLD);
    old.answer(whole.clone());
    let both = json!({"inventory": "org.example.Disk", "inventory.parts[0]": "org.example.Part"});
    assert_eq!(inventory(&old).await.1, both);
    let new = Server::at(NEW);
    new.answer(whole);
    assert_eq!(inventory(&new).await.1["inventory.spare"], "org.example.Part");
}

#[tokio::test]
async fn a_job_keeps_what_the_release_has() {
    let server = Server::at(OLD);
    let client = client(&server, OLD);
    for (answer, left) in cases() {
        server.answer(disk(&answer));
        let job = client.start(read::<CreateDisk>(json!({"name": "n"}))).await.unwrap();
        assert_eq!(written(&job.wait().await.unwrap()), json!({"inventory": disk(&left)}), "of {answer}");
    }
}

fn client(server: &Server, version: Version) -> Client {
    // Jobs are done before anybody asks.
    let poll = PollPolicy::new().initial(Duration::from_millis(1));
    let transport = InProcess::new(server.router.clone());
    Client::builder("http://node.test").transport(transport).api_version(version).poll(poll).build().unwrap()
}
