use std::borrow::Cow;
use std::sync::Arc;

use super::call::Call;
use super::incoming::{Dispatch, Incoming};
use super::outcome::Outcome;
use crate::{Operation, Request};

type Serve = dyn Fn(usize, Incoming) -> Dispatch + Send + Sync;

/// A path of the platform that a variable in the path of another operation could match.
///
/// If the server has no operation with this path, requests for it are answered with 404 and the names of
/// its operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservedPath {
    /// The whole path, such as `/zstack/v1/vm-instances/nics`.
    pub(crate) path: &'static str,
    /// The operations that the platform serves there.
    pub(crate) operations: &'static [&'static str],
}

impl ReservedPath {
    /// Reserves a path, given with the base path, for operations of the platform.
    #[must_use]
    pub const fn new(path: &'static str, operations: &'static [&'static str]) -> Self {
        Self { path, operations }
    }

    /// Returns the whole path, such as `/zstack/v1/vm-instances/nics`.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Returns the names of the operations that the platform serves there.
    #[must_use]
    pub const fn operations(&self) -> &'static [&'static str] {
        self.operations
    }
}

/// Operations and their handlers.
///
/// Generated code has one for each category of operations.
#[derive(Clone)]
pub struct Routes {
    pub(crate) operations: Cow<'static, [&'static Operation]>,
    pub(crate) reserved: &'static [ReservedPath],
    pub(crate) serve: Arc<Serve>,
}

impl Routes {
    /// Creates routes that call `serve` with the index of the operation; `serve` calls
    /// [`Incoming::serve`] with the handler of that operation.
    pub fn new(
        operations: &'static [&'static Operation],
        serve: impl Fn(usize, Incoming) -> Dispatch + Send + Sync + 'static,
    ) -> Self {
        Self { operations: operations.into(), reserved: &[], serve: Arc::new(serve) }
    }

    /// Returns the operations.
    #[must_use]
    pub fn operations(&self) -> &[&'static Operation] {
        &self.operations
    }
}

/// A method that handles an operation: `async fn(&T, Call, R) -> Outcome<R::Response>`.
///
/// Implemented for every such function. It is a trait because the future borrows the service, which
/// a bound on the function alone cannot express. Generated code names its methods; closures around
/// them would be twice as much to compile.
pub trait ServiceMethod<'a, T, R: Request> {
    /// The future that the method returns.
    type Future: Future<Output = Outcome<R::Response>> + Send + 'a;

    /// Calls the method.
    fn call(self, service: &'a T, call: Call, request: R) -> Self::Future;
}

impl<'a, T, R, F, Fut> ServiceMethod<'a, T, R> for F
where
    T: 'a,
    R: Request,
    F: FnOnce(&'a T, Call, R) -> Fut,
    Fut: Future<Output = Outcome<R::Response>> + Send + 'a,
{
    type Future = Fut;

    fn call(self, service: &'a T, call: Call, request: R) -> Fut {
        self(service, call, request)
    }
}

/// Function items have no size, so these boxes do not allocate.
type Handler<T> = dyn Fn(&Arc<T>, Incoming) -> Dispatch + Send + Sync;

/// Builds [`Routes`] whose operations are all handled by a `T`.
///
/// The request type of a handler determines its operation.
#[must_use]
pub struct RoutesOf<T> {
    service: Arc<T>,
    operations: Vec<&'static Operation>,
    handlers: Vec<Box<Handler<T>>>,
    reserved: &'static [ReservedPath],
}

impl<T: Send + Sync + 'static> RoutesOf<T> {
    /// Creates routes without operations.
    pub fn new(service: Arc<T>) -> Self {
        Self { service, operations: Vec::new(), handlers: Vec::new(), reserved: &[] }
    }

    /// Reserves paths of the platform that have no operation here. Operations that are mounted at
    /// such a path are served nevertheless.
    pub fn reserve_paths(mut self, paths: &'static [ReservedPath]) -> Self {
        self.reserved = paths;
        self
    }

    /// Adds an operation, handled by a method of the service.
    #[expect(clippy::should_implement_trait, reason = "a row of generated code; nothing is summed")]
    pub fn add<R, F>(mut self, method: F) -> Self
    where
        R: Request,
        F: for<'a> ServiceMethod<'a, T, R> + Copy + Send + Sync + 'static,
    {
        self.operations.push(R::OPERATION);
        self.handlers.push(Box::new(move |service, incoming| {
            let service = Arc::clone(service);
            // Not `serve`, which would be compiled for each operation, too.
            incoming.serve_into(R::OPERATION, R::default(), move |call, request: R| async move {
                method.call(&service, call, request).await
            })
        }));
        self
    }
}

impl<T: Send + Sync + 'static> From<RoutesOf<T>> for Routes {
    fn from(routes: RoutesOf<T>) -> Self {
        let RoutesOf { service, mut operations, mut handlers, reserved } = routes;
        operations.shrink_to_fit();
        handlers.shrink_to_fit();
        let serve = move |index: usize, incoming: Incoming| match handlers.get(index) {
            Some(handler) => handler(&service, incoming),
            None => incoming.refuse_unimplemented(),
        };
        Self { operations: operations.into(), reserved, serve: Arc::new(serve) }
    }
}
