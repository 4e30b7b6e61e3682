//! Problems with methods, paths, bodies and tags.

use super::rule::problems;
use super::{ProblemText, Rule};

problems! {
    /// A problem with the HTTP interface of an operation.
    pub enum RouteProblem {
        PathForm { path: String, why: &'static str } =
            Error "path-form": "Invalid path",
            "Client and server split a path at its slashes, and each segment is either a text or one \
             variable.";
        VariableUndeclared { name: String, suggestion: Option<String> } =
            Error "url-variable-undeclared": "Path variable without a parameter",
            "Clients would not know its value.";
        PlaceMismatch { name: String } =
            Error "param-place-mismatch": "Path parameter declared in another place",
            "A parameter has one place, and the platform reads this one from the path.";
        NotInPath { name: String, path: String } =
            Error "parameter-without-path-variable": "Parameter `in: path` without a path variable",
            "The path has no position for its value.";
        OptionalInPath {
            name: String,
            /// True if the parameter is required but removed before its operation.
            is_removed: bool
        } =
            Error "path-parameter-optional": "Optional or removed path parameter",
            "The operation could not be called without it.";
        RouteTaken {
            /// Method and path.
            route: String,
            /// The operation that already has the route.
            other: String,
            /// The key of the body, if both operations are selected by it.
            key: Option<String>
        } =
            Error "op-route-collision": "Two operations with the same route",
            "A server selects an operation by method, path and the action in the body, so it would call the \
             wrong one for some requests.";
        ReservedDescribed { path: String, operation: String } =
            Error "reserved-path-described": "Reserved path or operation that the spec describes",
            "Servers would answer requests for the operation with 404.";
        ReservedTwice { path: String } =
            Error "reserved-path-duplicate": "Path reserved twice",
            "Servers name the operations of only one entry.";
        ReservedOperation {
            path: String,
            /// The invalid name; `None` if the list of operations is empty.
            name: Option<String>
        } =
            Error "reserved-path-operation": "Reserved path without a valid operation name",
            "The response at a reserved path names the operations that the caller may have meant.";
        Wrapper(/** The reason. */ WrapperProblem) =
            Error "op-wrapper-illegal": "Body that the method does not allow",
            "The platform ignores bodies of GET and DELETE, and accepts an action only in the body of a PUT.";
        BodyParameter {
            name: String,
            /// True if the method allows a body.
            could_have: bool
        } =
            Error "body-parameter-without-body": "Parameter `in: body` of an operation without a body",
            "It would never be sent.";
        EnclosedOutsideBody =
            Error "enclosed-outside-body": "`enclosed` on a parameter outside the body",
            "`enclosed` decides whether a parameter is under the key of the body or next to it.";
        NotTextual {
            name: String,
            ty: String,
            /// `path` or `query`.
            place: &'static str
        } =
            Error "param-type-not-textual": "Parameter type that a path or a query cannot carry",
            "Paths and queries are text, and there is no agreed encoding of records in them.";
        QueryNotGet { method: &'static str } =
            Error "query-requires-get": "`query: true` on a method other than GET",
            "The platform reads conditions from the query string of a GET.";
        StandardParameter { name: String } =
            Error "query-parameter-redundant": "Standard query parameter listed by a query",
            "`query: true` already adds it, so it would be a duplicate.";
        MessageClass {
            class: String,
            /// A further requirement for the name.
            ending: &'static str
        } =
            Error "message-class": "Invalid message class",
            "The legacy channel finds an operation by the full name of a Java class.";
        ReplyWithoutMessage =
            Error "reply-without-message": "`reply` without `message`",
            "Without a message the legacy channel does not offer the operation.";
        MessageTaken {
            class: String,
            /// The operation that already has the class.
            other: String
        } =
            Error "message-duplicate": "Two operations with the same message class",
            "The legacy channel selects operations by the class of the message alone.";
        TagPattern { pattern: String } =
            Error "tag-pattern": "Tag pattern without a variable at its end",
            "The setter of a tag writes the text before the variable and then the value.";
    }
}

/// The reason for which an operation cannot have its `body`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrapperProblem {
    /// `body: action` with this method, which is not PUT.
    ActionWithoutPut(&'static str),
    /// A body with this method, which is GET or DELETE.
    NotAllowed(&'static str),
    /// This invalid key.
    Key(String),
}

impl RouteProblem {
    pub(super) fn text(&self) -> ProblemText {
        match self {
            Self::PathForm { path, why } => ProblemText::new(format!("`{path}` is not a valid path: {why}"))
                .help("write a path such as `/vm-instances/{uuid}/iso`"),
            Self::VariableUndeclared { name, suggestion } => {
                ProblemText::new(format!("the path variable `{name}` has no parameter"))
                    .label("no parameter `in: path` has this name")
                    .did_you_mean(suggestion.as_deref())
            }
            Self::PlaceMismatch { name } => {
                ProblemText::new(format!("the parameter `{name}` is a path variable but not `in: path`"))
                    .help("write `in: path`, or remove the variable from the path")
            }
            Self::NotInPath { name, path } => {
                ProblemText::new(format!("the parameter `{name}` is not a path variable"))
                    .label(format!("`{path}` has no `{{{name}}}`"))
            }
            Self::OptionalInPath { name, is_removed: false } => {
                ProblemText::new(format!("the path parameter `{name}` must be required"))
                    .note("the operation could not be called without it")
            }
            Self::OptionalInPath { name, is_removed: true } => {
                ProblemText::new(format!("the path parameter `{name}` cannot be removed"))
                    .note("the operation could not be called without it")
                    .help("remove the operation, and add one with another path")
            }
            Self::RouteTaken { route, other, key: Some(key) } => {
                ProblemText::new(format!("`{other}` already uses {route} with the key `{key}`"))
                    .note("a server selects operations by method, path and the action in the body")
            }
            Self::RouteTaken { route, other, key: None } => {
                ProblemText::new(format!("`{other}` already uses {route}")).note(
                    "a server selects operations by method and path; only operations with `body: action` can \
                     share both",
                )
            }
            Self::ReservedDescribed { path, operation } => ProblemText::new(format!(
                "`{path}` is reserved for undescribed operations, but the spec describes {operation}"
            ))
            .note("a request for a reserved path gets 404 and the names of its operations")
            .help("remove it from `reserved`; list other paths of an operation in its `paths`"),
            Self::ReservedTwice { path } => ProblemText::new(format!("`{path}` is reserved twice"))
                .note("the names of variables do not distinguish paths")
                .help("list all operations of a path in one entry"),
            Self::ReservedOperation { path, name: None } => {
                ProblemText::new(format!("`{path}` is reserved, but `operations` is empty"))
                    .help("name the operations that the platform serves there, such as `[QueryVmNic]`")
            }
            Self::ReservedOperation { name: Some(name), .. } => {
                ProblemText::new(format!("`{name}` is not the name of an operation"))
                    .note("the name of an operation is ASCII letters and digits in upper camel case")
            }
            Self::Wrapper(WrapperProblem::ActionWithoutPut(method)) => {
                ProblemText::new(format!("{method} does not allow `body: action`"))
                    .note("the platform accepts an action only in the body of a PUT")
            }
            Self::Wrapper(WrapperProblem::NotAllowed(method)) => {
                ProblemText::new(format!("{method} does not allow a body"))
                    .help("write `body: none`, and put the parameters in the path or the query")
            }
            Self::Wrapper(WrapperProblem::Key(key)) => {
                ProblemText::new(format!("`{key}` is not a valid key for a body"))
            }
            Self::BodyParameter { name, could_have } => {
                ProblemText::new(format!("the parameter `{name}` is in a body, but the operation has none"))
                    .help(if *could_have {
                        "give the operation a `body`, or write `in: query`"
                    } else {
                        "write `in: query`"
                    })
            }
            Self::EnclosedOutsideBody => {
                ProblemText::new("`enclosed` applies to parameters `in: body` only").help("remove it")
            }
            Self::NotTextual { name, ty, place } => {
                ProblemText::new(format!("a {place} cannot carry the parameter `{name}` of type `{ty}`"))
                    .note("a path carries texts and numbers; a query also carries lists and maps of them")
            }
            Self::QueryNotGet { method } => {
                ProblemText::new(format!("{method} does not allow `query: true`"))
                    .note("the platform reads conditions from the query string of a GET")
            }
            Self::StandardParameter { name } => {
                ProblemText::new(format!("`{name}` is a standard parameter of every query"))
                    .label("part of `query: true`")
                    .help("remove it")
            }
            Self::MessageClass { class, ending } => {
                ProblemText::new(format!("`{class}` is not a valid message class"))
                    .note(format!("a class is named with its package, separated by dots{ending}"))
                    .help("write a name such as `org.zstack.header.vm.APIStartVmInstanceMsg`")
            }
            Self::ReplyWithoutMessage => ProblemText::new("`reply` requires a `message`")
                .help("add the `message`, or remove the `reply`"),
            Self::MessageTaken { class, other } => {
                ProblemText::new(format!("`{other}` already has the message class `{class}`"))
                    .note("the legacy channel selects operations by the class of the message alone")
            }
            Self::TagPattern { pattern } => {
                ProblemText::new(format!("the pattern `{pattern}` does not end with its only variable"))
                    .help("write a pattern such as `cdromUuid::{cdromUuid}`")
            }
        }
    }
}
