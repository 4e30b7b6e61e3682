//! The calls that a client makes by itself: they need no session, and are
//! answered at once.

use tokio::time::Instant;

use super::answer::{self, Answer};
use super::connection::Connection;
use super::credentials::Credentials;
use super::error::Error;
use super::identity::LogOut;
use super::request;
use super::timer::after;
use crate::operation::Request;

impl Connection {
    /// Calls an operation that takes no session and is answered at once.
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
            account.forget(&session);
        }
        Ok(())
    }
}
