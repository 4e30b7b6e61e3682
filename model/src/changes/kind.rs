//! The table of the kinds of changes: id, effect, levels, step, waivers and texts of each.

use std::fmt::{self, Display, Formatter};

use super::rule::{NOTHING_TO_DO, change_kinds};
use super::{ChangeRule, Effect, Level, Step, WaiverKind};

change_kinds! {
    // Operations and authentication.
    OpAdded = "op-added": Added, Compatible / Compatible, Minor,
        "Operation added",
        "Existing clients do not call it.";
    OpRemoved = "op-removed": Removed, Breaking / Breaking, Major,
        "Operation deleted from the spec",
        "Clients that call it get 404, and released operations must stay in the spec because older servers \
         have them.",
        "Restore the file and add `deprecated`, `removed` and `replacement` instead.";
    OpRemovedOnSchedule = "op-removed-on-schedule": Changed, Compatible / Compatible, Minor,
        "Operation scheduled for removal",
        "It was deprecated in an earlier release, and the release that removes it is not published yet.",
        "Nothing to do; the changelog lists it.";
    OpRenamed = "op-renamed": Changed, Breaking / Breaking, Major,
        "Operation renamed",
        "The name is used in the key of its body, in client code and in links.",
        "Keep the old name, or keep the old operation next to the new one and deprecate it.";
    OpMethodChanged = "op-method-changed": Changed, Breaking / Breaking, Major,
        "HTTP method changed",
        "Requests of existing clients get 405 or reach another operation.",
        "Add a new operation and deprecate this one; if the spec was wrong, waive the finding as a \
         correction.";
    OpPathChanged = "op-path-changed": Changed, Breaking / Breaking, Major,
        "Path changed",
        "Requests of existing clients get 404.",
        "Keep the old path in `paths`.";
    OpPathAliasAdded = "op-path-alias-added": Changed, Compatible / Compatible, Patch,
        "Additional path for an operation",
        "The existing paths stay valid.";
    OpPathAliasRemoved = "op-path-alias-removed": Changed, Breaking / Breaking, Major,
        "Path of an operation removed",
        "Clients that use it get 404.",
        "Keep the path.";
    OpPathVarRenamed = "op-path-var-renamed": Changed, Risk / Compatible, Major,
        "Path variable renamed",
        "Requests contain only its value, but client code uses the name of the parameter.",
        "Keep the old name.";
    OpWrapperChanged = "op-wrapper-changed": Changed, Breaking / Breaking, Major,
        "Key that encloses the body parameters changed",
        "Servers look for parameters under the new key, so those of existing clients count as missing.",
        "Keep the key; if the spec was wrong, waive the finding as a correction.";
    OpExecSyncToAsync = "op-exec-sync-to-async": Changed, Breaking / Breaking, Minor,
        "Operation became asynchronous",
        "Clients that expect the result get 202 and a job.",
        "Add a new asynchronous operation.";
    OpExecAsyncToSync = "op-exec-async-to-sync": Changed, Breaking / Breaking, Minor,
        "Operation became synchronous",
        "Clients that wait for a job ignore the inline result; one official client hangs.",
        "Keep the operation asynchronous.";
    OpCategoryChanged = "op-category-changed": Changed, Documentation / Documentation, Major,
        "Operation moved to another category",
        "Requests stay the same, but modules, features and traits of the generated crates are named after \
         the category.",
        "Release a new major version of the crates.";
    OpQueryAdded = "op-query-added": Changed, Compatible / Compatible, Major,
        "Operation accepts the standard query parameters",
        "Calls without them return the same results. In the generated crates, standard parameters that the \
         operation listed are no longer its own fields.";
    OpQueryRemoved = "op-query-removed": Changed, Breaking / Compatible, Major,
        "Operation no longer accepts the standard query parameters",
        "Conditions of existing clients are refused or ignored; ignored conditions return all records.",
        "Keep `query: true`.";
    OpMessageAdded = "op-message-added": Changed, Compatible / Compatible, Patch,
        "Operation added to the legacy channel",
        "No existing client calls it there.";
    OpMessageChanged = "op-message-changed": Changed, Breaking / Breaking, Patch,
        "Message class of the legacy channel changed",
        "Messages that existing clients send to `/zstack/api` are unknown.",
        "Keep the class.";
    OpMessageRemoved = "op-message-removed": Changed, Breaking / Breaking, Patch,
        "Operation removed from the legacy channel",
        "Messages that existing clients send to `/zstack/api` are unknown.",
        "Keep the class.";
    OpErrorCodeAdded = "op-error-code-added": Added, Compatible / Risk, Patch,
        "Error added to an operation",
        "Clients that handle errors individually may not handle this one.",
        "Mention it in the release notes.";
    OpErrorCodeRemoved = "op-error-code-removed": Removed, Compatible / Compatible, Patch,
        "Error removed from an operation",
        "Code that handles it is no longer needed.";
    TagAdded = "tag-added": Added, Compatible / Compatible, Minor,
        "System tag added",
        "Servers ignored the tag before, and now act on it.";
    TagRemoved = "tag-removed": Removed, Breaking / Compatible, Major,
        "System tag removed",
        "Servers silently ignore the tag in requests of existing clients.",
        "Keep the tag.";
    AuthRequiredAdded = "auth-required-added": Changed, Breaking / Breaking, Patch,
        "Operation requires a session",
        "Calls without a session are refused.",
        "Add a new operation that requires a session.";
    AuthRemoved = "auth-removed": Changed, Risk / Risk, Patch [Security],
        "Operation no longer requires a session",
        "Any client that can reach the server can call it, so the change needs a security review.",
        "After the review, add a waiver of kind `security` with the reason.";
    AuthSchemeAdded = "auth-scheme-added": Added, Compatible / Compatible, Patch,
        "Authentication scheme added",
        "The existing schemes stay valid.";
    AuthSchemeRemoved = "auth-scheme-removed": Removed, Breaking / Breaking, Patch,
        "Authentication scheme removed",
        "Calls of clients that use it are refused.",
        "Keep the scheme.";
    AuthSchemeDetailChanged = "auth-scheme-detail-changed": Changed, Breaking / Breaking, Patch,
        "Form of an authentication scheme changed",
        "Servers expect credentials in a form that existing clients do not send.",
        "Keep the scheme and add another one; if the spec was wrong, waive the finding as a correction.";
    ReservedPathAdded = "reserved-path-added": Added, Compatible / Compatible, Patch,
        "Path of the platform reserved",
        "A request for it now gets 404 with the names of its operations. Before, a path variable of another \
         operation matched it, or it got 404 without names.";
    ReservedPathRemoved = "reserved-path-removed": Removed, Compatible / Compatible, Patch,
        "Path of the platform no longer reserved",
        "The spec describes it now, or a path variable of another operation matches it.",
        "Remove it only in the change that describes its operations.";
    BasePathChanged = "base-path-changed": Changed, Breaking / Breaking, Major,
        "Base path changed",
        "Every request of existing clients gets 404.",
        "Keep the base path.";

    // Parameters.
    ParamAddedOptional = "param-added-optional": Added, Compatible / Compatible, Minor,
        "Optional parameter added",
        "Calls without it behave as before.";
    ParamAddedRequired = "param-added-required": Added, Breaking / Compatible, Major,
        "Required parameter added",
        "Existing calls lack it and are refused.",
        "Make it optional, with a default that keeps the current behavior.";
    ParamAddedRequiredWithDefault = "param-added-required-with-default": Added, Breaking / Compatible, Major,
        "Required parameter with a default added",
        "A default does not make a required parameter optional: clients that validate refuse the call.",
        "Write `required: false`; the default then applies to calls without it.";
    ParamRemoved = "param-removed": Removed, Breaking / Compatible, Major,
        "Parameter deleted from the spec",
        "Servers refuse or ignore it in requests of existing clients, and released parameters must stay in \
         the spec.",
        "Restore it and add `deprecated`, `removed` and `replacement` instead.";
    ParamRemovedOnSchedule = "param-removed-on-schedule": Changed, Compatible / Compatible, Minor,
        "Parameter scheduled for removal",
        "It was deprecated in an earlier release, and the release that removes it is not published yet.",
        "Nothing to do; the changelog lists it.";
    ParamRenamed = "param-renamed": Changed, Breaking / Compatible, Major,
        "Parameter renamed",
        "Existing clients send the old name.",
        "Add the new name as an optional parameter and deprecate the old one.";
    ParamLocationChanged = "param-location-changed": Changed, Breaking / Compatible, Patch,
        "Location of a parameter changed",
        "Servers expect it in another part of the request than existing clients use.",
        "Keep the location; if the spec was wrong, waive the finding as a correction.";
    ParamWrapperChanged = "param-wrapper-changed": Changed, Breaking / Compatible, Patch,
        "Position of a parameter in the body changed",
        "Servers expect it in another part of the body than existing clients use.",
        "Keep the position; if the spec was wrong, waive the finding as a correction.";
    ParamBecameRequired = "param-became-required": Changed, Breaking / Compatible, Major,
        "Parameter became required",
        "Existing calls that omit it were valid and are now refused.",
        "Keep it optional and describe the behavior without it.";
    ParamBecameOptional = "param-became-optional": Changed, Compatible / Compatible, Major,
        "Parameter became optional",
        "Existing calls stay valid. The constructors of the generated crates lose an argument.",
        "Release a new major version of the crates.";
    ParamTypeChanged = "param-type-changed": Changed, Breaking / Compatible, Major,
        "Parameter type changed to an unrelated one",
        "Servers cannot read the values that existing clients send.",
        "Add a new parameter and deprecate this one.";
    ParamTypeWidened = "param-type-widened": Changed, Compatible / Compatible, Major,
        "Parameter type widened",
        "All values that were valid stay valid.",
        "Release a new major version of the crates: the types of setters change.";
    ParamTypeNarrowed = "param-type-narrowed": Changed, Breaking / Compatible, Major,
        "Parameter type narrowed",
        "Some values that were valid are now refused.",
        "Keep the type and describe which values are used in practice.";
    ParamScalarListChanged = "param-scalar-list-changed": Changed, Breaking / Compatible, Major,
        "Parameter changed between a single value and a list",
        "Servers that expect one form refuse the other.",
        "Add a new parameter and deprecate this one.";
    ParamDefaultAdded = "param-default-added": Changed, Risk / Compatible, Patch,
        "Default of a parameter added",
        "Either calls that omit the parameter behave differently now, or the spec documents a default that \
         always applied.",
        "State in the description which of the two is the case.";
    ParamDefaultChanged = "param-default-changed": Changed, Risk / Compatible, Patch,
        "Default of a parameter changed",
        "Calls that omit the parameter behave differently.",
        "Keep the default.";
    ParamDefaultRemoved = "param-default-removed": Changed, Risk / Compatible, Patch,
        "Default of a parameter removed",
        "Calls that omit the parameter behave differently.",
        "Keep the default.";
    ParamReordered = "param-reordered": Changed, Documentation / Documentation, Patch,
        "Parameters reordered",
        "Parameters are identified by name, not by position.";
    SensitiveAdded = "sensitive-added": Changed, Compatible / Compatible, Patch,
        "Value hidden in logs",
        "Logs no longer contain the value.";
    SensitiveRemoved = "sensitive-removed": Changed, Risk / Risk, Patch [Security],
        "Value no longer hidden in logs",
        "Logs of servers and clients show the value to everyone who can read them, so the change needs a \
         security review.",
        "After the review, add a waiver of kind `security` with the reason.";

    // Constraints.
    MaxLengthAdded = "max-length-added": Changed, Risk / Compatible, Patch,
        "Maximum length added",
        "Longer texts were valid before, although the server may always have refused them.",
        "If the server refused them before, waive the finding as a correction.";
    MaxLengthDecreased = "max-length-decreased": Changed, Breaking / Compatible, Patch,
        "Maximum length decreased",
        "Texts that were valid before are too long now.",
        "Keep the maximum length.";
    MaxLengthIncreased = "max-length-increased": Changed, Compatible / Risk, Patch,
        "Maximum length increased",
        "Clients may not have room for longer texts.",
        "For parameters, nothing to do; for responses, mention it in the release notes.";
    MaxLengthRemoved = "max-length-removed": Changed, Compatible / Risk, Patch,
        "Maximum length removed",
        "Clients may not have room for longer texts.",
        "For parameters, nothing to do; for responses, mention it in the release notes.";
    RangeAdded = "range-added": Changed, Risk / Compatible, Patch,
        "Range or minimum length added",
        "Values outside it were valid before, although the server may always have refused them.",
        "If the server refused them before, waive the finding as a correction.";
    RangeNarrowed = "range-narrowed": Changed, Breaking / Compatible, Patch,
        "Range narrowed",
        "Values that were valid before are now outside the range.",
        "Keep the range.";
    RangeWidened = "range-widened": Changed, Compatible / Risk, Patch,
        "Range widened",
        "Clients may receive values that could not occur before.",
        "For parameters, nothing to do; for responses, mention it in the release notes.";
    RangeRemoved = "range-removed": Changed, Compatible / Risk, Patch,
        "Range or minimum length removed",
        "Clients may receive values that could not occur before.",
        "For parameters, nothing to do; for responses, mention it in the release notes.";
    PatternAdded = "pattern-added": Changed, Breaking / Compatible, Patch,
        "Pattern added",
        "Texts that do not match it were valid before.",
        "If the server refused them before, waive the finding as a correction.";
    PatternChanged = "pattern-changed": Changed, Risk / Risk, Patch,
        "Pattern changed",
        "Two patterns do not show which texts became invalid.",
        "State in the waiver which texts became valid or invalid.";
    PatternRemoved = "pattern-removed": Changed, Compatible / Risk, Patch,
        "Pattern removed",
        "Clients may receive texts that could not occur before.",
        "For parameters, nothing to do; for responses, mention it in the release notes.";
    FormatChanged = "format-changed": Changed, Breaking / Breaking, Patch,
        "Format of a text changed",
        "One side writes a form that the other side cannot read.",
        "Add a new element and deprecate this one.";
    EncodingChanged = "encoding-changed": Changed, Breaking / Breaking, Patch,
        "Unit or encoding of a value changed",
        "Both sides read a different value, and a different unit goes unnoticed.",
        "Add a new element with the new unit in its name and deprecate this one.";
    TrimmingChanged = "trimming-changed": Changed, Risk / Risk, Patch,
        "Handling of surrounding whitespace changed",
        "The same text has another meaning than before, for example as a password or as a name that clients \
         search for.",
        "Keep `noTrim`; if the spec was wrong, waive the finding as a correction.";

    // Enum values and allowed values.
    EnumValueAdded = "enum-value-added": Added, Compatible / Risk, Minor,
        "Value added",
        "Clients that handle a fixed set of values receive an unknown one.",
        "Nothing to do where the enum is open, as in the generated clients; otherwise mention it in the \
         release notes.";
    EnumValueRemoved = "enum-value-removed": Removed, Breaking / Compatible, Major,
        "Value deleted from the spec",
        "Requests of clients that send it are refused, and released values must stay in the spec.",
        "Restore it and add `deprecated`, `removed` and `replacement` instead.";
    EnumValueRemovedOnSchedule = "enum-value-removed-on-schedule": Changed, Compatible / Compatible, Minor,
        "Value scheduled for removal",
        "It was deprecated in an earlier release, and the release that removes it is not published yet.",
        "Nothing to do; the changelog lists it.";
    EnumValueRenamed = "enum-value-renamed": Changed, Breaking / Breaking, Major,
        "Value renamed",
        "The name is the text on the wire: one side writes a value that the other side does not know.",
        "Add the new value and deprecate the old one.";
    EnumVariantRenamed = "enum-variant-renamed": Changed, Documentation / Documentation, Major,
        "Rust name of a value changed",
        "The wire does not change, but code that uses the variant of the generated enum does not compile.",
        "Keep the old `rustName`.";
    BecameEnum = "became-enum": Changed, Breaking / Compatible, Major,
        "Text restricted to a set of values",
        "Other texts were valid before.",
        "Keep the text type and describe which values are used in practice.";
    StoppedBeingEnum = "stopped-being-enum": Changed, Compatible / Risk, Major,
        "Text no longer restricted to a set of values",
        "Clients may receive texts that they do not know.",
        "For parameters, nothing to do; for responses, mention it in the release notes.";
    EnumReordered = "enum-reordered": Changed, Documentation / Documentation, Patch,
        "Values reordered",
        "Values are identified by their text, not by position.";

    // Data types and fields.
    FieldAdded = "field-added": Added, Compatible / Compatible, Minor,
        "Field added",
        "Clients ignore fields that they do not know.";
    FieldAddedRequired = "field-added-required": Added, Breaking / Compatible, Major,
        "Required field added",
        "Records that existing clients send lack it. The constructors of the generated crates get an \
         argument.",
        "Make it optional.";
    FieldRemoved = "field-removed": Removed, Breaking / Breaking, Major,
        "Field deleted from the spec",
        "Clients that read it do not find it, and released fields must stay in the spec.",
        "Restore it and add `deprecated`, `removed` and `replacement` instead.";
    FieldRemovedOnSchedule = "field-removed-on-schedule": Changed, Compatible / Compatible, Minor,
        "Field scheduled for removal",
        "It was deprecated in an earlier release, and the release that removes it is not published yet.",
        "Nothing to do; the changelog lists it.";
    FieldRenamed = "field-renamed": Changed, Breaking / Breaking, Major,
        "Field renamed",
        "Existing clients read the old name.",
        "Add the new field and deprecate the old one.";
    FieldTypeChanged = "field-type-changed": Changed, Breaking / Breaking, Major,
        "Field type changed to an unrelated one",
        "Existing clients cannot read its values.",
        "Add a new field and deprecate this one.";
    FieldTypeWidened = "field-type-widened": Changed, Compatible / Breaking, Major,
        "Field type widened",
        "Existing clients may receive values that do not fit the type they read them into.",
        "Add a new field and deprecate this one.";
    FieldTypeNarrowed = "field-type-narrowed": Changed, Breaking / Compatible, Major,
        "Field type narrowed",
        "Some records that existing clients send are refused.",
        "Keep the type.";
    FieldBecameOptional = "field-became-optional": Changed, Compatible / Breaking, Major,
        "Field became optional",
        "Existing clients rely on its presence.",
        "Keep sending it.";
    FieldBecameRequired = "field-became-required": Changed, Breaking / Compatible, Major,
        "Field became required",
        "Records that existing clients send lack it.",
        "Keep it optional where clients send the record.";
    FieldDefaultAdded = "field-default-added": Changed, Risk / Compatible, Patch,
        "Default of a field added",
        "Records without the field have another meaning than before.",
        "Describe the difference in the description.";
    FieldDefaultChanged = "field-default-changed": Changed, Risk / Compatible, Patch,
        "Default of a field changed",
        "Records without the field have another meaning than before.",
        "Keep the default.";
    FieldDefaultRemoved = "field-default-removed": Changed, Risk / Compatible, Patch,
        "Default of a field removed",
        "Records without the field have another meaning than before.",
        "Keep the default.";
    FieldReordered = "field-reordered": Changed, Documentation / Documentation, Patch,
        "Fields reordered",
        "Fields are identified by name, not by position.";
    ConstructorReordered = "constructor-reordered": Changed, Documentation / Documentation, Major,
        "Required parameters or fields reordered",
        "The wire does not change, but the arguments of the generated constructors do, and the compiler does \
         not notice when two texts are swapped.",
        "Keep the order of required parameters and fields.";
    TypeAdded = "type-added": Added, Compatible / Compatible, Minor,
        "Data type added",
        "No existing element uses it.";
    TypeRemoved = "type-removed": Removed, Breaking / Breaking, Major,
        "Data type in use deleted from the spec",
        "The elements that used it have another type or were deleted, too.",
        "Restore the file and add `deprecated`, `removed` and `replacement` instead.";
    TypeUnreachableRemoved = "type-unreachable-removed": Removed, Compatible / Compatible, Major,
        "Unused data type deleted from the spec",
        "No operation sent or received its values.",
        "Release a new major version of the crates.";
    TypeRemovedOnSchedule = "type-removed-on-schedule": Changed, Compatible / Compatible, Minor,
        "Data type scheduled for removal",
        "It was deprecated in an earlier release, and the release that removes it is not published yet.",
        "Nothing to do; the changelog lists it.";
    TypeRenamed = "type-renamed": Changed, Compatible / Risk, Major,
        "Data type renamed",
        "The wire does not change, but client code uses the name.",
        "Keep the old name.";
    TypeRenamedSameShape = "type-renamed-same-shape": Changed, Compatible / Risk, Major,
        "Data type replaced by one of the same shape",
        "The wire does not change, but client code uses the name.",
        "Keep the old name.";
    TypeKindChanged = "type-kind-changed": Changed, Breaking / Breaking, Major,
        "Data type changed between record and enum",
        "Values of one kind cannot be read as the other.",
        "Add a new type and deprecate this one.";
    TypeClassChanged = "type-class-changed": Changed, Compatible / Risk, Patch,
        "Java class of a data type changed",
        "The Java client creates objects of the class that the `schema` of a reply names.",
        "Keep the class.";
    TypeNativeChanged = "type-native-changed": Changed, Documentation / Documentation, Major,
        "Data type changed between generated and hand-written",
        "The wire does not change, but the Rust type does.",
        "Release a new major version of the crates.";
    TypeDirectionWidened = "type-direction-widened": Changed, Risk / Risk, Patch,
        "Data type of responses used in requests",
        "Changes to the type are now judged by the rules for parameters as well.",
        "Nothing to do now; keep it in mind when you change the type.";
    TypeCycleIntroduced = "type-cycle-introduced": Changed, Risk / Risk, Patch,
        "Data type became recursive",
        "Clients that follow types recursively without a limit do not terminate.",
        "Nothing to do if the platform behaves like this.";
    SubtypeAdded = "subtype-added": Changed, Compatible / Risk, Minor,
        "Record extends another record",
        "Values of this record may occur where the base is expected.",
        "Mention it in the release notes for strict clients.";
    BaseAdded = "base-added": Changed, Compatible / Compatible, Minor,
        "Record inherits fields from a base without values of its own",
        "No operation sends or receives the base itself, and the inherited fields are compared one by one. \
         The generated crates get conversions to the base.";
    BaseRemoved = "base-removed": Changed, Compatible / Compatible, Major,
        "Record no longer inherits from a base without values of its own",
        "No operation sends or receives the base itself, and the inherited fields are compared one by one. \
         The generated crates lose the conversions to the base.",
        "Release a new major version of the crates.";
    SubtypeRemoved = "subtype-removed": Changed, Breaking / Breaking, Major,
        "Record no longer extends another record",
        "Values of this record are no longer valid where the base is expected. Fields that the record loses \
         are separate findings.",
        "Keep `extends`.";

    // References to resources.
    ReferenceAdded = "reference-added": Changed, Documentation / Documentation, Patch,
        "Reference to a resource added",
        "The wire does not change; readers and tools now find the record of the resource.";
    ReferenceChanged = "reference-changed": Changed, Risk / Risk, Patch,
        "Reference to another resource",
        "If the UUIDs are those of other resources than before, requests and responses do not show it.",
        "Add a new element and deprecate this one; if the spec was wrong, waive the finding as a correction.";
    ReferenceRemoved = "reference-removed": Changed, Risk / Risk, Patch,
        "Reference to a resource removed",
        "Readers and tools no longer find the record of the resource.",
        "Keep it unless it was wrong.";
    TypeResourceAdded = "type-resource-added": Changed, Documentation / Documentation, Patch,
        "Resource of a record added",
        "The wire does not change; references can name the resource.";
    TypeResourceChanged = "type-resource-changed": Changed, Documentation / Documentation, Patch,
        "Resource of a record changed",
        "The wire does not change; each reference that follows is a finding of its own.";
    TypeResourceRemoved = "type-resource-removed": Changed, Risk / Risk, Patch,
        "Resource of a record removed",
        "References no longer lead to the record.",
        "Keep it unless it was wrong.";

    // Releases: `since`, deprecations and removals.
    SinceRaised = "since-raised": Changed, Breaking / Breaking, Patch [Correction],
        "`since` moved to a later release",
        "The spec denies clients of the releases in between an element that these releases have.",
        "If the spec was wrong, waive the finding as a correction.";
    SinceLowered = "since-lowered": Changed, Breaking / Breaking, Patch [Correction],
        "`since` moved to an earlier release",
        "The spec promises clients of the releases in between an element that these releases lack.",
        "If the spec was wrong, waive the finding as a correction.";
    SinceBackdated = "since-backdated": Changed, Breaking / Breaking, Patch [Correction],
        "New element assigned to a published release",
        "That release was published without the element, so clients that trust the spec use something that \
         servers lack.",
        "Name the unpublished release that `api.yaml` declares with `state: next`; if the spec was \
         incomplete, run `cargo xtask release --relock VERSION` and waive the finding as a correction.";
    SinceSkipsNext = "since-skips-next": Changed, Risk / Risk, Patch,
        "New element assigned to a release after the next one",
        "The next release will lack the element, which may be unintentional.",
        "Name the next release, unless this is intentional.";
    DeprecatedAdded = "deprecated-added": Changed, Compatible / Compatible, Minor,
        "Element deprecated",
        "It keeps working, and clients are advised to use its replacement.";
    DeprecationBackdated = "deprecation-backdated": Changed, Risk / Risk, Patch [Correction],
        "Element deprecated in a published release",
        "That release did not announce the deprecation to its clients.",
        "Name the next release; if the spec was incomplete, waive the finding as a correction.";
    DeprecationWithdrawn = "deprecation-withdrawn": Changed, Risk / Risk, Patch,
        "Deprecation withdrawn",
        "Clients that already moved to the replacement did so needlessly.",
        "Nothing to do if this is intentional.";
    DeprecationMoved = "deprecation-moved": Changed, Documentation / Documentation, Patch,
        "Deprecation moved to another release",
        "Clients see the deprecation in another release.";
    RemovalBackdated = "removal-backdated": Changed, Breaking / Breaking, Patch [Correction],
        "Element removed in a published release",
        "That release was published with the element.",
        "Name an unpublished release; if the spec was wrong, waive the finding as a correction.";
    RemovalWithdrawn = "removal-withdrawn": Changed, Compatible / Compatible, Patch,
        "Removal withdrawn",
        "The element keeps working.";
    RemovalUndone = "removal-undone": Changed, Breaking / Breaking, Patch [Correction],
        "Element restored in a release that was published without it",
        "The spec promises clients of that release an element that the release lacks.",
        "Add it under another name in an unpublished release; if the spec was wrong, waive the finding as a \
         correction.";
    RemovalBroughtForward = "removal-brought-forward": Changed, Breaking / Breaking, Patch,
        "Removal moved to an earlier release",
        "Clients have less time than the spec announced.",
        "Keep the announced release.";
    RemovalPostponed = "removal-postponed": Changed, Compatible / Compatible, Patch,
        "Removal moved to a later release",
        "The element works for longer.";
    DeprecationWindowShortened = "deprecation-window-shortened": Changed, Risk / Risk, Patch,
        "Deprecation window shortened",
        "Clients have less time to stop using deprecated elements than they were promised.",
        "Keep the window.";
    DeprecationWindowLengthened = "deprecation-window-lengthened": Changed, Compatible / Compatible, Patch,
        "Deprecation window lengthened",
        "Clients have more time to stop using deprecated elements.";
    ReleaseAdded = "release-added": Added, Compatible / Compatible, Patch,
        "Next release declared",
        "New elements can name it.";
    ReleaseAddedAsReleased = "release-added-as-released": Added, Risk / Risk, Patch,
        "Release declared as already published",
        "Its elements were never reviewed as new ones.",
        "Declare it with `state: next` first, unless the list was incomplete.";
    ReleaseClosed = "release-closed": Changed, Compatible / Compatible, Patch,
        "Release published",
        "Its API can no longer change.";
    ReleaseDropped = "release-dropped": Changed, Compatible / Compatible, Patch,
        "Unpublished release no longer declared",
        "No client has it.";
    ReleaseListRewritten = "release-list-rewritten": Changed, Breaking / Breaking, Patch [],
        "Published release deleted, renamed or reopened",
        "Every `since` and every user of that release depends on the list.",
        "Restore the release. This cannot be waived.";
    UnreleasedChanged = "unreleased-changed": Changed, Compatible / Compatible, Patch,
        "Unreleased element changed",
        "No client has it.";

    // History of published releases.
    SilentEdit = "silent-edit": Changed, Breaking / Breaking, Patch [Correction],
        "Released element changed on the wire without a history entry",
        "The spec now claims that published releases always had the new value. Their digests in \
         `releases.lock` no longer match, and requests and responses of these releases are validated \
         wrongly.",
        "Add an entry to `history` with the next release, the attribute and its previous value; if the spec \
         was wrong, waive the finding as a correction.";
    HistoryMismatch = "history-mismatch": Changed, Breaking / Breaking, Patch [Correction],
        "History entry contradicts the previous spec",
        "An entry records the value of an attribute before a release changed it. This one records another \
         value than the spec had, or names a published release that did not change it.",
        "Write the previous value in `from` and an unpublished release in `in`; if the spec was wrong, waive \
         the finding as a correction.";
    HistoryRewritten = "history-rewritten": Changed, Breaking / Breaking, Patch [],
        "History of published releases changed",
        "The changes of published releases are facts, and so are the values before them.",
        "Restore the entries. This cannot be waived.";
    IdentityReused = "identity-reused": Changed, Breaking / Breaking, Patch,
        "Name of a removed element reused for another element",
        "Older releases have the removed element under this name, so clients mistake the new element for it.",
        "Give the new element another name and leave the removed one unchanged.";

    // Lock of releases and version of the crates.
    SliceDrift = "slice-drift": Changed, Breaking / Breaking, Patch [Correction],
        "API of published releases changed",
        "The spec describes an API that these releases do not have.",
        "Name an unpublished release, which `api.yaml` declares with `state: next`; if the spec was wrong, \
         run `cargo xtask release --relock VERSION` and waive the finding as a correction.";
    LockRewritten = "lock-rewritten": Changed, Breaking / Breaking, Patch [],
        "Digest of an unchanged release rewritten",
        "Later changes to that release go unnoticed.",
        "Restore the line. This cannot be waived.";
    ReleaseNotLocked = "release-not-locked": Changed, Risk / Risk, Patch,
        "Published release missing from the lock",
        "Changes to that release go unnoticed.",
        "Close it with `cargo xtask release`; `cargo xtask release --lock` locks releases that are already \
         published.";
    BumpTooSmall = "bump-too-small": Changed, Risk / Risk, Patch,
        "Version step of the generated crates too small",
        "Cargo updates dependents to crates that their code may not compile with.",
        "Raise the version in the workspace's `Cargo.toml`, at the latest when you close a release.";

    // Documentation.
    DocChanged = "doc-changed": Changed, Documentation / Documentation, Patch,
        "Documentation changed",
        "No program depends on it.";
    DocRemoved = "doc-removed": Changed, Risk / Risk, Patch,
        "Documentation removed",
        "Readers lose information.",
        "Keep it or replace it with something better.";
    CategoryAdded = "category-added": Added, Documentation / Documentation, Minor,
        "Category added",
        "Operations can be moved to it.";
    CategoryRemoved = "category-removed": Removed, Documentation / Documentation, Major,
        "Category removed",
        "Modules, features and traits of the generated crates are named after it.",
        "Release a new major version of the crates.";
    CategoryDefaultChanged = "category-default-changed": Changed, Documentation / Documentation, Major,
        "Default feature added or removed",
        "Programs that do not select features compile other operations than before.",
        "Release a new major version of the crates if a category is no longer a default.";
    ExampleAdded = "example-added": Added, Compatible / Compatible, Patch,
        "Example added",
        "Existing clients are not affected.";
    ExampleChanged = "example-changed": Changed, Documentation / Documentation, Patch,
        "Example changed",
        "Copies of the old example differ from it.";
    ExampleRemoved = "example-removed": Removed, Risk / Risk, Patch,
        "Example removed",
        "Readers lose a working call to copy.",
        "Keep it if it is correct.";

    // Obsolete waivers.
    WaiverExpired = "waiver-expired": Changed, Breaking / Breaking, Patch [],
        "Waiver expired while its finding remains",
        "The finding was accepted for a limited time, and counts again.",
        "Undo the change or agree on a later `expires`. This cannot be waived.";
    WaiverUnused = "waiver-unused": Changed, Risk / Risk, Patch [],
        "Waiver matches no finding",
        "It could later accept a change that was never reviewed.",
        "If it is new, correct its rule, element or fingerprint; if it is no longer needed, delete it. This \
         cannot be waived.";
}

impl ChangeKind {
    /// Returns all kinds, grouped by subject.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied()
    }

    /// Finds the kind with this id.
    pub fn find(id: &str) -> Option<Self> {
        Self::all().find(|kind| kind.id() == id)
    }

    /// Returns whether the kind is about references, which no release changes: a slice has a reference as soon as it
    /// has the record of the resource.
    pub const fn is_about_references(self) -> bool {
        matches!(self, Self::ReferenceAdded | Self::ReferenceChanged | Self::ReferenceRemoved)
    }

    /// The id in kebab case, such as `op-added`.
    pub const fn id(self) -> &'static str {
        self.rule().id
    }
}

impl Display for ChangeKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}
