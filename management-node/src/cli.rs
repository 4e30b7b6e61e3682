//! What the command line takes.

use super::{AllowedHost, FoundRelease, PathBuf, TimeZone, WebhookRule};

/// A ZStack management node small enough for a laptop.
#[derive(Debug, clap::Parser)]
#[command(name = "zstack-node", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Serves the API until told to stop (SIGINT, SIGTERM).
    Serve(Serve),
    /// Fills a database from an inventory: all of it, or nothing.
    Load(Load),
    /// Prints the built-in inventory, to begin one's own with.
    Sample,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 takes a free one. The address is printed.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,
    /// Where everything is kept; created if it does not exist. Without it,
    /// everything is gone in the end.
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
    /// Open a database that the last run did not close although its log
    /// (FILE-wal) is missing. The last changes of that run may be lost.
    #[arg(long, requires = "database")]
    pub(crate) accept_missing_log: bool,
    /// Fills an empty database with a small cloud; see `zstack-node sample`.
    #[arg(long)]
    pub(crate) sample: bool,
    /// The zone that times are written in.
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = super::zone)]
    pub(crate) zone: TimeZone,
    /// The release to emulate, without what came later; a version between two releases means the older
    /// one [default: the newest].
    #[arg(long, value_name = "VERSION", value_parser = zstack_node::releases::find)]
    pub(crate) api_version: Option<FoundRelease>,
    /// What becomes of parameters that came after the release that is played.
    #[arg(long, value_enum, value_name = "WHAT", default_value = "refuse")]
    pub(crate) newer_parameters: Newer,
    /// Answers every long operation with a job to poll, whatever the caller
    /// prefers.
    #[arg(long)]
    pub(crate) jobs_always: bool,
    /// Largest number of jobs on record, under way or with a result that has not
    /// expired. When it is reached, callers that want a job are refused with
    /// SYS.1010.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_jobs: u32,
    /// Wrong passwords for an account from one address before further logins
    /// have to wait: a second, then twice as long each time. 0: never wait.
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub(crate) login_attempts: u32,
    /// Longest time that a login has to wait after wrong passwords, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) login_wait: u32,
    /// Allow webhooks (X-Web-Hook) to be posted to a host name, an IP address,
    /// a CIDR, or `*` for everywhere, but never to an address on which this
    /// node listens. Can be repeated.
    #[arg(long, value_name = "HOST|IP|CIDR|*", default_values = ["127.0.0.0/8", "::1"])]
    pub(crate) webhook_allow: Vec<WebhookRule>,
    /// Believe X-Forwarded-For and X-Real-IP: behind a proxy that sets them.
    #[arg(long)]
    pub(crate) trust_forwarded: bool,
    /// Serve requests whose header Host is this host name or IP address. Can be
    /// repeated. A node on a loopback address, and one with this option,
    /// refuses every Host except IP addresses, localhost and these.
    #[arg(long, value_name = "HOST|IP")]
    pub(crate) allowed_host: Vec<AllowedHost>,
    /// What the addresses of jobs begin with [default: the host that the
    /// request names].
    #[arg(long, value_name = "URL")]
    pub(crate) location_base: Option<String>,
    /// Set which callers may use /_node, by which tests reset the node and make
    /// calls fail. All need the header `X-ZStack-Node-Control: 1` to change
    /// something, and a Host that names this machine.
    #[arg(long, value_enum, value_name = "CALLERS", default_value = "loopback")]
    pub(crate) control: Control,
    /// Shows browsers nothing: neither the dashboard at / nor the reference at
    /// /docs.
    #[arg(long)]
    pub(crate) no_pages: bool,
    /// Serve up to this many connections at a time. At the limit the one that
    /// has been idle longest is closed; where none is idle, new ones wait.
    #[arg(long, value_name = "NUMBER", default_value_t = 4096, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) max_connections: u32,
    /// Close a connection after this time without a request, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = super::seconds())]
    pub(crate) idle_timeout: u64,
    /// Refuse a request whose headers take longer, in seconds from their first
    /// byte.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = super::seconds())]
    pub(crate) header_timeout: u64,
    /// Refuse a request whose body takes longer, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = super::seconds())]
    pub(crate) body_timeout: u64,
    /// Close a connection whose peer reads nothing of a response for this time,
    /// in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = super::seconds())]
    pub(crate) write_timeout: u64,
    /// Also stops when the standard input ends: for a test that starts it and
    /// may itself be killed.
    #[arg(long)]
    pub(crate) until_stdin_ends: bool,
    /// How the log is written, to the standard error; RUST_LOG says how much.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) log_format: LogFormat,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Load {
    /// The inventory; `zstack-node sample` shows what one looks like.
    #[arg(value_name = "FILE.yaml")]
    pub(crate) file: PathBuf,
    /// The database to fill; created if it does not exist. Without it, the
    /// inventory is only checked.
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Control {
    /// None.
    Off,
    /// Those on this machine, not through a proxy from another.
    Loopback,
    /// All that reach the node, and can then erase it.
    Anybody,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Newer {
    /// Refused, with a text that names the parameter and both releases.
    Refuse,
    /// Dropped without a word, as the platform does.
    Ignore,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// A JSON object for each line.
    Json,
}
