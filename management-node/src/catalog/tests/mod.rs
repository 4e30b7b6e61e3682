//! Tests of the catalog.

mod small_spec;

use std::fmt::Write as _;

use serde_json::json;

use super::*;

fn load(files: &[(&str, &str)]) -> Result<Catalog, CatalogProblems> {
    Catalog::load(&small_spec::model(), files)
}

fn load_valid(files: &[(&str, &str)]) -> Catalog {
    load(files).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Describes an action, for comparisons.
fn describe(catalog: &Catalog, operation: &str) -> String {
    let Some(Action { resource, effect, layer, .. }) = catalog.action(operation) else {
        return "not performed".to_owned();
    };
    let effect = format!("{effect:?}");
    let effect = effect.split([' ', '{']).next().unwrap_or_default().to_owned();
    let key = catalog.action(operation).and_then(|action| action.effect.key());
    let key = key.map(|key| format!(" by {key}")).unwrap_or_default();
    format!("{layer:?} {effect} {resource}{key}")
}

#[test]
fn built_in_catalog_is_valid() {
    let catalog = built_in().unwrap_or_else(|error| panic!("{error}"));
    let zone = catalog.resource("Zone").unwrap();
    assert_eq!(zone.defaults["state"], "Enabled");
    assert_eq!(catalog.action("CreateZone").unwrap().layer, Layer::Derived);
    assert!(catalog.action("QueryZone").unwrap().is_normal);
    assert!(!catalog.action("CreateZone").unwrap().is_normal);
    for name in ["vmNics", "allVolumes", "vmCdRoms"] {
        assert!(catalog.resource("VmInstance").unwrap().relation(name).unwrap().is_embedded, "{name}");
    }
    // A subtype inherits the facts of its base.
    let kvm = catalog.resource("KVMHost").unwrap();
    assert_eq!(kvm.reference("clusterUuid").unwrap().on_delete, OnDelete::Delete);
    assert_eq!(kvm.fills[0].reference, "clusterUuid");
    assert_eq!(catalog.root("VpcRouterVm").unwrap().name, "VmInstance");
    let holders: Vec<_> = catalog.references_to("KVMHost").map(|(holder, _)| &*holder.name).collect();
    for (holder, is_found) in
        [("VmInstance", true), ("ApplianceVm", true), ("SystemTag", true), ("Zone", false)]
    {
        assert_eq!(holders.contains(&holder), is_found, "{holder}");
    }
    // The clusters of a zone follow its state, and their hosts follow them.
    for (leader, follower, reference) in [("Zone", "Cluster", "zoneUuid"), ("Cluster", "Host", "clusterUuid")]
    {
        let related = catalog.related_states(leader);
        let [followers] = related else { panic!("{related:?}") };
        assert_eq!((&*followers.resource, &*followers.reference), (follower, reference));
    }
    let reconnect = &catalog.action("ReconnectPrimaryStorage").unwrap().effect;
    assert!(
        matches!(reconnect, Effect::Update { key, set, .. } if key == "uuid" && set["status"] == "Connected")
    );
}

#[test]
fn conventions_derive_effects_from_names_and_shapes() {
    let catalog = load_valid(&[]);
    for (operation, expected) in [
        ("CreateZone", "Derived Create Zone"),
        ("QueryZone", "Derived Query Zone"),
        ("GetZone", "Derived Get Zone by uuid"),
        ("UpdateZone", "Derived Update Zone by uuid"),
        ("DeleteZone", "Derived Delete Zone by uuid"),
        ("ChangeZoneState", "Derived ChangeState Zone by uuid"),
        ("DeleteCluster", "Derived Delete Cluster by clusterUuid"),
        ("AddKVMHost", "Derived Create KVMHost"),
        ("AddSimulatorHost", "Derived Create Host"),
        ("QueryHost", "Derived Query Host"),
        ("QueryKVMHost", "Derived Query KVMHost"),
        ("UpdateKVMHost", "Derived Update KVMHost by uuid"),
        // These need more than a name.
        ("GetZoneCapacity", "not performed"),
        ("CreateHostFromImage", "not performed"),
        ("AddImageToHost", "not performed"),
        ("AttachHostToImage", "not performed"),
        ("RebootHosts", "not performed"),
    ] {
        assert_eq!(describe(&catalog, operation), expected, "{operation}");
    }
    let missing_is_success = |operation| match catalog.action(operation).unwrap().effect {
        Effect::Delete { missing_is_success, .. } => missing_is_success,
        _ => panic!(),
    };
    assert!(missing_is_success("DeleteZone") && !missing_is_success("DeleteCluster"));
    let kvm = catalog.resource("KVMHost").unwrap();
    assert_eq!((kvm.label.as_str(), kvm.base.as_deref()), ("KVM host", Some("Host")));
    assert_eq!(catalog.resource("Host").unwrap().subtypes, ["KVMHost"]);
    let host = |field| catalog.resource("Host").unwrap().reference(field).unwrap();
    assert_eq!(host("clusterUuid").on_delete, OnDelete::Forbid);
    assert!(host("imageUuids").is_list);
    assert_eq!(host("imageUuids").on_delete, OnDelete::Clear);
    let cluster = catalog.resource("Cluster").unwrap();
    assert_eq!(cluster.reference("lastHostUuid").unwrap().on_delete, OnDelete::Keep);
    assert_eq!(cluster.relation("zone").unwrap().field, "zoneUuid");
    let hosts = cluster.relation("hosts").unwrap();
    assert_eq!((hosts.foreign_field.as_str(), hosts.is_embedded), ("clusterUuid", true));
    let assignments = |operation| &catalog.action(operation).unwrap().assignments;
    let (parameter, field) = ("name".to_owned(), "name".to_owned());
    assert_eq!(*assignments("UpdateZone"), [Assignment { parameter, field, conversion: Conversion::Same }]);
    assert!(assignments("AddKVMHost").is_empty());
}

#[test]
fn files_declare_the_rest() {
    let host = "\
resource: Host
label: machine
owned: true
references: {clusterUuid: delete}
defaults: {state: Enabled}
unique: [[managementIp]]
timing: {AddKVMHost: {seconds: 60, through: {state: Connecting}, when: {state: [Enabled, Disabled]}}}
operations:
  AddImageToHost: {add: imageUuids, parameter: imageUuid}
  AttachHostToImage: {remove: imageUuids, parameter: imageUuid, key: other}
  AddSimulatorHost: {create: {set: {state: Disabled}}}
  RebootHosts: written
  QueryKVMHost: none
  UpdateKVMHost: {tag: 'title::{username}', when: {state: Enabled}}
  GetZoneCapacity: {answer: {}}
";
    let kvm =
        "resource: KVMHost\ndefaults: {username: root}\nfill: {username: clusterUuid.name}\nnormal: []\n";
    let cluster = "resource: Cluster\nrelations: {machine: {resource: Host, foreignField: clusterUuid}}\n";
    let catalog = load_valid(&[("Host.yaml", host), ("KVMHost.yaml", kvm), ("Cluster.yaml", cluster)]);
    for (operation, expected) in [
        ("AddImageToHost", "Declared Add Host by hostUuid"),
        ("AttachHostToImage", "Declared Remove Host by other"),
        ("AddSimulatorHost", "Declared Create Host"),
        ("RebootHosts", "Written Written Host"),
        ("QueryKVMHost", "not performed"),
        ("AddKVMHost", "Derived Create KVMHost"),
        ("UpdateKVMHost", "Declared Tag Host by uuid"),
        ("GetZoneCapacity", "Declared Answer Host"),
    ] {
        assert_eq!(describe(&catalog, operation), expected, "{operation}");
    }
    let action = |operation| catalog.action(operation).unwrap();
    assert_eq!(action("UpdateKVMHost").when, [("state".to_owned(), vec!["Enabled".to_owned()])]);
    assert!(
        matches!(&action("UpdateKVMHost").effect, Effect::Tag { name, value: Some(value), .. } if name == "title" && value == "{username}")
    );
    let timing = catalog.timing("AddKVMHost").unwrap();
    assert_eq!(
        (&*timing.resource, timing.seconds, &timing.when[0].1[1]),
        ("Host", 60, &"Disabled".to_owned())
    );
    assert_eq!(json!(timing.through), json!({"state": "Connecting"}));
    assert!(catalog.timing("RebootHosts").is_none());
    assert!(catalog.action("QueryHost").unwrap().is_normal);
    assert!(!catalog.action("AddKVMHost").unwrap().is_normal);
    // Subtypes inherit the facts of the base.
    let kvm = catalog.resource("KVMHost").unwrap();
    assert!(kvm.is_owned);
    assert_eq!(json!(kvm.defaults), json!({"state": "Enabled", "username": "root"}));
    assert_eq!(kvm.reference("clusterUuid").unwrap().on_delete, OnDelete::Delete);
    assert_eq!(kvm.unique, [["managementIp"]]);
    assert_eq!(kvm.fills[0].source, "name");
    let machine = catalog.resource("Cluster").unwrap().relation("machine").unwrap();
    assert_eq!((machine.field.as_str(), machine.is_embedded), ("uuid", false));
}

#[test]
fn parameters_are_converted() {
    let host = "resource: Host\noperations: {AddSimulatorHost: {create: {copy: {names: imageUuids.name}}}}\n";
    let catalog = load_valid(&[("Host.yaml", host)]);
    let states = [("enable", "Enabled"), ("disable", "Disabled")];
    let states = states.map(|(event, state)| (event.to_owned(), state.to_owned()));
    let expected = [
        ("stateEvent", "state", Conversion::State(states.into())),
        ("names", "imageUuids", Conversion::Records("name".to_owned())),
    ];
    let expected = expected.map(|(parameter, field, conversion)| {
        let (parameter, field) = (parameter.to_owned(), field.to_owned());
        Assignment { parameter, field, conversion }
    });
    assert_eq!(catalog.action("AddSimulatorHost").unwrap().assignments, expected);
}

/// Each problem once: the file name and its text.
const PROBLEMS: &[(&str, &str)] = &[
    ("Zone.yaml", "resource: Zone\ndefaults: [\n"),
    ("Zone.yaml", "# nothing\n"),
    ("Zone.yaml", "label: zone\n"),
    ("Zone.yaml", "resource: Zone\ndefault: {state: Enabled}\n"),
    ("Zone.yaml", "resource: Zone\nowned: true\nowned: false\n"),
    ("Zone.yaml", "resource: Zone\nowned: perhaps\n"),
    ("Zone.yaml", "resource: Zone\ndefaults: Enabled\n"),
    ("Zone.yaml", "resource: Zon\n"),
    ("zones.yaml", "resource: Zone\n"),
    ("Zone.yaml", "resource: Zone\ndefaults: {stat: Enabled}\n"),
    ("Zone.yaml", "resource: Zone\ndefaults: {state: Paused}\n"),
    ("Zone.yaml", "resource: Zone\ndefaults: {isDefault: 1}\n"),
    ("Zone.yaml", "resource: Zone\nnormal: accounts\n"),
    ("Zone.yaml", "resource: Zone\nnormal: [QueryZones]\n"),
    ("Zone.yaml", "resource: Zone\nunique: [name]\n"),
    ("Zone.yaml", "resource: Zone\nrelations: {cluster: {resource: Cluster, foreignField: zone}}\n"),
    ("Zone.yaml", "resource: Zone\nrelations: {cluster: {foreignField: zoneUuid}}\n"),
    ("Cluster.yaml", "resource: Cluster\nreferences: {zoneUuid: remove}\n"),
    ("Cluster.yaml", "resource: Cluster\nreferences: {name: delete}\n"),
    ("Cluster.yaml", "resource: Cluster\nreferences: {size: delete}\n"),
    ("Cluster.yaml", "resource: Cluster\nfill: {name: zoneUuid}\n"),
    ("Cluster.yaml", "resource: Cluster\nfill: {name: uuid.name}\n"),
    ("Cluster.yaml", "resource: Cluster\nfill: {name: zoneUuid.title}\n"),
    ("Cluster.yaml", "resource: Cluster\nfill: {size: zoneUuid.name}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {CreateZones: written}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {CreateZone: derived}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {CreateZone: {}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {CreateZone: {create: {}, delete: {}}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {CreateZone: {create: {copy: {nam: name}}}}\n"),
    ("Cluster.yaml", "resource: Cluster\noperations: {CreateCluster: {create: {copy: {name: size}}}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {CreateZone: delete}\n"),
    ("Host.yaml", "resource: Host\noperations: {AddImageToHost: {add: state, parameter: imageUuid}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {UpdateZone: {tag: title}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {UpdateZone: {tag: 'title::{title}'}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {UpdateZone: {answer: {zone: 1}}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {UpdateZone: {getTag: title, field: title}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {UpdateZone: {answer: {}, when: {state: Off, title: x}}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {CreateZone: {create: {}, when: {state: Enabled}}}\n"),
    (
        "Zone.yaml",
        "resource: Zone\noperations:\n  ChangeZoneState: {state: {events: {enabled: Enabled, disable: Off}}}\n",
    ),
    (
        "Zone.yaml",
        "resource: Zone\noperations:\n  ChangeZoneState: {state: {related: {host: {enable: Enabled}}}}\n",
    ),
    (
        "Zone.yaml",
        "resource: Zone\nrelations: {cluster: {resource: Cluster, foreignField: zoneUuid}}\noperations:\n  \
         ChangeZoneState: {state: {related: {cluster: {enable: Enabled}}}}\n",
    ),
    ("Zone.yaml", "resource: Zone\noperations: {GetZoneCapacity: {answer: {sizes: 1}}}\n"),
    ("Zone.yaml", "resource: Zone\noperations: {GetZoneCapacity: {answer: {size: small}}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHosts: {seconds: 1}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHost: 60}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHost: {}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHost: {seconds: 0}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHost: {seconds: 3601}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHost: {seconds: 1, via: {state: Enabled}}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHost: {seconds: 1, through: {status: Connecting}}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHost: {seconds: 1, through: {state: 1}}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddKVMHost: {seconds: 1, when: {state: Enabled}}}\n"),
    ("Host.yaml", "resource: Host\ntiming: {AddSimulatorHost: {seconds: 1}}\n"),
    (
        "Zone.yaml",
        "resource: Zone\ntiming: {RebootHosts: {seconds: 1, through: {state: Creating}, when: {state: Ready}}}\n",
    ),
];

#[test]
fn reports_each_problem_with_its_position() {
    let model = small_spec::model();
    let mut report = String::new();
    let mut add = |files: &[(&str, &str)]| {
        let problems = Catalog::load(&model, files).expect_err(files[0].1);
        writeln!(report, "{problems}").unwrap();
    };
    for file in PROBLEMS {
        add(&[*file]);
    }
    let zone = "resource: Zone\n";
    add(&[("a/Zone.yaml", zone), ("b/Zone.yaml", zone)]);
    add(&[
        ("Host.yaml", "resource: Host\noperations:\n  RebootHosts: written\n"),
        ("Zone.yaml", "resource: Zone\noperations:\n  RebootHosts: written\n"),
    ]);
    add(&[
        ("Host.yaml", "resource: Host\ntiming:\n  RebootHosts: {seconds: 1}\n"),
        ("Zone.yaml", "resource: Zone\ntiming:\n  RebootHosts: {seconds: 2}\n"),
    ]);
    add(&[
        ("Cluster.yaml", "resource: Cluster\nreferences: {lastHostUuid: delete}\n"),
        ("Host.yaml", "resource: Host\nreferences: {clusterUuid: delete}\n"),
    ]);
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog/tests/problems.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(golden, &report).unwrap();
    }
    let expected = std::fs::read_to_string(golden).unwrap_or_default();
    assert!(report == expected.replace("\r\n", "\n"), "the report changed; BLESS=1 accepts it:\n{report}");
}
