//! The rows of `rule_rows`, on the rules directly, in the order they are stated
//! in, and once more through the service.

use jiff::tz::TimeZone;
use tokio::task::JoinSet;
use zstack_node::model::{BackupStorageKind, PrimaryStorageKind, VmState, Word as _};
use zstack_node::rules::reimage::NewUuids;
use zstack_node::rules::{Verdict, attach_iso, candidates, create_cd_rom, detach_iso, reimage, works_with};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use crate::lifecycle_table::world_for;
use crate::local::{Answer, Local, NOON};
use crate::rule_rows::Operation::{self, Attach, Candidates, Create, Detach, Reimage};
use crate::rule_rows::{Expected, ROWS, Row};
use crate::world::{SESSION, VM, World};
use crate::{lifecycle_rows, lifecycle_table};

fn rows() -> Vec<Row> {
    let mut rows = ROWS.to_vec();
    rows.extend(lifecycle_rows::rows());
    rows
}

/// Asks the rules directly.
fn decide(world: &World, operation: Operation, dry: bool) -> Verdict<()> {
    let ask = world.ask.clone();
    let (caller, vm) = (world.caller(), world.find_vm(&ask.vm));
    match operation {
        Attach => {
            let facts = attach_iso::Facts {
                caller,
                vm,
                iso: world.find_image(&ask.iso),
                drive: ask.drive.as_deref().and_then(|drive| world.find_drive(drive)),
                caches: world.caches_of(&ask.iso),
                storages: world.storages.clone(),
                vm_uuid: ask.vm,
                iso_uuid: ask.iso,
                drive_uuid: ask.drive,
            };
            let admitted = attach_iso::admit(&facts)?;
            if dry { Ok(()) } else { admitted.decide(NOON).map(|_| ()) }
        }
        Detach => {
            let facts = detach_iso::Facts { vm_uuid: ask.vm, iso_uuid: ask.optional_iso, caller, vm };
            let admitted = detach_iso::admit(&facts)?;
            if dry { Ok(()) } else { admitted.decide(NOON).map(|_| ()) }
        }
        Reimage => {
            let image =
                vm.as_ref().and_then(|it| it.root_volume()?.root_image_uuid.clone()).unwrap_or_default();
            let facts = reimage::Facts {
                vm_uuid: ask.vm,
                caller,
                vm,
                image: world.find_image(&image),
                caches: world.caches_of(&image),
                latest_snapshot: None,
            };
            let new = NewUuids { snapshot: "s".into(), tree: "t".into(), file: "f".into() };
            let admitted = reimage::admit(&facts)?;
            if dry { Ok(()) } else { admitted.decide(NOON, &TimeZone::UTC, new).map(|_| ()) }
        }
        Create => {
            let facts = create_cd_rom::Facts {
                caller,
                vm,
                iso: ask.optional_iso.as_deref().and_then(|optional_iso| world.find_image(optional_iso)),
                vm_uuid: ask.vm,
                iso_uuid: ask.optional_iso,
                name: ask.name,
                description: None,
                resource_uuid: ask.resource_uuid,
                tag_uuids: ask.tag_uuids,
                system_tags: ask.system_tags,
            };
            create_cd_rom::admit(&facts).map(|_| ())
        }
        Candidates => {
            let iso = world.find_image(&ask.iso);
            let facts =
                candidates::Facts { iso_uuid: ask.iso, caller, iso, storages: world.storages.clone() };
            candidates::admit(&facts).map(|_| ())
        }
        other => lifecycle_table::decide(world, other, dry),
    }
}

/// Asks the service.
async fn call(world: &World, operation: Operation, dry: bool) -> Answer {
    let store = SqliteStore::temporary().unwrap();
    store.commit(world.records()).await.unwrap();
    let mut local = Local::over(store, false).await;
    local.session = SESSION.to_owned();
    let ask = &world.ask;
    let tags = |more: &[String]| {
        let mut all = more.to_vec();
        all.extend(dry.then(|| "ephemeral::validationOnly".to_owned()));
        serde_json::to_string(&all).unwrap()
    };
    let query = if dry { "systemTags=ephemeral%3A%3AvalidationOnly" } else { "" };
    let vm = &ask.vm;
    let before = local.app.store().vm(VM).await;
    let answer = match operation {
        Attach => {
            let drive: Vec<_> = ask.drive.iter().map(|drive| format!("cdromUuid::{drive}")).collect();
            let body = format!(r#"{{"systemTags":{}}}"#, tags(&drive));
            local.send("POST", &format!("/zstack/v1/vm-instances/{vm}/iso/{}", ask.iso), &body).await
        }
        Detach => {
            let named = ask
                .optional_iso
                .as_ref()
                .map(|optional_iso| format!("isoUuid={}&", optional_iso.replace(' ', "+")));
            local.detach(vm, &format!("?{}{query}", named.unwrap_or_default())).await
        }
        Reimage => {
            let body = format!(r#"{{"reimageVmInstance":{{}},"systemTags":{}}}"#, tags(&[]));
            local.send("PUT", &format!("/zstack/v1/vm-instances/{vm}/actions"), &body).await
        }
        Create => {
            let mut params =
                serde_json::json!({"name": ask.name, "vmInstanceUuid": vm, "tagUuids": ask.tag_uuids});
            if let Some(iso) = &ask.optional_iso {
                params["isoUuid"] = iso.as_str().into();
            }
            let body = format!(r#"{{"params":{params},"systemTags":{}}}"#, tags(&ask.system_tags));
            local.send("POST", "/zstack/v1/vm-instances/cdroms", &body).await
        }
        Candidates => {
            local.send("GET", &format!("/zstack/v1/images/iso/{}/vm-candidates?{query}", ask.iso), "").await
        }
        other => lifecycle_table::call(&local, ask, other, dry).await,
    };
    if dry {
        assert_eq!(local.app.store().vm(VM).await, before, "{operation:?} is not dry");
    }
    answer
}

fn matches(verdict: &Verdict<()>, expected: Expected) -> bool {
    match (verdict, expected) {
        (Ok(()), None) => true,
        (Err(error), Some((code, cause, details))) => {
            error.code == code
                && error.cause.as_ref().map_or("", |cause| cause.code.as_str()) == cause
                && error.details.as_ref().is_some_and(|detail| detail.contains(details))
        }
        _ => false,
    }
}

#[test]
fn every_row_on_the_rules() {
    for row in rows() {
        let mut world = world_for(row.operation);
        (row.spoil)(&mut world);
        let verdict = decide(&world, row.operation, false);
        assert!(matches(&verdict, row.expected), "{:?} {}: {verdict:?}", row.operation, row.name);
        let dry = decide(&world, row.operation, true);
        let expected = row.expected.filter(|_| row.dry);
        assert!(matches(&dry, expected), "dry {:?} {}: {dry:?}", row.operation, row.name);
    }
}

/// When two rows do not hold, the earlier one is the answer.
#[test]
fn the_order_of_the_rows() {
    let rows = rows();
    for (index, first) in rows.iter().enumerate().filter(|(_, it)| it.expected.is_some()) {
        for second in &rows[index + 1..] {
            if second.operation != first.operation || second.expected.is_none() {
                continue;
            }
            let mut world = world_for(first.operation);
            // What the earlier one spoils must stay so.
            (second.spoil)(&mut world);
            (first.spoil)(&mut world);
            let verdict = decide(&world, first.operation, false);
            let earlier = matches(&verdict, first.expected);
            assert!(earlier, "{:?} {} before {}: {verdict:?}", first.operation, first.name, second.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_through_the_service() {
    // Each has a store of its own, which waits for the disk most of the time.
    for some in rows().chunks(16) {
        let mut all = JoinSet::new();
        for row in some.iter().copied() {
            all.spawn(through_the_service(row));
        }
        all.join_all().await;
    }
}

async fn through_the_service(row: Row) {
    for dry in [false, true] {
        let mut world = world_for(row.operation);
        (row.spoil)(&mut world);
        let (status, answer) = call(&world, row.operation, dry).await;
        let of_row = format!("{:?} {} (dry: {dry}): {status} {answer}", row.operation, row.name);
        match row.expected.filter(|_| row.dry || !dry) {
            None if dry => assert_eq!((status, answer.to_string().as_str()), (200, "{}"), "{of_row}"),
            None => assert!(status == 200 && answer.as_object().unwrap().len() <= 1, "{of_row}"),
            Some((code, cause, details)) => {
                let error = &answer["error"];
                assert_eq!((status, error["code"].as_str()), (503, Some(code)), "{of_row}");
                assert_eq!(error["cause"]["code"].as_str().unwrap_or(""), cause, "{of_row}");
                assert!(error["details"].as_str().unwrap().contains(details), "{of_row}");
                assert!(!error["description"].as_str().unwrap().is_empty(), "{of_row}");
            }
        }
    }
}

/// Which states allow what.
#[test]
fn states() {
    for state in VmState::ALL {
        let mut world = World::new();
        world.vm.instance.state = *state;
        let here = matches!(state, VmState::Running | VmState::Paused | VmState::Stopped);
        assert_eq!(decide(&world, Attach, false).is_ok(), here, "{state}");
        assert_eq!(decide(&world, Detach, false).is_ok(), here, "{state}");
        assert_eq!(decide(&world, Reimage, false).is_ok(), *state == VmState::Stopped, "{state}");
        assert_eq!(decide(&world, Create, false).is_ok(), *state == VmState::Stopped, "{state}");
    }
}

/// Which backup storage works with which primary storage.
#[test]
fn storages() {
    let world = World::new();
    let (primary, backup) = (&world.storages.primary[0], &world.storages.backup[0].storage);
    for backup_kind in BackupStorageKind::ALL {
        for primary_kind in PrimaryStorageKind::ALL {
            let (mut primary, mut backup) = (primary.clone(), backup.clone());
            primary.kind = *primary_kind;
            backup.kind = *backup_kind;
            let file = matches!(
                primary_kind,
                PrimaryStorageKind::Nfs
                    | PrimaryStorageKind::SharedMountPoint
                    | PrimaryStorageKind::LocalStorage
            );
            let ceph = *primary_kind == PrimaryStorageKind::Ceph;
            let (expected, same_ceph) = match backup_kind {
                BackupStorageKind::Sftp => (file, false),
                BackupStorageKind::ImageStore => (file || ceph, false),
                BackupStorageKind::Ceph => (false, ceph),
                BackupStorageKind::Simulator => (*primary_kind == PrimaryStorageKind::Simulator, false),
            };
            assert_eq!(works_with(&backup, &primary), expected, "{backup_kind} {primary_kind}");
            (primary.fsid, backup.fsid) = (Some("a".into()), Some("a".into()));
            assert_eq!(works_with(&backup, &primary), expected || same_ceph, "{backup_kind} {primary_kind}");
            primary.fsid = Some("b".into());
            assert_eq!(works_with(&backup, &primary), expected, "{backup_kind} {primary_kind}");
        }
    }
}
