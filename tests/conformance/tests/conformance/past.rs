//! Values as of a release, on examples by hand: all other tests depend on this.

use serde_json::{Map, Value, json};
use zstack_conformance::{LaterPart, PartKind, PastApi, PastObject};
use zstack_model::{Model, Type, TypeShape, Version};

use crate::spec::model;

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn object(json: Value) -> Map<String, Value> {
    serde_json::from_value(json).unwrap()
}

/// Changes the spec: adds later enum values, in lists and maps, too.
fn changed_model() -> Model {
    let mut model = model();
    let state = Type::Named("VmInstanceState".to_owned());
    for it in &mut model.types {
        match (&mut it.shape, it.name.as_str()) {
            (TypeShape::Enum { values }, "VmInstanceState") => {
                values.iter_mut().find(|value| value.name == "Paused").unwrap().since = version("3.9.0");
            }
            (TypeShape::Record { fields, .. }, "VmInstanceInventory") => {
                for (name, ty) in [
                    ("states", Type::List(Box::new(state.clone()))),
                    ("stateOf", Type::Map(Box::new(Type::List(Box::new(state.clone()))))),
                ] {
                    let mut field = fields.iter().find(|field| field.name == "state").unwrap().clone();
                    (field.name, field.ty) = (name.to_owned(), ty);
                    fields.push(field);
                }
            }
            _ => {}
        }
    }
    model
}

fn later(path: &str, part: PartKind, since: &str) -> LaterPart {
    LaterPart { path: path.to_owned(), part, since: since.to_owned() }
}

#[test]
fn removes_and_reports_later_parts() {
    let model = changed_model();
    let paused = || PartKind::Value("Paused".to_owned());
    for (at, answer, fields, later) in [
        ("3.3.0", json!({"inventory": {"uuid": "u"}}), json!({"inventory": {"uuid": "u"}}), vec![]),
        // A field of a record in a record; of a record in a list; a whole list.
        (
            "3.1.0",
            json!({"inventory": {"guestOsType": "x", "vmNics": [{"ip": "a"}, {"ipVersion": 4}], "vmCdRoms": []}}),
            json!({"inventory": {"vmNics": [{"ip": "a"}, {"ipVersion": 4}]}}),
            vec![
                later("inventory.guestOsType", PartKind::Field, "4.1.2"),
                later("inventory.vmCdRoms", PartKind::Field, "3.3.0"),
            ],
        ),
        (
            "2.3.1",
            json!({"inventory": {"vmNics": [{"ip": "a"}, {"ipVersion": 4}]}}),
            json!({"inventory": {"vmNics": [{"ip": "a"}, {}]}}),
            vec![later("inventory.vmNics[1].ipVersion", PartKind::Field, "3.1.0")],
        ),
        // An enum value: in a field, in a list, in a list in a map.
        (
            "3.5.0",
            json!({"inventory": {
                "state": "Paused", "states": ["Paused", "Running"], "stateOf": {"a": ["Paused"], "b": ["Running"]},
            }}),
            json!({"inventory": {"states": ["Running"], "stateOf": {"a": [], "b": ["Running"]}}}),
            vec![
                later("inventory.state", paused(), "3.9.0"),
                later("inventory.stateOf[a][0]", paused(), "3.9.0"),
                later("inventory.states[0]", paused(), "3.9.0"),
            ],
        ),
        // Unknown values are kept where values are open, and only there.
        (
            "3.5.0",
            json!({"inventory": {"state": "Dreaming", "dreams": 1}}),
            json!({"inventory": {"state": "Dreaming"}}),
            vec![later("inventory.dreams", PartKind::Field, "no release")],
        ),
        ("0", json!({"inventory": {}}), json!({}), vec![later("inventory", PartKind::Field, "0.6")]),
    ] {
        let had = PastApi::new(&model, &version(at)).response("AttachIsoToVmInstance", &object(answer));
        assert_eq!(had, PastObject { fields: object(fields), later }, "at {at}");
    }
}

#[test]
fn reports_later_names_in_parameters() {
    let model = model();
    let at = |release: &str| PastApi::new(&model, &version(release));
    let query = object(json!({
        "q": ["vmNics.ipVersion=4", "name~=a", "vmNics.usedIps.ipInBinary?=1", "tag=x"],
        "sort": "-guestOsType",
        "fields": "uuid,vmCdRoms",
    }));
    let named = |path: &str, name: &str, since| later(path, PartKind::Named(name.to_owned()), since);
    let all = [
        named("q", "vmNics.ipVersion", "3.1.0"),
        named("fields", "vmCdRoms", "3.3.0"),
        named("sort", "guestOsType", "4.1.2"),
        named("q", "vmNics.usedIps.ipInBinary", "5.2.0"),
    ];
    for (release, count) in [("2.3", 4), ("3.1.0", 3), ("3.3.0", 2), ("4.1.2", 1), ("5.2.0", 0)] {
        let had = at(release).parameters("QueryVmInstance", &query);
        assert_eq!(had.fields, query, "names are values");
        assert_eq!(had.later.len(), count, "{release}: {:?}", had.later);
        assert!(
            all.iter().rev().take(count).all(|part| had.later.contains(part)),
            "{release}: {:?}",
            had.later
        );
    }
    let tagged = object(json!({"isoUuid": "i", "systemTags": ["a::b", "cdromUuid::c", "cdromUuid::"]}));
    let had = at("3.1.0").parameters("AttachIsoToVmInstance", &tagged);
    assert_eq!(had.fields, object(json!({"isoUuid": "i", "systemTags": ["a::b", "cdromUuid::"]})));
    assert_eq!(had.later, [later("systemTags", PartKind::Tag("cdromUuid::{cdromUuid}".to_owned()), "3.3.0")]);
    assert_eq!(at("3.3.0").parameters("AttachIsoToVmInstance", &tagged).fields, tagged);
}

#[test]
fn status_depends_on_other_operations_of_the_path() {
    let model = model();
    let status = |release: &str, operation, path: &str| {
        let path = format!("{}{path}", model.service.base_path);
        PastApi::new(&model, &version(release)).status_without(operation, &path)
    };
    assert_eq!(status("3.1.0", "CreateVmCdRom", "/vm-instances/cdroms"), 404);
    assert_eq!(status("3.1.0", "QueryVmCdRom", "/vm-instances/cdroms/c"), 404);
    // As if other operations on their paths were older.
    let mut model = model.clone();
    let mut operation = |name: &str, since: &str| {
        let it = model.operations.iter_mut().find(|operation| operation.name == name).unwrap();
        it.since = version(since);
        it.parameters.iter_mut().for_each(|parameter| parameter.field.since = version(since));
    };
    operation("QueryVmCdRom", "3.1.0");
    operation("PauseVmInstance", "3.3.0");
    let past = PastApi::new(&model, &version("3.1.0"));
    assert_eq!(past.status_without("CreateVmCdRom", "/zstack/v1/vm-instances/cdroms"), 405);
    assert_eq!(past.status_without("DeleteVmCdRom", "/zstack/v1/vm-instances/cdroms/c"), 405);
    assert_eq!(past.status_without("PauseVmInstance", "/zstack/v1/vm-instances/v/actions"), 400);
}
