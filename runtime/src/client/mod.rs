//! The client of the API: [`Client`], [`Call`], [`Job`], [`Error`], [`Transport`].

mod access_key;
mod account;
mod answer;
mod atomic_version;
mod attempt;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call;
mod caller;
#[expect(clippy::module_inception, reason = "it is re-exported; the path is not visible")]
mod client;
mod connection;
mod credentials;
mod envelope;
mod error;
mod excerpt;
mod gate;
mod http_options;
mod http_transport;
mod identity;
mod in_process;
mod job;
mod options;
mod outgoing;
mod own_calls;
mod password;
mod polling;
mod records;
mod request;
mod subject;
mod timer;
mod trace;
mod transport;
mod url;
mod webhook;

pub use builder::ClientBuilder;
pub use call::Call;
pub use caller::Caller;
pub use client::Client;
pub use error::{Error, ErrorKind};
pub use http_options::HttpOptions;
pub use http_transport::HttpTransport;
pub use in_process::InProcess;
pub use job::{Job, Progress};
pub use options::{CallOptions, PollPolicy};
pub use password::hash_password;
pub use records::Records;
#[cfg(feature = "reqwest")]
pub use reqwest;
pub use transport::{BoxError, BoxFuture, Transport, TransportError};
pub use webhook::Webhook;
