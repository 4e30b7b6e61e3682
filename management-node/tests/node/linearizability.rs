//! A test of linearizability, with many callers on a few VM instances: for each VM
//! instance, all answers must be explained by a sequential order of the calls in
//! which an answered call precedes those that were made later.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use tokio::task::JoinSet;
use zstack_node::inventory;
use zstack_node::store::sqlite::SqliteStore;
use zstack_node::uuids;

use crate::local::{Answer, Local};

const CALLERS: usize = 64;
const VMS: usize = 8;
const CALLS: usize = 12;
const ISOS: usize = 5;

/// The ISOs in the three drives of a VM instance.
type Drives = [Option<usize>; 3];

#[derive(Clone, Copy, Debug)]
enum Call {
    Attach(usize),
    Detach(Option<usize>),
}

/// A call with its answer, and the interval in which it took effect.
#[derive(Clone, Debug)]
struct Event {
    begin: u64,
    end: u64,
    call: Call,
    /// The drives after the call; `None` for an error.
    answer: Option<Drives>,
}

/// Executes a call without concurrency.
fn execute(drives: Drives, call: Call) -> Option<Drives> {
    let mut after = drives;
    match call {
        Call::Attach(iso) if drives.contains(&Some(iso)) => return None,
        Call::Attach(iso) => *after.iter_mut().find(|drive| drive.is_none())? = Some(iso),
        Call::Detach(None) if drives.iter().flatten().count() > 1 => return None,
        Call::Detach(None) => after = [None; 3],
        Call::Detach(iso) => after.iter_mut().filter(|drive| **drive == iso).for_each(|drive| *drive = None),
    }
    Some(after)
}

/// Searches for an order, depth first. `done` is the set of the calls so far;
/// `visited` avoids repeated searches.
fn find_order(events: &[Event], done: u128, drives: Drives, visited: &mut HashSet<(u128, Drives)>) -> bool {
    let remaining = || events.iter().enumerate().filter(|(index, _)| done & (1 << index) == 0);
    // A call that begins after the end of another one comes later.
    let Some(first_end) = remaining().map(|(_, event)| event.end).min() else { return true };
    if !visited.insert((done, drives)) {
        return false;
    }
    remaining().filter(|(_, event)| event.begin < first_end).any(|(index, event)| {
        let after = execute(drives, event.call);
        after == event.answer && find_order(events, done | 1 << index, after.unwrap_or(drives), visited)
    })
}

fn has_order(events: &[Event]) -> bool {
    assert!(events.len() <= 128, "a set of calls is stored in the bits of a number");
    find_order(events, 0, [None; 3], &mut HashSet::new())
}

fn iso_uuid(iso: usize) -> String {
    uuids::from_name(&format!("image/iso-{iso}"))
}

fn read((status, answer): &Answer) -> Option<Drives> {
    if *status != 200 {
        assert_eq!(answer["error"]["code"], "SYS.1006", "{answer}");
        return None;
    }
    let iso = |drive: &Value| (0..ISOS).find(|iso| drive["isoUuid"] == iso_uuid(*iso));
    let drives: Vec<_> = answer["inventory"]["vmCdRoms"].as_array().unwrap().iter().map(iso).collect();
    Some(drives.try_into().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_answers_are_linearizable() {
    let mut cloud = "\
zones: [{name: zone}]
clusters: [{name: cluster}]
primaryStorages: [{name: nfs, type: NFS, url: /nfs}]
backupStorages: [{name: sftp, type: SftpBackupStorage, url: /bs}]
images:
  - {name: linux, size: 20GiB, backupStorages: [sftp]}
"
    .to_owned();
    for iso in 0..ISOS {
        cloud += &format!("  - {{name: iso-{iso}, mediaType: ISO, size: 1GiB, backupStorages: [sftp]}}\n");
    }
    cloud += "vms:\n";
    for vm in 0..VMS {
        cloud += &format!("  - {{name: vm-{vm}, image: linux, cdRoms: [empty, empty, empty]}}\n");
    }
    let mut local = Local::over(SqliteStore::temporary().unwrap(), false).await;
    inventory::load("cloud", &cloud, local.app.store().as_ref(), local.clock.as_ref()).await.unwrap();
    local.session = local.log_in("admin", "password").await;

    let (local, clock) = (Arc::new(local), Arc::new(AtomicU64::new(0)));
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let (local, clock) = (Arc::clone(&local), Arc::clone(&clock));
        callers.spawn(async move {
            let vm = uuids::from_name(&format!("vm/vm-{}", caller % VMS));
            let mut events = Vec::new();
            for _ in 0..CALLS {
                let iso = rand::random_range(0..ISOS);
                let call = match rand::random_range(0..5) {
                    0..3 => Call::Attach(iso),
                    3 => Call::Detach(Some(iso)),
                    _ => Call::Detach(None),
                };
                let begin = clock.fetch_add(1, Ordering::SeqCst);
                let answer = match call {
                    Call::Attach(iso) => local.attach(&vm, &iso_uuid(iso)).await,
                    Call::Detach(Some(iso)) => {
                        local.detach(&vm, &format!("?isoUuid={}", iso_uuid(iso))).await
                    }
                    Call::Detach(None) => local.detach(&vm, "").await,
                };
                let end = clock.fetch_add(1, Ordering::SeqCst);
                events.push(Event { begin, end, call, answer: read(&answer) });
            }
            (caller % VMS, events)
        });
    }
    let mut events = vec![Vec::new(); VMS];
    for (vm, of_caller) in callers.join_all().await {
        events[vm].extend(of_caller);
    }
    // The calls were in fact concurrent.
    let overlap = |events: &Vec<Event>| {
        events.iter().any(|a| events.iter().any(|b| a.begin < b.begin && b.begin < a.end))
    };
    assert!(events.iter().all(overlap));
    for (vm, events) in events.iter().enumerate() {
        assert!(has_order(events), "vm-{vm}: {events:#?}");
    }
}

#[test]
fn impossible_histories_are_detected() {
    let event = |begin, end, call, answer| Event { begin, end, call, answer };
    let attached = Some([Some(1), None, None]);
    let first = event(0, 3, Call::Attach(1), attached);
    // The calls are concurrent, so the order is free; but only one can succeed.
    assert!(has_order(&[first.clone(), event(1, 2, Call::Attach(1), None)]));
    assert!(!has_order(&[first.clone(), event(1, 2, Call::Attach(1), attached)]));
    // A later call must see the attached ISO.
    let stale = event(4, 5, Call::Detach(Some(2)), Some([None; 3]));
    assert!(!has_order(&[first.clone(), stale.clone()]));
    assert!(has_order(&[first, Event { begin: 1, ..stale }]));
}
