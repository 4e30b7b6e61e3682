//! The list of jobs of the dashboard, for which the API has no operation.

use zstack_server::{Credentials, Outcome};

use super::{Failure, Node, retry_on_conflict};
use crate::model::AccountKind;
use crate::store::{JobSummary, Store};

/// The maximum number of jobs in the list.
const MAX_JOBS: usize = 100;

impl<S: Store> Node<S> {
    /// Returns the newest jobs, newest first: those of the caller, or all jobs for
    /// an administrator.
    pub(crate) async fn newest_jobs(&self, credentials: &Credentials) -> Outcome<Vec<JobSummary>> {
        retry_on_conflict(|| async {
            let caller = self.caller_with(credentials).await??;
            let account_uuid = match caller.kind {
                AccountKind::SystemAdmin => None,
                AccountKind::Normal => Some(caller.account_uuid.as_str()),
            };
            Ok::<_, Failure>(self.store.newest_jobs(account_uuid, MAX_JOBS).await?)
        })
        .await
    }
}
