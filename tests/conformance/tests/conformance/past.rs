//! What a release had, on a few values by hand: all other tests lean on it.

use serde_json::{Map, Value, json};
use zstack_conformance::{Had, Later, Part, Past};
use zstack_model::{Model, Type, TypeShape, Version};

use crate::spec::model;

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn object(json: Value) -> Map<String, Value> {
    serde_json::from_value(json).unwrap()
}

/// The spec, with what it does not have: a value of an enum that came later,
/// in lists and maps, too.
fn changed() -> Model {
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

fn later(path: &str, part: Part, since: &str) -> Later {
    Later { path: path.to_owned(), part, since: since.to_owned() }
}

#[test]
fn what_came_later_is_taken_out_and_told() {
    let model = changed();
    let paused = || Part::Value("Paused".to_owned());
    for (at, answer, fields, later) in [
        ("3.3.0", json!({"inventory": {"uuid": "u"}}), json!({"inventory": {"uuid": "u"}}), vec![]),
        // A field of a record in a record; of a list in it; a whole list.
        (
            "3.1.0",
            json!({"inventory": {"guestOsType": "x", "vmNics": [{"ip": "a"}, {"ipVersion": 4}], "vmCdRoms": []}}),
            json!({"inventory": {"vmNics": [{"ip": "a"}, {"ipVersion": 4}]}}),
            vec![
                later("inventory.guestOsType", Part::Field, "4.1.2"),
                later("inventory.vmCdRoms", Part::Field, "3.3.0"),
            ],
        ),
        (
            "2.3.1",
            json!({"inventory": {"vmNics": [{"ip": "a"}, {"ipVersion": 4}]}}),
            json!({"inventory": {"vmNics": [{"ip": "a"}, {}]}}),
            vec![later("inventory.vmNics[1].ipVersion", Part::Field, "3.1.0")],
        ),
        // A value of an enum: in a field, a list, a list in a map.
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
        // What nobody knows is kept, where values are open, and only there.
        (
            "3.5.0",
            json!({"inventory": {"state": "Dreaming", "dreams": 1}}),
            json!({"inventory": {"state": "Dreaming"}}),
            vec![later("inventory.dreams", Part::Field, "no release")],
        ),
        ("0", json!({"inventory": {}}), json!({}), vec![later("inventory", Part::Field, "0.6")]),
    ] {
        let had = Past::new(&model, &version(at)).response("AttachIsoToVmInstance", &object(answer));
        assert_eq!(had, Had { fields: object(fields), later }, "at {at}");
    }
}

#[test]
fn names_in_parameters_came_later_too() {
    let model = model();
    let at = |release: &str| Past::new(&model, &version(release));
    let query = object(json!({
        "q": ["vmNics.ipVersion=4", "name~=a", "vmNics.usedIps.ipInBinary?=1", "tag=x"],
        "sort": "-guestOsType",
        "fields": "uuid,vmCdRoms",
    }));
    let named = |path: &str, name: &str, since| later(path, Part::Named(name.to_owned()), since);
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
        assert!(all.iter().rev().take(count).all(|it| had.later.contains(it)), "{release}: {:?}", had.later);
    }
    let tagged = object(json!({"isoUuid": "i", "systemTags": ["a::b", "cdromUuid::c", "cdromUuid::"]}));
    let had = at("3.1.0").parameters("AttachIsoToVmInstance", &tagged);
    assert_eq!(had.fields, object(json!({"isoUuid": "i", "systemTags": ["a::b", "cdromUuid::"]})));
    assert_eq!(had.later, [later("systemTags", Part::Tag("cdromUuid::{cdromUuid}".to_owned()), "3.3.0")]);
    assert_eq!(at("3.3.0").parameters("AttachIsoToVmInstance", &tagged).fields, tagged);
}

#[test]
fn a_path_may_be_there_before_an_operation_on_it() {
    let model = model();
    let status = |release: &str, operation, path: &str| {
        let path = format!("{}{path}", model.service.base_path);
        Past::new(&model, &version(release)).status_without(operation, &path)
    };
    assert_eq!(status("3.1.0", "CreateVmCdRom", "/vm-instances/cdroms"), 404);
    assert_eq!(status("3.1.0", "QueryVmCdRom", "/vm-instances/cdroms/c"), 404);
    // As if others on their paths had been there before.
    let mut model = model.clone();
    let mut operation = |name: &str, since: &str| {
        let it = model.operations.iter_mut().find(|operation| operation.name == name).unwrap();
        it.since = version(since);
        it.parameters.iter_mut().for_each(|parameter| parameter.field.since = version(since));
    };
    operation("QueryVmCdRom", "3.1.0");
    operation("PauseVmInstance", "3.3.0");
    let past = Past::new(&model, &version("3.1.0"));
    assert_eq!(past.status_without("CreateVmCdRom", "/zstack/v1/vm-instances/cdroms"), 405);
    assert_eq!(past.status_without("DeleteVmCdRom", "/zstack/v1/vm-instances/cdroms/c"), 405);
    assert_eq!(past.status_without("PauseVmInstance", "/zstack/v1/vm-instances/v/actions"), 400);
}
