//! Inventory files, from which `zstack-node load` fills a store.
//!
//! An inventory is YAML, with a list of entries for each kind of resource: see
//! `docs/inventories.md` and `sample.yaml`. Resources refer to each
//! other by name or by UUID. Missing values are derived deterministically, so
//! that loading a file into two stores gives the same UUIDs. Up to a hundred
//! problems are reported at once, and a file with problems is not loaded.
//!
//! | module | contents |
//! |---|---|
//! | `kinds` | the sections of a file and the keys of entries, by the catalog |
//! | `reader`, `values` | values of fields |
//! | `plan`, `entries`, `entry` | from the text of a file to documents |
//! | `planner`, `names` | the documents so far, and references between them |
//! | `computed`, `vms` | values that follow from other ones |
//! | `export` | a cloud as a file |
//! | `limits`, `problem` | limits on the work, and problems with positions |

mod computed;
mod entries;
mod entry;
mod export;
mod kinds;
mod limits;
mod names;
mod plan;
mod planner;
mod problem;
mod reader;
mod values;
mod vms;

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::model::{ADMIN_UUID, Account, AccountKind, Changes, Edit, Moment};
use crate::store::{Store, StoreError};

pub use computed::password_hash;
use names::Identity;

pub(crate) use export::Export;
pub(crate) use kinds::Kinds;
pub use limits::Limits;
pub use problem::Problem;
pub use zstack_model::yaml::Mark;

/// The sample inventory: a small cloud.
pub const SAMPLE: &str = include_str!("../../sample.yaml");

/// An error of loading an inventory. The store is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file has problems.
    #[error("{}", list_problems(name, problems))]
    Problems {
        /// The name of the file.
        name: String,
        /// The problems of the file.
        problems: Vec<Problem>,
    },
    /// The store failed.
    #[error("{name} was not loaded: {error}")]
    Store {
        /// The name of the file.
        name: String,
        /// The error of the store.
        error: StoreError,
    },
}

/// Lists problems such as `inventory.yaml:12:5: unknown zone …`, one per line.
fn list_problems(name: &str, problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{name}:{problem}")).collect::<Vec<_>>().join("\n")
}

/// Checks an inventory without a store.
///
/// # Errors
///
/// When the text has problems.
pub fn check(name: &str, text: &str) -> Result<(), LoadError> {
    let beginning = Moment::from_millis(0);
    let problems = |problems| LoadError::Problems { name: name.to_owned(), problems };
    let kinds = built_in_kinds().map_err(|problem| problems(vec![problem]))?;
    plan::plan(kinds, text, Limits::NONE, beginning, 0).map(drop).map_err(problems)
}

/// Deletes all data of a store, and loads an inventory (name and text) if there
/// is one. Returns the number of created records.
///
/// # Errors
///
/// When the text has problems; then nothing is deleted.
pub(crate) async fn reset(
    kinds: &'static Kinds,
    inventory: Option<(&str, &str)>,
    store: &impl Store,
    clock: &dyn Clock,
) -> Result<usize, LoadError> {
    let name = inventory.map_or("nothing", |(name, _)| name);
    let mut edits = vec![Edit::Clear, Edit::create(administrator(clock.now()))];
    let mut count = 0;
    if let Some((_, text)) = inventory {
        let planned = plan_on_blocking_thread(kinds, text, Limits::NONE, clock.now(), 0)
            .await
            .map_err(|error| LoadError::Store { name: name.to_owned(), error })?
            .map_err(|problems| LoadError::Problems { name: name.to_owned(), problems })?;
        count = planned.documents.len();
        edits.push(Edit::Load(planned.documents));
    }
    let failed = |error| LoadError::Store { name: name.to_owned(), error };
    store.commit(Changes { guards: Vec::new(), edits }).await.map_err(failed)?;
    Ok(count)
}

/// The account that every installation has, with its default password.
fn administrator(now: Moment) -> Account {
    Account {
        uuid: ADMIN_UUID.to_owned(),
        name: "admin".to_owned(),
        kind: AccountKind::SystemAdmin,
        password: password_hash("password"),
        create_date: now,
        last_op_date: now,
    }
}

/// Loads an inventory: all of it, or nothing. Returns the number of created
/// records.
///
/// # Errors
///
/// When the text has problems, or conflicts with data in the store.
pub async fn load(name: &str, text: &str, store: &impl Store, clock: &dyn Clock) -> Result<usize, LoadError> {
    load_within(Limits::NONE, name, text, store, clock).await
}

/// Loads an inventory, as [`load`] does, if it stays within limits.
///
/// # Errors
///
/// When a limit is exceeded, the text has problems, or it conflicts with data
/// in the store.
pub async fn load_within(
    limits: Limits,
    name: &str,
    text: &str,
    store: &impl Store,
    clock: &dyn Clock,
) -> Result<usize, LoadError> {
    let kinds = tokio::task::spawn_blocking(built_in_kinds).await;
    let kinds = kinds.map_err(|error| LoadError::Store {
        name: name.to_owned(),
        error: StoreError::Failed(error.to_string()),
    })?;
    let kinds =
        kinds.map_err(|problem| LoadError::Problems { name: name.to_owned(), problems: vec![problem] })?;
    load_kinds(kinds, limits, name, text, store, clock).await
}

/// Loads an inventory of a spec, as [`load_within`] does one of the built-in spec.
pub(crate) async fn load_kinds(
    kinds: &'static Kinds,
    limits: Limits,
    name: &str,
    text: &str,
    store: &impl Store,
    clock: &dyn Clock,
) -> Result<usize, LoadError> {
    let failed = |error| LoadError::Store { name: name.to_owned(), error };
    let problems = |problems| LoadError::Problems { name: name.to_owned(), problems };
    let last_internal_id = store.last_internal_id().await.map_err(failed)?;
    let planned = plan_on_blocking_thread(kinds, text, limits, clock.now(), last_internal_id).await;
    let planned = planned.map_err(failed)?;
    let plan::Plan { documents, identities } = planned.map_err(problems)?;
    let count = documents.len();
    let edits = vec![Edit::Load(documents)];
    store.commit(Changes { guards: Vec::new(), edits }).await.map_err(|error| match &error {
        StoreError::Exists { kind, uuid } => match identities.find(uuid) {
            Some(Identity { at, name, .. }) => {
                let text = format!(
                    "the database already has the {kind} `{name}` [uuid:{uuid}], or a record that conflicts with it; \
                     nothing was loaded"
                );
                problems(vec![Problem { at: *at, text }])
            }
            None => failed(error),
        },
        _ => failed(error),
    })?;
    Ok(count)
}

/// The resources of the built-in spec.
fn built_in_kinds() -> Result<&'static Kinds, Problem> {
    Kinds::load_built_in().map_err(|text| Problem { at: Mark { line: 1, column: 1 }, text })
}

/// Acquired by the thread that reads an inventory: its caller may be canceled
/// while the thread still runs.
static READING: Semaphore = Semaphore::const_new(1);

/// Runs [`plan::plan`] on a thread that may block. With limits, one at a time: a
/// large file takes a second of CPU time and much memory.
async fn plan_on_blocking_thread(
    kinds: &'static Kinds,
    text: &str,
    limits: Limits,
    now: Moment,
    last_internal_id: i64,
) -> Result<Result<plan::Plan, Vec<Problem>>, StoreError> {
    let turn = if limits == Limits::NONE {
        None
    } else {
        Some(READING.acquire().await.map_err(|_| StoreError::Closed)?)
    };
    let text = text.to_owned();
    let read = move || {
        let planned = plan::plan(kinds, &text, limits, now, last_internal_id);
        drop(turn);
        planned
    };
    tokio::task::spawn_blocking(read).await.map_err(|error| StoreError::Failed(error.to_string()))
}
