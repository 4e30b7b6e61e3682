//! How elements leave.

use super::{Words, counted};

/// What is wrong with a deprecation or a removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetirementProblem {
    /// Deprecated before it existed.
    DeprecatedBeforeSince {
        /// What it is: `operation`, `field` …
        what: &'static str,
        /// Its name.
        name: String,
        /// The release that advises against it.
        deprecated: String,
        /// The release that it came with.
        since: String,
    },
    /// Removed, and never deprecated.
    RemovedWithoutDeprecation {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Removed before it was deprecated, or with that.
    RemovedNotAfterDeprecated {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
        /// The release that no longer has it.
        removed: String,
        /// The release that advises against it.
        deprecated: String,
    },
    /// Removed earlier than the policy allows.
    WindowShort {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
        /// The release that advises against it.
        deprecated: String,
        /// How many releases later it is removed.
        releases: usize,
        /// How many it must be.
        window: u16,
        /// The first release that may be without it, if it is declared.
        earliest: Option<String>,
    },
    /// Used by something that is still there when it is not.
    UsesRemovedType {
        /// What uses it.
        name: String,
        /// The data type.
        ty: String,
        /// The release that no longer has it.
        removed: String,
        /// Whether it is the base of what uses it.
        extends: bool,
    },
    /// Deprecated, and nothing to use instead.
    WithoutReplacement {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// A part that claims to be there after the whole.
    OutlivesParent {
        /// What it is.
        what: &'static str,
        /// Its name.
        name: String,
        /// The release that it names.
        version: String,
        /// What it is part of.
        parent: String,
        /// The release that no longer has that.
        removed: String,
    },
    /// Used by something that is there to stay, although deprecated.
    LiveUsesDeprecated {
        /// What uses it.
        name: String,
        /// The data type.
        ty: String,
        /// What to use instead.
        replacement: Option<String>,
    },
}

impl RetirementProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::DeprecatedBeforeSince { what, name, deprecated, since } => Words::new(
                "deprecated-before-since",
                format!("the {what} `{name}` is deprecated in {deprecated}, before it exists"),
            )
            .label(format!("`{name}` exists since {since}"))
            .help(format!("write \"{since}\" or later")),
            Self::RemovedWithoutDeprecation { what, name } => Words::new(
                "removed-not-after-deprecated",
                format!("the {what} `{name}` is removed and was never deprecated"),
            )
            .label("no `deprecated` before it")
            .note("who uses it has to be told in an earlier release")
            .help("add `deprecated`, with an earlier release"),
            Self::RemovedNotAfterDeprecated { what, name, removed, deprecated } => Words::new(
                "removed-not-after-deprecated",
                format!("the {what} `{name}` is removed in {removed}, but not deprecated before"),
            )
            .label(format!("deprecated in {deprecated}"))
            .note("who uses it has to be told in an earlier release")
            .help("write a later release here, or an earlier one in `deprecated`"),
            Self::WindowShort { what, name, deprecated, releases, window, earliest } => {
                let words = Words::new(
                    "deprecation-window-short",
                    format!(
                        "the {what} `{name}` is removed {releases} after {deprecated}",
                        releases = counted(*releases, "release")
                    ),
                )
                .note(format!(
                    "`deprecationWindow` in `api.yaml` says {}",
                    counted(usize::from(*window), "release")
                ));
                match earliest {
                    Some(release) => words.help(format!("write \"{release}\" or later")),
                    None => words.help("no release is late enough yet: leave `removed` out"),
                }
            }
            Self::UsesRemovedType { name, ty, removed, extends } => {
                let verb = if *extends { "extends" } else { "uses" };
                let words = Words::new(
                    "uses-removed-type",
                    format!("`{name}` {verb} `{ty}`, which {removed} no longer has"),
                );
                if *extends {
                    words
                        .note(format!("in {removed} it would lack the fields of its base"))
                        .help("write them here, or remove it with that release or before")
                } else {
                    words
                        .note(format!("in {removed} there would be a value without a type"))
                        .help("give it another type, or remove it with that release or before")
                }
            }
            Self::WithoutReplacement { what, name } => Words::new(
                "deprecated-without-replacement",
                format!("the {what} `{name}` is deprecated, but nothing replaces it"),
            )
            .label("no `replacement`")
            .help("add `replacement`: a name, or a sentence on how to do without"),
            Self::OutlivesParent { what, name, version, parent, removed } => Words::new(
                "child-outlives-parent",
                format!("the {what} `{name}` is still there in {version}, `{parent}` is not"),
            )
            .label(format!("`{parent}` is removed in {removed}"))
            .note("what is removed takes all its parts along")
            .help("leave it out, or correct either release"),
            Self::LiveUsesDeprecated { name, ty, replacement } => {
                let words =
                    Words::new("live-uses-deprecated", format!("`{name}` uses `{ty}`, which is deprecated"))
                        .note("clients would be given what they are told not to use");
                match replacement {
                    Some(other) => words.help(format!("deprecate it as well, or use instead: {other}")),
                    None => words.help("deprecate it as well, or give it another type"),
                }
            }
        }
    }
}
