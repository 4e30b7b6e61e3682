//! Inventories: what is wrong with them, all at once, and what comes of them.

use std::fmt::Write as _;
use std::time::Duration;

use proptest::prelude::*;
use zstack_node::clock::Clock as _;
use zstack_node::inventory::{self, Limits, LoadError, SAMPLE};
use zstack_node::model::{VmState, VolumeStatus};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use crate::local::sample::{INSTALLER_1, OLD_1, WEB_1};
use crate::local::{NOON, StoppedClock};

/// A cloud that everything else is added to.
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

/// Nothing is loaded, and this is said.
fn problems(text: &str, expected: &str) {
    let said =
        inventory::check("cloud.yaml", text).map_or_else(|error| error.to_string(), |()| "fine".to_owned());
    assert_eq!(said, expected.trim(), "\n--- for\n{text}");
}

#[tokio::test]
async fn the_sample_is_loaded_as_it_says() {
    let store = SqliteStore::temporary().unwrap();
    load(SAMPLE, &store).await.unwrap();
    let web = store.vm(WEB_1).await.unwrap().unwrap();
    assert_eq!(web.instance.state, VmState::Running);
    assert_eq!((web.nics.len(), web.ips.len(), web.volumes.len(), web.cd_roms.len()), (1, 2, 1, 1));
    let installer = store.vm(INSTALLER_1).await.unwrap().unwrap();
    assert_eq!(installer.root_volume().unwrap().root_image_uuid, installer.instance.image_uuid);
    assert_eq!(installer.cd_roms[0].iso_uuid, installer.instance.image_uuid);
    let old = store.vm(OLD_1).await.unwrap().unwrap();
    assert_eq!(old.root_volume().unwrap().status, VolumeStatus::Deleted);
    assert!(!store.is_empty().await.unwrap());
}

#[tokio::test]
async fn what_is_left_out_is_made_up_the_same_every_time() {
    let text =
        format!("{BASE}vms: [{{name: a, image: linux}}, {{name: b, image: cd, root: {{size: 5GiB}}}}]\n");
    let mut seen = Vec::new();
    for _ in 0..2 {
        let store = SqliteStore::temporary().unwrap();
        load(&text, &store).await.unwrap();
        let a = store.vm(&zstack_node::uuids::named("vm/a")).await.unwrap().unwrap();
        let b = store.vm(&zstack_node::uuids::named("vm/b")).await.unwrap().unwrap();
        // One empty drive; one with the ISO that it is installed from.
        assert!(a.cd_roms.len() == 1 && a.cd_roms[0].is_empty());
        assert_eq!(b.cd_roms[0].iso_uuid, b.instance.image_uuid);
        assert_eq!(a.root_volume().unwrap().size, 10 << 30);
        assert_eq!((a.instance.internal_id, b.instance.internal_id), (1, 2));
        assert_eq!(a.instance.create_date, NOON);
        seen.push((a, b));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn loading_twice_names_the_first_clash_and_changes_nothing() {
    let store = SqliteStore::temporary().unwrap();
    load(BASE, &store).await.unwrap();
    // A new account comes first in the file, and must not stay.
    let again = format!("accounts: [{{name: bob, password: x}}]\n{BASE}");
    let error = load(&again, &store).await.unwrap_err().to_string();
    let uuid = zstack_node::uuids::named("zone/here");
    let expected = format!(
        "cloud.yaml:2:16: the store already has the zone `here` [uuid:{uuid}], or something that it clashes with; \
         nothing was loaded"
    );
    assert_eq!(error, expected);
    assert_eq!(store.account("bob", StoppedClock::new().now()).await.unwrap(), None);
}

#[tokio::test]
async fn the_administrator_can_get_another_password() {
    let store = SqliteStore::temporary().unwrap();
    load(&format!("accounts: [{{name: admin, password: s3cret}}]\n{BASE}"), &store).await.unwrap();
    let admin = store.account("admin", NOON).await.unwrap().unwrap();
    assert_eq!(admin.account.password, inventory::password_hash("s3cret"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever becomes of a file, it is loaded or its problems are told.
    #[test]
    fn no_file_breaks_it(from in 0..SAMPLE.len(), length in 0..40_usize, put in "[ -~\\n]{0,12}") {
        let mut text = SAMPLE.to_owned();
        let floor = |mut at: usize| {
            while !SAMPLE.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        text.replace_range(floor(from)..floor((from + length).min(SAMPLE.len())), &put);
        let _ = inventory::check("cloud.yaml", &text);
    }
}

#[test]
fn what_is_no_yaml() {
    problems("", "cloud.yaml:1:1: the file is empty; see `zstack-node sample`");
    problems(
        "zones: [",
        "cloud.yaml:2:1: invalid YAML: while parsing a node, did not find expected node content",
    );
    problems("zones: []\nzones: []", "cloud.yaml:2:1: `zones` is a duplicate of line 1; write it once");
    problems("a: &x 1\nb: *x", "cloud.yaml:2:4: aliases are not allowed here; write the value out");
    problems(
        "zones: []\n---\nzones: []",
        "cloud.yaml:2:1: the file has a second document; use one file for each document",
    );
    problems("just words", "cloud.yaml:1:1: an inventory is written as `key: value` lines");
    problems(&"[".repeat(100), "cloud.yaml:1:34: the nesting is too deep");
}

#[test]
fn duplicate_keys_are_reported_with_other_problems() {
    problems(
        "zones: [{name: a, name: b}]\nzonez: []",
        "cloud.yaml:1:19: `name` is a duplicate of line 1; write it once\n\
         cloud.yaml:2:1: an inventory has no `zonez`; did you mean `zones`?",
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    problems(
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
cloud.yaml:3:11: `uuid`: `not-a-uuid` is no UUID: 32 lower-case hexadecimal digits, the 13th from 1 to 5, the 17th one of 8, 9, a and b; leave it out to get one made from the name
cloud.yaml:4:11: line 2 has a zone named `here` already; choose another name
cloud.yaml:7:11: there is no zone `hear`; did you mean `here`?
cloud.yaml:8:5: a cluster has no `hypervizor`; did you mean `hypervisor`?
cloud.yaml:10:5: `managementIp` is missing: a host needs one
cloud.yaml:10:5: `cluster` is missing, and this file declares no cluster
cloud.yaml:12:27: `mediaType`: `CD` is no media type; one of: RootVolumeTemplate, DataVolumeTemplate, ISO
cloud.yaml:12:37: `size`: `700MB` is no size; write `700MiB`
cloud.yaml:13:5: `size` is missing: an image needs one, such as 700MiB
",
    );
}

#[test]
fn what_a_vm_cannot_be() {
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
  - {name: l, image: linux, cpus: 0, memory: much, host: nobody}
";
    problems(
        &format!("{BASE}{vms}"),
        "\
cloud.yaml:10:12: a VM that is Running is on a `host`; name one
cloud.yaml:11:51: a VM that is Stopped is on no host; write `lastHost` instead
cloud.yaml:12:59: a VM has at most 3 drives, with the deviceIds 0 to 2
cloud.yaml:13:42: another drive of the VM holds this ISO already; a VM has an ISO once
cloud.yaml:14:38: the image `linux` is a RootVolumeTemplate; a drive takes an ISO, or `empty`
cloud.yaml:14:45: another drive of the VM has the deviceId 0 already
cloud.yaml:15:5: `root: {size: …}` is missing: there is no template to take the size from
cloud.yaml:16:22: there is no image `nothing`; there is: linux, cd
cloud.yaml:17:22: `state`: `Resting` is no VM state; one of: Created, Starting, Running, Stopping, Stopped, Rebooting, Destroying, Destroyed, Migrating, Expunging, Pausing, Paused, Resuming, VolumeMigrating, VolumeRecovering, NoState, Unknown, Crashed
cloud.yaml:17:45: a VM has no `colour`; it has: name, uuid, created, cluster, image, state, offering, cpus, memory, platform, guestOsType, host, lastHost, description, account, shared, primaryStorage, root, nics, cdRoms, volumes
cloud.yaml:18:47: a VM that is Destroyed has no data volumes
cloud.yaml:19:5: `platform` is missing: a VM without an image needs one
cloud.yaml:19:5: `root: {size: …}` is missing: there is no template to take the size from
cloud.yaml:20:46: there is no network `net`; this file declares no network
cloud.yaml:21:35: `cpus`: `0` is no whole number from 1 to 1024
cloud.yaml:21:46: `memory`: `much` is no size such as 8GiB or 512MiB
cloud.yaml:21:58: a VM that is Stopped is on no host; write `lastHost` instead
cloud.yaml:21:58: there is no host `nobody`; there is: kvm-1
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
  - {name: a, image: linux, nics: [{network: good, ips: [10.0.2.1, nowhere], mac: 'fa:0'}]}
  - {name: b, image: linux, nics: [{ips: [10.0.1.1]}]}
  - {name: c, image: linux, state: Destroyed, nics: [{network: good, ips: [10.0.1.2]}]}
  - {name: d, image: linux, nics: [{network: good, ips: [10.0.1.3, 10.0.1.3]}]}
";
    problems(
        &format!("{BASE}{more}"),
        "\
cloud.yaml:10:33: the gateway `10.1.0.1` is no address of `10.0.0.0/24`
cloud.yaml:10:73: `nonsense` is no range such as 192.168.1.0/24
cloud.yaml:13:58: 10.0.2.1 is in no range of the network
cloud.yaml:13:68: `nowhere` is no address such as 192.168.1.10
cloud.yaml:13:83: `fa:0` is no hardware address such as fa:00:00:00:01:00
cloud.yaml:14:36: `network` is missing; choose one of: net, good
cloud.yaml:15:70: a VM that is Destroyed has given its addresses back
cloud.yaml:16:68: the address 10.0.1.3 is taken already, in line 16
",
    );
}

/// What is said of a text that exceeds these limits.
async fn exceeded(limits: Limits, text: &str) -> String {
    let store = SqliteStore::temporary().unwrap();
    let clock = StoppedClock::new();
    let error = inventory::load_within(limits, "cloud.yaml", text, &store, clock.as_ref()).await.unwrap_err();
    assert!(store.is_empty().await.unwrap());
    error.to_string()
}

#[tokio::test]
async fn reading_has_limits() {
    let more = "nothing was loaded; load it in parts, or with `zstack-node load`";
    let ten = Limits { records: 10, ..Limits::NONE };
    assert_eq!(
        exceeded(ten, SAMPLE).await,
        format!("cloud.yaml:1:1: it creates more than 10 records; {more}")
    );
    // Storages that serve every cluster: a million records from a few lines.
    let mut product = "zones: [{name: here}]\nclusters:\n".to_owned();
    for number in 0..1000 {
        writeln!(product, "  - {{name: c-{number}}}").unwrap();
    }
    product.push_str("primaryStorages:\n");
    for number in 0..1000 {
        writeln!(product, "  - {{name: s-{number}, type: NFS, url: /{number}}}").unwrap();
    }
    let remote = Limits { time: Duration::MAX, ..Limits::REMOTE };
    assert!(exceeded(remote, &product).await.contains("more than 200000 records"));
    let never = Limits { time: Duration::ZERO, ..Limits::NONE };
    for text in [SAMPLE, &format!("x: [{}]", "a, ".repeat(100_000))] {
        let said = format!("cloud.yaml:1:1: reading it takes longer than 0 s; {more}");
        assert_eq!(exceeded(never, text).await, said);
    }
    // What the parser itself limits.
    for deep in ["[", "{a: ", "- ", "? "] {
        let said = exceeded(Limits::NONE, &deep.repeat(1_000_000)).await;
        assert!(said.lines().count() == 1 && said.len() < 200, "{said}");
    }
}

/// Shapes that took time by the square of their size. The limit is far above
/// what any of them needs, and far below what the square of their number takes.
#[tokio::test]
async fn many_of_anything_are_read() {
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
        list("hosts", &|it| {
            format!("{{name: h-{it}, managementIp: 10.{}.{}.{}}}", it >> 16, it >> 8 & 255, it & 255)
        }),
        format!(
            "{}{}",
            list("zones", &|it| format!("{{name: z-{it}}}")),
            list("clusters", &|it| format!("{{name: c-{it}, zone: y-{it}}}"))
        ),
        list("vms", &|it| format!("{{name: v-{it}, cluster: c, cdRoms: [empty, empty, empty, empty]}}")),
        format!("vms: [{{name: v, cdRoms: [{}empty]}}]", "empty, ".repeat(COUNT)),
    ];
    for text in texts {
        let said = exceeded(within, &text).await;
        assert!(!said.contains("takes longer"), "{said}");
        assert!(said.lines().count() <= 101 && said.len() < 300_000, "{}", said.len());
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
    assert_eq!(problems[100].text, "further problems: 150; correct these first");
    let expected = "there is no image `nothing`; there is: linux, cd, image-0, image-1, image-2, image-3, image-4, \
                    image-5, image-6, image-7, image-8, image-9 and 40 more";
    assert_eq!(problems[0].text, expected);
    let long = format!("{BASE}vms: [{{name: a, image: {}}}]", "x".repeat(100_000));
    let LoadError::Problems { problems, .. } = inventory::check("cloud.yaml", &long).unwrap_err() else {
        panic!()
    };
    assert!(problems[0].text.len() < 300, "{}", problems[0].text.len());
}

#[test]
fn a_network_has_few_ranges() {
    let ranges: Vec<_> = (0..65).map(|it| format!("{{cidr: 10.0.{it}.0/24}}")).collect();
    problems(
        &format!("{BASE}networks: [{{name: net, ranges: [{}]}}]", ranges.join(", ")),
        "cloud.yaml:9:19: a network has at most 64 ranges; got 65",
    );
}
