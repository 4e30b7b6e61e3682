//! Parsers of single values.

use jiff::tz::TimeZone;
use zstack_runtime::Timestamp;

use crate::model::{Moment, Uuid};
use crate::uuids;

/// Parses a number of bytes: `8GiB`, `512 MiB`, `1048576`.
pub(super) fn size(text: &str) -> Result<i64, String> {
    const UNITS: &[(&str, i64)] =
        &[("", 1), ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)];
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim();
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let bytes =
        number.parse::<i64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(|| {
        let hint = match unit {
            "K" | "M" | "G" | "T" | "KB" | "MB" | "GB" | "TB" if !number.is_empty() => {
                format!("; write `{number}{}iB`", unit.trim_end_matches('B'))
            }
            _ => " such as 8GiB or 512MiB".to_owned(),
        };
        format!("`{text}` is not a size{hint}")
    })
}

/// Parses a date and time such as `2024-05-01 10:00:00`, in UTC, or `2024-05-01T10:00:00.125Z`.
pub(super) fn moment(text: &str) -> Result<Moment, String> {
    let local = || text.parse::<Timestamp>().ok()?.to_instant(&TimeZone::UTC).ok();
    let time = text.parse::<jiff::Timestamp>().ok().or_else(local);
    time.map(Into::into).ok_or_else(|| format!("`{text}` is not a date and time such as 2024-05-01 10:00:00"))
}

/// Checks the format of a UUID.
pub(super) fn uuid(text: &str) -> Result<Uuid, String> {
    if uuids::is_valid(text) {
        return Ok(text.to_owned());
    }
    let mut fixed = text.to_lowercase();
    fixed.retain(|character| character != '-');
    let hint = if uuids::is_valid(&fixed) {
        format!("; write `{fixed}`")
    } else {
        "; write 32 lower-case hexadecimal digits, of which the 13th is 1 to 5 and the 17th is 8, 9, a or b, or leave \
         the field out to derive the UUID from the name"
            .to_owned()
    };
    Err(format!("`{text}` is not a UUID{hint}"))
}

/// Parses a MAC address such as `fa:00:00:00:01:00`.
pub(super) fn mac(text: &str) -> Result<String, String> {
    let lower = text.to_lowercase();
    let is_octet = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_mac = lower.split(':').count() == 6 && lower.split(':').all(is_octet);
    if is_mac { Ok(lower) } else { Err(format!("`{text}` is not a MAC address such as fa:00:00:00:01:00")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_sizes_with_binary_units() {
        assert_eq!(size("8GiB"), Ok(8 << 30));
        assert_eq!(size("512 MiB"), Ok(512 << 20));
        assert_eq!(size("1048576"), Ok(1 << 20));
        assert_eq!(size("8GB"), Err("`8GB` is not a size; write `8GiB`".to_owned()));
        for wrong in ["", "0", "-1", "GiB", "1.5GiB", "99999999999999TiB", "8 PiB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn suggests_a_uuid_without_dashes() {
        let error = uuid("36C27E8F-F05C-4780-BF6D-2FA65700F22E").unwrap_err();
        assert!(error.ends_with("write `36c27e8ff05c4780bf6d2fa65700f22e`"), "{error}");
    }

    #[test]
    fn parses_moments_and_mac_addresses() {
        assert_eq!(moment("1970-01-01 00:00:01"), Ok(Moment::from_millis(1000)));
        assert!(moment("yesterday").is_err());
        assert_eq!(mac("FA:00:00:00:01:00").as_deref(), Ok("fa:00:00:00:01:00"));
        assert!(mac("fa:00:00:00:01").is_err());
    }
}
