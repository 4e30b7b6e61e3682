//! Tests of the rows of `rule_rows` through the service.

use tokio::task::JoinSet;
use zstack_node::model::Word as _;
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;

use crate::lifecycle_table::scenario_for;
use crate::local::{Answer, Local};
use crate::records::{self, VmState};
use crate::rule_rows::Operation::{self, Attach, Candidates, Create, Detach, Reimage};
use crate::rule_rows::{ROWS, Row};
use crate::scenario::{SESSION, Scenario, VM};
use crate::{lifecycle_rows, lifecycle_table};

fn rows() -> Vec<Row> {
    let mut rows = ROWS.to_vec();
    rows.extend(lifecycle_rows::rows());
    rows
}

/// Calls the service.
pub(crate) async fn call(scenario: &Scenario, operation: Operation, dry: bool) -> Answer {
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
    let before = records::vm(local.app.store().as_ref(), VM).await;
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
        let after = records::vm(local.app.store().as_ref(), VM).await;
        assert_eq!(after, before, "the dry run of {operation:?} changed the VM");
    }
    answer
}

/// The code of an error, and that of its cause; empty for success.
pub(crate) fn codes((_, answer): &Answer) -> (&str, &str) {
    let error = &answer["error"];
    let (code, cause) = (error["code"].as_str(), error["cause"]["code"].as_str());
    (code.unwrap_or_default(), cause.unwrap_or_default())
}

/// If two rows are violated, the earlier one determines the error.
#[tokio::test(flavor = "multi_thread")]
async fn rows_are_checked_in_order() {
    let rows: Vec<_> = rows().into_iter().filter(|row| row.expected.is_some()).collect();
    let pairs = rows.windows(2).filter(|pair| pair[0].operation == pair[1].operation);
    let pairs: Vec<_> = pairs.map(|pair| (pair[0], pair[1])).collect();
    for chunk in pairs.chunks(16) {
        let mut tasks = JoinSet::new();
        for (first, second) in chunk.iter().copied() {
            tasks.spawn(async move {
                let mut scenario = scenario_for(first.operation);
                // The earlier row is arranged last, so that the other cannot undo it.
                (second.arrange)(&mut scenario);
                (first.arrange)(&mut scenario);
                let answer = call(&scenario, first.operation, false).await;
                let of = format!("{:?} {} before {}: {}", first.operation, first.name, second.name, answer.1);
                let (code, cause, details) = first.expected.unwrap();
                assert_eq!(codes(&answer), (code, cause), "{of}");
                assert!(answer.1["error"]["details"].as_str().unwrap().contains(details), "{of}");
            });
        }
        tasks.join_all().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn operations_require_their_states() {
    let mut tasks = JoinSet::new();
    for state in VmState::ALL {
        let has_iso_states = matches!(state, VmState::Running | VmState::Paused | VmState::Stopped);
        for (operation, is_allowed) in [
            (Attach, has_iso_states),
            (Detach, has_iso_states),
            (Reimage, *state == VmState::Stopped),
            (Create, *state == VmState::Stopped),
        ] {
            tasks.spawn(async move {
                let mut scenario = Scenario::new();
                scenario.vm.instance.state = *state;
                let answer = call(&scenario, operation, false).await;
                assert_eq!(answer.0 == 200, is_allowed, "{operation:?} {state}: {}", answer.1);
            });
        }
    }
    tasks.join_all().await;
}
