//! Serves any spec at run time.
//!
//! The generated crates have two structs and a table of constants for each operation. This module
//! builds the same tables from a model, with a single record type for all of them. So the real
//! server can serve a spec without generated code, such as the two sides of a change. Tests compare
//! it with the generated code.

mod record;
mod slots;
mod tables;

use std::sync::Arc;

use zstack_runtime::Operation;
use zstack_runtime::server::Routes;

use crate::Echo;

pub use record::Dynamic;
pub use tables::operations;

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
