//! The settings of a node, and the errors that keep it from starting.

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use zstack_server::{BuildError, JobStoreError, Options};

use crate::cors::AllowedOrigin;
use crate::hosts::AllowedHost;
use crate::inventory::LoadError;
use crate::journal::JournalLimits;
use crate::model::Moment;
use crate::pace::Pace;
use crate::serve::ConnectionLimits;
use crate::service::LoginLimits;
use crate::spec::{Spec, SpecError};
use crate::store::StoreError;
use crate::store::sqlite::OpenError;

/// The callers that may use `/_node`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ControlAccess {
    /// None.
    Off,
    /// Callers on this machine.
    #[default]
    Loopback,
    /// All callers.
    All,
}

/// Settings of a node.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The database file; `None` for a temporary one.
    pub database: Option<PathBuf>,
    /// Opens a database that the last run did not close although its log is
    /// missing; the last changes of that run may be lost.
    pub accept_missing_log: bool,
    /// Loads the built-in sample into an empty store.
    pub sample: bool,
    /// The time zone of timestamps in responses.
    pub zone: TimeZone,
    /// The options of the API. Jobs are always kept in the store of the node.
    pub options: Options,
    /// The limits on connections and on the time that peers may take.
    pub connections: ConnectionLimits,
    /// The delay of logins after wrong passwords.
    pub login: LoginLimits,
    /// The callers that may use [`control`](crate::control).
    pub control: ControlAccess,
    /// Hosts that requests may name in addition to `localhost` and IP addresses.
    /// A node that listens on loopback, or that has an allowed host, refuses all
    /// others. Default: none.
    pub allowed_hosts: Vec<AllowedHost>,
    /// The origins whose pages may call the node from a browser, except for
    /// [`control`](crate::control). Default: none.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// The addresses on which the node is going to listen, to which it sends no
    /// webhooks. [`App::serve`](crate::app::App::serve) adds that of its listener, but pending webhooks
    /// of the last run may be sent earlier. Default: none.
    pub listen: Vec<SocketAddr>,
    /// Serves the dashboard at `/` and the reference at `/docs/`.
    pub pages: bool,
    /// The spec; `None` for the built-in one.
    pub spec: Option<&'static Spec>,
    /// The time that operations take. Default: none.
    pub pace: Pace,
    /// The limits of the journal of requests. Private worlds have a journal each.
    pub journal: JournalLimits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            database: None,
            accept_missing_log: false,
            sample: false,
            zone: TimeZone::UTC,
            options: Options::default(),
            connections: ConnectionLimits::default(),
            login: LoginLimits::default(),
            control: ControlAccess::default(),
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            listen: Vec::new(),
            pages: true,
            spec: None,
            pace: Pace::NONE,
            journal: JournalLimits::default(),
        }
    }
}

/// An error that keeps a node from starting.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sample cannot be loaded.
    #[error(transparent)]
    Sample(#[from] LoadError),
    /// The clock of the machine shows a time that HTTP cannot express.
    #[error(
        "the clock of this machine shows {0}; the node needs a time between 1970 and 9999; set the clock and start \
         again"
    )]
    Clock(Moment),
    /// The jobs of the last run cannot be resumed.
    #[error("the jobs of the last run cannot be resumed: {0}")]
    Jobs(JobStoreError),
    /// The built-in spec is invalid.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The options of the API are invalid.
    #[error("{0}")]
    Build(BuildError),
}
