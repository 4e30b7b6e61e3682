use std::cmp;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
#[cfg(feature = "client")]
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// A release of the platform: one to four numbers, each at most 65,535,
/// compared as numbers.
///
/// ```
/// use zstack_runtime::Version;
///
/// let version: Version = "3.10".parse()?;
/// assert!(version > Version::new("3.9.2"));
/// assert_eq!(Version::new("3.3"), Version::new("3.3.0"));
/// assert_eq!(Version::new("3.3").to_string(), "3.3");
/// # Ok::<(), zstack_runtime::ParseVersionError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Version {
    /// The numbers, the first in the highest 16 bits: comparing two versions
    /// is comparing two integers.
    packed: u64,
    /// How many numbers were written; only [`fmt::Display`] looks at it.
    parts: u8,
}

/// The release that the oldest documents describe, which had what this crate
/// has tables of.
pub(crate) const V0_6: Version = Version::new("0.6");

impl Version {
    /// Newer than every release: with it, nothing is left out.
    pub const NEWEST: Self = Self { packed: u64::MAX, parts: 0 };

    /// The version that a literal names.
    ///
    /// # Panics
    ///
    /// When the text is no version. In a constant, where generated code uses
    /// it, that is a compile error; parse text from elsewhere with
    /// [`str::parse`].
    #[must_use]
    #[expect(clippy::panic, reason = "in a constant this is a compile error")]
    pub const fn new(text: &str) -> Self {
        match Self::read(text.as_bytes()) {
            Some(version) => version,
            None => panic!("a version is one to four numbers, such as 3.1.0"),
        }
    }

    /// The version that the derives have read; see the fields.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_packed(packed: u64, parts: u8) -> Self {
        Self { packed, parts }
    }

    /// The later of two.
    pub(crate) const fn later(self, other: Self) -> Self {
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

/// A version that threads share, and that seldom changes.
#[cfg(feature = "client")]
#[derive(Debug)]
pub(crate) struct AtomicVersion {
    packed: AtomicU64,
    /// Of another version for a moment, when it changes; only
    /// [`fmt::Display`] would see that.
    parts: AtomicU8,
}

#[cfg(feature = "client")]
impl AtomicVersion {
    pub(crate) fn new(version: Version) -> Self {
        Self { packed: AtomicU64::new(version.packed), parts: AtomicU8::new(version.parts) }
    }

    pub(crate) fn get(&self) -> Version {
        Version { packed: self.packed.load(Ordering::Relaxed), parts: self.parts.load(Ordering::Relaxed) }
    }

    pub(crate) fn set(&self, version: Version) {
        self.packed.store(version.packed, Ordering::Relaxed);
        self.parts.store(version.parts, Ordering::Relaxed);
    }
}

/// The text is no version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseVersionError(String);

impl fmt::Display for ParseVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no version: write one to four numbers of at most 65535, such as 3.1.0", self.0)
    }
}

impl std::error::Error for ParseVersionError {}

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
    fn refuses_what_is_no_version() {
        for text in ["", ".", "3.", ".3", "3..1", "1.2.3.4.5", "zsv 4.1.6", "v3", "3.-1", "65536"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_is_newer_than_newest() {
        assert!(Version::NEWEST > Version::new("65535.65535.65535.65534"));
    }

    proptest! {
        #[test]
        fn prints_what_it_read(numbers in proptest::collection::vec(any::<u16>(), 1..=4)) {
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
