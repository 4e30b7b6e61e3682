//! What this benchmark starts as processes of their own.

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Subcommand;
use tokio::net::TcpListener;
use zstack_node::app::{App, Settings};

use super::by_hand::ByHand;
use super::by_hand_server;
use crate::Failure;
use crate::call::child::READY;

/// What a process serves.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Role {
    /// The management node
    Node { database: PathBuf },
    /// The same operations by hand, behind hyper
    ByHand { database: PathBuf },
}

/// Serves until the input ends, which it does with the process that started
/// this one. The runtime is the one that the node's own program has.
pub(crate) fn serve(role: &Role) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let address = runtime.block_on(start(role))?;
    let mut out = io::stdout().lock();
    write!(out, "{address}\n{READY}\n")?;
    out.flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    runtime.shutdown_background();
    Ok(())
}

async fn start(role: &Role) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    match role {
        Role::Node { database } => {
            let mut settings = Settings::default();
            settings.database = Some(database.clone());
            let app = App::open(settings).await?;
            tokio::spawn(app.serve(listener, std::future::pending()));
        }
        Role::ByHand { database } => {
            let by_hand = ByHand::open(database)?;
            tokio::spawn(by_hand_server::serve(listener, by_hand));
        }
    }
    Ok(address)
}
