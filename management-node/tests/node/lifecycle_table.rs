//! How the rows of `lifecycle_rows` are asked, and which states allow what.

use zstack_node::model::{CdRom, Changes, VmState, VolumeStatus, Word as _};
use zstack_node::rules::{
    Verdict, Wish, default_cd_rom, delete_cd_rom, destroy, lifecycle, reboot, start, update_cd_rom,
};

use crate::local::{Answer, Local, NOON};
use crate::rule_rows::Operation::{
    self, DefaultDrive, DeleteDrive, Destroy, Expunge, Pause, Reboot, Recover, Resume, Start, Stop,
    UpdateDrive,
};
use crate::world::{Ask, HOST, World};

/// A world in which the operation is possible.
pub(crate) fn world_for(operation: Operation) -> World {
    let mut world = World::new();
    world.vm.instance.state = match operation {
        Stop | Reboot | Pause => VmState::Running,
        Resume => VmState::Paused,
        Recover | Expunge => VmState::Destroyed,
        _ => VmState::Stopped,
    };
    match world.vm.instance.state {
        VmState::Stopped => {}
        VmState::Destroyed => {
            world.vm.ips.clear();
            world.vm.volumes[0].status = VolumeStatus::Deleted;
        }
        _ => world.vm.instance.host_uuid = Some(HOST.to_owned()),
    }
    world
}

/// Asks the rules directly.
pub(crate) fn decide(world: &World, operation: Operation, dry: bool) -> Verdict<()> {
    changes(world, operation, dry).map(drop)
}

pub(crate) fn changes(world: &World, operation: Operation, dry: bool) -> Verdict<Changes> {
    let Ask { vm: vm_uuid, target_drive: drive_uuid, cluster, host, .. } = world.ask.clone();
    let (caller, vm) = (world.caller(), world.find_vm(&vm_uuid));
    let drive = world.find_drive(&drive_uuid);
    let vm_of_drive =
        |drive: &Option<CdRom>| drive.as_ref().and_then(|drive| world.find_vm(&drive.vm_instance_uuid));
    let isos = || {
        let drives = vm.iter().flat_map(|it| &it.cd_roms);
        drives.filter_map(|drive| world.find_image(drive.iso_uuid.as_ref()?)).collect()
    };
    let simple = |decide: fn(&lifecycle::Admitted<'_>) -> Verdict<Changes>| {
        let facts = lifecycle::Facts { vm_uuid: vm_uuid.clone(), caller: caller.clone(), vm: vm.clone() };
        let admitted = lifecycle::admit(&facts)?;
        if dry { Ok(Changes::default()) } else { decide(&admitted) }
    };
    match operation {
        Stop => simple(|it| it.stop(NOON)),
        Pause => simple(|it| it.pause(NOON)),
        Resume => simple(|it| it.resume(NOON)),
        Recover => simple(|it| it.recover(NOON)),
        Expunge => simple(|it| it.expunge(NOON)),
        Start => {
            let image = vm.as_ref().and_then(|it| it.instance.image_uuid.clone()).unwrap_or_default();
            let facts = start::Facts {
                wish: Wish { cluster_uuid: cluster, host_uuid: host },
                isos: isos(),
                image: world.find_image(&image),
                caches: world.caches_of(&image),
                networks: vec![world.network()],
                storages: world.storages.clone(),
                places: world.places.clone(),
                vm_uuid,
                caller,
                vm,
            };
            let admitted = start::admit(&facts)?;
            if dry { Ok(Changes::default()) } else { admitted.decide(NOON, "new".to_owned()) }
        }
        Reboot => {
            let storages = world.storages.clone();
            let facts = reboot::Facts { isos: isos(), vm_uuid, caller, vm, storages };
            let admitted = reboot::admit(&facts)?;
            if dry { Ok(Changes::default()) } else { admitted.decide(NOON) }
        }
        Destroy => {
            let facts = destroy::Facts { vm_uuid, caller, vm };
            destroy::admit(&facts).map(|it| it.decide(NOON))
        }
        DeleteDrive => {
            let facts = delete_cd_rom::Facts { vm: vm_of_drive(&drive), drive_uuid, caller };
            let admitted = delete_cd_rom::admit(&facts)?;
            if dry { Ok(Changes::default()) } else { admitted.decide() }
        }
        UpdateDrive => {
            let name = Some(world.ask.name.clone());
            let vm = vm_of_drive(&drive);
            let facts = update_cd_rom::Facts { drive_uuid, name, description: None, caller, vm };
            update_cd_rom::admit(&facts).map(|it| it.decide(NOON).1)
        }
        DefaultDrive => {
            let facts = default_cd_rom::Facts { vm_uuid, drive_uuid, caller, vm, drive };
            default_cd_rom::admit(&facts).map(|it| it.decide(NOON).1)
        }
        other => panic!("{other:?} is asked elsewhere"),
    }
}

/// Asks the service.
pub(crate) async fn call(local: &Local, ask: &Ask, operation: Operation, dry: bool) -> Answer {
    let (vm, drive) = (&ask.vm, &ask.target_drive);
    let tags = if dry { r#"["ephemeral::validationOnly"]"# } else { "[]" };
    let query = if dry { "?systemTags=ephemeral%3A%3AvalidationOnly" } else { "" };
    let of_vm = format!("/zstack/v1/vm-instances/{vm}");
    let of_drive = format!("/zstack/v1/vm-instances/cdroms/{drive}");
    let (path, action, parameters) = match operation {
        Destroy => return local.send("DELETE", &format!("{of_vm}{query}"), "").await,
        DeleteDrive => return local.send("DELETE", &format!("{of_drive}{query}"), "").await,
        UpdateDrive => (of_drive, "updateVmCdRom", serde_json::json!({"name": ask.name})),
        DefaultDrive => {
            (format!("{of_vm}/cdroms/{drive}"), "setVmInstanceDefaultCdRom", serde_json::json!({}))
        }
        Start => {
            let wish = serde_json::json!({"clusterUuid": ask.cluster, "hostUuid": ask.host});
            (of_vm, "startVmInstance", wish)
        }
        Stop => (of_vm, "stopVmInstance", serde_json::json!({})),
        Reboot => (of_vm, "rebootVmInstance", serde_json::json!({})),
        Pause => (of_vm, "pauseVmInstance", serde_json::json!({})),
        Resume => (of_vm, "resumeVmInstance", serde_json::json!({})),
        Recover => (of_vm, "recoverVmInstance", serde_json::json!({})),
        Expunge => (of_vm, "expungeVmInstance", serde_json::json!({})),
        other => panic!("{other:?} is asked elsewhere"),
    };
    let body = format!(r#"{{"{action}":{parameters},"systemTags":{tags}}}"#);
    local.send("PUT", &format!("{path}/actions"), &body).await
}

/// The table of states: what is possible where, and what is refused how.
#[test]
fn states() {
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
            let mut world = World::new();
            world.vm.instance.state = *state;
            let verdict = decide(&world, *operation, false);
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

/// What is so already is done without a change.
#[test]
fn nothing_to_do() {
    for (operation, state) in
        [(Start, VmState::Running), (Stop, VmState::Stopped), (Destroy, VmState::Destroyed)]
    {
        let mut world = World::new();
        assert!(!changes(&world_for(operation), operation, false).unwrap().is_empty(), "{operation:?}");
        world.vm.instance.state = state;
        assert!(changes(&world, operation, false).unwrap().is_empty(), "{operation:?}");
    }
}
