//! The lock of releases.
//!
//! Because every element names the releases that added and removed it, the current spec contains the
//! API of each release. The API of a released version must not change: `releases.lock` has a digest of
//! each, so that changes are found even if no rule describes them.

mod digest;
pub mod wire;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

#[cfg(test)]
pub(crate) use digest::digest;
pub use digest::digests;

use crate::model::{Model, ReleaseState, Version};

/// The name of the file, next to `api.yaml`.
pub const FILE: &str = "releases.lock";

/// The first line of the file, with the version of its format.
const HEAD: &str = "# Digests of the API of each release. Written by `cargo xtask release`. Format 1.";

/// The digests of releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    digests: BTreeMap<Version, String>,
}

/// The fault of a lock that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// The first line is wrong.
    #[error("not a lock of format 1: the first line must be `{HEAD}`")]
    Head,
    /// A line is not a version with a digest.
    #[error("expected a version and a digest of 64 hexadecimal digits")]
    Line {
        /// The line number, from 1.
        line: usize,
    },
    /// A version has two lines.
    #[error("{version} is listed twice")]
    Duplicate {
        /// The line number, from 1.
        line: usize,
        /// The version.
        version: Version,
    },
}

/// A reason for which releases are not relocked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelockError {
    /// None of the releases has changed.
    #[error("release {0} and the locked releases after it match the lock; there is nothing to correct")]
    NothingToCorrect(Version),
    /// Earlier releases have changed as well.
    #[error(
        "the correction also changes releases before {from}: {earlier}; if that is intended, name the first \
         of them: `--relock {first}`"
    )]
    Earlier {
        /// The first release to correct.
        from: Version,
        /// The first changed release.
        first: Version,
        /// The changed releases before `from`.
        earlier: String,
    },
}

/// Lists versions in a sentence.
fn list(versions: &[Version]) -> String {
    versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl LockError {
    /// The line number of the fault, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        match self {
            Self::Head => 1,
            Self::Line { line } | Self::Duplicate { line, .. } => *line,
        }
    }
}

impl Lock {
    /// Returns whether a release is locked.
    #[must_use]
    pub fn has(&self, version: &Version) -> bool {
        self.digests.contains_key(version)
    }

    /// The digest of a release.
    #[must_use]
    pub fn get(&self, version: &Version) -> Option<&str> {
        self.digests.get(version).map(String::as_str)
    }

    /// The locked releases with their digests.
    pub fn lines(&self) -> impl Iterator<Item = (&Version, &str)> {
        self.digests.iter().map(|(version, digest)| (version, &**digest))
    }

    /// Locks the current API of releases.
    pub fn close<'v>(&mut self, model: &Model, versions: impl IntoIterator<Item = &'v Version>) {
        let versions: Vec<_> = versions.into_iter().collect();
        let digests = digests(model, &versions);
        self.digests.extend(versions.into_iter().cloned().zip(digests));
    }

    /// Locks the current API of all released versions that are not locked, and returns these versions.
    pub fn lock_released(&mut self, model: &Model) -> Vec<Version> {
        let missing: Vec<_> = self.missing(model).into_iter().cloned().collect();
        self.close(model, &missing);
        missing
    }

    /// The releases whose API differs from the lock.
    #[must_use]
    pub fn changed_releases(&self, model: &Model) -> Vec<&Version> {
        let versions: Vec<_> = self.digests.keys().collect();
        let now = digests(model, &versions);
        let changed = self.digests.iter().zip(now).filter(|((_, was), now)| *was != now);
        changed.map(|((version, _), _)| version).collect()
    }

    /// Locks changed releases anew: `from` and later ones, since the correction of a release affects
    /// later releases with the same elements. Returns these releases.
    ///
    /// # Errors
    ///
    /// If none of them has changed, or an earlier one has changed as well. The lock then stays the same.
    pub fn relock(&mut self, model: &Model, from: &Version) -> Result<Vec<Version>, RelockError> {
        let changed: Vec<_> = self.changed_releases(model).into_iter().cloned().collect();
        let [earlier, corrected] = [false, true].map(|is_from| {
            changed.iter().filter(|version| (*version >= from) == is_from).cloned().collect::<Vec<_>>()
        });
        match earlier.first() {
            Some(first) => {
                return Err(RelockError::Earlier { from: *from, first: *first, earlier: list(&earlier) });
            }
            None if corrected.is_empty() => return Err(RelockError::NothingToCorrect(*from)),
            None => {}
        }
        self.close(model, &corrected);
        Ok(corrected)
    }

    /// The released versions that are not locked.
    #[must_use]
    pub fn missing<'m>(&self, model: &'m Model) -> Vec<&'m Version> {
        let released =
            model.service.releases.iter().filter(|release| release.state == ReleaseState::Released);
        released.map(|release| &release.version).filter(|version| !self.has(version)).collect()
    }
}

impl Display for Lock {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        self.digests.iter().try_for_each(|(version, digest)| writeln!(f, "{version} {digest}"))
    }
}

impl FromStr for Lock {
    type Err = LockError;

    fn from_str(text: &str) -> Result<Self, LockError> {
        let mut lines = text.lines().enumerate().map(|(nth, line)| (nth + 1, line.trim_end()));
        if lines.next().is_none_or(|(_, head)| head != HEAD) {
            return Err(LockError::Head);
        }
        let mut lock = Self::default();
        for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
            let entry = line.split_once(' ').and_then(|(version, digest)| {
                let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
                Some((version.parse::<Version>().ok()?, is_digest.then(|| digest.to_owned())?))
            });
            let Some((version, digest)) = entry else { return Err(LockError::Line { line: number }) };
            if lock.digests.insert(version, digest).is_some() {
                return Err(LockError::Duplicate { line: number, version });
            }
        }
        Ok(lock)
    }
}
