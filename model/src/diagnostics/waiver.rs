//! Waivers.

use super::Words;
use crate::changes::{ChangeKind, WaiverKind};

/// What is wrong with a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaiverProblem {
    /// A rule that `diff` does not have.
    UnknownRule {
        /// As written.
        rule: String,
        /// The rule that was probably meant.
        suggestion: Option<String>,
        /// Whether `check` has it.
        is_check: bool,
    },
    /// A rule of which nobody may waive anything.
    NotPossible {
        /// The rule.
        rule: ChangeKind,
    },
    /// A kind that the rule does not take.
    KindMisfit {
        /// The rule.
        rule: ChangeKind,
        /// The kind.
        kind: WaiverKind,
        /// The kinds that it takes.
        fits: &'static [WaiverKind],
    },
    /// No reason is given.
    NoReason,
    /// A text that is no fingerprint.
    FingerprintForm {
        /// As written.
        text: String,
    },
    /// A text that is neither a date nor a release.
    ExpiryForm {
        /// As written.
        text: String,
    },
    /// The same is waived twice.
    Repeated {
        /// The rule.
        rule: ChangeKind,
        /// The element.
        element: String,
    },
}

impl WaiverProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::UnknownRule { rule, is_check: true, .. } => {
                Words::new("waiver-unknown-rule", format!("`{rule}` is a rule of `check`"))
                    .label("about no change")
                    .note("waivers accept what `diff` finds; a spec that `check` refuses is no spec")
                    .help("mend the spec and remove the waiver")
            }
            Self::UnknownRule { rule, suggestion, is_check: false } => {
                let words = Words::new("waiver-unknown-rule", format!("there is no rule `{rule}`"))
                    .label("`diff` does not have it");
                match suggestion {
                    Some(_) => words.did_you_mean(suggestion.as_deref()),
                    None => words.help("`cargo xtask rules` lists all of them"),
                }
            }
            Self::NotPossible { rule } => {
                Words::new("waiver-not-possible", format!("`{rule}` cannot be waived"))
                    .label("holds without exception")
                    .help(format!("remove the waiver; `cargo xtask explain {rule}` says what to do instead"))
            }
            Self::KindMisfit { rule, kind, fits } => {
                let (kind, fits) = (kind.word(), WaiverKind::either(fits));
                Words::new("waiver-kind-misfit", format!("`{rule}` cannot be waived as `{kind}`"))
                    .label(format!("expected {fits}"))
                    .help(format!("write {fits}, if that is what it is"))
            }
            Self::NoReason => Words::new("waiver-without-reason", "this waiver gives no reason")
                .label("nothing is said")
                .help("say why the change is accepted, for whoever reads the report"),
            Self::FingerprintForm { text } => {
                Words::new("waiver-fingerprint-form", format!("`{text}` is no fingerprint"))
                    .note("a fingerprint is 16 digits, from 0 to 9 and from a to f, in quotes")
                    .help("`cargo xtask diff --verbose` shows that of each finding")
            }
            Self::ExpiryForm { text } => {
                Words::new("waiver-expiry-form", format!("`{text}` is neither a date nor a release"))
                    .note("a waiver holds up to a day, that one included, or until a release is out")
                    .help("write a date, 2026-12-31, or a release that `api.yaml` declares, \"5.3.0\"")
            }
            Self::Repeated { rule, element } => {
                Words::new("waiver-repeated", format!("`{rule}` of `{element}` is waived twice"))
                    .label("the second one")
                    .help("keep one of them, or tell them apart by `fingerprint`")
            }
        }
    }
}
