//! Tests of inventory files: their problems, and the records that they create.

use std::fmt::Write as _;
use std::time::Duration;

use proptest::prelude::*;
use zstack_node::clock::Clock as _;
use zstack_node::inventory::{self, Limits, LoadError, SAMPLE};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use crate::local::sample::{INSTALLER_1, OLD_1, WEB_1};
use crate::local::{NOON, StoppedClock};
use crate::records::{self, VmState, VolumeStatus};

/// A small inventory to which tests add.
const BASE: &str = "\
zones: [{name: here}]
clusters: [{name: kvm}]
hosts: [{name: kvm-1, managementIp: 10.0.0.1}]
primaryStorages: [{name: nfs, type: NFS, url: /ps}]
backupStorages: [{name: sftp, type: SftpBackupStorage, url: /bs}]
images:
  - {name: linux, size: 10GiB, backupStorages: [sftp]}
  - {name: cd, mediaType: ISO, size: 1GiB, backupStorages: [sftp]}
";

async fn load(text: &str, store: &SqliteStore) -> Result<usize, LoadError> {
    inventory::load("cloud.yaml", text, store, StoppedClock::new().as_ref()).await
}

/// Checks the problems of an inventory.
fn assert_problems(text: &str, expected: &str) {
    let found =
        inventory::check("cloud.yaml", text).map_or_else(|error| error.to_string(), |()| "valid".to_owned());
    assert_eq!(found, expected.trim(), "\n--- for\n{text}");
}

#[tokio::test]
async fn the_sample_is_loaded_completely() {
    let store = SqliteStore::temporary().unwrap();
    load(SAMPLE, &store).await.unwrap();
    let web = records::vm(&store, WEB_1).await.unwrap();
    assert_eq!(web.instance.state, VmState::Running);
    assert_eq!((web.nics.len(), web.ips.len(), web.volumes.len(), web.cd_roms.len()), (1, 2, 1, 1));
    let installer = records::vm(&store, INSTALLER_1).await.unwrap();
    assert_eq!(installer.root_volume().unwrap().root_image_uuid, installer.instance.image_uuid);
    assert_eq!(installer.cd_roms[0].iso_uuid, installer.instance.image_uuid);
    let old = records::vm(&store, OLD_1).await.unwrap();
    assert_eq!(old.root_volume().unwrap().status, VolumeStatus::Deleted);
    assert!(!store.is_empty().await.unwrap());
}

#[tokio::test]
async fn defaults_are_deterministic() {
    let text =
        format!("{BASE}vms: [{{name: a, image: linux}}, {{name: b, image: cd, root: {{size: 5GiB}}}}]\n");
    let mut loaded = Vec::new();
    for _ in 0..2 {
        let store = SqliteStore::temporary().unwrap();
        load(&text, &store).await.unwrap();
        let a = records::vm(&store, &zstack_node::uuids::from_name("vm/a")).await.unwrap();
        let b = records::vm(&store, &zstack_node::uuids::from_name("vm/b")).await.unwrap();
        // An empty drive, and a drive with the ISO of the VM.
        assert!(a.cd_roms.len() == 1 && a.cd_roms[0].is_empty());
        assert_eq!(b.cd_roms[0].iso_uuid, b.instance.image_uuid);
        assert_eq!(a.root_volume().unwrap().size, 10 << 30);
        assert_eq!((a.instance.internal_id, b.instance.internal_id), (1, 2));
        assert_eq!(a.instance.create_date, NOON);
        loaded.push((a, b));
    }
    assert_eq!(loaded[0], loaded[1]);
}

#[tokio::test]
async fn loading_twice_is_refused_and_changes_nothing() {
    let store = SqliteStore::temporary().unwrap();
    load(BASE, &store).await.unwrap();
    // The new account comes first in the file, and must be rolled back.
    let again = format!("accounts: [{{name: bob, password: x}}]\n{BASE}");
    let error = load(&again, &store).await.unwrap_err().to_string();
    let uuid = zstack_node::uuids::from_name("zone/here");
    let expected = format!(
        "cloud.yaml:2:16: the database already has the zone `here` [uuid:{uuid}], or a record that conflicts with it; \
         nothing was loaded"
    );
    assert_eq!(error, expected);
    assert_eq!(store.account("bob", StoppedClock::new().now()).await.unwrap(), None);
}

#[tokio::test]
async fn the_password_of_the_administrator_can_be_set() {
    let store = SqliteStore::temporary().unwrap();
    load(&format!("accounts: [{{name: admin, password: s3cret}}]\n{BASE}"), &store).await.unwrap();
    let admin = store.account("admin", NOON).await.unwrap().unwrap();
    assert_eq!(admin.account.password, inventory::password_hash("s3cret"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Any file is loaded, or its problems are reported.
    #[test]
    fn random_files_never_cause_a_panic(from in 0..SAMPLE.len(), length in 0..40_usize, replacement in "[ -~\\n]{0,12}") {
        let mut text = SAMPLE.to_owned();
        let floor = |mut at: usize| {
            while !SAMPLE.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        text.replace_range(floor(from)..floor((from + length).min(SAMPLE.len())), &replacement);
        let _ = inventory::check("cloud.yaml", &text);
    }
}

#[test]
fn invalid_yaml_is_refused() {
    assert_problems("", "cloud.yaml:1:1: the file is empty; `zstack-node sample` prints an example");
    assert_problems(
        "zones: [",
        "cloud.yaml:2:1: invalid YAML: while parsing a node, did not find expected node content",
    );
    assert_problems("zones: []\nzones: []", "cloud.yaml:2:1: duplicate key `zones`; it is already in line 1");
    assert_problems("a: &x 1\nb: *x", "cloud.yaml:2:4: aliases are not allowed here; write the value out");
    assert_problems(
        "zones: []\n---\nzones: []",
        "cloud.yaml:2:1: the file has a second document; use one file for each document",
    );
    assert_problems("just words", "cloud.yaml:1:1: an inventory must be a mapping of `key: value` lines");
    assert_problems(&"[".repeat(100), "cloud.yaml:1:34: the nesting is too deep");
}

#[test]
fn duplicate_keys_are_reported_with_other_problems() {
    assert_problems(
        "zones: [{name: a, name: b}]\nzonez: []",
        "cloud.yaml:1:19: duplicate key `name`; it is already in line 1\n\
         cloud.yaml:2:1: unknown key `zonez` in an inventory; did you mean `zones`?",
    );
}

#[test]
fn all_problems_are_reported_at_once() {
    assert_problems(
        "\
zones:
  - name: here
    uuid: not-a-uuid
  - name: here
clusters:
  - name: kvm
    zone: hear
    hypervizor: KVM
hosts:
  - {name: kvm-1}
images:
  - {name: cd, mediaType: CD, size: 700MB}
  - {name: linux}
",
        "\
cloud.yaml:3:11: `uuid`: `not-a-uuid` is not a UUID; write 32 lower-case hexadecimal digits, of which the 13th is 1 to 5 and the 17th is 8, 9, a or b, or leave the field out to derive the UUID from the name
cloud.yaml:4:11: the zone in line 2 is already named `here`; choose another name
cloud.yaml:7:11: unknown zone `hear`; did you mean `here`?
cloud.yaml:8:5: unknown key `hypervizor` in a cluster; did you mean `hypervisor`?
cloud.yaml:10:5: `managementIp` is missing; a host requires it
cloud.yaml:12:27: `mediaType`: `CD` is not allowed; allowed: RootVolumeTemplate, DataVolumeTemplate, ISO
cloud.yaml:12:37: `size`: `700MB` is not a size; write `700MiB`
cloud.yaml:13:5: `size` is missing; an image requires it, such as `size: 700MiB`
",
    );
}

#[test]
fn impossible_vms_are_refused() {
    let vms = "\
vms:
  - {name: a, image: linux, state: Running}
  - {name: b, image: linux, state: Stopped, host: kvm-1}
  - {name: c, image: linux, cdRoms: [empty, empty, empty, empty]}
  - {name: d, image: linux, cdRoms: [cd, cd]}
  - {name: e, image: linux, cdRoms: [linux, {deviceId: 0}]}
  - {name: f, image: cd}
  - {name: g, image: nothing}
  - {name: h, state: Resting, image: linux, colour: red}
  - {name: i, image: linux, state: Destroyed, volumes: [{size: 1GiB}]}
  - {name: j}
  - {name: k, image: linux, nics: [{network: net}]}
  - {name: l, image: linux, cpus: 0, memory: much, host: other}
";
    assert_problems(
        &format!("{BASE}{vms}"),
        "\
cloud.yaml:10:12: `host` is missing; a Running VM requires it
cloud.yaml:11:51: a Stopped VM has no `host`; write `lastHost` instead
cloud.yaml:12:59: a VM must have at most 3 drives, with deviceId 0 to 2
cloud.yaml:13:42: another drive of the VM already has this ISO; an ISO can be in one drive only
cloud.yaml:14:38: the image `linux` is a RootVolumeTemplate; a drive requires an ISO or `empty`
cloud.yaml:14:45: another drive of the VM already has the deviceId 0
cloud.yaml:15:5: `root: {size: …}` is missing; a VM without a template image requires it
cloud.yaml:16:22: unknown image `nothing`; this file declares linux, cd
cloud.yaml:17:22: `state`: `Resting` is not allowed; allowed: Created, Starting, Running, Stopping, Stopped, Rebooting, Destroying, Destroyed, Migrating, Expunging, Pausing, Paused, Resuming, VolumeMigrating, VolumeRecovering, NoState, Unknown, Crashed, Error
cloud.yaml:17:45: unknown key `colour` in a VM instance; known keys: name, cpus, host, nics, root, type, uuid, zone, image, state, cdRoms, memory and 26 more
cloud.yaml:18:47: a Destroyed VM has no data volumes; remove `volumes`
cloud.yaml:19:5: `platform` is missing; a VM without an image requires it
cloud.yaml:19:5: `root: {size: …}` is missing; a VM without a template image requires it
cloud.yaml:20:46: unknown L3 network `net`; this file declares no L3 network
cloud.yaml:21:35: `cpus` must be an integer between 1 and 1024
cloud.yaml:21:46: `memory`: `much` is not a size such as 8GiB or 512MiB
cloud.yaml:21:58: unknown host `other`; this file declares kvm-1
cloud.yaml:21:58: a Stopped VM has no `host`; write `lastHost` instead
",
    );
}

#[test]
fn networks_and_addresses() {
    let more = "\
networks:
  - {name: net, ranges: [{cidr: 10.0.0.0/24, gateway: 10.1.0.1}, {cidr: nonsense}]}
  - {name: good, ranges: [{cidr: 10.0.1.0/24}]}
vms:
  - {name: a, image: linux, nics: [{network: good, ips: [10.0.2.1, unknown], mac: 'fa:0'}]}
  - {name: b, image: linux, nics: [{ips: [10.0.1.1]}]}
  - {name: c, image: linux, state: Destroyed, nics: [{network: good, ips: [10.0.1.2]}]}
  - {name: d, image: linux, nics: [{network: good, ips: [10.0.1.3, 10.0.1.3]}]}
";
    assert_problems(
        &format!("{BASE}{more}"),
        "\
cloud.yaml:10:33: the gateway `10.1.0.1` is not an address in `10.0.0.0/24`
cloud.yaml:10:73: `nonsense` is not a CIDR such as 192.168.1.0/24
cloud.yaml:13:58: 10.0.2.1 is not in any range of the network
cloud.yaml:13:68: `unknown` is not an IP address such as 192.168.1.10
cloud.yaml:13:83: `fa:0` is not a MAC address such as fa:00:00:00:01:00
cloud.yaml:14:36: `l3Network` is missing; choose one of: net, good
cloud.yaml:15:70: a Destroyed VM has no addresses; remove `ips`
cloud.yaml:16:68: the address 10.0.1.3 is already used in line 16
",
    );
}

/// Returns the error of a text that exceeds limits.
async fn limit_error(limits: Limits, text: &str) -> String {
    let store = SqliteStore::temporary().unwrap();
    let clock = StoppedClock::new();
    let error = inventory::load_within(limits, "cloud.yaml", text, &store, clock.as_ref()).await.unwrap_err();
    assert!(store.is_empty().await.unwrap());
    error.to_string()
}

#[tokio::test]
async fn oversized_files_are_refused() {
    let advice = "so nothing was loaded; load it in parts or with `zstack-node load`";
    let ten = Limits { records: 10, ..Limits::NONE };
    assert_eq!(
        limit_error(ten, SAMPLE).await,
        format!("cloud.yaml:1:1: the inventory creates more than 10 records, {advice}")
    );
    // Storages that are attached to every cluster: a million records from few lines.
    let mut product = "zones: [{name: here}]\nclusters:\n".to_owned();
    for number in 0..1000 {
        writeln!(product, "  - {{name: c-{number}}}").unwrap();
    }
    product.push_str("primaryStorages:\n");
    for number in 0..1000 {
        writeln!(product, "  - {{name: s-{number}, type: NFS, url: /{number}}}").unwrap();
    }
    let remote = Limits { time: Duration::MAX, ..Limits::REMOTE };
    assert!(limit_error(remote, &product).await.contains("more than 200000 records"));
    let never = Limits { time: Duration::ZERO, ..Limits::NONE };
    for text in [SAMPLE, &format!("x: [{}]", "a, ".repeat(100_000))] {
        let expected = format!("cloud.yaml:1:1: reading the inventory takes longer than 0 s, {advice}");
        assert_eq!(limit_error(never, text).await, expected);
    }
    // The parser limits the depth.
    for deep in ["[", "{a: ", "- ", "? "] {
        let error = limit_error(Limits::NONE, &deep.repeat(1_000_000)).await;
        assert!(error.lines().count() == 1 && error.len() < 200, "{error}");
    }
}

/// Inventories that once took quadratic time. The limit is far above linear time,
/// and far below quadratic time.
#[tokio::test]
async fn large_inventories_are_accepted() {
    const COUNT: usize = 32_000;
    let within = Limits { time: Duration::from_secs(60), ..Limits::NONE };
    let list = |key: &str, item: &dyn Fn(usize) -> String| {
        (0..COUNT).fold(format!("{key}:\n"), |mut text, number| {
            writeln!(text, "  - {}", item(number)).unwrap();
            text
        })
    };
    let keys = (0..COUNT).fold(String::new(), |mut text, number| {
        writeln!(text, "key-{number}: x").unwrap();
        text
    });
    let texts = [
        keys,
        list("hosts", &|n| {
            format!("{{name: h-{n}, managementIp: 10.{}.{}.{}}}", n >> 16, n >> 8 & 255, n & 255)
        }),
        format!(
            "{}{}",
            list("zones", &|n| format!("{{name: z-{n}}}")),
            list("clusters", &|n| format!("{{name: c-{n}, zone: y-{n}}}"))
        ),
        list("vms", &|n| format!("{{name: v-{n}, cluster: c, cdRoms: [empty, empty, empty, empty]}}")),
        format!("vms: [{{name: v, cdRoms: [{}empty]}}]", "empty, ".repeat(COUNT)),
    ];
    for text in texts {
        let error = limit_error(within, &text).await;
        assert!(!error.contains("takes longer"), "{error}");
        assert!(error.lines().count() <= 101 && error.len() < 300_000, "{}", error.len());
    }
}

#[test]
fn many_problems_are_counted_and_many_names_shortened() {
    let images = (0..50).fold(String::new(), |mut text, number| {
        writeln!(text, "  - {{name: image-{number}, size: 1GiB}}").unwrap();
        text
    });
    let vms = (0..250).fold(String::new(), |mut text, number| {
        writeln!(text, "  - {{name: vm-{number}, image: nothing}}").unwrap();
        text
    });
    let text = format!("{BASE}{images}vms:\n{vms}");
    let LoadError::Problems { problems, .. } = inventory::check("cloud.yaml", &text).unwrap_err() else {
        panic!()
    };
    assert_eq!(problems.len(), 101);
    assert_eq!(problems[100].text, "150 further problems are not listed; correct these first");
    let expected = "unknown image `nothing`; this file declares linux, cd, image-0, image-1, image-2, image-3, image-4, \
                    image-5, image-6, image-7, image-8, image-9 and 40 more";
    assert_eq!(problems[0].text, expected);
    let long = format!("{BASE}vms: [{{name: a, image: {}}}]", "x".repeat(100_000));
    let LoadError::Problems { problems, .. } = inventory::check("cloud.yaml", &long).unwrap_err() else {
        panic!()
    };
    assert!(problems[0].text.len() < 300, "{}", problems[0].text.len());
}

#[test]
fn the_number_of_ranges_is_limited() {
    let ranges: Vec<_> = (0..65).map(|number| format!("{{cidr: 10.0.{number}.0/24}}")).collect();
    assert_problems(
        &format!("{BASE}networks: [{{name: net, ranges: [{}]}}]", ranges.join(", ")),
        "cloud.yaml:9:1431: a network must have at most 64 ranges",
    );
}
