//! Slices of the committed spec and of a test spec.

use camino::Utf8Path;
use zstack_model::load::load;
use zstack_model::{AttributeValue, HistoryEntry, Model, Operation, Place, Type, TypeShape, Version};

use crate::sample;

/// Loads the spec of a folder, relative to the manifest of this crate.
fn spec(path: &str) -> Model {
    let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    load(&dir).unwrap_or_else(|problems| panic!("{problems}"))
}

fn platform() -> Model {
    spec("../spec")
}

fn past() -> Model {
    spec("tests/slice/spec")
}

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn operation<'a>(model: &'a Model, name: &str) -> &'a Operation {
    model.operations.iter().find(|operation| operation.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// Returns whether a model has an element: `Operation`, `Operation(parameter)`, `Type`, `Type.field`,
/// `Type::value`, `category/`.
fn has(model: &Model, element: &str) -> bool {
    let operation = |name: &str| model.operations.iter().find(|operation| operation.name == name);
    if let Some(category) = element.strip_suffix('/') {
        model.categories.iter().any(|declared| declared.name == category)
    } else if let Some((name, parameter)) = element.trim_end_matches(')').split_once('(') {
        operation(name).is_some_and(|operation| {
            operation.parameters.iter().any(|declared| declared.field.name == parameter)
        })
    } else if let Some((ty, value)) = element.split_once("::") {
        model.data_type(ty).is_some_and(|ty| match &ty.shape {
            TypeShape::Enum { values } => values.iter().any(|declared| declared.name == value),
            TypeShape::Record { .. } => false,
        })
    } else if let Some((ty, field)) = element.split_once('.') {
        model.data_type(ty).is_some_and(|ty| ty.own_fields().iter().any(|declared| declared.name == field))
    } else {
        operation(element).is_some() || model.data_type(element).is_some()
    }
}

#[test]
fn elements_are_in_slices_from_their_release() {
    let platform = platform();
    for (element, without, with) in [
        ("CreateVmCdRom", "3.1.0", "3.3.0"),
        ("CreateVmCdRom", "3.2.9.65535", "3.3"),
        ("CreateVmCdRom(tagUuids)", "3.3.0", "3.4.0"),
        ("QueryVmCdRom", "3.1.0", "3.3.0"),
        ("VmCdRomInventory", "3.1.0", "3.3.0"),
        ("VmInstanceInventory.vmCdRoms", "3.1.0", "3.3.0"),
        ("VmNicInventory.ipVersion", "3.0.0", "3.1.0"),
        ("VmNicInventory.usedIps", "3.0.0", "3.1.0"),
        ("UsedIpInventory.vmNicUuid", "3.0.0", "3.1.0"),
        ("UsedIpInventory.ipInBinary", "5.1", "5.2.0"),
        ("DetachIsoFromVmInstance(isoUuid)", "2.3.0", "2.3.1"),
        ("DetachIsoFromVmInstance", "0.5", "0.6"),
        ("LogOut(clientInfo)", "3.4.0", "3.5.0"),
        ("CpuArchitecture", "3.9.9", "4.0"),
        ("CpuArchitecture::loongarch64", "3.10", "4.0"),
        ("VmInstanceInventory.architecture", "3.9.9", "4.0"),
        ("VmInstanceInventory.guestOsType", "4.1.1", "4.1.2"),
        ("zone/", "0.5", "0.6"),
    ] {
        assert!(!has(&platform.at(&version(without)), element), "{element} at {without}");
        assert!(has(&platform.at(&version(with)), element), "{element} at {with}");
    }
}

#[test]
fn categories_are_in_slices_from_their_first_operation() {
    let platform = platform();
    for version in sample::releases(&platform, 15) {
        let slice = platform.at(&version);
        for category in &platform.categories {
            let first =
                platform.operations_of(&category.name).map(|operation| &operation.since).min().unwrap();
            assert_eq!(has(&slice, &format!("{}/", category.name)), version >= *first, "at {version}");
        }
    }
    assert!(has(&past(), "zone/") && !has(&past().at(&version("3.0")), "zone/"));
}

#[test]
fn removes_examples_and_tags_that_use_later_elements() {
    let slice = platform().at(&version("3.1.0"));
    let attach = operation(&slice, "AttachIsoToVmInstance");
    assert!(attach.tags.is_empty(), "the tag cdromUuid is of 3.3.0");
    let names: Vec<_> = attach.examples.iter().map(|example| example.name.as_str()).collect();
    assert!(names.iter().all(|name| !name.contains("chosen CD-ROM drive")), "{names:?}");
    assert!(names.iter().any(|name| name.contains("already attached")), "{names:?}");

    // The example asks for `vmCdRoms.isoUuid`.
    let query = operation(&slice, "QueryVmInstance");
    let names: Vec<_> = query.examples.iter().map(|example| example.name.as_str()).collect();
    assert_eq!(names, ["Find VM instances by name"]);

    let detach = platform().at(&version("2.3.0"));
    let names: Vec<_> = operation(&detach, "DetachIsoFromVmInstance")
        .examples
        .iter()
        .map(|example| example.name.as_str())
        .collect();
    assert_eq!(names, ["Detach an ISO image without naming it when two are attached"]);
}

/// Returns the names of the examples of an operation at a release.
fn examples(model: &Model, name: &str, at: &str) -> Vec<String> {
    operation(&model.at(&version(at)), name).examples.iter().map(|example| example.name.clone()).collect()
}

#[test]
fn examples_are_in_slices_from_the_release_that_made_them_possible() {
    let past = past();
    for (operation, example, from) in [
        ("CreateVm", "Plain", "1.0"),
        ("CreateVm", "Asks for a later value", "3.0"),
        ("CreateVm", "Asks with a later parameter", "2.0"),
        ("CreateVm", "Asks with a later field", "3.0"),
        ("CreateVm", "Asks with a later tag", "3.0"),
        ("CreateVm", "Answers a later value", "3.0"),
        ("CreateVm", "Answers a value in a later field", "1.0"),
        ("GetNic", "By VM", "1.0"),
        ("GetNic", "By NIC", "3.0"),
        ("QueryVm", "By a column", "1.0"),
        ("QueryVm", "By a later column", "3.0"),
        ("QueryVm", "In a later order", "2.0"),
        ("QueryVm", "With a later field", "3.0"),
    ] {
        for at in ["1.0", "2.0", "3.0", "4.0"] {
            let is_there = examples(&past, operation, at).iter().any(|name| name == example);
            assert_eq!(is_there, version(at) >= version(from), "{operation}: {example} at {at}");
        }
    }
}

#[test]
fn removes_later_fields_from_example_responses() {
    let past = past();
    for (at, answer) in [
        ("1.0", r#"{"inventory":{"nics":[{"ip":"10.0.0.1"}],"uuid":"a"}}"#),
        ("2.0", r#"{"inventory":{"nics":[{"ip":"10.0.0.1"}],"state":"Running","uuid":"a"}}"#),
        (
            "3.0",
            r#"{"hint":"none","inventory":{"nics":[{"ip":"10.0.0.1","ipVersion":4}],"state":"Running","uuid":"a"}}"#,
        ),
    ] {
        let slice = past.at(&version(at));
        assert_eq!(operation(&slice, "CreateVm").examples[0].response.to_string(), answer, "at {at}");
    }
}

#[test]
fn defaults_are_in_slices_from_the_release_of_their_value() {
    let past = past();
    let default = |at| {
        let slice = past.at(&version(at));
        let then = operation(&slice, "CreateVm")
            .parameters
            .iter()
            .find(|parameter| parameter.field.name == "then")
            .unwrap();
        let field =
            slice.data_type("Nic").unwrap().own_fields().iter().find(|field| field.name == "state").unwrap();
        assert_eq!(then.field.default, field.default);
        then.field.default.clone()
    };
    assert_eq!(default("2.0"), None);
    assert_eq!(default("3.0"), Some("Paused".into()));
}

/// `/vms/{vm}/nics` was the only path, so `vm` was required, in the path.
#[test]
fn paths_are_in_slices_from_the_release_of_their_variables() {
    let past = past();
    let slice = past.at(&version("2.0"));
    let before = operation(&slice, "GetNic");
    assert_eq!((before.path.as_str(), before.paths.len()), ("/vms/{vm}/nics", 0));
    let vm = &before.parameters[0];
    assert_eq!((vm.field.name.as_str(), vm.field.required, vm.place), ("vm", true, Place::Path));

    let slice = past.at(&version("3.0"));
    assert_eq!(operation(&slice, "GetNic"), operation(&past, "GetNic"));
}

#[test]
fn references_are_in_slices_that_have_the_record_of_the_resource() {
    let mut past = past();
    let refers = |model: &Model, at| {
        let slice = model.at(&version(at));
        operation(&slice, "GetNic").parameters[0].field.refers.clone()
    };
    assert_eq!(refers(&past, "1.0"), None);
    assert_eq!(refers(&past, "2.0").as_deref(), Some("BigVm"));
    assert_eq!(past.at(&version("2.0")).record_of("BigVm").unwrap().name, "BigVm");

    // A former type that cannot contain UUIDs.
    let get = past.operations.iter_mut().find(|operation| operation.name == "GetNic").unwrap();
    let was = AttributeValue::Type(Type::Long);
    get.parameters[0].field.history.push(HistoryEntry { release: version("3.0"), was });
    assert_eq!(refers(&past, "2.0"), None);
    assert_eq!(refers(&past, "3.0").as_deref(), Some("BigVm"));

    let record = past.types.iter_mut().find(|ty| ty.name == "BigVm").unwrap();
    record.retirement.removed = Some(version("4.0"));
    assert_eq!(refers(&past, "3.0").as_deref(), Some("BigVm"));
    assert_eq!(refers(&past, "4.0"), None);
}

#[test]
fn extensions_keep_inherited_fields() {
    let past = past();
    let fields = |at| {
        let slice = past.at(&version(at));
        let ty = slice.data_type("BigVm").cloned();
        ty.map(|ty| slice.fields(&ty).iter().map(|field| field.name.clone()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(fields("1.0"), None);
    assert_eq!(fields("2.0").as_deref(), Some("uuid state nics"));
    assert_eq!(fields("3.0").as_deref(), Some("uuid state nics labels host"));
}
