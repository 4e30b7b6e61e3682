//! The table of kinds: id, levels, step, waivers and words of each.

use serde::Serialize;

use super::Level::{Breaking, Compatible, Documentation, Risk};
use super::Step::{Major, Minor, Patch};
use super::{ChangeKind, Level, Step, WaiverKind};

/// Everything about a kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRule {
    /// The id in kebab case, such as `param-became-required`. It never changes, and no other rule gets
    /// it: people write it into waivers and scripts.
    pub id: &'static str,
    /// The level where clients send what changed.
    pub request: Level,
    /// The level where clients receive what changed.
    pub response: Level,
    /// What happens to the element.
    #[serde(skip)]
    pub effect: Effect,
    /// The step that the version of the generated crates needs.
    pub step: Step,
    /// The kinds of waivers that accept a finding; none for a finding that cannot be waived.
    pub waived_as: &'static [WaiverKind],
    /// What changed, in a few words.
    pub title: &'static str,
    /// What the change does to clients.
    pub why: &'static str,
    /// What to do instead, or about it.
    pub help: &'static str,
}

/// The help of a rule that needs none.
const NOTHING_TO_DO: &str = "Nothing to do.";

/// What a change does to an element as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is different.
    Changed,
}

/// The beginning of a row: levels where clients send and where they receive, and the step of the crates.
const fn rule(id: &'static str, (request, response): (Level, Level), step: Step) -> ChangeRule {
    let waived_as = &[WaiverKind::Break, WaiverKind::Correction];
    let effect = Effect::Changed;
    ChangeRule { id, title: "", why: "", help: NOTHING_TO_DO, request, response, effect, step, waived_as }
}

/// The same, of an element that is new.
const fn added(id: &'static str, levels: (Level, Level), step: Step) -> ChangeRule {
    ChangeRule { effect: Effect::Added, ..rule(id, levels, step) }
}

/// The same, of an element that is gone.
const fn removed(id: &'static str, levels: (Level, Level), step: Step) -> ChangeRule {
    ChangeRule { effect: Effect::Removed, ..rule(id, levels, step) }
}

impl ChangeRule {
    const fn title(self, title: &'static str) -> Self {
        Self { title, ..self }
    }

    const fn why(self, why: &'static str) -> Self {
        Self { why, ..self }
    }

    const fn help(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    /// For a change that is legitimate only where the spec was wrong.
    const fn correction(self) -> Self {
        Self { waived_as: &[WaiverKind::Correction], ..self }
    }

    /// For a change that needs a security review.
    const fn security(self) -> Self {
        Self { waived_as: &[WaiverKind::Security], ..self }
    }

    const fn unwaivable(self) -> Self {
        Self { waived_as: &[], ..self }
    }

    /// The help, where there is something to do.
    pub fn advice(&self) -> Option<&'static str> {
        (self.help != NOTHING_TO_DO).then_some(self.help)
    }
}

impl ChangeKind {
    /// Everything about the kind.
    pub const fn rule(self) -> ChangeRule {
        match self {
            // Operations, and who may call them.
            Self::OpAdded => added("op-added", (Compatible, Compatible), Minor)
                .title("A new operation")
                .why("Nobody calls it yet."),
            Self::OpRemoved => removed("op-removed", (Breaking, Breaking), Major)
                .title("An operation is gone from the spec")
                .why(
                    "Whoever calls it gets 404; and a released operation stays in the spec, since older \
                     servers have it.",
                )
                .help("Put the file back and write `deprecated`, `removed` and `replacement` instead."),
            Self::OpRemovedOnSchedule => rule("op-removed-on-schedule", (Compatible, Compatible), Minor)
                .title("An operation will be removed")
                .why("It was deprecated before, and the release without it is not out yet.")
                .help("Nothing to do; the changelog tells of it."),
            Self::OpRenamed => rule("op-renamed", (Breaking, Breaking), Major)
                .title("An operation has another name")
                .why("Its name is in the key of its body, in the client's code, in links.")
                .help("Keep the old name, or keep the old operation beside the new one and deprecate it."),
            Self::OpMethodChanged => rule("op-method-changed", (Breaking, Breaking), Major)
                .title("Another HTTP method")
                .why("Requests of today's clients get 405, or reach another operation.")
                .help(
                    "Add a new operation and deprecate this one; if the spec was wrong, waive it as a \
                     correction.",
                ),
            Self::OpPathChanged => rule("op-path-changed", (Breaking, Breaking), Major)
                .title("Another path")
                .why("Requests of today's clients get 404.")
                .help("Keep the old path below `paths`."),
            Self::OpPathAliasAdded => rule("op-path-alias-added", (Compatible, Compatible), Patch)
                .title("One more path to an operation")
                .why("The others stay."),
            Self::OpPathAliasRemoved => rule("op-path-alias-removed", (Breaking, Breaking), Major)
                .title("A path to an operation is gone")
                .why("Clients that use it get 404.")
                .help("Keep it."),
            Self::OpPathVarRenamed => rule("op-path-var-renamed", (Risk, Compatible), Major)
                .title("A variable of a path has another name")
                .why("The wire has only its value; but clients name the parameter by it.")
                .help("Keep the old name."),
            Self::OpWrapperChanged => rule("op-wrapper-changed", (Breaking, Breaking), Major)
                .title("The body's parameters stand below another key")
                .why(
                    "Servers look below the new key and find nothing: parameters that are sent count as \
                     missing.",
                )
                .help("Keep the key; if the spec was wrong, waive it as a correction."),
            Self::OpExecSyncToAsync => rule("op-exec-sync-to-async", (Breaking, Breaking), Minor)
                .title("An operation became long")
                .why("Clients that expect the result get 202 and a job.")
                .help("Add a new operation for the long form."),
            Self::OpExecAsyncToSync => rule("op-exec-async-to-sync", (Breaking, Breaking), Minor)
                .title("A long operation is answered at once")
                .why(
                    "Clients that wait for a job get a result they do not look at; one official client \
                     hangs.",
                )
                .help("Keep it long."),
            Self::OpCategoryChanged => rule("op-category-changed", (Documentation, Documentation), Major)
                .title("An operation moved to another category")
                .why(
                    "The wire does not change; modules, features and traits of the generated crates are \
                     named after the category.",
                )
                .help("Expect a major step of the crates."),
            Self::OpQueryAdded => rule("op-query-added", (Compatible, Compatible), Major)
                .title("An operation takes the standard query parameters")
                .why(
                    "Who does not send them gets what they got. Those that it listed itself move in the \
                     generated crates.",
                ),
            Self::OpQueryRemoved => rule("op-query-removed", (Breaking, Compatible), Major)
                .title("An operation does not take the standard query parameters any more")
                .why("Conditions that clients send are refused, or not noticed: they get all there is.")
                .help("Keep it."),
            Self::OpMessageAdded => rule("op-message-added", (Compatible, Compatible), Patch)
                .title("The older channel knows the operation")
                .why("Nothing called it there before."),
            Self::OpMessageChanged => rule("op-message-changed", (Breaking, Breaking), Patch)
                .title("The older channel knows the operation by another class")
                .why("Messages of today's clients of `/zstack/api` are unknown.")
                .help("Keep the class."),
            Self::OpMessageRemoved => rule("op-message-removed", (Breaking, Breaking), Patch)
                .title("The older channel does not know the operation any more")
                .why("Messages of today's clients of `/zstack/api` are unknown.")
                .help("Keep the class."),
            Self::OpErrorCodeAdded => added("op-error-code-added", (Compatible, Risk), Patch)
                .title("An operation is known to answer with one more error")
                .why("Clients that tell errors apart may not know this one.")
                .help("Tell of it in the notes."),
            Self::OpErrorCodeRemoved => removed("op-error-code-removed", (Compatible, Compatible), Patch)
                .title("An operation does not answer with an error any more")
                .why("Code that handles it is of no use."),
            Self::TagAdded => added("tag-added", (Compatible, Compatible), Minor)
                .title("A system tag means something now")
                .why("A caller that sent it before was not noticed, and is now."),
            Self::TagRemoved => removed("tag-removed", (Breaking, Compatible), Major)
                .title("A system tag does not mean anything any more")
                .why("Callers that send it are no longer noticed, without a word.")
                .help("Keep it."),
            Self::AuthRequiredAdded => rule("auth-required-added", (Breaking, Breaking), Patch)
                .title("An operation needs a session")
                .why("Calls without one are refused.")
                .help("Add a new operation that needs one."),
            Self::AuthRemoved => rule("auth-removed", (Risk, Risk), Patch)
                .security()
                .title("An operation needs no session any more")
                .why("Anybody who reaches the server can call it. Somebody has to look at that.")
                .help("Waive it as a matter of security, with the reason."),
            Self::AuthSchemeAdded => added("auth-scheme-added", (Compatible, Compatible), Patch)
                .title("One more way to authenticate")
                .why("The others stay."),
            Self::AuthSchemeRemoved => removed("auth-scheme-removed", (Breaking, Breaking), Patch)
                .title("A way to authenticate is gone")
                .why("Calls of clients that use it are refused.")
                .help("Keep it."),
            Self::AuthSchemeDetailChanged => rule("auth-scheme-detail-changed", (Breaking, Breaking), Patch)
                .title("A way to authenticate has another form")
                .why("Servers look for what today's clients do not send.")
                .help("Keep it, and add another way; if the spec was wrong, waive it as a correction."),
            Self::ReservedPathAdded => added("reserved-path-added", (Compatible, Compatible), Patch)
                .title("A path of the platform is reserved")
                .why(
                    "A request for it gets 404 and the names of its operations. It used to reach another \
                     operation, by a variable of that operation's path, or got 404 without a name.",
                ),
            Self::ReservedPathRemoved => removed("reserved-path-removed", (Compatible, Compatible), Patch)
                .title("A path of the platform is no longer reserved")
                .why(
                    "It is described now, or a request for it reaches an operation that has a variable in \
                     its place.",
                )
                .help("Remove it only in the change that describes its operations."),
            Self::BasePathChanged => rule("base-path-changed", (Breaking, Breaking), Major)
                .title("All paths have another prefix")
                .why("Every request of today's clients gets 404.")
                .help("Keep it."),
            // Parameters.
            Self::ParamAddedOptional => added("param-added-optional", (Compatible, Compatible), Minor)
                .title("A new optional parameter")
                .why("Who does not send it gets what they got."),
            Self::ParamAddedRequired => added("param-added-required", (Breaking, Compatible), Major)
                .title("A new parameter that must be given")
                .why("Today's calls do not give it, and are refused.")
                .help("Make it optional, with a default that keeps today's behaviour."),
            Self::ParamAddedRequiredWithDefault => {
                added("param-added-required-with-default", (Breaking, Compatible), Major)
                    .title("A new parameter that must be given, and has a default")
                    .why(
                        "A default does not make it right to leave out what is required: clients that check \
                     refuse the call.",
                    )
                    .help("Write `required: false`; the default says what happens then.")
            }
            Self::ParamRemoved => removed("param-removed", (Breaking, Compatible), Major)
                .title("A parameter is gone from the spec")
                .why(
                    "Clients that send it are refused, or not noticed; and a released parameter stays in \
                     the spec.",
                )
                .help("Put it back and write `deprecated`, `removed` and `replacement` instead."),
            Self::ParamRemovedOnSchedule => {
                rule("param-removed-on-schedule", (Compatible, Compatible), Minor)
                    .title("A parameter will be removed")
                    .why("It was deprecated before, and the release without it is not out yet.")
                    .help("Nothing to do; the changelog tells of it.")
            }
            Self::ParamRenamed => rule("param-renamed", (Breaking, Compatible), Major)
                .title("A parameter has another name")
                .why("Clients send the old name.")
                .help("Add the new one as optional, and deprecate the old one."),
            Self::ParamLocationChanged => rule("param-location-changed", (Breaking, Compatible), Patch)
                .title("A parameter travels in another place")
                .why("Servers look for it where today's clients do not put it.")
                .help("Keep it; if the spec was wrong, waive it as a correction."),
            Self::ParamWrapperChanged => rule("param-wrapper-changed", (Breaking, Compatible), Patch)
                .title("A parameter stands elsewhere in the body")
                .why("Servers look for it where today's clients do not put it.")
                .help("Keep it; if the spec was wrong, waive it as a correction."),
            Self::ParamBecameRequired => rule("param-became-required", (Breaking, Compatible), Major)
                .title("A parameter must be given now")
                .why("Calls that leave it out were right, and are refused from now on.")
                .help("Leave it optional, and say in the description what happens without it."),
            Self::ParamBecameOptional => rule("param-became-optional", (Compatible, Compatible), Major)
                .title("A parameter may be left out now")
                .why(
                    "Nobody is refused for giving it. The constructors of the generated crates lose an \
                     argument.",
                )
                .help("Expect a major step of the crates."),
            Self::ParamTypeChanged => rule("param-type-changed", (Breaking, Compatible), Major)
                .title("A parameter has an unrelated type")
                .why("Values of today's clients cannot be read.")
                .help("Add a new parameter, and deprecate this one."),
            Self::ParamTypeWidened => rule("param-type-widened", (Compatible, Compatible), Major)
                .title("A parameter takes more values")
                .why("All that was right is right.")
                .help("Expect a major step of the crates: setters have another type."),
            Self::ParamTypeNarrowed => rule("param-type-narrowed", (Breaking, Compatible), Major)
                .title("A parameter takes fewer values")
                .why("Values that were right are refused.")
                .help("Keep the type, and say which values are used in practice."),
            Self::ParamScalarListChanged => rule("param-scalar-list-changed", (Breaking, Compatible), Major)
                .title("One value became a list, or a list one value")
                .why("Either form is refused by who expects the other.")
                .help("Add a new parameter, and deprecate this one."),
            Self::ParamDefaultAdded => rule("param-default-added", (Risk, Compatible), Patch)
                .title("What is left out has a value now")
                .why(
                    "Callers that leave it out get something else than before, or the spec says at last \
                     what they got.",
                )
                .help("Say in the description which of both it is."),
            Self::ParamDefaultChanged => rule("param-default-changed", (Risk, Compatible), Patch)
                .title("What is left out has another value")
                .why("Callers that leave it out get something else than before.")
                .help("Keep the default."),
            Self::ParamDefaultRemoved => rule("param-default-removed", (Risk, Compatible), Patch)
                .title("What is left out has no value any more")
                .why("Callers that leave it out get something else than before.")
                .help("Keep the default."),
            Self::ParamReordered => rule("param-reordered", (Documentation, Documentation), Patch)
                .title("Parameters stand in another order")
                .why("Names tell them apart, not places."),
            Self::SensitiveAdded => rule("sensitive-added", (Compatible, Compatible), Patch)
                .title("A value is kept out of logs")
                .why("Logs show less."),
            Self::SensitiveRemoved => rule("sensitive-removed", (Risk, Risk), Patch)
                .security()
                .title("A value is not kept out of logs any more")
                .why("Who reads the logs of servers and clients reads it, too. Somebody has to look at that.")
                .help("Waive it as a matter of security, with the reason."),
            // What a value must satisfy.
            Self::MaxLengthAdded => rule("max-length-added", (Risk, Compatible), Patch)
                .title("A text has a greatest length now")
                .why("Longer ones were right before; probably the server refused them all along.")
                .help("If the server refused them before, waive it as a correction."),
            Self::MaxLengthDecreased => rule("max-length-decreased", (Breaking, Compatible), Patch)
                .title("A text may be less long")
                .why("Longer ones were right before.")
                .help("Keep the length."),
            Self::MaxLengthIncreased => rule("max-length-increased", (Compatible, Risk), Patch)
                .title("A text may be longer")
                .why("Clients may have less room for it.")
                .help("Nothing to do for parameters; of answers, tell."),
            Self::MaxLengthRemoved => rule("max-length-removed", (Compatible, Risk), Patch)
                .title("A text has no greatest length any more")
                .why("Clients may have less room for it.")
                .help("Nothing to do for parameters; of answers, tell."),
            Self::RangeAdded => rule("range-added", (Risk, Compatible), Patch)
                .title("A number, or a length, has bounds now")
                .why("Values outside were right before; probably the server refused them all along.")
                .help("If the server refused them before, waive it as a correction."),
            Self::RangeNarrowed => rule("range-narrowed", (Breaking, Compatible), Patch)
                .title("Bounds became tighter")
                .why("Values that are outside now were right before.")
                .help("Keep the bounds."),
            Self::RangeWidened => rule("range-widened", (Compatible, Risk), Patch)
                .title("Bounds became wider")
                .why("Clients may see values that they did not see before.")
                .help("Nothing to do for parameters; of answers, tell."),
            Self::RangeRemoved => rule("range-removed", (Compatible, Risk), Patch)
                .title("There are no bounds any more")
                .why("Clients may see values that they did not see before.")
                .help("Nothing to do for parameters; of answers, tell."),
            Self::PatternAdded => rule("pattern-added", (Breaking, Compatible), Patch)
                .title("A text has to match a pattern now")
                .why("Texts that do not were right before.")
                .help("If the server refused them before, waive it as a correction."),
            Self::PatternChanged => rule("pattern-changed", (Risk, Risk), Patch)
                .title("A text has to match another pattern")
                .why("Nobody can tell from two patterns which texts lose.")
                .help("Say in the waiver which texts are right now and were not, or the other way round."),
            Self::PatternRemoved => rule("pattern-removed", (Compatible, Risk), Patch)
                .title("A text has to match no pattern any more")
                .why("Clients may see texts that they did not see before.")
                .help("Nothing to do for parameters; of answers, tell."),
            Self::FormatChanged => rule("format-changed", (Breaking, Breaking), Patch)
                .title("A text has another form")
                .why("One side writes what the other one does not read.")
                .help("Add a new element, and deprecate this one."),
            Self::EncodingChanged => rule("encoding-changed", (Breaking, Breaking), Patch)
                .title("A value is told in another unit, or a moment as a number instead of a text")
                .why("Everybody reads something else, and of another unit nobody notices.")
                .help("Add a new element with the new unit in its name, and deprecate this one."),
            Self::TrimmingChanged => rule("trimming-changed", (Risk, Risk), Patch)
                .title("Blanks at both ends of a text stay, or do not stay any more")
                .why(
                    "The same text means something else than before: a password, a name that others look \
                     for.",
                )
                .help("Keep it; if the spec was wrong, waive it as a correction."),
            // Values of enums, and the only values allowed.
            Self::EnumValueAdded => added("enum-value-added", (Compatible, Risk), Minor)
                .title("One more value")
                .why("Clients that know all values meet one they do not know.")
                .help(
                    "Nothing to do where the enum is open, as those of the generated clients are; tell the \
                     others.",
                ),
            Self::EnumValueRemoved => removed("enum-value-removed", (Breaking, Compatible), Major)
                .title("A value is gone from the spec")
                .why("Callers that send it are refused; and a released value stays in the spec.")
                .help("Put it back and write `deprecated`, `removed` and `replacement` instead."),
            Self::EnumValueRemovedOnSchedule => {
                rule("enum-value-removed-on-schedule", (Compatible, Compatible), Minor)
                    .title("A value will be removed")
                    .why("It was deprecated before, and the release without it is not out yet.")
                    .help("Nothing to do; the changelog tells of it.")
            }
            Self::EnumValueRenamed => rule("enum-value-renamed", (Breaking, Breaking), Major)
                .title("A value has another name")
                .why("It is the text on the wire: one side writes what the other does not know.")
                .help("Add the new one, and deprecate the old one."),
            Self::EnumVariantRenamed => rule("enum-variant-renamed", (Documentation, Documentation), Major)
                .title("A value has another name in Rust")
                .why(
                    "The wire does not change; code that names the variant of the generated enum does not \
                     compile.",
                )
                .help("Keep the old `rustName`."),
            Self::BecameEnum => rule("became-enum", (Breaking, Compatible), Major)
                .title("Only some texts are right now")
                .why("Others were right before.")
                .help("Keep the text, and say which values are used in practice."),
            Self::StoppedBeingEnum => rule("stopped-being-enum", (Compatible, Risk), Major)
                .title("Any text is right now")
                .why("Clients meet texts that they do not know.")
                .help("Nothing to do for parameters; of answers, tell."),
            Self::EnumReordered => rule("enum-reordered", (Documentation, Documentation), Patch)
                .title("Values stand in another order")
                .why("Texts tell them apart, not places."),
            // Data types, and the fields of records and of answers.
            Self::FieldAdded => added("field-added", (Compatible, Compatible), Minor)
                .title("A new field")
                .why("Clients leave alone what they do not know."),
            Self::FieldAddedRequired => added("field-added-required", (Breaking, Compatible), Major)
                .title("A new field that is always there")
                .why(
                    "Where clients send the record, theirs lack it. The constructors of the generated \
                     crates get an argument.",
                )
                .help("Make it optional."),
            Self::FieldRemoved => removed("field-removed", (Breaking, Breaking), Major)
                .title("A field is gone from the spec")
                .why("Clients that read it find nothing; and a released field stays in the spec.")
                .help("Put it back and write `deprecated`, `removed` and `replacement` instead."),
            Self::FieldRemovedOnSchedule => {
                rule("field-removed-on-schedule", (Compatible, Compatible), Minor)
                    .title("A field will be removed")
                    .why("It was deprecated before, and the release without it is not out yet.")
                    .help("Nothing to do; the changelog tells of it.")
            }
            Self::FieldRenamed => rule("field-renamed", (Breaking, Breaking), Major)
                .title("A field has another name")
                .why("Clients look for the old one.")
                .help("Add the new one, and deprecate the old one."),
            Self::FieldTypeChanged => rule("field-type-changed", (Breaking, Breaking), Major)
                .title("A field has an unrelated type")
                .why("Clients cannot read its values.")
                .help("Add a new field, and deprecate this one."),
            Self::FieldTypeWidened => rule("field-type-widened", (Compatible, Breaking), Major)
                .title("A field holds more values")
                .why("Clients meet values that do not fit what they read them into.")
                .help("Add a new field, and deprecate this one."),
            Self::FieldTypeNarrowed => rule("field-type-narrowed", (Breaking, Compatible), Major)
                .title("A field holds fewer values")
                .why("Where clients send the record, theirs are refused.")
                .help("Keep the type."),
            Self::FieldBecameAbsentAble => rule("field-became-absent-able", (Compatible, Breaking), Major)
                .title("A field may be absent now")
                .why("Clients rely on it to be there.")
                .help("Keep sending it."),
            Self::FieldBecameAlwaysPresent => {
                rule("field-became-always-present", (Breaking, Compatible), Major)
                    .title("A field is always there now")
                    .why("Where clients send the record, theirs lack it.")
                    .help("Keep it optional where clients send the record.")
            }
            Self::FieldDefaultAdded => rule("field-default-added", (Risk, Compatible), Patch)
                .title("What is absent has a value now")
                .why("Who leaves it out gets something else than before.")
                .help("Say in the description what changes."),
            Self::FieldDefaultChanged => rule("field-default-changed", (Risk, Compatible), Patch)
                .title("What is absent has another value")
                .why("Who leaves it out gets something else than before.")
                .help("Keep the default."),
            Self::FieldDefaultRemoved => rule("field-default-removed", (Risk, Compatible), Patch)
                .title("What is absent has no value any more")
                .why("Who leaves it out gets something else than before.")
                .help("Keep the default."),
            Self::FieldReordered => rule("field-reordered", (Documentation, Documentation), Patch)
                .title("Fields stand in another order")
                .why("Names tell them apart, not places."),
            Self::ConstructorReordered => {
                rule("constructor-reordered", (Documentation, Documentation), Major)
                    .title("What must be given stands in another order")
                    .why(
                        "The wire does not change. The arguments of the generated constructors do, and texts \
                     are easily swapped without a word from the compiler.",
                    )
                    .help("Keep the order of what is required.")
            }
            Self::TypeAdded => added("type-added", (Compatible, Compatible), Minor)
                .title("A new data type")
                .why("Nobody uses it yet."),
            Self::TypeRemoved => removed("type-removed", (Breaking, Breaking), Major)
                .title("A data type that something used is gone")
                .why("What used it has another type now, or is gone, too.")
                .help("Put the file back and write `deprecated`, `removed` and `replacement` instead."),
            Self::TypeUnreachableRemoved => {
                removed("type-unreachable-removed", (Compatible, Compatible), Major)
                    .title("A data type that nothing used is gone")
                    .why("It was on nobody's wire.")
                    .help("Nothing to do; the crates need a major step.")
            }
            Self::TypeRemovedOnSchedule => rule("type-removed-on-schedule", (Compatible, Compatible), Minor)
                .title("A data type will be removed")
                .why("It was deprecated before, and the release without it is not out yet.")
                .help("Nothing to do; the changelog tells of it."),
            Self::TypeRenamed => rule("type-renamed", (Compatible, Risk), Major)
                .title("A data type has another name")
                .why("The wire does not change; the code of clients names the type.")
                .help("Keep the old name."),
            Self::TypeRenamedSameShape => rule("type-renamed-same-shape", (Compatible, Risk), Major)
                .title("Another data type, of the same shape")
                .why("The wire does not change; the code of clients names the type.")
                .help("Keep the old name."),
            Self::TypeKindChanged => rule("type-kind-changed", (Breaking, Breaking), Major)
                .title("A record became an enum, or an enum a record")
                .why("Values of either kind cannot be read as the other.")
                .help("Add a new type, and deprecate this one."),
            Self::TypeClassChanged => rule("type-class-changed", (Compatible, Risk), Patch)
                .title("A data type has another class")
                .why("The Java client makes objects of the class that a reply's `schema` names.")
                .help("Keep the class."),
            Self::TypeNativeChanged => rule("type-native-changed", (Documentation, Documentation), Major)
                .title("A data type is written by hand, or not any more")
                .why("The wire does not change; the Rust type does.")
                .help("Expect a major step of the crates."),
            Self::TypeDirectionWidened => rule("type-direction-widened", (Risk, Risk), Patch)
                .title("A data type of answers is sent by clients now")
                .why("From now on its changes are judged as those of parameters, too.")
                .help("Nothing to do; mind it from now on."),
            Self::TypeCycleIntroduced => rule("type-cycle-introduced", (Risk, Risk), Patch)
                .title("A data type holds itself, by way of others")
                .why("Clients that walk types without end do not come back.")
                .help("Nothing to do if the platform does so."),
            Self::SubtypeAdded => rule("subtype-added", (Compatible, Risk), Minor)
                .title("A record extends another one")
                .why("Where the base stood, the extension may stand.")
                .help("Tell strict clients."),
            Self::BaseAdded => rule("base-added", (Compatible, Compatible), Minor)
                .title("A record inherits fields from a base that is not on the wire")
                .why(
                    "No value of the base itself is sent or received, so the wire has the fields alone, \
                     which are compared one by one. The generated crates get conversions to the base.",
                ),
            Self::BaseRemoved => rule("base-removed", (Compatible, Compatible), Major)
                .title("A record no longer inherits from a base that is not on the wire")
                .why(
                    "No value of the base itself is sent or received, so the wire has the fields alone, \
                     which are compared one by one. The generated crates lose the conversions to the base.",
                )
                .help("Expect a major step of the crates."),
            Self::SubtypeRemoved => rule("subtype-removed", (Breaking, Breaking), Major)
                .title("A record does not extend another one any more")
                .why(
                    "Where a value of the base is expected, one of this record is not valid any more. \
                     Fields that it loses are findings of their own.",
                )
                .help("Keep it."),
            // Releases: since when, until when, and what is out.
            Self::SinceRaised => rule("since-raised", (Breaking, Breaking), Patch)
                .correction()
                .title("Something came later than the spec said")
                .why("Clients of the releases in between are told that what they use is not there.")
                .help("If the spec was wrong, waive it as a correction."),
            Self::SinceLowered => rule("since-lowered", (Breaking, Breaking), Patch)
                .correction()
                .title("Something was there earlier than the spec said")
                .why("Clients of the releases in between are told that something is there that is not.")
                .help("If the spec was wrong, waive it as a correction."),
            Self::SinceBackdated => rule("since-backdated", (Breaking, Breaking), Patch)
                .correction()
                .title("Something new claims to be of a release that is out")
                .why("That release is out without it: clients that trust the spec call what is not there.")
                .help(
                    "Name the release that is being written, as `state: next` in `api.yaml` declares it; if \
                     the spec was incomplete, run `cargo xtask release --relock VERSION`, and waive it as a \
                     correction.",
                ),
            Self::SinceSkipsNext => rule("since-skips-next", (Risk, Risk), Patch)
                .title("Something new is of a release after the next one")
                .why("It will be missing in the next release, which may be meant.")
                .help("Name the next release, unless it is meant."),
            Self::DeprecatedAdded => rule("deprecated-added", (Compatible, Compatible), Minor)
                .title("Something is deprecated")
                .why("It goes on working. Clients are told to use something else."),
            Self::DeprecationBackdated => rule("deprecation-backdated", (Risk, Risk), Patch)
                .correction()
                .title("Something is deprecated as of a release that is out")
                .why("Clients of that release were not told.")
                .help(
                    "Name the release that is being written; if the spec was incomplete, waive it as a \
                     correction.",
                ),
            Self::DeprecationWithdrawn => rule("deprecation-withdrawn", (Risk, Risk), Patch)
                .title("Something is not deprecated any more")
                .why("Those who moved away did so in vain.")
                .help("Nothing to do if it is meant."),
            Self::DeprecationMoved => rule("deprecation-moved", (Documentation, Documentation), Patch)
                .title("Something is deprecated as of another release")
                .why("Clients are told at another time."),
            Self::RemovalBackdated => rule("removal-backdated", (Breaking, Breaking), Patch)
                .correction()
                .title("Something is removed in a release that is out")
                .why("That release is out with it.")
                .help("Name a release that is not out yet; if the spec was wrong, waive it as a correction."),
            Self::RemovalWithdrawn => rule("removal-withdrawn", (Compatible, Compatible), Patch)
                .title("Something is not removed after all")
                .why("It goes on working."),
            Self::RemovalUndone => rule("removal-undone", (Breaking, Breaking), Patch)
                .correction()
                .title("Something that a release is out without is said to be there")
                .why("Clients of that release are told that something is there that is not.")
                .help(
                    "Add it again under another name, with a release that is not out yet; if the spec was \
                     wrong, waive it as a correction.",
                ),
            Self::RemovalBroughtForward => rule("removal-brought-forward", (Breaking, Breaking), Patch)
                .title("Something is removed earlier than announced")
                .why("Clients had been promised more time.")
                .help("Keep the release."),
            Self::RemovalPostponed => rule("removal-postponed", (Compatible, Compatible), Patch)
                .title("Something is removed later than announced")
                .why("It works for longer."),
            Self::DeprecationWindowShortened => rule("deprecation-window-shortened", (Risk, Risk), Patch)
                .title("Things may be removed sooner after their deprecation")
                .why("Clients have less time to move away than they were promised.")
                .help("Keep the window."),
            Self::DeprecationWindowLengthened => {
                rule("deprecation-window-lengthened", (Compatible, Compatible), Patch)
                    .title("Things are removed later after their deprecation")
                    .why("Clients have more time to move away.")
            }
            Self::ReleaseAdded => added("release-added", (Compatible, Compatible), Patch)
                .title("A new release is being written")
                .why("What is new can name it."),
            Self::ReleaseAddedAsReleased => added("release-added-as-released", (Risk, Risk), Patch)
                .title("A release is declared that is out already")
                .why("What it holds was never looked at as new.")
                .help("Declare it with `state: next` first, unless the list was incomplete."),
            Self::ReleaseClosed => rule("release-closed", (Compatible, Compatible), Patch)
                .title("A release is out")
                .why("From now on what belongs to it does not change."),
            Self::ReleaseDropped => rule("release-dropped", (Compatible, Compatible), Patch)
                .title("A release that was being written is not declared any more")
                .why("Nobody has it."),
            Self::ReleaseListRewritten => rule("release-list-rewritten", (Breaking, Breaking), Patch)
                .unwaivable()
                .title("A release that is out is gone, renamed or open again")
                .why("Every `since` leans on that list, and so do those who have that release.")
                .help("Put it back. This cannot be waived."),
            Self::UnreleasedChanged => rule("unreleased-changed", (Compatible, Compatible), Patch)
                .title("Something that is not out yet changed")
                .why("Nobody has it."),
            // What releases that are out are said to have been.
            Self::SilentEdit => rule("silent-edit", (Breaking, Breaking), Patch)
                .correction()
                .title("Something that is out changed on the wire, and its history does not say so")
                .why(
                    "The releases that are out would be said to have had what is new. Their digests in \
                     `releases.lock` no longer fit, and clients of those releases are checked and told \
                     wrongly.",
                )
                .help(
                    "Add an entry to `history` that names the release being written, the attribute, and \
                     what it was; if the spec was wrong, waive it as a correction.",
                ),
            Self::HistoryMismatch => rule("history-mismatch", (Breaking, Breaking), Patch)
                .correction()
                .title("A new entry of a history says what was not so")
                .why(
                    "An entry says what an attribute was until a release changed it. This one names another \
                     value than the spec had, or a release that is out and did not change it.",
                )
                .help(
                    "Write in `from` what the spec said before, and in `in` a release that is not out yet; \
                     if the spec was wrong, waive it as a correction.",
                ),
            Self::HistoryRewritten => rule("history-rewritten", (Breaking, Breaking), Patch)
                .unwaivable()
                .title("The history of releases that are out changed")
                .why("What those releases changed is a fact, and so is what there was before.")
                .help("Put the entries back as they were. This cannot be waived."),
            Self::IdentityReused => rule("identity-reused", (Breaking, Breaking), Patch)
                .title("Something that was removed is there again as something else")
                .why(
                    "A release is out without it, and older ones have it as it was. Whoever knows it by its \
                     name takes the new one for the old one.",
                )
                .help("Give what is new another name, and leave what was removed as it was."),
            // What stands beside the spec: the lock of releases, and the version of the crates.
            Self::SliceDrift => rule("slice-drift", (Breaking, Breaking), Patch)
                .correction()
                .title("Releases that are out have something else on the wire")
                .why("Clients of those releases are told of an API that they do not have.")
                .help(
                    "Name a release that is being written, as `state: next` in `api.yaml` declares it; if \
                     the spec was wrong, run `cargo xtask release --relock VERSION`, and waive it as a \
                     correction.",
                ),
            Self::LockRewritten => rule("lock-rewritten", (Breaking, Breaking), Patch)
                .unwaivable()
                .title("The lock says something else of a release that is out, which has not changed")
                .why("Nobody sees any more when that release changes.")
                .help("Put the line back. This cannot be waived."),
            Self::ReleaseUnlocked => rule("release-unlocked", (Risk, Risk), Patch)
                .title("A release is out, and the lock does not have it")
                .why("Nobody sees when it changes.")
                .help(
                    "Close it with `cargo xtask release`; `cargo xtask release --lock` locks what is out \
                     already.",
                ),
            Self::BumpTooSmall => rule("bump-too-small", (Risk, Risk), Patch)
                .title("The version of the generated crates makes too small a step")
                .why("Cargo gives the new crates to those whose code may not build with them.")
                .help(
                    "Raise the version in the workspace's `Cargo.toml`, at the latest when a release is \
                     closed.",
                ),
            // Words for people.
            Self::DocChanged => rule("doc-changed", (Documentation, Documentation), Patch)
                .title("The words changed")
                .why("Nobody's program reads them."),
            Self::DocRemoved => rule("doc-removed", (Risk, Risk), Patch)
                .title("Words are gone")
                .why("Who reads the documentation knows less.")
                .help("Keep them, or say something better."),
            Self::CategoryAdded => added("category-added", (Documentation, Documentation), Minor)
                .title("A new category")
                .why("Operations can move there."),
            Self::CategoryRemoved => removed("category-removed", (Documentation, Documentation), Major)
                .title("A category is gone")
                .why("Modules, features and traits of the generated crates are named after it.")
                .help("Expect a major step of the crates."),
            Self::ExampleAdded => added("example-added", (Compatible, Compatible), Patch)
                .title("A new example")
                .why("One more to learn from."),
            Self::ExampleChanged => rule("example-changed", (Documentation, Documentation), Patch)
                .title("An example changed")
                .why("Who copied it has the old one."),
            Self::ExampleRemoved => removed("example-removed", (Risk, Risk), Patch)
                .title("An example is gone")
                .why("One less to learn from.")
                .help("Keep it, if it is right."),
            // Waivers that waive nothing.
            Self::WaiverExpired => rule("waiver-expired", (Breaking, Breaking), Patch)
                .unwaivable()
                .title("A waiver has expired, and what it waived is still there")
                .why("It was accepted for a time, which is over: what it waived counts again.")
                .help("Undo what it waived, or agree on a later `expires`. This cannot be waived."),
            Self::WaiverUnused => rule("waiver-unused", (Risk, Risk), Patch)
                .unwaivable()
                .title("A waiver that no change needs")
                .why("It would accept, some day, what nobody has looked at.")
                .help(
                    "If it is new, correct its rule, its element or its fingerprint; if it has done its \
                     work, delete it. This cannot be waived.",
                ),
        }
    }
}
