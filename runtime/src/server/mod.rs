//! The server: turns [`Routes`] into an [`axum::Router`].
//!
//! Generated code turns an implementation of its traits into [`Routes`]; an [`Api`] serves them.
//! Every request passes the same stages, in `pipeline.rs`:
//!
//! 1. `route` finds the operation of the path, method and body, which `receive` reads;
//! 2. `authenticate` reads the credentials, and `bind` the parameters; a request that cannot be
//!    read is answered with status 400 and a text that lists every problem;
//! 3. `run` starts a job or waits for the answer, as the caller requested: it `validate`s the
//!    parameters and calls the handler of the operation, in a separate task as soon as the handler
//!    has to wait;
//! 4. `respond` builds the response, a JSON object: the result (200) or `{"error":{…}}` (503).
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::body::Body;
//! use zstack_runtime::server::{Api, Call, Outcome, Routes, RoutesOf};
//! use zstack_runtime::{Operation, Response};
//!
//! // Generated code has these: the request, the response, and the description of the operation.
//! #[derive(Clone, Default, Operation)]
//! #[operation(
//!     GET = "/demo/v1/greetings/{name}",
//!     category = "demo",
//!     since = "1.0",
//!     no_session,
//!     response = Greeting,
//! )]
//! struct Greet {
//!     #[param(path, max_length = 10)]
//!     name: String,
//! }
//!
//! #[derive(Clone, Default, Response)]
//! #[response(since = "1.0")]
//! struct Greeting {
//!     name: String,
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! struct Greeter;
//!
//! impl Greeter {
//!     async fn greet(&self, _: Call, greet: Greet) -> Outcome<Greeting> {
//!         Ok(Greeting { name: format!("Hello, {}", greet.name) })
//!     }
//! }
//!
//! let routes: Routes = RoutesOf::new(Arc::new(Greeter)).add(Greeter::greet).into();
//! let api = Api::builder().mount(routes).build()?;
//! // `api.clone().into_router()` is an `axum::Router` for a listening server.
//! let answer = api.handle(http::Request::get("/demo/v1/greetings/you").body(Body::empty())?).await;
//! assert_eq!(axum::body::to_bytes(answer.into_body(), 99).await?, r#"{"name":"Hello, you"}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod api;
mod authenticate;
mod bind;
mod build_error;
mod builder;
mod call;
mod context;
mod emulated;
mod errors;
mod headers;
mod in_flight;
mod incoming;
mod intercept;
mod internal;
mod jobs;
mod legacy_channel;
mod options;
mod origin;
mod outcome;
mod parameters;
mod pipeline;
mod receive;
mod rejection;
mod respond;
mod route;
mod routes;
mod run;
mod schema;
mod shared;
mod span;
mod unread;
mod validate;
mod webhook;

pub use answer::{Answer, EncodedResult};
pub use api::{Api, Response, WeakApi};
pub use authenticate::{AccessKeys, Credentials, Sessions};
pub use build_error::BuildError;
pub use builder::ApiBuilder;
pub use call::{Call, refuse_unimplemented};
pub use context::RequestContext;
pub use headers::RemoteAddress;
pub use incoming::{Dispatch, Incoming};
pub use intercept::{Admission, Arrival, Intercept};
pub use jobs::{FinishedJob, Job, JobResult, JobStore, JobStoreError, MemoryJobs, StoredJob};
pub use options::{NewerParameters, Options, WallClock};
pub use origin::is_cross_origin;
pub use outcome::{BoxFuture, Outcome};
pub use receive::read_body;
pub use rejection::Rejection;
pub use routes::{ReservedPath, Routes, RoutesOf, ServiceMethod};
pub use unread::discard_body;
pub use webhook::{
    HttpWebhooks, ListenAddresses, ParseWebhookRuleError, WebhookAllow, WebhookError, WebhookRule,
    WebhookTransport, is_own_address,
};
