//! Requests that are signed with an access key instead of having a session.

use http::header::DATE;
use http::{HeaderMap, Method};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};
use subtle::ConstantTimeEq as _;

use crate::server::outcome::{BoxFuture, Outcome};
use crate::server::rejection::Rejection;
use crate::signature::{signature, signed_path};

/// Looks up access keys.
///
/// The runtime checks signatures; an implementation provides the secrets. The handler of a request
/// with a valid signature gets [`Credentials::AccessKey`](crate::server::Credentials).
///
/// ```
/// use std::collections::HashMap;
/// use zstack_runtime::server::{AccessKeys, BoxFuture, Outcome};
///
/// /// The access keys of a configuration file: secrets by ID.
/// struct ConfiguredKeys(HashMap<String, String>);
///
/// impl AccessKeys for ConfiguredKeys {
///     fn secret<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Outcome<Option<String>>> {
///         Box::pin(async { Ok(self.0.get(id).cloned()) })
///     }
/// }
/// ```
pub trait AccessKeys: Send + Sync + 'static {
    /// Looks up the secret of the key with this ID; `None` if there is no such key, or it is
    /// disabled.
    ///
    /// An error means that the look-up failed.
    fn secret<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Outcome<Option<String>>>;

    /// Returns the current time in the server's own zone; the dates of requests are compared with
    /// it, in this zone and in UTC. Default: the system's clock.
    fn now(&self) -> Zoned {
        Zoned::now()
    }

    /// Returns the command line option that sets the zone of this clock, such as `--zone`, for the
    /// error about a date. Default: none.
    fn zone_option(&self) -> Option<&str> {
        None
    }
}

/// The largest difference between the clocks of client and server.
const SKEW: SignedDuration = SignedDuration::from_mins(15);

/// The signature in the headers of a request.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) id: String,
    signature: String,
    date: String,
}

impl Signed {
    /// Reads the part of `Authorization` after `ZStack`.
    pub(super) fn read(rest: &str, headers: &HeaderMap) -> Result<Self, Rejection> {
        let parts: Vec<_> = rest.trim().split(':').collect();
        let [id, signature] = parts[..] else {
            return Err(Rejection::bad_request(
                "the header Authorization must be `ZStack <AccessKeyID>:<signature>`",
            ));
        };
        let date = headers.get(DATE).and_then(|header| header.to_str().ok());
        let date = date.ok_or_else(|| {
            Rejection::bad_request("a request signed with an access key needs the header Date")
        })?;
        Ok(Self { id: id.to_owned(), signature: signature.to_owned(), date: date.to_owned() })
    }

    /// Checks that the request was signed within 15 minutes of now; `zone_option` is for the error.
    pub(super) fn check_date(&self, now: &Zoned, zone_option: Option<&str>) -> Result<(), Rejection> {
        let (written, zone) = read_date(&self.date).ok_or_else(|| {
            Rejection::bad_request(format!(
                "the header Date cannot be read: `{}`; write it like `Sat, 21 Nov 2026 00:03:23 UTC`",
                self.date
            ))
        })?;
        // Clients write their local time and any name for their zone; the platform ignores the
        // name.
        let zones = [Some(TimeZone::UTC), Some(now.time_zone().clone()), zone];
        let near = |zone: &TimeZone| {
            let apart = zone.to_datetime(now.timestamp()).duration_since(written);
            apart.abs() <= SKEW
        };
        if zones.iter().flatten().any(near) {
            return Ok(());
        }
        // The Go SDK searches for the first word.
        Err(Rejection::forbidden(format!(
            "requestTimeTooSkewed: the header Date is `{}`, more than {} minutes from the clock of this server, \
             which shows {}{}",
            self.date,
            SKEW.as_mins(),
            clock_text(now),
            advice(written, now, zone_option),
        )))
    }

    /// Checks that the request was signed with this secret.
    pub(super) fn check_signature(
        &self,
        secret: Option<&str>,
        method: &Method,
        path: &str,
    ) -> Result<(), Rejection> {
        let Some(secret) = secret else {
            return Err(Rejection::forbidden(format!(
                "the access key id {} does not exist, or is disabled",
                self.id
            )));
        };
        let signed = signed_path(path);
        let expected = signature(secret, method.as_str(), &self.date, &signed);
        // In constant time: a caller must not measure how much of a signature is correct.
        if bool::from(expected.as_bytes().ct_eq(self.signature.as_bytes())) {
            Ok(())
        } else {
            Err(Rejection::forbidden(format!(
                "wrong accessKey signature: sign three lines: `{method}`, the header Date, and `{signed}`"
            )))
        }
    }
}

/// Formats a time in its zone and in UTC.
fn clock_text(now: &Zoned) -> String {
    const FORM: &str = "%a, %d %b %Y %H:%M:%S";
    let here = now.strftime(FORM);
    match now.time_zone().iana_name() {
        Some("UTC" | "Etc/UTC") => format!("`{here}` in the zone UTC"),
        name => {
            let offset = now.offset().to_string();
            let utc = now.with_time_zone(TimeZone::UTC);
            format!(
                "`{here}` in the zone {}, which is `{}` in UTC",
                name.unwrap_or(&offset),
                utc.strftime(FORM)
            )
        }
    }
}

/// Returns advice about a date outside of the limit. One that is off by a difference of zones was
/// probably written by a clock in another zone.
fn advice(written: DateTime, now: &Zoned, zone_option: Option<&str>) -> String {
    const STEP: i64 = 30 * 60;
    let apart = written.duration_since(TimeZone::UTC.to_datetime(now.timestamp())).as_secs();
    let nearest = apart.saturating_add(STEP / 2).div_euclid(STEP).saturating_mul(STEP);
    let is_zone = (apart - nearest).abs() <= 60 && (-12 * 3600..=14 * 3600).contains(&nearest);
    if !is_zone {
        return "; set the clock of the client".to_owned();
    }
    let sign = if nearest < 0 { '-' } else { '+' };
    let (hours, minutes) = (nearest.abs() / 3600, nearest.abs() / 60 % 60);
    let option = zone_option.map_or_else(String::new, |option| {
        format!(", or start the server with the zone of its clients, such as `{option} Asia/Shanghai`")
    });
    format!(
        "; the date fits a clock in a zone at UTC{sign}{hours:02}:{minutes:02}, so write it in UTC, or with the full \
         name of its zone, such as `Asia/Shanghai`{option}"
    )
}

/// Reads a date such as `Sat, 21 Nov 2026 00:03:23 Etc/UTC`: the local time, and the zone if its
/// name is known.
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

    fn parse_signed(rest: &str, date: &str) -> Result<Signed, Rejection> {
        let date = HeaderValue::from_str(date).unwrap();
        Signed::read(rest, &HeaderMap::from_iter([(HeaderName::from_static("date"), date)]))
    }

    #[test]
    fn accepts_the_signature_of_an_official_client() {
        let date = "Sat, 21 Nov 2026 00:03:23 Etc/UTC";
        let signed = parse_signed(" key:tsP/B/t+Bwwhqd+EPtr3jit5aUo=", date).unwrap();
        assert_eq!(signed.id, "key");
        let check = |secret, method, path| {
            signed.check_signature(secret, &method, path).map_err(|rejection| rejection.to_string())
        };
        check(Some("SECRET"), Method::GET, PATH).unwrap();
        check(Some("SECRET"), Method::GET, "/zstack/v1/images/iso/%69so1/vm-candidates").unwrap();
        for (secret, method, path, reason) in [
            (None, Method::GET, PATH, "access key id"),
            (Some("secret"), Method::GET, PATH, "wrong accessKey signature"),
            (Some("SECRET"), Method::PUT, PATH, "wrong accessKey signature"),
            (Some("SECRET"), Method::GET, "/zstack/v1/images", "wrong accessKey signature"),
        ] {
            assert!(check(secret, method, path).unwrap_err().contains(reason), "{reason}");
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
            // Local time, with any name.
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
            let checked = parse_signed("key:x", date).unwrap().check_date(&now, None);
            assert_eq!(checked.err().map(|error| error.status().as_u16()), status, "{date}");
        }
    }

    #[test]
    fn advises_on_clocks_in_other_zones() {
        const ADVICE: &str = "so write it in UTC, or with the full name of its zone, such as `Asia/Shanghai`";
        const OPTION: &str =
            ", or start the server with the zone of its clients, such as `--zone Asia/Shanghai`";
        let utc = "`Sat, 21 Nov 2026 00:03:23` in the zone UTC";
        let india = "`Sat, 21 Nov 2026 05:33:23` in the zone Asia/Kolkata, which is `Sat, 21 Nov 2026 00:03:23` in UTC";
        for (zone, date, shows, advice) in [
            (
                "UTC",
                "Sat, 21 Nov 2026 08:03:50 CST",
                utc,
                format!("the date fits a clock in a zone at UTC+08:00, {ADVICE}{OPTION}"),
            ),
            (
                "UTC",
                "Fri, 20 Nov 2026 14:33:23 NST",
                utc,
                format!("the date fits a clock in a zone at UTC-09:30, {ADVICE}{OPTION}"),
            ),
            (
                "Asia/Kolkata",
                "Sat, 21 Nov 2026 08:03:00 CST",
                india,
                format!("the date fits a clock in a zone at UTC+08:00, {ADVICE}{OPTION}"),
            ),
            ("UTC", "Sat, 21 Nov 2026 08:13:23 CST", utc, "set the clock of the client".to_owned()),
            ("UTC", "Mon, 23 Nov 2026 00:03:23 GMT", utc, "set the clock of the client".to_owned()),
            ("UTC", "Fri, 01 Jan 0001 00:03:23 GMT", utc, "set the clock of the client".to_owned()),
        ] {
            let now: Zoned = "2026-11-21T00:03:23Z[UTC]".parse().unwrap();
            let now = now.in_tz(zone).unwrap();
            let refused = parse_signed("key:x", date).unwrap().check_date(&now, Some("--zone")).unwrap_err();
            let expected = format!(
                "requestTimeTooSkewed: the header Date is `{date}`, more than 15 minutes from the clock of this \
                 server, which shows {shows}; {advice}"
            );
            assert_eq!((refused.status().as_u16(), refused.to_string()), (403, expected));
        }
        // Without an option, the advice has none.
        let now: Zoned = "2026-11-21T00:03:23Z[UTC]".parse().unwrap();
        let refused = parse_signed("key:x", "Sat, 21 Nov 2026 08:03:50 CST").unwrap().check_date(&now, None);
        assert!(refused.unwrap_err().to_string().ends_with(ADVICE));
    }

    #[test]
    fn refuses_malformed_authorization() {
        for rest in ["", " key", " key:", ":"] {
            let read = parse_signed(rest, "");
            assert_eq!(read.is_ok(), rest.contains(':'), "{rest}");
        }
        assert_eq!(parse_signed(" key:a:b", "").unwrap_err().status(), 400);
        assert_eq!(Signed::read(" key:a", &HeaderMap::new()).unwrap_err().status(), 400);
    }
}
