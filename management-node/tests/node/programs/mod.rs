//! Replays of the requests of public client programs. One YAML file per program has its requests
//! in order and the fields that the program reads from the answers, written from the facts in its
//! source; `docs/compatibility.md` lists the programs.

mod check;
mod client;
mod file;
mod lifecycle;
mod variables;

use std::path::Path;

use jiff::tz::TimeZone;
use tokio::task::JoinSet;

use self::client::Client;
use self::file::{Program, Step};
use crate::interop::wire::Wire;

/// The page that lists the programs.
const PAGE: &str = include_str!("../../../../docs/compatibility.md");

/// Reads the files of all programs, in the order of their names.
fn programs() -> Vec<Program> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node/programs");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    let read = |file: &std::path::PathBuf| {
        let text = std::fs::read_to_string(file).unwrap();
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    files.iter().map(read).collect()
}

/// Sends the requests of a program to a node of its own.
async fn replay(program: Program) {
    let wire = Wire::with(|settings| {
        settings.sample = program.node.sample;
        settings.options = std::mem::take(&mut settings.options).force_jobs(program.node.jobs_always);
        if let Some(zone) = &program.node.zone {
            settings.zone = TimeZone::get(zone).unwrap();
        }
    });
    let mut client = Client::new(wire, &program).await;
    for step in &program.steps {
        match step {
            Step::Request(request) => {
                client.request(request).await;
            }
            Step::Lifecycle(resource) => client.create(resource).await,
        }
    }
    client.destroy_all().await;
}

#[tokio::test]
async fn public_programs_work_against_the_node() {
    let mut replays = JoinSet::new();
    for program in programs() {
        replays.spawn(replay(program));
    }
    let (mut failures, count) = (0, replays.len());
    while let Some(result) = replays.join_next().await {
        failures += usize::from(result.is_err());
    }
    assert_eq!(failures, 0, "of {count} programs");
}

#[test]
fn the_page_lists_each_program_with_its_commit() {
    for program in programs() {
        let commit = program.commit.get(..10).unwrap_or(&program.commit);
        let row = format!("`{}`, `{commit}`", program.repository);
        assert!(PAGE.contains(&row), "docs/compatibility.md has no row with {row} ({})", program.name);
    }
}
