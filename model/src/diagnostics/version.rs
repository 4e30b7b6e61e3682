//! Releases and `since`.

use super::Words;

/// What is wrong with a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionProblem {
    /// Not one to four numbers.
    Malformed {
        /// As written.
        text: String,
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
    /// A version that `api.yaml` writes in another way.
    Noncanonical {
        /// As written.
        version: String,
        /// As declared.
        declared: String,
    },
    /// `releases` is empty.
    NoReleases,
    /// A release that is not newer than the one before it.
    OutOfOrder {
        /// Its version.
        version: String,
        /// The one before it.
        previous: String,
        /// Whether both are the same.
        same: bool,
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
    /// A release that is out has something else on the wire than when it was
    /// closed.
    SliceDrift {
        /// The release.
        version: String,
    },
    /// A release that is not out, before one that is being closed.
    CutSkips {
        /// The one before.
        release: String,
        /// The one that is being closed.
        version: String,
    },
    /// An element of a release that is not out, before one that is being
    /// closed.
    CutLeavesOut {
        /// What it is: `parameter`, `field` …
        what: &'static str,
        /// Its name.
        name: String,
        /// The release before.
        release: String,
        /// The one that is being closed.
        version: String,
    },
    /// A release that is out and not locked, when another one is being closed.
    CutUnlocked {
        /// The one that is out.
        release: String,
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
}

impl VersionProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::Malformed { text } => Words::new("since-malformed", format!("`{text}` is not a version"))
                .note("a version is one to four numbers from 0 to 65535, with dots between")
                .help("write \"3.3\", \"3.10.0\" or \"2.3.2.1\""),
            Self::Undeclared { version, older, newer } => {
                let words = Words::new("since-undeclared", format!("there is no release {version}"))
                    .label("`api.yaml` does not declare it");
                let declare = format!("`- {{version: \"{version}\", state: next}}`");
                match (older, newer) {
                    (Some(older), None) => words
                        .note(format!("the newest declared release is {older}"))
                        .help(format!("if {version} is being written, add {declare} to `releases` in `api.yaml`")),
                    (Some(older), Some(newer)) => {
                        words.help(format!("declared nearby are \"{older}\" and \"{newer}\"; or declare it below `releases`"))
                    }
                    (None, Some(newer)) => {
                        words.help(format!("the oldest declared release is \"{newer}\"; or declare it below `releases`"))
                    }
                    (None, None) => words.help(format!("add {declare} to `releases` in `api.yaml`")),
                }
            }
            Self::Noncanonical { version, declared } => {
                Words::new("since-noncanonical", format!("{version} is declared as {declared}"))
                    .note("both are the same release, which has one spelling everywhere")
                    .help(format!("write \"{declared}\""))
            }
            Self::NoReleases => Words::new("no-releases", "`releases` declares no release")
                .note("every element belongs to a release"),
            Self::OutOfOrder { version, previous, same: true } => {
                Words::new("releases-out-of-order", format!("the release {version} stands twice"))
                    .note(format!("{version} and {previous} are the same version"))
            }
            Self::OutOfOrder { version, previous, same: false } => {
                Words::new("releases-out-of-order", format!("the release {version} stands after {previous}"))
                    .note(
                        "releases stand in the order of their numbers, whenever they came out: \
                         4.7.11 before 5.0",
                    )
                    .help(format!("move it before {previous}"))
            }
            Self::BeforeParent { what, name, since, parent, parent_since } => {
                Words::new("since-before-parent", format!("the {what} `{name}` is older than `{parent}`"))
                    .label(format!("`{parent}` exists since {parent_since}"))
                    .note(format!("nothing can be there before what it is part of: {since} is too early"))
                    .help(format!("write \"{parent_since}\" or later"))
            }
            Self::BeforeReferencedType { name, since, ty, type_since } => {
                Words::new("since-before-referenced-type", format!("`{name}` is older than its type `{ty}`"))
                    .label(format!("`{ty}` exists since {type_since}"))
                    .note(format!("in {since} there would be a value without a type"))
                    .help(format!("write \"{type_since}\" or later, or correct the type"))
            }
            Self::SliceDrift { version } => {
                Words::new("slice-drift", format!("the API of release {version} is not what it was"))
                    .label("closed as something else")
                    .note("what a release has on the wire is decided when it is out; `cargo xtask diff` shows what changed")
                    .help(format!(
                        "name a release that is being written, as `- {{version: \"…\", state: next}}` in `api.yaml` \
                         declares it; if the spec was wrong about {version}, run `cargo xtask release --relock {version}`"
                    ))
            }
            Self::CutSkips { release, version } => cut(format!("release {release} is not out"))
                .label(format!("comes before {version}"))
                .note(format!("what {release} has would be in {version}, and {release} could still change"))
                .help(format!("close {release} first, or take it out of the list")),
            Self::CutLeavesOut { what, name, release, version } => {
                cut(format!("the {what} `{name}` names release {release}, which is not out"))
                    .label(format!("comes before {version}"))
                    .help(format!("close {release} first, or write \"{version}\" if it comes with that"))
            }
            Self::CutUnlocked { release } => cut(format!("release {release} is out and not locked"))
                .label("`releases.lock` has no line for it")
                .note("nobody would see that it changes")
                .help("run `cargo xtask release --lock` first"),
            Self::RequiredNewerThanOperation { name, since, operation, operation_since } => Words::new(
                "required-newer-than-op",
                format!("the required parameter `{name}` is newer than `{operation}`"),
            )
            .label(format!("`{operation}` exists since {operation_since}"))
            .note(format!("whoever called it before {since} would be refused from then on"))
            .help("make it optional, or correct the version"),
            Self::RequiredFieldNewerThanType { name, since, owner, owner_since } => Words::new(
                "required-field-newer-than-type",
                format!("the field `{name}` is always there, but newer than `{owner}`"),
            )
            .label(format!("`{owner}` exists since {owner_since}"))
            .note(format!("releases before {since} answer without it"))
            .help("make it optional, or correct the version"),
            Self::OlderThanReachable { what, name, since, first } => Words::new(
                "since-older-than-reachable",
                format!("the {what} `{name}` is older than all that leads to it"),
            )
            .label(format!("nothing leads here before {first}"))
            .note(format!("nobody could have seen it in {since}"))
            .help(format!("write \"{first}\", or correct what leads to it")),
        }
    }
}

/// Words about what is in the way of closing a release.
fn cut(message: String) -> Words {
    Words::new("release-cut-incomplete", message)
}
