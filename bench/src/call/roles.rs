//! What the benchmarks start as processes of their own.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::serve::ListenerExt as _;
use clap::Subcommand;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use zstack_runtime::Version;

use super::child;
use super::scenario::Scenario;
use super::{fixed_server, generated_server, hand_written_server, routes, versions};
use crate::Failure;

/// What a process serves.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Role {
    /// The generated server, and the hand-written one
    Pair,
    /// The generated server at several releases, and at none
    Versions,
    /// What answers clients, for each scenario
    Fixed,
    /// Generated servers' runtime with so many operations
    Routes { count: usize, known: usize },
}

/// A runtime with one worker: whatever is measured then has one core to
/// itself and what drives it the other, so that the ratio is that of the two
/// sides and does not fade with what both have in common.
pub(crate) fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

/// Serves until the input ends, which it does with the process that started
/// this one.
pub(crate) fn serve(role: Role) -> Result<(), Failure> {
    let runtime = runtime()?;
    let addresses = runtime.block_on(start(role))?;
    child::live(runtime, &addresses)
}

async fn start(role: Role) -> Result<Vec<SocketAddr>, Failure> {
    let mut addresses = Vec::new();
    match role {
        Role::Pair => {
            addresses.push(listen(generated_server::router(Version::NEWEST)?).await?);
            addresses.push(listen(hand_written_server::router()?).await?);
        }
        Role::Versions => {
            for release in versions::played() {
                addresses.push(listen(generated_server::router(release)?).await?);
            }
        }
        Role::Fixed => {
            for scenario in Scenario::ALL {
                addresses.push(fixed_server::listen(&scenario.answer()).await?);
            }
        }
        Role::Routes { count, known } => addresses.push(listen(routes::router(count, known)?).await?),
    }
    Ok(addresses)
}

/// Serves a router the way axum does. The same for all servers that are
/// compared.
async fn listen(router: Router) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        // Fails for a connection that is gone already.
        let _ = stream.set_nodelay(true);
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
