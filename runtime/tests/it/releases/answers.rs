//! Answers of an older server.

use std::time::Duration;

use serde_json::{Value, json};
use zstack_runtime::Version;
use zstack_runtime::client::{Client, ErrorKind, InProcess, PollPolicy};

use crate::releases::disks::{CreateDisk, NEW, OLD, RenameDisk, Server, from_json, to_json};

/// A disk with the required fields and these.
fn disk(fields: &Value) -> Value {
    let mut disk = json!({"uuid": "u", "boot": "raw"});
    disk.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    disk
}

/// Fields of an answer, and the fields in the older release.
fn cases() -> Vec<(Value, Value)> {
    vec![
        (json!({}), json!({})),
        (json!({"format": "qcow2"}), json!({"format": "qcow2"})),
        (json!({"format": "vmdk"}), json!({})),
        // Of no known release: of a later one, or a mistake.
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

/// Returns the inventory of an answer, and its schema.
async fn inventory(server: &Server) -> (Value, Value) {
    let (status, text) = server.send("PUT /v1/disks/u/actions", &json!({"renameDisk": {}})).await;
    assert_eq!(status, 200, "{text}");
    let mut answer: Value = serde_json::from_str(&text).unwrap();
    let schema = answer["schema"].take();
    (answer["inventory"].take(), schema)
}

#[tokio::test]
async fn leaves_out_later_fields_and_values() {
    let (old, new) = (Server::at(OLD), Server::at(NEW));
    for (answer, left) in cases() {
        old.answer(disk(&answer));
        new.answer(disk(&answer));
        assert_eq!(inventory(&old).await.0, disk(&left), "of {answer}");
        assert_eq!(inventory(&new).await.0, disk(&answer));
    }
}

#[tokio::test]
async fn leaves_out_required_fields_with_later_values() {
    let server = Server::at(OLD);
    server.answer(json!({"uuid": "u", "boot": "vmdk"}));
    assert_eq!(inventory(&server).await.0, json!({"uuid": "u"}));
    // The client reports the missing field.
    let client = client(&server, OLD);
    let error = client.call(from_json::<RenameDisk>(json!({"uuid": "u"}))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable, "{error}");
    assert!(error.to_string().contains("boot"), "{error}");
}

#[tokio::test]
async fn schemas_have_existing_paths_only() {
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
async fn results_of_jobs_fit_the_release() {
    let server = Server::at(OLD);
    let client = client(&server, OLD);
    for (answer, left) in cases() {
        server.answer(disk(&answer));
        let job = client.start(from_json::<CreateDisk>(json!({"name": "n"}))).await.unwrap();
        assert_eq!(to_json(&job.wait().await.unwrap()), json!({"inventory": disk(&left)}), "of {answer}");
    }
}

fn client(server: &Server, version: Version) -> Client {
    // Jobs end before the first poll.
    let poll = PollPolicy::new().initial(Duration::from_millis(1));
    let transport = InProcess::new(server.router.clone());
    Client::builder("http://node.test").transport(transport).api_version(version).poll(poll).build().unwrap()
}
