//! A small spec for tests: zones, clusters and hosts.

use std::fmt::Write as _;

use zstack_model::Model;
use zstack_model::load::{Memory, load_tree};

const API: &str = "title: Test\nbasePath: /v1\nauth:\n  session: {header: Authorization, scheme: OAuth, description: A session.}\n\
                   releases:\n  - {version: '1.0'}\ncategories:\n  - {name: zone, title: Zones}\n";

/// The data types: their names with `resource`, `extends` and fields.
const TYPES: &[(&str, &str, &[&str])] = &[
    (
        "ZoneInventory",
        "resource: Zone",
        &["uuid: String", "name: String", "state: ZoneState", "isDefault: Boolean", "note: Any"],
    ),
    (
        "ClusterInventory",
        "resource: Cluster",
        &[
            "uuid: String",
            "name: String",
            "zoneUuid: String > Zone",
            "lastHostUuid: String > Host",
            "hosts: List<HostInventory>",
            "size: Long",
        ],
    ),
    (
        "HostInventory",
        "resource: Host",
        &[
            "uuid: String",
            "state: String",
            "managementIp: String",
            "clusterUuid: String > Cluster",
            "imageUuids: List<String> > Image",
        ],
    ),
    ("KVMHostInventory", "resource: KVMHost\nextends: HostInventory", &["username: String"]),
    ("ImageInventory", "resource: Image", &["uuid: String", "zoneUuid: String > Zone"]),
];

/// The operations: their names with method and path, parameters and response.
const OPERATIONS: &[(&str, &str, &[&str], &str)] = &[
    ("CreateZone", "POST /zones", &["name: String"], "inventory: ZoneInventory"),
    ("QueryZone", "GET /zones", &[], "inventories: List<ZoneInventory>"),
    ("GetZone", "GET /zones/{uuid}/info", &["uuid: String > Zone"], "inventories: List<ZoneInventory>"),
    (
        "UpdateZone",
        "PUT /zones/{uuid}/actions",
        &["uuid: String > Zone", "name: String"],
        "inventory: ZoneInventory",
    ),
    ("DeleteZone", "DELETE /zones/{uuid}", &["uuid: String > Zone"], ""),
    (
        "ChangeZoneState",
        "PUT /zones/{uuid}/state",
        &["uuid: String > Zone", "stateEvent: String = enable, disable"],
        "inventory: ZoneInventory",
    ),
    ("GetZoneCapacity", "GET /zones/{uuid}/capacity", &["uuid: String > Zone"], "size: Long"),
    ("CreateCluster", "POST /clusters", &["name: String"], "inventory: ClusterInventory"),
    (
        "DeleteCluster",
        "DELETE /clusters/{clusterUuid}",
        &["clusterUuid: String > Cluster", "uuid: String > Zone"],
        "",
    ),
    ("AddKVMHost", "POST /hosts/kvm", &["password: String"], "inventory: HostInventory"),
    (
        "AddSimulatorHost",
        "POST /hosts/simulators",
        &["stateEvent: String = enable, disable", "names: List<String>"],
        "inventory: HostInventory",
    ),
    ("CreateHostFromImage", "POST /hosts/from-image", &[], "inventory: HostInventory"),
    ("QueryHost", "GET /hosts", &[], "inventories: List<HostInventory>"),
    ("QueryKVMHost", "GET /hosts/kvm", &[], "inventories: List<HostInventory>"),
    (
        "UpdateKVMHost",
        "PUT /hosts/{uuid}/kvm",
        &["uuid: String > Host", "username: String"],
        "inventory: HostInventory",
    ),
    (
        "AddImageToHost",
        "POST /hosts/{hostUuid}/images/{imageUuid}",
        &["hostUuid: String > Host", "imageUuid: String > Image"],
        "inventory: HostInventory",
    ),
    (
        "AttachHostToImage",
        "POST /images/{imageUuid}/hosts/{other}",
        &["imageUuid: String > Image", "other: String > Host"],
        "inventory: HostInventory",
    ),
    ("RebootHosts", "PUT /hosts", &["names: List<String>"], ""),
];

/// The operations that are asynchronous.
const ASYNC: [&str; 2] = ["AddKVMHost", "RebootHosts"];

/// Loads the spec.
pub(super) fn model() -> Model {
    let mut files = vec![("api.yaml".to_owned(), API.to_owned())];
    files.push((
        "types/ZoneState.yaml".to_owned(),
        "name: ZoneState\nsummary: A state.\nsince: '1.0'\nvalues:\n  - {name: Enabled, since: '1.0'}\n  - {name: Disabled, since: '1.0'}\n".to_owned(),
    ));
    for (name, attributes, fields) in TYPES {
        let mut text = format!("name: {name}\nsummary: A record.\nsince: '1.0'\n{attributes}\nfields:\n");
        fields.iter().for_each(|form| text.push_str(&field(form, "")));
        files.push((format!("types/{name}.yaml"), text));
    }
    for (name, route, parameters, response) in OPERATIONS {
        let (method, path) = route.split_once(' ').unwrap();
        let execution = if ASYNC.contains(name) { "async" } else { "sync" };
        let is_query = method == "GET" && name.starts_with("Query");
        let (body, other_place) = match method {
            "PUT" => ("action", "body"),
            "POST" => ("params", "body"),
            _ => ("none", "query"),
        };
        let mut text = format!(
            "name: {name}\ncategory: zone\nsummary: An operation.\nsince: '1.0'\nmethod: {method}\npath: {path}\n\
             execution: {execution}\nauth: session\nbody: {body}\n"
        );
        if is_query {
            text.push_str("query: true\n");
        }
        text.push_str(if parameters.is_empty() { "parameters: []\n" } else { "parameters:\n" });
        for form in *parameters {
            let is_in_path = path.contains(&format!("{{{}}}", form.split(':').next().unwrap()));
            let place = if is_in_path { "path" } else { other_place };
            text.push_str(&field(form, &format!("in: {place}, required: {is_in_path}, ")));
        }
        text.push_str(if response.is_empty() { "response: []\n" } else { "response:\n" });
        if !response.is_empty() {
            text.push_str(&field(response, ""));
        }
        files.push((format!("operations/zone/{name}.yaml"), text));
    }
    let files: Memory = files.into_iter().map(|(path, text)| (path.into(), text.into_bytes())).collect();
    load_tree(&files, "spec".into()).unwrap_or_else(|problems| panic!("{problems}")).model
}

/// Writes a field such as `zoneUuid: String > Zone` or `event: String = on, off`.
fn field(form: &str, more: &str) -> String {
    let (name, form) = form.split_once(": ").unwrap();
    let (form, values) = form.split_once(" = ").unwrap_or((form, ""));
    let (ty, refers) = form.split_once(" > ").unwrap_or((form, ""));
    let mut text = format!("  - {{name: {name}, {more}type: '{ty}', since: '1.0', description: A value.");
    if !refers.is_empty() {
        write!(text, ", refers: {refers}").unwrap();
    }
    if !values.is_empty() {
        write!(text, ", values: [{values}]").unwrap();
    }
    text + "}\n"
}
