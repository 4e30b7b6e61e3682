//! A test in the manner of a Terraform provider, generated from the spec and the resource files: each operation
//! that creates a resource is followed by the life of the resource. It is read, found, changed, disabled, deleted
//! twice and created again.
//!
//! `table.yaml` has the values that do not follow from types, and the exceptions with their reasons. An entry that
//! nothing needs fails the test.
//!
//! `ROUND_TRIP` selects one operation.

mod chain;
mod compare;
mod kinds;
mod life;
mod search;
mod table;
mod values;

use self::chain::Chain;
use self::kinds::{creations, operations, queries};
use self::life::live;
use self::search::query_all;
use self::table::Table;

#[tokio::test]
async fn resources_live_as_a_provider_expects() {
    let table = Table::load();
    let chosen = std::env::var("ROUND_TRIP").ok();
    let all = creations();
    let mut failures = Vec::new();
    for creation in &all {
        let name = &*creation.operation.name;
        if chosen.as_ref().is_some_and(|chosen| chosen != name) {
            continue;
        }
        let mut chain = Chain::new(&table).await;
        let problems = live(&mut chain, creation).await;
        failures.extend(problems.into_iter().map(|problem| format!("{name}: {problem}")));
    }
    if chosen.is_none() {
        let uncalled = operations().filter(|operation| !table.is_called_or_listed(operation));
        failures
            .extend(uncalled.map(|operation| format!("{operation} must be either called or in `uncalled`")));
        failures.extend(
            table.unused_entries().into_iter().map(|entry| format!("table.yaml: nothing needs {entry}")),
        );
    }
    assert!(
        failures.is_empty(),
        "{} problems of {} creations:\n{}",
        failures.len(),
        all.len(),
        failures.join("\n")
    );
}

#[tokio::test]
async fn queries_return_lists_and_numbers() {
    let table = Table::load();
    let chain = Chain::new(&table).await;
    let mut failures = Vec::new();
    let queries = queries();
    for operation in &queries {
        let problems = query_all(&chain, operation).await;
        failures.extend(problems.into_iter().map(|problem| format!("{}: {problem}", operation.name)));
    }
    assert!(
        failures.is_empty(),
        "{} problems of {} queries:\n{}",
        failures.len(),
        queries.len(),
        failures.join("\n")
    );
}
