//! Tests of queries on the sample.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use zstack_node::store::Store as _;

use crate::calls::post;
use crate::local::sample::{ALICE_NOTES, BARE_1, DB_1, DRIVERS, RESCUE, WEB_1};
use crate::local::{Answer, Local, code, inventory, names};

/// Encodes pairs as a query string.
fn query(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02x}")).collect() };
    let pairs: Vec<_> = pairs.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    pairs.join("&")
}

async fn query_path(node: &Local, path: &str, pairs: &[(&str, &str)]) -> Answer {
    node.send("GET", &format!("/zstack/v1/{path}?{}", query(pairs)), "").await
}

async fn vms(node: &Local, conditions: &[&str]) -> Answer {
    let pairs: Vec<_> = conditions.iter().map(|condition| ("q", *condition)).collect();
    query_path(node, "vm-instances", &pairs).await
}

#[tokio::test]
async fn conditions_select_resources() {
    let node = Local::sample().await;
    let all: &[&str] =
        &["web-1", "db-1", "cache-1", "installer-1", "windows-1", "old-1", "bare-1", "alice-notes"];
    let running: &[&str] = &["web-1", "windows-1"];
    for (conditions, expected) in [
        (&[][..], all),
        // Comparisons of texts ignore case; null satisfies no comparison.
        (&["state=running"], running),
        (&["name=WEB-1"], &["web-1"]),
        (&["description!=x"], &["web-1"]),
        (&["description is null", "state=Running"], &["windows-1"]),
        (&["description not null"], &["web-1"]),
        (&["name="], &[]),
        (&["name?=web-1,DB-1,unknown"], &["web-1", "db-1"]),
        (&["name!?=web-1,db-1", "state!=Stopped"], &["cache-1", "windows-1", "old-1"]),
        (&["name~=%-1", "name!~=_b%", "state=Stopped"], &["installer-1", "bare-1"]),
        // Numbers, flags and times.
        (&["cpuNum>2"], &["db-1", "windows-1"]),
        (&["cpuNum>=2", "cpuNum<4"], &["installer-1"]),
        (&["memorySize<=4294967296", "internalId?=1,4"], &["web-1", "installer-1"]),
        (&["allVolumes.isShareable=TRUE"], &[]),
        (&["createDate>2026-03-05 09:00:00"], &["old-1", "bare-1", "alice-notes"]),
        (&["createDate>=Mar 5, 2026 9:00:00 AM"], &["windows-1", "old-1", "bare-1", "alice-notes"]),
        (&["createDate=2026-03-05 09:00:00"], &["windows-1"]),
        (&["createDate<2026-03-02 08:45:00"], &["web-1"]),
        // Parts: one that satisfies the condition is enough, also a negative one.
        (&["vmNics.ip=192.168.1.10"], &["web-1"]),
        (&["vmNics.usedIps.ip~=fd00%"], &["web-1"]),
        (&["vmNics.usedIps.ipVersion=6"], &["web-1"]),
        (&["vmNics.ipVersion=6"], &[]),
        (&["vmNics.usedIps.ip!=192.168.1.10", "state=Running"], running),
        (&["vmNics.ip is null"], &["old-1"]),
        (&["vmCdRoms.isoUuid=15000000000040008000000000000001"], &["windows-1"]),
        (&["vmCdRoms.isoUuid not null", "vmCdRoms.isoUuid is null"], &["windows-1"]),
        (&["vmCdRoms.isoUuid is null", "state=Running"], running),
        (&["allVolumes.type=Data"], &["db-1"]),
        (&["vmCdRoms.deviceId=0", "vmCdRoms.deviceId=2"], &["windows-1"]),
        // Referenced resources.
        (&["host.name=kvm-1"], &["web-1"]),
        (&["host.cluster.zone.name not null", "host.name!=kvm-1"], &["cache-1", "windows-1"]),
        (&["image.mediaType=ISO"], &["installer-1"]),
        (
            &["image.backupStorageRefs.backupStorage.type=imagestorebackupstorage", "state=Paused"],
            &["cache-1"],
        ),
        (&["instanceOffering.name=large"], &["db-1", "windows-1"]),
        (&["instanceOffering.cpuNum is null"], &[]),
        (&["rootVolume.primaryStorage.type=LocalStorage"], &["db-1"]),
        (
            &["vmNics.l3Network.name=office", "zone.name!=", "cluster.hypervisorType=KVM", "name=db-1"],
            &["db-1"],
        ),
        (&["vmNics.vmInstance.vmCdRoms.vmInstance.name=db-1"], &["db-1"]),
        (&["__systemTag__=x"], &[]),
        (&["__userTag__ not null"], &[]),
        (&["__tagUuid__!?=a,b", "__systemTag__!~=%", "__userTag__ is null", "name=db-1"], &["db-1"]),
        (&["vmCdRoms.__systemTag__!=x", "state=Stopped"], &["db-1", "installer-1", "alice-notes"]),
    ] {
        let answer = vms(&node, conditions).await;
        assert_eq!(answer.0, 200, "{conditions:?}: {}", answer.1);
        let mut found = names(&answer);
        let mut expected = expected.to_vec();
        if !conditions.is_empty() {
            found.sort_unstable();
            expected.sort_unstable();
        }
        assert_eq!(found, expected, "{conditions:?}");
    }
}

#[tokio::test]
async fn all_resources_can_be_queried() {
    let node = Local::sample().await;
    for (path, conditions, count) in [
        ("images", &["mediaType=ISO"][..], 3),
        ("images", &["mediaType=iso", "system=false", "virtio=true"], 1),
        ("images", &["backupStorage.name=sftp", "mediaType=ISO"], 2),
        ("images", &["backupStorageRefs.installPath~=%.iso", "backupStorageRefs.status=Ready"], 3),
        ("images", &["volume.vmInstance.name=windows-1"], 1),
        ("images", &["url~=%.iso"], 1),
        ("vm-instances/cdroms", &["vmInstance.name=windows-1"], 3),
        ("vm-instances/cdroms", &["vmInstance.state=Running", "isoUuid is null"], 2),
        ("vm-instances/cdroms", &["deviceId>0"], 2),
    ] {
        let pairs: Vec<_> = conditions.iter().map(|condition| ("q", *condition)).collect();
        let (status, answer) = query_path(&node, path, &pairs).await;
        assert_eq!(
            (status, answer["inventories"].as_array().map(Vec::len)),
            (200, Some(count)),
            "{conditions:?}: {answer}"
        );
    }
    let (_, answer) = query_path(&node, &format!("images/{DRIVERS}"), &[]).await;
    let image = &answer["inventories"][0];
    assert_eq!(
        (&image["type"], &image["mediaType"], &image["format"]),
        (&json!("zstack"), &json!("ISO"), &json!("iso"))
    );
    assert_eq!((&image["system"], &image["virtio"]), (&json!(false), &json!(true)));
    assert_eq!(image["backupStorageRefs"][0]["imageUuid"], DRIVERS);
    assert_eq!(
        answer["schema"]["inventories[0].backupStorageRefs[0]"],
        "org.zstack.header.image.ImageBackupStorageRefInventory"
    );
}

/// Scripts use the first row of an unsorted query.
#[tokio::test]
async fn the_first_resource_of_each_kind_is_usable() {
    let mut node = Local::sample().await;
    let first = async |node: &Local, kind: &str, pairs: &[(&str, &str)]| {
        query_path(node, kind, pairs).await.1["inventories"][0].clone()
    };
    let vm = first(&node, "vm-instances", &[]).await;
    assert_eq!(vm["state"], "Running", "{vm}");
    assert_eq!(vm["vmCdRoms"][0].get("isoUuid"), None, "{vm}");
    let drive = first(&node, "vm-instances/cdroms", &[]).await;
    assert_eq!((&drive["vmInstanceUuid"], drive.get("isoUuid")), (&vm["uuid"], None));
    for media_type in ["ISO", "RootVolumeTemplate"] {
        let image = first(&node, "images", &[("q", &format!("mediaType={media_type}"))]).await;
        assert_eq!((&image["state"], &image["status"]), (&json!("Enabled"), &json!("Ready")), "{image}");
        assert_eq!(image["backupStorageRefs"][0]["status"], "Ready", "{image}");
    }
    let image = first(&node, "images", &[]).await["uuid"].clone();
    inventory(node.attach(vm["uuid"].as_str().unwrap(), image.as_str().unwrap()).await);
    for base in ["Host", "PrimaryStorage", "BackupStorage"] {
        let first = node.app.store().documents_of(base).await.unwrap().remove(0);
        assert_eq!(first.text("status"), Some("Connected"), "{base}");
        assert!(base != "Host" || vm["hostUuid"] == first.uuid);
    }
    node.session = node.log_in("alice", "wonderland").await;
    let image = first(&node, "images", &[]).await;
    assert_eq!((&image["mediaType"], &image["status"]), (&json!("ISO"), &json!("Ready")), "{image}");
}

#[tokio::test]
async fn results_are_sorted_and_limited() {
    let node = Local::sample().await;
    for (pairs, expected) in [
        (&[("sort", "+name"), ("limit", "3")][..], &["alice-notes", "bare-1", "cache-1"][..]),
        (&[("sort", " name"), ("limit", "1")], &["alice-notes"]),
        (&[("sort", "-name"), ("limit", "2")], &["windows-1", "web-1"]),
        (&[("sort", "createDate"), ("limit", "1")], &["web-1"]),
        (&[("sort", "-createDate"), ("limit", "1"), ("start", "1")], &["bare-1"]),
        // Null comes first in ascending order.
        (&[("sort", "-description"), ("limit", "1")], &["web-1"]),
        (&[("start", "7")], &["alice-notes"]),
        (&[("start", "8")], &[]),
        (&[("limit", "0")], &[]),
        (
            &[("groupBy", "name"), ("filterName", "region:here"), ("q", "name=db-1"), ("q", "name=db-1")],
            &["db-1"],
        ),
    ] {
        let answer = query_path(&node, "vm-instances", pairs).await;
        assert_eq!(answer.0, 200, "{}", answer.1);
        assert_eq!(names(&answer), expected, "{pairs:?}");
        assert_eq!(answer.1.get("total"), None);
    }
    let (_, answer) =
        query_path(&node, "vm-instances", &[("count", "true"), ("limit", "1"), ("q", "state=Stopped")]).await;
    assert_eq!(answer, json!({"total": 4, "schema": {}}));
    let pairs = &[("replyWithCount", "true"), ("limit", "1"), ("start", "1"), ("q", "state=Stopped")];
    let (_, answer) = query_path(&node, "vm-instances", pairs).await;
    assert_eq!((&answer["total"], &answer["inventories"][0]["name"]), (&json!(4), &json!("installer-1")));
    let (_, answer) = query_path(&node, "vm-instances", &[("q", "name=unknown")]).await;
    assert_eq!(answer, json!({"inventories": [], "schema": {}}));
}

#[tokio::test]
async fn paging_returns_every_resource_once() {
    let node = Local::sample().await;
    for sort in ["", "+state", "-state", "cpuNum", "-hostUuid"] {
        let mut seen = Vec::new();
        for start in (0..).step_by(3) {
            let start = start.to_string();
            let mut pairs = vec![("limit", "3"), ("start", start.as_str())];
            pairs.extend((!sort.is_empty()).then_some(("sort", sort)));
            let answer = query_path(&node, "vm-instances", &pairs).await;
            let page: Vec<String> = names(&answer).into_iter().map(str::to_owned).collect();
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (8, 8), "{sort}");
    }
}

#[tokio::test]
async fn a_query_by_uuid_ignores_other_parameters() {
    let node = Local::sample().await;
    for (path, count) in [
        (format!("vm-instances/{WEB_1}"), 1),
        (format!("vm-instances/{}", WEB_1.to_uppercase()), 1),
        ("vm-instances/unknown".to_owned(), 0),
        (format!("images/{RESCUE}"), 1),
        (format!("images/{WEB_1}"), 0),
        ("vm-instances/cdroms/cd000000000040008000000000000011".to_owned(), 1),
    ] {
        for others in [
            &[][..],
            &[("q", "name=other"), ("q", "junk"), ("limit", "x"), ("fields", "name"), ("count", "true")],
        ] {
            let (status, answer) = query_path(&node, &path, others).await;
            let found = answer["inventories"].as_array().unwrap_or_else(|| panic!("{status} {answer}"));
            assert_eq!(found.len(), count, "{path}");
            assert!(found.iter().all(|row| row.get("createDate").is_some()), "{answer}");
        }
    }
}

/// Checks that every path of a schema leads to an object of the body. Returns the
/// number of paths.
fn check_schema(answer: &Value) -> usize {
    let schema = answer["schema"].as_object().unwrap();
    for path in schema.keys() {
        let pointer = format!("/{}", path.replace("].", "/").replace(['.', '['], "/").replace(']', ""));
        assert!(answer.pointer(&pointer).is_some_and(Value::is_object), "{path} of {answer}");
    }
    schema.len()
}

#[tokio::test]
async fn only_requested_fields_are_returned() {
    let node = Local::sample().await;
    for (fields, keys, classes) in [
        ("name", &["name"][..], 1),
        ("uuid, name", &["name", "uuid"], 1),
        ("vmNics,state", &["state", "vmNics"], 4),
        ("", &[], 1),
        ("description", &["description"], 1),
    ] {
        let (_, answer) = query_path(&node, "vm-instances", &[("fields", fields), ("q", "name=web-1")]).await;
        let found: Vec<_> = answer["inventories"][0].as_object().unwrap().keys().collect();
        assert_eq!(found, keys, "{fields}");
        assert_eq!(check_schema(&answer), classes, "{answer}");
    }
    let (_, answer) = query_path(&node, "vm-instances", &[]).await;
    assert!(check_schema(&answer) > 30, "{answer}");
    // Nested records keep all fields.
    let (_, answer) = query_path(&node, "vm-instances", &[("fields", "vmCdRoms"), ("q", "name=web-1")]).await;
    assert_eq!(answer["inventories"][0]["vmCdRoms"][0]["vmInstanceUuid"], WEB_1);
}

#[tokio::test]
async fn all_mistakes_are_reported_at_once() {
    let node = Local::sample().await;
    for (pairs, expected) in [
        (
            &[("q", "stat=x")][..],
            &["[q] `stat` is not a field of the VM instance; did you mean `state`?"][..],
        ),
        (
            &[("q", "vmNics.ipp=x")],
            &["[q] `ipp` in `vmNics.ipp` is not a field of the NIC; did you mean `ip`?"],
        ),
        (&[("q", "vmNic.ip=x")], &["did you mean `vmNics`?"]),
        (
            &[("q", "zone.qqq=x")],
            &["known names: uuid, name, description, state, type, isDefault, createDate, lastOpDate."],
        ),
        (
            &[("q", "vmNics not null")],
            &["[q] `vmNics` is a resource, not a value; name one of its fields, such as `vmNics.uuid`."],
        ),
        (&[("q", "accountUuid=x")], &["`accountUuid` is not a field of the VM instance"]),
        (&[("q", "cpuNum=many")], &["[q] `cpuNum` must be an integer; got `many`."]),
        (&[("q", "cpuNum?=1,1.5")], &["got `1.5`"]),
        (&[("q", "memorySize=9223372036854775808")], &["`memorySize` must be an integer"]),
        (&[("q", "allVolumes.isShareable=yes")], &["must be `true` or `false`; got `yes`."]),
        (&[("q", "createDate>yesterday")], &["`createDate` must be a time such as `2017-11-14 22:20:57`"]),
        (&[("q", "cpuNum~=1%")], &["`~=` compares only texts"]),
        (
            &[
                ("q", "a.b.c=x"),
                ("sort", "-nam"),
                ("fields", "uuid,stat"),
                ("start", "-1"),
                ("limit", "-1"),
                ("filterName", "x"),
            ],
            &[
                "[q] `a` in `a.b.c` is not a field of the VM instance",
                "[sort] `nam` is not a field of the VM instance; did you mean `name`?",
                "[fields] `stat` is not a field of the VM instance; did you mean `state`?",
                "[start] must be at least 0; got -1.",
                "[limit] must be at least 0; got -1.",
                "[filterName] `x` is not a filter",
            ],
        ),
        (
            &[("q", "vmNics.vmInstance.vmNics.vmInstance.vmNics.vmInstance.vmNics.vmInstance.vmNics.ip=x")],
            &["is too long"],
        ),
    ] {
        let answer = query_path(&node, "vm-instances", pairs).await;
        assert_eq!(code(&answer), "SYS.1007", "{pairs:?}");
        let details = answer.1["error"]["details"].as_str().unwrap();
        for text in expected {
            assert!(details.contains(text), "{pairs:?}: {details}");
        }
    }
    // The session is checked before the fields, and the syntax before the session.
    let mut node = node;
    node.session = "unknown".to_owned();
    assert_eq!(code(&vms(&node, &["stat=x"]).await), "ID.1001");
    let (status, text) = vms(&node, &["stat"]).await;
    assert!(
        status == 400 && text.as_str().unwrap().contains("[q[0]] the condition has no operator"),
        "{text}"
    );
}

#[tokio::test]
async fn values_cannot_inject_sql() {
    let node = Local::sample().await;
    let long = "x".repeat(20_000);
    let wild = "%x".repeat(5_000);
    for value in [
        "' OR 1=1 --",
        "\";DROP TABLE vm_instance;--",
        "a\\",
        "\\%",
        "?1",
        ":name",
        "\u{0}",
        "日本語",
        "💿",
        &long,
        &wild,
    ] {
        for operator in ["=", "~=", "?=", ">", "!~="] {
            let answer = vms(&node, &[&format!("name{operator}{value}")]).await;
            assert_eq!(answer.0, 200, "{operator} {value}: {}", answer.1);
            if !matches!(operator, ">" | "!~=") {
                assert_eq!(names(&answer), [""; 0], "{operator} {value}");
            }
        }
        let answer = vms(&node, &[&format!("{value}=x")]).await;
        assert!(matches!(answer.0, 400 | 503), "{value}: {}", answer.1);
        let text = answer.1.to_string();
        assert!(text.len() < 2_000, "{} bytes", text.len());
    }
    assert_eq!(names(&vms(&node, &[]).await).len(), 8);
}

#[tokio::test]
async fn accounts_see_their_own_and_shared_resources() {
    let mut node = Local::sample().await;
    node.session = node.log_in("alice", "wonderland").await;
    assert_eq!(names(&vms(&node, &[]).await), ["alice-notes"]);
    assert_eq!(query_path(&node, "vm-instances", &[("count", "true")]).await.1["total"], 1);
    assert_eq!(names(&query_path(&node, &format!("vm-instances/{WEB_1}"), &[]).await), [""; 0]);
    assert_eq!(names(&query_path(&node, &format!("vm-instances/{ALICE_NOTES}"), &[]).await), ["alice-notes"]);
    assert_eq!(names(&query_path(&node, "images", &[("q", "mediaType=ISO")]).await), ["Rescue CD"]);
    let (_, drives) = query_path(&node, "vm-instances/cdroms", &[]).await;
    assert_eq!(drives["inventories"].as_array().unwrap().len(), 1);
    assert_eq!(drives["inventories"][0]["vmInstanceUuid"], ALICE_NOTES);
    // Conditions do not reveal resources that the account may not see.
    for (condition, expected) in [
        ("image.volume.vmInstance.name=alice-notes", 1),
        ("image.volume.vmInstance.name=web-1", 0),
        ("image.volume.name~=%web%", 0),
        ("vmNics.vmInstance.allVolumes.type=Root", 1),
    ] {
        let answer = vms(&node, &[condition]).await;
        assert_eq!(names(&answer).len(), expected, "{condition}");
    }
}

#[tokio::test]
async fn answered_changes_are_visible_to_queries() {
    let node = Local::sample().await;
    let with_iso = format!("vmCdRoms.isoUuid={RESCUE}");
    assert_eq!(names(&vms(&node, &[&with_iso, "name=web-1"]).await), [""; 0]);
    assert_eq!(node.attach(WEB_1, RESCUE).await.0, 200);
    assert_eq!(names(&vms(&node, &[&with_iso, "name=web-1"]).await), ["web-1"]);
    assert_eq!(node.detach(WEB_1, "").await.0, 200);
    assert_eq!(names(&vms(&node, &[&with_iso, "name=web-1"]).await), [""; 0]);
}

#[tokio::test]
async fn candidate_isos_are_listed() {
    let mut node = Local::sample().await;
    let path = |vm: &str| format!("vm-instances/{vm}/iso-candidates");
    let rescue_and_drivers: &[&str] = &["Rescue CD", "Virtio drivers"];
    for (name, expected) in [
        ("web-1", &["Rescue CD", "Virtio drivers", "Debian installer"][..]),
        // Attached ISOs are not candidates, and paused or destroyed VMs have none.
        ("installer-1", rescue_and_drivers),
        ("windows-1", &["Debian installer"]),
        ("cache-1", &[]),
        ("old-1", &[]),
    ] {
        let (_, found) = vms(&node, &[&format!("name={name}")]).await;
        let mut expected = expected.to_vec();
        let answer = query_path(&node, &path(found["inventories"][0]["uuid"].as_str().unwrap()), &[]).await;
        let mut found = names(&answer);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}");
    }
    assert_eq!(code(&query_path(&node, &path("unknown"), &[]).await), "SYS.1003");
    let dry = query_path(&node, &path(WEB_1), &[("systemTags", "ephemeral::validationOnly")]).await;
    assert_eq!(dry, (200, json!({})));
    node.session = node.log_in("alice", "wonderland").await;
    assert_eq!(code(&query_path(&node, &path(BARE_1), &[]).await), "SYS.1006");
    assert_eq!(names(&query_path(&node, &path(ALICE_NOTES), &[]).await), ["Rescue CD"]);
    node.session = "unknown".to_owned();
    assert_eq!(code(&query_path(&node, &path(WEB_1), &[]).await), "ID.1001");
}

#[tokio::test]
async fn tags_are_conditions() {
    let node = Local::sample().await;
    for (path, vm, tag) in [
        ("/system-tags", WEB_1, "hostname::web"),
        ("/system-tags", DB_1, "hostname::db"),
        ("/user-tags", WEB_1, "production"),
    ] {
        let params = json!({"resourceType": "VmInstanceVO", "resourceUuid": vm, "tag": tag});
        inventory(post(&node, path, params).await);
    }
    for (conditions, expected) in [
        (["__systemTag__=hostname::web", "name~=%-1"], ["web-1"].as_slice()),
        (["__systemTag__~=hostname::%", "name~=%-1"], &["db-1", "web-1"]),
        (["__systemTag__!=hostname::web", "name?=web-1,db-1"], &["db-1"]),
        (["__systemTag__!~=hostname::%", "name?=web-1,db-1"], &[]),
        (["__userTag__ not null", "name~=%-1"], &["web-1"]),
        (["__userTag__ is null", "name?=web-1,db-1"], &["db-1"]),
        (["__userTag__?=production,test", "name~=%"], &["web-1"]),
        (["vmCdRoms.vmInstance.__userTag__=production", "name~=%"], &["web-1"]),
    ] {
        let answer = vms(&node, &conditions).await;
        assert_eq!(answer.0, 200, "{conditions:?}: {}", answer.1);
        let mut found = names(&answer);
        found.sort_unstable();
        assert_eq!(found, expected, "{conditions:?}");
    }
}
