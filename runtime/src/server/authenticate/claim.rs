use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::access_key::Signed;
use super::credentials::Credentials;
use crate::Auth;
use crate::server::rejection::Rejection;

/// Who the caller claims to be, as read from `Authorization`.
pub(super) enum Claim {
    /// Credentials that the handler checks, or none where the operation takes
    /// none.
    Credentials(Credentials),
    /// An access key, whose signature has to be checked.
    Signed(Signed),
}

impl Claim {
    pub(super) fn read(auth: Auth, headers: &HeaderMap) -> Result<Self, Rejection> {
        if auth == Auth::None {
            return Ok(Self::Credentials(Credentials::None));
        }
        let refuse = |problem| {
            Err(Rejection::bad_request(format!("{problem}: send `Authorization: OAuth <session uuid>`")))
        };
        let Some(value) = headers.get(AUTHORIZATION) else {
            return refuse("the header Authorization is missing");
        };
        let Ok(value) = value.to_str() else {
            return refuse("the header Authorization is no ASCII text");
        };
        let value = value.trim();
        if let Some(session) = value.strip_prefix("OAuth") {
            return Ok(Self::Credentials(Credentials::Session(session.trim().to_owned())));
        }
        if let Some(rest) = value.strip_prefix("ZStack") {
            return Signed::read(rest, headers).map(Self::Signed);
        }
        refuse("the scheme of the header Authorization is unknown")
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn sessions_are_read_as_the_platform_does() {
        let read = |value: &str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
            Claim::read(Auth::Session, &headers).map(|claim| match claim {
                Claim::Credentials(credentials) => credentials.session().unwrap().to_owned(),
                Claim::Signed(signed) => panic!("{signed:?}"),
            })
        };
        assert_eq!(read("OAuth abc").unwrap(), "abc");
        assert_eq!(read("OAuthabc").unwrap(), "abc");
        assert_eq!(read("  OAuth   abc ").unwrap(), "abc");
        assert_eq!(read("OAuth").unwrap(), "");
        assert_eq!(read("OAuthOAuth").unwrap(), "OAuth");
        for other in ["Bearer abc", "oauth abc", "", "abc OAuth", "ZStack a:b"] {
            assert_eq!(read(other).unwrap_err().status(), 400, "{other}");
        }
        assert!(read("ZStack a:b").unwrap_err().to_string().contains("Date"));
    }
}
