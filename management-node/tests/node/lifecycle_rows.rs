//! Every row of the rules about states and drives, in the manner of
//! `rule_rows`.

use zstack_node::model::{Connection, Hypervisor, ImageStatus, MediaType, VmState};

use crate::rule_rows::Operation::{
    self, DefaultDrive, DeleteDrive, Destroy, Expunge, Pause, Reboot, Recover, Resume, Start, Stop,
    UpdateDrive,
};
use crate::rule_rows::{Expected, Row, late, refused, row};
use crate::world::{
    ALICE, CLUSTER, ELSEWHERE, HOST, NOWHERE, OTHER_CLUSTER, OTHER_HOST, OTHER_VM, World, drive,
};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for operation in [Start, Stop, Reboot, Pause, Resume, Destroy, Recover, Expunge] {
        let missing = |it: &mut World| it.ask.vm = "nowhere".into();
        rows.push(row(
            operation,
            "the VM exists",
            missing,
            refused("SYS.1003", "[uuid] names the VM instance"),
        ));
    }
    for operation in [DeleteDrive, UpdateDrive, DefaultDrive] {
        let missing = |it: &mut World| it.ask.target_drive = "nowhere".into();
        let expected = refused("SYS.1003", "[uuid] names the CD-ROM drive");
        if operation == DefaultDrive {
            let missing = |it: &mut World| it.ask.vm = "nowhere".into();
            rows.push(row(operation, "the VM exists", missing, refused("SYS.1003", "[vmInstanceUuid]")));
        }
        rows.push(row(operation, "the drive exists", missing, expected));
    }
    rows.extend_from_slice(EARLY);
    for operation in ALL {
        let expired = |it: &mut World| it.expired = true;
        rows.push(row(*operation, "the session holds", expired, refused("ID.1001", "Session expired")));
        rows.push(row(*operation, "permission", World::as_alice, refused("SYS.1006", "Permission denied")));
    }
    rows.extend_from_slice(ROWS);
    for operation in ALL {
        let own = |it: &mut World| {
            it.as_alice();
            it.vm.instance.account_uuid = ALICE.into();
        };
        rows.push(row(*operation, "success as admin", |_| {}, None));
        rows.push(row(*operation, "success on one's own", own, None));
    }
    rows
}

const ALL: &[Operation] =
    &[Start, Stop, Reboot, Pause, Resume, Destroy, Recover, Expunge, DeleteDrive, UpdateDrive, DefaultDrive];

/// Between the first row of an operation and that of its session.
const EARLY: &[Row] = &[
    row(
        Start,
        "the cluster exists",
        |it| it.ask.cluster = Some(NOWHERE.into()),
        refused("SYS.1003", "[clusterUuid]"),
    ),
    row(Start, "the host exists", |it| it.ask.host = Some(NOWHERE.into()), refused("SYS.1003", "[hostUuid]")),
    row(Expunge, "not one that could exist", |it| it.ask.vm = NOWHERE.into(), refused("SYS.1003", "[uuid]")),
];

const fn wrong_state(code: &'static str, details: &'static str) -> Expected {
    Some((code, "VM.1010", details))
}

const fn not_started(cause: &'static str) -> Expected {
    Some(("VM.1001", cause, "cannot be started"))
}

const ISO_MISSING: Expected = Some(("VM.1003", "SYS.1006", "cannot be rebooted"));

fn never_started(it: &mut World) {
    it.vm.instance.state = VmState::Created;
    it.vm.instance.root_volume_uuid = None;
    it.vm.volumes.clear();
}

fn without_addresses(it: &mut World) {
    it.vm.ips.clear();
}

const ROWS: &[Row] = &[
    late(
        Start,
        "the state",
        |it| it.vm.instance.state = VmState::Destroyed,
        wrong_state("VM.1001", "cannot be started"),
    ),
    late(
        Start,
        "a connected host",
        |it| it.places.hosts[0].host.status = Connection::Disconnected,
        not_started("HOST_ALLOCATION.1000"),
    ),
    late(
        Start,
        "the wished host is connected",
        |it| {
            it.ask.host = Some(HOST.into());
            it.places.hosts[0].host.status = Connection::Connecting;
        },
        not_started("HOST_ALLOCATION.1000"),
    ),
    late(
        Start,
        "the wished host is in the wished cluster",
        |it| {
            it.ask.host = Some(HOST.into());
            it.ask.cluster = Some(OTHER_CLUSTER.into());
        },
        not_started("HOST_ALLOCATION.1000"),
    ),
    late(
        Start,
        "the wished cluster is in the zone",
        |it| {
            it.ask.cluster = Some(OTHER_CLUSTER.into());
            it.places.clusters[1].zone_uuid = ELSEWHERE.into();
        },
        not_started("HOST_ALLOCATION.1000"),
    ),
    late(
        Start,
        "the wished cluster has the hypervisor",
        |it| {
            it.ask.cluster = Some(OTHER_CLUSTER.into());
            it.places.clusters[1].hypervisor_type = Hypervisor::Simulator;
        },
        not_started("HOST_ALLOCATION.1000"),
    ),
    late(
        Start,
        "first: an image",
        |it| {
            never_started(it);
            it.vm.instance.image_uuid = None;
        },
        not_started("SYS.1006"),
    ),
    late(
        Start,
        "first: no ISO",
        |it| {
            never_started(it);
            it.template.as_mut().unwrap().info.media_type = MediaType::Iso;
        },
        not_started("SYS.1006"),
    ),
    late(
        Start,
        "first: a storage that the image can get to",
        |it| {
            never_started(it);
            it.caches.clear();
            it.template.as_mut().unwrap().info.status = ImageStatus::Downloading;
        },
        not_started("SYS.1006"),
    ),
    late(
        Start,
        "first: a connected storage",
        |it| {
            never_started(it);
            it.storages.primary[0].status = Connection::Disconnected;
        },
        not_started("SYS.1006"),
    ),
    late(
        Start,
        "not first: the wished host has the volumes",
        |it| {
            it.ask.host = Some(OTHER_HOST.into());
            it.places.storages.pop();
        },
        not_started("HOST_ALLOCATION.1000"),
    ),
    late(
        Start,
        "a free address",
        |it| {
            without_addresses(it);
            it.network.ranges[0].network_cidr = "10.0.0.0/30".into();
            it.other_vm.ips[0].ip = "10.0.0.2".into();
        },
        not_started("L3.1000"),
    ),
    late(
        Start,
        "the ISO is ready",
        |it| it.other_iso.info.status = ImageStatus::Creating,
        not_started("SYS.1006"),
    ),
    late(
        Start,
        "the ISO is on a connected backup storage",
        |it| it.storages.backup[0].storage.status = Connection::Disconnected,
        not_started("SYS.1006"),
    ),
    late(
        Start,
        "of the zone",
        |it| it.storages.backup[0].zone_uuids = vec![ELSEWHERE.into()],
        not_started("SYS.1006"),
    ),
    late(
        Start,
        "with a ref that is not deleted",
        |it| it.other_iso.refs[0].status = ImageStatus::Deleted,
        not_started("SYS.1006"),
    ),
    late(Start, "and exists", |it| it.vm.cd_roms[1].iso_uuid = Some(NOWHERE.into()), not_started("SYS.1006")),
    row(Start, "success for the first time", never_started, None),
    row(
        Start,
        "success for the first time, without a cached image",
        |it| {
            never_started(it);
            it.caches.clear();
        },
        None,
    ),
    row(Start, "success with new addresses", without_addresses, None),
    row(
        Start,
        "success without addresses in a network that has none",
        |it| {
            without_addresses(it);
            it.other_vm.ips.clear();
            it.network.ranges.clear();
        },
        None,
    ),
    row(Start, "success on a wished host", |it| it.ask.host = Some(OTHER_HOST.into()), None),
    row(Start, "success in a wished cluster", |it| it.ask.cluster = Some(OTHER_CLUSTER.into()), None),
    row(
        Start,
        "success on a host of the wished cluster",
        |it| {
            it.ask.cluster = Some(CLUSTER.into());
            it.ask.host = Some(HOST.into());
        },
        None,
    ),
    row(
        Start,
        "success when Running, whatever the hosts",
        |it| {
            it.vm.instance.state = VmState::Running;
            it.places.hosts[0].host.status = Connection::Disconnected;
        },
        None,
    ),
    late(
        Stop,
        "the state",
        |it| it.vm.instance.state = VmState::Created,
        wrong_state("VM.1002", "cannot be stopped"),
    ),
    late(
        Reboot,
        "the state",
        |it| it.vm.instance.state = VmState::Paused,
        wrong_state("VM.1003", "cannot be rebooted"),
    ),
    late(Reboot, "the ISO is ready", |it| it.other_iso.info.status = ImageStatus::Error, ISO_MISSING),
    late(
        Reboot,
        "the ISO is on a connected backup storage",
        |it| it.storages.backup[0].storage.status = Connection::Disconnected,
        ISO_MISSING,
    ),
    row(
        Reboot,
        "success without an ISO, whatever the backup storage",
        |it| {
            it.vm.cd_roms[1].iso_uuid = None;
            it.storages.backup[0].storage.status = Connection::Disconnected;
        },
        None,
    ),
    late(
        Pause,
        "the state",
        |it| it.vm.instance.state = VmState::Stopped,
        wrong_state("VM.1012", "cannot be paused"),
    ),
    late(
        Resume,
        "the state",
        |it| it.vm.instance.state = VmState::Running,
        wrong_state("VM.1013", "cannot be resumed"),
    ),
    late(
        Recover,
        "the state",
        |it| it.vm.instance.state = VmState::Stopped,
        wrong_state("SYS.1006", "cannot be recovered"),
    ),
    late(
        Expunge,
        "the state",
        |it| it.vm.instance.state = VmState::Stopped,
        wrong_state("SYS.1006", "cannot be expunged"),
    ),
    row(Destroy, "success when there is none", |it| it.ask.vm = NOWHERE.into(), None),
    row(Destroy, "success when it is already", |it| it.vm.instance.state = VmState::Destroyed, None),
    late(
        DeleteDrive,
        "the state",
        |it| it.vm.instance.state = VmState::Paused,
        wrong_state("SYS.1006", "delete a CD-ROM drive of"),
    ),
    row(DeleteDrive, "success when there is none", |it| it.ask.target_drive = NOWHERE.into(), None),
    row(
        DeleteDrive,
        "success for the default one",
        |it| it.ask.target_drive = it.vm.cd_roms[0].uuid.clone(),
        None,
    ),
    row(UpdateDrive, "success in any state", |it| it.vm.instance.state = VmState::Destroyed, None),
    row(
        DefaultDrive,
        "the drive is of this VM",
        |it| it.ask.target_drive = drive(OTHER_VM, 0, None).uuid,
        refused("SYS.1007", "of another VM instance"),
    ),
    row(
        DefaultDrive,
        "the drive is not the default one",
        |it| it.ask.target_drive = it.vm.cd_roms[0].uuid.clone(),
        refused("SYS.1007", "the default one already"),
    ),
    row(DefaultDrive, "success when there is no default one", |it| drop(it.vm.cd_roms.remove(0)), None),
    row(DefaultDrive, "success in any state", |it| it.vm.instance.state = VmState::Running, None),
];
