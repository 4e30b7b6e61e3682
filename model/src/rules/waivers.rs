//! Waivers.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "waiver-unknown-rule",
        "A waiver of a rule that `diff` does not have",
        "It would waive nothing, while whoever wrote it believes that something is waived. What `check` refuses \
         cannot be waived at all.",
    )
    .excerpts("rule: param-become-required", "rule: param-became-required"),
    Rule::error(
        "waiver-not-possible",
        "A waiver of a rule that knows no exception",
        "What a release that is out had is a fact, and every comparison leans on it. Nobody's reason makes it \
         untrue.",
    ),
    Rule::error(
        "waiver-kind-misfit",
        "A waiver of a kind that its rule does not take",
        "The kind says who had to agree: a break is a decision about clients, a correction says that the \
         platform always was like that, and a matter of security is for those who answer for it. Each rule is a \
         question to one of them.",
    )
    .excerpts("{rule: since-lowered, kind: break}", "{rule: since-lowered, kind: correction}"),
    Rule::error(
        "waiver-without-reason",
        "A waiver that gives no reason",
        "Who reads the report has to agree or object, and so has whoever finds the waiver in a year. Neither can \
         without the reason.",
    ),
    Rule::error(
        "waiver-fingerprint-form",
        "A text that is no fingerprint",
        "A waiver with a fingerprint is about one change alone. A mistyped one is about none.",
    )
    .excerpts("fingerprint: 5d59", "fingerprint: \"5d59ea9943d96228\""),
    Rule::error(
        "waiver-expiry-form",
        "A waiver that ends at what is neither a date nor a release",
        "A waiver whose end nobody can tell would never end.",
    )
    .excerpts("expires: end of the year", "expires: 2026-12-31"),
    Rule::error(
        "waiver-repeated",
        "The same is waived twice",
        "With two reasons and two ends it is not known which of them somebody agreed to.",
    ),
];
