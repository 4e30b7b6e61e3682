//! Tests of the forms of requests that clients send and of the answers that
//! they rely on.

use serde_json::{Value, json};
use zstack_node::inventory::password_hash;

use super::wire::{Answer, Wire, at};
use crate::local::sample::{BARE_1, DB_1, DB_DRIVE, INSTALLER_1, OLD_1, RESCUE, TEMPLATE, WEB_1, WINDOWS_1};

const WEB_DRIVE: &str = "cd000000000040008000000000000011";
const UNKNOWN_UUID: &str = "d0000000000040008000000000009999";

fn iso(vm: &str, iso: &str) -> String {
    format!("/zstack/v1/vm-instances/{vm}/iso/{iso}")
}

fn actions(vm: &str) -> String {
    format!("/zstack/v1/vm-instances/{vm}/actions")
}

#[tokio::test]
async fn login_requires_the_password_hash() {
    let wire = Wire::sample();
    let login = async |password: &str| {
        let body = json!({"logInByAccount": {"accountName": "admin", "password": password}}).to_string();
        wire.raw("PUT", "/zstack/v1/accounts/login", &[], &body).await
    };
    let session = login(&password_hash("password")).await.inventory();
    let uuid = session["uuid"].as_str().unwrap();
    assert!(uuid.len() == 32 && uuid.bytes().all(|byte| byte.is_ascii_hexdigit()), "{session}");
    // The format that the Go client parses: no comma after the year, no time zone.
    let date = session["expiredDate"].as_str().unwrap();
    let words: Vec<_> = date.split(' ').collect();
    assert!(words.len() == 5 && words[1].ends_with(',') && !words[2].ends_with(','), "{date}");
    assert_eq!(login("password").await.code(), "ID.1000");
}

/// Two community clients log in with `POST`.
#[tokio::test]
async fn login_also_accepts_post() {
    for release in ["5.2.1", "3.1.0", "0.6"] {
        let version = release.parse().unwrap();
        let wire = Wire::with(|settings| settings.options = settings.options.clone().version(version));
        let login = "/zstack/v1/accounts/login";
        let body = json!({"logInByAccount": {"accountName": "admin", "password": password_hash("password")}});
        let session = wire.raw("POST", login, &[], &body.to_string()).await.inventory();
        assert_eq!(session["uuid"].as_str().unwrap().len(), 32, "{release}");
        for method in ["GET", "DELETE", "PATCH"] {
            let answer = wire.raw(method, login, &[], "").await;
            assert!(answer.is_text(405) && answer.head.contains("allow: post, put"), "{release}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn requests_without_a_valid_session_are_refused_as_by_the_platform() {
    let wire = Wire::sample();
    let candidates = format!("/zstack/v1/images/iso/{RESCUE}/vm-candidates");
    for (method, target) in [("GET", candidates.clone()), ("POST", iso(DB_1, RESCUE))] {
        for headers in [&[][..], &[("Authorization", "Bearer x")], &[("Authorization", "oauth x")]] {
            let answer = wire.raw(method, &target, headers, "").await;
            assert!(answer.is_text(400), "{headers:?} {answer:?}");
        }
    }
    let unknown = [("Authorization", "OAuth 00000000000000000000000000000000")];
    let answer = wire.raw("GET", &candidates, &unknown, "").await;
    assert_eq!(answer.code(), "ID.1001");
    assert!(answer.body.contains("Session expired"));
    let headers = [unknown[0], ("X-Job-UUID", "0123456789abcdef0123456789abcdef")];
    let accepted = wire.raw("POST", &iso(DB_1, RESCUE), &headers, "").await;
    assert_eq!(accepted.status, 202);
    let answer = wire.poll(accepted.json()["location"].as_str().unwrap()).await;
    assert_eq!(answer.code(), "ID.1001");
}

#[tokio::test]
async fn attaching_accepts_all_forms_of_its_body() {
    let wire = Wire::sample();
    let tag = format!(r#"["cdromUuid::{DB_DRIVE}"]"#);
    for body in [
        String::new(),
        "{}".to_owned(),
        r#"{"null":{}}"#.to_owned(),
        r#"{"null":null}"#.to_owned(),
        r#"{"params":{}}"#.to_owned(),
        format!(r#"{{"systemTags":{tag}}}"#),
        format!(r#"{{"null":{{"systemTags":{tag}}}}}"#),
        // The Go client sends this if no drive is given.
        r#"{"systemTags":["cdromUuid::"]}"#.to_owned(),
    ] {
        let vm = wire.job("POST", &iso(DB_1, RESCUE), &body).await.inventory();
        assert_eq!(vm["vmCdRoms"][0]["isoUuid"], RESCUE, "{body}");
        wire.job("DELETE", &format!("/zstack/v1/vm-instances/{DB_1}/iso"), "").await.inventory();
    }
    // The tags next to the key take precedence over those below it.
    let body = r#"{"systemTags":[],"null":{"systemTags":["cdromUuid::unknown"]}}"#;
    wire.job("POST", &iso(DB_1, RESCUE), body).await.inventory();
    let body = r#"{"systemTags":["cdromUuid::unknown"]}"#;
    assert_eq!(wire.job("POST", &iso(WEB_1, RESCUE), body).await.code(), "SYS.1006");
}

#[tokio::test]
async fn detaching_accepts_all_forms_of_its_query() {
    let wire = Wire::sample();
    for query in [
        format!("?isoUuid={RESCUE}"),
        format!("?isoUuid={RESCUE}&deleteMode=Permissive"),
        format!("?sessionId={}&isoUuid={RESCUE}", wire.session),
        format!("?isoUuid={RESCUE}&systemTags=a%3A%3Ab&systemTags=c+d"),
        "?systemTags=a&systemTags=b".to_owned(),
        String::new(),
    ] {
        wire.job("POST", &iso(DB_1, RESCUE), "").await.inventory();
        let target = format!("/zstack/v1/vm-instances/{DB_1}/iso{query}");
        let vm = wire.job("DELETE", &target, "").await.inventory();
        assert_eq!(vm["vmCdRoms"][0].get("isoUuid"), None, "{query}");
    }
    // Detaching succeeds if the drive is empty.
    for query in ["", "?isoUuid=", "?isoUuid=no-uuid", "?isoUuid=9f36a77ab76e3425a571a7f75fca2d69"] {
        let target = format!("/zstack/v1/vm-instances/{DB_1}/iso{query}");
        wire.job("DELETE", &target, "").await.inventory();
    }
}

#[tokio::test]
async fn reimaging_accepts_all_forms_of_its_body() {
    let wire = Wire::sample();
    for body in [
        r#"{"reimageVmInstance":{}}"#,
        r#"{"reimageVmInstance":null}"#,
        r#"{"reimageVmInstance":{"requestIp":"1.2.3.4"}}"#,
        r#"{"reimageVmInstance":{},"systemTags":["a::b"],"userTags":[]}"#,
        r#"{"reimageVmInstance":{"systemTags":["a::b"]},"other":[1,{"x":null}]}"#,
    ] {
        let vm = wire.job("PUT", &actions(DB_1), body).await.inventory();
        assert_eq!(vm["state"], "Stopped", "{body}");
    }
    for body in ["{}", "", r#"{"params":{}}"#, "{\"reimageVmInstance\":", "[]", r#""x""#] {
        let answer = wire.send("PUT", &actions(DB_1), body).await;
        assert!(answer.is_text(400), "{body} {answer:?}");
    }
}

#[tokio::test]
async fn unknown_keys_are_ignored_and_missing_ones_reported() {
    let wire = Wire::sample();
    let cdroms = "/zstack/v1/vm-instances/cdroms";
    let body =
        json!({"requestIp": "x", "params": {"name": "cd", "vmInstanceUuid": BARE_1, "later": {"a": [1]}}});
    wire.job("POST", cdroms, &body.to_string()).await.inventory();
    let answer = wire.job("POST", cdroms, r#"{"params":{"name":"x"}}"#).await;
    assert_eq!(answer.code(), "SYS.1007");
    assert!(answer.body.contains("[vmInstanceUuid]"), "{answer:?}");
}

#[tokio::test]
async fn names_are_trimmed_before_their_length_is_checked() {
    let wire = Wire::sample();
    let create = async |name: String| {
        let body = json!({"params": {"name": name, "vmInstanceUuid": BARE_1}}).to_string();
        wire.job("POST", "/zstack/v1/vm-instances/cdroms", &body).await
    };
    let drive = create(format!("  {}\t", "é".repeat(255))).await.inventory();
    assert_eq!(drive["name"].as_str().unwrap().chars().count(), 255);
    assert_eq!(create("n".repeat(256)).await.code(), "SYS.1007");
}

#[tokio::test]
async fn jobs_are_polled_without_a_session() {
    let wire = Wire::sample();
    let refused = wire.job("PUT", &actions(WEB_1), r#"{"reimageVmInstance":{}}"#).await;
    assert_eq!(refused.code(), "VM.1014");
    let unknown = "/zstack/v1/api-jobs/00000000000000000000000000000000";
    assert!(wire.raw("GET", unknown, &[], "").await.is_text(404));
    assert!(wire.raw("POST", unknown, &[], "{}").await.is_text(405));
    // A job that is held by a fault is running.
    let fault = json!({"operation": "AttachIsoToVmInstance", "hold": true}).to_string();
    wire.control("POST", "/_node/faults", &fault).await;
    let headers = [("X-Job-UUID", "0123456789abcdef0123456789abcdef")];
    let accepted = wire.with_headers("POST", &iso(DB_1, RESCUE), &headers, "").await;
    let location = accepted.json()["location"].as_str().unwrap().to_owned();
    let path = &location[location.find("/zstack").unwrap()..];
    let running = wire.raw("GET", path, &[], "").await;
    assert_eq!((running.status, running.body.as_str()), (202, "{}"));
    wire.control("DELETE", "/_node/faults", "").await;
    for _ in 0..2 {
        wire.poll(&location).await.inventory();
    }
}

#[tokio::test]
async fn job_uuids_must_be_unique_and_have_32_characters() {
    let wire = Wire::sample();
    let uuid = "fedcba9876543210fedcba9876543210";
    for wrong in [&uuid[1..], &format!("{uuid}0"), ""] {
        let answer = wire.with_headers("POST", &iso(DB_1, RESCUE), &[("X-Job-UUID", wrong)], "").await;
        assert!(answer.is_text(400), "{wrong} {answer:?}");
    }
    let headers = [("X-Job-UUID", uuid)];
    let accepted = wire.with_headers("POST", &iso(DB_1, RESCUE), &headers, "").await;
    assert!(accepted.json()["location"].as_str().unwrap().ends_with(uuid));
    for target in [iso(DB_1, RESCUE), iso(WEB_1, RESCUE)] {
        let answer = wire.with_headers("POST", &target, &headers, "").await;
        assert!(answer.is_text(400), "{answer:?}");
    }
    for timeout in ["abc", "-1", "1.5"] {
        let answer = wire.with_headers("POST", &iso(WEB_1, RESCUE), &[("X-API-Timeout", timeout)], "").await;
        assert!(answer.is_text(400), "{timeout} {answer:?}");
    }
    let headers = [("X-Job-UUID", "0123456789abcdef0123456789abcdef"), ("X-API-Timeout", "60")];
    let accepted = wire.with_headers("POST", &iso(WEB_1, RESCUE), &headers, "").await;
    assert_eq!(accepted.json()["apiTimeout"], 60_000);
}

#[tokio::test]
async fn clients_can_replace_the_host_of_a_location() {
    let wire = Wire::with(|settings| settings.allowed_hosts = vec!["mn.example".parse().unwrap()]);
    let headers = [("Host", "mn.example:8080"), ("X-Job-UUID", "0123456789abcdef0123456789abcdef")];
    let accepted = wire.with_headers("POST", &iso(DB_1, RESCUE), &headers, "").await;
    let location = accepted.json()["location"].as_str().unwrap().to_owned();
    assert_eq!(location, "http://mn.example:8080/zstack/v1/api-jobs/0123456789abcdef0123456789abcdef");
    // Official clients use the path with their own host.
    wire.poll(&location).await.inventory();
}

#[tokio::test]
async fn the_schema_lists_parents_first_and_only_existing_paths() {
    let wire = Wire::sample();
    let headers = [("X-Job-UUID", "0123456789abcdef0123456789abcdef")];
    let accepted = wire.with_headers("POST", &iso(WEB_1, RESCUE), &headers, "").await;
    let location = accepted.json()["location"].as_str().unwrap().to_owned();
    assert_eq!(wire.poll(&location).await.json().get("schema"), None);
    let answer = wire.poll_with(&location, &[("X-JSON-Schema", "true")]).await;
    let body = answer.json();
    // Sort by the order in the text, which the parsed map may not preserve.
    let text = &answer.body[answer.body.find(r#""schema":{"#).unwrap()..];
    let mut paths: Vec<&str> = body["schema"].as_object().unwrap().keys().map(String::as_str).collect();
    paths.sort_by_key(|path| text.find(&format!("\"{path}\":")).unwrap());
    let mut earlier: Vec<&str> = Vec::new();
    for path in paths {
        assert!(at(&body, path).is_some_and(Value::is_object), "{path} dangles");
        if let Some((parent, _)) = path.rsplit_once('.') {
            assert!(earlier.contains(&parent), "{path} comes before {parent}");
        }
        earlier.push(path);
    }
    for (path, class) in [
        ("inventory", "org.zstack.header.vm.VmInstanceInventory"),
        ("inventory.vmNics[0]", "org.zstack.header.vm.VmNicInventory"),
        ("inventory.vmNics[0].usedIps[0]", "org.zstack.header.network.l3.UsedIpInventory"),
        ("inventory.allVolumes[0]", "org.zstack.header.volume.VolumeInventory"),
        ("inventory.vmCdRoms[0]", "org.zstack.header.vm.cdrom.VmCdRomInventory"),
    ] {
        assert_eq!(body["schema"][path], class, "{path}");
    }
    assert_eq!(body["inventory"]["vmCdRoms"][0]["deviceId"], 0);
}

#[tokio::test]
async fn paths_are_matched_as_by_the_platform() {
    let wire = Wire::sample();
    let candidates = format!("/zstack/v1/images/iso/{RESCUE}/vm-candidates");
    for target in [
        candidates.clone(),
        candidates.replace("/iso/", "//iso//"),
        candidates.replace("images", "%69mages"),
        format!("/zstack/v1/images/iso/{}/vm-candidates", RESCUE.replace('1', "%31")),
    ] {
        let answer = wire.send("GET", &target, "").await;
        assert_eq!(answer.status, 200, "{target} {answer:?}");
    }
    for target in [format!("{candidates}/"), "/zstack/v1/nothing".to_owned(), "/zstack".to_owned()] {
        let answer = wire.send("GET", &target, "").await;
        assert!(answer.is_text(404) && answer.body.contains(target.as_str()), "{target} {answer:?}");
    }
    // Spaces and non-ASCII letters in a path are decoded into an unknown UUID.
    let answer = wire.send("GET", "/zstack/v1/images/iso/a%20%C3%A9/vm-candidates", "").await;
    assert_eq!(answer.code(), "SYS.1003");
    assert!(answer.body.contains("a é"), "{answer:?}");
}

#[tokio::test]
async fn queries_accept_the_encodings_of_all_clients() {
    let wire = Wire::sample();
    let cdroms = "/zstack/v1/vm-instances/cdroms";
    let rows = async |query: &str| {
        let answer = wire.send("GET", &format!("{cdroms}{query}"), "").await;
        assert_eq!(answer.status, 200, "{query} {answer:?}");
        answer.json()
    };
    let count = |body: &Value| body["inventories"].as_array().unwrap().len();
    let all = count(&rows("").await);
    assert!(all >= 8, "{all}");
    wire.send("PUT", &format!("{cdroms}/{WEB_DRIVE}/actions"), r#"{"updateVmCdRom":{"name":"cd 1"}}"#).await;
    assert_eq!(count(&rows("?q=name%3Dcd%201").await), 1);
    assert_eq!(count(&rows("?q=name=cd+1").await), 1);
    // The Python client does not encode anything.
    assert_eq!(count(&rows(&format!("?q=uuid={WEB_DRIVE}")).await), 1);
    let empty = count(&rows("?q=isoUuid%20is%20null").await);
    assert!(0 < empty && empty < all, "{empty}");
    assert_eq!(count(&rows(&format!("?q=uuid?={WEB_DRIVE},{DB_DRIVE}")).await), 2);
    assert_eq!(count(&rows(&format!("?q=uuid%3F%3D{WEB_DRIVE}%2C{DB_DRIVE}&q=name%3Dcd%201")).await), 1);
    for sort in ["+deviceId", "%2BdeviceId", "deviceId"] {
        let body = rows(&format!("?q=vmInstanceUuid={WINDOWS_1}&sort={sort}")).await;
        let ids: Vec<_> =
            body["inventories"].as_array().unwrap().iter().map(|body| body["deviceId"].clone()).collect();
        assert_eq!(ids, [0, 1, 2], "{sort}");
    }
    let counted = rows("?count=true").await;
    assert_eq!((&counted["total"], counted.get("inventories")), (&json!(all), None));
    let both = rows("?replyWithCount=true&limit=2&start=1").await;
    assert_eq!((&both["total"], count(&both)), (&json!(all), 2));
    let fields = rows(&format!("?q=uuid={WEB_DRIVE}&fields=uuid,name")).await;
    assert_eq!(fields["inventories"][0], json!({"uuid": WEB_DRIVE, "name": "cd 1"}));
    for wrong in ["?limit=abc", "?q=name"] {
        assert!(wire.send("GET", &format!("{cdroms}{wrong}"), "").await.is_text(400), "{wrong}");
    }
    let nothing = rows("?q=name=nothing").await;
    assert_eq!((&nothing["inventories"], &nothing["schema"]), (&json!([]), &json!({})));
    let one = rows(&format!("/{WEB_DRIVE}?limit=abc")).await;
    assert_eq!(count(&one), 1);
    assert_eq!(count(&rows(&format!("/{UNKNOWN_UUID}")).await), 0);
    let unknown = wire.send("GET", &format!("{cdroms}?q=nmae=x"), "").await;
    assert_eq!(unknown.status, 503);
    assert!(unknown.body.contains("nmae"), "{unknown:?}");
    let through = rows("?q=vmInstance.name=web-1").await;
    assert_eq!(through["inventories"][0]["uuid"], WEB_DRIVE);
}

/// Verifies that a value contains no nulls, no floating-point numbers and no
/// date with a comma after the year.
pub(crate) fn check_value(value: &Value, path: &str) {
    match value {
        Value::Null => panic!("{path} is null"),
        Value::Number(number) => assert!(number.is_i64() || number.is_u64(), "{path} is {number}"),
        Value::Array(items) => items.iter().for_each(|item| check_value(item, path)),
        Value::Object(fields) => {
            for (name, value) in fields {
                check_value(value, &format!("{path}.{name}"));
            }
        }
        Value::String(text) if path.ends_with("Date") => {
            assert!(!text.contains("201,") && text.matches(',').count() == 1, "{path} is {text}");
        }
        Value::Bool(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn answers_contain_only_values_that_all_clients_can_parse() {
    let wire = Wire::sample();
    for target in ["/zstack/v1/vm-instances", "/zstack/v1/images", "/zstack/v1/vm-instances/cdroms"] {
        let answer = wire.with_headers("GET", target, &[("Accept-Encoding", "br, zstd, gzip")], "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(!answer.head.contains("content-encoding"), "{answer:?}");
        check_value(&answer.json(), target);
    }
}

#[tokio::test]
async fn new_drives_get_the_lowest_free_device_id() {
    let wire = Wire::sample();
    let create = async |vm: &str| {
        let body = json!({"params": {"name": "cd", "vmInstanceUuid": vm}}).to_string();
        wire.job("POST", "/zstack/v1/vm-instances/cdroms", &body).await
    };
    let mut drives = Vec::new();
    for number in 0..3 {
        let drive = create(BARE_1).await.inventory();
        assert_eq!(drive["deviceId"], number);
        drives.push(drive["uuid"].as_str().unwrap().to_owned());
    }
    assert_eq!(create(BARE_1).await.code(), "SYS.1006");
    assert_eq!(create(WEB_1).await.code(), "SYS.1007");
    let deleted = wire.job("DELETE", &format!("/zstack/v1/vm-instances/cdroms/{}", drives[1]), "").await;
    assert_eq!(deleted.status, 200, "{deleted:?}");
    assert_eq!(deleted.json().as_object().unwrap().keys().filter(|key| *key != "schema").count(), 0);
    assert_eq!(create(BARE_1).await.inventory()["deviceId"], 1);
    // The Go client sends an empty path segment and an empty object as the body.
    let target = format!("/zstack/v1/vm-instances//{BARE_1}/cdroms/{}/actions", drives[2]);
    assert_eq!(wire.job("PUT", &target, "{}").await.inventory()["deviceId"], 0);
    assert_eq!(wire.job("PUT", &target, "{}").await.code(), "SYS.1007");
}

#[tokio::test]
async fn impossible_attachments_are_refused() {
    let wire = Wire::sample();
    let attach = async |vm: &str, image: &str| wire.job("POST", &iso(vm, image), "").await;
    attach(DB_1, RESCUE).await.inventory();
    assert_eq!(attach(DB_1, RESCUE).await.code(), "SYS.1006");
    assert_eq!(attach(DB_1, "15000000000040008000000000000003").await.code(), "SYS.1006");
    assert_eq!(attach(WEB_1, TEMPLATE).await.code(), "SYS.1007");
    let destroyed = attach(OLD_1, RESCUE).await;
    assert_eq!(destroyed.code(), "SYS.1006");
    assert_eq!(destroyed.json()["error"]["cause"]["code"], "VM.1010");
    assert_eq!(attach(UNKNOWN_UUID, RESCUE).await.code(), "SYS.1003");
}

#[tokio::test]
async fn detaching_updates_the_drive_but_not_the_vm() {
    let wire = Wire::sample();
    let target = |vm: &str| format!("/zstack/v1/vm-instances/{vm}/iso");
    assert_eq!(wire.job("DELETE", &target(WINDOWS_1), "").await.code(), "SYS.1006");
    let before = wire.job("POST", &iso(WEB_1, RESCUE), "").await.inventory();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let after = wire.job("DELETE", &target(WEB_1), "").await.inventory();
    assert_eq!(after["lastOpDate"], before["lastOpDate"]);
    assert_ne!(after["vmCdRoms"][0]["lastOpDate"], before["vmCdRoms"][0]["lastOpDate"]);
    let again = wire.job("DELETE", &target(WEB_1), "").await.inventory();
    assert_eq!(again, after);
}

#[tokio::test]
async fn reimaging_creates_a_new_root_volume_file() {
    let wire = Wire::sample();
    let reimage = async |vm: &str| wire.job("PUT", &actions(vm), r#"{"reimageVmInstance":{}}"#).await;
    assert_eq!(reimage(WEB_1).await.code(), "VM.1014");
    assert_eq!(reimage(INSTALLER_1).await.code(), "VM.1015");
    let path = |vm: &Value| vm["allVolumes"][0]["installPath"].as_str().unwrap().to_owned();
    let first = reimage(DB_1).await.inventory();
    let second = reimage(DB_1).await.inventory();
    assert_eq!(second["state"], "Stopped");
    assert_ne!(path(&first), path(&second));
}

#[tokio::test]
async fn deleting_an_unknown_uuid_succeeds_but_not_an_invalid_one() {
    let wire = Wire::sample();
    for path in ["vm-instances", "vm-instances/cdroms", "accesskeys"] {
        let target = format!("/zstack/v1/{path}/{UNKNOWN_UUID}?deleteMode=Permissive");
        let unknown = wire.job("DELETE", &target, "").await;
        assert_eq!(unknown.status, 200, "{path} {unknown:?}");
        let invalid = wire.job("DELETE", &format!("/zstack/v1/{path}/no-uuid"), "").await;
        assert_eq!(invalid.code(), "SYS.1003", "{path}");
    }
}

#[tokio::test]
async fn a_dry_run_changes_nothing() {
    let wire = Wire::sample();
    let body = r#"{"systemTags":["ephemeral::validationOnly"]}"#;
    let dry = wire.job("POST", &iso(DB_1, RESCUE), body).await;
    assert_eq!((dry.status, dry.json().get("inventory")), (200, None));
    let drive = wire.send("GET", &format!("/zstack/v1/vm-instances/cdroms/{DB_DRIVE}"), "").await.json();
    assert_eq!(drive["inventories"][0].get("isoUuid"), None);
    let refused = wire.job("POST", &iso(WEB_1, TEMPLATE), body).await;
    assert_eq!(refused.code(), "SYS.1007");
}

#[tokio::test]
async fn management_node_and_session_operations_need_no_session() {
    let wire = Wire::sample();
    let send = async |method: &str, target: &str, body: &str| -> Answer {
        wire.raw(method, &format!("/zstack/v1{target}"), &[], body).await
    };
    let version = send("PUT", "/management-nodes/actions", r#"{"getVersion":{}}"#).await.json();
    assert!(version["version"].as_str().unwrap().contains('.') && version["success"] == true, "{version}");
    let time = send("PUT", "/management-nodes/actions", r#"{"getCurrentTime":{}}"#).await.json();
    let (milliseconds, seconds) = (&time["currentTime"]["MillionSeconds"], &time["currentTime"]["Seconds"]);
    assert_eq!(milliseconds.as_i64().unwrap() / 1000, seconds.as_i64().unwrap(), "{time}");
    assert_eq!(send("GET", "/management-nodes/ready", "").await.body, "{}");
    assert!(send("PUT", "/management-nodes/actions", "{}").await.is_text(400));
    let valid =
        async |session: &str| send("GET", &format!("/accounts/sessions/{session}/valid"), "").await.json();
    assert_eq!(valid(&wire.session).await, json!({"valid": true}));
    assert_eq!(valid("unknown").await, json!({"valid": false}));
    assert_eq!(send("DELETE", "/accounts/sessions/unknown?deleteMode=", "").await.body, "{}");
    assert_eq!(
        send("DELETE", &format!("/accounts/sessions/{}?clientInfo.clientIp=1.2.3.4", wire.session), "")
            .await
            .body,
        "{}"
    );
    assert_eq!(valid(&wire.session).await, json!({"valid": false}));
}
