//! Removal of what was deleted some time ago, as the global configuration says.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};
use zstack_server::Credentials;

use super::Work;
use crate::cloud::plan::Plans;
use crate::model::{ADMIN_UUID, AccountKind, Caller, Document, Moment, Uuid};
use crate::query::Selection;
use crate::service::{Failure, Node};
use crate::store::Store;

/// A kind of resources that stay after their deletion.
struct Kind {
    /// The category of its settings.
    category: &'static str,
    resource: &'static str,
    /// The field and the value of a deleted one.
    field: &'static str,
    value: &'static str,
    /// The operation that removes one, and the parameter that names it.
    operation: &'static str,
    parameter: &'static str,
}

const KINDS: [Kind; 3] = [
    Kind {
        category: "vm",
        resource: "VmInstance",
        field: "state",
        value: "Destroyed",
        operation: "ExpungeVmInstance",
        parameter: "uuid",
    },
    Kind {
        category: "volume",
        resource: "Volume",
        field: "status",
        value: "Deleted",
        operation: "ExpungeDataVolume",
        parameter: "uuid",
    },
    Kind {
        category: "image",
        resource: "Image",
        field: "status",
        value: "Deleted",
        operation: "ExpungeImage",
        parameter: "imageUuid",
    },
];

/// The shortest time between two looks at the settings, in milliseconds.
const PAUSE: i64 = 60_000;

/// The times of the last looks.
pub(in crate::service) struct Expunging {
    start: Moment,
    last: Mutex<Times>,
}

#[derive(Clone, Copy)]
struct Times {
    of_settings: Moment,
    of_kinds: [Moment; KINDS.len()],
}

impl Expunging {
    /// Begins at the start of the node: what was deleted earlier counts as deleted then, so that the
    /// resources of an old file do not vanish at once.
    pub(in crate::service) fn since(start: Moment) -> Self {
        Self { start, last: Mutex::new(Times { of_settings: start, of_kinds: [start; KINDS.len()] }) }
    }

    fn with_times<T>(&self, change: impl FnOnce(&mut Times) -> T) -> T {
        change(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Finds what is to be removed now.
pub(super) async fn claim<S: Store>(
    node: &Arc<Node<S>>,
    plans: &'static Plans,
) -> Result<Vec<Work>, Failure> {
    let now = node.clock.now();
    let is_due = node.expunging.with_times(|times| {
        let is_due = (times.of_settings.millis() + PAUSE..).contains(&now.millis());
        if is_due {
            times.of_settings = now;
        }
        is_due
    });
    let mut work: Vec<Work> = Vec::new();
    if !is_due {
        return Ok(work);
    }
    for (index, kind) in KINDS.iter().enumerate() {
        let names = [
            (kind.category, "deletionPolicy"),
            (kind.category, "expungePeriod"),
            (kind.category, "expungeInterval"),
        ];
        let [policy, period, interval] = node.settings(names).await?;
        let millis = |seconds: String| seconds.parse().unwrap_or(i64::MAX).saturating_mul(1000);
        let (period, interval) = (millis(period), millis(interval));
        let is_due = node.expunging.with_times(|times| {
            let last = &mut times.of_kinds[index];
            let is_due = now.millis() >= last.millis().saturating_add(interval);
            if is_due {
                *last = now;
            }
            is_due
        });
        if policy != "Delay" || !is_due {
            continue;
        }
        let deleted = deleted_before(node, plans, kind, now.millis().saturating_sub(period)).await?;
        work.extend(
            deleted.into_iter().map(|uuid| -> Work { Box::pin(expunge(Arc::clone(node), kind, uuid)) }),
        );
    }
    Ok(work)
}

/// The UUIDs of what was deleted before a time.
async fn deleted_before<S: Store>(
    node: &Node<S>,
    plans: &Plans,
    kind: &Kind,
    time: i64,
) -> Result<Vec<Uuid>, Failure> {
    if time < node.expunging.start.millis() {
        return Ok(Vec::new());
    }
    let Some(resource) = plans.registry.get(kind.resource) else { return Ok(Vec::new()) };
    let admin = Caller { account_uuid: ADMIN_UUID.to_owned(), kind: AccountKind::SystemAdmin };
    let selection = Selection::all(resource, &admin).equal(kind.field, kind.value);
    let found = node.store.select_documents(selection).await?.rows.unwrap_or_default();
    // A root volume goes with its VM instance.
    let is_due = |document: &&Document| {
        document.number("lastOpDate").is_some_and(|last| last <= time)
            && document.text("type") != Some("Root")
    };
    Ok(found.iter().filter(is_due).map(|document| document.uuid.clone()).collect())
}

async fn expunge<S: Store>(node: Arc<Node<S>>, kind: &'static Kind, uuid: Uuid) {
    let parameters = Map::from_iter([(kind.parameter.to_owned(), Value::from(uuid.clone()))]);
    let credentials = Credentials::Account(ADMIN_UUID.to_owned());
    if let Err(error) = node.run_operation(kind.operation, &parameters, credentials).await {
        // A client has recovered or removed it in the meantime.
        tracing::info!(%error, uuid, operation = kind.operation, "cannot remove a deleted resource");
    }
}
