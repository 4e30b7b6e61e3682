//! The stage that reads the credentials of a caller, and checks the signature of
//! an access key. Whether a session is valid is for the handler to check.

mod access_key;
mod claim;
mod credentials;
mod sessions;

use http::request::Parts;

pub use self::access_key::AccessKeys;
pub use self::credentials::Credentials;
pub use self::sessions::Sessions;

use self::access_key::Signed;
use self::claim::Claim;
use super::outcome::Outcome;
use super::rejection::Rejection;
use crate::Auth;

/// Reads the credentials of a caller. The inner error is that of `keys`, which
/// cannot be asked.
pub(crate) async fn authenticate(
    keys: Option<&dyn AccessKeys>,
    auth: Auth,
    request: &Parts,
) -> Result<Outcome<Credentials>, Rejection> {
    match Claim::read(auth, &request.headers)? {
        Claim::Credentials(credentials) => Ok(Ok(credentials)),
        // On the heap, since most callers have a session.
        Claim::Signed(signed) => Box::pin(verify(keys, signed, request)).await,
    }
}

/// Checks that the caller has the access key that its request names.
async fn verify(
    keys: Option<&dyn AccessKeys>,
    signed: Signed,
    request: &Parts,
) -> Result<Outcome<Credentials>, Rejection> {
    let Some(keys) = keys else {
        return Err(Rejection::bad_request(
            "access keys are not supported here: send `Authorization: OAuth <session uuid>`",
        ));
    };
    signed.check_date(&keys.now(), keys.zone_option())?;
    let secret = match keys.secret(&signed.id).await {
        Ok(secret) => secret,
        Err(error) => return Ok(Err(error)),
    };
    signed.check_signature(secret.as_deref(), &request.method, request.uri.path())?;
    Ok(Ok(Credentials::AccessKey(signed.id)))
}
