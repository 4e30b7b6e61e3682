//! Waivers.

use super::{Rule, Words};
use crate::changes::{ChangeKind, WaiverKind};
use crate::listed::problems;

problems! {
    /// What is wrong with a waiver.
    pub enum WaiverProblem, of rules WaiverRule {
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
}

impl WaiverRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::UnknownRule => Rule::error("waiver-unknown-rule")
                .title("A waiver of a rule that `diff` does not have")
                .why(
                    "It would waive nothing, while whoever wrote it believes that something is waived. What \
                     `check` refuses cannot be waived at all.",
                )
                .excerpts("rule: param-become-required", "rule: param-became-required"),
            Self::NotPossible => {
                Rule::error("waiver-not-possible").title("A waiver of a rule that knows no exception").why(
                    "What a release that is out had is a fact, and every comparison leans on it. Nobody's \
                     reason makes it untrue.",
                )
            }
            Self::KindMisfit => Rule::error("waiver-kind-misfit")
                .title("A waiver of a kind that its rule does not take")
                .why(
                    "The kind says who had to agree: a break is a decision about clients, a correction says \
                     that the platform always was like that, and a matter of security is for those who \
                     answer for it. Each rule is a question to one of them.",
                )
                .excerpts("{rule: since-lowered, kind: break}", "{rule: since-lowered, kind: correction}"),
            Self::NoReason => {
                Rule::error("waiver-without-reason").title("A waiver that gives no reason").why(
                    "Who reads the report has to agree or object, and so has whoever finds the waiver in a \
                     year. Neither can without the reason.",
                )
            }
            Self::FingerprintForm => Rule::error("waiver-fingerprint-form")
                .title("A text that is no fingerprint")
                .why("A waiver with a fingerprint is about one change alone. A mistyped one is about none.")
                .excerpts("fingerprint: 5d59", "fingerprint: \"5d59ea9943d96228\""),
            Self::ExpiryForm => Rule::error("waiver-expiry-form")
                .title("A waiver that ends at what is neither a date nor a release")
                .why("A waiver whose end nobody can tell would never end.")
                .excerpts("expires: end of the year", "expires: 2026-12-31"),
            Self::Repeated => Rule::error("waiver-repeated")
                .title("The same is waived twice")
                .why("With two reasons and two ends it is not known which of them somebody agreed to."),
        }
    }
}

impl WaiverProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::UnknownRule { rule, is_check: true, .. } => {
                Words::new(format!("`{rule}` is a rule of `check`"))
                    .label("about no change")
                    .note("waivers accept what `diff` finds; a spec that `check` refuses is no spec")
                    .help("mend the spec and remove the waiver")
            }
            Self::UnknownRule { rule, suggestion, is_check: false } => {
                let words = Words::new(format!("there is no rule `{rule}`")).label("`diff` does not have it");
                match suggestion {
                    Some(_) => words.did_you_mean(suggestion.as_deref()),
                    None => words.help("`cargo xtask rules` lists all of them"),
                }
            }
            Self::NotPossible { rule } => Words::new(format!("`{rule}` cannot be waived"))
                .label("holds without exception")
                .help(format!("remove the waiver; `cargo xtask explain {rule}` says what to do instead")),
            Self::KindMisfit { rule, kind, fits } => {
                let (kind, fits) = (kind.word(), WaiverKind::either(fits));
                Words::new(format!("`{rule}` cannot be waived as `{kind}`"))
                    .label(format!("expected {fits}"))
                    .help(format!("write {fits}, if that is what it is"))
            }
            Self::NoReason => Words::new("this waiver gives no reason")
                .label("nothing is said")
                .help("say why the change is accepted, for whoever reads the report"),
            Self::FingerprintForm { text } => Words::new(format!("`{text}` is no fingerprint"))
                .note("a fingerprint is 16 digits, from 0 to 9 and from a to f, in quotes")
                .help("`cargo xtask diff --verbose` shows that of each finding"),
            Self::ExpiryForm { text } => Words::new(format!("`{text}` is neither a date nor a release"))
                .note("a waiver holds up to a day, that one included, or until a release is out")
                .help("write a date, 2026-12-31, or a release that `api.yaml` declares, \"5.3.0\""),
            Self::Repeated { rule, element } => {
                Words::new(format!("`{rule}` of `{element}` is waived twice"))
                    .label("the second one")
                    .help("keep one of them, or tell them apart by `fingerprint`")
            }
        }
    }
}
