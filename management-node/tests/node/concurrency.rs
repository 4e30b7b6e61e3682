//! Tests of concurrent calls.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use zstack_node::model::{Changes, Guard};
use zstack_node::store::{Store as _, StoreError};

use crate::local::sample::{BARE_1, DB_1, RESCUE, WEB_1};
use crate::local::{Local, code};
use crate::records::{self, VmInstance};

#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_fifty_concurrent_attachments_succeeds() {
    let local = Arc::new(Local::sample().await);
    let mut all = JoinSet::new();
    for _ in 0..50 {
        let local = Arc::clone(&local);
        all.spawn(async move { local.attach(WEB_1, RESCUE).await });
    }
    let answers = all.join_all().await;
    let won = answers.iter().filter(|answer| answer.0 == 200).count();
    assert_eq!(won, 1);
    assert!(answers.iter().filter(|answer| answer.0 != 200).all(|answer| code(answer) == "SYS.1006"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_three_of_ten_concurrent_creations_succeed() {
    let local = Arc::new(Local::sample().await);
    let mut all = JoinSet::new();
    for _ in 0..10 {
        let local = Arc::clone(&local);
        all.spawn(async move {
            local.create_cd_rom(&format!(r#"{{"name":"cd","vmInstanceUuid":"{BARE_1}"}}"#)).await
        });
    }
    let answers = all.join_all().await;
    let mut device_ids: Vec<_> = answers
        .iter()
        .filter(|answer| answer.0 == 200)
        .map(|answer| answer.1["inventory"]["deviceId"].as_i64())
        .collect();
    device_ids.sort_unstable();
    assert_eq!(device_ids, [Some(0), Some(1), Some(2)]);
}

/// If another node changes the VM instance in the meantime, the operation is
/// retried with the new state.
#[tokio::test(flavor = "multi_thread")]
async fn conflicting_changes_are_decided_again() {
    let local = Arc::new(Local::sample().await);
    let other = Arc::clone(local.app.store());
    let stop = Arc::new(tokio::sync::Notify::new());
    let other_node = {
        let stop = Arc::clone(&stop);
        tokio::spawn(async move {
            let mut count = 0;
            loop {
                let vm = other.documents(&[DB_1.to_owned()]).await.unwrap().remove(0);
                let edits = vec![records::put(records::read::<VmInstance>(&vm))];
                let guard = Guard::changing(&vm);
                match other.commit(Changes { guards: vec![guard], edits }).await {
                    Ok(()) => count += 1,
                    Err(error) => assert_eq!(error, StoreError::Conflict),
                }
                let pause = Duration::from_millis(2);
                if tokio::time::timeout(pause, stop.notified()).await.is_ok() {
                    return count;
                }
            }
        })
    };
    for _ in 0..20 {
        let attached = local.attach(DB_1, RESCUE).await;
        assert_eq!(attached.0, 200, "{}", attached.1);
        let detached = local.detach(DB_1, "").await;
        assert_eq!(detached.0, 200, "{}", detached.1);
    }
    stop.notify_one();
    assert!(other_node.await.unwrap() > 0);
}
