//! Serves any spec at run time, with [`Echo`] as the service. Tests compare it with the generated code,
//! and serve the two sides of a change.

use std::sync::Arc;

use zstack_runtime::Operation;
use zstack_runtime::server::Routes;

use crate::Echo;

pub use zstack_dynamic::{Dynamic, operations};

/// Serves operations whose tables were built at run time.
#[must_use]
pub fn routes(operations: &'static [&'static Operation], echo: &Arc<Echo>) -> Routes {
    let echo = Arc::clone(echo);
    Routes::new(operations, move |index, incoming| {
        let Some(operation) = operations.get(index).copied() else { return incoming.refuse_unimplemented() };
        let echo = Arc::clone(&echo);
        incoming.serve_into(operation, Dynamic::new(operation.request), move |_, request| async move {
            echo.exchange_any(operation, &request)
        })
    })
}
