//! Method, path, body, messages and tags.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "path-form",
        "A text that is no path",
        "Client and server take a path apart at its slashes, where a segment is either text or one variable.",
    ),
    Rule::error(
        "url-variable-undeclared",
        "A variable of the path that is no parameter",
        "A client would not know what to put there.",
    ),
    Rule::error(
        "param-place-mismatch",
        "A parameter of the path that says it travels elsewhere",
        "It cannot be in two places; the platform reads the one in the path.",
    ),
    Rule::error(
        "parameter-without-path-variable",
        "A parameter `in: path` that no path has",
        "There is no place where it could travel.",
    ),
    Rule::error(
        "path-parameter-optional",
        "A path parameter that may be absent, or is to be removed",
        "Without it there would be no path to call.",
    ),
    Rule::error(
        "op-route-collision",
        "Two operations that a server cannot tell apart",
        "A server decides by method, path and the action in the body. Whichever of the two it took would be \
         wrong for the other.",
    ),
    Rule::error(
        "reserved-path-described",
        "A reserved path, or an operation of one, that the spec describes",
        "A server would answer 404 to a request for an operation that it has.",
    ),
    Rule::error(
        "reserved-path-duplicate",
        "A path that is reserved twice",
        "A server names the operations of one entry only.",
    ),
    Rule::error(
        "reserved-path-operation",
        "A reserved path without the valid name of an operation",
        "The answer at the path names the operations that the caller may have meant.",
    ),
    Rule::error(
        "op-wrapper-illegal",
        "A body that the method cannot have",
        "The platform reads no body of GET and DELETE, and looks for an action only in that of a PUT.",
    ),
    Rule::error(
        "body-parameter-without-body",
        "A parameter `in: body` of an operation without body",
        "It would never be sent.",
    ),
    Rule::error(
        "enclosed-outside-body",
        "`enclosed` on a parameter outside the body",
        "It says whether a parameter stands below the key of the body or beside it; elsewhere there is no such \
         key.",
    ),
    Rule::error(
        "param-not-text",
        "A parameter that a path or a query cannot carry",
        "Both are text. There is no agreed way to write a record into them.",
    ),
    Rule::error(
        "query-not-get",
        "`query: true` on a method other than GET",
        "The platform reads conditions from the query string of a GET.",
    ),
    Rule::error(
        "query-parameter-listed",
        "A query lists a parameter that every query has",
        "`query: true` brings it already; it would be there twice.",
    ),
    Rule::error(
        "message-class",
        "A text that is no class of a message",
        "The older channel finds an operation by the full name of a Java class, to the letter.",
    ),
    Rule::error(
        "reply-without-message",
        "A `reply` where there is no `message`",
        "Without a message the older channel does not know the operation and never answers it.",
    ),
    Rule::error(
        "message-taken",
        "Two operations of one message",
        "The older channel tells operations apart by the class of the message alone.",
    ),
    Rule::error(
        "tag-pattern",
        "A tag that does not end in its one variable",
        "The setter of a tag writes the text before the variable and then the value; nothing can follow.",
    ),
];
