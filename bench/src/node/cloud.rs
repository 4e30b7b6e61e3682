//! The cloud that is called: VM instances with one empty drive each, an ISO
//! that all of them can have, and a session.

use std::fmt::Write as _;
use std::path::Path;

use tokio::runtime::Runtime;
use zstack_node::clock::{Clock as _, SystemClock};
use zstack_node::inventory;
use zstack_node::model::{ADMIN_UUID, Changes, Edit, Session};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use crate::Failure;

/// The session that all calls are made with.
pub(super) const SESSION: &str = "36c27e8ff05c4780bf6d2fa65700f22e";
/// The ISO that goes into the drives.
pub(super) const ISO: &str = "15000000000040008000000000000001";

/// The VM instance of a number.
pub(super) fn vm(number: usize) -> String {
    format!("d00000000000400080000000{number:08x}")
}

/// What there is besides VM instances: as much of it as in the sample that
/// the node brings along.
const SURROUNDINGS: &str = "
zones: [{name: zone}]
clusters: [{name: cluster}]
hosts:
  - {name: host-1, managementIp: 192.168.0.11}
  - {name: host-2, managementIp: 192.168.0.12}
networks: [{name: office, ranges: [{cidr: 10.0.0.0/16, gateway: 10.0.0.1}]}]
offerings: [{name: small, cpus: 1, memory: 2GiB}]
primaryStorages:
  - {name: nfs, type: NFS, url: /zstack_ps}
  - {name: local, type: LocalStorage, url: /zstack_local}
backupStorages:
  - {name: sftp, type: SftpBackupStorage, url: /zstack_bs}
  - {name: image-store, type: ImageStoreBackupStorage, url: /zstack_imagestore}
images:
  - {name: Linux, platform: Linux, guestOsType: Rocky Linux 9, size: 20GiB, actualSize: 900MiB, \
     backupStorages: [image-store]}
  - {name: Rescue CD, uuid: 15000000000040008000000000000001, mediaType: ISO, size: 700MiB, \
     backupStorages: [sftp, image-store]}
vms:
";

/// An inventory of so many VM instances; every second one runs.
fn yaml(vms: usize) -> String {
    let mut yaml = SURROUNDINGS.to_owned();
    for number in 0..vms {
        let state = if number % 2 == 0 { "state: Running, host: host-1" } else { "lastHost: host-2" };
        let storage = if number % 4 < 2 { "nfs" } else { "local" };
        let ip = format!("10.0.{}.{}", 1 + number / 250, 1 + number % 250);
        // A String takes all.
        let _ = writeln!(
            yaml,
            "  - {{name: vm-{number}, uuid: {}, {state}, offering: small, image: Linux, primaryStorage: {storage}, \
             nics: [{{network: office, ips: [{ip}]}}], cdRoms: [{{iso: empty}}]}}",
            vm(number)
        );
    }
    yaml
}

/// Writes a database with so many VM instances.
pub(super) fn write(runtime: &Runtime, path: &Path, vms: usize) -> Result<(), Failure> {
    let store = SqliteStore::open(path)?;
    let now = SystemClock.now();
    let session = Session {
        uuid: SESSION.to_owned(),
        account_uuid: ADMIN_UUID.to_owned(),
        // Long enough for the end not to be moved in between.
        expired_date: now.plus_seconds(24 * 3600),
        create_date: now,
    };
    runtime.block_on(async {
        inventory::load("cloud", &yaml(vms), &store, &SystemClock).await?;
        store.commit(Changes { guards: Vec::new(), edits: vec![Edit::create(session)] }).await?;
        store.close().await;
        Ok(())
    })
}
