//! The rule about a kind of change, and the macro that declares the kinds with their rules.

use serde::Serialize;

use super::{Level, Step, WaiverKind};

/// Everything about a kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRule {
    /// The id in kebab case, such as `param-became-required`. It never changes and is never reused,
    /// since waivers and scripts name it.
    pub id: &'static str,
    /// The level where clients send the changed element.
    pub request: Level,
    /// The level where clients receive it.
    pub response: Level,
    /// The effect on the element.
    #[serde(skip)]
    pub effect: Effect,
    /// The step that the version of the generated crates needs.
    pub step: Step,
    /// The kinds of waivers that accept a finding; empty if it cannot be waived.
    pub waived_as: &'static [WaiverKind],
    /// The change in a few words.
    pub title: &'static str,
    /// The consequences for clients.
    pub why: &'static str,
    /// The recommended action.
    pub help: &'static str,
}

/// The help of a rule that requires no action.
pub(super) const NOTHING_TO_DO: &str = "Nothing to do.";

/// The effect of a change on an element as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The element was added.
    Added,
    /// The element was removed.
    Removed,
    /// The element was changed.
    Changed,
}

impl ChangeRule {
    /// The recommended action, if there is one.
    pub fn advice(&self) -> Option<&'static str> {
        (self.help != NOTHING_TO_DO).then_some(self.help)
    }
}

/// Declares the kinds of changes. A row is
/// `Kind = "id": Effect, request level / response level, step [waivers], title, reason, help;`.
/// Without `[waivers]`, breaks and corrections are accepted; without a help, there is nothing to do.
macro_rules! change_kinds {
    ($(
        $Kind:ident = $id:literal: $effect:ident, $request:ident / $response:ident, $step:ident
            $([$($waiver:ident),*])?, $title:literal, $why:literal $(, $help:literal)?;
    )*) => {
        /// A kind of change, and the rule of `diff` about it.
        ///
        /// It displays as its id, such as `op-added`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ChangeKind {
            $(#[doc = $title] $Kind,)*
        }

        impl ChangeKind {
            const ALL: &[Self] = &[$(Self::$Kind),*];

            /// Returns the rule about the kind.
            pub const fn rule(self) -> ChangeRule {
                match self {
                    $(Self::$Kind => ChangeRule {
                        id: $id,
                        request: Level::$request,
                        response: Level::$response,
                        effect: Effect::$effect,
                        step: Step::$step,
                        waived_as: change_kinds!(@waivers $([$($waiver),*])?),
                        title: $title,
                        why: $why,
                        help: change_kinds!(@help $($help)?),
                    },)*
                }
            }
        }
    };
    (@waivers) => { &[WaiverKind::Break, WaiverKind::Correction] };
    (@waivers [$($waiver:ident),*]) => { &[$(WaiverKind::$waiver),*] };
    (@help) => { NOTHING_TO_DO };
    (@help $help:literal) => { $help };
}

pub(super) use change_kinds;
