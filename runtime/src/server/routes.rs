use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::StatusCode;

use super::answer::Answer;
use super::call::Call;
use super::intercept::Intercept;
use super::options::NewerParameters;
use super::parameters::{self, Input, Release};
use super::rejection::Rejection;
use super::{schema, unimplemented, validate};
use crate::query::Names;
use crate::record::{AnyRecord, Fill, Items, View};
use crate::tags::{SYSTEM_TAGS, USER_TAGS};
use crate::{ErrorCode, Operation, Query, Request, Tags, Version, encode};

/// What an operation comes to: its answer, or an error in the platform's
/// terms. The error is boxed because it is large and rare.
pub type Outcome<T> = Result<T, Box<ErrorCode>>;

/// A future behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What becomes of a request once its parameters have been looked at.
pub type Dispatch = Result<BoxFuture<'static, Outcome<Served>>, Rejection>;

type Serve = dyn Fn(usize, Incoming) -> Dispatch + Send + Sync;

/// A path that the platform has and this API does not describe.
///
/// A request for it gets 404 and the names of its operations, where a variable
/// in the path of another operation would take it otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservedPath {
    /// The whole path, such as `/zstack/v1/vm-instances/nics`.
    pub(crate) path: &'static str,
    /// The operations that the platform serves there.
    pub(crate) operations: &'static [&'static str],
}

impl ReservedPath {
    /// A path, with the base path, and the operations that the platform serves
    /// there.
    #[must_use]
    pub const fn new(path: &'static str, operations: &'static [&'static str]) -> Self {
        Self { path, operations }
    }

    /// The whole path, such as `/zstack/v1/vm-instances/nics`.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The operations that the platform serves there.
    #[must_use]
    pub const fn operations(&self) -> &'static [&'static str] {
        self.operations
    }
}

/// Operations, and what serves them.
///
/// Made by generated code, one for each category of operations.
#[derive(Clone)]
pub struct Routes {
    pub(crate) operations: Cow<'static, [&'static Operation]>,
    pub(crate) reserved: &'static [ReservedPath],
    pub(crate) serve: Arc<Serve>,
}

impl Routes {
    /// `serve` is called with the index of an operation in `operations`; it
    /// calls [`Incoming::serve`] with a handler for that operation.
    pub fn new(
        operations: &'static [&'static Operation],
        serve: impl Fn(usize, Incoming) -> Dispatch + Send + Sync + 'static,
    ) -> Self {
        Self { operations: operations.into(), reserved: &[], serve: Arc::new(serve) }
    }
}

/// A method that serves an operation: `async fn(&T, Call, R) -> Outcome<R::Response>`.
///
/// Implemented for every such function. A trait of its own, because the future
/// borrows the service, which no bound on the function alone can say. So
/// generated code names its methods; a closure around each of them, which keeps
/// the service, would be twice as much to compile.
pub trait ServiceMethod<'a, T, R: Request> {
    /// What it returns.
    type Future: Future<Output = Outcome<R::Response>> + Send + 'a;

    /// Calls it.
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

/// What generated code adds for an operation has no size, and neither has this
/// then: its box takes no memory.
type Handler<T> = dyn Fn(&Arc<T>, Incoming) -> Dispatch + Send + Sync;

/// [`Routes`], one operation after the other, all served by a `T`.
///
/// The request that a handler takes says which operation it serves.
#[must_use]
pub struct RoutesOf<T> {
    service: Arc<T>,
    operations: Vec<&'static Operation>,
    handlers: Vec<Box<Handler<T>>>,
    reserved: &'static [ReservedPath],
}

impl<T: Send + Sync + 'static> RoutesOf<T> {
    /// No operation yet.
    pub fn new(service: Arc<T>) -> Self {
        Self { service, operations: Vec::new(), handlers: Vec::new(), reserved: &[] }
    }

    /// Adds the paths that the platform has and none of the operations. An
    /// operation that is mounted at such a path is served all the same.
    pub fn reserved(mut self, paths: &'static [ReservedPath]) -> Self {
        self.reserved = paths;
        self
    }

    /// Serves one more operation, by a method of the service.
    #[expect(clippy::should_implement_trait, reason = "a row of generated code; nothing is summed")]
    pub fn add<R, F>(mut self, method: F) -> Self
    where
        R: Request,
        F: for<'a> ServiceMethod<'a, T, R> + Copy + Send + Sync + 'static,
    {
        self.operations.push(R::OPERATION);
        self.handlers.push(Box::new(move |service, incoming| {
            let service = Arc::clone(service);
            // Not by `serve`, which would be compiled for each operation, too.
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
            None => incoming.unserved(),
        };
        Self { operations: operations.into(), reserved, serve: Arc::new(serve) }
    }
}

/// A request whose operation is known and whose parameters have not been read.
pub struct Incoming {
    pub(crate) call: Call,
    pub(crate) input: Input,
    pub(crate) with_schema: bool,
    pub(crate) newer: NewerParameters,
    pub(crate) intercept: Option<Arc<dyn Intercept>>,
}

impl Incoming {
    /// Reads the parameters at once and returns a future that checks their
    /// rules, runs `handler` and encodes what it answers.
    ///
    /// The rules are part of the future because a caller that wanted a job
    /// learns of a missing parameter when it polls.
    ///
    /// # Errors
    ///
    /// When a parameter cannot be read; the text lists all of those.
    pub fn serve<R, F, Fut>(self, handler: F) -> Dispatch
    where
        R: Request,
        F: FnOnce(Call, R) -> Fut + Send + 'static,
        Fut: Future<Output = Outcome<R::Response>> + Send + 'static,
    {
        self.serve_into(R::OPERATION, R::default(), handler)
    }

    /// [`serve`](Self::serve) of an operation whose table need not be known
    /// before run time: `request` is an empty record of that table.
    ///
    /// # Errors
    ///
    /// When a parameter cannot be read; the text lists all of those.
    pub fn serve_into<R, A, F, Fut>(
        self,
        operation: &'static Operation,
        mut request: R,
        handler: F,
    ) -> Dispatch
    where
        R: Fill + Send + Sync + 'static,
        A: AnyRecord + Send + Sync + 'static,
        F: FnOnce(Call, R) -> Fut + Send + 'static,
        Fut: Future<Output = Outcome<A>> + Send + 'static,
    {
        let Self { mut call, input, with_schema, newer, intercept } = self;
        let release = Release { at: call.version, newer };
        let given =
            parameters::read(operation, input, release, &mut |index, value| request.fill(index, value))?;
        call.tags = tags_of(&request);
        Ok(Box::pin(async move {
            let at = call.version;
            if let Some(intercept) = intercept {
                intercept.before(&call).await?;
            }
            validate::check(operation, &request, &given, at)?;
            let dry_run = call.is_dry_run();
            let names = names_of(operation, &request);
            let answer = handler(call, request).await?;
            if dry_run {
                return Ok(Served::nothing());
            }
            let body = encoded(&answer, names.as_deref(), at);
            let schema =
                if with_schema { Schema::Of { answer: Box::new(answer), names } } else { Schema::None };
            Ok(Served { body, schema })
        }))
    }

    /// Answers that the operation is not implemented.
    ///
    /// # Errors
    ///
    /// Never: the refusal is what the operation comes to.
    pub fn unserved(self) -> Dispatch {
        let Self { call, .. } = self;
        Ok(Box::pin(async move { Err(unimplemented::refuse(&call)) }))
    }
}

/// The answer of an operation, encoded.
#[derive(Debug)]
pub struct Served {
    pub(crate) body: Vec<u8>,
    pub(crate) schema: Schema,
}

impl Served {
    /// What a dry run answers.
    fn nothing() -> Self {
        Self { body: b"{}".to_vec(), schema: Schema::Empty }
    }
}

/// Which classes an answer holds. Writing that takes longer than writing the
/// answer, and hardly anybody asks: so it is done when somebody may.
pub(crate) enum Schema {
    /// Nobody will ask.
    None,
    /// Of an answer without fields.
    Empty,
    Of {
        answer: Box<dyn AnyRecord + Send>,
        /// What a query asked for of each record.
        names: Option<Box<[String]>>,
    },
}

impl Schema {
    pub(crate) fn written(self, at: Version) -> Option<Vec<u8>> {
        match self {
            Self::None => None,
            Self::Empty => Some(b"{}".to_vec()),
            Self::Of { answer, names } => Some(schema::of(&*answer, names.as_deref(), at)),
        }
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Empty => "Empty",
            Self::Of { .. } => "Of(…)",
        })
    }
}

/// A success as whoever polls for it may ask for it.
pub(crate) fn kept(answer: &dyn AnyRecord, at: Version) -> Answer {
    let (mut body, schema) = (encoded(answer, None, at), schema::of(answer, None, at));
    body.shrink_to_fit();
    Answer { status: StatusCode::OK, body: body.into(), schema: Some(schema.into()) }
}

/// Not generic, so that it is compiled once.
fn encoded(answer: &dyn AnyRecord, names: Option<&[String]>, at: Version) -> Vec<u8> {
    // An inventory with its lists; short of that, growing costs a copy.
    let mut body = Vec::with_capacity(3 * 1024);
    match names {
        Some(names) => encode::projection(answer, names, at, &mut body),
        None => encode::record(answer, at, &mut body),
    }
    body
}

/// The fields that a query asks for, if it asks for less than all. The rest is
/// left out here, for every implementer: a record cannot do without what it
/// requires, and a query may well.
fn names_of(operation: &Operation, request: &dyn AnyRecord) -> Option<Box<[String]>> {
    if !operation.is_query() {
        return None;
    }
    let index = request.shape().index_of(Query::FIELDS.name)?;
    let View::Text(text) = request.get(index) else { return None };
    // Each record is compared with all of them, and a caller may repeat one a
    // million times.
    let names: BTreeSet<String> = Names::new([text]).iter().map(str::to_owned).collect();
    Some(names.into_iter().collect())
}

/// The tags of a request, where its table has them.
fn tags_of(request: &dyn AnyRecord) -> Tags {
    let list = |name| -> Vec<String> {
        match request.shape().index_of(name).map(|index| request.get(index)) {
            Some(View::List(items)) => texts(items),
            _ => Vec::new(),
        }
    };
    Tags { system: list(SYSTEM_TAGS), user: list(USER_TAGS) }
}

fn texts(items: &dyn Items) -> Vec<String> {
    (0..items.count())
        .filter_map(|index| match items.item(index) {
            View::Text(text) => Some(text.to_owned()),
            _ => None,
        })
        .collect()
}
