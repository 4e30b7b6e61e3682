use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// A date and time as the platform writes it: what a clock on the wall of the
/// server showed, to the second.
///
/// The wire form `Nov 14, 2017 10:20:57 PM` carries no zone, so neither does
/// this type: [`to_instant`](Self::to_instant) takes the zone that the server
/// is known to be in. Where a peer sends an ISO 8601 form with an offset, the
/// offset is kept and wins over that zone.
///
/// Read: the form above, with or without a comma after the year and with any
/// blank before `AM` or `PM`; `2017-11-14T22:20:57Z` with any offset or none,
/// and any fraction, which is dropped; `2017-11-14 22:20:57`. Years 1 to 9999.
/// Written: the first form; the ISO form where an offset is known.
///
/// ```
/// use zstack_runtime::Timestamp;
///
/// let time: Timestamp = "Nov 14, 2017 10:20:57 PM".parse()?;
/// assert_eq!(time, "2017-11-14 22:20:57".parse()?);
/// assert_eq!(time.to_string(), "Nov 14, 2017 10:20:57 PM");
/// # Ok::<(), zstack_runtime::ParseTimestampError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp {
    civil: DateTime,
    offset: Option<Offset>,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Timestamp {
    /// What a clock on the wall shows. Fractions of a second are dropped;
    /// a year before 1 becomes the year 1.
    #[must_use]
    pub fn from_civil(civil: DateTime) -> Self {
        let date = if civil.year() < 1 { jiff::civil::date(1, 1, 1) } else { civil.date() };
        let time = jiff::civil::time(civil.hour(), civil.minute(), civil.second(), 0);
        Self { civil: date.to_datetime(time), offset: None }
    }

    /// The instant, as clocks in `zone` show it.
    #[must_use]
    pub fn from_instant(instant: jiff::Timestamp, zone: &TimeZone) -> Self {
        Self::from_civil(zone.to_datetime(instant))
    }

    /// The date and time without a zone.
    #[must_use]
    pub fn civil(self) -> DateTime {
        self.civil
    }

    /// The instant meant, given the zone of the server that wrote it.
    ///
    /// # Errors
    ///
    /// When the instant lies outside what [`jiff::Timestamp`] can hold.
    pub fn to_instant(self, zone: &TimeZone) -> Result<jiff::Timestamp, jiff::Error> {
        match self.offset {
            Some(offset) => offset.to_timestamp(self.civil),
            None => zone.to_timestamp(self.civil),
        }
    }

    /// `Nov 14, 2017 10:20:57 PM`; what follows the year may be a comma.
    fn read_month_name(text: &str) -> Option<Self> {
        let mut words = text.split([' ', '\u{202f}', '\u{a0}']).filter(|word| !word.is_empty());
        let month = words.next()?;
        let month = MONTHS.iter().position(|it| it.eq_ignore_ascii_case(month))? + 1;
        let day = number(words.next()?.strip_suffix(',')?, 1..=2)?;
        let year = words.next()?;
        let year = number(year.strip_suffix(',').unwrap_or(year), 1..=4)?;
        let mut clock = words.next()?.split(':');
        let (hour, minute, second) =
            (number(clock.next()?, 1..=2)?, number(clock.next()?, 2..=2)?, number(clock.next()?, 2..=2)?);
        let afternoon = match words.next()? {
            half if half.eq_ignore_ascii_case("am") => 0,
            half if half.eq_ignore_ascii_case("pm") => 12,
            _ => return None,
        };
        if clock.next().is_some() || words.next().is_some() || !(1..=12).contains(&hour) || year < 1 {
            return None;
        }
        let small = |it: i16| i8::try_from(it).ok();
        let hour = hour % 12 + afternoon;
        let civil = DateTime::new(
            year,
            i8::try_from(month).ok()?,
            small(day)?,
            small(hour)?,
            small(minute)?,
            small(second)?,
            0,
        );
        Some(Self { civil: civil.ok()?, offset: None })
    }

    /// `2017-11-14T22:20:57.123+08:00`, `2017-11-14 22:20:57`.
    fn read_iso(text: &str) -> Option<Self> {
        // Dates alone, week dates and the like are no timestamps.
        if !matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')) {
            return None;
        }
        let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text).ok()?;
        let offset = match pieces.offset() {
            Some(jiff::fmt::temporal::PiecesOffset::Numeric(numeric)) => Some(numeric.offset()),
            Some(_) => Some(Offset::UTC),
            None => None,
        };
        let civil = pieces.date().to_datetime(pieces.time()?);
        (civil.year() >= 1).then(|| Self { offset, ..Self::from_civil(civil) })
    }
}

/// The number that `digits` digits spell.
fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let plain = digits.contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.civil.date(), self.civil.time());
        if let Some(offset) = self.offset {
            write!(
                f,
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                date.year(),
                date.month(),
                date.day(),
                time.hour(),
                time.minute(),
                time.second()
            )?;
            return if offset == Offset::UTC { f.write_str("Z") } else { write!(f, "{offset}") };
        }
        // A month is 1 to 12.
        let month = MONTHS[usize::try_from(date.month() - 1).unwrap_or(0)];
        let hour = match time.hour() % 12 {
            0 => 12,
            hour => hour,
        };
        let half = if time.hour() < 12 { "AM" } else { "PM" };
        write!(
            f,
            "{month} {}, {} {hour}:{:02}:{:02} {half}",
            date.day(),
            date.year(),
            time.minute(),
            time.second()
        )
    }
}

/// The text is no date and time of a form that [`Timestamp`] reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseTimestampError(String);

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no date and time such as `Nov 14, 2017 10:20:57 PM`", self.0)
    }
}

impl std::error::Error for ParseTimestampError {}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let first = text.as_bytes().first().copied().unwrap_or_default();
        let read = if first.is_ascii_digit() { Self::read_iso(text) } else { Self::read_month_name(text) };
        read.ok_or_else(|| {
            // What is shown of a long text is its beginning.
            ParseTimestampError(text.chars().take(64).collect())
        })
    }
}

/// The beginning of the Unix epoch, in UTC.
impl Default for Timestamp {
    fn default() -> Self {
        Self { civil: jiff::civil::datetime(1970, 1, 1, 0, 0, 0, 0), offset: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Timestamp {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn reads_every_form_that_peers_write() {
        let plain = read("Nov 14, 2017 10:20:57 PM");
        assert_eq!(plain.civil(), jiff::civil::datetime(2017, 11, 14, 22, 20, 57, 0));
        for same in [
            "Nov 14, 2017, 10:20:57 PM",
            "Nov 14, 2017 10:20:57\u{202f}PM",
            "Nov 14, 2017, 10:20:57\u{202f}PM",
            "2017-11-14 22:20:57",
            "2017-11-14T22:20:57",
            "2017-11-14T22:20:57.141",
        ] {
            assert_eq!(read(same), plain, "{same}");
        }
        assert_eq!(read("May 1, 2017 1:03:01 PM").to_string(), "May 1, 2017 1:03:01 PM");
        assert_eq!(read("May 1, 2017 12:03:01 AM").civil().hour(), 0);
        assert_eq!(read("May 1, 2017 12:03:01 PM").civil().hour(), 12);
    }

    #[test]
    fn keeps_an_offset_and_prefers_it_to_the_zone() {
        let zone = TimeZone::fixed(Offset::constant(8));
        let instant: jiff::Timestamp = "2017-11-14T14:20:57Z".parse().unwrap();
        assert_eq!(read("Nov 14, 2017 10:20:57 PM").to_instant(&zone).unwrap(), instant);
        assert_eq!(read("2017-11-14T14:20:57Z").to_instant(&zone).unwrap(), instant);
        assert_eq!(read("2017-11-14T15:20:57+01:00").to_instant(&zone).unwrap(), instant);
        assert_eq!(Timestamp::from_instant(instant, &zone).to_string(), "Nov 14, 2017 10:20:57 PM");
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "now",
            "Nov 14 2017 10:20:57 PM",
            "Nov 14, 2017 22:20:57 PM",
            "Nov 14, 2017 0:20:57 PM",
            "Nov 31, 2017 10:20:57 PM",
            "Nov 14, 2017 10:20 PM",
            "Nov 14, 2017 10:20:57",
            "Nov 14, 2017 10:20:57 XM",
            "Nov +4, 2017 10:20:57 PM",
            "2017-11-14",
            "1510669257141",
            "-2017-11-14T22:20:57Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_wrote(seconds in -62_135_596_800_i64..253_402_207_200, offset in proptest::option::of(-25 * 60..=25 * 60_i32)) {
            let instant = jiff::Timestamp::from_second(seconds).unwrap();
            let mut time = Timestamp::from_instant(instant, &TimeZone::UTC);
            time.offset = offset.map(|minutes| Offset::from_seconds(minutes * 60).unwrap());
            prop_assert_eq!(read(&time.to_string()), time);
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = text.parse::<Timestamp>();
        }
    }
}
