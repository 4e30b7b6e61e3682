//! Tests of the rows of `rule_rows`, directly on the rules and through the service.

use jiff::tz::TimeZone;
use tokio::task::JoinSet;
use zstack_node::model::{BackupStorageKind, PrimaryStorageKind, VmState, Word as _};
use zstack_node::rules::reimage::NewUuids;
use zstack_node::rules::{
    Verdict, attach_iso, create_cd_rom, detach_iso, is_compatible, reimage, vm_candidates,
};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use crate::lifecycle_table::scenario_for;
use crate::local::{Answer, Local, NOON};
use crate::rule_rows::Operation::{self, Attach, Candidates, Create, Detach, Reimage};
use crate::rule_rows::{Expected, ROWS, Row};
use crate::scenario::{SESSION, Scenario, VM};
use crate::{lifecycle_rows, lifecycle_table};

fn rows() -> Vec<Row> {
    let mut rows = ROWS.to_vec();
    rows.extend(lifecycle_rows::rows());
    rows
}

/// Applies the rules directly.
fn decide(scenario: &Scenario, operation: Operation, dry: bool) -> Verdict<()> {
    let request = scenario.request.clone();
    let (caller, vm) = (scenario.caller(), scenario.find_vm(&request.vm));
    match operation {
        Attach => {
            let facts = attach_iso::AttachIsoFacts {
                caller,
                vm,
                iso: scenario.find_image(&request.iso),
                drive: request.drive.as_deref().and_then(|drive| scenario.find_drive(drive)),
                caches: scenario.caches_of(&request.iso),
                storages: scenario.storages.clone(),
                vm_uuid: request.vm,
                iso_uuid: request.iso,
                drive_uuid: request.drive,
            };
            let admitted = attach_iso::admit(&facts)?;
            if dry { Ok(()) } else { admitted.decide(NOON).map(|_| ()) }
        }
        Detach => {
            let facts = detach_iso::DetachIsoFacts {
                vm_uuid: request.vm,
                iso_uuid: request.optional_iso,
                caller,
                vm,
            };
            let admitted = detach_iso::admit(&facts)?;
            if dry { Ok(()) } else { admitted.decide(NOON).map(|_| ()) }
        }
        Reimage => {
            let image =
                vm.as_ref().and_then(|vm| vm.root_volume()?.root_image_uuid.clone()).unwrap_or_default();
            let facts = reimage::ReimageFacts {
                vm_uuid: request.vm,
                caller,
                vm,
                image: scenario.find_image(&image),
                caches: scenario.caches_of(&image),
                latest_snapshot: None,
            };
            let new = NewUuids { snapshot: "s".into(), tree: "t".into(), file: "f".into() };
            let admitted = reimage::admit(&facts)?;
            if dry { Ok(()) } else { admitted.decide(NOON, &TimeZone::UTC, new).map(|_| ()) }
        }
        Create => {
            let facts = create_cd_rom::CreateCdRomFacts {
                caller,
                vm,
                iso: request
                    .optional_iso
                    .as_deref()
                    .and_then(|optional_iso| scenario.find_image(optional_iso)),
                vm_uuid: request.vm,
                iso_uuid: request.optional_iso,
                name: request.name,
                description: None,
                resource_uuid: request.resource_uuid,
                tag_uuids: request.tag_uuids,
                system_tags: request.system_tags,
            };
            create_cd_rom::admit(&facts).map(|_| ())
        }
        Candidates => {
            let iso = scenario.find_image(&request.iso);
            let storages = scenario.storages.clone();
            let facts = vm_candidates::VmCandidatesFacts { iso_uuid: request.iso, caller, iso, storages };
            vm_candidates::admit(&facts).map(|_| ())
        }
        other => lifecycle_table::decide(scenario, other, dry),
    }
}

/// Calls the service.
async fn call(scenario: &Scenario, operation: Operation, dry: bool) -> Answer {
    let store = SqliteStore::temporary().unwrap();
    store.commit(scenario.records()).await.unwrap();
    let mut local = Local::over(store, false).await;
    local.session = SESSION.to_owned();
    let request = &scenario.request;
    let tags = |more: &[String]| {
        let mut all = more.to_vec();
        all.extend(dry.then(|| "ephemeral::validationOnly".to_owned()));
        serde_json::to_string(&all).unwrap()
    };
    let query = if dry { "systemTags=ephemeral%3A%3AvalidationOnly" } else { "" };
    let vm = &request.vm;
    let before = local.app.store().vm(VM).await;
    let answer = match operation {
        Attach => {
            let drive: Vec<_> = request.drive.iter().map(|drive| format!("cdromUuid::{drive}")).collect();
            let body = format!(r#"{{"systemTags":{}}}"#, tags(&drive));
            local.send("POST", &format!("/zstack/v1/vm-instances/{vm}/iso/{}", request.iso), &body).await
        }
        Detach => {
            let iso_uuid = request
                .optional_iso
                .as_ref()
                .map(|optional_iso| format!("isoUuid={}&", optional_iso.replace(' ', "+")));
            local.detach(vm, &format!("?{}{query}", iso_uuid.unwrap_or_default())).await
        }
        Reimage => {
            let body = format!(r#"{{"reimageVmInstance":{{}},"systemTags":{}}}"#, tags(&[]));
            local.send("PUT", &format!("/zstack/v1/vm-instances/{vm}/actions"), &body).await
        }
        Create => {
            let mut params = serde_json::json!({"name": request.name, "vmInstanceUuid": vm, "tagUuids": request.tag_uuids});
            if let Some(iso) = &request.optional_iso {
                params["isoUuid"] = iso.as_str().into();
            }
            let body = format!(r#"{{"params":{params},"systemTags":{}}}"#, tags(&request.system_tags));
            local.send("POST", "/zstack/v1/vm-instances/cdroms", &body).await
        }
        Candidates => {
            local
                .send("GET", &format!("/zstack/v1/images/iso/{}/vm-candidates?{query}", request.iso), "")
                .await
        }
        other => lifecycle_table::call(&local, request, other, dry).await,
    };
    if dry {
        assert_eq!(local.app.store().vm(VM).await, before, "the dry run of {operation:?} changed the VM");
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
fn rules_satisfy_every_row() {
    for row in rows() {
        let mut scenario = scenario_for(row.operation);
        (row.arrange)(&mut scenario);
        let verdict = decide(&scenario, row.operation, false);
        assert!(matches(&verdict, row.expected), "{:?} {}: {verdict:?}", row.operation, row.name);
        let dry = decide(&scenario, row.operation, true);
        let expected = row.expected.filter(|_| row.dry);
        assert!(matches(&dry, expected), "dry {:?} {}: {dry:?}", row.operation, row.name);
    }
}

/// If two rows are violated, the earlier one determines the error.
#[test]
fn rules_check_rows_in_order() {
    let rows = rows();
    for (index, first) in rows.iter().enumerate().filter(|(_, row)| row.expected.is_some()) {
        for second in &rows[index + 1..] {
            if second.operation != first.operation || second.expected.is_none() {
                continue;
            }
            let mut scenario = scenario_for(first.operation);
            // The earlier row is arranged last, so that the other cannot undo it.
            (second.arrange)(&mut scenario);
            (first.arrange)(&mut scenario);
            let verdict = decide(&scenario, first.operation, false);
            let earlier = matches(&verdict, first.expected);
            assert!(earlier, "{:?} {} before {}: {verdict:?}", first.operation, first.name, second.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn service_satisfies_every_row() {
    // Each row has a store of its own, which mostly waits for the disk.
    for chunk in rows().chunks(16) {
        let mut tasks = JoinSet::new();
        for row in chunk.iter().copied() {
            tasks.spawn(check_service(row));
        }
        tasks.join_all().await;
    }
}

async fn check_service(row: Row) {
    for dry in [false, true] {
        let mut scenario = scenario_for(row.operation);
        (row.arrange)(&mut scenario);
        let (status, answer) = call(&scenario, row.operation, dry).await;
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

#[test]
fn operations_require_their_states() {
    for state in VmState::ALL {
        let mut scenario = Scenario::new();
        scenario.vm.instance.state = *state;
        let is_allowed = matches!(state, VmState::Running | VmState::Paused | VmState::Stopped);
        assert_eq!(decide(&scenario, Attach, false).is_ok(), is_allowed, "{state}");
        assert_eq!(decide(&scenario, Detach, false).is_ok(), is_allowed, "{state}");
        assert_eq!(decide(&scenario, Reimage, false).is_ok(), *state == VmState::Stopped, "{state}");
        assert_eq!(decide(&scenario, Create, false).is_ok(), *state == VmState::Stopped, "{state}");
    }
}

#[test]
fn storages_are_compatible_by_type() {
    let scenario = Scenario::new();
    let (primary, backup) = (&scenario.storages.primary[0], &scenario.storages.backup[0].storage);
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
                BackupStorageKind::ImageStore => {
                    (file || ceph || *primary_kind == PrimaryStorageKind::SharedBlock, false)
                }
                BackupStorageKind::Ceph => (false, ceph),
                BackupStorageKind::AliyunEbs => (*primary_kind == PrimaryStorageKind::AliyunEbs, false),
                BackupStorageKind::External => (*primary_kind == PrimaryStorageKind::External, false),
                BackupStorageKind::VCenter => (*primary_kind == PrimaryStorageKind::VCenter, false),
                BackupStorageKind::Simulator => (*primary_kind == PrimaryStorageKind::Simulator, false),
            };
            assert_eq!(is_compatible(&backup, &primary), expected, "{backup_kind} {primary_kind}");
            (primary.fsid, backup.fsid) = (Some("a".into()), Some("a".into()));
            assert_eq!(
                is_compatible(&backup, &primary),
                expected || same_ceph,
                "{backup_kind} {primary_kind}"
            );
            primary.fsid = Some("b".into());
            assert_eq!(is_compatible(&backup, &primary), expected, "{backup_kind} {primary_kind}");
        }
    }
}
