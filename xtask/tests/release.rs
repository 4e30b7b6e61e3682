//! `cargo xtask release` as people run it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

mod scratch;

use std::fs;
use std::path::Path;

use scratch::{change, copy_spec, run};

/// Exit code, and all that was written.
fn xtask(arguments: &[&str], spec: &Path) -> (i32, String) {
    let (code, out, err) = run(arguments, spec);
    (code, out + &err)
}

/// The committed spec with a release that is being written.
fn scratch() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec");
    copy_spec(&spec);
    change(
        &spec,
        "api.yaml",
        "  - {version: \"5.2.0\"}\n",
        "  - {version: \"5.2.0\"}\n  - {version: \"5.3.0\", state: next}\n  - {version: \"5.4.0\", state: next}\n",
    );
    (folder, spec)
}

const NIC: &str = "types/VmNicInventory.yaml";
const IP: &str = "  - {name: ip, type: String, since: \"0.6\"}\n";

#[test]
fn the_committed_releases_are_what_they_were() {
    let (code, text) =
        xtask(&["check", "--fail-on", "warning"], Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec")));
    assert_eq!(code, 0, "{text}");
}

#[test]
fn a_release_is_closed_and_holds() {
    let (_folder, spec) = scratch();
    change(&spec, NIC, IP, &format!("{IP}  - {{name: mtu, type: Integer, since: \"5.3.0\"}}\n"));
    assert_eq!(xtask(&["check"], &spec).0, 0);
    let before = fs::read_to_string(spec.join("api.yaml")).unwrap();
    let (code, text) = xtask(&["release", "5.3.0"], &spec);
    assert_eq!(code, 0, "{text}");
    let after = fs::read_to_string(spec.join("api.yaml")).unwrap();
    assert_eq!(after, before.replace("\"5.3.0\", state: next", "\"5.3.0\", state: released"));
    assert_eq!(xtask(&["check"], &spec).0, 0);
    // From now on it is what it is.
    change(&spec, NIC, "mtu, type: Integer", "mtu, type: Long");
    let (code, text) = xtask(&["check"], &spec);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("error[slice-drift]: the API of release 5.3.0") && !text.contains("release 5.2.0"),
        "{text}"
    );
    // Words are free.
    change(
        &spec,
        NIC,
        "mtu, type: Long, since: \"5.3.0\"",
        "mtu, type: Integer, since: \"5.3.0\", description: The largest packet.",
    );
    assert_eq!(xtask(&["check"], &spec).0, 0);
}

#[test]
fn what_cannot_be_closed_is_told_and_nothing_is_written() {
    let (_folder, spec) = scratch();
    let all = |spec: &Path| {
        [
            fs::read_to_string(spec.join("api.yaml")).unwrap(),
            fs::read_to_string(spec.join("releases.lock")).unwrap(),
        ]
    };
    let before = all(&spec);
    for (version, problem) in [
        ("5.3.0", "has nothing that the one before it has not"),
        ("5.4.0", "release 5.3.0 comes before 5.4.0 and is not out"),
        ("5.2.0", "is out already"),
        ("9.9", "declares no release 9.9; releases that are being written: 5.3.0, 5.4.0"),
        ("next", "`next` is no version"),
    ] {
        let (code, text) = xtask(&["release", version], &spec);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(problem), "{text}");
    }
    change(&spec, NIC, "ipVersion, type: Integer", "ipVersion, type: Long");
    assert_eq!(xtask(&["release", "5.3.0"], &spec).0, 3);
    assert_eq!(all(&spec), before);
}

#[test]
fn releases_of_before_are_locked_at_once() {
    let (_folder, spec) = scratch();
    let lock = fs::read_to_string(spec.join("releases.lock")).unwrap();
    fs::remove_file(spec.join("releases.lock")).unwrap();
    let (code, text) = xtask(&["release", "--lock"], &spec);
    assert_eq!(code, 0, "{text}");
    assert_eq!(fs::read_to_string(spec.join("releases.lock")).unwrap(), lock);
    assert!(xtask(&["release", "--lock"], &spec).1.contains("every release that is out is locked"));
}
