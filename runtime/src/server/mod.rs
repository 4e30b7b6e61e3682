//! The server: routes in, an [`axum::Router`] out.
//!
//! Generated code turns an implementation of its traits into [`Routes`]; an
//! [`Api`] serves them. What every operation shares is here and written once:
//!
//! 1. a path is looked up, its body read and the operation selected;
//! 2. authentication is looked at, parameters are read - what cannot be read
//!    is answered with status 400 and a text that lists every problem;
//! 3. the caller gets a job or waits for the answer, whichever it asked for;
//! 4. the parameters' rules are checked, the operation runs - in a task of its
//!    own as soon as it has to wait - and what comes of it is a JSON object: the
//!    result (200) or `{"error":{…}}` (503).
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::body::Body;
//! use zstack_runtime::server::{Api, Call, Outcome, Routes, RoutesOf};
//! use zstack_runtime::{Operation, Response};
//!
//! // What generated code holds: parameters, results, and the facts.
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

mod access_key;
mod api;
mod body;
mod builder;
mod call;
mod channel;
mod envelope;
mod errors;
mod execution;
mod headers;
mod ids;
mod in_flight;
mod intercept;
mod jobs;
mod location;
mod message;
mod object;
mod options;
mod origin;
mod parameters;
mod prefer;
mod query;
mod rejection;
mod routes;
mod routing;
mod rules;
mod schema;
mod sessions;
mod source;
mod stages;
mod unimplemented;
mod unread;
mod webhook;

pub use access_key::AccessKeys;
pub use api::{Api, Response};
pub use body::read_body;
pub use builder::{ApiBuilder, BuildError};
pub use call::{Call, Credentials, RemoteAddress};
pub use envelope::Answer;
pub use intercept::Intercept;
pub use jobs::{FinishedJob, Job, JobResult, JobStore, JobStoreError, MemoryJobs, StoredJob};
pub use options::{NewerParameters, Options};
pub use origin::is_cross_origin;
pub use rejection::Rejection;
pub use routes::{
    BoxFuture, Dispatch, Incoming, Outcome, ReservedPath, Routes, RoutesOf, Served, ServiceMethod,
};
pub use sessions::Sessions;
pub use unimplemented::unimplemented;
pub use unread::discard_body;
pub use webhook::{
    HttpWebhooks, ListenAddresses, ParseWebhookRuleError, WebhookAllow, WebhookError, WebhookRule,
    WebhookTransport, is_own_address,
};
