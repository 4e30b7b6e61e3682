//! Problems with releases and `since`.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with a version.
    pub enum VersionProblem {
        NoReleases =
            Error "no-releases": "Empty list of releases",
            "Every element names the release that added it, so at least one release must be declared.";
        SliceDrift { version: String } =
            Error "slice-drift": "API of a released version differs from its lock",
            "Because every element names the releases that added and removed it, the spec contains the API \
             of each release, and `releases.lock` has a digest of each released version. A difference \
             breaks clients of that release, even if no other rule finds it. New elements name the next \
             release, which `- {version: \"5.3.0\", state: next}` in `api.yaml` declares, and changes need \
             an entry in `history`. If the spec was wrong about a release, `cargo xtask release --relock \
             VERSION` rewrites its digest and those of later releases.";
        Cut(/** The obstacle. */ CutProblem) =
            Error "release-cut-incomplete": "Obstacle to closing a release",
            "A release includes everything that earlier releases have. An earlier release that is not \
             closed, an element that names it, and a released version without a line in `releases.lock` \
             could all still change, and the closed release with them. `cargo xtask release` checks this; \
             `cargo xtask check` does not.";
        Malformed { text: String } =
            Error "since-malformed": "Invalid version",
            "Versions are compared number by number. A product prefix or a suffix has no position in that \
             order, so it would be unclear which releases have the element.",
            wrong "since: \"zsv 4.1.6\"",
            right "since: \"4.1.6\"";
        Noncanonical { version: String, declared: String } =
            Warning "since-noncanonical": "Release spelled differently from `releases`",
            "3.3 and 3.3.0 are the same release. With two spellings, a search for one finds only half of the \
             elements, and a change from one to the other looks like a change of the API.",
            wrong "# api.yaml declares \"3.3.0\"\nsince: \"3.3\"",
            right "# api.yaml declares \"3.3.0\"\nsince: \"3.3.0\"";
        Undeclared {
            version: String,
            /// The preceding declared release.
            older: Option<String>,
            /// The following declared release.
            newer: Option<String>
        } =
            Error "since-undeclared": "Undeclared version",
            "A mistyped version would assign an element to a release that never existed.",
            wrong "# api.yaml declares \"3.3.0\" and \"3.4.0\"\nsince: \"3.30\"",
            right "# api.yaml declares \"3.3.0\" and \"3.4.0\"\nsince: \"3.3.0\"";
        BeforeParent {
            kind: &'static str,
            name: String,
            since: String,
            parent: String,
            parent_since: String
        } =
            Error "since-before-parent": "Element older than its parent",
            "A parameter cannot be older than its operation, a field not older than its type, and a value \
             not older than its enum. One of the two versions is wrong.",
            wrong "name: VmInventory\nsince: \"3.3.0\"\nfields:\n  - {name: uuid, type: Uuid, since: \"0.6\"}",
            right "name: VmInventory\nsince: \"3.3.0\"\nfields:\n  - {name: uuid, type: Uuid, since: \
                   \"3.3.0\"}";
        BeforeReferencedType { name: String, since: String, ty: String, type_since: String } =
            Error "since-before-referenced-type": "Element older than its type",
            "In the releases between the two there would be a value without a type.",
            wrong "# VmState was added in 3.3.0\n- {name: state, type: VmState, since: \"0.6\"}",
            right "# VmState was added in 3.3.0\n- {name: state, type: VmState, since: \"3.3.0\"}";
        OlderThanReachable {
            kind: &'static str,
            name: String,
            since: String,
            /// The first release in which the element is reachable.
            first: String
        } =
            Warning "since-older-than-reachable": "Type or field older than everything that refers to it",
            "No client could see the element in the release that it names, since no parameter, response or \
             field referred to it. Usually the version was copied from another element. Types that no \
             operation uses are not checked.",
            wrong "# only GetVmNic refers to this type, and was added in 3.3.0\nname: VmNicInventory\nsince: \
                   \"0.6\"",
            right "# only GetVmNic refers to this type, and was added in 3.3.0\nname: VmNicInventory\nsince: \
                   \"3.3.0\"";
        RequiredNewerThanOperation {
            name: String,
            since: String,
            operation: String,
            operation_since: String
        } =
            Error "required-newer-than-op": "Required parameter newer than its operation",
            "Existing calls of the operation are refused as of that release, so the spec itself records a \
             breaking change. Make parameters of later releases optional.",
            wrong "name: ChangeVmNicState\nsince: \"3.3.0\"\nparameters:\n  - {name: state, in: body, type: \
                   String, required: true, since: \"4.0\"}",
            right "name: ChangeVmNicState\nsince: \"3.3.0\"\nparameters:\n  - {name: state, in: body, type: \
                   String, required: false, since: \"4.0\"}";
        RequiredFieldNewerThanType { name: String, since: String, owner: String, owner_since: String } =
            Warning "required-field-newer-than-type": "Required field newer than its parent",
            "Earlier releases respond without it, and a client that relies on `required` cannot read their \
             responses.",
            wrong "name: VmInventory\nsince: \"0.6\"\nfields:\n  - {name: architecture, type: String, \
                   required: true, since: \"4.0\"}",
            right "name: VmInventory\nsince: \"0.6\"\nfields:\n  - {name: architecture, type: String, since: \
                   \"4.0\"}";
        OutOfOrder {
            version: String,
            previous: String,
            /// True if both are the same version.
            same: bool
        } =
            Error "releases-out-of-order": "Releases not in ascending order",
            "A release has everything that the releases before it in the list have. The list is sorted by \
             version, not by date: a later release of an older line, such as 4.7.11 after 5.0, belongs \
             where its version belongs.",
            wrong "releases:\n  - {version: \"4.7.10\"}\n  - {version: \"5.0\"}\n  - {version: \"4.7.11\"}",
            right "releases:\n  - {version: \"4.7.10\"}\n  - {version: \"4.7.11\"}\n  - {version: \"5.0\"}";
    }
}

/// An obstacle to closing a release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the values that the message names")]
pub enum CutProblem {
    /// An earlier release is not closed.
    Skips { release: String, version: String },
    /// An element names an earlier release that is not closed.
    LeavesOut { kind: &'static str, name: String, release: String, version: String },
    /// A released version is not locked.
    NotLocked { release: String },
}

impl VersionProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::Malformed { text } => ProblemText::new(format!("`{text}` is not a version"))
                .note("a version is one to four numbers from 0 to 65535, separated by dots")
                .help("write a version such as \"3.3\", \"3.10.0\" or \"2.3.2.1\""),
            Self::Undeclared { version, older, newer } => {
                let text = ProblemText::new(format!("there is no release {version}"))
                    .label("not declared in `api.yaml`");
                let declare = format!("`- {{version: \"{version}\", state: next}}`");
                match (older, newer) {
                    (Some(older), None) => {
                        text.note(format!("the newest declared release is {older}")).help(format!(
                            "if {version} is the next release, add {declare} to `releases` in `api.yaml`"
                        ))
                    }
                    (Some(older), Some(newer)) => text.help(format!(
                        "write \"{older}\" or \"{newer}\", the nearest declared releases, or add this one to \
                         `releases`"
                    )),
                    (None, Some(newer)) => text.help(format!(
                        "write \"{newer}\", the oldest declared release, or add this one to `releases`"
                    )),
                    (None, None) => text.help(format!("add {declare} to `releases` in `api.yaml`")),
                }
            }
            Self::Noncanonical { version, declared } => {
                ProblemText::new(format!("{version} is declared as {declared}"))
                    .note("both are the same release, which has one spelling in the whole spec")
                    .help(format!("write \"{declared}\""))
            }
            Self::NoReleases => {
                ProblemText::new("`releases` is empty").note("every element names the release that added it")
            }
            Self::OutOfOrder { version, previous, same: true } => {
                ProblemText::new(format!("the release {version} is listed twice"))
                    .note(format!("{version} and {previous} are the same version"))
            }
            Self::OutOfOrder { version, previous, same: false } => {
                ProblemText::new(format!("the release {version} is listed after {previous}"))
                    .note("releases are sorted by version, not by date: 4.7.11 before 5.0")
                    .help(format!("move it before {previous}"))
            }
            Self::BeforeParent { kind, name, since, parent, parent_since } => {
                ProblemText::new(format!("the {kind} `{name}` is older than `{parent}`"))
                    .label(format!("`{parent}` was added in {parent_since}"))
                    .note(format!("an element cannot be older than its parent: {since} is too early"))
                    .help(format!("write \"{parent_since}\" or later"))
            }
            Self::BeforeReferencedType { name, since, ty, type_since } => {
                ProblemText::new(format!("`{name}` is older than its type `{ty}`"))
                    .label(format!("`{ty}` was added in {type_since}"))
                    .note(format!("in {since} there would be a value without a type"))
                    .help(format!("write \"{type_since}\" or later, or correct the type"))
            }
            Self::SliceDrift { version } => {
                ProblemText::new(format!("the API of release {version} differs from its lock"))
                    .label("digest of the released API")
                    .note(
                        "the API of a released version must not change; `cargo xtask diff` shows the \
                           changes",
                    )
                    .help(format!(
                        "use the next release, which `- {{version: \"…\", state: next}}` in `api.yaml` \
                         declares; if the spec was wrong about {version}, run `cargo xtask release \
                         --relock {version}`"
                    ))
            }
            Self::Cut(problem) => problem.text(),
            Self::RequiredNewerThanOperation { name, since, operation, operation_since } => {
                ProblemText::new(format!("the required parameter `{name}` is newer than `{operation}`"))
                    .label(format!("`{operation}` was added in {operation_since}"))
                    .note(format!("calls that were valid before {since} would be refused"))
                    .help("make it optional, or correct the version")
            }
            Self::RequiredFieldNewerThanType { name, since, owner, owner_since } => {
                ProblemText::new(format!("the required field `{name}` is newer than `{owner}`"))
                    .label(format!("`{owner}` was added in {owner_since}"))
                    .note(format!("releases before {since} respond without it"))
                    .help("make it optional, or correct the version")
            }
            Self::OlderThanReachable { kind, name, since, first } => {
                ProblemText::new(format!("the {kind} `{name}` is older than everything that refers to it"))
                    .label(format!("first referred to in {first}"))
                    .note(format!("no client could see it in {since}"))
                    .help(format!("write \"{first}\", or correct the elements that refer to it"))
            }
        }
    }
}

impl CutProblem {
    fn text(&self) -> ProblemText {
        match self {
            Self::Skips { release, version } => ProblemText::new(format!("release {release} is not closed"))
                .label(format!("precedes {version}"))
                .note(format!("{version} would include {release}, which could still change"))
                .help(format!("close {release} first, or remove it from the list")),
            Self::LeavesOut { kind, name, release, version } => {
                ProblemText::new(format!("the {kind} `{name}` names release {release}, which is not closed"))
                    .label(format!("precedes {version}"))
                    .help(format!("close {release} first, or write \"{version}\" if that release adds it"))
            }
            Self::NotLocked { release } => ProblemText::new(format!("release {release} is not locked"))
                .label("has no line in `releases.lock`")
                .note("changes to it would go unnoticed")
                .help("run `cargo xtask release --lock` first"),
        }
    }
}
