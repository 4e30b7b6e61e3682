//! Versions of releases.

use std::cmp::Ordering;
use std::fmt;

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
