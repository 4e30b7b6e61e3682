//! Runs the benchmarks so briefly that they say nothing, so that they cannot
//! rot. No time is asserted.

#![allow(clippy::unwrap_used, reason = "a test is to fail there")]

use std::process::Command;

use serde_json::Value;

/// Runs a benchmark; its figures.
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
fn the_call_path_has_all_its_figures() {
    let figures = figures("call");
    let count = |beginning: &str| {
        let of = figures.iter().filter(|figure| figure["name"].as_str().unwrap().starts_with(beginning));
        of.filter(|it| it["unit"] == "calls/s").count()
    };
    // Three scenarios, one call at a time and many.
    assert_eq!((count("server, "), count("client, ")), (6, 6));
    assert_eq!(count("100 routes to 7, "), 2);
    // Two scenarios at each release.
    assert_eq!((count("server at "), count("client at ")), (6, 2));
    if cfg!(target_os = "linux") {
        assert_eq!(figures.iter().filter(|figure| figure["unit"] == "KiB").count(), 4);
    }
}

#[test]
fn the_node_has_all_its_figures() {
    assert!(figures("node").len() >= 4);
}

/// On the committed spec; the corpus is no part of this repository.
#[test]
fn regenerating_and_compiling_have_all_their_figures() {
    // Of regen and compiling, three of each of two comparisons, and of the site
    // what it costs and five sizes.
    assert_eq!(figures("scale").len(), 11 + 6 + 7);
}
