//! Closing a release: what has to hold, and what is written then.

use crate::changelog::Changelog;
use zstack_model::lock::Lock;
use zstack_model::positions::{Path, Spot, locate};
use zstack_model::yaml::read;
use zstack_model::{Model, ReleaseState, Version};

/// Why a release cannot be closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CloseError {
    /// Nobody declared it.
    #[error("`api.yaml` declares no release {0}; releases that are being written: {1}")]
    Undeclared(Version, String),
    /// It is out already.
    #[error("release {0} is out already; what it has does not change any more")]
    Out(Version),
    /// The release has nothing that the one before it has not.
    #[error(
        "release {0} has nothing that the one before it has not, and loses nothing; is it the right one?"
    )]
    Empty(Version),
    /// The text of `api.yaml` is another one than that of the model.
    #[error("`api.yaml` does not say where release {0} is; was it changed meanwhile?")]
    Text(Version),
}

/// What to write when a release is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// `api.yaml`, with the release as released.
    pub api: String,
    /// The lock, with the release in it.
    pub lock: Lock,
    /// The changelog of all releases that are out, this one among them.
    pub changelog: Changelog,
}

/// Closes a release of a model. `api` is the text of `api.yaml`. What else has
/// to hold then is for [`lint_releasing`](zstack_model::load::lint_releasing) to see.
///
/// # Errors
///
/// When it is no release that can be closed now.
pub fn close(model: &Model, version: &Version, api: &str, lock: &Lock) -> Result<Closed, CloseError> {
    let releases = &model.service.releases;
    let Some((index, release)) = releases.iter().enumerate().find(|(_, it)| it.version == *version) else {
        let open = releases.iter().filter(|release| release.state == ReleaseState::Next);
        let open: Vec<_> = open.map(|open| open.version.to_string()).collect();
        let open = if open.is_empty() { "none".to_owned() } else { open.join(", ") };
        return Err(CloseError::Undeclared(version.clone(), open));
    };
    if release.state == ReleaseState::Released {
        return Err(CloseError::Out(version.clone()));
    }
    let mut lock = lock.clone();
    lock.close(model, [&release.version]);
    let before = releases.iter().map(|release| &release.version).filter(|it| *it < version).max();
    if before.and_then(|it| zstack_model::lock::digests(model, &[it]).pop()).as_deref() == lock.get(version) {
        return Err(CloseError::Empty(version.clone()));
    }
    // The model was made of this text.
    let api = released(api, index).ok_or_else(|| CloseError::Text(version.clone()))?;
    let mut model = model.clone();
    model.service.releases[index].state = ReleaseState::Released;
    Ok(Closed { api, lock, changelog: Changelog::of(&model) })
}

/// The text with `released` in place of `next`, and every other character as it
/// was.
fn released(api: &str, index: usize) -> Option<String> {
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
    fn nothing_but_the_state_is_written() {
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
            assert_eq!(released(api, 1).as_deref(), Some(closed));
        }
    }
}
