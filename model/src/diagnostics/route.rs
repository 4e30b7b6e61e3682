//! Method, path, body and tags.

use super::{Rule, Words};
use crate::listed::problems;

problems! {
    /// What is wrong with how an operation is reached.
    pub enum RouteProblem, of rules RouteRule {
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
            /// Whether it is required, but removed before its operation.
            is_removed: bool,
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
        /// A reserved path without operations, or with a name that no operation can have.
        ReservedOperation {
            /// The path.
            path: String,
            /// The name; `None` where the list of operations is empty.
            name: Option<String>,
        },
        /// A `body` that the operation cannot have.
        Wrapper(WrapperProblem),
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
}

/// Why an operation cannot have its `body`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrapperProblem {
    /// `body: action` on this method, which is not PUT.
    ActionWithoutPut(&'static str),
    /// A body on this method, which is GET or DELETE.
    NotAllowed(&'static str),
    /// This key, which cannot be that of a body.
    Key(String),
}

impl RouteRule {
    /// The rule about this kind of problem.
    pub(crate) const fn rule(self) -> Rule {
        match self {
            Self::PathForm => Rule::error("path-form").title("A text that is no path").why(
                "Client and server take a path apart at its slashes, where a segment is either text or \
                     one variable.",
            ),
            Self::VariableUndeclared => Rule::error("url-variable-undeclared")
                .title("A variable of the path that is no parameter")
                .why("A client would not know what to put there."),
            Self::PlaceMismatch => Rule::error("param-place-mismatch")
                .title("A parameter of the path that says it travels elsewhere")
                .why("It cannot be in two places; the platform reads the one in the path."),
            Self::NotInPath => Rule::error("parameter-without-path-variable")
                .title("A parameter `in: path` that no path has")
                .why("There is no place where it could travel."),
            Self::OptionalInPath => Rule::error("path-parameter-optional")
                .title("A path parameter that may be absent, or is to be removed")
                .why("Without it there would be no path to call."),
            Self::Taken => {
                Rule::error("op-route-collision").title("Two operations that a server cannot tell apart").why(
                    "A server decides by method, path and the action in the body. Whichever of the two it \
                     took would be wrong for the other.",
                )
            }
            Self::ReservedDescribed => Rule::error("reserved-path-described")
                .title("A reserved path, or an operation of one, that the spec describes")
                .why("A server would answer 404 to a request for an operation that it has."),
            Self::ReservedTwice => Rule::error("reserved-path-duplicate")
                .title("A path that is reserved twice")
                .why("A server names the operations of one entry only."),
            Self::ReservedOperation => Rule::error("reserved-path-operation")
                .title("A reserved path without the valid name of an operation")
                .why("The answer at the path names the operations that the caller may have meant."),
            Self::Wrapper => {
                Rule::error("op-wrapper-illegal").title("A body that the method cannot have").why(
                    "The platform reads no body of GET and DELETE, and looks for an action only in that of \
                     a PUT.",
                )
            }
            Self::BodyParameter => Rule::error("body-parameter-without-body")
                .title("A parameter `in: body` of an operation without body")
                .why("It would never be sent."),
            Self::EnclosedOutsideBody => {
                Rule::error("enclosed-outside-body").title("`enclosed` on a parameter outside the body").why(
                    "It says whether a parameter stands below the key of the body or beside it; elsewhere \
                     there is no such key.",
                )
            }
            Self::NotText => Rule::error("param-not-text")
                .title("A parameter that a path or a query cannot carry")
                .why("Both are text. There is no agreed way to write a record into them."),
            Self::QueryNotGet => Rule::error("query-not-get")
                .title("`query: true` on a method other than GET")
                .why("The platform reads conditions from the query string of a GET."),
            Self::StandardParameter => Rule::error("query-parameter-listed")
                .title("A query lists a parameter that every query has")
                .why("`query: true` brings it already; it would be there twice."),
            Self::MessageClass => Rule::error("message-class")
                .title("A text that is no class of a message")
                .why("The older channel finds an operation by the full name of a Java class, to the letter."),
            Self::ReplyWithoutMessage => Rule::error("reply-without-message")
                .title("A `reply` where there is no `message`")
                .why("Without a message the older channel does not know the operation and never answers it."),
            Self::MessageTaken => Rule::error("message-taken")
                .title("Two operations of one message")
                .why("The older channel tells operations apart by the class of the message alone."),
            Self::TagPattern => {
                Rule::error("tag-pattern").title("A tag that does not end in its one variable").why(
                    "The setter of a tag writes the text before the variable and then the value; nothing \
                     can follow.",
                )
            }
        }
    }
}

impl RouteProblem {
    pub(super) fn words(&self) -> Words {
        match self {
            Self::PathForm { path, why } => Words::new(format!("`{path}` is not a path: {why}"))
                .help("write it like `/vm-instances/{uuid}/iso`"),
            Self::VariableUndeclared { name, suggestion } => {
                Words::new(format!("the path variable `{name}` is no parameter"))
                    .label("no parameter `in: path` has this name")
                    .did_you_mean(suggestion.as_deref())
            }
            Self::PlaceMismatch { name } => {
                Words::new(format!("the parameter `{name}` stands in the path but is not `in: path`"))
                    .help("write `in: path`, or remove it from the path")
            }
            Self::NotInPath { name, path } => {
                Words::new(format!("the parameter `{name}` is not in the path"))
                    .label(format!("`{path}` has no `{{{name}}}`"))
            }
            Self::OptionalInPath { name, is_removed: false } => {
                Words::new(format!("the path parameter `{name}` must be required"))
                    .note("without it there would be no path to call")
            }
            Self::OptionalInPath { name, is_removed: true } => {
                Words::new(format!("the path parameter `{name}` cannot be removed"))
                    .note("without it there would be no path to call")
                    .help("remove the operation, and add one with another path")
            }
            Self::Taken { route, other, key: Some(key) } => {
                Words::new(format!("`{other}` has {route} with the key `{key}` already"))
                    .note("a server tells operations apart by method, path and the action in the body")
            }
            Self::Taken { route, other, key: None } => Words::new(format!("`{other}` has {route} already"))
                .note(
                    "a server tells operations apart by method and path, and only `body: action` \
                     can share both",
                ),
            Self::ReservedDescribed { path, operation } => Words::new(format!(
                "`{path}` is reserved for what the spec does not describe, but it describes {operation}"
            ))
            .note("a reserved path answers 404 and names its operations")
            .help("remove it from `reserved`; other paths of an operation are listed in its `paths`"),
            Self::ReservedTwice { path } => Words::new(format!("`{path}` is reserved twice"))
                .note("the names of variables do not distinguish paths")
                .help("list all operations of a path in one entry"),
            Self::ReservedOperation { path, name: None } => {
                Words::new(format!("`{path}` is reserved, but `operations` is empty"))
                    .help("name the operations that the platform serves there, such as `[QueryVmNic]`")
            }
            Self::ReservedOperation { name: Some(name), .. } => {
                Words::new(format!("`{name}` is not the name of an operation"))
                    .note("ASCII letters and digits in upper camel case")
            }
            Self::Wrapper(WrapperProblem::ActionWithoutPut(method)) => {
                Words::new(format!("`body: action` with {method}"))
                    .note("the platform looks for an action only in the body of a PUT")
            }
            Self::Wrapper(WrapperProblem::NotAllowed(method)) => Words::new(format!("{method} has no body"))
                .help("write `body: none`; parameters travel in path and query"),
            Self::Wrapper(WrapperProblem::Key(key)) => {
                Words::new(format!("`{key}` cannot be the key of a body"))
            }
            Self::BodyParameter { name, could_have } => {
                let words = Words::new(format!("the parameter `{name}` travels in a body that is not there"));
                if *could_have {
                    words.help("give the operation a `body`, or write `in: query`")
                } else {
                    words.help("write `in: query`")
                }
            }
            Self::EnclosedOutsideBody => {
                Words::new("`enclosed` is about parameters `in: body`").help("remove it")
            }
            Self::NotText { name, ty, place } => {
                Words::new(format!("the {place} cannot carry the parameter `{name}` of type `{ty}`"))
                    .note("a path carries texts and numbers, a query also lists and maps of them")
            }
            Self::QueryNotGet { method } => Words::new(format!("`query: true` with {method}"))
                .note("the platform reads conditions from the query string of a GET"),
            Self::StandardParameter { name } => {
                Words::new(format!("every query takes `{name}` without saying so"))
                    .label("part of `query: true`")
                    .help("remove it")
            }
            Self::MessageClass { class, ending } => {
                Words::new(format!("`{class}` cannot be the class of a message"))
                    .note(format!("a class has its package before it, separated by dots{ending}"))
                    .help("write it like `org.zstack.header.vm.APIStartVmInstanceMsg`")
            }
            Self::ReplyWithoutMessage => Words::new("there is no `message` that this could be the answer to")
                .help("add the `message`, or remove the `reply`"),
            Self::MessageTaken { class, other } => {
                Words::new(format!("`{other}` has the message `{class}` already"))
                    .note("the older channel tells operations apart by the class of the message alone")
            }
            Self::TagPattern { pattern } => {
                Words::new(format!("the pattern `{pattern}` does not end in its one variable"))
                    .help("write it like `cdromUuid::{cdromUuid}`")
            }
        }
    }
}
