//! Tests of nodes that serve another spec than the built-in one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use zstack_node::app::{App, Settings};
use zstack_node::catalog::Layer;
use zstack_node::clock::Clock;
use zstack_node::control::{CONTROL_HEADER, ControlAccess};
use zstack_node::coverage;
use zstack_node::spec::{Spec, SpecError};
use zstack_node::store::sqlite::SqliteStore;
use zstack_server::Options;

use crate::calls::{delete, get, list, post, put, uuid};
use crate::local::sample::{RESCUE, WEB_1};
use crate::local::{Local, StoppedClock, assert_empty, code, inventory, names, read};
use crate::process::{Server, run};

/// The small spec.
const SHELVES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/shelves");
/// The committed spec.
const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec");

fn shelves() -> &'static Spec {
    static SPEC: LazyLock<&Spec> = LazyLock::new(|| Spec::open(Some(Path::new(SHELVES)), None).unwrap());
    *SPEC
}

/// Starts a node with a spec, and logs in.
async fn serve(spec: &'static Spec, sample: bool, options: Options) -> Local {
    let mut settings = Settings::default();
    (settings.spec, settings.sample, settings.options) = (Some(spec), sample, options);
    settings.control = ControlAccess::All;
    let (store, clock) = (SqliteStore::temporary().unwrap(), StoppedClock::new());
    let app = App::over(store, settings, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
    let mut local = Local { app, clock, session: String::new() };
    local.session = local.log_in("admin", "password").await;
    local
}

async fn openapi(local: &Local) -> Value {
    read(local.app.answer(Request::get("/openapi.json").body(Body::empty()).unwrap()).await).await.1
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Replaces a text that a file contains once.
fn replace(file: PathBuf, from: &str, to: &str) {
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(text.matches(from).count(), 1, "`{from}` in {file:?}");
    fs::write(file, text.replace(from, to)).unwrap();
}

#[tokio::test]
async fn a_spec_of_ones_own_is_served_by_conventions() {
    let local = serve(shelves(), false, Options::default()).await;
    let zone = uuid(post(&local, "/zones", json!({"name": "storeroom"})).await);
    let shelf = json!({"name": "left", "height": 40, "zoneUuid": zone});
    let left = inventory(post(&local, "/shelves", shelf).await);
    assert_eq!((&left["height"], &left["zoneUuid"]), (&json!(40), &json!(zone)));
    assert!(left["createDate"].is_string(), "{left}");
    let shelf = left["uuid"].as_str().unwrap();
    post(&local, "/shelves", json!({"name": "right", "height": 20, "zoneUuid": zone})).await;

    for (query, expected) in [
        ("height%3E=30", &["left"][..]),
        ("zone.name=storeroom&q=height%3C30", &["right"]),
        ("name~=%25t&sort=%2Bheight", &["right", "left"]),
        ("zone.name=cellar", &[]),
    ] {
        assert_eq!(names(&get(&local, &format!("/shelves?q={query}")).await), expected, "{query}");
    }
    assert_eq!(code(&get(&local, "/shelves?q=width=1").await), "SYS.1007");
    assert_eq!(inventory(get(&local, &format!("/shelves/{shelf}/details")).await), left);

    let path = format!("/shelves/{shelf}");
    let updated = inventory(put(&local, &path, "updateShelf", json!({"height": 50})).await);
    assert_eq!((&updated["height"], &updated["name"]), (&json!(50), &json!("left")));
    let event = json!({"stateEvent": "disable"});
    let disabled = put(&local, &format!("{path}/actions"), "changeShelfState", event).await;
    assert_eq!(inventory(disabled)["state"], "Disabled");
    // No convention says what this does.
    assert_eq!(code(&put(&local, &format!("{path}/place"), "moveShelf", json!({})).await), "SYS.1014");

    let nowhere = json!({"name": "x", "zoneUuid": "0".repeat(32)});
    let missing = post(&local, "/shelves", nowhere).await;
    assert_eq!(code(&missing), "SYS.1003");
    assert!(missing.1.to_string().contains("zoneUuid"), "{missing:?}");
    // The zone has shelves.
    assert_eq!(code(&delete(&local, &format!("/zones/{zone}")).await), "SYS.1004");
    for shelf in list(&local, "/shelves").await {
        assert_empty(&delete(&local, &format!("/shelves/{}", shelf["uuid"].as_str().unwrap())).await);
    }
    assert_empty(&delete(&local, &format!("/zones/{zone}")).await);
    assert!(list(&local, "/shelves").await.is_empty());

    // Other operations of the built-in spec do not exist.
    assert_eq!(get(&local, "/vm-instances").await.0, 404);
    let document = openapi(&local).await;
    assert!(document["paths"]["/shelves/{uuid}/place"].is_object(), "{document}");
    assert!(document["paths"]["/vm-instances"].is_null());
}

#[tokio::test]
async fn inventory_files_and_releases_are_those_of_the_spec() {
    let local = serve(shelves(), false, Options::default().version("0.6".parse().unwrap())).await;
    let file = "zones: [{name: attic}]\nshelfs: [{name: top, zone: attic}]\n";
    let control = |method: &str, path: &str, body: &str| {
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let request = request.header(CONTROL_HEADER, "1");
        local.app.answer(request.body(Body::from(body.to_owned())).unwrap())
    };
    let loaded = read(control("POST", "/_node/inventory", file).await).await;
    assert_eq!(loaded, (200, json!({"loaded": 2})));
    assert_eq!(list(&local, "/shelves?q=zone.name=attic").await[0]["name"], "top");
    let exported = read(control("GET", "/_node/inventory", "").await).await.1;
    assert!(exported.as_str().unwrap().contains("\nshelfs:\n"), "{exported}");
    assert_eq!(read(control("POST", "/_node/reset", "").await).await.0, 200);
    let mut local = local;
    local.session = local.log_in("admin", "password").await;
    assert!(list(&local, "/zones").await.is_empty());
    let zone = uuid(post(&local, "/zones", json!({"name": "storeroom"})).await);
    let refused = post(&local, "/shelves", json!({"name": "x", "height": 1, "zoneUuid": zone})).await;
    assert!(refused.1.to_string().contains("1.7"), "{refused:?}");
    assert_eq!(shelves().find_release("1.5").unwrap().version, "0.6".parse().unwrap());
    assert!(shelves().find_release("3.0").unwrap_err().contains("1.7"));
}

/// The built-in resource file of zones names fields, resources and operations that the small spec does not have.
#[test]
fn parts_of_resource_files_that_do_not_fit_are_logged() {
    let (_server, log) = Server::start_with_log("127.0.0.1:0", "warn", &["--spec", SHELVES]);
    let line = log.wait_for("do not fit this spec");
    assert!(
        line.contains("Zone.yaml:2:12: ZoneInventory has no field `state`; ") && line.contains("and 1 more"),
        "{line}"
    );
}

#[test]
fn coverage_lists_the_operations_of_the_spec() {
    let rows = coverage::rows_of(shelves());
    let rows: Vec<_> = rows.iter().map(|row| (row.operation, row.layer)).collect();
    assert_eq!(rows.len(), 10);
    assert!(rows.contains(&("CreateShelf", Layer::Derived)));
    assert!(rows.contains(&("MoveShelf", Layer::None)));
    let output = run(&["coverage", "--spec", SHELVES]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.ends_with("10 operations: 9 derived, 0 declared, 0 written, 1 not performed\n"), "{text}");
}

#[tokio::test]
async fn resource_files_can_be_added() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("Shelf.yaml");
    let text = "resource: Shelf\nreferences: {zoneUuid: delete}\ndefaults: {state: Enabled}\nunique: [[name, zoneUuid]]\n\
                operations:\n  MoveShelf: answer\n";
    fs::write(&file, text).unwrap();
    let spec = Spec::open(Some(Path::new(SHELVES)), Some(folder.path())).unwrap();
    let local = serve(spec, false, Options::default()).await;
    let zone = uuid(post(&local, "/zones", json!({"name": "storeroom"})).await);
    let left = inventory(post(&local, "/shelves", json!({"name": "left", "zoneUuid": zone})).await);
    assert_eq!(left["state"], "Enabled");
    assert_eq!(post(&local, "/shelves", json!({"name": "left", "zoneUuid": zone})).await.0, 503);
    let path = format!("/shelves/{}/place", left["uuid"].as_str().unwrap());
    assert_empty(&put(&local, &path, "moveShelf", json!({})).await);
    assert_empty(&delete(&local, &format!("/zones/{zone}")).await);
    assert!(list(&local, "/shelves").await.is_empty());

    fs::write(&file, text.replace("state: Enabled", "color: red")).unwrap();
    let error = Spec::open(Some(Path::new(SHELVES)), Some(folder.path())).unwrap_err();
    let SpecError::Resources(problems) = error else { panic!("{error}") };
    let [problem] = problems.problems() else { panic!("{problems}") };
    assert_eq!((problem.code, problem.place.position.unwrap().line), ("unknown-field", 3));
}

/// The committed spec with a parameter and a resource of its own.
#[tokio::test]
async fn an_edited_copy_of_the_built_in_spec_keeps_its_behavior() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path();
    copy(Path::new(COMMITTED), spec);
    let parameter = "parameters:\n  - {name: type, in: body, type: String, required: false, since: \"0.6\", description: The type.}\n";
    replace(spec.join("operations/zone/CreateZone.yaml"), "parameters:\n", parameter);
    let category = "  - {name: shelf, title: Shelf Operations, description: Shelves.}\n";
    replace(spec.join("api.yaml"), "categories:\n", &format!("categories:\n{category}"));
    copy(&Path::new(SHELVES).join("operations"), &spec.join("operations"));
    for name in ["CreateZone", "QueryZone", "DeleteZone"] {
        fs::remove_file(spec.join(format!("operations/shelf/{name}.yaml"))).unwrap();
    }
    fs::copy(Path::new(SHELVES).join("types/ShelfInventory.yaml"), spec.join("types/ShelfInventory.yaml"))
        .unwrap();
    let spec = Spec::open(Some(spec), None).unwrap_or_else(|error| panic!("{error}"));
    let local = serve(spec, true, Options::default()).await;

    let first = list(&local, "/zones").await.remove(0);
    let first = first["uuid"].as_str().unwrap();
    let zone = inventory(post(&local, "/zones", json!({"name": "edge", "type": "remote"})).await);
    assert_eq!((&zone["type"], &zone["state"]), (&json!("remote"), &json!("Enabled")));
    uuid(post(&local, "/shelves", json!({"name": "left", "zoneUuid": first})).await);
    assert_eq!(names(&get(&local, "/shelves?q=zone.cluster.name!=none").await), ["left"]);

    // Written, declared and derived operations, and one that is not performed.
    let vm = inventory(local.attach(WEB_1, RESCUE).await);
    assert!(vm.to_string().contains(RESCUE));
    inventory(local.stop(WEB_1).await);
    let event = json!({"stateEvent": "disable"});
    inventory(put(&local, &format!("/zones/{first}/actions"), "changeZoneState", event).await);
    assert!(list(&local, "/clusters").await.iter().all(|cluster| cluster["state"] == "Disabled"));
    assert_eq!(get(&local, "/management-nodes/ready").await.0, 200);
    let mut rows = coverage::rows_of(spec);
    rows.retain(|row| !row.operation.ends_with("Shelf") && row.operation != "ChangeShelfState");
    assert_eq!(rows, coverage::rows().unwrap());
}

#[test]
fn an_invalid_spec_is_reported_and_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path();
    copy(Path::new(SHELVES), spec);
    replace(spec.join("operations/shelf/CreateShelf.yaml"), "method: POST", "method: PSOT");
    replace(spec.join("types/ShelfInventory.yaml"), "refers: Zone", "refers: Zine");
    let path = spec.to_str().unwrap();
    for arguments in
        [&["serve", "--listen", "127.0.0.1:0", "--spec", path][..], &["coverage", "--spec", path]]
    {
        let output = run(arguments);
        let report = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]), "{report}");
        for part in
            ["operations/shelf/CreateShelf.yaml:5:9", "PSOT", "types/ShelfInventory.yaml:11:", "2 errors"]
        {
            assert!(report.contains(part), "{part}: {report}");
        }
        assert!(report.starts_with("error["), "{report}");
    }
}

#[test]
fn errors_of_the_options_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("file.yaml");
    fs::write(&file, "").unwrap();
    let missing = format!("{path}/missing");
    for (arguments, exit, expected) in [
        (&["--spec", path][..], 1, "has no api.yaml"),
        (&["--spec", file.to_str().unwrap()], 1, "is not a folder; --spec takes a folder"),
        (&["--spec", &missing], 1, "cannot read the folder"),
        (&["--resources", &missing], 1, "of --resources: No such file"),
        (&["--spec", SHELVES, "--api-version", "3.0"], 2, "1.7"),
    ] {
        let output = run(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(exit) && text.contains(expected), "{arguments:?}: {text}");
    }
}
