//! Deprecations and removals.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "deprecated-before-since",
        "Deprecated before it existed",
        "Nobody can be told to avoid what is not there yet. One of the two versions is wrong.",
    )
    .excerpts(
        "- {name: state, type: String, since: \"4.0\", deprecated: \"3.3.0\", replacement: phase}",
        "- {name: state, type: String, since: \"3.3.0\", deprecated: \"4.0\", replacement: phase}",
    ),
    Rule::error(
        "removed-not-after-deprecated",
        "Removed without an earlier deprecation",
        "Whoever uses it has to learn of it from a release that still has it.",
    )
    .excerpts(
        "- {name: state, type: String, since: \"0.6\", removed: \"4.0\"}",
        "- {name: state, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", replacement: \
         phase}",
    ),
    Rule::error(
        "deprecation-window-short",
        "Removed earlier than the policy of the service allows",
        "`deprecationWindow` in `api.yaml` promises how many releases there are to move away from what is \
         deprecated. The releases from the one after `deprecated` up to the one in `removed` are counted, of \
         all lines. By default one is enough.",
    )
    .excerpts(
        "# api.yaml: deprecationWindow: 2, releases 3.3.0, 3.4.0 and 4.0\n- {name: state, type: String, since: \
         \"0.6\", deprecated: \"3.3.0\", removed: \"3.4.0\", replacement: phase}",
        "# api.yaml: deprecationWindow: 2, releases 3.3.0, 3.4.0 and 4.0\n- {name: state, type: String, since: \
         \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", replacement: phase}",
    ),
    Rule::error(
        "uses-removed-type",
        "An element outlives the data type it uses",
        "From the removal on there would be a value without a type, or a record without the fields of its base.",
    )
    .excerpts(
        "# VmState is removed in 4.0\n- {name: state, type: VmState, since: \"0.6\"}",
        "# VmState is removed in 4.0\n- {name: state, type: VmState, since: \"0.6\", deprecated: \"3.3.0\", \
         removed: \"4.0\", replacement: phase}",
    ),
    Rule::warning(
        "deprecated-without-replacement",
        "Deprecated, and nothing to use instead",
        "Whoever reads that something is deprecated asks next what to do. `replacement` answers, with a name or \
         with a sentence.",
    )
    .excerpts(
        "- {name: state, type: String, since: \"0.6\", deprecated: \"4.0\"}",
        "- {name: state, type: String, since: \"0.6\", deprecated: \"4.0\", replacement: phase}",
    ),
    Rule::warning(
        "child-outlives-parent",
        "A part claims to be there after the whole",
        "What is removed takes its parts along, whether they say so or not. A part that names a later release \
         contradicts that, and one of the two is a mistake.",
    )
    .excerpts(
        "name: VmState\nsince: \"0.6\"\ndeprecated: \"3.3.0\"\nremoved: \"4.0\"\nreplacement: \
         VmPhase\nvalues:\n  - {name: Paused, since: \"4.0\"}",
        "name: VmState\nsince: \"0.6\"\ndeprecated: \"3.3.0\"\nremoved: \"4.0\"\nreplacement: \
         VmPhase\nvalues:\n  - {name: Paused, since: \"3.3.0\"}",
    ),
    Rule::warning(
        "live-uses-deprecated",
        "Something that stays uses a deprecated data type",
        "Clients are told not to use the type, and get it all the same from something that nobody advises \
         against.",
    )
    .excerpts(
        "# VmState is deprecated since 3.3.0\n- {name: state, type: VmState, since: \"0.6\"}",
        "# VmState is deprecated since 3.3.0\n- {name: state, type: VmState, since: \"0.6\", deprecated: \
         \"3.3.0\", replacement: phase}",
    ),
];
