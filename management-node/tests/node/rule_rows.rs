//! The rows of all rule tables: a change of the scenario, and the expected result.

use zstack_node::model::ADMIN_UUID;

use crate::records::{BackupStorageKind, Connection, ImageStatus, MediaType, VmState};
use crate::scenario::{
    ALICE, ISO, OTHER_ISO, OTHER_VM, OTHER_ZONE, Scenario, TEMPLATE, UNKNOWN, VM, cache, drive,
};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operation {
    Attach,
    Detach,
    Reimage,
    Create,
    Candidates,
    Start,
    Stop,
    Reboot,
    Pause,
    Resume,
    Destroy,
    Recover,
    Expunge,
    DeleteDrive,
    UpdateDrive,
    DefaultDrive,
}

use Operation::{Attach, Candidates, Create, Detach, Reimage};

/// The expected error: its code, the code of its cause, and a part of its details
/// that is unique among the rows of the operation. `None` for success.
pub(crate) type Expected = Option<(&'static str, &'static str, &'static str)>;

#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) operation: Operation,
    pub(crate) name: &'static str,
    pub(crate) arrange: fn(&mut Scenario),
    pub(crate) expected: Expected,
    /// True if a dry run has the same result.
    pub(crate) dry: bool,
}

pub(crate) const fn row(
    operation: Operation,
    name: &'static str,
    arrange: fn(&mut Scenario),
    expected: Expected,
) -> Row {
    Row { operation, name, arrange, expected, dry: true }
}

/// A row that a dry run does not check.
pub(crate) const fn dry_run_succeeds(
    operation: Operation,
    name: &'static str,
    arrange: fn(&mut Scenario),
    expected: Expected,
) -> Row {
    Row { operation, name, arrange, expected, dry: false }
}

pub(crate) const fn error(code: &'static str, details: &'static str) -> Expected {
    Some((code, "", details))
}

const WRONG_STATE: Expected = Some(("SYS.1006", "VM.1010", "in its present state"));

/// The rows in the order of the rule tables.
pub(crate) const ROWS: &[Row] = &[
    row(
        Attach,
        "1 the VM exists",
        |scenario| scenario.request.vm = UNKNOWN.into(),
        error("SYS.1003", "[vmInstanceUuid]"),
    ),
    row(
        Attach,
        "1 the image exists",
        |scenario| scenario.request.iso = UNKNOWN.into(),
        error("SYS.1003", "[isoUuid]"),
    ),
    row(
        Attach,
        "2 the session is valid",
        |scenario| scenario.expired = true,
        error("ID.1001", "Session expired"),
    ),
    row(
        Attach,
        "2 permission on the VM",
        |scenario| {
            scenario.call_as_alice();
            scenario.vm.instance.account_uuid = ADMIN_UUID.into();
        },
        error("SYS.1006", "Permission denied: the VM instance"),
    ),
    row(
        Attach,
        "2 permission on the image",
        |scenario| {
            scenario.call_as_alice();
            scenario.vm.instance.account_uuid = ALICE.into();
            scenario.iso.info.shared = false;
        },
        error("SYS.1006", "Permission denied: the image"),
    ),
    row(
        Attach,
        "3 not attached already",
        |scenario| scenario.vm.cd_roms[1].iso_uuid = Some(ISO.into()),
        error("SYS.1006", "is already attached"),
    ),
    row(
        Attach,
        "4 the image is an ISO",
        |scenario| scenario.iso.info.media_type = MediaType::DataVolumeTemplate,
        error("SYS.1007", "only an ISO can be attached"),
    ),
    row(
        Attach,
        "5 the tagged drive exists",
        |scenario| scenario.request.drive = Some(UNKNOWN.into()),
        error("SYS.1006", "names a CD-ROM drive that does not exist"),
    ),
    row(
        Attach,
        "5 the tagged drive is of this VM",
        |scenario| scenario.request.drive = Some(drive(OTHER_VM, 0, None).uuid),
        error("SYS.1006", "names a CD-ROM drive of another VM instance"),
    ),
    row(
        Attach,
        "6 the tagged drive is empty",
        |scenario| scenario.request.drive = Some(drive(VM, 1, None).uuid),
        error("SYS.1006", "already has the ISO"),
    ),
    dry_run_succeeds(
        Attach,
        "7 the state",
        |scenario| scenario.vm.instance.state = VmState::Destroyed,
        WRONG_STATE,
    ),
    dry_run_succeeds(
        Attach,
        "8 the storages are compatible",
        |scenario| scenario.storages.backup[0].storage.kind = BackupStorageKind::Simulator,
        error("SYS.1006", "is neither cached on the primary storage"),
    ),
    dry_run_succeeds(
        Attach,
        "9 an empty drive",
        |scenario| scenario.vm.cd_roms[0].iso_uuid = Some(UNKNOWN.into()),
        error("SYS.1006", "has no empty CD-ROM drive"),
    ),
    dry_run_succeeds(
        Attach,
        "11 the image is ready, for a running VM",
        |scenario| {
            scenario.vm.instance.state = VmState::Running;
            scenario.iso.info.status = ImageStatus::Downloading;
        },
        error("SYS.1006", "is Downloading"),
    ),
    dry_run_succeeds(
        Attach,
        "11 a connected backup storage, for a running VM",
        |scenario| {
            scenario.vm.instance.state = VmState::Running;
            scenario.storages.backup[0].storage.status = Connection::Disconnected;
        },
        error("SYS.1006", "No connected backup storage"),
    ),
    dry_run_succeeds(
        Attach,
        "11 a backup storage in the zone, for a paused VM",
        |scenario| {
            scenario.vm.instance.state = VmState::Paused;
            scenario.storages.backup[0].zone_uuids = vec![OTHER_ZONE.into()];
        },
        error("SYS.1006", "No connected backup storage"),
    ),
    dry_run_succeeds(
        Attach,
        "11 a reference that is not deleted, for a running VM",
        |scenario| {
            scenario.vm.instance.state = VmState::Running;
            scenario.iso.refs[0].status = ImageStatus::Deleted;
        },
        error("SYS.1006", "No connected backup storage"),
    ),
    row(
        Attach,
        "success when Stopped, in any state of the backup storage",
        |scenario| {
            scenario.storages.backup[0].storage.status = Connection::Disconnected;
            scenario.iso.info.status = ImageStatus::Downloading;
        },
        None,
    ),
    row(Attach, "success when Running", |scenario| scenario.vm.instance.state = VmState::Running, None),
    row(Attach, "success when Paused", |scenario| scenario.vm.instance.state = VmState::Paused, None),
    row(
        Attach,
        "success when cached, without a reference",
        |scenario| {
            scenario.iso.refs.clear();
            scenario.caches.push(cache(ISO, MediaType::Iso));
        },
        None,
    ),
    row(
        Attach,
        "success while another VM has the ISO",
        |scenario| scenario.other_vm.cd_roms[0].iso_uuid = Some(ISO.into()),
        None,
    ),
    row(
        Attach,
        "success for own resources",
        |scenario| {
            scenario.call_as_alice();
            scenario.vm.instance.account_uuid = ALICE.into();
            scenario.iso.info.shared = true;
        },
        None,
    ),
    row(
        Attach,
        "success into the tagged drive",
        |scenario| scenario.request.drive = Some(drive(VM, 0, None).uuid),
        None,
    ),
    row(
        Detach,
        "the VM exists",
        |scenario| scenario.request.vm = UNKNOWN.into(),
        error("SYS.1003", "[vmInstanceUuid]"),
    ),
    row(
        Detach,
        "the session is valid",
        |scenario| scenario.expired = true,
        error("ID.1001", "Session expired"),
    ),
    row(Detach, "permission on the VM", Scenario::call_as_alice, error("SYS.1006", "Permission denied")),
    row(
        Detach,
        "one of several attached ISOs is given",
        |scenario| {
            scenario.vm.cd_roms[0].iso_uuid = Some(ISO.into());
            scenario.vm.cd_roms[1].iso_uuid = Some(OTHER_ISO.into());
            scenario.request.optional_iso = None;
        },
        error("SYS.1006", "has 2 ISOs attached; [isoUuid] must name one"),
    ),
    dry_run_succeeds(
        Detach,
        "the state, even when nothing is attached",
        |scenario| {
            scenario.vm.instance.state = VmState::Starting;
            scenario.vm.cd_roms[1].iso_uuid = None;
        },
        WRONG_STATE,
    ),
    row(Detach, "success when nothing is attached", |scenario| scenario.vm.cd_roms[1].iso_uuid = None, None),
    row(
        Detach,
        "success without a UUID when one is attached",
        |scenario| scenario.request.optional_iso = None,
        None,
    ),
    row(
        Detach,
        "success with the UUID of the attached ISO",
        |scenario| scenario.request.optional_iso = Some(OTHER_ISO.into()),
        None,
    ),
    row(
        Detach,
        "success with another UUID",
        |scenario| scenario.request.optional_iso = Some("not even hex".into()),
        None,
    ),
    row(
        Detach,
        "success with an empty UUID",
        |scenario| scenario.request.optional_iso = Some(String::new()),
        None,
    ),
    row(
        Reimage,
        "1 the VM exists",
        |scenario| scenario.request.vm = UNKNOWN.into(),
        error("SYS.1003", "[vmInstanceUuid]"),
    ),
    row(
        Reimage,
        "1 the session is valid",
        |scenario| scenario.expired = true,
        error("ID.1001", "Session expired"),
    ),
    row(Reimage, "1 permission on the VM", Scenario::call_as_alice, error("SYS.1006", "Permission denied")),
    dry_run_succeeds(
        Reimage,
        "2 the state",
        |scenario| scenario.vm.instance.state = VmState::Running,
        error("VM.1014", "stop it first"),
    ),
    dry_run_succeeds(
        Reimage,
        "3 the VM was created from an image",
        |scenario| scenario.vm.volumes[0].root_image_uuid = None,
        error("VM.1016", "was not created from an image"),
    ),
    dry_run_succeeds(
        Reimage,
        "3 a cached copy is stored",
        |scenario| scenario.caches.clear(),
        error("VM.1016", "no cached copy"),
    ),
    dry_run_succeeds(
        Reimage,
        "4 the image is not an ISO",
        |scenario| {
            scenario.vm.volumes[0].root_image_uuid = Some(ISO.into());
            scenario.caches.push(cache(ISO, MediaType::Iso));
        },
        error("VM.1015", "was created from the ISO"),
    ),
    dry_run_succeeds(
        Reimage,
        "5 the primary storage has a cached copy, or the image exists",
        |scenario| {
            scenario.template = None;
            let mut other = scenario.storages.primary[0].clone();
            other.uuid = UNKNOWN.into();
            scenario.storages.primary.push(other);
            scenario.caches[0].primary_storage_uuid = UNKNOWN.into();
        },
        error("SYS.1006", "no longer exists"),
    ),
    row(Reimage, "success", |_| {}, None),
    row(Reimage, "success when the image is deleted but cached", |scenario| scenario.template = None, None),
    row(
        Create,
        "no control characters in the name",
        |scenario| scenario.request.name = "a\0b".into(),
        error("SYS.1007", "[name] contains the control character"),
    ),
    row(
        Create,
        "the VM exists",
        |scenario| scenario.request.vm = UNKNOWN.into(),
        error("SYS.1003", "[vmInstanceUuid]"),
    ),
    row(
        Create,
        "the image exists",
        |scenario| scenario.request.optional_iso = Some(UNKNOWN.into()),
        error("SYS.1003", "[isoUuid]"),
    ),
    row(
        Create,
        "an empty image UUID is unknown",
        |scenario| scenario.request.optional_iso = Some(String::new()),
        error("SYS.1003", "[isoUuid]"),
    ),
    row(
        Create,
        "the tag patterns exist",
        |scenario| scenario.request.tag_uuids = vec![UNKNOWN.into()],
        error("SYS.1003", "[tagUuids]"),
    ),
    row(
        Create,
        "the session is valid",
        |scenario| scenario.expired = true,
        error("ID.1001", "Session expired"),
    ),
    row(
        Create,
        "permission on the VM",
        |scenario| {
            scenario.call_as_alice();
            scenario.vm.instance.account_uuid = ADMIN_UUID.into();
        },
        error("SYS.1006", "Permission denied: the VM instance"),
    ),
    row(
        Create,
        "permission on the image",
        |scenario| {
            scenario.call_as_alice();
            scenario.vm.instance.account_uuid = ALICE.into();
            scenario.iso.info.shared = false;
        },
        error("SYS.1006", "Permission denied: the image"),
    ),
    row(
        Create,
        "the tags are known",
        |scenario| scenario.request.system_tags = vec!["ephemeral::fine".into(), "colour::red".into()],
        error("SYS.1007", "does not match a known tag pattern"),
    ),
    row(
        Create,
        "administrator tags require the administrator",
        |scenario| {
            scenario.call_as_alice();
            scenario.vm.instance.account_uuid = ALICE.into();
            scenario.iso.info.shared = true;
            scenario.request.system_tags = vec!["bootOrder::CdRom".into()];
        },
        error("SYS.1006", "which only admin may set"),
    ),
    row(
        Create,
        "the state",
        |scenario| scenario.vm.instance.state = VmState::Running,
        error("SYS.1007", "while it is Stopped"),
    ),
    row(
        Create,
        "at most three drives",
        |scenario| scenario.vm.cd_roms = (0..3).map(|id| drive(VM, id, None)).collect(),
        error("SYS.1006", "already has 3 CD-ROM drives"),
    ),
    row(
        Create,
        "the ISO is not attached already",
        |scenario| scenario.vm.cd_roms[1].iso_uuid = Some(ISO.into()),
        error("SYS.1006", "already has the ISO"),
    ),
    row(
        Create,
        "the image is an ISO",
        |scenario| scenario.iso.info.media_type = MediaType::DataVolumeTemplate,
        error("SYS.1007", "only an ISO can be attached"),
    ),
    row(Create, "success with an ISO", |_| {}, None),
    row(Create, "success without an ISO", |scenario| scenario.request.optional_iso = None, None),
    row(
        Create,
        "success with known tags",
        |scenario| scenario.request.system_tags = vec!["hostname::a".into(), "bootOrder::CdRom".into()],
        None,
    ),
    row(
        Candidates,
        "the image exists",
        |scenario| scenario.request.iso = UNKNOWN.into(),
        error("SYS.1003", "[isoUuid]"),
    ),
    row(
        Candidates,
        "the session is valid",
        |scenario| scenario.expired = true,
        error("ID.1001", "Session expired"),
    ),
    row(
        Candidates,
        "permission on the image",
        |scenario| {
            scenario.call_as_alice();
            scenario.iso.info.shared = false;
        },
        error("SYS.1006", "Permission denied: the image"),
    ),
    row(
        Candidates,
        "success for a shared image",
        |scenario| {
            scenario.call_as_alice();
            scenario.iso.info.shared = true;
        },
        None,
    ),
    row(Candidates, "success", |_| {}, None),
    row(Candidates, "success for any media type", |scenario| scenario.request.iso = TEMPLATE.into(), None),
    row(Candidates, "success without references", |scenario| scenario.iso.refs.clear(), None),
];
