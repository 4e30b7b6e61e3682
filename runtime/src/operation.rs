//! What is known of an operation, and the requests that name it.

use std::fmt;

use crate::Version;
use crate::record::{Kind, Record, Shape};
use crate::tags::{self, Tags};

pub use zstack_vocabulary::{Auth, Execution, Method, variables};

/// The facts about an operation, to be looked up at run time: what it takes
/// and what it answers, and which release each part came with.
///
/// The generated crates have one for each operation, and find it by its name.
///
/// ```
/// use zstack_runtime::{Operation, Request, Response, Version};
///
/// #[derive(Clone, Default, Operation)]
/// #[operation(
///     DELETE = "/zstack/v1/vm-instances/{vmInstanceUuid}/iso",
///     category = "vm-instance",
///     since = "0.6",
///     job,
///     response = DetachIsoResponse,
/// )]
/// struct DetachIso {
///     #[param(path)]
///     vm_instance_uuid: String,
///     #[param(query, since = "2.3.1")]
///     iso_uuid: Option<String>,
/// }
///
/// #[derive(Clone, Default, Response)]
/// #[response(since = "0.6")]
/// struct DetachIsoResponse {}
///
/// let detach: &Operation = DetachIso::OPERATION;
/// let names = |release| detach.request.fields_at(release).map(|it| it.name).collect::<Vec<_>>();
/// assert_eq!(names(Version::new("2.3.0")), ["vmInstanceUuid"]);
/// assert_eq!(names(Version::NEWEST), ["vmInstanceUuid", "isoUuid"]);
/// ```
// What every call reads fills one line of a processor's cache and comes first:
// a server of a whole platform has two thousand of these.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Operation {
    /// The parameters.
    pub request: &'static Shape,
    /// The fields of a successful answer.
    pub response: &'static Shape,
    /// The system tags that mean something to it.
    pub tags: &'static [SystemTag],
    /// Where body parameters are enclosed.
    pub body: Body,
    /// The HTTP method.
    pub method: Method,
    /// Long (a job) or answered at once.
    pub execution: Execution,
    /// What authentication it takes.
    pub auth: Auth,
    /// Its identity: `AttachIsoToVmInstance`.
    pub name: &'static str,
    /// The group it belongs to: `vm-instance`.
    pub category: &'static str,
    /// The path, base path included, with variables in braces:
    /// `/zstack/v1/vm-instances/{vmInstanceUuid}/iso/{isoUuid}`.
    pub path: &'static str,
    /// Other paths that lead here, by the same method.
    pub paths: &'static [&'static str],
    /// The first release that has it.
    pub since: Version,
    /// How the platform's older channel knows it.
    pub message: Option<Message>,
}

/// How the platform's older channel, `/zstack/api`, knows an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message {
    /// The class of the message: `org.zstack.header.vm.APIStartVmInstanceMsg`.
    pub class: &'static str,
    /// The class of its answer: `org.zstack.header.vm.APIStartVmInstanceEvent`.
    pub reply: &'static str,
}

/// A system tag with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemTag {
    /// Its pattern, with one variable at the end: `cdromUuid::{cdromUuid}`.
    pub pattern: &'static str,
    /// The first release that understands it.
    pub since: Version,
}

impl SystemTag {
    /// Whether a tag of a request is one of this pattern.
    #[must_use]
    pub fn matches(&self, tag: &str) -> bool {
        let prefix = self.pattern.split('{').next().unwrap_or_default();
        match prefix.strip_suffix("::") {
            Some(name) => tags::value_of(tag, name).is_some(),
            None => tag.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()),
        }
    }
}

/// `POST /zstack/v1/vm-instances/cdroms`
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Operation {
    /// Whether it takes the standard parameters of queries; see
    /// [`Query`](crate::Query).
    #[must_use]
    pub fn is_query(&self) -> bool {
        self.request.fields.first().is_some_and(|field| field.name == crate::Query::Q.name)
    }

    /// The record that its answer lists: `VmInstanceInventory` of
    /// QueryVmInstance.
    #[must_use]
    pub fn listed(&self) -> Option<&'static Shape> {
        self.response.fields.iter().find_map(|field| match field.kind {
            Kind::List(Kind::Record(shape)) => Some(shape()),
            _ => None,
        })
    }

    /// The meaning of a system tag that came after a release.
    #[cfg(any(feature = "client", feature = "server"))]
    pub(crate) fn later_tag(&self, tag: &str, release: Version) -> Option<&'static SystemTag> {
        self.tags.iter().find(|it| it.since > release && it.matches(tag))
    }

    /// All its paths.
    pub fn all_paths(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.path).chain(self.paths.iter().copied())
    }
}

/// The operation of this name, among those of several categories.
#[must_use]
pub fn find_operation(categories: &[&[&'static Operation]], name: &str) -> Option<&'static Operation> {
    categories.iter().copied().flatten().copied().find(|category| category.name == name)
}

/// The parameters of an operation.
///
/// Implemented by the [derive](derive@crate::Operation).
pub trait Request: Record {
    /// What a successful answer holds.
    type Response: Record;

    /// The facts about the operation.
    const OPERATION: &'static Operation;
}

/// A request that takes tags.
pub trait Tagged: Request {
    /// The tags.
    fn tags(&self) -> &Tags;

    /// The tags, for changing.
    fn tags_mut(&mut self) -> &mut Tags;

    /// Adds a system tag.
    #[must_use]
    fn system_tag(mut self, tag: impl Into<String>) -> Self {
        self.tags_mut().system.push(tag.into());
        self
    }

    /// Adds a user tag.
    #[must_use]
    fn user_tag(mut self, tag: impl Into<String>) -> Self {
        self.tags_mut().user.push(tag.into());
        self
    }
}

/// Where the parameters of a body stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// There is no body.
    None,
    /// Below this key. A body without it means that no parameter is given.
    Key(&'static str),
    /// Below this key, which also selects the operation among those that
    /// share method and path: a body without it means none of them.
    Action(&'static str),
}

impl Body {
    /// The key, if there is one.
    #[must_use]
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Key(key) | Self::Action(key) => Some(key),
        }
    }
}
