//! Problems with deprecations and removals.

use super::rule::problems;
use super::{ProblemText, Rule, format_count};

problems! {
    /// A problem with a deprecation or a removal.
    pub enum RetirementProblem {
        DeprecatedBeforeSince { kind: &'static str, name: String, deprecated: String, since: String } =
            Error "deprecated-before-since": "Deprecated before it existed",
            "One of the two releases is wrong.",
            wrong "- {name: state, type: String, since: \"4.0\", deprecated: \"3.3.0\", replacement: phase}",
            right "- {name: state, type: String, since: \"3.3.0\", deprecated: \"4.0\", replacement: phase}";
        RemovedNotAfterDeprecated {
            kind: &'static str,
            name: String,
            removed: String,
            deprecated: Option<String>
        } =
            Error "removed-not-after-deprecated": "Removed without an earlier deprecation",
            "Clients must learn of a removal from a release that still has the element.",
            wrong "- {name: state, type: String, since: \"0.6\", removed: \"4.0\"}",
            right "- {name: state, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", \
                   replacement: phase}";
        WindowShort {
            kind: &'static str,
            name: String,
            deprecated: String,
            /// The number of releases between deprecation and removal.
            releases: usize,
            /// The required number.
            window: u16,
            /// The first release that may remove the element, if it is declared.
            earliest: Option<String>
        } =
            Error "deprecation-window-short": "Removed too soon after the deprecation",
            "`deprecationWindow` in `api.yaml` promises how many releases clients have to stop using a \
             deprecated element. All releases after `deprecated` up to and including `removed` count, of \
             every line. The default is one.",
            wrong "# api.yaml: deprecationWindow: 2, releases 3.3.0, 3.4.0 and 4.0\n- {name: state, type: \
                   String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"3.4.0\", replacement: phase}",
            right "# api.yaml: deprecationWindow: 2, releases 3.3.0, 3.4.0 and 4.0\n- {name: state, type: \
                   String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", replacement: phase}";
        UsesRemovedType {
            name: String,
            ty: String,
            removed: String,
            /// True if the data type is the base of the user.
            extends: bool
        } =
            Error "uses-removed-type": "Element outlives its data type",
            "After the removal there would be a value without a type, or a record without the fields of its \
             base.",
            wrong "# VmState is removed in 4.0\n- {name: state, type: VmState, since: \"0.6\"}",
            right "# VmState is removed in 4.0\n- {name: state, type: VmState, since: \"0.6\", deprecated: \
                   \"3.3.0\", removed: \"4.0\", replacement: phase}";
        WithoutReplacement { kind: &'static str, name: String } =
            Warning "deprecated-without-replacement": "Deprecated without a replacement",
            "Clients that see a deprecation need an alternative. `replacement` gives it as a name or a \
             sentence.",
            wrong "- {name: state, type: String, since: \"0.6\", deprecated: \"4.0\"}",
            right "- {name: state, type: String, since: \"0.6\", deprecated: \"4.0\", replacement: phase}";
        OutlivesParent {
            kind: &'static str,
            name: String,
            /// The release that the element names.
            version: String,
            parent: String,
            /// The release that removes the parent.
            removed: String
        } =
            Warning "child-outlives-parent": "Element outlives its parent",
            "A removal includes all parts of the removed element, so a part that names a later release is a \
             mistake, or the removal is.",
            wrong "name: VmState\nsince: \"0.6\"\ndeprecated: \"3.3.0\"\nremoved: \"4.0\"\nreplacement: \
                   VmPhase\nvalues:\n  - {name: Paused, since: \"4.0\"}",
            right "name: VmState\nsince: \"0.6\"\ndeprecated: \"3.3.0\"\nremoved: \"4.0\"\nreplacement: \
                   VmPhase\nvalues:\n  - {name: Paused, since: \"3.3.0\"}";
        LiveUsesDeprecated { name: String, ty: String, replacement: Option<String> } =
            Warning "live-uses-deprecated": "Current element uses a deprecated data type",
            "Clients are advised not to use the type, but an element that is not deprecated requires it.",
            wrong "# VmState is deprecated since 3.3.0\n- {name: state, type: VmState, since: \"0.6\"}",
            right "# VmState is deprecated since 3.3.0\n- {name: state, type: VmState, since: \"0.6\", \
                   deprecated: \"3.3.0\", replacement: phase}";
    }
}

impl RetirementProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::DeprecatedBeforeSince { kind, name, deprecated, since } => ProblemText::new(format!(
                "the {kind} `{name}` is deprecated in {deprecated}, before it exists"
            ))
            .label(format!("`{name}` was added in {since}"))
            .help(format!("write \"{since}\" or later")),
            Self::RemovedNotAfterDeprecated { kind, name, deprecated: None, .. } => {
                ProblemText::new(format!("the {kind} `{name}` is removed without a deprecation"))
                    .label("lacks `deprecated`")
                    .note("an earlier release must announce the removal to clients")
                    .help("add `deprecated` with an earlier release")
            }
            Self::RemovedNotAfterDeprecated { kind, name, removed, deprecated: Some(deprecated) } => {
                ProblemText::new(format!(
                    "the {kind} `{name}` is removed in {removed}, but not deprecated before"
                ))
                .label(format!("deprecated in {deprecated}"))
                .note("an earlier release must announce the removal to clients")
                .help("write a later release here, or an earlier one in `deprecated`")
            }
            Self::WindowShort { kind, name, deprecated, releases, window, earliest } => {
                let text = ProblemText::new(format!(
                    "the {kind} `{name}` is removed {releases} after its deprecation in {deprecated}",
                    releases = format_count(*releases, "release")
                ))
                .note(format!(
                    "`deprecationWindow` in `api.yaml` requires {}",
                    format_count(usize::from(*window), "release")
                ));
                match earliest {
                    Some(release) => text.help(format!("write \"{release}\" or later")),
                    None => text.help("remove `removed`: no declared release is late enough"),
                }
            }
            Self::UsesRemovedType { name, ty, removed, extends: true } => {
                ProblemText::new(format!("`{name}` extends `{ty}`, which is removed in {removed}"))
                    .note(format!("in {removed} it would lack the fields of its base"))
                    .help("declare the fields here, or remove it in that release or before")
            }
            Self::UsesRemovedType { name, ty, removed, extends: false } => {
                ProblemText::new(format!("`{name}` uses `{ty}`, which is removed in {removed}"))
                    .note(format!("in {removed} there would be a value without a type"))
                    .help("give it another type, or remove it in that release or before")
            }
            Self::WithoutReplacement { kind, name } => {
                ProblemText::new(format!("the {kind} `{name}` is deprecated without a replacement"))
                    .label("lacks `replacement`")
                    .help("add `replacement`: a name, or a sentence about the alternative")
            }
            Self::OutlivesParent { kind, name, version, parent, removed } => ProblemText::new(format!(
                "the {kind} `{name}` still exists in {version}, but `{parent}` does not"
            ))
            .label(format!("`{parent}` is removed in {removed}"))
            .note("a removal includes all parts of the removed element")
            .help("remove this, or correct one of the releases"),
            Self::LiveUsesDeprecated { name, ty, replacement } => {
                let text = ProblemText::new(format!("`{name}` uses `{ty}`, which is deprecated"))
                    .note("clients are advised not to use the type");
                match replacement {
                    Some(other) => {
                        text.help(format!("deprecate this as well, or use the replacement: {other}"))
                    }
                    None => text.help("deprecate this as well, or give it another type"),
                }
            }
        }
    }
}
