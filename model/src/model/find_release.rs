//! Declared releases, by the versions that command lines name.

use std::fmt::Write as _;

use super::{Service, Version, VersionError};

/// A declared release that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRelease<'a> {
    /// Its version, as `api.yaml` writes it.
    pub version: &'a Version,
    /// What to tell the caller, where another version was asked for: one sentence without a full stop.
    pub note: Option<String>,
}

/// Why no release was found, with the declared ones nearby.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FindReleaseError {
    /// The text is not a version.
    #[error("{0}; {1}")]
    Malformed(VersionError, String),
    /// The version is newer than all declared releases.
    #[error("there is no release {0}: it is newer than every declared release; {1}")]
    TooNew(Version, String),
    /// The version is older than all declared releases.
    #[error("there is no release {0}: it is older than every declared release; {1}")]
    TooOld(Version, String),
}

/// How many releases a message names.
const FEW: usize = 3;

impl Service {
    /// The declared release that a version means: itself, or the newest one before a version that lies
    /// between two. Release 0, which stands for "nobody knows since when", is found by its own name alone.
    ///
    /// # Errors
    ///
    /// For a text that is not a version, and for a version before the first release or after the last.
    pub fn find_release(&self, text: &str) -> Result<FoundRelease<'_>, FindReleaseError> {
        let version: Version =
            text.parse().map_err(|error| FindReleaseError::Malformed(error, self.newest_releases()))?;
        let declared = self.releases.iter().map(|it| &it.version);
        if let Some(version) = declared.clone().find(|it| **it == version) {
            return Ok(FoundRelease { version, note: None });
        }
        let [older, newer] = self.neighbours(&version);
        match (older, newer) {
            (Some(older), Some(_)) => Ok(FoundRelease {
                version: older,
                note: Some(format!(
                    "{version} is not a declared release; this is {older}, the newest one before it"
                )),
            }),
            (_, None) => Err(FindReleaseError::TooNew(version, self.newest_releases())),
            (None, Some(_)) => {
                let oldest: Vec<_> = self.known_releases().take(FEW).collect();
                Err(FindReleaseError::TooOld(version, format!("the oldest are {}", list(&oldest))))
            }
        }
    }

    /// The declared releases right before and right after a version that is not declared.
    fn neighbours(&self, version: &Version) -> [Option<&Version>; 2] {
        let older = self.known_releases().filter(|it| *it < version).max();
        [older, self.known_releases().filter(|it| *it > version).min()]
    }

    fn newest_releases(&self) -> String {
        let all: Vec<_> = self.known_releases().collect();
        format!("the newest are {}", list(&all[all.len().saturating_sub(FEW)..]))
    }

    /// The declared releases without release 0.
    fn known_releases(&self) -> impl Iterator<Item = &Version> {
        self.releases.iter().map(|it| &it.version).filter(|it| !it.is_unknown())
    }
}

/// Versions in a sentence: `4.1.2, 4.7.21 and 5.2.0`.
fn list(versions: &[&Version]) -> String {
    let mut text = String::new();
    for (nth, version) in versions.iter().enumerate() {
        let link = match versions.len() - nth {
            _ if nth == 0 => "",
            1 => " and ",
            _ => ", ",
        };
        // A String takes all.
        let _ = write!(text, "{link}{version}");
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::model::{Release, ReleaseState, Service};

    fn service(versions: &[&str]) -> Service {
        let release = |it: &&str| {
            let version = it.parse().unwrap();
            Release { version, state: ReleaseState::Released, description: None }
        };
        Service {
            title: String::new(),
            description: None,
            base_path: String::new(),
            auth: Vec::new(),
            releases: versions.iter().map(release).collect(),
            deprecation_window: 1,
            envelope: Vec::new(),
            reserved: Vec::new(),
        }
    }

    #[test]
    fn versions_and_the_releases_that_they_mean() {
        let service = service(&["0", "0.6", "3.3", "3.9.0", "4.0", "5.2.0"]);
        let newest = "the newest are 3.9.0, 4.0 and 5.2.0";
        for (asked, expected) in [
            ("3.9.0", "3.9.0"),
            // The spelling is that of the list.
            ("3.3.0", "3.3"),
            ("0", "0"),
            ("3.10.0", "3.9.0: 3.10.0 is not a declared release; this is 3.9.0, the newest one before it"),
            ("4.0.0.1", "4.0: 4.0.0.1 is not a declared release; this is 4.0, the newest one before it"),
            ("9.9", &format!("there is no release 9.9: it is newer than every declared release; {newest}")),
            (
                "0.5",
                "there is no release 0.5: it is older than every declared release; the oldest are 0.6, 3.3 and 3.9.0",
            ),
            (
                "newest",
                &format!(
                    "`newest` is not a version: write one to four numbers from 0 to 65535, such as 3.1.0; {newest}"
                ),
            ),
        ] {
            let found = match service.find_release(asked) {
                Ok(it) => it.note.map_or(it.version.to_string(), |note| format!("{}: {note}", it.version)),
                Err(error) => error.to_string(),
            };
            assert_eq!(found, expected, "{asked}");
        }
    }

    #[test]
    fn few_releases_are_listed_as_well() {
        let error = |versions: &[&str]| service(versions).find_release("9").unwrap_err().to_string();
        assert!(error(&["4.0"]).ends_with("the newest are 4.0"));
        assert!(error(&["3.0", "4.0"]).ends_with("the newest are 3.0 and 4.0"));
    }
}
