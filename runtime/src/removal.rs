//! Elements that a release does not have: later ones, and removed ones.

use std::fmt;

use crate::Version;

/// The removal of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The first release without the element.
    pub release: Version,
    /// The alternative: a name or a sentence.
    pub replacement: Option<&'static str>,
}

impl Removal {
    /// Creates a removal by a release; `replacement` is a name or a sentence.
    #[must_use]
    pub const fn new(release: Version, replacement: Option<&'static str>) -> Self {
        Self { release, replacement }
    }
}

/// Writes ``was removed in release 4.0 (use `phase`)``.
impl fmt::Display for Removal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "was removed in release {}", self.release)?;
        match self.replacement {
            // A single word is a name.
            Some(name) if !name.contains(|character: char| character.is_whitespace() || character == '`') => {
                write!(f, " (use `{name}`)")
            }
            Some(sentence) => write!(f, " ({sentence})"),
            None => Ok(()),
        }
    }
}

/// The reason why a release lacks an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// The element came with this later release.
    Later(Version),
    /// The element was removed by then.
    Removed(Removal),
}

impl Absence {
    /// Returns why a release lacks an element; `None` if it has the element.
    pub(crate) fn of(since: Version, removal: Option<Removal>, release: Version) -> Option<Self> {
        if since > release {
            return Some(Self::Later(since));
        }
        removal.filter(|removal| removal.release <= release).map(Self::Removed)
    }
}

/// Writes `came with release 3.1`, or that it was removed.
impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later(since) => write!(f, "came with release {since}"),
            Self::Removed(removal) => removal.fmt(f),
        }
    }
}
