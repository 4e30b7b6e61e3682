//! Timestamps as the wire has them: `Nov 14, 2017 10:20:57 PM`.
//!
//! The spec takes the form that servers write, the runtime all that it reads. The days of a month are
//! those of `jiff`, by which the runtime reads them; `conformance` holds both to the same texts.

use jiff::civil::DateTime;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Whether a text is a timestamp.
pub fn is_timestamp(text: &str) -> bool {
    date_time(text).is_some()
}

fn date_time(text: &str) -> Option<DateTime> {
    let mut words = text.split(' ');
    let (month, day) = (words.next()?, words.next()?);
    let (year, time, half) = (words.next()?, words.next()?, words.next()?);
    let (month, _) = (1..).zip(MONTHS).find(|(_, name)| *name == month)?;
    let day = short(day.strip_suffix(',')?)?;
    let year = (year.len() == 4 && is_number(year)).then(|| year.parse().ok())??;
    let mut time = time.split(':');
    let (hour, minute, second) = (short(time.next()?)?, long(time.next()?)?, long(time.next()?)?);
    let ends = words.next().is_none() && time.next().is_none() && matches!(half, "AM" | "PM");
    let is_right = ends && (1..=9999).contains(&year) && (1..=12).contains(&hour);
    let hour = hour % 12 + if half == "PM" { 12 } else { 0 };
    is_right.then(|| DateTime::new(year, month, day, hour, minute, second, 0).ok())?
}

/// One or two digits, without a zero in front.
fn short(text: &str) -> Option<i8> {
    let fits = is_number(text) && text.len() <= 2 && !text.starts_with('0');
    fits.then(|| text.parse().ok())?
}

/// Two digits.
fn long(text: &str) -> Option<i8> {
    let fits = is_number(text) && text.len() == 2;
    fits.then(|| text.parse().ok())?
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn timestamps() {
        for text in [
            "Nov 14, 2017 10:20:57 PM",
            "Jan 1, 1970 12:00:00 AM",
            "Feb 29, 2020 1:02:03 AM",
            "Feb 29, 2000 12:59:59 PM",
            "Dec 31, 9999 11:59:59 PM",
            "Jan 1, 0001 1:00:00 AM",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "",
            "2017-11-14T22:20:57Z",
            "Nov 14, 2017, 10:20:57 PM",
            "Nov 14, 2017 22:20:57 PM",
            "Nov 14, 2017 0:20:57 PM",
            "Nov 14, 2017 10:20:57 pm",
            "Nov 14, 2017 10:20:57",
            "Nov 14, 2017 10:20 PM",
            "Nov 31, 2017 10:20:57 PM",
            "Nov 04, 2017 10:20:57 PM",
            "November 14, 2017 10:20:57 PM",
            "Nov 14, 17 10:20:57 PM",
            "Nov 14, 2017 10:20:57 PM ",
            "Nov 14, 2017 10:+0:57 PM",
            "Feb 29, 2017 10:20:57 PM",
            "Feb 29, 1900 10:20:57 PM",
            "Nov 14, 0000 10:20:57 PM",
            "Nov 14, 2017 10:60:57 PM",
            "Nov 14, 2017 10:20:60 PM",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
