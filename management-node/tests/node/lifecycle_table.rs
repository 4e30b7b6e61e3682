//! Execution of the rows of `lifecycle_rows`, and tests of the states that
//! operations require.

use zstack_node::model::{CdRom, Changes, VmState, VolumeStatus, Word as _};
use zstack_node::rules::{
    PlacementRequest, Verdict, default_cd_rom, delete_cd_rom, destroy, lifecycle, reboot, start,
    update_cd_rom,
};

use crate::local::{Answer, Local, NOON};
use crate::rule_rows::Operation::{
    self, DefaultDrive, DeleteDrive, Destroy, Expunge, Pause, Reboot, Recover, Resume, Start, Stop,
    UpdateDrive,
};
use crate::scenario::{HOST, RequestParameters, Scenario};

/// Returns a scenario in which the operation succeeds.
pub(crate) fn scenario_for(operation: Operation) -> Scenario {
    let mut scenario = Scenario::new();
    scenario.vm.instance.state = match operation {
        Stop | Reboot | Pause => VmState::Running,
        Resume => VmState::Paused,
        Recover | Expunge => VmState::Destroyed,
        _ => VmState::Stopped,
    };
    match scenario.vm.instance.state {
        VmState::Stopped => {}
        VmState::Destroyed => {
            scenario.vm.ips.clear();
            scenario.vm.volumes[0].status = VolumeStatus::Deleted;
        }
        _ => scenario.vm.instance.host_uuid = Some(HOST.to_owned()),
    }
    scenario
}

/// Applies the rules directly.
pub(crate) fn decide(scenario: &Scenario, operation: Operation, dry: bool) -> Verdict<()> {
    changes(scenario, operation, dry).map(drop)
}

pub(crate) fn changes(scenario: &Scenario, operation: Operation, dry: bool) -> Verdict<Changes> {
    let RequestParameters { vm: vm_uuid, target_drive: drive_uuid, cluster, host, .. } =
        scenario.request.clone();
    let (caller, vm) = (scenario.caller(), scenario.find_vm(&vm_uuid));
    let drive = scenario.find_drive(&drive_uuid);
    let vm_of_drive =
        |drive: &Option<CdRom>| drive.as_ref().and_then(|drive| scenario.find_vm(&drive.vm_instance_uuid));
    let isos = || {
        let drives = vm.iter().flat_map(|vm| &vm.cd_roms);
        drives.filter_map(|drive| scenario.find_image(drive.iso_uuid.as_ref()?)).collect()
    };
    let simple = |decide: fn(&lifecycle::Admitted<'_>) -> Verdict<Changes>| {
        let facts =
            lifecycle::LifecycleFacts { vm_uuid: vm_uuid.clone(), caller: caller.clone(), vm: vm.clone() };
        let admitted = lifecycle::admit(&facts)?;
        if dry { Ok(Changes::default()) } else { decide(&admitted) }
    };
    match operation {
        Stop => simple(|admitted| admitted.stop(NOON)),
        Pause => simple(|admitted| admitted.pause(NOON)),
        Resume => simple(|admitted| admitted.resume(NOON)),
        Recover => simple(|admitted| admitted.recover(NOON)),
        Expunge => simple(|admitted| admitted.expunge(NOON)),
        Start => {
            let image = vm.as_ref().and_then(|vm| vm.instance.image_uuid.clone()).unwrap_or_default();
            let facts = start::StartFacts {
                placement: PlacementRequest { cluster_uuid: cluster, host_uuid: host },
                isos: isos(),
                image: scenario.find_image(&image),
                caches: scenario.caches_of(&image),
                networks: vec![scenario.network()],
                storages: scenario.storages.clone(),
                infrastructure: scenario.infrastructure.clone(),
                vm_uuid,
                caller,
                vm,
            };
            let admitted = start::admit(&facts)?;
            if dry { Ok(Changes::default()) } else { admitted.decide(NOON, "new".to_owned()) }
        }
        Reboot => {
            let storages = scenario.storages.clone();
            let facts = reboot::RebootFacts { isos: isos(), vm_uuid, caller, vm, storages };
            let admitted = reboot::admit(&facts)?;
            if dry { Ok(Changes::default()) } else { admitted.decide(NOON) }
        }
        Destroy => {
            let facts = destroy::DestroyFacts { vm_uuid, caller, vm };
            destroy::admit(&facts).map(|admitted| admitted.decide(NOON, false))
        }
        DeleteDrive => {
            let facts = delete_cd_rom::DeleteCdRomFacts { vm: vm_of_drive(&drive), drive_uuid, caller };
            let admitted = delete_cd_rom::admit(&facts)?;
            if dry { Ok(Changes::default()) } else { admitted.decide() }
        }
        UpdateDrive => {
            let name = Some(scenario.request.name.clone());
            let vm = vm_of_drive(&drive);
            let facts = update_cd_rom::UpdateCdRomFacts { drive_uuid, name, description: None, caller, vm };
            update_cd_rom::admit(&facts).map(|admitted| admitted.decide(NOON).1)
        }
        DefaultDrive => {
            let facts = default_cd_rom::DefaultCdRomFacts { vm_uuid, drive_uuid, caller, vm, drive };
            default_cd_rom::admit(&facts).map(|admitted| admitted.decide(NOON).1)
        }
        other => panic!("{other:?} belongs to `rule_table`"),
    }
}

/// Calls the service.
pub(crate) async fn call(
    local: &Local,
    request: &RequestParameters,
    operation: Operation,
    dry: bool,
) -> Answer {
    let (vm, drive) = (&request.vm, &request.target_drive);
    let tags = if dry { r#"["ephemeral::validationOnly"]"# } else { "[]" };
    let query = if dry { "?systemTags=ephemeral%3A%3AvalidationOnly" } else { "" };
    let of_vm = format!("/zstack/v1/vm-instances/{vm}");
    let of_drive = format!("/zstack/v1/vm-instances/cdroms/{drive}");
    let (path, action, parameters) = match operation {
        Destroy => return local.send("DELETE", &format!("{of_vm}{query}"), "").await,
        DeleteDrive => return local.send("DELETE", &format!("{of_drive}{query}"), "").await,
        UpdateDrive => (of_drive, "updateVmCdRom", serde_json::json!({"name": request.name})),
        DefaultDrive => {
            (format!("{of_vm}/cdroms/{drive}"), "setVmInstanceDefaultCdRom", serde_json::json!({}))
        }
        Start => {
            let placement = serde_json::json!({"clusterUuid": request.cluster, "hostUuid": request.host});
            (of_vm, "startVmInstance", placement)
        }
        Stop => (of_vm, "stopVmInstance", serde_json::json!({})),
        Reboot => (of_vm, "rebootVmInstance", serde_json::json!({})),
        Pause => (of_vm, "pauseVmInstance", serde_json::json!({})),
        Resume => (of_vm, "resumeVmInstance", serde_json::json!({})),
        Recover => (of_vm, "recoverVmInstance", serde_json::json!({})),
        Expunge => (of_vm, "expungeVmInstance", serde_json::json!({})),
        other => panic!("{other:?} belongs to `rule_table`"),
    };
    let body = format!(r#"{{"{action}":{parameters},"systemTags":{tags}}}"#);
    local.send("PUT", &format!("{path}/actions"), &body).await
}

#[test]
fn operations_require_their_states() {
    use VmState::{Crashed, Created, Destroyed, NoState, Paused, Running, Stopped, Unknown};
    let table: &[(Operation, &[VmState], &str)] = &[
        (Start, &[Created, Running, Stopped, Crashed], "VM.1001"),
        (Stop, &[NoState, Running, Stopped, Unknown, Crashed, Paused], "VM.1002"),
        (Reboot, &[NoState, Running, Crashed], "VM.1003"),
        (Pause, &[Running], "VM.1012"),
        (Resume, &[Paused], "VM.1013"),
        (Destroy, VmState::ALL, ""),
        (Recover, &[Destroyed], "SYS.1006"),
        (Expunge, &[Destroyed], "SYS.1006"),
        (DeleteDrive, &[Stopped], "SYS.1006"),
        (UpdateDrive, VmState::ALL, ""),
        (DefaultDrive, VmState::ALL, ""),
    ];
    for (operation, allowed, code) in table {
        for state in VmState::ALL {
            let mut scenario = Scenario::new();
            scenario.vm.instance.state = *state;
            let verdict = decide(&scenario, *operation, false);
            if allowed.contains(state) {
                assert!(verdict.is_ok(), "{operation:?} {state}: {verdict:?}");
            } else {
                let error = verdict.unwrap_err();
                let cause = error.cause.as_ref().map(|cause| cause.code.as_str());
                assert_eq!((error.code.as_str(), cause), (*code, Some("VM.1010")), "{operation:?} {state}");
            }
        }
    }
}

#[test]
fn repeated_operations_change_nothing() {
    for (operation, state) in
        [(Start, VmState::Running), (Stop, VmState::Stopped), (Destroy, VmState::Destroyed)]
    {
        let mut scenario = Scenario::new();
        assert!(!changes(&scenario_for(operation), operation, false).unwrap().is_empty(), "{operation:?}");
        scenario.vm.instance.state = state;
        assert!(changes(&scenario, operation, false).unwrap().is_empty(), "{operation:?}");
    }
}
