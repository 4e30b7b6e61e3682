//! Generated client against generated server, in process.
//!
//! [`Echo`] serves every operation: it keeps the request it got and answers
//! what it was told to, so that a test sees both ends. [`values`] makes
//! values of any type from its table.

mod echo;
mod every;
pub mod values;

pub use echo::{Answer, Echo};
pub use every::{Visit, every_operation};

use std::sync::Arc;

use zstack_client::{Client, InProcess};
use zstack_server::{Api, Options};

/// A client whose transport is a server in this process, with a session; and
/// what serves it.
///
/// # Panics
///
/// When the routes collide, which the spec's check rules out.
#[must_use]
#[expect(clippy::expect_used, reason = "for tests, which are to fail here")]
pub fn loopback(options: Options) -> (Client, Arc<Echo>) {
    let echo = Arc::new(Echo::default());
    let router = router(&echo, options);
    let client = Client::builder("http://node.test").transport(InProcess::new(router)).build();
    (client.expect("a client").with_session("36c27e8ff05c4780bf6d2fa65700f22e"), echo)
}

/// The routes of an [`Echo`].
///
/// # Panics
///
/// When the routes collide, which the spec's check rules out.
#[expect(clippy::expect_used, reason = "for tests, which are to fail here")]
pub fn router(echo: &Arc<Echo>, options: Options) -> axum::Router {
    let api = Api::builder().mount_all(zstack_server::routes(echo)).options(options).build();
    api.expect("routes that do not collide").into_router()
}

/// The pages under `docs/`, whose examples compile as part of the tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../docs/client.md")]
    struct Client;

    #[doc = include_str!("../../docs/server.md")]
    struct Server;

    #[doc = include_str!("../../docs/architecture.md")]
    struct Architecture;
}
