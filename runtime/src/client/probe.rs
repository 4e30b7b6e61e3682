//! The release of a server.

use super::connection::Connection;
use super::error::{Error, ErrorKind};
use super::excerpt::{excerpt, one_line};
use super::identity::GetVersion;
use super::timer::after;
use crate::Version;

impl Connection {
    /// Asks the server for its release, which all clones assume from then on.
    pub(super) async fn probe_version(&self) -> Result<Version, Error> {
        let until = self.deadline().and_then(after);
        let answer = self.exchange(GetVersion {}, until).await?;
        let Some(version) = release(&answer.version) else {
            let text = one_line(&excerpt(answer.version.as_bytes()));
            let problem = format!("the server says that its release is `{text}`, which is no version");
            return Err(Error::new(ErrorKind::Unreadable, problem));
        };
        self.shared.version.set(version);
        Ok(version)
    }
}

/// Reads a release as platforms report it: the numbers may have a suffix, as in
/// `4.7.0-beta`.
fn release(text: &str) -> Option<Version> {
    let text = text.trim();
    let end = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_as_platforms_tell_them() {
        for (told, release) in [
            ("5.2.1", Some("5.2.1")),
            (" 4.8.0\n", Some("4.8.0")),
            ("4.7.0-beta.2", Some("4.7.0")),
            ("4.3.12 (build 7)", Some("4.3.12")),
            ("", None),
            ("unknown", None),
            ("zsv 4.1.6", None),
            ("4.", None),
            ("1.2.3.4.5", None),
        ] {
            assert_eq!(super::release(told), release.map(Version::new), "{told:?}");
        }
    }
}
