//! What stands beside the spec: the lock of releases, and the version of the
//! crates.

use super::ChangeRule;
use super::Level::{Breaking, Risk};
use super::Step::Patch;

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("slice-drift", (Breaking, Breaking), Patch).correction().words(
        "Releases that are out have something else on the wire",
        "Clients of those releases are told of an API that they do not have.",
        "Name a release that is being written, as `state: next` in `api.yaml` declares it; if the spec was wrong, run \
         `cargo xtask release --relock VERSION`, and waive it as a correction.",
    ),
    ChangeRule::new("lock-rewritten", (Breaking, Breaking), Patch).unwaivable().words(
        "The lock says something else of a release that is out, which has not changed",
        "Nobody sees any more when that release changes.",
        "Put the line back. This cannot be waived.",
    ),
    ChangeRule::new("release-unlocked", (Risk, Risk), Patch).words(
        "A release is out, and the lock does not have it",
        "Nobody sees when it changes.",
        "Close it with `cargo xtask release`; `cargo xtask release --lock` locks what is out already.",
    ),
    ChangeRule::new("bump-too-small", (Risk, Risk), Patch).words(
        "The version of the generated crates makes too small a step",
        "Cargo gives the new crates to those whose code may not build with them.",
        "Raise the version in the workspace's `Cargo.toml`, at the latest when a release is closed.",
    ),
];
