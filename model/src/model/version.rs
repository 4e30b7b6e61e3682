//! Versions of releases.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version as the spec writes it: one to four numbers, compared as numbers.
///
/// `3.3` and `3.3.0` are equal; each prints as it was written.
#[derive(Clone, Debug)]
pub struct Version {
    /// The four numbers, absent ones zero.
    pub numbers: [u16; 4],
    /// The text in the file.
    pub text: String,
}

impl Version {
    /// Whether it is release 0, which stands for "nobody knows".
    pub fn is_unknown(&self) -> bool {
        self.numbers == [0; 4]
    }
}

impl Version {
    /// The version without the text in the file.
    pub fn to_vocabulary(&self) -> zstack_vocabulary::Version {
        let parts = self.text.split('.').count().min(4);
        let packed = self.numbers.iter().fold(0, |packed, number| packed << 16 | u64::from(*number));
        zstack_vocabulary::Version::from_parts(packed, u8::try_from(parts).unwrap_or(4))
    }
}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let numbers = numbers(text).ok_or_else(|| VersionError(text.to_owned()))?;
        Ok(Self { numbers, text: text.to_owned() })
    }
}

/// The numbers of a version.
pub fn numbers(text: &str) -> Option<[u16; 4]> {
    let mut numbers = [0; 4];
    for (nth, part) in text.split('.').enumerate() {
        // `parse` would take a sign as well.
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *numbers.get_mut(nth)? = part.parse().ok()?;
    }
    Some(numbers)
}

/// The text is no version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError(String);

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a version: write one to four numbers from 0 to 65535, such as 3.1.0", self.0)
    }
}

impl std::error::Error for VersionError {}

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
    fn versions() {
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
