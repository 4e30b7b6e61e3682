//! Jobs: long operations whose callers come back for the answer.
//!
//! An operation begins as one that its caller waits for, and nothing of it is
//! kept. When the caller is given a job instead, the job is recorded in the
//! store first; [`RunningJob`] makes sure that it is either the one or the
//! other.

mod guests;
mod memory;
mod registry;
mod room;
mod running;
mod store;

pub use self::memory::MemoryJobs;
pub use self::store::{FinishedJob, Job, JobResult, JobStore, JobStoreError, StoredJob};

pub(crate) use self::registry::{Begun, Jobs};
pub(crate) use self::room::RECOUNT;
pub(crate) use self::running::RunningJob;
