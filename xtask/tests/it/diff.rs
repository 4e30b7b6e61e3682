//! Tests of `cargo xtask diff`, on temporary repositories.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::scratch::{Repository, change, run, run_command};

impl Repository {
    /// Runs `diff`; returns the exit code and the report.
    fn diff(&self, arguments: &[&str]) -> (i32, String) {
        let (code, out, err) = run(&[&["diff"], arguments].concat(), &self.spec());
        assert!(code == 3 || err.is_empty() || out.contains("param-became-required"), "{err}");
        (code, out)
    }
}

const DETACH: &str = "operations/vm-instance/DetachIsoFromVmInstance.yaml";
const NIC: &str = "types/VmNicInventory.yaml";
const IP: &str = "  - {name: ip, type: String, since: \"0.6\", description: The IP address of the NIC; absent while no address is assigned.}\n";

#[test]
fn reports_typical_changes() {
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
            &[
                "breaking[param-became-required]: parameter `isoUuid`",
                "DetachIsoFromVmInstance.yaml:42:",
                "breaking[silent-edit]: parameter `isoUuid`",
            ],
        ),
        (
            |spec| change(spec, DETACH, "since: \"2.3.1\"", "since: \"2.3\""),
            1,
            &["breaking[since-lowered]", "DetachIsoFromVmInstance.yaml:43:12"],
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
        (
            |spec| change(spec, NIC, "The version of `ip`: 4 or 6.", "The version of IP."),
            0,
            &["1 documentation"],
        ),
    ];
    for (edit, code, expected) in cases {
        let repository = Repository::new();
        assert_eq!(repository.diff(&[]).0, 0);
        edit(&repository.spec());
        let (exit, report) = repository.diff(&[]);
        assert_eq!(exit, code, "{report}");
        for text in expected {
            assert!(report.contains(text), "no {text} in\n{report}");
        }
        // A commit gives the same findings as the working tree.
        repository.commit("A change");
        let (exit, committed) = repository.diff(&["HEAD~1..HEAD", "--format", "json"]);
        assert_eq!(exit, code, "{committed}");
        let ids = |json: &str| -> Vec<String> {
            let json: serde_json::Value = serde_json::from_str(json).unwrap();
            let findings = json["findings"].as_array().unwrap();
            findings.iter().map(|finding| finding["fingerprint"].to_string()).collect()
        };
        let (_, on_disk) = repository.diff(&["HEAD~1", "--format", "json"]);
        assert_eq!(ids(&committed), ids(&on_disk));
    }
}

#[test]
fn fail_on_selects_the_level() {
    let repository = Repository::new();
    change(
        &repository.spec(),
        DETACH,
        "    description: The UUID of the ISO image to detach; required if several are attached.\n",
        "",
    );
    for (level, code) in [("breaking", 0), ("risk", 1), ("compatible", 1)] {
        let (exit, report) = repository.diff(&["--fail-on", level]);
        assert_eq!(exit, code, "{report}");
        assert!(report.contains("risk[doc-removed]"), "{report}");
    }
    assert_eq!(run(&["diff", "--fail-on", "all"], &repository.spec()).0, 2);
    assert_eq!(run(&["diff", "nowhere"], &repository.spec()).0, 4);
}

#[test]
fn waived_changes_do_not_fail() {
    let entry = |more: &str| {
        format!(
            "waivers:\n  - {{rule: op-message-changed, element: DetachIsoFromVmInstance, \
             reason: The platform asks for it., {more}}}\n  \
             - {{rule: silent-edit, element: DetachIsoFromVmInstance, kind: correction, reason: It always did.}}\n"
        )
    };
    let cases: [(String, i32, &[&str]); 8] = [
        (
            entry("kind: break, owner: Storage team"),
            0,
            &[
                "waived breaking[op-message-changed]",
                "= waived: as a break (owner: Storage team): The platform asks for it.",
                "2 changes between HEAD at",
                ": 2 waived\nverdict: waived; the generated crates need a patch version step",
            ],
        ),
        (entry("kind: break, expires: 2026-06-15"), 0, &["(until 2026-06-15)"]),
        (
            entry("kind: break, expires: 2026-06-14"),
            1,
            &[
                "\nbreaking[op-message-changed]",
                "breaking[waiver-expired]",
                "spec/waivers.yaml:2:",
                ": 2 breaking, 1 waived",
            ],
        ),
        (entry("kind: break, expires: \"0.6\""), 1, &["breaking[waiver-expired]"]),
        (
            entry("kind: break, fingerprint: \"0123456789abcdef\""),
            1,
            &["risk[waiver-unused]", "1 breaking, 1 risk"],
        ),
        (entry("kind: security"), 3, &["error[waiver-kind-mismatch]", "waivers.yaml:2:"]),
        (
            entry("kind: break, expires: soon, fingerprint: \"1\""),
            3,
            &["waiver-expiry-form", "waiver-fingerprint-form"],
        ),
        ("waivers:\n<<<<<<< HEAD\n".to_owned(), 3, &["error[conflict-markers]"]),
    ];
    let repository = Repository::new();
    let spec = repository.spec();
    change(
        &spec,
        DETACH,
        "message: org.zstack.header.vm.APIDetachIso",
        "message: org.zstack.header.vm.APIEjectIso",
    );
    for (waivers, code, expected) in cases {
        fs::write(spec.join("waivers.yaml"), &waivers).unwrap();
        let (exit, out, err) = run(&["diff", "--today", "2026-06-15"], &spec);
        let report = format!("\n{out}{err}");
        assert_eq!(exit, code, "{waivers}{report}");
        for text in expected {
            assert!(report.contains(text), "no {text} in\n{waivers}{report}");
        }
        // Invalid waivers prevent a report.
        assert_eq!(code == 3, out.is_empty(), "{out}");
        // Waivers do not affect other findings.
        assert_eq!(run(&["diff", "--today", "2026-06-15", "--fail-on", "risk"], &spec).0, code, "{waivers}");
        // `check` validates waivers, too, but not their expiry.
        let (_, _, problems) = run(&["check"], &spec);
        assert_eq!(problems.contains("waivers.yaml:"), code == 3, "{waivers}{problems}");
    }
}

#[test]
fn a_waiver_may_stay_after_its_change() {
    let repository = Repository::new();
    let spec = repository.spec();
    change(&spec, DETACH, "since: \"2.3.1\"", "since: \"2.3\"");
    let (code, report) = repository.diff(&["--verbose"]);
    assert_eq!(code, 1, "{report}");
    // The entry from the report, with a reason.
    let entry = report.lines().find_map(|line| line.trim_start().strip_prefix("= waiver: ")).unwrap();
    assert!(entry.contains("kind: correction"), "{entry}");
    let entry = entry.replace("reason: \"\"", "reason: The document was wrong., expires: 2026-06-01");
    fs::write(spec.join("waivers.yaml"), format!("waivers:\n  {entry}\n")).unwrap();
    assert_eq!(repository.diff(&["--today", "2026-06-01"]).0, 0);
    repository.git(&["add", "."]);
    repository.git(&["commit", "--quiet", "--message", "A correction"]);
    let (code, report) =
        repository.diff(&["HEAD", "--today", "2026-07-01", "--fail-on", "risk", "--verbose"]);
    assert_eq!(code, 0, "{report}");
    assert!(report.contains("documentation[waiver-unused]: the waiver for `since-lowered`"), "{report}");
    // An older base still shows the change and the expired waiver.
    assert_eq!(repository.diff(&["HEAD~1", "--today", "2026-06-01"]).0, 0);
    assert_eq!(repository.diff(&["HEAD~1", "--today", "2026-07-01"]).0, 1);
    assert_eq!(run(&["diff", "--today", "July"], &spec).0, 2);
}

#[test]
fn compares_an_invalid_head() {
    let repository = Repository::new();
    // An error in one file that clients would not notice.
    change(
        &repository.spec(),
        NIC,
        "ip, type: String, since: \"0.6\"",
        "ip, type: String, since: \"0.6\", deprecated: \"0.5\"",
    );
    let (code, out, err) = run(&["diff"], &repository.spec());
    assert!(out.contains("compatible[deprecated-added]"), "{out}");
    assert!(
        err.contains("the spec of the working tree is invalid") && err.contains("since-undeclared"),
        "{err}"
    );
    assert_eq!(code, 3);
    // A file with a syntax error would look removed.
    fs::write(repository.spec().join(NIC), "name: [").unwrap();
    let (code, out, _) = run(&["diff"], &repository.spec());
    assert_eq!((code, out.as_str()), (3, ""));
}

#[test]
fn compares_locks() {
    let line = |repository: &Repository| {
        let lock = fs::read_to_string(repository.spec().join("releases.lock")).unwrap();
        lock.lines().find(|line| line.starts_with("3.4.0 ")).unwrap().to_owned() + "\n"
    };
    type Edit = fn(&Repository, &str);
    let cases: [(Edit, i32, &str); 4] = [
        (
            |repository, line| change(&repository.spec(), "releases.lock", line, ""),
            1,
            "breaking[lock-rewritten]: the lock no longer contains",
        ),
        (
            |repository, line| {
                change(&repository.spec(), "releases.lock", line, &format!("3.4.0 {}\n", "0".repeat(64)))
            },
            1,
            "breaking[lock-rewritten]: the lock of release `3.4.0` changed",
        ),
        (
            |repository, _| {
                change(
                    &repository.spec(),
                    NIC,
                    IP,
                    &format!("{IP}  - {{name: mtu, type: Integer, since: \"3.9.0\"}}\n"),
                );
                assert_eq!(run(&["release", "--relock", "3.9.0"], &repository.spec()).0, 0);
            },
            1,
            "compatible[slice-drift]: the wire format of published releases changed: `3.9.0 to 5.2.0`",
        ),
        (
            |repository, _| {
                let next = "  - {version: \"5.2.0\"}\n  - {version: \"5.3.0\"}\n";
                change(&repository.spec(), "api.yaml", "  - {version: \"5.2.0\"}\n", next);
            },
            0,
            "risk[release-not-locked]: release `5.3.0` is published, but not in the lock",
        ),
    ];
    for (edit, code, said) in cases {
        let repository = Repository::new();
        edit(&repository, &line(&repository));
        let (exit, report) = repository.diff(&[]);
        assert!(exit == code && report.contains(said), "{exit}\n{report}");
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "--message", "A change"]);
        let (exit, report) = repository.diff(&["HEAD~1..HEAD"]);
        assert!(exit == code && report.contains(said), "{exit}\n{report}");
    }
}

#[test]
fn reports_an_unreadable_lock_like_check() {
    let repository = Repository::new();
    change(&repository.spec(), "releases.lock", "Format 1.", "Format 7.");
    let (code, out, err) = run(&["diff"], &repository.spec());
    assert!(code == 3 && out.starts_with("no changes between"), "{code}\n{out}");
    assert!(err.contains("error[lock-unreadable]") && err.contains("releases.lock:1:1"), "{err}");
    // The head may repair it.
    repository.git(&["commit", "--quiet", "--all", "--message", "A slip"]);
    change(&repository.spec(), "releases.lock", "Format 7.", "Format 1.");
    let (code, out, err) = run(&["diff"], &repository.spec());
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
}

#[test]
fn compares_the_versions_of_the_crates() {
    let repository = Repository::new();
    let manifest = repository.folder().join("Cargo.toml");
    let bump = |version: &str| {
        fs::write(&manifest, format!("[workspace.package]\nversion = \"{version}\"\n")).unwrap();
    };
    bump("0.1.0");
    repository.git(&["add", "."]);
    repository.git(&["commit", "--quiet", "--message", "A workspace"]);
    change(&repository.spec(), DETACH, "since: \"2.3.1\"", "since: \"2.3\"");
    let too_small = |arguments: &[&str]| repository.diff(arguments).1.contains("[bump-too-small]");
    // A moved element does not change the interface of the crates.
    assert!(!too_small(&[]));
    fs::remove_file(repository.spec().join(DETACH)).unwrap();
    let (_, report) = repository.diff(&[]);
    let said = "risk[bump-too-small]: the version of the generated crates is still `0.1.0`";
    assert!(report.contains(said) && report.contains("requires a major version step, to 0.2.0"), "{report}");
    bump("0.1.1");
    assert!(too_small(&[]));
    repository.git(&["commit", "--quiet", "--all", "--message", "A change"]);
    assert!(too_small(&["HEAD~1..HEAD"]));
    bump("0.2.0");
    assert!(!too_small(&["HEAD~1"]));
    // Without a manifest, the version is unknown.
    fs::remove_file(&manifest).unwrap();
    assert!(!too_small(&["HEAD~1"]));
}

/// Git sets these variables for its hooks.
#[test]
fn the_environment_does_not_select_the_repository() {
    let (repository, other) = (Repository::new(), Repository::new());
    other.git(&["commit", "--quiet", "--allow-empty", "--message", "Another"]);
    for path in [other.folder().join(".git"), ".git".into(), "nowhere".into()] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["diff", "HEAD"]).current_dir(repository.folder());
        let (code, out, err) =
            run_command(command.env("GIT_DIR", &path).env("GIT_WORK_TREE", other.folder()));
        let head = repository.git(&["rev-parse", "--short", "HEAD"]);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains(&format!("HEAD at {}", head.trim())), "{out}");
    }
}

#[test]
fn compares_folders_without_git() {
    let repository = Repository::new();
    let diff = |range: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        run_command(command.args(["diff", range]).env("PATH", "").current_dir(repository.folder()))
    };
    assert_eq!(diff("./spec..spec").0, 0);
    let (code, out, err) = diff("main");
    assert_eq!((code, out.as_str()), (4, ""));
    assert!(err.starts_with("error: cannot run the program `git`\n"), "{err}");
    assert!(err.contains("= help: install git 2.30 or newer"), "{err}");
}
