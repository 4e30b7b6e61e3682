//! The list of kinds.

use std::fmt::{self, Display, Formatter};

use crate::listed::listed;

listed! {
    /// A kind of change, and the rule of `diff` about it.
    ///
    /// It displays as its id, such as `op-added`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[expect(missing_docs, reason = "the title in `rule.rs` says what changed")]
    pub enum ChangeKind {
        // Operations, and who may call them.
        OpAdded,
        OpRemoved,
        OpRemovedOnSchedule,
        OpRenamed,
        OpMethodChanged,
        OpPathChanged,
        OpPathAliasAdded,
        OpPathAliasRemoved,
        OpPathVarRenamed,
        OpWrapperChanged,
        OpExecSyncToAsync,
        OpExecAsyncToSync,
        OpCategoryChanged,
        OpQueryAdded,
        OpQueryRemoved,
        OpMessageAdded,
        OpMessageChanged,
        OpMessageRemoved,
        OpErrorCodeAdded,
        OpErrorCodeRemoved,
        TagAdded,
        TagRemoved,
        AuthRequiredAdded,
        AuthRemoved,
        AuthSchemeAdded,
        AuthSchemeRemoved,
        AuthSchemeDetailChanged,
        ReservedPathAdded,
        ReservedPathRemoved,
        BasePathChanged,
        // Parameters.
        ParamAddedOptional,
        ParamAddedRequired,
        ParamAddedRequiredWithDefault,
        ParamRemoved,
        ParamRemovedOnSchedule,
        ParamRenamed,
        ParamLocationChanged,
        ParamWrapperChanged,
        ParamBecameRequired,
        ParamBecameOptional,
        ParamTypeChanged,
        ParamTypeWidened,
        ParamTypeNarrowed,
        ParamScalarListChanged,
        ParamDefaultAdded,
        ParamDefaultChanged,
        ParamDefaultRemoved,
        ParamReordered,
        SensitiveAdded,
        SensitiveRemoved,
        // What a value must satisfy.
        MaxLengthAdded,
        MaxLengthDecreased,
        MaxLengthIncreased,
        MaxLengthRemoved,
        RangeAdded,
        RangeNarrowed,
        RangeWidened,
        RangeRemoved,
        PatternAdded,
        PatternChanged,
        PatternRemoved,
        FormatChanged,
        EncodingChanged,
        TrimmingChanged,
        // Values of enums, and the only values allowed.
        EnumValueAdded,
        EnumValueRemoved,
        EnumValueRemovedOnSchedule,
        EnumValueRenamed,
        EnumVariantRenamed,
        BecameEnum,
        StoppedBeingEnum,
        EnumReordered,
        // Data types, and the fields of records and of answers.
        FieldAdded,
        FieldAddedRequired,
        FieldRemoved,
        FieldRemovedOnSchedule,
        FieldRenamed,
        FieldTypeChanged,
        FieldTypeWidened,
        FieldTypeNarrowed,
        FieldBecameAbsentAble,
        FieldBecameAlwaysPresent,
        FieldDefaultAdded,
        FieldDefaultChanged,
        FieldDefaultRemoved,
        FieldReordered,
        ConstructorReordered,
        TypeAdded,
        TypeRemoved,
        TypeUnreachableRemoved,
        TypeRemovedOnSchedule,
        TypeRenamed,
        TypeRenamedSameShape,
        TypeKindChanged,
        TypeClassChanged,
        TypeNativeChanged,
        TypeDirectionWidened,
        TypeCycleIntroduced,
        SubtypeAdded,
        BaseAdded,
        BaseRemoved,
        SubtypeRemoved,
        // Releases: since when, until when, and what is out.
        SinceRaised,
        SinceLowered,
        SinceBackdated,
        SinceSkipsNext,
        DeprecatedAdded,
        DeprecationBackdated,
        DeprecationWithdrawn,
        DeprecationMoved,
        RemovalBackdated,
        RemovalWithdrawn,
        RemovalUndone,
        RemovalBroughtForward,
        RemovalPostponed,
        DeprecationWindowShortened,
        DeprecationWindowLengthened,
        ReleaseAdded,
        ReleaseAddedAsReleased,
        ReleaseClosed,
        ReleaseDropped,
        ReleaseListRewritten,
        UnreleasedChanged,
        // What releases that are out are said to have been.
        SilentEdit,
        HistoryMismatch,
        HistoryRewritten,
        IdentityReused,
        // What stands beside the spec: the lock of releases, and the version of the crates.
        SliceDrift,
        LockRewritten,
        ReleaseUnlocked,
        BumpTooSmall,
        // Words for people.
        DocChanged,
        DocRemoved,
        CategoryAdded,
        CategoryRemoved,
        ExampleAdded,
        ExampleChanged,
        ExampleRemoved,
        // Waivers that waive nothing.
        WaiverExpired,
        WaiverUnused,
    }
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
