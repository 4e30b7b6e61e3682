//! Enums whose variants can be listed.
//!
//! A derive would read better, but those on crates.io compile a second version of `syn`, on the way to the demo: seven
//! seconds of processor time for these two patterns.

/// Declares an enum without fields, and lists its variants in `ALL`.
macro_rules! listed {
    ($(#[$attribute:meta])* $visibility:vis enum $Name:ident {
        $($(#[$of_variant:meta])* $Variant:ident,)*
    }) => {
        $(#[$attribute])*
        $visibility enum $Name {
            $($(#[$of_variant])* $Variant,)*
        }

        impl $Name {
            /// All variants, in the order of the declaration.
            pub(crate) const ALL: &[Self] = &[$(Self::$Variant),*];
        }
    };
}

/// Declares the problems of a subject, and an enum of the rules that they break: one for each kind of problem.
macro_rules! problems {
    ($(#[$attribute:meta])* pub enum $Problem:ident, of rules $Rule:ident {
        $($(#[$of_variant:meta])* $Variant:ident $({ $($fields:tt)* })? $(($field:ty))?,)*
    }) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $Problem {
            $($(#[$of_variant])* $Variant $({ $($fields)* })? $(($field))?,)*
        }

        $crate::listed::listed! {
            #[doc = concat!("The rule of a [`", stringify!($Problem), "`].")]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub(crate) enum $Rule {
                $($Variant,)*
            }
        }

        impl $Problem {
            /// The rule that the problem breaks.
            pub(super) const fn broken_rule(&self) -> $Rule {
                match self {
                    $(Self::$Variant { .. } => $Rule::$Variant,)*
                }
            }
        }
    };
}

pub(crate) use {listed, problems};
