//! The database of the benchmark: VM instances with one empty drive each, an ISO that can be
//! attached to all of them, and a session.

use std::fmt::Write as _;
use std::path::Path;

use tokio::runtime::Runtime;
use zstack_node::clock::{Clock as _, SystemClock};
use zstack_node::inventory;
use zstack_node::model::{ADMIN_UUID, Changes, Edit, Session};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use crate::Failure;

use crate::raw_http::SESSION;

/// The ISO that is attached.
pub(super) const ISO: &str = "15000000000040008000000000000001";

/// Returns the UUID of a VM instance by its number.
pub(super) fn vm_uuid(number: usize) -> String {
    format!("d00000000000400080000000{number:08x}")
}

/// Returns the UUID of a host: 1 or 2.
pub(super) fn host_uuid(number: usize) -> String {
    format!("90000000000040008000000{number:09x}")
}

/// Returns the IP address of a VM instance by its number.
pub(super) fn vm_ip(number: usize) -> String {
    format!("10.{}.{}.{}", number / 62_500, 1 + number / 250 % 250, 1 + number % 250)
}

/// The resources other than VM instances, about as many as in the sample inventory.
const INFRASTRUCTURE: &str = "
zones: [{name: zone}]
clusters: [{name: cluster}]
hosts:
  - {name: host-1, uuid: 90000000000040008000000000000001, managementIp: 192.168.0.11}
  - {name: host-2, uuid: 90000000000040008000000000000002, managementIp: 192.168.0.12}
networks: [{name: office, ranges: [{cidr: 10.0.0.0/8, gateway: 10.0.0.1}]}]
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

/// Formats an inventory file with VM instances, of which every second one is running.
fn yaml(vms: usize) -> String {
    let mut yaml = INFRASTRUCTURE.to_owned();
    for number in 0..vms {
        let state = if number % 2 == 0 { "state: Running, host: host-1" } else { "lastHost: host-2" };
        let storage = if number % 4 < 2 { "nfs" } else { "local" };
        let ip = vm_ip(number);
        // Writing to a String cannot fail.
        let _ = writeln!(
            yaml,
            "  - {{name: vm-{number}, uuid: {}, {state}, offering: small, image: Linux, primaryStorage: {storage}, \
             nics: [{{network: office, ips: [{ip}]}}], cdRoms: [{{iso: empty}}]}}",
            vm_uuid(number)
        );
    }
    yaml
}

/// Writes a database with a number of VM instances.
pub(super) fn write(runtime: &Runtime, path: &Path, vms: usize) -> Result<(), Failure> {
    let store = SqliteStore::open(path)?;
    let now = SystemClock.now();
    let session = Session {
        user_uuid: None,
        uuid: SESSION.to_owned(),
        account_uuid: ADMIN_UUID.to_owned(),
        // Long enough that the node does not extend it during the benchmark.
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
