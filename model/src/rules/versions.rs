//! Releases, and since when elements exist.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "no-releases",
        "`releases` declares no release",
        "Every element names the release it came with; with an empty list there is none to name.",
    ),
    Rule::error(
        "slice-drift",
        "A release that is out has something else on the wire than when it was closed",
        "Since every element says when it came and when it goes, the spec holds the API of each release. \
         `releases.lock` has a digest of each that is out. A change of one breaks clients of that release, even \
         where no other rule finds it. What is new names a release that is being written: `- {version: \"5.3.0\", \
         state: next}` in `api.yaml` declares one. What changes gets an entry in `history`. If the spec was wrong \
         about a release, `cargo xtask release --relock VERSION` writes its line anew, and those after it.",
    ),
    Rule::error(
        "release-cut-incomplete",
        "Something is left open before a release that is being closed",
        "Who has a release has all that came before it. A release before it that is not out, elements that name \
         such a one, and a release that is out without a line in `releases.lock` could all still change, and the \
         closed release with them. `cargo xtask release` asks; `check` does not.",
    ),
    Rule::error(
        "since-missing",
        "An element does not say since when it exists",
        "A client of an older release is told by `since` what it must not send, and what it cannot expect. An \
         element without one would count as always there, which is the mistake nobody notices in a review. \
         Nothing is taken from what an element is part of.",
    )
    .excerpts(
        "fields:\n  - {name: state, type: VmState}",
        "fields:\n  - {name: state, type: VmState, since: \"3.3.0\"}",
    ),
    Rule::error(
        "since-malformed",
        "A text that is no version",
        "Versions are compared number by number. A product's prefix or a suffix has no place in that order, so \
         nobody could say which releases have the element.",
    )
    .excerpts("since: \"zsv 4.1.6\"", "since: \"4.1.6\""),
    Rule::warning(
        "since-noncanonical",
        "A release spelt differently from `releases`",
        "3.3 and 3.3.0 are the same release. With two spellings a search for one misses half, and a change from \
         one to the other looks like a change of the API.",
    )
    .excerpts(
        "# api.yaml declares \"3.3.0\"\nsince: \"3.3\"",
        "# api.yaml declares \"3.3.0\"\nsince: \"3.3.0\"",
    ),
    Rule::error(
        "since-undeclared",
        "A version that `api.yaml` does not declare",
        "A typing error in a version moves an element to a release that never was. Only declared ones can be \
         asked for.",
    )
    .excerpts(
        "# api.yaml declares \"3.3.0\" and \"3.4.0\"\nsince: \"3.30\"",
        "# api.yaml declares \"3.3.0\" and \"3.4.0\"\nsince: \"3.3.0\"",
    ),
    Rule::error(
        "since-before-parent",
        "An element older than what it is part of",
        "A parameter cannot have been there before its operation, a field not before its type, a value not \
         before its enum. One of the two versions is wrong.",
    )
    .excerpts(
        "name: VmInventory\nsince: \"3.3.0\"\nfields:\n  - {name: uuid, type: Uuid, since: \"0.6\"}",
        "name: VmInventory\nsince: \"3.3.0\"\nfields:\n  - {name: uuid, type: Uuid, since: \"3.3.0\"}",
    ),
    Rule::error(
        "since-before-referenced-type",
        "An element older than its type",
        "In the releases between the two there would be a value without a type.",
    )
    .excerpts(
        "# VmState exists since 3.3.0\n- {name: state, type: VmState, since: \"0.6\"}",
        "# VmState exists since 3.3.0\n- {name: state, type: VmState, since: \"3.3.0\"}",
    ),
    Rule::warning(
        "since-older-than-reachable",
        "A type or a field older than everything that leads to it",
        "Nobody could have seen it in the release that it names: no parameter, answer or field led to it then. \
         Mostly the version was copied from elsewhere. What no operation leads to at all is not looked at.",
    )
    .excerpts(
        "# only GetVmNic leads here, which exists since 3.3.0\nname: VmNicInventory\nsince: \"0.6\"",
        "# only GetVmNic leads here, which exists since 3.3.0\nname: VmNicInventory\nsince: \"3.3.0\"",
    ),
    Rule::error(
        "required-newer-than-op",
        "A required parameter newer than its operation",
        "Whoever called the operation before is refused from that release on: the spec itself records a break. \
         A parameter that comes later is optional.",
    )
    .excerpts(
        "name: ChangeVmNicState\nsince: \"3.3.0\"\nparameters:\n  - {name: state, in: body, type: String, \
         required: true, since: \"4.0\"}",
        "name: ChangeVmNicState\nsince: \"3.3.0\"\nparameters:\n  - {name: state, in: body, type: String, \
         required: false, since: \"4.0\"}",
    ),
    Rule::warning(
        "required-field-newer-than-type",
        "A field that is always there, but newer than what it is part of",
        "Releases before answer without it, so that a client that relies on `required` cannot read them.",
    )
    .excerpts(
        "name: VmInventory\nsince: \"0.6\"\nfields:\n  - {name: architecture, type: String, required: true, \
         since: \"4.0\"}",
        "name: VmInventory\nsince: \"0.6\"\nfields:\n  - {name: architecture, type: String, since: \"4.0\"}",
    ),
    Rule::error(
        "releases-out-of-order",
        "The releases are not in the order of their numbers",
        "A release has what all before it in the list have. The numbers decide on the order, not the days: a \
         release of an older line that comes out later, such as 4.7.11 after 5.0, stands where its number \
         belongs, and the list stays one.",
    )
    .excerpts(
        "releases:\n  - {version: \"4.7.10\"}\n  - {version: \"5.0\"}\n  - {version: \"4.7.11\"}",
        "releases:\n  - {version: \"4.7.10\"}\n  - {version: \"4.7.11\"}\n  - {version: \"5.0\"}",
    ),
];
