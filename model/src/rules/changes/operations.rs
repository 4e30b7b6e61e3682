//! Operations, and who may call them.

use super::ChangeRule;
use super::Level::{Breaking, Compatible, Documentation, Risk};
use super::Step::{Major, Minor, Patch};

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("op-added", (Compatible, Compatible), Minor).words(
        "A new operation",
        "Nobody calls it yet.",
        "Nothing to do.",
    ),
    ChangeRule::new("op-removed", (Breaking, Breaking), Major).words(
        "An operation is gone from the spec",
        "Whoever calls it gets 404; and a released operation stays in the spec, since older servers have it.",
        "Put the file back and write `deprecated`, `removed` and `replacement` instead.",
    ),
    ChangeRule::new("op-removed-on-schedule", (Compatible, Compatible), Minor).words(
        "An operation will be removed",
        "It was deprecated before, and the release without it is not out yet.",
        "Nothing to do; the changelog tells of it.",
    ),
    ChangeRule::new("op-renamed", (Breaking, Breaking), Major).words(
        "An operation has another name",
        "Its name is in the key of its body, in the client's code, in links.",
        "Keep the old name, or keep the old operation beside the new one and deprecate it.",
    ),
    ChangeRule::new("op-method-changed", (Breaking, Breaking), Major).words(
        "Another HTTP method",
        "Requests of today's clients get 405, or reach another operation.",
        "Add a new operation and deprecate this one; if the spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("op-path-changed", (Breaking, Breaking), Major).words(
        "Another path",
        "Requests of today's clients get 404.",
        "Keep the old path below `paths`.",
    ),
    ChangeRule::new("op-path-alias-added", (Compatible, Compatible), Patch).words(
        "One more path to an operation",
        "The others stay.",
        "Nothing to do.",
    ),
    ChangeRule::new("op-path-alias-removed", (Breaking, Breaking), Major).words(
        "A path to an operation is gone",
        "Clients that use it get 404.",
        "Keep it.",
    ),
    ChangeRule::new("op-path-var-renamed", (Risk, Compatible), Major).words(
        "A variable of a path has another name",
        "The wire has only its value; but clients name the parameter by it.",
        "Keep the old name.",
    ),
    ChangeRule::new("op-wrapper-changed", (Breaking, Breaking), Major).words(
        "The body's parameters stand below another key",
        "Servers look below the new key and find nothing: parameters that are sent count as missing.",
        "Keep the key; if the spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("op-exec-sync-to-async", (Breaking, Breaking), Minor).words(
        "An operation became long",
        "Clients that expect the result get 202 and a job.",
        "Add a new operation for the long form.",
    ),
    ChangeRule::new("op-exec-async-to-sync", (Breaking, Breaking), Minor).words(
        "A long operation is answered at once",
        "Clients that wait for a job get a result they do not look at; one official client hangs.",
        "Keep it long.",
    ),
    ChangeRule::new("op-category-changed", (Documentation, Documentation), Major).words(
        "An operation moved to another category",
        "The wire does not change; modules, features and traits of the generated crates are named after the category.",
        "Expect a major step of the crates.",
    ),
    ChangeRule::new("op-query-added", (Compatible, Compatible), Major).words(
        "An operation takes the standard query parameters",
        "Who does not send them gets what they got. Those that it listed itself move in the generated crates.",
        "Nothing to do.",
    ),
    ChangeRule::new("op-query-removed", (Breaking, Compatible), Major).words(
        "An operation does not take the standard query parameters any more",
        "Conditions that clients send are refused, or not noticed: they get all there is.",
        "Keep it.",
    ),
    ChangeRule::new("op-message-added", (Compatible, Compatible), Patch).words(
        "The older channel knows the operation",
        "Nothing called it there before.",
        "Nothing to do.",
    ),
    ChangeRule::new("op-message-changed", (Breaking, Breaking), Patch).words(
        "The older channel knows the operation by another class",
        "Messages of today's clients of `/zstack/api` are unknown.",
        "Keep the class.",
    ),
    ChangeRule::new("op-message-removed", (Breaking, Breaking), Patch).words(
        "The older channel does not know the operation any more",
        "Messages of today's clients of `/zstack/api` are unknown.",
        "Keep the class.",
    ),
    ChangeRule::new("op-error-code-added", (Compatible, Risk), Patch).words(
        "An operation is known to answer with one more error",
        "Clients that tell errors apart may not know this one.",
        "Tell of it in the notes.",
    ),
    ChangeRule::new("op-error-code-removed", (Compatible, Compatible), Patch).words(
        "An operation does not answer with an error any more",
        "Code that handles it is of no use.",
        "Nothing to do.",
    ),
    ChangeRule::new("tag-added", (Compatible, Compatible), Minor).words(
        "A system tag means something now",
        "A caller that sent it before was not noticed, and is now.",
        "Nothing to do.",
    ),
    ChangeRule::new("tag-removed", (Breaking, Compatible), Major).words(
        "A system tag does not mean anything any more",
        "Callers that send it are no longer noticed, without a word.",
        "Keep it.",
    ),
    ChangeRule::new("auth-required-added", (Breaking, Breaking), Patch).words(
        "An operation needs a session",
        "Calls without one are refused.",
        "Add a new operation that needs one.",
    ),
    ChangeRule::new("auth-removed", (Risk, Risk), Patch).security().words(
        "An operation needs no session any more",
        "Anybody who reaches the server can call it. Somebody has to look at that.",
        "Waive it as a matter of security, with the reason.",
    ),
    ChangeRule::new("auth-scheme-added", (Compatible, Compatible), Patch).words(
        "One more way to authenticate",
        "The others stay.",
        "Nothing to do.",
    ),
    ChangeRule::new("auth-scheme-removed", (Breaking, Breaking), Patch).words(
        "A way to authenticate is gone",
        "Calls of clients that use it are refused.",
        "Keep it.",
    ),
    ChangeRule::new("auth-scheme-detail-changed", (Breaking, Breaking), Patch).words(
        "A way to authenticate has another form",
        "Servers look for what today's clients do not send.",
        "Keep it, and add another way; if the spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("reserved-path-added", (Compatible, Compatible), Patch).words(
        "A path of the platform is reserved",
        "A request for it gets 404 and the names of its operations. It used to reach another operation, by a \
         variable of that operation's path, or got 404 without a name.",
        "Nothing to do.",
    ),
    ChangeRule::new("reserved-path-removed", (Compatible, Compatible), Patch).words(
        "A path of the platform is no longer reserved",
        "It is described now, or a request for it reaches an operation that has a variable in its place.",
        "Remove it only in the change that describes its operations.",
    ),
    ChangeRule::new("base-path-changed", (Breaking, Breaking), Major).words(
        "All paths have another prefix",
        "Every request of today's clients gets 404.",
        "Keep it.",
    ),
];
