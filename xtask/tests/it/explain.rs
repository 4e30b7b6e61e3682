//! Tests of `cargo xtask explain`, and of the lookup of releases.

use crate::scratch::{run, write_small_spec, xtask};

#[test]
fn all_commands_look_up_releases_alike() {
    let note = "note: 3.9.5 is not a declared release; this is 3.9.0, the newest one before it\n";
    let newer = "error: there is no release 9.9: it is newer than every declared release; \
                 the newest are 5.0.0, 5.1.0 and 5.2.0\n";
    let older = "error: there is no release 0.5: it is older than every declared release; \
                 the oldest are 0.6, 1.7 and 1.8\n";
    let malformed = "error: `newest` is not a version: write one to four numbers from 0 to 65535, such as 3.1.0; \
                     the newest are 5.0.0, 5.1.0 and 5.2.0\n";
    // `{}` is replaced by a version.
    let commands: [(&str, &[&str]); 4] = [
        ("explain", &["explain", "DetachIsoFromVmInstance@{}"]),
        ("openapi", &["openapi", "--at", "{}"]),
        ("changelog", &["changelog", "{}"]),
        ("relock", &["release", "--relock", "{}", "--dry-run"]),
    ];
    let spec = tempfile::tempdir().unwrap();
    write_small_spec(spec.path());
    for (name, arguments) in commands {
        let run = |version: &str| {
            let arguments: Vec<_> =
                arguments.iter().map(|argument| argument.replace("{}", version)).collect();
            run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), spec.path())
        };
        for (version, error) in [("9.9", newer), ("0.5", older), ("newest", malformed)] {
            assert_eq!(run(version), (2, String::new(), error.to_owned()), "{name} {version}");
        }
        let (declared, between) = (run("3.9.0"), run("3.9.5"));
        assert_eq!((between.0, &between.1), (declared.0, &declared.1), "{name}");
        assert_eq!(between.2, format!("{note}{}", declared.2), "{name}");
    }
}

/// Runs `explain`; returns the exit code, the output and the errors.
fn explain(arguments: &[&str]) -> (i32, String, String) {
    xtask(&[&["explain"], arguments].concat())
}

#[test]
fn explains_a_rule_of_check() {
    let (code, text, error) = explain(&["required-newer-than-op"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(text.starts_with("error[required-newer-than-op]: Required parameter newer"), "{text}");
    for part in ["refused as of that release", "\nwrong:\n", "\nright:\n"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(!text.contains('\u{1b}'), "no colors without a terminal");
}

#[test]
fn explains_a_rule_of_diff() {
    let (code, text, error) = explain(&["param-became-required"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert_eq!(
        text,
        "change[param-became-required]: Parameter became required\n\n\
         Existing calls that omit it were valid and are now refused.\n\n    \
         in requests             breaking\n    \
         in responses            compatible\n    \
         version of the crates   major step\n    \
         accepted waivers        break or correction\n\n\
         recommended action:\n\n\
         Keep it optional and describe the behavior without it.\n"
    );
    for (rule, kinds) in [
        ("since-lowered", "correction"),
        ("auth-removed", "security"),
        ("release-list-rewritten", "none"),
        ("waiver-expired", "none"),
    ] {
        let (_, text, _) = explain(&[rule]);
        assert!(text.contains(&format!("accepted waivers        {kinds}\n")), "{text}");
    }
    let (code, _, error) = explain(&["param-become-required"]);
    assert_eq!(code, 2);
    assert!(error.contains("did you mean `param-became-required`?"), "{error}");
}

const UNKNOWN: &str = "error: there is no rule `\\u{1b}[31m`\n  = help: run `cargo xtask rules` for a list\n";

#[test]
fn an_unknown_rule_is_a_usage_error() {
    let (code, text, error) = explain(&["required-newer-than-operation"]);
    assert_eq!((code, text.as_str()), (2, ""));
    assert_eq!(
        error,
        "error: there is no rule `required-newer-than-operation`\n  \
         = help: did you mean `required-newer-than-op`?\n"
    );
    let (code, _, error) = explain(&["\u{1b}[31m"]);
    assert_eq!((code, error.as_str()), (2, UNKNOWN));
    assert_eq!(explain(&[]).0, 2);
}

#[test]
fn explains_an_operation_as_of_a_release() {
    let (code, text, error) = explain(&["DetachIsoFromVmInstance@2.3.0"]);
    assert_eq!((code, error.as_str()), (0, ""));
    // The spelling of the list of releases.
    assert!(text.starts_with("DetachIsoFromVmInstance, as of 2.3\n"), "{text}");
    let parameters =
        |text: &str| text.split("\nParameters\n").nth(1).unwrap().split("\n\n").next().unwrap().to_owned();
    assert!(!parameters(&text).contains("isoUuid"), "{text}");
    assert!(parameters(&explain(&["DetachIsoFromVmInstance"]).1).contains("isoUuid"));
    assert!(!text.contains('\u{1b}'), "no colors without a terminal");
}

#[test]
fn reports_elements_that_a_release_does_not_have() {
    let spec = tempfile::tempdir().unwrap();
    write_small_spec(spec.path());
    for (what, problem) in [
        // The spelling of the list of releases, and a version between two releases.
        ("CreateVmCdRom@3.0.0", "3.0 does not have `CreateVmCdRom`: the operation was added in 3.3.0"),
        ("CreateVmCdRom@3.2.5", "3.2.0 does not have `CreateVmCdRom`: the operation was added in 3.3.0"),
        ("CreateVmCdrom", "did you mean `CreateVmCdRom`?"),
        ("CreateVmCdRom@newest", "`newest` is not a version"),
    ] {
        let (code, text, error) = run(&["explain", what], spec.path());
        assert_eq!((code, text.as_str()), (2, ""));
        assert!(error.contains(problem), "{error}");
    }
    let (code, _, error) = explain(&["CreateVmCdRom", "--spec", "/nowhere"]);
    assert_eq!(code, 3, "{error}");
}
