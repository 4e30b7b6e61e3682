//! The command line of the management node.

mod cli;
mod logging;

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use zstack_node::app::{App, Settings};
use zstack_node::clock::SystemClock;
use zstack_node::control::ControlAccess;
use zstack_node::cors::AllowedOrigin;
use zstack_node::coverage;
use zstack_node::hosts::AllowedHost;
use zstack_node::inventory::{self, SAMPLE};
use zstack_node::model::ADMIN_UUID;
use zstack_node::pace::Pace;
use zstack_node::service::LoginLimits;
use zstack_node::spec::{Spec, SpecError};
use zstack_node::store::Store as _;
use zstack_node::store::sqlite::SqliteStore;
use zstack_runtime::Version;
use zstack_server::{NewerParameters, Options, WebhookAllow, WebhookRule};

use cli::{
    Cli, Command, ControlCallers, Coverage, CoverageFormat, Load, NewerParametersAction, Serve, SpecFolders,
};

// A node allocates and frees many short strings on several threads: mimalloc
// serves a third more calls than the system's allocator (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The maximum time between the stop signal and the end of the process.
const STOP_LIMIT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let is_report =
                matches!(error.downcast_ref(), Some(SpecError::Invalid(_) | SpecError::Resources(_)));
            let start = if is_report { "" } else { "error: " };
            // If the standard error is closed, only the exit code reports the error.
            let _ = writeln!(std::io::stderr(), "{start}{}", error.to_string().trim_end());
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = match cli.command {
        Command::Serve(arguments) => runtime.block_on(serve(*arguments)),
        Command::Load(arguments) => runtime.block_on(load(arguments)),
        Command::Sample => print_line(SAMPLE.trim_end()),
        Command::Coverage(arguments) => print_coverage(&arguments),
    };
    // Does not wait for blocked threads: their results are not needed, and
    // committed changes are durable.
    runtime.shutdown_background();
    result
}

/// Exits after a time limit if the process is still running, for example
/// because all threads of the runtime are busy.
fn exit_after(limit: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(limit);
        tracing::error!("the node did not stop within 10 s and exits; the next start recovers the database");
        std::process::exit(1);
    });
}

fn print_coverage(arguments: &Coverage) -> Result<(), Box<dyn Error>> {
    let rows = coverage::rows_of(open_spec(&arguments.spec)?);
    let text = match arguments.format {
        CoverageFormat::Text => coverage::text(&rows),
        CoverageFormat::Json => coverage::json(&rows)?,
        CoverageFormat::Markdown => coverage::markdown(&rows),
    };
    print_line(text.trim_end())
}

fn open_spec(folders: &SpecFolders) -> Result<&'static Spec, SpecError> {
    Spec::open(folders.spec.as_deref(), folders.resources.as_deref())
}

/// Finds the release of `--api-version`; ends the process if the spec does not declare it.
fn find_release(spec: &Spec, text: &str) -> Result<Version, Box<dyn Error>> {
    let found = spec.find_release(text).unwrap_or_else(|problem| {
        let message = format!("invalid value '{text}' for '--api-version <VERSION>': {problem}");
        Cli::command().error(ErrorKind::ValueValidation, message).exit()
    });
    if let Some(note) = found.note {
        writeln!(std::io::stderr(), "note: {note}")?;
    }
    Ok(found.version)
}

/// Writes a line to the standard output, and flushes it.
fn print_line(text: &str) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

async fn serve(arguments: Serve) -> Result<(), Box<dyn Error>> {
    logging::start(arguments.log_format);
    // Registered first, so that a signal during the start is not lost.
    let stop = stop_signal()?;
    let spec = open_spec(&arguments.spec)?;
    let version = arguments.api_version.map_or(Ok(Version::NEWEST), |text| find_release(spec, &text))?;
    let mut settings = Settings::default();
    settings.spec = Some(spec);
    settings.database = arguments.database;
    settings.accept_missing_log = arguments.accept_missing_log;
    settings.sample = arguments.sample;
    settings.zone = arguments.zone;
    settings.control = match arguments.control {
        ControlCallers::Off => ControlAccess::Off,
        ControlCallers::Loopback => ControlAccess::Loopback,
        ControlCallers::All => ControlAccess::All,
    };
    settings.allowed_hosts = arguments.allowed_host;
    settings.allowed_origins = arguments.cors;
    settings.pages = !arguments.no_pages;
    settings.pace = arguments.pace;
    settings.journal.entries = arguments.journal_entries;
    settings.journal.bytes = arguments.journal_bytes;
    let connections = &mut settings.connections;
    connections.connections = usize::try_from(arguments.max_connections)?;
    connections.idle = Duration::from_secs(arguments.idle_timeout);
    connections.headers = Duration::from_secs(arguments.header_timeout);
    connections.write = Duration::from_secs(arguments.write_timeout);
    settings.login =
        LoginLimits { free_attempts: arguments.login_attempts, longest_wait: arguments.login_wait };
    settings.options = Options::default()
        .body_timeout(Duration::from_secs(arguments.body_timeout))
        .version(version)
        .newer_parameters(match arguments.newer_parameters {
            NewerParametersAction::Refuse => NewerParameters::Refuse,
            NewerParametersAction::Ignore => NewerParameters::Ignore,
        })
        .force_jobs(arguments.jobs_always)
        .max_jobs(usize::try_from(arguments.max_jobs).unwrap_or(usize::MAX))
        .webhook_allow(arguments.webhook_allow.into_iter().collect::<WebhookAllow>())
        .trust_forwarded(arguments.trust_forwarded)
        .location_base(arguments.location_base);
    let listener = TcpListener::bind(&arguments.listen).await.map_err(|error| {
        format!("cannot listen on {}: {error}; choose another address with --listen", arguments.listen)
    })?;
    let address = listener.local_addr()?;
    settings.listen = vec![address];
    let app = App::open(settings).await?;
    if !address.ip().is_loopback() {
        warn_about_default_password(&app).await?;
    }
    print_line(&format!("listening on http://{address}"))?;
    app.serve(listener, async {
        tokio::select! {
            () = stop => {}
            () = wait_for_end_of_stdin(), if arguments.until_stdin_ends => {}
        }
        exit_after(STOP_LIMIT);
    })
    .await;
    Ok(())
}

async fn warn_about_default_password(app: &App) -> Result<(), Box<dyn Error>> {
    let admin = app.store().account("admin", jiff::Timestamp::now().into()).await?;
    let default = inventory::password_hash("password");
    if admin.is_some_and(|admin| admin.account.uuid == ADMIN_UUID && admin.account.password == default) {
        tracing::warn!(
            "the account admin has its default password, and other machines can reach this node; set another \
             password in an inventory file"
        );
    }
    Ok(())
}

async fn load(arguments: Load) -> Result<(), Box<dyn Error>> {
    let name = arguments.file.display().to_string();
    let text = fs_err::read_to_string(&arguments.file)?;
    // Checked first, so that an invalid inventory does not create a database.
    inventory::check(&name, &text)?;
    let store = match &arguments.database {
        Some(path) => SqliteStore::open(path)?,
        None => SqliteStore::temporary()?,
    };
    let loaded = inventory::load(&name, &text, &store, &SystemClock).await;
    store.close().await;
    let count = loaded?;
    print_line(&match &arguments.database {
        Some(path) => format!("loaded {count} records into {}", path.display()),
        None => format!("{name} is valid: {count} records; to load them, add --database FILE"),
    })
}

/// Returns a future that is ready when the process receives SIGINT or SIGTERM.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Returns a future that is ready when the process receives Ctrl+C.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // After an error, no signal can arrive.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Waits for the end of the standard input.
async fn wait_for_end_of_stdin() {
    let (sender, ended) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own: the runtime would wait on shutdown for a read that
    // may never return. A read error counts as the end.
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        drop(sender);
    });
    // The error that the sender was dropped is the expected result.
    let _ = ended.await;
}

/// Parses a time limit in seconds, up to a day.
fn seconds() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=86_400)
}

/// Finds a time zone by its IANA name, such as `UTC` or `Asia/Shanghai`.
fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| "unknown time zone; write UTC or a name such as Asia/Shanghai".to_owned())
}
