//! The stage that reads the credentials of a caller and checks the signature of an access key.
//! Handlers check whether a session is valid.

mod access_key;
mod credentials;
mod sessions;

use http::header::AUTHORIZATION;
use http::request::Parts;

pub use self::access_key::AccessKeys;
pub use self::credentials::Credentials;
pub use self::sessions::Sessions;

use self::access_key::Signed;
use super::outcome::Outcome;
use super::rejection::Rejection;
use crate::Auth;

/// Reads the credentials of a caller. The inner error is that of a failed look-up in `keys`.
pub(crate) async fn authenticate(
    keys: Option<&dyn AccessKeys>,
    auth: Auth,
    request: &Parts,
) -> Result<Outcome<Credentials>, Rejection> {
    if auth == Auth::None {
        return Ok(Ok(Credentials::None));
    }
    let value = request.headers.get(AUTHORIZATION).map(|value| value.to_str().map(str::trim));
    let problem = match value {
        None => "the header Authorization is missing",
        Some(Err(_)) => "the header Authorization must be ASCII text",
        Some(Ok(value)) => {
            if let Some(session) = value.strip_prefix("OAuth") {
                return Ok(Ok(Credentials::Session(session.trim().to_owned())));
            }
            if let Some(rest) = value.strip_prefix("ZStack") {
                let signed = Signed::read(rest, &request.headers)?;
                // Boxed, since most callers have a session.
                return Box::pin(verify(keys, signed, request)).await;
            }
            "the scheme of the header Authorization is unknown"
        }
    };
    Err(Rejection::bad_request(format!("{problem}: send `Authorization: OAuth <session uuid>`")))
}

/// Checks the signature against the secret of the access key in the request.
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

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[tokio::test]
    async fn reads_sessions_like_the_platform() {
        let read = async |value: &str| {
            let (parts, ()) = Request::get("/").header(AUTHORIZATION, value).body(()).unwrap().into_parts();
            let authenticated = authenticate(None, Auth::Session, &parts).await;
            authenticated.map(|credentials| credentials.unwrap().session().unwrap().to_owned())
        };
        assert_eq!(read("OAuth abc").await.unwrap(), "abc");
        assert_eq!(read("OAuthabc").await.unwrap(), "abc");
        assert_eq!(read("  OAuth   abc ").await.unwrap(), "abc");
        assert_eq!(read("OAuth").await.unwrap(), "");
        assert_eq!(read("OAuthOAuth").await.unwrap(), "OAuth");
        for other in ["Bearer abc", "oauth abc", "", "abc OAuth", "ZStack a:b"] {
            assert_eq!(read(other).await.unwrap_err().status(), 400, "{other}");
        }
        assert!(read("ZStack a:b").await.unwrap_err().to_string().contains("Date"));
    }
}
