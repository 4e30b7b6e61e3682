//! Parameters.

use super::ChangeRule;
use super::Level::{Breaking, Compatible, Documentation, Risk};
use super::Step::{Major, Minor, Patch};

pub(super) const RULES: &[ChangeRule] = &[
    ChangeRule::new("param-added-optional", (Compatible, Compatible), Minor).words(
        "A new optional parameter",
        "Who does not send it gets what they got.",
        "Nothing to do.",
    ),
    ChangeRule::new("param-added-required", (Breaking, Compatible), Major).words(
        "A new parameter that must be given",
        "Today's calls do not give it, and are refused.",
        "Make it optional, with a default that keeps today's behaviour.",
    ),
    ChangeRule::new("param-added-required-with-default", (Breaking, Compatible), Major).words(
        "A new parameter that must be given, and has a default",
        "A default does not make it right to leave out what is required: clients that check refuse the call.",
        "Write `required: false`; the default says what happens then.",
    ),
    ChangeRule::new("param-removed", (Breaking, Compatible), Major).words(
        "A parameter is gone from the spec",
        "Clients that send it are refused, or not noticed; and a released parameter stays in the spec.",
        "Put it back and write `deprecated`, `removed` and `replacement` instead.",
    ),
    ChangeRule::new("param-removed-on-schedule", (Compatible, Compatible), Minor).words(
        "A parameter will be removed",
        "It was deprecated before, and the release without it is not out yet.",
        "Nothing to do; the changelog tells of it.",
    ),
    ChangeRule::new("param-renamed", (Breaking, Compatible), Major).words(
        "A parameter has another name",
        "Clients send the old name.",
        "Add the new one as optional, and deprecate the old one.",
    ),
    ChangeRule::new("param-location-changed", (Breaking, Compatible), Patch).words(
        "A parameter travels in another place",
        "Servers look for it where today's clients do not put it.",
        "Keep it; if the spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("param-wrapper-changed", (Breaking, Compatible), Patch).words(
        "A parameter stands elsewhere in the body",
        "Servers look for it where today's clients do not put it.",
        "Keep it; if the spec was wrong, waive it as a correction.",
    ),
    ChangeRule::new("param-became-required", (Breaking, Compatible), Major).words(
        "A parameter must be given now",
        "Calls that leave it out were right, and are refused from now on.",
        "Leave it optional, and say in the description what happens without it.",
    ),
    ChangeRule::new("param-became-optional", (Compatible, Compatible), Major).words(
        "A parameter may be left out now",
        "Nobody is refused for giving it. The constructors of the generated crates lose an argument.",
        "Expect a major step of the crates.",
    ),
    ChangeRule::new("param-type-changed", (Breaking, Compatible), Major).words(
        "A parameter has an unrelated type",
        "Values of today's clients cannot be read.",
        "Add a new parameter, and deprecate this one.",
    ),
    ChangeRule::new("param-type-widened", (Compatible, Compatible), Major).words(
        "A parameter takes more values",
        "All that was right is right.",
        "Expect a major step of the crates: setters have another type.",
    ),
    ChangeRule::new("param-type-narrowed", (Breaking, Compatible), Major).words(
        "A parameter takes fewer values",
        "Values that were right are refused.",
        "Keep the type, and say which values are used in practice.",
    ),
    ChangeRule::new("param-scalar-list-changed", (Breaking, Compatible), Major).words(
        "One value became a list, or a list one value",
        "Either form is refused by who expects the other.",
        "Add a new parameter, and deprecate this one.",
    ),
    ChangeRule::new("param-default-added", (Risk, Compatible), Patch).words(
        "What is left out has a value now",
        "Callers that leave it out get something else than before, or the spec says at last what they got.",
        "Say in the description which of both it is.",
    ),
    ChangeRule::new("param-default-changed", (Risk, Compatible), Patch).words(
        "What is left out has another value",
        "Callers that leave it out get something else than before.",
        "Keep the default.",
    ),
    ChangeRule::new("param-default-removed", (Risk, Compatible), Patch).words(
        "What is left out has no value any more",
        "Callers that leave it out get something else than before.",
        "Keep the default.",
    ),
    ChangeRule::new("param-reordered", (Documentation, Documentation), Patch).words(
        "Parameters stand in another order",
        "Names tell them apart, not places.",
        "Nothing to do.",
    ),
    ChangeRule::new("sensitive-added", (Compatible, Compatible), Patch).words(
        "A value is kept out of logs",
        "Logs show less.",
        "Nothing to do.",
    ),
    ChangeRule::new("sensitive-removed", (Risk, Risk), Patch).security().words(
        "A value is not kept out of logs any more",
        "Who reads the logs of servers and clients reads it, too. Somebody has to look at that.",
        "Waive it as a matter of security, with the reason.",
    ),
];
