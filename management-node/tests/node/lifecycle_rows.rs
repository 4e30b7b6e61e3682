//! The rows of the rules for states and drives, as in `rule_rows`.

use crate::records::{Connection, Hypervisor, ImageStatus, MediaType, VmState};
use crate::rule_rows::Operation::{
    self, DefaultDrive, DeleteDrive, Destroy, Expunge, Pause, Reboot, Recover, Resume, Start, Stop,
    UpdateDrive,
};
use crate::rule_rows::{Expected, Row, dry_run_succeeds, error, row};
use crate::scenario::{
    ALICE, CLUSTER, HOST, OTHER_CLUSTER, OTHER_HOST, OTHER_VM, OTHER_ZONE, Scenario, UNKNOWN, drive,
};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for operation in [Start, Stop, Reboot, Pause, Resume, Destroy, Recover, Expunge] {
        let missing = |scenario: &mut Scenario| scenario.request.vm = "unknown".into();
        rows.push(row(
            operation,
            "the VM exists",
            missing,
            error("SYS.1003", "[uuid] names the VM instance"),
        ));
    }
    for operation in [DeleteDrive, UpdateDrive, DefaultDrive] {
        let missing = |scenario: &mut Scenario| scenario.request.target_drive = "unknown".into();
        let expected = error("SYS.1003", "[uuid] names the CD-ROM drive");
        if operation == DefaultDrive {
            let missing = |scenario: &mut Scenario| scenario.request.vm = "unknown".into();
            rows.push(row(operation, "the VM exists", missing, error("SYS.1003", "[vmInstanceUuid]")));
        }
        rows.push(row(operation, "the drive exists", missing, expected));
    }
    rows.extend_from_slice(EARLY);
    for operation in ALL {
        let expired = |scenario: &mut Scenario| scenario.expired = true;
        rows.push(row(*operation, "the session is valid", expired, error("ID.1001", "Session expired")));
        rows.push(row(
            *operation,
            "permission",
            Scenario::call_as_alice,
            error("SYS.1006", "Permission denied"),
        ));
    }
    rows.extend_from_slice(ROWS);
    for operation in ALL {
        let own = |scenario: &mut Scenario| {
            scenario.call_as_alice();
            scenario.vm.instance.account_uuid = ALICE.into();
        };
        rows.push(row(*operation, "success as admin", |_| {}, None));
        rows.push(row(*operation, "success for own resources", own, None));
    }
    rows
}

const ALL: &[Operation] =
    &[Start, Stop, Reboot, Pause, Resume, Destroy, Recover, Expunge, DeleteDrive, UpdateDrive, DefaultDrive];

/// Rows between the first row of an operation and the check of the session.
const EARLY: &[Row] = &[
    row(
        Start,
        "the cluster exists",
        |scenario| scenario.request.cluster = Some(UNKNOWN.into()),
        error("SYS.1003", "[clusterUuid]"),
    ),
    row(
        Start,
        "the host exists",
        |scenario| scenario.request.host = Some(UNKNOWN.into()),
        error("SYS.1003", "[hostUuid]"),
    ),
    row(
        Expunge,
        "the VM must exist",
        |scenario| scenario.request.vm = UNKNOWN.into(),
        error("SYS.1003", "[uuid]"),
    ),
];

const fn state_error(code: &'static str, details: &'static str) -> Expected {
    Some((code, "VM.1010", details))
}

const fn start_error(cause: &'static str) -> Expected {
    Some(("VM.1001", cause, "cannot be started"))
}

const ISO_MISSING: Expected = Some(("VM.1003", "SYS.1006", "cannot be rebooted"));

fn make_created(scenario: &mut Scenario) {
    scenario.vm.instance.state = VmState::Created;
    scenario.vm.instance.root_volume_uuid = None;
    scenario.vm.volumes.clear();
}

fn remove_addresses(scenario: &mut Scenario) {
    scenario.vm.ips.clear();
}

const ROWS: &[Row] = &[
    dry_run_succeeds(
        Start,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Destroyed,
        state_error("VM.1001", "cannot be started"),
    ),
    dry_run_succeeds(
        Start,
        "a connected host",
        |scenario| scenario.infrastructure.hosts[0].status = Connection::Disconnected,
        start_error("HOST_ALLOCATION.1000"),
    ),
    dry_run_succeeds(
        Start,
        "the requested host is connected",
        |scenario| {
            scenario.request.host = Some(HOST.into());
            scenario.infrastructure.hosts[0].status = Connection::Connecting;
        },
        start_error("HOST_ALLOCATION.1000"),
    ),
    dry_run_succeeds(
        Start,
        "the requested host is in the requested cluster",
        |scenario| {
            scenario.request.host = Some(HOST.into());
            scenario.request.cluster = Some(OTHER_CLUSTER.into());
        },
        start_error("HOST_ALLOCATION.1000"),
    ),
    dry_run_succeeds(
        Start,
        "the requested cluster is in the zone",
        |scenario| {
            scenario.request.cluster = Some(OTHER_CLUSTER.into());
            scenario.infrastructure.clusters[1].zone_uuid = OTHER_ZONE.into();
        },
        start_error("HOST_ALLOCATION.1000"),
    ),
    dry_run_succeeds(
        Start,
        "the requested cluster has the hypervisor",
        |scenario| {
            scenario.request.cluster = Some(OTHER_CLUSTER.into());
            scenario.infrastructure.clusters[1].hypervisor_type = Hypervisor::Simulator;
        },
        start_error("HOST_ALLOCATION.1000"),
    ),
    dry_run_succeeds(
        Start,
        "first start: the VM has an image",
        |scenario| {
            make_created(scenario);
            scenario.vm.instance.image_uuid = None;
        },
        start_error("SYS.1006"),
    ),
    dry_run_succeeds(
        Start,
        "first start: the image is not an ISO",
        |scenario| {
            make_created(scenario);
            scenario.template.as_mut().unwrap().info.media_type = MediaType::Iso;
        },
        start_error("SYS.1006"),
    ),
    dry_run_succeeds(
        Start,
        "first start: the image is available",
        |scenario| {
            make_created(scenario);
            scenario.caches.clear();
            scenario.template.as_mut().unwrap().info.status = ImageStatus::Downloading;
        },
        start_error("SYS.1006"),
    ),
    dry_run_succeeds(
        Start,
        "first start: the primary storage is connected",
        |scenario| {
            make_created(scenario);
            scenario.storages.primary[0].status = Connection::Disconnected;
        },
        start_error("SYS.1006"),
    ),
    dry_run_succeeds(
        Start,
        "later start: the requested host can access the volumes",
        |scenario| {
            scenario.request.host = Some(OTHER_HOST.into());
            scenario.infrastructure.storages.pop();
        },
        start_error("HOST_ALLOCATION.1000"),
    ),
    dry_run_succeeds(
        Start,
        "a free address",
        |scenario| {
            remove_addresses(scenario);
            scenario.ranges[0].network_cidr = "10.0.0.0/30".into();
            scenario.other_vm.ips[0].ip = "10.0.0.2".into();
        },
        start_error("L3.1000"),
    ),
    dry_run_succeeds(
        Start,
        "the ISO is ready",
        |scenario| scenario.other_iso.info.status = ImageStatus::Creating,
        start_error("SYS.1006"),
    ),
    dry_run_succeeds(
        Start,
        "the ISO is on a connected backup storage",
        |scenario| scenario.storages.backup[0].storage.status = Connection::Disconnected,
        start_error("SYS.1006"),
    ),
    dry_run_succeeds(
        Start,
        "the ISO is on a backup storage of the zone",
        |scenario| scenario.storages.backup[0].zone_uuids = vec![OTHER_ZONE.into()],
        start_error("SYS.1006"),
    ),
    dry_run_succeeds(
        Start,
        "the reference of the ISO is not deleted",
        |scenario| scenario.other_iso.refs[0].status = ImageStatus::Deleted,
        start_error("SYS.1006"),
    ),
    dry_run_succeeds(
        Start,
        "the ISO exists",
        |scenario| scenario.vm.cd_roms[1].iso_uuid = Some(UNKNOWN.into()),
        start_error("SYS.1006"),
    ),
    row(Start, "success of the first start", make_created, None),
    row(
        Start,
        "success of the first start without a cached image",
        |scenario| {
            make_created(scenario);
            scenario.caches.clear();
        },
        None,
    ),
    row(Start, "success with new addresses", remove_addresses, None),
    row(
        Start,
        "success in a network without addresses",
        |scenario| {
            remove_addresses(scenario);
            scenario.other_vm.ips.clear();
            scenario.ranges.clear();
        },
        None,
    ),
    row(
        Start,
        "success on a requested host",
        |scenario| scenario.request.host = Some(OTHER_HOST.into()),
        None,
    ),
    row(
        Start,
        "success in a requested cluster",
        |scenario| scenario.request.cluster = Some(OTHER_CLUSTER.into()),
        None,
    ),
    row(
        Start,
        "success on a host of the requested cluster",
        |scenario| {
            scenario.request.cluster = Some(CLUSTER.into());
            scenario.request.host = Some(HOST.into());
        },
        None,
    ),
    row(
        Start,
        "success when Running, in any state of the hosts",
        |scenario| {
            scenario.vm.instance.state = VmState::Running;
            scenario.infrastructure.hosts[0].status = Connection::Disconnected;
        },
        None,
    ),
    dry_run_succeeds(
        Stop,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Created,
        state_error("VM.1002", "cannot be stopped"),
    ),
    dry_run_succeeds(
        Reboot,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Paused,
        state_error("VM.1003", "cannot be rebooted"),
    ),
    dry_run_succeeds(
        Reboot,
        "the ISO is ready",
        |scenario| scenario.other_iso.info.status = ImageStatus::Error,
        ISO_MISSING,
    ),
    dry_run_succeeds(
        Reboot,
        "the ISO is on a connected backup storage",
        |scenario| scenario.storages.backup[0].storage.status = Connection::Disconnected,
        ISO_MISSING,
    ),
    row(
        Reboot,
        "success without an ISO, in any state of the backup storage",
        |scenario| {
            scenario.vm.cd_roms[1].iso_uuid = None;
            scenario.storages.backup[0].storage.status = Connection::Disconnected;
        },
        None,
    ),
    dry_run_succeeds(
        Pause,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Stopped,
        state_error("VM.1012", "cannot be paused"),
    ),
    dry_run_succeeds(
        Resume,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Running,
        state_error("VM.1013", "cannot be resumed"),
    ),
    dry_run_succeeds(
        Recover,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Stopped,
        state_error("SYS.1006", "cannot be recovered"),
    ),
    dry_run_succeeds(
        Expunge,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Stopped,
        state_error("SYS.1006", "cannot be expunged"),
    ),
    row(Destroy, "success for an unknown UUID", |scenario| scenario.request.vm = UNKNOWN.into(), None),
    row(
        Destroy,
        "success when Destroyed already",
        |scenario| scenario.vm.instance.state = VmState::Destroyed,
        None,
    ),
    dry_run_succeeds(
        DeleteDrive,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Paused,
        state_error("SYS.1006", "delete a CD-ROM drive of"),
    ),
    row(
        DeleteDrive,
        "success for an unknown UUID",
        |scenario| scenario.request.target_drive = UNKNOWN.into(),
        None,
    ),
    row(
        DeleteDrive,
        "success for the default drive",
        |scenario| scenario.request.target_drive = scenario.vm.cd_roms[0].uuid.clone(),
        None,
    ),
    row(
        UpdateDrive,
        "success in any state",
        |scenario| scenario.vm.instance.state = VmState::Destroyed,
        None,
    ),
    row(
        DefaultDrive,
        "the drive is of this VM",
        |scenario| scenario.request.target_drive = drive(OTHER_VM, 0, None).uuid,
        error("SYS.1007", "of another VM instance"),
    ),
    row(
        DefaultDrive,
        "the drive is not the default drive",
        |scenario| scenario.request.target_drive = scenario.vm.cd_roms[0].uuid.clone(),
        error("SYS.1007", "already is the default drive"),
    ),
    row(
        DefaultDrive,
        "success without a default drive",
        |scenario| drop(scenario.vm.cd_roms.remove(0)),
        None,
    ),
    row(DefaultDrive, "success in any state", |scenario| scenario.vm.instance.state = VmState::Running, None),
];
