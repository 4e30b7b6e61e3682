//! Filling a store from a file that people write: `zstack-node load`.
//!
//! An inventory is YAML; `sample.yaml` shows everything there is. Things refer
//! to each other by name or by UUID; what is left out is made up the same way
//! every time, so that loading a file into two stores gives the same UUIDs.
//! The first hundred problems are reported at once, and nothing is loaded
//! unless there is none.

mod fields;
mod images;
mod infrastructure;
mod limits;
mod parts;
mod plan;
mod planner;
mod problem;
mod registry;
mod storages;
mod values;
mod vms;

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::model::{ADMIN_UUID, Account, AccountKind, Changes, Edit, Moment};
use crate::store::{Store, StoreError};

pub use infrastructure::password_hash;
pub use limits::Limits;
pub use problem::Problem;
pub(crate) use problem::meant;
pub use zstack_model::yaml::Mark;

/// A small cloud to play with.
pub const SAMPLE: &str = include_str!("../../sample.yaml");

/// Why an inventory was not loaded. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file has problems, all of which are here.
    #[error("{}", lines(name, problems))]
    Problems {
        /// What the file is called.
        name: String,
        /// What is wrong with it.
        problems: Vec<Problem>,
    },
    /// The store has no room for it, or another trouble.
    #[error("{name} was not loaded: {error}")]
    Store {
        /// What the file is called.
        name: String,
        /// The trouble.
        error: StoreError,
    },
}

/// `inventory.yaml:12:5: there is no …`, one line each.
fn lines(name: &str, problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{name}:{problem}")).collect::<Vec<_>>().join("\n")
}

/// Looks for problems, without a store.
///
/// # Errors
///
/// When the text has some.
pub fn check(name: &str, text: &str) -> Result<(), LoadError> {
    let beginning = Moment::from_millis(0);
    match plan::plan(text, Limits::NONE, beginning, 0) {
        Ok(_) => Ok(()),
        Err(problems) => Err(LoadError::Problems { name: name.to_owned(), problems }),
    }
}

/// Forgets all that is in a store, and loads an inventory if there is one, by
/// its name and its text. Returns how many things were created.
///
/// # Errors
///
/// When the text has problems; then nothing is forgotten.
pub async fn reset(
    inventory: Option<(&str, &str)>,
    store: &impl Store,
    clock: &dyn Clock,
) -> Result<usize, LoadError> {
    let name = inventory.map_or("nothing", |(name, _)| name);
    let mut edits = vec![Edit::Clear, Edit::create(administrator(clock.now()))];
    let kept = edits.len();
    if let Some((_, text)) = inventory {
        let planned = plan_on_blocking_thread(text, Limits::NONE, clock.now(), 0)
            .await
            .map_err(|error| LoadError::Store { name: name.to_owned(), error })?
            .map_err(|problems| LoadError::Problems { name: name.to_owned(), problems })?;
        edits.extend(planned.edits);
    }
    let count = edits.len() - kept;
    let failed = |error| LoadError::Store { name: name.to_owned(), error };
    store.commit(Changes { guards: Vec::new(), edits }).await.map_err(failed)?;
    Ok(count)
}

/// The one that every installation has, with the usual password.
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

/// Loads an inventory: all of it, or nothing. Returns how many things were
/// created.
///
/// # Errors
///
/// When the text has problems, or clashes with what is in the store.
pub async fn load(name: &str, text: &str, store: &impl Store, clock: &dyn Clock) -> Result<usize, LoadError> {
    load_within(Limits::NONE, name, text, store, clock).await
}

/// Loads an inventory, as [`load`] does, if it stays within limits.
///
/// # Errors
///
/// When a limit is exceeded, the text has problems, or it clashes with what is
/// in the store.
pub async fn load_within(
    limits: Limits,
    name: &str,
    text: &str,
    store: &impl Store,
    clock: &dyn Clock,
) -> Result<usize, LoadError> {
    let failed = |error| LoadError::Store { name: name.to_owned(), error };
    let problems = |problems| LoadError::Problems { name: name.to_owned(), problems };
    let last_internal_id = store.last_internal_id().await.map_err(failed)?;
    let planned = plan_on_blocking_thread(text, limits, clock.now(), last_internal_id).await;
    let planned = planned.map_err(failed)?;
    let plan::Plan { edits, identities } = planned.map_err(problems)?;
    let count = edits.len();
    store.commit(Changes { guards: Vec::new(), edits }).await.map_err(|error| match &error {
        StoreError::Exists { what, uuid } => match identities.find(uuid) {
            Some((at, label)) => {
                let text = format!(
                    "the store already has the {what} `{label}` [uuid:{uuid}], or something that it clashes with; \
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

/// Held by the thread that reads an inventory. Not by the caller, which may go
/// while the thread works.
static READING: Semaphore = Semaphore::const_new(1);

/// Plans on a thread that may block; where there are limits, one at a time: a
/// large file takes a processor for a second, and much memory.
async fn plan_on_blocking_thread(
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
        let planned = plan::plan(&text, limits, now, last_internal_id);
        drop(turn);
        planned
    };
    tokio::task::spawn_blocking(read).await.map_err(|error| StoreError::Failed(error.to_string()))
}
