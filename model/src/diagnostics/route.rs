//! Method, path, body and tags.

use super::Words;

/// What is wrong with how an operation is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RouteProblem {
    /// A path whose form is not allowed.
    PathForm {
        /// The path.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A variable of the path that is no parameter.
    VariableUndeclared {
        /// The variable.
        name: String,
        /// The parameter that was probably meant.
        suggestion: Option<String>,
    },
    /// A parameter that stands in the path but says that it travels elsewhere.
    PlaceMismatch {
        /// The parameter.
        name: String,
    },
    /// A parameter `in: path` that the path does not have.
    NotInPath {
        /// The parameter.
        name: String,
        /// The path.
        path: String,
    },
    /// A parameter `in: path` that need not be given.
    OptionalInPath {
        /// The parameter.
        name: String,
    },
    /// A parameter `in: path` that is removed before its operation.
    RemovedFromPath {
        /// The parameter.
        name: String,
    },
    /// Two operations that a server cannot tell apart.
    Taken {
        /// Method and path.
        route: String,
        /// The operation that has it already.
        other: String,
        /// The key of the body, if both select by one.
        key: Option<String>,
    },
    /// A reserved path, or an operation of one, that the spec describes.
    ReservedDescribed {
        /// The path.
        path: String,
        /// The operation.
        operation: String,
    },
    /// A path that is reserved twice.
    ReservedTwice {
        /// The path.
        path: String,
    },
    /// A reserved path without the name of an operation.
    ReservedForNothing {
        /// The path.
        path: String,
    },
    /// A name in the list of a reserved path that no operation can have.
    ReservedOperation {
        /// The name.
        name: String,
    },
    /// `body: action` on a method other than PUT.
    ActionWithoutPut {
        /// The method.
        method: &'static str,
    },
    /// A body on GET or DELETE.
    BodyNotAllowed {
        /// The method.
        method: &'static str,
    },
    /// A key for the body that cannot be one.
    BodyKey {
        /// The key.
        key: String,
    },
    /// A parameter `in: body` where there is no body.
    BodyParameter {
        /// The parameter.
        name: String,
        /// Whether the method could have a body.
        could_have: bool,
    },
    /// `enclosed` on a parameter outside the body.
    EnclosedOutsideBody,
    /// A parameter type that a path or a query cannot carry.
    NotText {
        /// The parameter.
        name: String,
        /// Its type.
        ty: String,
        /// `path` or `query`.
        place: &'static str,
    },
    /// `query: true` on a method other than GET.
    QueryNotGet {
        /// The method.
        method: &'static str,
    },
    /// A parameter that every query has.
    StandardParameter {
        /// The parameter.
        name: String,
    },
    /// What cannot be the class of a message or of its answer.
    MessageClass {
        /// The class.
        class: String,
        /// What the name must also be.
        ending: &'static str,
    },
    /// A `reply` where there is no `message`.
    ReplyWithoutMessage,
    /// Two operations of one message.
    MessageTaken {
        /// The class.
        class: String,
        /// The operation that has it already.
        other: String,
    },
    /// A tag pattern that does not end in its one variable.
    TagPattern {
        /// The pattern.
        pattern: String,
    },
}

impl RouteProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::PathForm { path, why } => Words::new("path-form", format!("`{path}` is not a path: {why}"))
                .help("write it like `/vm-instances/{uuid}/iso`"),
            Self::VariableUndeclared { name, suggestion } => {
                Words::new("url-variable-undeclared", format!("the path variable `{name}` is no parameter"))
                    .label("no parameter `in: path` has this name")
                    .did_you_mean(suggestion.as_deref())
            }
            Self::PlaceMismatch { name } => Words::new(
                "param-place-mismatch",
                format!("the parameter `{name}` stands in the path but is not `in: path`"),
            )
            .help("write `in: path`, or remove it from the path"),
            Self::NotInPath { name, path } => Words::new(
                "parameter-without-path-variable",
                format!("the parameter `{name}` is not in the path"),
            )
            .label(format!("`{path}` has no `{{{name}}}`")),
            Self::OptionalInPath { name } => {
                Words::new("path-parameter-optional", format!("the path parameter `{name}` must be required"))
                    .note("without it there would be no path to call")
            }
            Self::RemovedFromPath { name } => Words::new(
                "path-parameter-optional",
                format!("the path parameter `{name}` cannot be removed"),
            )
            .note("without it there would be no path to call")
            .help("remove the operation, and add one with another path"),
            Self::Taken { route, other, key: Some(key) } => Words::new(
                "op-route-collision",
                format!("`{other}` has {route} with the key `{key}` already"),
            )
            .note("a server tells operations apart by method, path and the action in the body"),
            Self::Taken { route, other, key: None } => {
                Words::new("op-route-collision", format!("`{other}` has {route} already")).note(
                    "a server tells operations apart by method and path, and only `body: action` \
                     can share both",
                )
            }
            Self::ReservedDescribed { path, operation } => Words::new(
                "reserved-path-described",
                format!(
                    "`{path}` is reserved for what the spec does not describe, but it describes {operation}"
                ),
            )
            .note("a reserved path answers 404 and names its operations")
            .help("remove it from `reserved`; other paths of an operation are listed in its `paths`"),
            Self::ReservedTwice { path } => {
                Words::new("reserved-path-duplicate", format!("`{path}` is reserved twice"))
                    .note("the names of variables do not distinguish paths")
                    .help("list all operations of a path in one entry")
            }
            Self::ReservedForNothing { path } => Words::new(
                "reserved-path-operation",
                format!("`{path}` is reserved, but `operations` is empty"),
            )
            .help("name the operations that the platform serves there, such as `[QueryVmNic]`"),
            Self::ReservedOperation { name } => {
                Words::new("reserved-path-operation", format!("`{name}` is not the name of an operation"))
                    .note("ASCII letters and digits in upper camel case")
            }
            Self::ActionWithoutPut { method } => {
                Words::new("op-wrapper-illegal", format!("`body: action` with {method}"))
                    .note("the platform looks for an action only in the body of a PUT")
            }
            Self::BodyNotAllowed { method } => {
                Words::new("op-wrapper-illegal", format!("{method} has no body"))
                    .help("write `body: none`; parameters travel in path and query")
            }
            Self::BodyKey { key } => {
                Words::new("op-wrapper-illegal", format!("`{key}` cannot be the key of a body"))
            }
            Self::BodyParameter { name, could_have } => {
                let words = Words::new(
                    "body-parameter-without-body",
                    format!("the parameter `{name}` travels in a body that is not there"),
                );
                if *could_have {
                    words.help("give the operation a `body`, or write `in: query`")
                } else {
                    words.help("write `in: query`")
                }
            }
            Self::EnclosedOutsideBody => {
                Words::new("enclosed-outside-body", "`enclosed` is about parameters `in: body`")
                    .help("remove it")
            }
            Self::NotText { name, ty, place } => Words::new(
                "param-not-text",
                format!("the {place} cannot carry the parameter `{name}` of type `{ty}`"),
            )
            .note("a path carries texts and numbers, a query also lists and maps of them"),
            Self::QueryNotGet { method } => {
                Words::new("query-not-get", format!("`query: true` with {method}"))
                    .note("the platform reads conditions from the query string of a GET")
            }
            Self::StandardParameter { name } => {
                Words::new("query-parameter-listed", format!("every query takes `{name}` without saying so"))
                    .label("part of `query: true`")
                    .help("remove it")
            }
            Self::MessageClass { class, ending } => {
                Words::new("message-class", format!("`{class}` cannot be the class of a message"))
                    .note(format!("a class has its package before it, separated by dots{ending}"))
                    .help("write it like `org.zstack.header.vm.APIStartVmInstanceMsg`")
            }
            Self::ReplyWithoutMessage => {
                Words::new("reply-without-message", "there is no `message` that this could be the answer to")
                    .help("add the `message`, or remove the `reply`")
            }
            Self::MessageTaken { class, other } => {
                Words::new("message-taken", format!("`{other}` has the message `{class}` already"))
                    .note("the older channel tells operations apart by the class of the message alone")
            }
            Self::TagPattern { pattern } => {
                Words::new("tag-pattern", format!("the pattern `{pattern}` does not end in its one variable"))
                    .help("write it like `cdromUuid::{cdromUuid}`")
            }
        }
    }
}
