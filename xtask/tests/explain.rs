//! `cargo xtask explain` as people run it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

mod scratch;

use scratch::xtask;

/// The exit code, and what is said where.
fn explain(arguments: &[&str]) -> (i32, String, String) {
    xtask(&[&["explain"], arguments].concat())
}

#[test]
fn a_rule_is_explained() {
    let (code, text, error) = explain(&["required-newer-than-op"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(text.starts_with("error[required-newer-than-op]: A required parameter newer"), "{text}");
    for part in ["refused from that release on", "\nwrong:\n", "\nright:\n"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(!text.contains('\u{1b}'), "no colours where nobody sees them");
}

#[test]
fn a_kind_of_change_is_explained() {
    let (code, text, error) = explain(&["param-became-required"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert_eq!(
        text,
        "change[param-became-required]: A parameter must be given now\n\n\
         Calls that leave it out were right, and are refused from now on.\n\n    \
         where clients send it       breaking\n    \
         where clients receive it    compatible\n    \
         the generated crates need   major step\n    \
         it can be waived as         break or correction\n\n\
         what to do:\n\n\
         Leave it optional, and say in the description what happens without it.\n"
    );
    for (rule, kinds) in [
        ("since-lowered", "correction"),
        ("auth-removed", "security"),
        ("release-list-rewritten", "nothing"),
        ("waiver-expired", "nothing"),
    ] {
        let (_, text, _) = explain(&[rule]);
        assert!(text.contains(&format!("it can be waived as         {kinds}\n")), "{text}");
    }
    let (code, _, error) = explain(&["param-become-required"]);
    assert_eq!(code, 2);
    assert!(error.contains("did you mean `param-became-required`?"), "{error}");
}

const UNKNOWN: &str =
    "error: there is no rule `\\u{1b}[31m`\n  = help: `cargo xtask rules` lists all of them\n";

#[test]
fn an_unknown_rule_is_a_mistake_in_usage() {
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
fn an_operation_is_explained_as_a_release_had_it() {
    let (code, text, error) = explain(&["DetachIsoFromVmInstance@2.3.0"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(text.starts_with("DetachIsoFromVmInstance, as of 2.3.0\n"), "{text}");
    let parameters =
        |text: &str| text.split("\nParameters\n").nth(1).unwrap().split("\n\n").next().unwrap().to_owned();
    assert!(!parameters(&text).contains("isoUuid"), "{text}");
    assert!(parameters(&explain(&["DetachIsoFromVmInstance"]).1).contains("isoUuid"));
    assert!(!text.contains('\u{1b}'), "no colours where nobody sees them");
}

#[test]
fn what_a_release_does_not_have_is_told() {
    for (what, problem) in [
        ("CreateVmCdRom@3.0.0", "3.0.0 has no `CreateVmCdRom`: the operation came with 3.3.0"),
        ("CreateVmCdrom", "did you mean `CreateVmCdRom`?"),
        ("CreateVmCdRom@newest", "`newest` is no version"),
    ] {
        let (code, text, error) = explain(&[what]);
        assert_eq!((code, text.as_str()), (2, ""));
        assert!(error.contains(problem), "{error}");
    }
    let (code, _, error) = explain(&["CreateVmCdRom", "--spec", "/nowhere"]);
    assert_eq!(code, 3, "{error}");
}
