//! Closing of a release: its conditions and the resulting files.

use crate::changelog::Changelog;
use zstack_model::lock::{Lock, digests};
use zstack_model::positions::{Path, Spot, locate};
use zstack_model::yaml::read;
use zstack_model::{Model, ReleaseState, Version};

/// Why a release cannot be closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseError {
    /// The release is not declared.
    #[error("`api.yaml` does not declare release {0}; unpublished releases: {1}")]
    Undeclared(Version, String),
    /// The release is published.
    #[error("release {0} is already published; its API is fixed")]
    Published(Version),
    /// The release is equal to the one before.
    #[error("release {0} changes nothing; check the version")]
    Empty(Version),
    /// The text of `api.yaml` does not belong to the model.
    #[error("cannot find release {0} in `api.yaml`; it may have changed meanwhile, so run the command again")]
    Text(Version),
}

/// The files to write when a release is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The new text of `api.yaml`.
    pub api: String,
    /// The lock, with the release in it.
    pub lock: Lock,
    /// The changelog of all published releases, including this one.
    pub changelog: Changelog,
}

/// Closes a release of a model. `api` is the text of `api.yaml`.
/// [`lint_releasing`](zstack_model::load::lint_releasing) checks the other conditions.
///
/// # Errors
///
/// When the release cannot be closed.
pub fn close(model: &Model, version: &Version, api: &str, lock: &Lock) -> Result<Closed, CloseError> {
    let releases = &model.service.releases;
    let Some((index, release)) = releases.iter().enumerate().find(|(_, release)| release.version == *version)
    else {
        let open = releases.iter().filter(|release| release.state == ReleaseState::Next);
        let open: Vec<_> = open.map(|release| release.version.to_string()).collect();
        let open = if open.is_empty() { "none".to_owned() } else { open.join(", ") };
        return Err(CloseError::Undeclared(*version, open));
    };
    if release.state == ReleaseState::Released {
        return Err(CloseError::Published(*version));
    }
    let mut lock = lock.clone();
    lock.close(model, [&release.version]);
    let before = releases.iter().map(|release| &release.version).filter(|other| *other < version).max();
    if before.and_then(|before| digests(model, &[before]).pop()).as_deref() == lock.get(version) {
        return Err(CloseError::Empty(*version));
    }
    let api = set_released(api, index).ok_or(CloseError::Text(*version))?;
    let mut model = model.clone();
    model.service.releases[index].state = ReleaseState::Released;
    Ok(Closed { api, lock, changelog: Changelog::of(&model) })
}

/// Replaces the state of a release by `released` and leaves the rest of the text unchanged.
fn set_released(api: &str, index: usize) -> Option<String> {
    let state = Path::root().key("releases").index(index).key("state");
    let span = locate(&read(api).ok()?, &state, &Spot::Value);
    let mut offset = 0;
    for (number, line) in (1..).zip(api.split_inclusive('\n')) {
        if number == span.start.line && span.is_on_one_line() {
            let byte = |column: usize| line.char_indices().nth(column - 1).map_or(line.len(), |(at, _)| at);
            let (start, end) = (offset + byte(span.start.column), offset + byte(span.end.column));
            return Some([&api[..start], "released", &api[end..]].concat());
        }
        offset += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_only_the_state() {
        for (api, closed) in [
            (
                "title: é\nreleases:\n  - {version: \"1\"}\n  - {version: \"2\", state: next} # soon\n",
                "title: é\nreleases:\n  - {version: \"1\"}\n  - {version: \"2\", state: released} # soon\n",
            ),
            (
                "releases:\r\n  - version: \"1\"\r\n  - state: 'next'\r\n    version: \"2\"",
                "releases:\r\n  - version: \"1\"\r\n  - state: released\r\n    version: \"2\"",
            ),
        ] {
            assert_eq!(set_released(api, 1).as_deref(), Some(closed));
        }
    }
}
