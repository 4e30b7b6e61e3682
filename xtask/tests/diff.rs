//! `cargo xtask diff` as people run it, on a repository of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

mod scratch;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use scratch::{change, copy_spec, run};

/// A repository with the committed spec as its only commit.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new() -> Self {
        let it = Self { folder: tempfile::tempdir().unwrap() };
        copy_spec(&it.spec());
        it.git(&["init", "--quiet", "--initial-branch", "main"]);
        it.git(&["add", "."]);
        it.git(&["commit", "--quiet", "--message", "The spec"]);
        it
    }

    fn spec(&self) -> PathBuf {
        self.folder.path().join("spec")
    }

    fn git(&self, arguments: &[&str]) {
        let who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let git = Command::new("git").args(who).args(arguments).current_dir(self.folder.path()).status();
        assert!(git.unwrap().success(), "git {arguments:?}");
    }

    /// Exit code, and the report.
    fn diff(&self, arguments: &[&str]) -> (i32, String) {
        let (code, out, err) = run(&[&["diff"], arguments].concat(), &self.spec());
        assert!(code == 3 || err.is_empty() || out.contains("param-became-required"), "{err}");
        (code, out)
    }
}

const DETACH: &str = "operations/vm-instance/DetachIsoFromVmInstance.yaml";
const NIC: &str = "types/VmNicInventory.yaml";
const IP: &str = "  - {name: ip, type: String, since: \"0.6\"}\n";

#[test]
fn what_reviewers_must_see() {
    type Edit = fn(&Path);
    let cases: [(Edit, i32, &[&str]); 5] = [
        (
            |spec| {
                change(
                    spec,
                    DETACH,
                    "required: false\n    since: \"2.3.1\"",
                    "required: true\n    since: \"2.3.1\"",
                )
            },
            1,
            &["breaking[param-became-required]: parameter `isoUuid`", "DetachIsoFromVmInstance.yaml:35:"],
        ),
        (
            |spec| change(spec, DETACH, "since: \"2.3.1\"", "since: \"2.3\""),
            1,
            &["breaking[since-lowered]", "DetachIsoFromVmInstance.yaml:36:12"],
        ),
        (
            |spec| change(spec, NIC, IP, &format!("{IP}  - {{name: mtu, type: Integer, since: \"0.6\"}}\n")),
            1,
            &["breaking[since-backdated]: field `mtu`", "compatible[field-added]"],
        ),
        (
            |spec| fs::remove_file(spec.join(DETACH)).unwrap(),
            1,
            &["breaking[op-removed]: operation DetachIsoFromVmInstance", "HEAD:spec/operations"],
        ),
        (|spec| change(spec, NIC, "The IP version.", "The version of IP."), 0, &["1 documentation"]),
    ];
    for (edit, code, said) in cases {
        let repository = Repository::new();
        assert_eq!(repository.diff(&[]).0, 0);
        edit(&repository.spec());
        let (exit, report) = repository.diff(&[]);
        assert_eq!(exit, code, "{report}");
        for it in said {
            assert!(report.contains(it), "no {it} in\n{report}");
        }
        // What is in a commit is the same as what is on the disk.
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "--message", "A change"]);
        let (exit, committed) = repository.diff(&["HEAD~1..HEAD", "--format", "json"]);
        assert_eq!(exit, code, "{committed}");
        let ids = |json: &str| -> Vec<String> {
            let json: serde_json::Value = serde_json::from_str(json).unwrap();
            let findings = json["findings"].as_array().unwrap();
            findings.iter().map(|it| it["fingerprint"].to_string()).collect()
        };
        let (_, on_disk) = repository.diff(&["HEAD~1", "--format", "json"]);
        assert_eq!(ids(&committed), ids(&on_disk));
    }
}

#[test]
fn what_is_bad_enough_is_said_on_the_command_line() {
    let repository = Repository::new();
    change(&repository.spec(), DETACH, "name: isoUuid\n", "name: isoUuid\n    default: \"\"\n");
    for (level, code) in [("breaking", 0), ("risk", 1), ("compatible", 1)] {
        let (exit, report) = repository.diff(&["--fail-on", level]);
        assert_eq!(exit, code, "{report}");
        assert!(report.contains("risk[param-default-added]"), "{report}");
    }
    assert_eq!(run(&["diff", "--fail-on", "all"], &repository.spec()).0, 2);
    assert_eq!(run(&["diff", "nowhere"], &repository.spec()).0, 4);
}

#[test]
fn a_head_that_breaks_rules_is_compared_all_the_same() {
    let repository = Repository::new();
    // A rule about the one file, and nothing that a client would notice.
    change(
        &repository.spec(),
        NIC,
        "ip, type: String, since: \"0.6\"",
        "ip, type: String, since: \"0.6\", range: [1, 2]",
    );
    let (code, out, err) = run(&["diff"], &repository.spec());
    assert!(out.contains("risk[range-added]") || out.contains("range-added"), "{out}");
    assert!(err.contains("the working tree does not hold") && err.contains("constraint-misfit"), "{err}");
    assert_eq!(code, 3);
    // A file that cannot be read would seem to be gone.
    fs::write(repository.spec().join(NIC), "name: [").unwrap();
    let (code, out, _) = run(&["diff"], &repository.spec());
    assert_eq!((code, out.as_str()), (3, ""));
}
