//! Generated examples.

use camino::Utf8Path;
use serde_json::{Value, json};
use zstack_model::examples::{ExamplePart, GeneratedExample, NAME, examples, generate};
use zstack_model::load::{Memory, load, load_tree};
use zstack_model::{Model, Operation};

use crate::sample;

const SPECS: [&str; 4] =
    ["../spec", "tests/slice/spec", "../xtask/tests/obstacles/spec", "../reference/tests/samples/spec"];

fn spec(path: &str) -> Model {
    let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    load(&dir).unwrap_or_else(|problems| panic!("{problems}"))
}

fn example_of(model: &Model, operation: &Operation) -> GeneratedExample {
    generate(model, operation).unwrap_or_else(|error| panic!("{}: {error}", operation.name))
}

/// The generator checks examples against its model; here, the model is the slice of a release, so an example has
/// nothing that the release lacks.
#[test]
fn operations_of_all_releases_have_examples() {
    for path in SPECS {
        let model = sample::part_of(spec(path), 40, &[]);
        for version in sample::releases(&model, 10) {
            let slice = model.at(&version);
            for operation in &slice.operations {
                let GeneratedExample { example, since, removed } = example_of(&slice, operation);
                let context = format!("{path}, {} at {version}: {example:?}", operation.name);
                for parameter in operation.parameters.iter().filter(|parameter| parameter.field.required) {
                    assert!(!example.request[&parameter.field.name].is_null(), "{context}");
                }
                for field in operation.response.iter().filter(|field| field.required) {
                    assert!(!example.response[&field.name].is_null(), "{context}");
                }
                assert!(since <= version && removed.is_none(), "{context}");
                assert_eq!((example.name.as_str(), example.since), (NAME, None), "{context}");
            }
        }
    }
}

#[test]
fn written_examples_replace_generated_ones() {
    let mut model = spec("../spec");
    let operation = model.operation("CreateVmCdRom").unwrap();
    assert_eq!(examples(&model, operation), operation.examples);
    let first = model.operations.iter_mut().find(|operation| operation.name == "CreateVmCdRom").unwrap();
    first.examples.clear();
    let operation = model.operation("CreateVmCdRom").unwrap();
    let once = examples(&model, operation);
    assert_eq!(once[0].name, NAME);
    assert_eq!(once, examples(&model, operation), "the same operation gives the same example");
}

/// A spec with one operation.
fn with_operation(method: &str, keys: Value) -> Model {
    let api = json!({
        "title": "T",
        "basePath": "/v1",
        "auth": {"session": {"header": "Authorization", "scheme": "OAuth"}},
        "releases": [{"version": "1.0"}, {"version": "2.0"}, {"version": "3.0"}],
        "categories": [{"name": "zone", "title": "Zones"}],
        "envelope": [],
    });
    let inventory = json!({
        "name": "ZoneInventory",
        "summary": "A zone.",
        "since": "1.0",
        "fields": [
            {"name": "uuid", "type": "String", "required": true, "since": "1.0"},
            {"name": "name", "type": "String", "required": false, "since": "1.0"},
            {"name": "state", "type": "ZoneState", "required": false, "since": "1.0"},
            {"name": "createDate", "type": "Timestamp", "required": false, "since": "1.0"},
            {"name": "parent", "type": "ZoneInventory", "required": false, "since": "1.0"},
            {"name": "children", "type": "List<ZoneInventory>", "required": true, "since": "1.0"},
        ],
    });
    let state = json!({
        "name": "ZoneState",
        "summary": "A state.",
        "since": "1.0",
        "values": [
            {"name": "Ready", "since": "1.0", "deprecated": "2.0", "removed": "3.0", "replacement": "Enabled"},
            {"name": "Enabled", "since": "1.0"},
        ],
    });
    let mut operation = json!({
        "name": "ChangeZone", "category": "zone", "summary": "Changes a zone.", "since": "1.0", "method": method,
        "path": "/zones", "execution": "sync", "auth": "session", "body": "none", "parameters": [], "response": [],
    });
    operation.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    let files = [
        ("api.yaml", api),
        ("types/ZoneInventory.yaml", inventory),
        ("types/ZoneState.yaml", state),
        ("operations/zone/ChangeZone.yaml", operation),
    ];
    let files = files.map(|(path, value)| (path.into(), value.to_string().into_bytes()));
    load_tree(&Memory::from_iter(files), "spec".into()).unwrap_or_else(|problems| panic!("{problems}")).model
}

/// The request of the example of an operation with these body parameters.
fn request(parameters: Value) -> Value {
    let mut parameters = parameters;
    for parameter in parameters.as_array_mut().unwrap() {
        let parameter = parameter.as_object_mut().unwrap();
        for (key, value) in [("in", json!("body")), ("required", json!(true)), ("since", json!("1.0"))] {
            parameter.entry(key).or_insert(value);
        }
    }
    let model = with_operation("POST", json!({"body": "params", "parameters": parameters}));
    example_of(&model, &model.operations[0]).example.request.into()
}

#[test]
fn values_follow_names_and_constraints() {
    let found = request(json!([
        {"name": "name", "type": "String"},
        {"name": "description", "type": "String"},
        {"name": "vendorName", "type": "String"},
        {"name": "managementIp", "type": "String"},
        {"name": "networkCidr", "type": "String"},
        {"name": "macs", "type": "List<String>"},
        {"name": "mode", "type": "String", "values": ["", "thin", "thick"]},
        {"name": "level", "type": "Integer", "values": ["7", "8"]},
        {"name": "state", "type": "ZoneState"},
        {"name": "memorySize", "type": "Long"},
        {"name": "diskSize", "type": "Integer"},
        {"name": "sshPort", "type": "Integer"},
        {"name": "order", "type": "Integer", "range": [5, 9]},
        {"name": "shift", "type": "Long", "range": [-9, -5]},
        {"name": "code", "type": "String", "pattern": "[A-Z]{2}-[0-9]+"},
        {"name": "long", "type": "String", "minLength": 12, "maxLength": 13},
        {"name": "short", "type": "String", "maxLength": 3},
        {"name": "at", "type": "Timestamp"},
        {"name": "retries", "type": "Integer", "default": 3},
        {"name": "labels", "type": "Map<String,String>", "nonEmpty": true},
    ]));
    let expected = json!({
        "name": "zone-1",
        "description": "For tests.",
        "vendorName": "vendor-1",
        "managementIp": "192.0.2.10",
        "networkCidr": "192.0.2.0/24",
        "macs": ["fa:16:3e:5c:10:01"],
        "mode": "thin",
        "level": 7,
        // The other value is removed.
        "state": "Enabled",
        "memorySize": 2_147_483_648_i64,
        "diskSize": 10_737_418,
        "sshPort": 22,
        "order": 5,
        "shift": -9,
        "code": "AB-34567",
        "long": "example-exam",
        "short": "exa",
        "at": "Nov 14, 2017 10:20:57 PM",
        "retries": 3,
        "labels": {"key": "example"},
    });
    assert_eq!(found, expected, "{found:#}");
}

#[test]
fn uuids_depend_on_operation_and_name() {
    let found = request(json!([
        {"name": "zoneUuid", "type": "String"},
        {"name": "hostUuids", "type": "List<String>"},
        {"name": "resource", "type": "Uuid"},
    ]));
    let texts =
        [&found["zoneUuid"], &found["hostUuids"][0], &found["resource"]].map(|value| value.as_str().unwrap());
    assert!(texts.iter().all(|text| zstack_vocabulary::is_uuid(text)), "{texts:?}");
    assert!(texts[0] != texts[1] && texts[1] != texts[2], "{texts:?}");
}

#[test]
fn requests_have_typical_optional_parameters_only_if_none_is_required() {
    let optional = json!([
        {"name": "uuid", "in": "path", "type": "String", "required": true, "since": "1.0"},
        {"name": "size", "in": "body", "type": "Long", "required": false, "since": "1.0"},
        {"name": "old", "in": "body", "type": "Long", "required": false, "since": "1.0", "deprecated": "2.0"},
        {"name": "description", "in": "body", "type": "String", "required": false, "since": "1.0"},
        {"name": "name", "in": "body", "type": "String", "required": false, "since": "1.0"},
    ]);
    let keys = |parameters: &Value| {
        let model = with_operation(
            "PUT",
            json!({"path": "/zones/{uuid}", "body": "params", "parameters": parameters}),
        );
        let request = example_of(&model, &model.operations[0]).example.request;
        request.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(keys(&optional), ["description", "name", "uuid"]);
    let mut with_required = optional.clone();
    with_required[1]["required"] = true.into();
    assert_eq!(keys(&with_required), ["size", "uuid"]);
}

#[test]
fn queries_have_a_condition() {
    let model = with_operation(
        "GET",
        json!({
            "query": true,
            "response": [{"name": "inventories", "type": "List<ZoneInventory>", "required": true, "since": "1.0"}],
        }),
    );
    let GeneratedExample { example, .. } = example_of(&model, &model.operations[0]);
    assert_eq!(Value::from(example.request), json!({"limit": 20, "q": ["name=zone-1"]}));
    let zone = &example.response["inventories"][0];
    let keys: Vec<_> = zone.as_object().unwrap().keys().collect();
    // All scalar fields, and required ones; nested zones have no children.
    assert_eq!(keys, ["children", "createDate", "name", "state", "uuid"]);
    assert_eq!(zone["children"], json!([]));
}

#[test]
fn examples_of_older_releases_lack_later_parameters() {
    let model = with_operation(
        "POST",
        json!({
            "body": "params",
            "parameters": [
                {"name": "name", "in": "body", "type": "String", "required": false, "since": "1.0"},
                {"name": "size", "in": "body", "type": "Long", "required": false, "since": "2.0"},
            ],
        }),
    );
    let keys = |at: &str| {
        let slice = model.at(&at.parse().unwrap());
        let GeneratedExample { example, since, .. } = example_of(&slice, &slice.operations[0]);
        (example.request.keys().cloned().collect::<Vec<_>>().join(" "), since.to_string())
    };
    assert_eq!(keys("1.0"), ("name".to_owned(), "1.0".to_owned()));
    assert_eq!(keys("3.0"), ("name size".to_owned(), "2.0".to_owned()));
}

#[test]
fn removed_operations_have_examples_of_their_last_release() {
    let parameter = json!({
        "name": "name", "in": "body", "type": "String", "required": true, "since": "1.0",
    });
    let model = with_operation(
        "POST",
        json!({
            "deprecated": "2.0", "removed": "3.0", "replacement": "another", "body": "params",
            "parameters": [parameter],
        }),
    );
    let GeneratedExample { example, .. } = example_of(&model, &model.operations[0]);
    assert_eq!(example.request.keys().collect::<Vec<_>>(), ["name"]);
    assert_eq!(example.since.map(|since| since.to_string()).as_deref(), Some("2.0"));
}

/// No text matches, whatever the generator tries.
#[test]
fn reports_the_parameter_without_a_value() {
    let model = with_operation(
        "POST",
        json!({
            "body": "params",
            "parameters": [
                {"name": "name", "in": "body", "type": "String", "required": true, "since": "1.0"},
                {"name": "code", "in": "body", "type": "String", "required": true, "since": "1.0", "pattern": "a\\bb"},
            ],
        }),
    );
    let error = generate(&model, &model.operations[0]).unwrap_err();
    assert_eq!((error.path.as_str(), error.part), ("code", Some((ExamplePart::Parameter, 1))));
    assert_eq!(error.to_string(), "`code`: `example` does not match a\\bb");
    assert!(examples(&model, &model.operations[0]).is_empty());
}
