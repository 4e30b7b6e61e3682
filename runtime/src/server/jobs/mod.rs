//! Jobs: long operations whose callers poll for the answer.
//!
//! A long operation starts as one whose caller waits for the answer, and nothing of it is stored.
//! Before its caller gets a job instead, the job is stored; [`RunningJob`] makes sure that the
//! operation ends as one of the two.

mod guests;
mod memory;
mod poll;
mod registry;
mod room;
mod running;
mod store;

pub use self::memory::MemoryJobs;
pub use self::store::{FinishedJob, Job, JobResult, JobStore, JobStoreError, StoredJob};

pub(crate) use self::poll::poll;
pub(crate) use self::registry::Jobs;
pub(crate) use self::room::RECOUNT;
pub(crate) use self::running::RunningJob;
pub(crate) use self::store::Begun;
