//! The node alone: its program, its start and its memory, and queries of a cloud with many VM
//! instances.

use std::path::Path;
use std::time::Instant;

use serde_json::Value;
use tokio::runtime::Runtime;

use super::cloud::{self, host_uuid, vm_ip};
use super::plan::Plan;
use crate::figure::{Figure, Goal};
use crate::process::Servers;
use crate::raw_http::{self, Connection};
use crate::{Failure, say};

/// The number of calls of each query, of which the median counts.
const CALLS: usize = 101;

const MIB: f64 = 1024.0;

pub(super) fn measure(runtime: &Runtime, program: &Path, plan: &Plan) -> Result<Vec<Figure>, Failure> {
    let folder = tempfile::tempdir_in(program.parent().unwrap_or(Path::new(".")))?;
    let mut figures = Vec::new();
    let mut add = |name: String, unit, limit, value| {
        figures.push(Figure::without_reference(name, unit, Goal::ValueAtMost(limit), value));
    };
    let size = std::fs::metadata(program)?.len() as f64 / MIB / MIB;
    add("program of the node".to_owned(), "MiB", 30.0, size);

    let empty = folder.path().join("empty.sqlite");
    drop(Servers::start_node(program, &empty)?);
    let mut starts = Vec::new();
    for _ in 0..plan.rounds {
        let (node, milliseconds) = timed_start(program, &empty)?;
        starts.push(milliseconds);
        drop(node);
    }
    add("empty node: start".to_owned(), "ms", 150.0, median(starts));
    let (node, _) = timed_start(program, &empty)?;
    if let Some(memory) = node.process().resident() {
        add("empty node: memory".to_owned(), "KiB", 40.0 * MIB, memory);
    }
    drop(node);

    let vms = plan.huge;
    say(&format!("{vms} VM instances"))?;
    let path = folder.path().join("huge.sqlite");
    cloud::write(runtime, &path, vms)?;
    let (node, milliseconds) = timed_start(program, &path)?;
    add(format!("{vms} VM instances: start"), "ms", 1000.0, milliseconds);
    let vm = vms / 2;
    for (what, query, count) in [
        ("name", format!("q=name=vm-{vm}"), 1),
        ("state", "q=state=Running&limit=20".to_owned(), 20),
        ("host", format!("q=hostUuid={}&limit=20", host_uuid(1)), 20),
        ("IP address", format!("q=vmNics.ip={}", vm_ip(vm)), 1),
    ] {
        let milliseconds = runtime.block_on(query_time(&node, &query, count))?;
        add(format!("{vms} VM instances: query by {what}"), "ms", 5.0, milliseconds);
    }
    if let Some(memory) = node.process().resident() {
        add(format!("{vms} VM instances: memory"), "KiB", 300.0 * MIB, memory);
    }
    Ok(figures)
}

/// Starts a node; returns it with the milliseconds until it listens.
fn timed_start(program: &Path, database: &Path) -> Result<(Servers, f64), Failure> {
    let start = Instant::now();
    let node = Servers::start_node(program, database)?;
    Ok((node, start.elapsed().as_secs_f64() * 1e3))
}

/// Measures a query, which must find a number of VM instances; returns the median in milliseconds.
async fn query_time(node: &Servers, query: &str, count: usize) -> Result<f64, Failure> {
    let request = raw_http::request(&format!("GET /zstack/v1/vm-instances?{query}"), "");
    let mut connection = Connection::open(node.address(0)?).await?;
    let mut times = Vec::new();
    for _ in 0..CALLS {
        let start = Instant::now();
        connection.write(&request).await?;
        let response = connection.read_success().await?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        let found: Value = serde_json::from_slice(response.body())?;
        let found = found["inventories"].as_array().map_or(0, Vec::len);
        if found != count {
            return Err(format!("`{query}` found {found} VM instances instead of {count}").into());
        }
    }
    Ok(median(times))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
