//! Callers of a node, each with its own connection and one call at a time.

use std::time::Instant;

use tokio::task::JoinSet;

use super::plan::Plan;
use super::script::Script;
use crate::Failure;
use crate::process::{Process, Servers};
use crate::raw_http::Connection;
use crate::turns::Turn;

/// All callers of a server.
pub(super) struct Callers {
    callers: Vec<(Connection, Script)>,
    server: Process,
}

impl Callers {
    /// Connects a caller for each script.
    pub(super) async fn connect(server: &Servers, scripts: &[Script]) -> Result<Self, Failure> {
        let mut callers = Vec::new();
        for script in scripts {
            callers.push((Connection::open(server.address(0)?).await?, script.clone()));
        }
        Ok(Self { callers, server: server.process() })
    }

    /// Lets all callers call until the turn is over.
    pub(super) async fn call(&mut self, plan: &Plan) -> Result<Turn, Failure> {
        let cpu = self.server.cpu();
        let start = Instant::now();
        let (end, max_calls) = (start + plan.turn, plan.calls);
        let mut running = JoinSet::new();
        for (mut connection, mut script) in self.callers.drain(..) {
            running.spawn(async move {
                let mut times = Vec::new();
                while Instant::now() < end && times.len() < max_calls {
                    for (_, request) in script.next_step() {
                        let start = Instant::now();
                        connection.write(request).await?;
                        connection.read_success().await?;
                        times.push(start.elapsed());
                    }
                }
                Ok::<_, Failure>(((connection, script), times))
            });
        }
        let mut times = Vec::new();
        while let Some(result) = running.join_next().await {
            let (caller, more) = result??;
            self.callers.push(caller);
            times.extend(more);
        }
        Ok(Turn::new(start, times, self.server.cpu_since(cpu)))
    }
}
