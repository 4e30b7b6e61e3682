use std::pin::Pin;

use crate::ErrorCode;

/// The result of an operation: its response, or an error as the platform reports it. The error is
/// boxed because it is large and rare.
pub type Outcome<T> = Result<T, Box<ErrorCode>>;

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
