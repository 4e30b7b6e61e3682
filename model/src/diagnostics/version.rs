//! Releases and `since`.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// What is wrong with a version.
    pub enum VersionProblem, of rules VersionRule {
        /// `releases` is empty.
        NoReleases,
        /// A release that is out has something else on the wire than when it was
        /// closed.
        SliceDrift {
            /// The release.
            version: String,
        },
        /// Something that has to be done before a release can be closed.
        Cut(CutProblem),
        /// Not one to four numbers.
        Malformed {
            /// As written.
            text: String,
        },
        /// A version that `api.yaml` writes in another way.
        Noncanonical {
            /// As written.
            version: String,
            /// As declared.
            declared: String,
        },
        /// A version that `api.yaml` does not declare.
        Undeclared {
            /// The version.
            version: String,
            /// The declared release right before it.
            older: Option<String>,
            /// The declared release right after it.
            newer: Option<String>,
        },
        /// An element older than what it is part of.
        BeforeParent {
            /// What it is: `parameter`, `field` …
            what: &'static str,
            /// Its name.
            name: String,
            /// Since when it claims to exist.
            since: String,
            /// What it is part of.
            parent: String,
            /// Since when that exists.
            parent_since: String,
        },
        /// An element older than its type.
        BeforeReferencedType {
            /// Its name.
            name: String,
            /// Since when it claims to exist.
            since: String,
            /// The type.
            ty: String,
            /// Since when that exists.
            type_since: String,
        },
        /// An element older than everything that leads to it.
        OlderThanReachable {
            /// What it is: `data type` or `field`.
            what: &'static str,
            /// Its name.
            name: String,
            /// Since when it claims to exist.
            since: String,
            /// The first release in which something leads to it.
            first: String,
        },
        /// A required parameter newer than its operation.
        RequiredNewerThanOperation {
            /// The parameter.
            name: String,
            /// Since when it exists.
            since: String,
            /// The operation.
            operation: String,
            /// Since when that exists.
            operation_since: String,
        },
        /// A field that is always there, and newer than what it is part of.
        RequiredFieldNewerThanType {
            /// The field.
            name: String,
            /// Since when it exists.
            since: String,
            /// What it is part of.
            owner: String,
            /// Since when that exists.
            owner_since: String,
        },
        /// A release that is not newer than the one before it.
        OutOfOrder {
            /// Its version.
            version: String,
            /// The one before it.
            previous: String,
            /// Whether both are the same.
            same: bool,
        },
    }
}

/// What prevents closing a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CutProblem {
    /// An earlier release is not out.
    Skips {
        /// The earlier release.
        release: String,
        /// The release to close.
        version: String,
    },
    /// An element names an earlier release, which is not out.
    LeavesOut {
        /// What it is: `parameter`, `field` …
        what: &'static str,
        /// Its name.
        name: String,
        /// The earlier release.
        release: String,
        /// The release to close.
        version: String,
    },
    /// A release is out and not locked.
    Unlocked {
        /// The release that is out.
        release: String,
    },
}

impl VersionRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::NoReleases => Rule::error("no-releases").title("`releases` declares no release").why(
                "Every element names the release it came with; with an empty list there is none to \
                     name.",
            ),
            Self::SliceDrift => Rule::error("slice-drift")
                .title("A release that is out has something else on the wire than when it was closed")
                .why(
                    "Since every element says when it came and when it goes, the spec holds the API of each \
                     release. `releases.lock` has a digest of each that is out. A change of one breaks \
                     clients of that release, even where no other rule finds it. What is new names a \
                     release that is being written: `- {version: \"5.3.0\", state: next}` in `api.yaml` \
                     declares one. What changes gets an entry in `history`. If the spec was wrong about a \
                     release, `cargo xtask release --relock VERSION` writes its line anew, and those after \
                     it.",
                ),
            Self::Cut => Rule::error("release-cut-incomplete")
                .title("Something is left open before a release that is being closed")
                .why(
                    "Who has a release has all that came before it. A release before it that is not out, \
                     elements that name such a one, and a release that is out without a line in \
                     `releases.lock` could all still change, and the closed release with them. `cargo xtask \
                     release` asks; `check` does not.",
                ),
            Self::Malformed => Rule::error("since-malformed")
                .title("A text that is no version")
                .why(
                    "Versions are compared number by number. A product's prefix or a suffix has no place in \
                     that order, so nobody could say which releases have the element.",
                )
                .excerpts("since: \"zsv 4.1.6\"", "since: \"4.1.6\""),
            Self::Noncanonical => Rule::warning("since-noncanonical")
                .title("A release spelt differently from `releases`")
                .why(
                    "3.3 and 3.3.0 are the same release. With two spellings a search for one misses half, \
                     and a change from one to the other looks like a change of the API.",
                )
                .excerpts(
                    "# api.yaml declares \"3.3.0\"\nsince: \"3.3\"",
                    "# api.yaml declares \"3.3.0\"\nsince: \"3.3.0\"",
                ),
            Self::Undeclared => Rule::error("since-undeclared")
                .title("A version that `api.yaml` does not declare")
                .why(
                    "A typing error in a version moves an element to a release that never was. Only \
                     declared ones can be asked for.",
                )
                .excerpts(
                    "# api.yaml declares \"3.3.0\" and \"3.4.0\"\nsince: \"3.30\"",
                    "# api.yaml declares \"3.3.0\" and \"3.4.0\"\nsince: \"3.3.0\"",
                ),
            Self::BeforeParent => Rule::error("since-before-parent")
                .title("An element older than what it is part of")
                .why(
                    "A parameter cannot have been there before its operation, a field not before its type, \
                     a value not before its enum. One of the two versions is wrong.",
                )
                .excerpts(
                    "name: VmInventory\nsince: \"3.3.0\"\nfields:\n  - {name: uuid, type: Uuid, since: \
                     \"0.6\"}",
                    "name: VmInventory\nsince: \"3.3.0\"\nfields:\n  - {name: uuid, type: Uuid, since: \
                     \"3.3.0\"}",
                ),
            Self::BeforeReferencedType => Rule::error("since-before-referenced-type")
                .title("An element older than its type")
                .why("In the releases between the two there would be a value without a type.")
                .excerpts(
                    "# VmState exists since 3.3.0\n- {name: state, type: VmState, since: \"0.6\"}",
                    "# VmState exists since 3.3.0\n- {name: state, type: VmState, since: \"3.3.0\"}",
                ),
            Self::OlderThanReachable => Rule::warning("since-older-than-reachable")
                .title("A type or a field older than everything that leads to it")
                .why(
                    "Nobody could have seen it in the release that it names: no parameter, answer or field \
                     led to it then. Mostly the version was copied from elsewhere. What no operation leads \
                     to at all is not looked at.",
                )
                .excerpts(
                    "# only GetVmNic leads here, which exists since 3.3.0\nname: VmNicInventory\nsince: \
                     \"0.6\"",
                    "# only GetVmNic leads here, which exists since 3.3.0\nname: VmNicInventory\nsince: \
                     \"3.3.0\"",
                ),
            Self::RequiredNewerThanOperation => Rule::error("required-newer-than-op")
                .title("A required parameter newer than its operation")
                .why(
                    "Whoever called the operation before is refused from that release on: the spec itself \
                     records a break. A parameter that comes later is optional.",
                )
                .excerpts(
                    "name: ChangeVmNicState\nsince: \"3.3.0\"\nparameters:\n  - {name: state, in: body, \
                     type: String, required: true, since: \"4.0\"}",
                    "name: ChangeVmNicState\nsince: \"3.3.0\"\nparameters:\n  - {name: state, in: body, \
                     type: String, required: false, since: \"4.0\"}",
                ),
            Self::RequiredFieldNewerThanType => Rule::warning("required-field-newer-than-type")
                .title("A field that is always there, but newer than what it is part of")
                .why(
                    "Releases before answer without it, so that a client that relies on `required` cannot \
                     read them.",
                )
                .excerpts(
                    "name: VmInventory\nsince: \"0.6\"\nfields:\n  - {name: architecture, type: String, \
                     required: true, since: \"4.0\"}",
                    "name: VmInventory\nsince: \"0.6\"\nfields:\n  - {name: architecture, type: String, \
                     since: \"4.0\"}",
                ),
            Self::OutOfOrder => Rule::error("releases-out-of-order")
                .title("The releases are not in the order of their numbers")
                .why(
                    "A release has what all before it in the list have. The numbers decide on the order, \
                     not the days: a release of an older line that comes out later, such as 4.7.11 after \
                     5.0, stands where its number belongs, and the list stays one.",
                )
                .excerpts(
                    "releases:\n  - {version: \"4.7.10\"}\n  - {version: \"5.0\"}\n  - {version: \
                     \"4.7.11\"}",
                    "releases:\n  - {version: \"4.7.10\"}\n  - {version: \"4.7.11\"}\n  - {version: \
                     \"5.0\"}",
                ),
        }
    }
}

impl VersionProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Malformed { text } => Words::new(format!("`{text}` is not a version"))
                .note("a version is one to four numbers from 0 to 65535, with dots between")
                .help("write \"3.3\", \"3.10.0\" or \"2.3.2.1\""),
            Self::Undeclared { version, older, newer } => {
                let words = Words::new(format!("there is no release {version}"))
                    .label("`api.yaml` does not declare it");
                let declare = format!("`- {{version: \"{version}\", state: next}}`");
                match (older, newer) {
                    (Some(older), None) => {
                        words.note(format!("the newest declared release is {older}")).help(format!(
                            "if {version} is being written, add {declare} to `releases` in `api.yaml`"
                        ))
                    }
                    (Some(older), Some(newer)) => words.help(format!(
                        "declared nearby are \"{older}\" and \"{newer}\"; or declare it below \
                             `releases`"
                    )),
                    (None, Some(newer)) => words.help(format!(
                        "the oldest declared release is \"{newer}\"; or declare it below `releases`"
                    )),
                    (None, None) => words.help(format!("add {declare} to `releases` in `api.yaml`")),
                }
            }
            Self::Noncanonical { version, declared } => {
                Words::new(format!("{version} is declared as {declared}"))
                    .note("both are the same release, which has one spelling everywhere")
                    .help(format!("write \"{declared}\""))
            }
            Self::NoReleases => {
                Words::new("`releases` declares no release").note("every element belongs to a release")
            }
            Self::OutOfOrder { version, previous, same: true } => {
                Words::new(format!("the release {version} stands twice"))
                    .note(format!("{version} and {previous} are the same version"))
            }
            Self::OutOfOrder { version, previous, same: false } => {
                Words::new(format!("the release {version} stands after {previous}"))
                    .note(
                        "releases stand in the order of their numbers, whenever they came out: \
                         4.7.11 before 5.0",
                    )
                    .help(format!("move it before {previous}"))
            }
            Self::BeforeParent { what, name, since, parent, parent_since } => {
                Words::new(format!("the {what} `{name}` is older than `{parent}`"))
                    .label(format!("`{parent}` exists since {parent_since}"))
                    .note(format!("nothing can be there before what it is part of: {since} is too early"))
                    .help(format!("write \"{parent_since}\" or later"))
            }
            Self::BeforeReferencedType { name, since, ty, type_since } => {
                Words::new(format!("`{name}` is older than its type `{ty}`"))
                    .label(format!("`{ty}` exists since {type_since}"))
                    .note(format!("in {since} there would be a value without a type"))
                    .help(format!("write \"{type_since}\" or later, or correct the type"))
            }
            Self::SliceDrift { version } => {
                Words::new(format!("the API of release {version} is not what it was"))
                    .label("closed as something else")
                    .note(
                        "what a release has on the wire is decided when it is out; `cargo xtask diff` shows \
                         what changed",
                    )
                    .help(format!(
                        "name a release that is being written, as `- {{version: \"…\", state: next}}` in \
                         `api.yaml` declares it; if the spec was wrong about {version}, run `cargo xtask \
                         release --relock {version}`"
                    ))
            }
            Self::Cut(problem) => problem.words(),
            Self::RequiredNewerThanOperation { name, since, operation, operation_since } => {
                Words::new(format!("the required parameter `{name}` is newer than `{operation}`"))
                    .label(format!("`{operation}` exists since {operation_since}"))
                    .note(format!("whoever called it before {since} would be refused from then on"))
                    .help("make it optional, or correct the version")
            }
            Self::RequiredFieldNewerThanType { name, since, owner, owner_since } => {
                Words::new(format!("the field `{name}` is always there, but newer than `{owner}`"))
                    .label(format!("`{owner}` exists since {owner_since}"))
                    .note(format!("releases before {since} answer without it"))
                    .help("make it optional, or correct the version")
            }
            Self::OlderThanReachable { what, name, since, first } => {
                Words::new(format!("the {what} `{name}` is older than all that leads to it"))
                    .label(format!("nothing leads here before {first}"))
                    .note(format!("nobody could have seen it in {since}"))
                    .help(format!("write \"{first}\", or correct what leads to it"))
            }
        }
    }
}

impl CutProblem {
    fn words(&self) -> Words {
        match self {
            Self::Skips { release, version } => Words::new(format!("release {release} is not out"))
                .label(format!("comes before {version}"))
                .note(format!("what {release} has would be in {version}, and {release} could still change"))
                .help(format!("close {release} first, or take it out of the list")),
            Self::LeavesOut { what, name, release, version } => {
                Words::new(format!("the {what} `{name}` names release {release}, which is not out"))
                    .label(format!("comes before {version}"))
                    .help(format!("close {release} first, or write \"{version}\" if it comes with that"))
            }
            Self::Unlocked { release } => Words::new(format!("release {release} is out and not locked"))
                .label("`releases.lock` has no line for it")
                .note("nobody would see that it changes")
                .help("run `cargo xtask release --lock` first"),
        }
    }
}
