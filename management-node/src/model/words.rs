//! Enumerations whose values are words: in a store, in an inventory file and
//! on the wire they are spelled the same.

/// The text is no value of the enumeration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no {what}; one of: {}", .known.join(", "))]
pub struct UnknownWord {
    /// What was expected.
    pub what: &'static str,
    /// The text.
    pub found: String,
    /// What there is.
    pub known: &'static [&'static str],
}

/// An enumeration whose values are words.
pub trait Word: Copy + Sized + 'static {
    /// What a value is called in a message: `VM state`.
    const WHAT: &'static str;

    /// All values.
    const ALL: &'static [Self];

    /// How the values are spelled, in the order of [`Self::ALL`].
    const WORDS: &'static [&'static str];

    /// How the value is spelled.
    fn as_str(self) -> &'static str;

    /// The value that a text spells.
    ///
    /// # Errors
    ///
    /// When there is none.
    fn read(text: &str) -> Result<Self, UnknownWord> {
        let index = Self::WORDS.iter().position(|word| *word == text);
        index.and_then(|index| Self::ALL.get(index).copied()).ok_or_else(|| UnknownWord {
            what: Self::WHAT,
            found: text.to_owned(),
            known: Self::WORDS,
        })
    }
}

macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident is $what:literal { $( $(#[$doc:meta])* $value:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$doc])* $value ),+ }

        impl $crate::model::Word for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$value),+];
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::model::Word::as_str(*self))
            }
        }
    };
}

pub(crate) use words;
