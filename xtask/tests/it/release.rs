//! `cargo xtask release` as people run it.

use std::fs;
use std::path::Path;

use crate::scratch::{change, copy_spec, run};

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

/// The files that are written when a release is closed.
fn written(spec: &Path) -> [String; 3] {
    ["releases.lock", "CHANGELOG.md", "api.yaml"].map(|it| fs::read_to_string(spec.join(it)).unwrap())
}

fn add_mtu(spec: &Path, since: &str) {
    change(spec, NIC, IP, &format!("{IP}  - {{name: mtu, type: Integer, since: \"{since}\"}}\n"));
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
    add_mtu(&spec, "5.3.0");
    assert_eq!(xtask(&["check"], &spec).0, 0);
    let [_, changelog, before] = written(&spec);
    let (code, text) = xtask(&["release", "5.3.0"], &spec);
    assert_eq!(code, 0, "{text}");
    let [_, told, after] = written(&spec);
    assert_eq!(after, before.replace("\"5.3.0\", state: next", "\"5.3.0\", state: released"));
    // The newest on top, and all that was there.
    let section = "\n## 5.3.0\n\n### New parameters, fields and values\n\n- VmNicInventory: field `mtu`\n";
    assert_eq!(told, changelog.replacen("\n## ", &format!("{section}\n## "), 1));
    assert_eq!(xtask(&["changelog", "--check"], &spec).0, 0);
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

/// Whatever was written when the run before ended, the next one ends with the
/// same.
#[test]
fn a_run_that_was_killed_is_run_again() {
    let (_folder, whole) = scratch();
    add_mtu(&whole, "5.3.0");
    assert_eq!(xtask(&["release", "5.3.0"], &whole).0, 0);
    let [lock, changelog, _] = &written(&whole);
    for files in [&[("releases.lock", lock)][..], &[("releases.lock", lock), ("CHANGELOG.md", changelog)]] {
        let (_folder, spec) = scratch();
        add_mtu(&spec, "5.3.0");
        files.iter().for_each(|(file, text)| fs::write(spec.join(file), text).unwrap());
        let (code, text) = xtask(&["release", "5.3.0"], &spec);
        assert_eq!(code, 0, "{text}");
        assert_eq!(written(&spec), written(&whole));
    }
}

#[test]
fn a_dry_run_tells_and_writes_nothing() {
    let (_folder, spec) = scratch();
    add_mtu(&spec, "5.3.0");
    let before = written(&spec);
    let (code, text) = xtask(&["release", "5.3.0", "--dry-run"], &spec);
    assert_eq!(code, 0, "{text}");
    for it in ["\n5.3.0 ", "## 5.3.0", "- VmNicInventory: field `mtu`", "`state: released`"] {
        assert!(text.contains(it), "no {it} in\n{text}");
    }
    assert_eq!(written(&spec), before);
    // What it tells of the lock is what is written then.
    let line = text.lines().find(|line| line.starts_with("5.3.0 ")).unwrap();
    assert_eq!(xtask(&["release", "5.3.0"], &spec).0, 0);
    assert!(written(&spec)[0].ends_with(&format!("{line}\n")));
}

#[test]
fn what_cannot_be_closed_is_told_and_nothing_is_written() {
    let (_folder, spec) = scratch();
    let before = written(&spec);
    for (version, problem) in [
        ("5.3.0", "has nothing that the one before it has not"),
        ("5.2.0", "is out already"),
        ("9.9", "declares no release 9.9; releases that are being written: 5.3.0, 5.4.0"),
        ("next", "`next` is not a version"),
    ] {
        let (code, text) = xtask(&["release", version], &spec);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(problem), "{text}");
    }
    // A changelog that somebody writes is theirs.
    let notes = "# What we think of it\n";
    fs::write(spec.join("CHANGELOG.md"), notes).unwrap();
    add_mtu(&spec, "5.3.0");
    for arguments in
        [&["release", "5.3.0"][..], &["changelog", "--write"], &["release", "5.3.0", "--dry-run"]]
    {
        let (code, text) = xtask(arguments, &spec);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("CHANGELOG.md is in the way"), "{text}");
    }
    assert_eq!(written(&spec), [&*before[0], notes, &before[2]]);
}

/// All that is in the way, at once, as `check` tells it.
#[test]
fn a_release_is_not_closed_with_something_left_open() {
    let (_folder, spec) = scratch();
    add_mtu(&spec, "5.3.0");
    let lock = fs::read_to_string(spec.join("releases.lock")).unwrap();
    let rest: Vec<_> = lock.lines().filter(|line| !line.starts_with("4.0 ")).collect();
    fs::write(spec.join("releases.lock"), rest.join("\n")).unwrap();
    let before = written(&spec);
    let (code, text) = xtask(&["release", "5.4.0"], &spec);
    assert_eq!(code, 3, "{text}");
    for it in [
        "error[release-cut-incomplete]: release 4.0 is not locked",
        "error[release-cut-incomplete]: release 5.3.0 is not closed",
        "error[release-cut-incomplete]: the field `mtu` names release 5.3.0",
        "types/VmNicInventory.yaml:13:39",
        "3 errors in 2 files",
    ] {
        assert!(text.contains(it), "no {it} in\n{text}");
    }
    change(&spec, NIC, "ipVersion, type: Integer", "ipVersion, type: Long");
    let (code, text) = xtask(&["release", "5.4.0"], &spec);
    assert_eq!(code, 3);
    assert!(text.contains("error[slice-drift]: the API of release 5.2.0"), "{text}");
    assert_eq!(written(&spec), before);
}

#[test]
fn a_correction_is_written_down_on_purpose() {
    let (_folder, spec) = scratch();
    let before = written(&spec);
    let (code, text) = xtask(&["release", "--relock", "3.4.0"], &spec);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("there is nothing to correct"), "{text}");
    // It was always there, and the spec did not know.
    add_mtu(&spec, "3.9.0");
    assert_eq!(xtask(&["check"], &spec).0, 3);
    assert_eq!(xtask(&["release", "--lock"], &spec).0, 3);
    let (code, text) = xtask(&["release", "--relock", "4.1.0"], &spec);
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains("releases before 4.1.0: 3.9.0, 4.0; ") && text.contains("--relock 3.9.0"),
        "{text}"
    );
    let (code, text) = xtask(&["release", "--relock", "3.4.0", "--dry-run"], &spec);
    assert!(code == 0 && text.contains("would be corrected: 3.9.0, 4.0, 4.1.0"), "{text}");
    assert_eq!(written(&spec), before);
    let (code, text) = xtask(&["release", "--relock", "3.9.0"], &spec);
    assert_eq!(code, 0, "{text}");
    assert_eq!(xtask(&["check"], &spec).0, 0);
    let [lock, changelog, _] = written(&spec);
    let same = |version: &str| {
        let line = |text: &str| text.lines().find(|line| line.starts_with(version)).map(str::to_owned);
        line(&lock) == line(&before[0])
    };
    assert!(same("3.5.0 ") && !same("3.9.0 ") && !same("5.2.0 "));
    assert!(changelog.contains("- VmNicInventory: field `mtu`"), "{changelog}");
}

#[test]
fn a_release_is_told_before_it_is_out() {
    let (_folder, spec) = scratch();
    add_mtu(&spec, "5.4.0");
    for (version, told) in [
        ("5.4.0", "## 5.4.0\n\n### New parameters, fields and values\n\n- VmNicInventory: field `mtu`\n"),
        ("5.3.0", "## 5.3.0\n\nNothing that clients send or receive.\n"),
    ] {
        assert_eq!(run(&["changelog", version], &spec), (0, told.to_owned(), String::new()));
    }
    assert_eq!(run(&["changelog"], &spec).1, written(&spec)[1]);
    assert_eq!(xtask(&["changelog", "9.9"], &spec).0, 2);
    assert_eq!(xtask(&["changelog", "--check"], &spec).0, 0);
    fs::remove_file(spec.join("CHANGELOG.md")).unwrap();
    assert_eq!(xtask(&["changelog", "--check"], &spec).0, 1);
    assert_eq!(xtask(&["changelog", "--write"], &spec).0, 0);
    assert_eq!(xtask(&["changelog", "--check"], &spec).0, 0);
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
