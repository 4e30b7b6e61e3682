//! Lists of jobs, which the API has no operation for.

use zstack_server::{Credentials, Outcome};

use super::{Failure, Node, settle};
use crate::model::AccountKind;
use crate::store::{JobSummary, Store};

/// How many jobs a list has at most.
const MOST: usize = 100;

impl<S: Store> Node<S> {
    /// The newest jobs, newest first: those of the caller, or of everybody for
    /// an administrator.
    pub(crate) async fn newest_jobs(&self, credentials: &Credentials) -> Outcome<Vec<JobSummary>> {
        settle(|| async {
            let caller = self.caller_with(credentials).await??;
            let account_uuid = match caller.kind {
                AccountKind::SystemAdmin => None,
                AccountKind::Normal => Some(caller.account_uuid.as_str()),
            };
            Ok::<_, Failure>(self.store.newest_jobs(account_uuid, MOST).await?)
        })
        .await
    }
}
