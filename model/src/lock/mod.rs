//! What releases were when they were closed.
//!
//! Since every element says when it came and when it goes, the spec of today
//! holds the API of each release. Nothing may change that: `releases.lock` has
//! a digest of what each release that is out had on the wire, and whoever
//! changes one is told, whatever rule did not see it.

mod digest;
pub mod wire;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

#[cfg(test)]
pub(crate) use digest::digest;
pub use digest::digests;

use crate::model::{Model, ReleaseState, Version};

/// The name of the file, beside `api.yaml`.
pub const FILE: &str = "releases.lock";

/// The first line of the file, which also says how digests are made.
const HEAD: &str =
    "# What each release had on the wire, as digests. Written by `cargo xtask release`. Format 1.";

/// The digests of releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    digests: BTreeMap<Version, String>,
}

/// A lock that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// It does not begin as one does.
    #[error("this is no lock of format 1: it has to begin with `{HEAD}`")]
    Head,
    /// A line is no version and digest.
    #[error("this is no version with a digest of 64 hexadecimal digits")]
    Line {
        /// The number of the line, from 1.
        line: usize,
    },
    /// A version stands twice.
    #[error("{version} stands twice")]
    Twice {
        /// The number of the line, from 1.
        line: usize,
        /// The version.
        version: Version,
    },
}

/// Why releases are not locked anew.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelockError {
    /// There is nothing to correct.
    #[error(
        "release {0} and all that are locked after it have what the lock says; there is nothing to correct"
    )]
    AsTheyWere(Version),
    /// The correction goes further than was said.
    #[error(
        "the correction changes releases before {from}, too: {earlier}; if that is meant, name the first of them: \
         `--relock {first}`"
    )]
    Earlier {
        /// From where on it was meant.
        from: Version,
        /// The first release that it changes.
        first: Version,
        /// The releases before `from` that it changes.
        earlier: String,
    },
}

/// Versions, in a sentence.
fn names(versions: &[Version]) -> String {
    versions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl LockError {
    /// The number of the line that it is about, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        match self {
            Self::Head => 1,
            Self::Line { line } | Self::Twice { line, .. } => *line,
        }
    }
}

impl Lock {
    /// Whether a release is in it.
    #[must_use]
    pub fn has(&self, version: &Version) -> bool {
        self.digests.contains_key(version)
    }

    /// The digest of a release.
    #[must_use]
    pub fn get(&self, version: &Version) -> Option<&str> {
        self.digests.get(version).map(String::as_str)
    }

    /// The releases in it, with their digests.
    pub fn lines(&self) -> impl Iterator<Item = (&Version, &str)> {
        self.digests.iter().map(|(version, digest)| (version, &**digest))
    }

    /// Adds what releases have now.
    pub fn close<'v>(&mut self, model: &Model, versions: impl IntoIterator<Item = &'v Version>) {
        let versions: Vec<_> = versions.into_iter().collect();
        let digests = digests(model, &versions);
        self.digests.extend(versions.into_iter().cloned().zip(digests));
    }

    /// Adds what releases have now that are out and not in it, and tells which
    /// those are.
    pub fn close_open(&mut self, model: &Model) -> Vec<Version> {
        let open: Vec<_> = self.open(model).into_iter().cloned().collect();
        self.close(model, &open);
        open
    }

    /// The releases that have something else on the wire than when they were
    /// closed.
    #[must_use]
    pub fn drifted(&self, model: &Model) -> Vec<&Version> {
        let versions: Vec<_> = self.digests.keys().collect();
        let now = digests(model, &versions);
        let changed = self.digests.iter().zip(now).filter(|((_, was), now)| *was != now);
        changed.map(|((version, _), _)| version).collect()
    }

    /// Writes down anew the releases that have something else on the wire by
    /// now: `from` and later ones, since who corrects a release corrects all
    /// that have the same. Tells which those are.
    ///
    /// # Errors
    ///
    /// Where none of those has changed, or an earlier one has, too. Then nothing
    /// is written down.
    pub fn relock(&mut self, model: &Model, from: &Version) -> Result<Vec<Version>, RelockError> {
        let drifted: Vec<_> = self.drifted(model).into_iter().cloned().collect();
        let [earlier, corrected] = [false, true]
            .map(|is_from| drifted.iter().filter(|it| (*it >= from) == is_from).cloned().collect::<Vec<_>>());
        match earlier.first() {
            Some(first) => {
                return Err(RelockError::Earlier {
                    from: from.clone(),
                    first: first.clone(),
                    earlier: names(&earlier),
                });
            }
            None if corrected.is_empty() => return Err(RelockError::AsTheyWere(from.clone())),
            None => {}
        }
        self.close(model, &corrected);
        Ok(corrected)
    }

    /// The releases that are out and not in it.
    #[must_use]
    pub fn open<'m>(&self, model: &'m Model) -> Vec<&'m Version> {
        let out = model.service.releases.iter().filter(|release| release.state == ReleaseState::Released);
        out.map(|it| &it.version).filter(|version| !self.has(version)).collect()
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
            if lock.digests.insert(version.clone(), digest).is_some() {
                return Err(LockError::Twice { line: number, version });
            }
        }
        Ok(lock)
    }
}
