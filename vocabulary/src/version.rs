//! Versions of releases.

use std::cmp;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// The version of a release: one to four numbers, each at most 65,535, compared as numbers.
///
/// `3.3` and `3.3.0` are equal; each is displayed as written, except for leading zeros.
///
/// ```
/// use zstack_vocabulary::Version;
///
/// let version: Version = "3.10".parse()?;
/// assert!(version > Version::new("3.9.2"));
/// assert_eq!(Version::new("3.3"), Version::new("3.3.0"));
/// assert_eq!(Version::new("3.3").to_string(), "3.3");
/// # Ok::<(), zstack_vocabulary::ParseVersionError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Version {
    /// The numbers, the first in the highest 16 bits, so that versions are compared as integers.
    packed: u64,
    /// The count of written numbers, for [`fmt::Display`].
    parts: u8,
}

impl Version {
    /// A version newer than all releases, which has all elements.
    pub const NEWEST: Self = Self { packed: u64::MAX, parts: 0 };

    /// Parses a literal.
    ///
    /// # Panics
    ///
    /// If the text is not a version. In a constant, as in generated code, that is a compile error; use
    /// [`str::parse`] for other texts.
    #[must_use]
    #[expect(clippy::panic, reason = "in a constant this is a compile error")]
    pub const fn new(text: &str) -> Self {
        match Self::read(text.as_bytes()) {
            Some(version) => version,
            None => panic!("a version is one to four numbers, such as 3.1.0"),
        }
    }

    /// Returns the later of two versions, also in constants.
    #[must_use]
    pub const fn later(self, other: Self) -> Self {
        if other.packed > self.packed { other } else { self }
    }

    const fn read(text: &[u8]) -> Option<Self> {
        let mut packed = 0u64;
        let mut parts = 0u8;
        let mut number = 0u64;
        let mut digits = 0;
        let mut at = 0;
        loop {
            if at == text.len() || text[at] == b'.' {
                if digits == 0 || parts == 4 {
                    return None;
                }
                packed |= number << (16 * (3 - parts));
                parts += 1;
                if at == text.len() {
                    return Some(Self { packed, parts });
                }
                number = 0;
                digits = 0;
            } else {
                if !text[at].is_ascii_digit() {
                    return None;
                }
                number = number * 10 + (text[at] - b'0') as u64;
                if number > u16::MAX as u64 {
                    return None;
                }
                digits += 1;
            }
            at += 1;
        }
    }

    fn number(self, index: u8) -> u64 {
        (self.packed >> (16 * (3 - index))) & 0xffff
    }

    /// The four numbers; missing ones are zero.
    #[must_use]
    pub const fn numbers(self) -> [u16; 4] {
        let packed = self.packed;
        [(packed >> 48) as u16, (packed >> 32) as u16, (packed >> 16) as u16, packed as u16]
    }

    /// Returns whether this is release 0, the placeholder for an unknown release.
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        self.packed == 0
    }

    /// Splits the version into two integers, for atomic storage: its numbers, and the count of written ones.
    #[must_use]
    pub const fn to_parts(self) -> (u64, u8) {
        (self.packed, self.parts)
    }

    /// Joins the integers that [`to_parts`](Self::to_parts) returned.
    #[must_use]
    pub const fn from_parts(packed: u64, parts: u8) -> Self {
        Self { packed, parts }
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.packed == other.packed
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.packed.hash(state);
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> cmp::Ordering {
        self.packed.cmp(&other.packed)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parts == 0 {
            return f.write_str("newest");
        }
        for part in 0..self.parts {
            if part > 0 {
                f.write_str(".")?;
            }
            write!(f, "{}", self.number(part))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({self})")
    }
}

impl TryFrom<&str> for Version {
    type Error = ParseVersionError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for Version {
    type Error = ParseVersionError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The error for a text that is not a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a version: write one to four numbers from 0 to 65535, such as 3.1.0")]
pub struct ParseVersionError(String);

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text.as_bytes()).ok_or_else(|| ParseVersionError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rejects_invalid_versions() {
        for text in ["", ".", "3.", ".3", "3..1", "1.2.3.4.5", "zsv 4.1.6", "v3", "3.-1", "65536"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn newest_is_newer_than_all_versions() {
        assert!(Version::NEWEST > Version::new("65535.65535.65535.65534"));
    }

    proptest! {
        #[test]
        fn displays_parsed_version(numbers in proptest::collection::vec(any::<u16>(), 1..=4)) {
            let text = numbers.iter().map(u16::to_string).collect::<Vec<_>>().join(".");
            prop_assert_eq!(text.parse::<Version>().unwrap().to_string(), text);
        }

        #[test]
        fn compares_as_numbers(a in any::<[u16; 4]>(), b in any::<[u16; 4]>()) {
            let version = |n: [u16; 4]| Version::new(&format!("{}.{}.{}.{}", n[0], n[1], n[2], n[3]));
            prop_assert_eq!(version(a).cmp(&version(b)), a.cmp(&b));
        }
    }
}
