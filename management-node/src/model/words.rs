//! Enumerations of words, with the same spelling in a store, in an inventory file
//! and on the wire.

/// The error of a text that is not a value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} `{found}`; allowed: {}", .known.join(", "))]
pub struct UnknownWord {
    /// The name of the enumeration in messages.
    pub kind: &'static str,
    /// The text.
    pub found: String,
    /// The allowed words.
    pub known: &'static [&'static str],
}

/// An enumeration of words.
pub trait Word: Copy + Sized + 'static {
    /// The name of the enumeration in messages, such as `VM state`.
    const KIND: &'static str;

    /// All values.
    const ALL: &'static [Self];

    /// The spellings of the values, in the order of [`Self::ALL`].
    const WORDS: &'static [&'static str];

    /// The spelling of the value.
    fn as_str(self) -> &'static str;

    /// Parses a value.
    ///
    /// # Errors
    ///
    /// When no value has this spelling.
    fn read(text: &str) -> Result<Self, UnknownWord> {
        let index = Self::WORDS.iter().position(|word| *word == text);
        index.and_then(|index| Self::ALL.get(index).copied()).ok_or_else(|| UnknownWord {
            kind: Self::KIND,
            found: text.to_owned(),
            known: Self::WORDS,
        })
    }
}

/// Makes an enumeration of words.
#[doc(hidden)]
#[macro_export]
macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident is $kind:literal { $( $(#[$doc:meta])* $value:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$doc])* $value ),+ }

        impl $crate::model::Word for $name {
            const KIND: &'static str = $kind;
            const ALL: &'static [Self] = &[$(Self::$value),+];
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word),+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::model::Word::as_str(*self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                $crate::model::Word::read(&text).map_err(serde::de::Error::custom)
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
