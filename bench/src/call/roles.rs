//! The servers that benchmarks start in separate processes.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::serve::ListenerExt as _;
use clap::Subcommand;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use zstack_runtime::Version;

use super::scenario::Scenario;
use super::{fixed_server, generated_server, hand_written_server, routes, versions};
use crate::{Failure, process};

/// The servers of a process.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Role {
    /// The generated and the hand-written server
    Pair,
    /// The generated server for several releases
    Versions,
    /// A server with a fixed response for each scenario
    Fixed,
    /// A server of the first COUNT of KNOWN operations
    Routes { count: usize, known: usize },
}

/// Creates a runtime with one worker. The measured side then has one core for itself and its peer
/// the other, so that the ratio does not depend on the work of the peer.
pub(crate) fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

/// Serves until the standard input ends, which happens when the parent process ends.
pub(crate) fn serve(role: Role) -> Result<(), Failure> {
    let runtime = runtime()?;
    let addresses = runtime.block_on(start(role))?;
    process::serve_until_stdin_ends(runtime, &addresses)
}

async fn start(role: Role) -> Result<Vec<SocketAddr>, Failure> {
    let mut addresses = Vec::new();
    match role {
        Role::Pair => {
            addresses.push(listen(generated_server::router(Version::NEWEST)?).await?);
            addresses.push(listen(hand_written_server::router()?).await?);
        }
        Role::Versions => {
            for release in versions::releases() {
                addresses.push(listen(generated_server::router(release)?).await?);
            }
        }
        Role::Fixed => {
            for scenario in Scenario::ALL {
                addresses.push(fixed_server::listen(&scenario.response()).await?);
            }
        }
        Role::Routes { count, known } => addresses.push(listen(routes::router(count, known)?).await?),
    }
    Ok(addresses)
}

/// Serves a router with axum, in the same way for all servers that are compared.
async fn listen(router: Router) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        // Fails if the connection is already closed.
        let _ = stream.set_nodelay(true);
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
