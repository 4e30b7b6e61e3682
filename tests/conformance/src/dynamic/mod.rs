//! Any spec, played at run time.
//!
//! The generated crates have an operation as two structs and a table of
//! constants. Here are the same tables, made of a model, and one record for all
//! of them: so the real server can play a spec of which no code was generated,
//! such as the two sides of a change. Tests hold it against the generated code.

mod record;
mod slots;
mod tables;

use std::sync::Arc;

use zstack_runtime::Operation;
use zstack_runtime::server::Routes;

use crate::Echo;

pub use record::Dynamic;
pub use tables::operations;

/// Serves operations that were made at run time.
#[must_use]
pub fn routes(operations: &'static [&'static Operation], echo: &Arc<Echo>) -> Routes {
    let echo = Arc::clone(echo);
    Routes::new(operations, move |index, incoming| {
        let Some(operation) = operations.get(index).copied() else { return incoming.unserved() };
        let echo = Arc::clone(&echo);
        incoming.serve_into(operation, Dynamic::new(operation.request), move |_, request| async move {
            echo.exchange_any(operation, &request)
        })
    })
}
