//! Finding out which release a server is.

use super::client::Client;
use super::error::{Error, ErrorKind};
use super::excerpt::{excerpt, one_line};
use super::exchange::after;
use super::identity::GetVersion;
use crate::Version;

impl Client {
    /// Asks the server for its release, and takes it for that from now on, as
    /// [`ClientBuilder::api_version`](super::ClientBuilder::api_version)
    /// would: all clones of this client refuse then what the server does not
    /// have. Needs no session. May be asked again, after an upgrade.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`]; [`ErrorKind::Unreadable`] when the answer is no
    /// version. The client goes on as before then.
    pub async fn probe_version(&self) -> Result<Version, Error> {
        let until = self.deadline().and_then(after);
        let answer = self.exchange(GetVersion {}, until).await?;
        let Some(version) = release(&answer.version) else {
            let told = one_line(&excerpt(answer.version.as_bytes()));
            let problem = format!("the server says that its release is `{told}`, which is no version");
            return Err(Error::new(ErrorKind::Unreadable, problem));
        };
        self.shared.version.set(version);
        Ok(version)
    }
}

/// A release as platforms tell it, which may have something behind the
/// numbers: `5.2.1`, `4.7.0-beta`.
fn release(told: &str) -> Option<Version> {
    let told = told.trim();
    let end = told.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(told.len());
    told[..end].parse().ok()
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
