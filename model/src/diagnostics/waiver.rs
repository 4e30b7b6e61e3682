//! Problems with waivers.

use super::rule::problems;
use super::{ProblemText, Rule};
use crate::changes::{ChangeKind, WaiverKind};

problems! {
    /// A problem with a waiver.
    pub enum WaiverProblem {
        UnknownRule {
            rule: String,
            suggestion: Option<String>,
            /// True if it is a rule of `check`.
            is_check: bool
        } =
            Error "waiver-unknown-rule": "Waiver of an unknown rule",
            "The waiver would have no effect, although its author believes that it has. Findings of `check` \
             cannot be waived.",
            wrong "rule: param-become-required",
            right "rule: param-became-required";
        NotAllowed { rule: ChangeKind } =
            Error "waiver-not-allowed": "Waiver of a rule without exceptions",
            "The API of a released version is a fact that every comparison depends on, and no reason changes \
             it.";
        KindMismatch {
            rule: ChangeKind,
            kind: WaiverKind,
            /// The kinds that the rule accepts.
            fits: &'static [WaiverKind]
        } =
            Error "waiver-kind-mismatch": "Waiver of a kind that its rule does not accept",
            "The kind states who agreed: a break is a decision about clients, a correction says that the \
             platform always behaved like this, and security findings are accepted by the people \
             responsible for security. Each rule needs one of these decisions.",
            wrong "{rule: since-lowered, kind: break}",
            right "{rule: since-lowered, kind: correction}";
        NoReason =
            Error "waiver-without-reason": "Waiver without a reason",
            "Reviewers, and readers of the waiver in a year, need the reason to agree or object.";
        FingerprintForm { text: String } =
            Error "waiver-fingerprint-form": "Invalid fingerprint",
            "A waiver with a fingerprint accepts a single change. With a mistyped one it accepts none.",
            wrong "fingerprint: 5d59",
            right "fingerprint: \"5d59ea9943d96228\"";
        ExpiryForm { text: String } =
            Error "waiver-expiry-form": "Waiver that expires at neither a date nor a release",
            "The waiver would never expire.",
            wrong "expires: end of the year",
            right "expires: 2026-12-31";
        Duplicate { rule: ChangeKind, element: String } =
            Error "waiver-duplicate": "Duplicate waiver",
            "With two reasons and two expiry dates it is unclear which of them was agreed on.";
    }
}

impl WaiverProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::UnknownRule { rule, is_check: true, .. } => {
                ProblemText::new(format!("`{rule}` is a rule of `check`"))
                    .label("not about a change")
                    .note("waivers accept findings of `diff`; a spec with errors of `check` is invalid")
                    .help("correct the spec and remove the waiver")
            }
            Self::UnknownRule { rule, suggestion, is_check: false } => {
                let text =
                    ProblemText::new(format!("there is no rule `{rule}`")).label("not a rule of `diff`");
                match suggestion {
                    Some(_) => text.did_you_mean(suggestion.as_deref()),
                    None => text.help("run `cargo xtask rules` to list all rules"),
                }
            }
            Self::NotAllowed { rule } => ProblemText::new(format!("`{rule}` cannot be waived"))
                .label("has no exceptions")
                .help(format!("remove the waiver; `cargo xtask explain {rule}` shows the alternatives")),
            Self::KindMismatch { rule, kind, fits } => {
                let (kind, fits) = (kind.word(), WaiverKind::either(fits));
                ProblemText::new(format!("`{rule}` cannot be waived as `{kind}`"))
                    .label(format!("expected {fits}"))
                    .help(format!("write {fits} if that is correct"))
            }
            Self::NoReason => ProblemText::new("this waiver has no reason")
                .label("empty")
                .help("write why the change is accepted, for the readers of the report"),
            Self::FingerprintForm { text } => ProblemText::new(format!("`{text}` is not a fingerprint"))
                .note("a fingerprint is 16 lower-case hexadecimal digits in quotes")
                .help("run `cargo xtask diff --verbose` to see the fingerprint of each finding"),
            Self::ExpiryForm { text } => ProblemText::new(format!(
                "`{text}` is neither a date nor a release"
            ))
            .note("a waiver is valid up to and including a day, or until a version is released")
            .help(
                "write a date, such as 2026-12-31, or a release that `api.yaml` declares, such as \"5.3.0\"",
            ),
            Self::Duplicate { rule, element } => {
                ProblemText::new(format!("`{rule}` is waived twice for `{element}`"))
                    .label("the second one")
                    .help("keep one of them, or distinguish them with `fingerprint`")
            }
        }
    }
}
