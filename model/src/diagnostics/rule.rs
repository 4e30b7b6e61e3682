//! A rule of `check`, and the macro that declares problems with the rules that they break.

use serde::Serialize;

/// A rule that a spec can break on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The id in kebab case, such as `since-missing`. It never changes and is never reused, since
    /// scripts and commit messages name it.
    pub id: &'static str,
    /// The effect of breaking it.
    pub severity: Severity,
    /// The fault in a few words.
    pub title: &'static str,
    /// The reason for the rule.
    pub why: &'static str,
    /// An excerpt of a spec that breaks it, where that is clearer than the title.
    #[serde(skip)]
    pub bad: Option<&'static str>,
    /// The same excerpt, corrected.
    #[serde(skip)]
    pub good: Option<&'static str>,
}

/// The effect of breaking a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The spec can be used.
    Warning,
    /// The spec is invalid: nothing is generated from it.
    Error,
}

impl Severity {
    /// The word that a report begins with.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Declares the problems of a subject, each with the rule that it breaks. After the variant and its
/// fields come severity, id, title and reason, and excerpts of a wrong and a right spec if they help.
macro_rules! problems {
    ($(#[$attribute:meta])* pub enum $Problem:ident {
        $(
            $Variant:ident
                $({ $($(#[$of_field:meta])* $field:ident: $type:ty),* })?
                $(($(#[$of_inner:meta])* $inner:ty))?
                = $severity:ident $id:literal: $title:literal, $why:literal
                $(, wrong $bad:literal, right $good:literal)?;
        )*
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "fields are the values in the message, documented where that is not \
                                        obvious")]
        pub enum $Problem {
            $(
                #[doc = concat!($title, ".")]
                $Variant $({ $($(#[$of_field])* $field: $type),* })? $(($(#[$of_inner])* $inner))?,
            )*
        }

        impl $Problem {
            /// The rules that these problems break.
            pub(crate) const RULES: &[Rule] =
                &[$(problems!(@rule $severity $id $title $why $($bad $good)?)),*];

            /// The rule that the problem breaks.
            pub(super) const fn rule(&self) -> Rule {
                match self {
                    $(Self::$Variant { .. } => problems!(@rule $severity $id $title $why $($bad $good)?),)*
                }
            }
        }
    };
    (@rule $severity:ident $id:literal $title:literal $why:literal) => {
        Rule {
            id: $id,
            severity: $crate::diagnostics::Severity::$severity,
            title: $title,
            why: $why,
            bad: None,
            good: None,
        }
    };
    (@rule $severity:ident $id:literal $title:literal $why:literal $bad:literal $good:literal) => {
        Rule {
            bad: Some($bad),
            good: Some($good),
            ..problems!(@rule $severity $id $title $why)
        }
    };
}

pub(super) use problems;
