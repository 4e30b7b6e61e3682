//! Lookup of declared releases by version.

use std::fmt;

use crate::{ParseVersionError, Version};

/// A declared release that was found by a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRelease {
    /// The version of the release.
    pub version: Version,
    /// A sentence without a full stop for the user, if the version itself is not declared.
    pub note: Option<String>,
}

/// The reason for which no release was found, with the nearest declared ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FindReleaseError {
    /// The text is not a version.
    #[error("{0}; the newest are {1}")]
    Malformed(ParseVersionError, ReleaseList),
    /// The version is newer than all declared releases.
    #[error("there is no release {0}: it is newer than every declared release; the newest are {1}")]
    TooNew(Version, ReleaseList),
    /// The version is older than all declared releases.
    #[error("there is no release {0}: it is older than every declared release; the oldest are {1}")]
    TooOld(Version, ReleaseList),
}

/// A list of releases in a message, such as `4.1.2, 4.7.21 and 5.2.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseList(Vec<Version>);

/// The maximum number of releases in a message.
const MAX_LISTED: usize = 3;

/// Finds the declared release for a version: the release itself, or for a version between two releases
/// the older one. Release 0, the placeholder for an unknown release, is found only by `0`. The `declared`
/// releases must be in ascending order.
///
/// # Errors
///
/// If the text is not a version, or the version is before the first release or after the last.
pub fn find_release(text: &str, declared: &[Version]) -> Result<FoundRelease, FindReleaseError> {
    let known: Vec<Version> = declared.iter().copied().filter(|version| !version.is_unknown()).collect();
    let newest = || ReleaseList(known[known.len().saturating_sub(MAX_LISTED)..].to_vec());
    let version: Version = text.parse().map_err(|error| FindReleaseError::Malformed(error, newest()))?;
    if let Some(version) = declared.iter().find(|release| **release == version) {
        // With the declared spelling.
        return Ok(FoundRelease { version: *version, note: None });
    }
    let after = known.partition_point(|release| *release < version);
    match (known[..after].last(), known.get(after)) {
        (Some(older), Some(_)) => Ok(FoundRelease {
            version: *older,
            note: Some(format!(
                "{version} is not a declared release; this is {older}, the newest one before it"
            )),
        }),
        (_, None) => Err(FindReleaseError::TooNew(version, newest())),
        (None, Some(_)) => {
            Err(FindReleaseError::TooOld(version, ReleaseList(known[..known.len().min(MAX_LISTED)].to_vec())))
        }
    }
}

impl fmt::Display for ReleaseList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, version) in self.0.iter().enumerate() {
            f.write_str(match self.0.len() - nth {
                _ if nth == 0 => "",
                1 => " and ",
                _ => ", ",
            })?;
            version.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, declared: &[&str]) -> String {
        let declared: Vec<Version> = declared.iter().map(|version| Version::new(version)).collect();
        match find_release(text, &declared) {
            Ok(FoundRelease { version, note: None }) => version.to_string(),
            Ok(FoundRelease { version, note: Some(note) }) => format!("{version}: {note}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn finds_release_or_the_one_before() {
        let newest = "the newest are 3.9.0, 4.0 and 5.2.0";
        for (asked, expected) in [
            ("3.9.0", "3.9.0"),
            // With the declared spelling.
            ("3.3.0", "3.3"),
            ("0", "0"),
            ("3.10.0", "3.9.0: 3.10.0 is not a declared release; this is 3.9.0, the newest one before it"),
            ("4.0.0.1", "4.0: 4.0.0.1 is not a declared release; this is 4.0, the newest one before it"),
            ("9.9", &format!("there is no release 9.9: it is newer than every declared release; {newest}")),
            (
                "0.5",
                "there is no release 0.5: it is older than every declared release; the oldest are 0.6, 3.3 \
                 and 3.9.0",
            ),
            (
                "newest",
                &format!(
                    "`newest` is not a version: write one to four numbers from 0 to 65535, such as 3.1.0; \
                     {newest}"
                ),
            ),
        ] {
            assert_eq!(find(asked, &["0", "0.6", "3.3", "3.9.0", "4.0", "5.2.0"]), expected, "{asked}");
        }
    }

    #[test]
    fn lists_fewer_releases() {
        assert!(find("9", &["4.0"]).ends_with("the newest are 4.0"));
        assert!(find("9", &["3.0", "4.0"]).ends_with("the newest are 3.0 and 4.0"));
    }
}
