//! The arguments of the command line.

use super::{AllowedHost, AllowedOrigin, Pace, PathBuf, TimeZone, WebhookRule};

/// A ZStack management node small enough for a laptop.
#[derive(Debug, clap::Parser)]
#[command(name = "zstack-node", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Serve the API until the process receives SIGINT or SIGTERM.
    Serve(Box<Serve>),
    /// Load an inventory file, written by hand or exported with `GET
    /// /_node/inventory`, into a database: all of it, or nothing.
    Load(Load),
    /// Print the built-in sample inventory, as a starting point for your own.
    Sample,
    /// Print which operations this node performs, and how.
    Coverage(Coverage),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Coverage {
    /// Print columns, a list of JSON objects, or a page in Markdown.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: CoverageFormat,
    #[command(flatten)]
    pub(crate) spec: SpecFolders,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SpecFolders {
    /// Use the spec in this folder instead of the built-in one. Operations that
    /// the built-in spec has, too, keep their behavior; others follow from
    /// conventions.
    #[arg(long, value_name = "DIR")]
    pub(crate) spec: Option<PathBuf>,
    /// Use the resource files in this folder in addition to the built-in ones.
    /// A file replaces the built-in one of the same resource.
    #[arg(long, value_name = "DIR")]
    pub(crate) resources: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum CoverageFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Listen on this address and port, and print both; port 0 selects a free
    /// port.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// Keep all data in this SQLite file, which is created if it does not
    /// exist. Without this option, all data is discarded on exit.
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
    /// Open the database even if the last run did not close it and its
    /// write-ahead log (FILE-wal) is missing. The last changes of that run may
    /// be lost.
    #[arg(long, requires = "database")]
    pub(crate) accept_missing_log: bool,
    /// Load the sample inventory if the database is empty; `zstack-node sample`
    /// prints it.
    #[arg(long)]
    pub(crate) sample: bool,
    #[command(flatten)]
    pub(crate) spec: SpecFolders,
    /// Write timestamps in this time zone, such as Asia/Shanghai.
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = super::zone)]
    pub(crate) zone: TimeZone,
    /// Emulate this release of the API, without later additions. A version
    /// between two releases selects the older one [default: the newest release].
    #[arg(long, value_name = "VERSION")]
    pub(crate) api_version: Option<String>,
    /// Handle parameters that are newer than the emulated release in this way.
    #[arg(long, value_enum, value_name = "ACTION", default_value = "refuse")]
    pub(crate) newer_parameters: NewerParametersAction,
    /// Answer every long operation with a job to poll, even if the caller asks
    /// to wait for the result.
    #[arg(long)]
    pub(crate) jobs_always: bool,
    /// Keep at most this many jobs, running ones and unexpired results
    /// together. At the limit, operations that need a job fail with SYS.1010.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_jobs: u32,
    /// Delay logins to an account from one address after this many wrong
    /// passwords: by one second at first, then twice as long each time. 0
    /// disables the delay.
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub(crate) login_attempts: u32,
    /// Delay a login by at most this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) login_wait: u32,
    /// Allow webhooks (X-Web-Hook) to be sent to this host name, IP address or
    /// CIDR, or to any address with `*`, but never to an address on which this
    /// node listens. Can be repeated.
    #[arg(long, value_name = "HOST|IP|CIDR|*", default_values = ["127.0.0.0/8", "::1"])]
    pub(crate) webhook_allow: Vec<WebhookRule>,
    /// Trust the headers X-Forwarded-For and X-Real-IP. Use this only behind a
    /// proxy that sets them.
    #[arg(long)]
    pub(crate) trust_forwarded: bool,
    /// Accept requests whose Host header is this host name or IP address. Can be
    /// repeated. With this option, or on a loopback address, the node refuses
    /// any other Host except IP addresses and localhost.
    #[arg(long, value_name = "HOST|IP")]
    pub(crate) allowed_host: Vec<AllowedHost>,
    /// Allow pages of this origin, such as http://localhost:3000, to call the node
    /// from a browser (CORS), or pages of all origins with `*`; never /_node. Can
    /// be repeated.
    #[arg(long, value_name = "ORIGIN|*")]
    pub(crate) cors: Vec<AllowedOrigin>,
    /// Begin the URLs of jobs with this URL [default: the host of the request].
    #[arg(long, value_name = "URL")]
    pub(crate) location_base: Option<String>,
    /// Set which callers may use /_node, with which tests reset the node and
    /// make calls fail. Requests that change something also need the header
    /// `X-ZStack-Node-Control: 1` and a Host that names this machine.
    #[arg(long, value_enum, value_name = "CALLERS", default_value = "loopback")]
    pub(crate) control: ControlCallers,
    /// Let operations take time, with intermediate states such as Starting: `none`
    /// (they end at once), `realistic` (as long as on the platform), or a factor,
    /// such as 0.1 for a tenth of the realistic time.
    #[arg(long, value_name = "none|realistic|FACTOR", default_value = "none")]
    pub(crate) pace: Pace,
    /// Keep this many requests in the journal, GET /_node/requests; 0 disables it.
    #[arg(long, value_name = "NUMBER", default_value_t = 1000)]
    pub(crate) journal_entries: usize,
    /// Keep requests of at most this size in the journal, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 16 * 1024 * 1024)]
    pub(crate) journal_bytes: usize,
    /// Serve neither the dashboard at / nor the reference at /docs.
    #[arg(long)]
    pub(crate) no_pages: bool,
    /// Serve at most this many connections at a time. At the limit, the node
    /// closes the connection that has been idle longest; if none is idle, new
    /// connections wait.
    #[arg(long, value_name = "NUMBER", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_connections: u32,
    /// Close a connection after this many seconds without a request.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = super::seconds())]
    pub(crate) idle_timeout: u64,
    /// Refuse a request whose headers take longer than this many seconds from
    /// their first byte.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = super::seconds())]
    pub(crate) header_timeout: u64,
    /// Refuse a request whose body takes longer than this many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = super::seconds())]
    pub(crate) body_timeout: u64,
    /// Close a connection whose client reads nothing of a response for this many
    /// seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = super::seconds())]
    pub(crate) write_timeout: u64,
    /// Also stop when the standard input ends, so that the node does not outlive
    /// a test that is killed.
    #[arg(long)]
    pub(crate) until_stdin_ends: bool,
    /// Write the log to the standard error in this format; the environment
    /// variable RUST_LOG sets its level.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Load {
    /// The inventory file; `zstack-node sample` prints an example.
    #[arg(value_name = "FILE.yaml")]
    pub(crate) file: PathBuf,
    /// Load into this database, which is created if it does not exist. Without
    /// this option, the inventory is only checked.
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum ControlCallers {
    /// No callers.
    Off,
    /// Callers on this machine, except through a proxy from another machine.
    Loopback,
    /// All callers that can reach the node; each of them can delete its data.
    All,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum NewerParametersAction {
    /// Refuse the request; the error names the parameter and both releases.
    Refuse,
    /// Ignore the parameter silently, as the platform does.
    Ignore,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines of text.
    Text,
    /// One JSON object per line.
    Json,
}
