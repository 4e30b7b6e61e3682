//! IP ranges, virtual and elastic IP addresses, port forwarding, security groups, load balancers, and
//! the services of L3 networks.

use super::{Context, Done, missing};
use crate::cloud::plan::Written;
use crate::service::Failure;
use crate::store::Store;

/// The operations.
pub(super) const OPERATIONS: &[Written] = &[];

/// Performs an operation.
pub(super) async fn perform<S: Store>(context: &Context<'_, S>) -> Result<Done, Failure> {
    #[expect(clippy::match_single_binding, reason = "operations follow")]
    match context.plan.operation.name {
        _ => Err(missing(context)),
    }
}
