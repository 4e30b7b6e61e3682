//! Tests of creations and cascades when the process is killed under load and started again: everything that was
//! acknowledged is there, and nothing is half done.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;
use zstack_node::uuids;

use crate::cloud_model::check::{check_links, learn};
use crate::cloud_model::cloud::{Cloud, Record};
use crate::process::{Caller, Server, run};

/// The number of times that the process is killed.
const ROUNDS: u64 = 5;

/// The number of concurrent callers.
const CALLERS: u64 = 6;

/// A cloud in which VM instances can run.
const CLOUD: &str = "\
zones: [{name: zone}]
clusters: [{name: cluster}]
hosts: [{name: host, managementIp: 10.1.0.1, totalCpuCapacity: 10000}]
networks: [{name: net, uuid: 30000000000040008000000000000001, ranges: [{cidr: 10.0.0.0/16, gateway: 10.0.0.1}]}]
primaryStorages: [{name: nfs, type: NFS, url: /nfs}]
backupStorages: [{name: near, type: SftpBackupStorage, url: /near}]
images: [{name: linux, uuid: 15000000000040008000000000000001, size: 1GiB, backupStorages: [near]}]
";

/// A document with those that are created in it, and what is known about them.
struct Tree {
    root: Created,
    children: Vec<Created>,
    /// The deletion of the root, with all children.
    deletion: Option<Acknowledged>,
}

/// True if the answer arrived.
type Acknowledged = bool;

struct Created {
    uuid: String,
    acknowledged: Acknowledged,
}

/// A caller that records what it did until the process ended.
struct Worker {
    caller: Caller,
    random: StdRng,
    trees: Vec<Tree>,
    count: Arc<AtomicUsize>,
    /// The number of answers after which the process is killed.
    limit: usize,
    enough: Arc<Notify>,
}

impl Worker {
    /// Returns true if the answer arrived; it must be a success.
    async fn call(&self, method: &str, path: &str, body: &str) -> Acknowledged {
        let Ok((status, answer)) = self.caller.send(method, path, body).await else { return false };
        assert_eq!(status, 200, "{method} {path} {body}: {answer}");
        if self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.limit {
            self.enough.notify_one();
        }
        true
    }

    fn uuid(&mut self) -> String {
        uuids::from_name(&self.random.random::<u128>().to_string())
    }

    async fn create(&mut self, path: &str, parameters: &str) -> Created {
        let uuid = self.uuid();
        let body = format!(r#"{{"params":{{"resourceUuid":"{uuid}",{parameters}}}}}"#);
        let acknowledged = self.call("POST", path, &body).await;
        Created { uuid, acknowledged }
    }

    async fn run(mut self) -> Vec<Tree> {
        loop {
            let is_vm = self.random.random_bool(0.5);
            let tree = if is_vm { self.vm().await } else { self.zone().await };
            let created = std::iter::once(&tree.root).chain(&tree.children);
            let goes_on =
                created.map(|created| created.acknowledged).chain(tree.deletion).all(|is_known| is_known);
            self.trees.push(tree);
            if !goes_on {
                return self.trees;
            }
        }
    }

    /// Creates a VM instance, and mostly expunges it.
    async fn vm(&mut self) -> Tree {
        let root = self
            .create(
                "/vm-instances",
                r#""name":"vm","cpuNum":1,"memorySize":67108864,"dataDiskSizes":[1073741824],
                "imageUuid":"15000000000040008000000000000001","l3NetworkUuids":["30000000000040008000000000000001"]"#,
            )
            .await;
        let mut deletion = None;
        if root.acknowledged && self.random.random_bool(0.6) {
            let uuid = &root.uuid;
            let destroyed = self.call("DELETE", &format!("/vm-instances/{uuid}"), "").await;
            let expunge = format!("/vm-instances/{uuid}/actions");
            deletion = Some(destroyed && self.call("PUT", &expunge, r#"{"expungeVmInstance":{}}"#).await);
        }
        Tree { root, children: Vec::new(), deletion }
    }

    /// Creates a zone, a cluster, hosts and networks, and mostly deletes the zone.
    async fn zone(&mut self) -> Tree {
        let root = self.create("/zones", r#""name":"zone""#).await;
        let mut tree = Tree { root, children: Vec::new(), deletion: None };
        let zone = tree.root.uuid.clone();
        if !tree.root.acknowledged {
            return tree;
        }
        let parameters = format!(r#""name":"cluster","zoneUuid":"{zone}","hypervisorType":"Simulator""#);
        let cluster = self.create("/clusters", &parameters).await;
        let host = format!(
            r#""name":"host","clusterUuid":"{}","memoryCapacity":1073741824,"cpuCapacity":4,"managementIp":"{}""#,
            cluster.uuid, cluster.uuid
        );
        let network = format!(r#""name":"l2","zoneUuid":"{zone}","physicalInterface":"eth0""#);
        tree.children.push(cluster);
        let children = [("/hosts/simulators", host), ("/l2-networks/no-vlan", network)];
        for (path, parameters) in children {
            if tree.children.iter().all(|child| child.acknowledged) {
                tree.children.push(self.create(path, &parameters).await);
            }
        }
        if tree.children.iter().all(|child| child.acknowledged) && self.random.random_bool(0.6) {
            tree.deletion = Some(self.call("DELETE", &format!("/zones/{zone}"), "").await);
        }
        tree
    }
}

fn load(folder: &Path) -> PathBuf {
    let (file, database) = (folder.join("cloud.yaml"), folder.join("store.sqlite"));
    std::fs::write(&file, CLOUD).unwrap();
    let output = run(&["load", file.to_str().unwrap(), "--database", database.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    database
}

/// Runs callers until the process is killed, after a random number of answers.
async fn run_and_kill(database: &Path, seed: u64) -> Vec<Tree> {
    let mut server = Server::on(database);
    let caller = server.caller().with_session().await;
    let limit = StdRng::seed_from_u64(seed).random_range(30..90);
    let (count, enough) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let mut workers = JoinSet::new();
    for number in 0..CALLERS {
        let worker = Worker {
            caller: caller.clone(),
            random: StdRng::seed_from_u64(seed * CALLERS + number),
            trees: Vec::new(),
            count: Arc::clone(&count),
            limit,
            enough: Arc::clone(&enough),
        };
        workers.spawn(worker.run());
    }
    enough.notified().await;
    server.process.kill().unwrap();
    server.process.wait().unwrap();
    workers.join_all().await.into_iter().flatten().collect()
}

/// Checks that each tree is there as acknowledged, or completely gone.
fn check_tree(cloud: &Cloud, tree: &Tree) {
    let Tree { root, children, deletion } = tree;
    let has_root = cloud.records.contains_key(&root.uuid);
    match deletion {
        Some(true) => assert!(!has_root, "{} was deleted", root.uuid),
        None if root.acknowledged => assert!(has_root, "{} was created", root.uuid),
        _ => {}
    }
    for child in children {
        let exists = cloud.records.contains_key(&child.uuid);
        assert!(!exists || has_root, "{} has outlived {}", child.uuid, root.uuid);
        assert!(exists || !has_root || !child.acknowledged, "{} was created", child.uuid);
    }
    if !has_root {
        let mentions = |(_, record): &(&String, &Record)| {
            let mut fields = record.fields.iter().filter(|(field, _)| !field.starts_with("last"));
            fields.any(|(_, value)| value.to_string().contains(&root.uuid))
        };
        let left = cloud.records.iter().find(mentions);
        assert!(left.is_none(), "{} is gone, but not this: {left:?}", root.uuid);
    }
}

/// Checks that each VM instance is complete.
fn check_vms(cloud: &Cloud) {
    let of = |base: &'static str, field: &'static str, value: &str| -> Vec<(&String, &Record)> {
        let is_one = |record: &Record| record.base == base && record.text(field) == Some(value);
        cloud.records.iter().filter(|(_, record)| is_one(record)).collect()
    };
    let vms = cloud.records.iter().filter(|(_, record)| record.base == "VmInstance");
    let (mut nics, mut addresses) = (0, 0);
    for (uuid, vm) in vms {
        let found = of("VmNic", "vmInstanceUuid", uuid);
        let [(nic, _)] = found[..] else { panic!("the NICs of {uuid}: {found:?}") };
        // A destroyed one has returned its address and its data volume.
        let is_destroyed = vm.text("state") == Some("Destroyed");
        let expected = usize::from(!is_destroyed);
        assert_eq!(of("UsedIp", "vmNicUuid", nic).len(), expected, "the addresses of {uuid}: {vm:?}");
        let volumes = of("Volume", "vmInstanceUuid", uuid);
        let kinds: BTreeSet<_> = volumes.iter().filter_map(|(_, volume)| volume.text("type")).collect();
        let complete: &[&str] = if is_destroyed { &["Root"] } else { &["Data", "Root"] };
        let complete = complete.iter().copied().collect();
        assert_eq!((volumes.len(), &kinds), (kinds.len(), &complete), "the volumes of {uuid}: {vm:?}");
        assert!(volumes.iter().any(|(volume, _)| vm.text("rootVolumeUuid") == Some(volume)));
        nics += 1;
        addresses += expected;
    }
    let count = |base: &str| cloud.records.values().filter(|record| record.base == base).count();
    let found = (count("VmNic"), count("UsedIp"));
    assert_eq!(found, (nics, addresses), "NICs and addresses without a VM instance");
}

#[tokio::test(flavor = "multi_thread")]
async fn creations_and_cascades_survive_kills() {
    let folder = tempfile::tempdir().unwrap();
    let database = load(folder.path());
    let mut trees = Vec::new();
    for round in 0..ROUNDS {
        trees.extend(run_and_kill(&database, round).await);
        let store = SqliteStore::open(&database).unwrap();
        let mut cloud = Cloud::default();
        learn(&store, &mut cloud).await;
        check_links(&store, &cloud).await;
        store.close().await;
        trees.iter().for_each(|tree| check_tree(&cloud, tree));
        check_vms(&cloud);
    }
    let gone = trees.iter().filter(|tree| tree.deletion == Some(true)).count();
    let unknown = trees.iter().filter(|tree| tree.deletion == Some(false)).count();
    assert!(gone > 0 && trees.len() > gone, "the test is meaningless without deletions and creations");
    println!("{} trees: {gone} deleted, {unknown} deletions without an answer", trees.len());

    // The node agrees with its database.
    let server = Server::on(&database);
    let caller = server.caller().with_session().await;
    for (path, is_zone) in [("/zones", true), ("/vm-instances", false)] {
        for tree in trees.iter().filter(|tree| tree.children.is_empty() != is_zone) {
            let (status, answer) =
                caller.send("GET", &format!("{path}/{}", tree.root.uuid), "").await.unwrap();
            assert_eq!(status, 200, "{answer}");
            let found = answer["inventories"].as_array().map_or(0, Vec::len);
            match tree.deletion {
                Some(true) => assert_eq!(found, 0, "{answer}"),
                None if tree.root.acknowledged => assert_eq!(found, 1, "{answer}"),
                _ => {}
            }
        }
    }
}
