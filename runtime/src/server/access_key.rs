//! Requests that are signed with an access key, in place of a session.

use http::header::DATE;
use http::{HeaderMap, Method};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};
use subtle::ConstantTimeEq as _;

use super::rejection::Rejection;
use super::routes::{BoxFuture, Outcome};
use crate::signature::{signature, signed_path};

/// Where a server finds access keys.
///
/// The runtime reads what a request is signed with, and compares; whoever
/// implements this knows the secrets. A request whose signature is right comes
/// to its handler with [`Credentials::AccessKey`](super::Credentials).
pub trait AccessKeys: Send + Sync + 'static {
    /// The secret of the key of this ID; `None` where there is no such key, or
    /// it may not be used.
    ///
    /// The future ends with an error when that cannot be found out.
    fn secret<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Outcome<Option<String>>>;

    /// What the dates of requests are compared with: this clock in its own
    /// zone, and in UTC. The system's, unless said otherwise.
    fn now(&self) -> Zoned {
        Zoned::now()
    }
}

/// How far the clocks of both sides may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(15);

/// What a request says to be signed with.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) id: String,
    signature: String,
    date: String,
}

impl Signed {
    /// From what follows the word `ZStack`.
    pub(crate) fn read(rest: &str, headers: &HeaderMap) -> Result<Self, Rejection> {
        let parts: Vec<_> = rest.trim().split(':').collect();
        let [id, signature] = parts[..] else {
            return Err(Rejection::bad_request(
                "the header Authorization must be `ZStack <AccessKeyID>:<signature>`",
            ));
        };
        let date = headers.get(DATE).and_then(|it| it.to_str().ok());
        let date = date.ok_or_else(|| {
            Rejection::bad_request("a request signed with an access key needs the header Date")
        })?;
        Ok(Self { id: id.to_owned(), signature: signature.to_owned(), date: date.to_owned() })
    }

    /// Whether the request was signed about now.
    pub(crate) fn check_date(&self, now: &Zoned) -> Result<(), Rejection> {
        let (written, zone) = read_date(&self.date).ok_or_else(|| {
            Rejection::bad_request(format!(
                "the header Date cannot be read: `{}`; write it like `Sat, 21 Nov 2026 00:03:23 UTC`",
                self.date
            ))
        })?;
        // Clients write their own wall clock and whatever name they have for
        // their zone, which the platform does not look at.
        let zones = [Some(TimeZone::UTC), Some(now.time_zone().clone()), zone];
        let near = |zone: &TimeZone| {
            let apart = zone.to_datetime(now.timestamp()).duration_since(written);
            apart.abs() <= SKEW
        };
        if zones.iter().flatten().any(near) {
            return Ok(());
        }
        Err(Rejection::forbidden(format!(
            "requestTimeTooSkewed: the header Date is `{}`, more than {} minutes from the server's clock",
            self.date,
            SKEW.as_mins()
        )))
    }

    /// Whether the request was signed with this secret.
    pub(crate) fn check(&self, secret: Option<&str>, method: &Method, path: &str) -> Result<(), Rejection> {
        let Some(secret) = secret else {
            return Err(Rejection::forbidden(format!(
                "there is no access key id {}, or it may not be used",
                self.id
            )));
        };
        let signed = signed_path(path);
        let right = signature(secret, method.as_str(), &self.date, &signed);
        // However much of it is right, comparing takes as long.
        if bool::from(right.as_bytes().ct_eq(self.signature.as_bytes())) {
            Ok(())
        } else {
            Err(Rejection::forbidden(format!(
                "wrong accessKey signature: it must be made of `{method}`, the header Date and `{signed}`, each on a \
                 line of its own"
            )))
        }
    }
}

/// `Sat, 21 Nov 2026 00:03:23 Etc/UTC`: the wall clock, and the zone if it is
/// one that has a name here.
fn read_date(text: &str) -> Option<(DateTime, Option<TimeZone>)> {
    let after_day = text.split_once(',').map_or(text, |(_, rest)| rest);
    let words: Vec<_> = after_day.split_whitespace().collect();
    let (clock, zone) = match words[..] {
        [day, month, year, time] => ([day, month, year, time], None),
        [day, month, year, time, zone] => ([day, month, year, time], TimeZone::get(zone).ok()),
        _ => return None,
    };
    let clock = jiff::fmt::strtime::parse("%d %b %Y %H:%M:%S", clock.join(" ")).ok()?;
    Some((clock.to_datetime().ok()?, zone))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::HeaderName;

    use super::*;

    const PATH: &str = "/zstack/v1/images/iso/iso1/vm-candidates";

    fn signed(rest: &str, date: &str) -> Result<Signed, Rejection> {
        let date = HeaderValue::from_str(date).unwrap();
        Signed::read(rest, &HeaderMap::from_iter([(HeaderName::from_static("date"), date)]))
    }

    #[test]
    fn the_signature_of_an_official_client_is_right() {
        let date = "Sat, 21 Nov 2026 00:03:23 Etc/UTC";
        let signed = signed(" key:tsP/B/t+Bwwhqd+EPtr3jit5aUo=", date).unwrap();
        assert_eq!(signed.id, "key");
        let check = |secret, method, path| signed.check(secret, &method, path).map_err(|it| it.to_string());
        check(Some("SECRET"), Method::GET, PATH).unwrap();
        check(Some("SECRET"), Method::GET, "/zstack/v1/images/iso/%69so1/vm-candidates").unwrap();
        for (secret, method, path, said) in [
            (None, Method::GET, PATH, "access key id"),
            (Some("secret"), Method::GET, PATH, "wrong accessKey signature"),
            (Some("SECRET"), Method::PUT, PATH, "wrong accessKey signature"),
            (Some("SECRET"), Method::GET, "/zstack/v1/images", "wrong accessKey signature"),
        ] {
            assert!(check(secret, method, path).unwrap_err().contains(said), "{said}");
        }
    }

    #[test]
    fn clocks_may_be_fifteen_minutes_apart_in_either_zone() {
        let now: Zoned = "2026-11-21T08:03:23+08:00[Asia/Shanghai]".parse().unwrap();
        for (date, status) in [
            ("Sat, 21 Nov 2026 00:03:23 Etc/UTC", None),
            ("Sat, 21 Nov 2026 00:18:23 GMT", None),
            ("Fri, 20 Nov 2026 23:48:23 GMT", None),
            ("Sat, 21 Nov 2026 00:18:24 GMT", Some(403)),
            ("Fri, 20 Nov 2026 23:48:22 GMT", Some(403)),
            // Local time, by whatever name.
            ("Sat, 21 Nov 2026 08:03:23 CST", None),
            ("Sat, 21 Nov 2026 08:03:23 Asia/Shanghai", None),
            ("21 Nov 2026 08:03:23", None),
            // The client's own zone, where it has a name.
            ("Fri, 20 Nov 2026 19:03:23 America/New_York", None),
            ("Fri, 20 Nov 2026 19:03:23 XYZ", Some(403)),
            ("Sat, 21 Nov 2026", Some(400)),
            ("2026-11-21T00:03:23Z", Some(400)),
            ("Sat, 31 Feb 2026 00:03:23 GMT", Some(400)),
            ("", Some(400)),
        ] {
            let checked = signed("key:x", date).unwrap().check_date(&now);
            assert_eq!(checked.err().map(|it| it.status().as_u16()), status, "{date}");
        }
    }

    #[test]
    fn what_is_not_a_key_and_a_signature_is_refused() {
        for rest in ["", " key", " key:", ":"] {
            let read = signed(rest, "");
            assert_eq!(read.is_ok(), rest.contains(':'), "{rest}");
        }
        assert_eq!(signed(" key:a:b", "").unwrap_err().status(), 400);
        assert_eq!(Signed::read(" key:a", &HeaderMap::new()).unwrap_err().status(), 400);
    }
}
