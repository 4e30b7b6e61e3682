//! Tests of `cargo xtask release` and `changelog`.

use std::fs;
use std::path::Path;

use crate::scratch::{SPEC, change, run, write_small_spec};

/// Runs a command; returns the exit code and the output.
fn xtask(arguments: &[&str], spec: &Path) -> (i32, String) {
    let (code, out, err) = run(arguments, spec);
    (code, out + &err)
}

/// A small spec with unpublished releases.
fn scratch() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("spec");
    write_small_spec(&spec);
    change(
        &spec,
        "api.yaml",
        "  - {version: \"5.2.0\"}\n",
        "  - {version: \"5.2.0\"}\n  - {version: \"5.3.0\", state: next}\n  - {version: \"5.4.0\", state: next}\n",
    );
    (folder, spec)
}

/// The texts of the files that closing a release writes.
fn release_files(spec: &Path) -> [String; 3] {
    ["releases.lock", "CHANGELOG.md", "api.yaml"].map(|file| fs::read_to_string(spec.join(file)).unwrap())
}

fn add_mtu(spec: &Path, since: &str) {
    change(spec, NIC, IP, &format!("{IP}  - {{name: mtu, type: Integer, since: \"{since}\"}}\n"));
}

const NIC: &str = "types/VmNicInventory.yaml";
const IP: &str = "  - {name: ip, type: String, since: \"0.6\", description: The IP address of the NIC; absent while no address is assigned.}\n";

#[test]
fn the_committed_spec_is_valid() {
    let (code, text) = xtask(&["check", "--fail-on", "warning"], Path::new(SPEC));
    assert_eq!(code, 0, "{text}");
}

#[test]
fn closes_a_release() {
    let (_folder, spec) = scratch();
    add_mtu(&spec, "5.3.0");
    assert_eq!(xtask(&["check"], &spec).0, 0);
    let [_, changelog, before] = release_files(&spec);
    let (code, text) = xtask(&["release", "5.3.0"], &spec);
    assert_eq!(code, 0, "{text}");
    let [_, new_changelog, after] = release_files(&spec);
    assert_eq!(after, before.replace("\"5.3.0\", state: next", "\"5.3.0\", state: released"));
    // The new section comes first.
    let section = "\n## 5.3.0\n\n### New parameters, fields and values\n\n- VmNicInventory: field `mtu`\n";
    assert_eq!(new_changelog, changelog.replacen("\n## ", &format!("{section}\n## "), 1));
    assert_eq!(xtask(&["changelog", "--check"], &spec).0, 0);
    assert_eq!(xtask(&["check"], &spec).0, 0);
    // The API of the release is fixed.
    change(&spec, NIC, "mtu, type: Integer", "mtu, type: Long");
    let (code, text) = xtask(&["check"], &spec);
    assert_eq!(code, 3, "{text}");
    assert!(
        text.contains("error[slice-drift]: the API of release 5.3.0") && !text.contains("release 5.2.0"),
        "{text}"
    );
    // Descriptions may change.
    change(
        &spec,
        NIC,
        "mtu, type: Long, since: \"5.3.0\"",
        "mtu, type: Integer, since: \"5.3.0\", description: The largest packet.",
    );
    assert_eq!(xtask(&["check"], &spec).0, 0);
}

#[test]
fn an_interrupted_run_can_be_repeated() {
    let (_folder, whole) = scratch();
    add_mtu(&whole, "5.3.0");
    assert_eq!(xtask(&["release", "5.3.0"], &whole).0, 0);
    let [lock, changelog, _] = &release_files(&whole);
    for files in [&[("releases.lock", lock)][..], &[("releases.lock", lock), ("CHANGELOG.md", changelog)]] {
        let (_folder, spec) = scratch();
        add_mtu(&spec, "5.3.0");
        files.iter().for_each(|(file, text)| fs::write(spec.join(file), text).unwrap());
        let (code, text) = xtask(&["release", "5.3.0"], &spec);
        assert_eq!(code, 0, "{text}");
        assert_eq!(release_files(&spec), release_files(&whole));
    }
}

#[test]
fn a_dry_run_writes_nothing() {
    let (_folder, spec) = scratch();
    add_mtu(&spec, "5.3.0");
    let before = release_files(&spec);
    let (code, text) = xtask(&["release", "5.3.0", "--dry-run"], &spec);
    assert_eq!(code, 0, "{text}");
    for part in ["\n5.3.0 ", "## 5.3.0", "- VmNicInventory: field `mtu`", "`state: released`"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    assert_eq!(release_files(&spec), before);
    // The printed line of the lock is the one that is written.
    let line = text.lines().find(|line| line.starts_with("5.3.0 ")).unwrap();
    assert_eq!(xtask(&["release", "5.3.0"], &spec).0, 0);
    assert!(release_files(&spec)[0].ends_with(&format!("{line}\n")));
}

#[test]
fn rejects_releases_that_cannot_be_closed() {
    let (_folder, spec) = scratch();
    let before = release_files(&spec);
    for (version, problem) in [
        ("5.3.0", "changes nothing"),
        ("5.2.0", "is already published"),
        ("9.9", "does not declare release 9.9; unpublished releases: 5.3.0, 5.4.0"),
        ("next", "`next` is not a version"),
    ] {
        let (code, text) = xtask(&["release", version], &spec);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(problem), "{text}");
    }
    // A hand-written changelog is not overwritten.
    let notes = "# What we think of it\n";
    fs::write(spec.join("CHANGELOG.md"), notes).unwrap();
    add_mtu(&spec, "5.3.0");
    for arguments in
        [&["release", "5.3.0"][..], &["changelog", "--write"], &["release", "5.3.0", "--dry-run"]]
    {
        let (code, text) = xtask(arguments, &spec);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("CHANGELOG.md exists and was not written by"), "{text}");
    }
    assert_eq!(release_files(&spec), [&*before[0], notes, &before[2]]);
}

#[test]
fn reports_everything_that_prevents_closing() {
    let (_folder, spec) = scratch();
    add_mtu(&spec, "5.3.0");
    let lock = fs::read_to_string(spec.join("releases.lock")).unwrap();
    let rest: Vec<_> = lock.lines().filter(|line| !line.starts_with("4.0 ")).collect();
    fs::write(spec.join("releases.lock"), rest.join("\n")).unwrap();
    let before = release_files(&spec);
    let (code, text) = xtask(&["release", "5.4.0"], &spec);
    assert_eq!(code, 3, "{text}");
    for it in [
        "error[release-cut-incomplete]: release 4.0 is not locked",
        "error[release-cut-incomplete]: release 5.3.0 is not closed",
        "error[release-cut-incomplete]: the field `mtu` names release 5.3.0",
        "types/VmNicInventory.yaml:22:39",
        "3 errors in 2 files",
    ] {
        assert!(text.contains(it), "no {it} in\n{text}");
    }
    change(&spec, NIC, "ipVersion, type: Integer", "ipVersion, type: Long");
    let (code, text) = xtask(&["release", "5.4.0"], &spec);
    assert_eq!(code, 3);
    assert!(text.contains("error[slice-drift]: the API of release 5.2.0"), "{text}");
    assert_eq!(release_files(&spec), before);
}

#[test]
fn relocks_corrected_releases() {
    let (_folder, spec) = scratch();
    let before = release_files(&spec);
    let (code, text) = xtask(&["release", "--relock", "3.4.0"], &spec);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("there is nothing to correct"), "{text}");
    // A field that the spec did not describe before.
    add_mtu(&spec, "3.9.0");
    assert_eq!(xtask(&["check"], &spec).0, 3);
    assert_eq!(xtask(&["release", "--lock"], &spec).0, 3);
    let (code, text) = xtask(&["release", "--relock", "4.1.0"], &spec);
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains("releases before 4.1.0: 3.9.0, 3.10, 4.0; ") && text.contains("--relock 3.9.0"),
        "{text}"
    );
    let (code, text) = xtask(&["release", "--relock", "3.4.0", "--dry-run"], &spec);
    assert!(code == 0 && text.contains("would be corrected: 3.9.0, 3.10, 4.0, 4.1.0"), "{text}");
    assert_eq!(release_files(&spec), before);
    let (code, text) = xtask(&["release", "--relock", "3.9.0"], &spec);
    assert_eq!(code, 0, "{text}");
    assert_eq!(xtask(&["check"], &spec).0, 0);
    let [lock, changelog, _] = release_files(&spec);
    let same = |version: &str| {
        let line = |text: &str| text.lines().find(|line| line.starts_with(version)).map(str::to_owned);
        line(&lock) == line(&before[0])
    };
    assert!(same("3.5.0 ") && !same("3.9.0 ") && !same("5.2.0 "));
    assert!(changelog.contains("- VmNicInventory: field `mtu`"), "{changelog}");
}

#[test]
fn prints_the_changelog_of_an_unpublished_release() {
    let (_folder, spec) = scratch();
    add_mtu(&spec, "5.4.0");
    for (version, section) in [
        ("5.4.0", "## 5.4.0\n\n### New parameters, fields and values\n\n- VmNicInventory: field `mtu`\n"),
        ("5.3.0", "## 5.3.0\n\nNo changes of requests or responses.\n"),
    ] {
        assert_eq!(run(&["changelog", version], &spec), (0, section.to_owned(), String::new()));
    }
    assert_eq!(run(&["changelog"], &spec).1, release_files(&spec)[1]);
    assert_eq!(xtask(&["changelog", "9.9"], &spec).0, 2);
    assert_eq!(xtask(&["changelog", "--check"], &spec).0, 0);
    fs::remove_file(spec.join("CHANGELOG.md")).unwrap();
    assert_eq!(xtask(&["changelog", "--check"], &spec).0, 1);
    assert_eq!(xtask(&["changelog", "--write"], &spec).0, 0);
    assert_eq!(xtask(&["changelog", "--check"], &spec).0, 0);
}

#[test]
fn locks_all_published_releases() {
    let (_folder, spec) = scratch();
    let lock = fs::read_to_string(spec.join("releases.lock")).unwrap();
    fs::remove_file(spec.join("releases.lock")).unwrap();
    let (code, text) = xtask(&["release", "--lock"], &spec);
    assert_eq!(code, 0, "{text}");
    assert_eq!(fs::read_to_string(spec.join("releases.lock")).unwrap(), lock);
    assert!(xtask(&["release", "--lock"], &spec).1.contains("every published release is locked"));
}
