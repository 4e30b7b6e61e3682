//! How elements leave.

use super::{Rule, Words, counted};
use crate::listed::problems;

problems! {
    /// What is wrong with a deprecation or a removal.
    pub enum RetirementProblem, of rules RetirementRule {
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
        /// Removed before it was deprecated, with that, or without that.
        RemovedNotAfterDeprecated {
            /// What it is.
            what: &'static str,
            /// Its name.
            name: String,
            /// The release that no longer has it.
            removed: String,
            /// The release that advises against it; `None` where it was never deprecated.
            deprecated: Option<String>,
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
}

impl RetirementRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::DeprecatedBeforeSince => Rule::error("deprecated-before-since")
                .title("Deprecated before it existed")
                .why("Nobody can be told to avoid what is not there yet. One of the two versions is wrong.")
                .excerpts(
                    "- {name: state, type: String, since: \"4.0\", deprecated: \"3.3.0\", replacement: \
                     phase}",
                    "- {name: state, type: String, since: \"3.3.0\", deprecated: \"4.0\", replacement: \
                     phase}",
                ),
            Self::RemovedNotAfterDeprecated => Rule::error("removed-not-after-deprecated")
                .title("Removed without an earlier deprecation")
                .why("Whoever uses it has to learn of it from a release that still has it.")
                .excerpts(
                    "- {name: state, type: String, since: \"0.6\", removed: \"4.0\"}",
                    "- {name: state, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", \
                     replacement: phase}",
                ),
            Self::WindowShort => Rule::error("deprecation-window-short")
                .title("Removed earlier than the policy of the service allows")
                .why(
                    "`deprecationWindow` in `api.yaml` promises how many releases there are to move away \
                     from what is deprecated. The releases from the one after `deprecated` up to the one in \
                     `removed` are counted, of all lines. By default one is enough.",
                )
                .excerpts(
                    "# api.yaml: deprecationWindow: 2, releases 3.3.0, 3.4.0 and 4.0\n- {name: state, type: \
                     String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"3.4.0\", replacement: phase}",
                    "# api.yaml: deprecationWindow: 2, releases 3.3.0, 3.4.0 and 4.0\n- {name: state, type: \
                     String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", replacement: phase}",
                ),
            Self::UsesRemovedType => Rule::error("uses-removed-type")
                .title("An element outlives the data type it uses")
                .why(
                    "From the removal on there would be a value without a type, or a record without the \
                     fields of its base.",
                )
                .excerpts(
                    "# VmState is removed in 4.0\n- {name: state, type: VmState, since: \"0.6\"}",
                    "# VmState is removed in 4.0\n- {name: state, type: VmState, since: \"0.6\", \
                     deprecated: \"3.3.0\", removed: \"4.0\", replacement: phase}",
                ),
            Self::WithoutReplacement => Rule::warning("deprecated-without-replacement")
                .title("Deprecated, and nothing to use instead")
                .why(
                    "Whoever reads that something is deprecated asks next what to do. `replacement` \
                     answers, with a name or with a sentence.",
                )
                .excerpts(
                    "- {name: state, type: String, since: \"0.6\", deprecated: \"4.0\"}",
                    "- {name: state, type: String, since: \"0.6\", deprecated: \"4.0\", replacement: phase}",
                ),
            Self::OutlivesParent => Rule::warning("child-outlives-parent")
                .title("A part claims to be there after the whole")
                .why(
                    "What is removed takes its parts along, whether they say so or not. A part that names a \
                     later release contradicts that, and one of the two is a mistake.",
                )
                .excerpts(
                    "name: VmState\nsince: \"0.6\"\ndeprecated: \"3.3.0\"\nremoved: \"4.0\"\nreplacement: \
                     VmPhase\nvalues:\n  - {name: Paused, since: \"4.0\"}",
                    "name: VmState\nsince: \"0.6\"\ndeprecated: \"3.3.0\"\nremoved: \"4.0\"\nreplacement: \
                     VmPhase\nvalues:\n  - {name: Paused, since: \"3.3.0\"}",
                ),
            Self::LiveUsesDeprecated => Rule::warning("live-uses-deprecated")
                .title("Something that stays uses a deprecated data type")
                .why(
                    "Clients are told not to use the type, and get it all the same from something that \
                     nobody advises against.",
                )
                .excerpts(
                    "# VmState is deprecated since 3.3.0\n- {name: state, type: VmState, since: \"0.6\"}",
                    "# VmState is deprecated since 3.3.0\n- {name: state, type: VmState, since: \"0.6\", \
                     deprecated: \"3.3.0\", replacement: phase}",
                ),
        }
    }
}

impl RetirementProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::DeprecatedBeforeSince { what, name, deprecated, since } => {
                Words::new(format!("the {what} `{name}` is deprecated in {deprecated}, before it exists"))
                    .label(format!("`{name}` exists since {since}"))
                    .help(format!("write \"{since}\" or later"))
            }
            Self::RemovedNotAfterDeprecated { what, name, deprecated: None, .. } => {
                Words::new(format!("the {what} `{name}` is removed and was never deprecated"))
                    .label("no `deprecated` before it")
                    .note("who uses it has to be told in an earlier release")
                    .help("add `deprecated`, with an earlier release")
            }
            Self::RemovedNotAfterDeprecated { what, name, removed, deprecated: Some(deprecated) } => {
                Words::new(format!("the {what} `{name}` is removed in {removed}, but not deprecated before"))
                    .label(format!("deprecated in {deprecated}"))
                    .note("who uses it has to be told in an earlier release")
                    .help("write a later release here, or an earlier one in `deprecated`")
            }
            Self::WindowShort { what, name, deprecated, releases, window, earliest } => {
                let words = Words::new(format!(
                    "the {what} `{name}` is removed {releases} after {deprecated}",
                    releases = counted(*releases, "release")
                ))
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
                let words = Words::new(format!("`{name}` {verb} `{ty}`, which {removed} no longer has"));
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
            Self::WithoutReplacement { what, name } => {
                Words::new(format!("the {what} `{name}` is deprecated, but nothing replaces it"))
                    .label("no `replacement`")
                    .help("add `replacement`: a name, or a sentence on how to do without")
            }
            Self::OutlivesParent { what, name, version, parent, removed } => {
                Words::new(format!("the {what} `{name}` is still there in {version}, `{parent}` is not"))
                    .label(format!("`{parent}` is removed in {removed}"))
                    .note("what is removed takes all its parts along")
                    .help("leave it out, or correct either release")
            }
            Self::LiveUsesDeprecated { name, ty, replacement } => {
                let words = Words::new(format!("`{name}` uses `{ty}`, which is deprecated"))
                    .note("clients would be given what they are told not to use");
                match replacement {
                    Some(other) => words.help(format!("deprecate it as well, or use instead: {other}")),
                    None => words.help("deprecate it as well, or give it another type"),
                }
            }
        }
    }
}
