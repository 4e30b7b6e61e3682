//! The calls that a client makes by itself. They need no session, and are answered at once.

use tokio::time::Instant;

use super::answer::{self, Answer};
use super::connection::Connection;
use super::credentials::Credentials;
use super::error::{Error, ErrorKind};
use super::excerpt::{excerpt, one_line};
use super::identity::{GetVersion, LogOut};
use super::request;
use super::timer::after;
use crate::Version;
use crate::operation::Request;

impl Connection {
    /// Calls an operation that needs no session and is answered at once.
    pub(super) async fn exchange<R: Request>(
        &self,
        request: R,
        until: Option<Instant>,
    ) -> Result<R::Response, Error> {
        let operation = R::OPERATION;
        let subject = self.credentials.subject(operation).with_parameters(&request);
        let answered = async {
            let request = request::encode(&self.shared.base, operation, &request, self.version())?;
            let response = self.send(request, self.request_timeout(), until).await?;
            answer::first(response, None).and_then(Answer::into_reply)?.read::<R>()
        };
        answered.await.map_err(|error| error.about(&subject))
    }

    /// Ends the session on the server, if there is one.
    pub(super) async fn log_out(&self) -> Result<(), Error> {
        let Some(session) = self.credentials.session() else { return Ok(()) };
        let request = LogOut { session_uuid: session.to_string() };
        self.exchange(request, self.deadline().and_then(after)).await?;
        if let Credentials::Account(account) = &self.credentials {
            account.discard(&session);
        }
        Ok(())
    }

    /// Asks the server for its release, and sets it for all clones.
    pub(super) async fn probe_version(&self) -> Result<Version, Error> {
        let until = self.deadline().and_then(after);
        let answer = self.exchange(GetVersion {}, until).await?;
        let Some(version) = parse_release(&answer.version) else {
            let text = one_line(&excerpt(answer.version.as_bytes()));
            let problem = format!("the server reported `{text}` as its release, which is not a version");
            return Err(Error::new(ErrorKind::Unreadable, problem));
        };
        self.shared.version.set(version);
        Ok(version)
    }
}

/// Parses a release as platforms report it: the numbers may have a suffix, as in `4.7.0-beta`.
fn parse_release(text: &str) -> Option<Version> {
    let text = text.trim();
    let end =
        text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_releases_with_a_suffix() {
        for (text, release) in [
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
            assert_eq!(parse_release(text), release.map(Version::new), "{text:?}");
        }
    }
}
