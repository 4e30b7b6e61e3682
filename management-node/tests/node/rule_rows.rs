//! Every row of every rule, named after what it checks: what is wrong with the
//! world, and what is answered to that.

use zstack_node::model::{ADMIN_UUID, BackupStorageKind, Connection, ImageStatus, MediaType, VmState};

use crate::world::{ALICE, ELSEWHERE, ISO, NOWHERE, OTHER_ISO, OTHER_VM, TEMPLATE, VM, World, cache, drive};

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

/// What is expected: the code, the code of the cause, and a part of the
/// details that no other row of the operation has. Nothing is success.
pub(crate) type Expected = Option<(&'static str, &'static str, &'static str)>;

#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) operation: Operation,
    pub(crate) name: &'static str,
    pub(crate) spoil: fn(&mut World),
    pub(crate) expected: Expected,
    /// Whether a dry run finds it, too.
    pub(crate) dry: bool,
}

pub(crate) const fn row(
    operation: Operation,
    name: &'static str,
    spoil: fn(&mut World),
    expected: Expected,
) -> Row {
    Row { operation, name, spoil, expected, dry: true }
}

/// A row that only counts when it is really done.
pub(crate) const fn late(
    operation: Operation,
    name: &'static str,
    spoil: fn(&mut World),
    expected: Expected,
) -> Row {
    Row { operation, name, spoil, expected, dry: false }
}

pub(crate) const fn refused(code: &'static str, details: &'static str) -> Expected {
    Some((code, "", details))
}

const WRONG_STATE: Expected = Some(("SYS.1006", "VM.1010", "in its present state"));

/// In the order in which the rules state them.
pub(crate) const ROWS: &[Row] = &[
    row(Attach, "1 the VM exists", |it| it.ask.vm = NOWHERE.into(), refused("SYS.1003", "[vmInstanceUuid]")),
    row(Attach, "1 the image exists", |it| it.ask.iso = NOWHERE.into(), refused("SYS.1003", "[isoUuid]")),
    row(Attach, "2 the session holds", |it| it.expired = true, refused("ID.1001", "Session expired")),
    row(
        Attach,
        "2 permission on the VM",
        |it| {
            it.as_alice();
            it.vm.instance.account_uuid = ADMIN_UUID.into();
        },
        refused("SYS.1006", "Permission denied: the VM instance"),
    ),
    row(
        Attach,
        "2 permission on the image",
        |it| {
            it.as_alice();
            it.vm.instance.account_uuid = ALICE.into();
            it.iso.info.shared = false;
        },
        refused("SYS.1006", "Permission denied: the image"),
    ),
    row(
        Attach,
        "3 not attached already",
        |it| it.vm.cd_roms[1].iso_uuid = Some(ISO.into()),
        refused("SYS.1006", "is already attached"),
    ),
    row(
        Attach,
        "4 the image is an ISO",
        |it| it.iso.info.media_type = MediaType::DataVolumeTemplate,
        refused("SYS.1007", "only an ISO can be attached"),
    ),
    row(
        Attach,
        "5 the tagged drive exists",
        |it| it.ask.drive = Some(NOWHERE.into()),
        refused("SYS.1006", "names a CD-ROM drive that does not exist"),
    ),
    row(
        Attach,
        "5 the tagged drive is of this VM",
        |it| it.ask.drive = Some(drive(OTHER_VM, 0, None).uuid),
        refused("SYS.1006", "names a CD-ROM drive of another VM instance"),
    ),
    row(
        Attach,
        "6 the tagged drive is empty",
        |it| it.ask.drive = Some(drive(VM, 1, None).uuid),
        refused("SYS.1006", "already holds the ISO"),
    ),
    late(Attach, "7 the state", |it| it.vm.instance.state = VmState::Destroyed, WRONG_STATE),
    late(
        Attach,
        "8 the storages work together",
        |it| it.storages.backup[0].storage.kind = BackupStorageKind::Simulator,
        refused("SYS.1006", "is neither cached on the primary storage"),
    ),
    late(
        Attach,
        "9 an empty drive",
        |it| it.vm.cd_roms[0].iso_uuid = Some(NOWHERE.into()),
        refused("SYS.1006", "has no empty CD-ROM drive"),
    ),
    late(
        Attach,
        "11 the image is ready, for a running VM",
        |it| {
            it.vm.instance.state = VmState::Running;
            it.iso.info.status = ImageStatus::Downloading;
        },
        refused("SYS.1006", "is Downloading"),
    ),
    late(
        Attach,
        "11 a connected backup storage, for a running VM",
        |it| {
            it.vm.instance.state = VmState::Running;
            it.storages.backup[0].storage.status = Connection::Disconnected;
        },
        refused("SYS.1006", "No connected backup storage"),
    ),
    late(
        Attach,
        "11 in the zone, for a paused VM",
        |it| {
            it.vm.instance.state = VmState::Paused;
            it.storages.backup[0].zone_uuids = vec![ELSEWHERE.into()];
        },
        refused("SYS.1006", "No connected backup storage"),
    ),
    late(
        Attach,
        "11 with a ref that is not deleted, for a running VM",
        |it| {
            it.vm.instance.state = VmState::Running;
            it.iso.refs[0].status = ImageStatus::Deleted;
        },
        refused("SYS.1006", "No connected backup storage"),
    ),
    row(
        Attach,
        "success when Stopped, whatever the backup storage",
        |it| {
            it.storages.backup[0].storage.status = Connection::Disconnected;
            it.iso.info.status = ImageStatus::Downloading;
        },
        None,
    ),
    row(Attach, "success when Running", |it| it.vm.instance.state = VmState::Running, None),
    row(Attach, "success when Paused", |it| it.vm.instance.state = VmState::Paused, None),
    row(
        Attach,
        "success when cached, without a ref",
        |it| {
            it.iso.refs.clear();
            it.caches.push(cache(ISO, MediaType::Iso));
        },
        None,
    ),
    row(
        Attach,
        "success while another VM has the ISO",
        |it| it.other_vm.cd_roms[0].iso_uuid = Some(ISO.into()),
        None,
    ),
    row(
        Attach,
        "success on own resources",
        |it| {
            it.as_alice();
            it.vm.instance.account_uuid = ALICE.into();
            it.iso.info.shared = true;
        },
        None,
    ),
    row(Attach, "success into the tagged drive", |it| it.ask.drive = Some(drive(VM, 0, None).uuid), None),
    row(Detach, "the VM exists", |it| it.ask.vm = NOWHERE.into(), refused("SYS.1003", "[vmInstanceUuid]")),
    row(Detach, "the session holds", |it| it.expired = true, refused("ID.1001", "Session expired")),
    row(Detach, "permission on the VM", World::as_alice, refused("SYS.1006", "Permission denied")),
    row(
        Detach,
        "several attached, none named",
        |it| {
            it.vm.cd_roms[0].iso_uuid = Some(ISO.into());
            it.vm.cd_roms[1].iso_uuid = Some(OTHER_ISO.into());
            it.ask.optional_iso = None;
        },
        refused("SYS.1006", "has 2 ISOs attached; [isoUuid] must name one"),
    ),
    late(
        Detach,
        "the state, even when nothing is attached",
        |it| {
            it.vm.instance.state = VmState::Starting;
            it.vm.cd_roms[1].iso_uuid = None;
        },
        WRONG_STATE,
    ),
    row(Detach, "success when nothing is attached", |it| it.vm.cd_roms[1].iso_uuid = None, None),
    row(Detach, "success when the only one is meant", |it| it.ask.optional_iso = None, None),
    row(Detach, "success when one is named", |it| it.ask.optional_iso = Some(OTHER_ISO.into()), None),
    row(
        Detach,
        "success when another is named",
        |it| it.ask.optional_iso = Some("not even hex".into()),
        None,
    ),
    row(Detach, "success when the empty text is named", |it| it.ask.optional_iso = Some(String::new()), None),
    row(Reimage, "1 the VM exists", |it| it.ask.vm = NOWHERE.into(), refused("SYS.1003", "[vmInstanceUuid]")),
    row(Reimage, "1 the session holds", |it| it.expired = true, refused("ID.1001", "Session expired")),
    row(Reimage, "1 permission on the VM", World::as_alice, refused("SYS.1006", "Permission denied")),
    late(
        Reimage,
        "2 the state",
        |it| it.vm.instance.state = VmState::Running,
        refused("VM.1014", "stop it first"),
    ),
    late(
        Reimage,
        "3 made from an image",
        |it| it.vm.volumes[0].root_image_uuid = None,
        refused("VM.1016", "was not made from an image"),
    ),
    late(Reimage, "3 a cached copy on record", |it| it.caches.clear(), refused("VM.1016", "no cached copy")),
    late(
        Reimage,
        "4 not an ISO",
        |it| {
            it.vm.volumes[0].root_image_uuid = Some(ISO.into());
            it.caches.push(cache(ISO, MediaType::Iso));
        },
        refused("VM.1015", "was made from the ISO"),
    ),
    late(
        Reimage,
        "5 cached where the root volume is, or the image is there",
        |it| {
            it.template = None;
            let mut elsewhere = it.storages.primary[0].clone();
            elsewhere.uuid = NOWHERE.into();
            it.storages.primary.push(elsewhere);
            it.caches[0].primary_storage_uuid = NOWHERE.into();
        },
        refused("SYS.1006", "is gone"),
    ),
    row(Reimage, "success", |_| {}, None),
    row(Reimage, "success when the image is gone, but cached", |it| it.template = None, None),
    row(
        Create,
        "no control characters in the name",
        |it| it.ask.name = "a\0b".into(),
        refused("SYS.1007", "[name] has the control character"),
    ),
    row(Create, "the VM exists", |it| it.ask.vm = NOWHERE.into(), refused("SYS.1003", "[vmInstanceUuid]")),
    row(
        Create,
        "the image exists",
        |it| it.ask.optional_iso = Some(NOWHERE.into()),
        refused("SYS.1003", "[isoUuid]"),
    ),
    row(
        Create,
        "the empty text is no image",
        |it| it.ask.optional_iso = Some(String::new()),
        refused("SYS.1003", "[isoUuid]"),
    ),
    row(
        Create,
        "the tag patterns exist",
        |it| it.ask.tag_uuids = vec![NOWHERE.into()],
        refused("SYS.1003", "[tagUuids]"),
    ),
    row(Create, "the session holds", |it| it.expired = true, refused("ID.1001", "Session expired")),
    row(
        Create,
        "permission on the VM",
        |it| {
            it.as_alice();
            it.vm.instance.account_uuid = ADMIN_UUID.into();
        },
        refused("SYS.1006", "Permission denied: the VM instance"),
    ),
    row(
        Create,
        "permission on the image",
        |it| {
            it.as_alice();
            it.vm.instance.account_uuid = ALICE.into();
            it.iso.info.shared = false;
        },
        refused("SYS.1006", "Permission denied: the image"),
    ),
    row(
        Create,
        "the tags are known",
        |it| it.ask.system_tags = vec!["ephemeral::fine".into(), "colour::red".into()],
        refused("SYS.1007", "matches no known pattern"),
    ),
    row(
        Create,
        "admin's tags are admin's",
        |it| {
            it.as_alice();
            it.vm.instance.account_uuid = ALICE.into();
            it.iso.info.shared = true;
            it.ask.system_tags = vec!["bootOrder::CdRom".into()];
        },
        refused("SYS.1006", "which only admin may set"),
    ),
    row(
        Create,
        "the state",
        |it| it.vm.instance.state = VmState::Running,
        refused("SYS.1007", "must be Stopped"),
    ),
    row(
        Create,
        "at most three drives",
        |it| it.vm.cd_roms = (0..3).map(|id| drive(VM, id, None)).collect(),
        refused("SYS.1006", "already has 3 CD-ROM drives"),
    ),
    row(
        Create,
        "the ISO is not in it already",
        |it| it.vm.cd_roms[1].iso_uuid = Some(ISO.into()),
        refused("SYS.1006", "already holds the ISO"),
    ),
    row(
        Create,
        "the image is an ISO",
        |it| it.iso.info.media_type = MediaType::DataVolumeTemplate,
        refused("SYS.1007", "takes only an ISO"),
    ),
    row(Create, "success with an ISO", |_| {}, None),
    row(Create, "success without an ISO", |it| it.ask.optional_iso = None, None),
    row(
        Create,
        "success with known tags",
        |it| it.ask.system_tags = vec!["hostname::a".into(), "bootOrder::CdRom".into()],
        None,
    ),
    row(Candidates, "the image exists", |it| it.ask.iso = NOWHERE.into(), refused("SYS.1003", "[isoUuid]")),
    row(Candidates, "the session holds", |it| it.expired = true, refused("ID.1001", "Session expired")),
    row(
        Candidates,
        "permission on the image",
        |it| {
            it.as_alice();
            it.iso.info.shared = false;
        },
        refused("SYS.1006", "Permission denied: the image"),
    ),
    row(
        Candidates,
        "success on a shared image",
        |it| {
            it.as_alice();
            it.iso.info.shared = true;
        },
        None,
    ),
    row(Candidates, "success", |_| {}, None),
    row(Candidates, "success for any media type", |it| it.ask.iso = TEMPLATE.into(), None),
    row(Candidates, "success without refs", |it| it.iso.refs.clear(), None),
];
