//! Tests that need a separate process, since they change global state.

use std::future::Future;
use std::process::Command;

/// Set in the process of the single test.
const ALONE: &str = "TEST_ALONE";

/// Runs a test in a separate process, given its path in this program.
pub(crate) fn run(test: &str, body: impl Future<Output = ()>) {
    if std::env::var_os(ALONE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        return runtime.block_on(body);
    }
    let program = std::env::current_exe().unwrap();
    let run = Command::new(program).args([test, "--exact", "--nocapture"]).env(ALONE, "1").output().unwrap();
    let output = [run.stdout, run.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(run.status.success() && output.contains("1 passed"), "{output}");
}
