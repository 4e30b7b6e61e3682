//! Execution of the rows of `lifecycle_rows`, and tests of the states that
//! operations require.

use tokio::task::JoinSet;
use zstack_node::model::Word as _;

use crate::local::{Answer, Local};
use crate::records::{VmState, VolumeStatus};
use crate::rule_rows::Operation::{
    self, DefaultDrive, DeleteDrive, Destroy, Expunge, Pause, Reboot, Recover, Resume, Start, Stop,
    UpdateDrive,
};
use crate::rule_table::{self, codes};
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

#[tokio::test(flavor = "multi_thread")]
async fn operations_require_their_states() {
    use VmState::{Crashed, Created, Destroyed, NoState, Paused, Running, Stopped, Unknown};
    let table: &'static [(Operation, &[VmState], &str)] = &[
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
        let mut tasks = JoinSet::new();
        for state in VmState::ALL {
            tasks.spawn(async move {
                let mut scenario = Scenario::new();
                scenario.vm.instance.state = *state;
                let answer = rule_table::call(&scenario, *operation, false).await;
                let expected = if allowed.contains(state) { ("", "") } else { (*code, "VM.1010") };
                assert_eq!(codes(&answer), expected, "{operation:?} {state}: {}", answer.1);
            });
        }
        tasks.join_all().await;
    }
}
