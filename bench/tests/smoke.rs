//! Runs the benchmarks as briefly as possible, to test that they work. No time is asserted.

#![allow(clippy::unwrap_used, reason = "a test is to fail there")]

use std::process::Command;

use serde_json::Value;

/// Runs a benchmark and returns its figures.
fn figures(benchmark: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let run = Command::new(env!("CARGO_BIN_EXE_zstack-bench"))
        .args([benchmark, "--smoke", "--json"])
        .arg(&json)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let table = String::from_utf8(run.stdout).unwrap();
    let report: Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    let figures = report["figures"].as_array().unwrap().clone();
    for figure in &figures {
        let name = figure["name"].as_str().unwrap();
        assert!(table.contains(name), "{name} is not in\n{table}");
        for number in ["value", "reference", "ratio"] {
            assert!(figure[number].as_f64().unwrap() > 0.0, "{figure}");
        }
    }
    figures
}

#[test]
fn call_has_all_figures() {
    let figures = figures("call");
    let count = |beginning: &str| {
        let found = figures.iter().filter(|figure| figure["name"].as_str().unwrap().starts_with(beginning));
        found.filter(|figure| figure["unit"] == "calls/s").count()
    };
    // Three scenarios, with one and with many calls at a time.
    assert_eq!((count("server, "), count("client, ")), (6, 6));
    assert_eq!(count("100 routes to 7, "), 2);
    // Two scenarios for each release.
    assert_eq!((count("server at "), count("client at ")), (6, 2));
    if cfg!(target_os = "linux") {
        assert_eq!(figures.iter().filter(|figure| figure["unit"] == "KiB").count(), 4);
    }
}

#[test]
fn node_has_all_figures() {
    assert!(figures("node").len() >= 4);
}

/// Uses the committed spec, since the corpus is not part of this repository.
#[test]
#[ignore = "compiles generated crates, which takes minutes"]
fn scale_has_all_figures() {
    // Regeneration, comparison and compilation, and the cost and five sizes of the site.
    assert_eq!(figures("scale").len(), 11 + 6 + 7);
}
