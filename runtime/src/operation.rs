//! What is known of an operation, and the requests that name it.

use std::fmt;

use crate::record::{Kind, Record, Shape};
use crate::{Version, tags};

/// The facts about an operation, to be looked up at run time: what it takes
/// and what it answers, and which release each part came with.
///
/// The generated crates have one for each operation, and find it by its name.
///
/// ```
/// # use zstack_runtime::record::{Field, Kind};
/// # use zstack_runtime::{Request, message, operation, Operation};
/// # #[derive(Clone, Default)]
/// # struct DetachIso { vm_instance_uuid: String, iso_uuid: Option<String> }
/// # const V0_6: Version = Version::new("0.6");
/// # const V2_3_1: Version = Version::new("2.3.1");
/// # message! { DetachIso, class "", since V0_6 {
/// #     0 vm_instance_uuid: Field::new("vmInstanceUuid", Kind::String, V0_6).required().in_path(),
/// #     1 iso_uuid: Field::new("isoUuid", Kind::String, V2_3_1).in_query(),
/// # }}
/// # #[derive(Clone, Default)]
/// # struct DetachIsoResponse {}
/// # message! { DetachIsoResponse, class "", since V0_6 {}}
/// # operation! { DetachIso -> DetachIsoResponse, "vm-instance", since V0_6,
/// #     Delete "/zstack/v1/vm-instances/{vmInstanceUuid}/iso", None, Async, Session }
/// use zstack_runtime::Version;
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
        self.request.fields.first().is_some_and(|it| it.name == crate::Query::Q.name)
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
    categories.iter().copied().flatten().copied().find(|it| it.name == name)
}

/// The names of the variables of a path, in their order.
pub fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'))
}

/// The parameters of an operation.
///
/// Implemented by generated code.
pub trait Request: Record {
    /// What a successful answer holds.
    type Response: Record;

    /// The facts about the operation.
    const OPERATION: &'static Operation;
}

/// An HTTP method of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT.
    Put,
    /// DELETE.
    Delete,
}

impl Method {
    /// Its name: `GET`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request of this method has its parameters in a body.
    #[must_use]
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Method> for http::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Delete => Self::DELETE,
        }
    }
}

/// How long an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Execution {
    /// Answered at once.
    Sync,
    /// Long: the platform answers 202 and a job to poll.
    Async,
}

/// The authentication an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// A session: `Authorization: OAuth <session uuid>`.
    Session,
    /// None.
    None,
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

/// Implements [`Request`] for a struct by the facts about its operation.
///
/// ```ignore
/// operation! { ReimageVmInstance -> ReimageVmInstanceResponse, "vm-instance", since V0_6,
///     Put "/zstack/v1/vm-instances/{vmInstanceUuid}/actions", Action("reimageVmInstance"), Async, Session,
///     as "org.zstack.header.vm.APIReimageVmInstanceMsg" to "org.zstack.header.vm.APIReimageVmInstanceEvent"
/// }
/// ```
#[macro_export]
macro_rules! operation {
    ($name:ident -> $response:ident, $category:literal, since $since:ident,
     $method:ident $path:literal $(or $other:literal)*, $body:ident $(($key:literal))?, $execution:ident, $auth:ident
     $(, as $message:literal to $reply:literal)? $(, tag $tag:literal since $tagged:ident)*
    ) => {
        impl $crate::Request for $name {
            type Response = $response;

            const OPERATION: &'static $crate::Operation = &$crate::Operation {
                name: ::core::stringify!($name),
                category: $category,
                method: $crate::Method::$method,
                path: $path,
                paths: &[$($other),*],
                since: $since,
                execution: $crate::Execution::$execution,
                auth: $crate::Auth::$auth,
                body: $crate::Body::$body $(($key))?,
                message: $crate::operation!(@message $($message, $reply)?),
                tags: &[$($crate::SystemTag { pattern: $tag, since: $tagged }),*],
                request: <$name as $crate::Record>::SHAPE,
                response: <$response as $crate::Record>::SHAPE,
            };
        }
    };
    (@message) => { ::core::option::Option::None };
    (@message $class:literal, $reply:literal) => {
        ::core::option::Option::Some($crate::Message { class: $class, reply: $reply })
    };
}

/// The constructor of a request, which takes what the operation needs, and
/// setters for the rest: the name, what it takes, and how that becomes the
/// value of the member of this name, or of the member in parentheses.
///
/// ```
/// use std::convert::identity;
/// use zstack_runtime::request;
///
/// #[derive(Default)]
/// struct CreateDrive {
///     name: String,
///     device_id: Option<i32>,
///     clone: Option<bool>,
/// }
///
/// request! { CreateDrive new(name: impl Into<String> => Into::into) {
///     device_id: i32 => identity,
///     with_clone(clone): bool => identity,
/// }}
///
/// let drive = CreateDrive::new("cd").device_id(1).with_clone(true);
/// assert_eq!((drive.name.as_str(), drive.device_id, drive.clone), ("cd", Some(1), Some(true)));
/// ```
#[macro_export]
macro_rules! request {
    ($name:ident new($($needed:ident: $needs:ty => $make:expr),* $(,)?) {
        $($setter:ident $(($member:ident))? : $argument:ty => $convert:expr,)*
    }) => {
        impl $name {
            /// The request, with what it needs.
            #[must_use]
            pub fn new($($needed: $needs),*) -> Self {
                // Not `Self::default()`, which may be a setter.
                Self { $($needed: $make($needed),)* ..::core::default::Default::default() }
            }

            $(
                /// Sets the parameter.
                #[must_use]
                pub fn $setter(mut self, value: $argument) -> Self {
                    $crate::request!(@set self $setter $($member)? = $convert(value));
                    self
                }
            )*
        }
    };
    (@set $self:ident $setter:ident = $value:expr) => { $self.$setter = ::core::option::Option::Some($value) };
    (@set $self:ident $setter:ident $member:ident = $value:expr) => {
        $self.$member = ::core::option::Option::Some($value)
    };
}
