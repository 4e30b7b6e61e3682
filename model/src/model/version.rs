//! Versions of releases, as the spec writes them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use zstack_vocabulary::ParseVersionError;

/// A version: one to four numbers, compared as numbers.
///
/// `3.3` and `3.3.0` are equal; each is displayed as written.
#[derive(Clone, Debug)]
pub struct Version {
    /// The four numbers; missing ones are zero.
    pub numbers: [u16; 4],
    /// The text in the file.
    pub text: String,
}

impl Version {
    /// Returns whether this is release 0, the placeholder for an unknown release.
    pub fn is_unknown(&self) -> bool {
        self.numbers == [0; 4]
    }

    /// Converts to the version without the text in the file.
    pub fn to_vocabulary(&self) -> zstack_vocabulary::Version {
        let parts = self.text.split('.').count().min(4);
        let packed = self.numbers.iter().fold(0, |packed, number| packed << 16 | u64::from(*number));
        zstack_vocabulary::Version::from_parts(packed, u8::try_from(parts).unwrap_or(4))
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, ParseVersionError> {
        let version: zstack_vocabulary::Version = text.parse()?;
        Ok(Self { numbers: version.numbers(), text: text.to_owned() })
    }
}

/// Parses the four numbers of a version; `None` for an invalid one.
pub fn numbers(text: &str) -> Option<[u16; 4]> {
    text.parse::<Version>().ok().map(|version| version.numbers)
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn parses_valid_versions_only() {
        for (text, expected) in [
            ("0.6", Some([0, 6, 0, 0])),
            ("3.10.0", Some([3, 10, 0, 0])),
            ("2.3.2.1", Some([2, 3, 2, 1])),
            ("65535", Some([65535, 0, 0, 0])),
            ("65536", None),
            ("1.2.3.4.5", None),
            ("", None),
            ("3.", None),
            (".3", None),
            ("+3", None),
            ("-3", None),
            ("zsv 4.1.6", None),
            ("3.3 ", None),
            ("٣", None),
        ] {
            assert_eq!(numbers(text), expected, "{text:?}");
        }
    }
}
