//! Dates and times.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// A local date and time of the server, in seconds, as the platform writes it.
///
/// The wire form `Nov 14, 2017 10:20:57 PM` has no time zone, and neither has this type:
/// [`to_instant`](Self::to_instant) takes the time zone of the server. An offset in the ISO 8601 form
/// is kept, and takes precedence over that zone.
///
/// Parsed forms, for years 1 to 9999:
///
/// * `Nov 14, 2017 10:20:57 PM`, also with a comma after the year and with any space before `AM` or `PM`;
/// * `2017-11-14T22:20:57Z`, with any offset or none, and with a fraction, which is dropped;
/// * `2017-11-14 22:20:57`.
///
/// It displays in the first form, or in the ISO form if it has an offset.
///
/// ```
/// use zstack_vocabulary::Timestamp;
///
/// let time: Timestamp = "Nov 14, 2017 10:20:57 PM".parse()?;
/// assert_eq!(time, "2017-11-14 22:20:57".parse()?);
/// assert_eq!(time.to_string(), "Nov 14, 2017 10:20:57 PM");
/// # Ok::<(), zstack_vocabulary::ParseTimestampError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timestamp {
    civil: DateTime,
    offset: Option<Offset>,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Timestamp {
    /// Creates a timestamp from a local date and time. A fraction of a second is dropped, and a year
    /// before 1 becomes the year 1.
    #[must_use]
    pub fn from_civil(civil: DateTime) -> Self {
        let date = if civil.year() < 1 { jiff::civil::date(1, 1, 1) } else { civil.date() };
        let time = jiff::civil::time(civil.hour(), civil.minute(), civil.second(), 0);
        Self { civil: date.to_datetime(time), offset: None }
    }

    /// Creates the local timestamp of an instant in a time zone.
    #[must_use]
    pub fn from_instant(instant: jiff::Timestamp, zone: &TimeZone) -> Self {
        Self::from_civil(zone.to_datetime(instant))
    }

    /// Returns whether a text is a timestamp in the form that servers write. [`str::parse`] accepts
    /// other forms as well.
    ///
    /// ```
    /// use zstack_vocabulary::Timestamp;
    ///
    /// assert!(Timestamp::is_canonical("Nov 14, 2017 10:20:57 PM"));
    /// assert!(!Timestamp::is_canonical("2017-11-14 22:20:57"));
    /// ```
    #[must_use]
    pub fn is_canonical(text: &str) -> bool {
        text.parse().is_ok_and(|time: Self| time.offset.is_none() && time.to_string() == text)
    }

    /// The local date and time.
    #[must_use]
    pub fn civil(self) -> DateTime {
        self.civil
    }

    /// Converts to an instant, given the time zone of the server.
    ///
    /// # Errors
    ///
    /// If the instant is out of range for [`jiff::Timestamp`].
    pub fn to_instant(self, zone: &TimeZone) -> Result<jiff::Timestamp, jiff::Error> {
        match self.offset {
            Some(offset) => offset.to_timestamp(self.civil),
            None => zone.to_timestamp(self.civil),
        }
    }

    /// Appends the same text as [`Display`](fmt::Display), but faster.
    pub fn append(self, text: &mut Vec<u8>) {
        match self.offset {
            None => text.extend_from_slice(WireText::new(self.civil).as_bytes()),
            Some(_) => text.extend_from_slice(self.to_string().as_bytes()),
        }
    }

    /// Parses `Nov 14, 2017 10:20:57 PM`, also with a comma after the year.
    fn read_month_name(text: &str) -> Option<Self> {
        let mut rest = Cursor(text.as_bytes());
        rest.skip_spaces();
        let month = rest.month()?;
        rest.require_spaces()?;
        let day = rest.number(1, 2)?;
        rest.byte(b',')?;
        rest.require_spaces()?;
        let year = rest.number(1, 4).filter(|year| *year >= 1)?;
        // The comma is optional.
        let _ = rest.byte(b',');
        rest.require_spaces()?;
        let hour = rest.number(1, 2).filter(|hour| (1..=12).contains(hour))?;
        rest.byte(b':')?;
        let minute = rest.number(2, 2)?;
        rest.byte(b':')?;
        let second = rest.number(2, 2)?;
        rest.require_spaces()?;
        let hour = hour % 12 + rest.half()?;
        rest.skip_spaces();
        if !rest.0.is_empty() {
            return None;
        }
        let small = |number: i16| i8::try_from(number).ok();
        let civil =
            DateTime::new(year, month, small(day)?, small(hour)?, small(minute)?, small(second)?, 0).ok()?;
        Some(Self { civil, offset: None })
    }

    /// Parses `2017-11-14T22:20:57.123+08:00` and `2017-11-14 22:20:57`.
    fn read_iso(text: &str) -> Option<Self> {
        // Excludes dates without a time, week dates and similar forms.
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

/// The rest of a text during parsing.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn byte(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// Skips spaces, including U+202F and U+00A0, which newer versions of Java write before `AM` and `PM`.
    fn skip_spaces(&mut self) {
        while let [b' ', rest @ ..] | [0xe2, 0x80, 0xaf, rest @ ..] | [0xc2, 0xa0, rest @ ..] = self.0 {
            self.0 = rest;
        }
    }

    fn require_spaces(&mut self) -> Option<()> {
        let before = self.0.len();
        self.skip_spaces();
        (self.0.len() < before).then_some(())
    }

    /// Parses a number of `least` to `most` digits, at most 4.
    fn number(&mut self, least: usize, most: usize) -> Option<i16> {
        let digits = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        (digits >= least).then(|| number.iter().fold(0, |sum, digit| sum * 10 + i16::from(digit - b'0')))
    }

    /// Parses the name of a month, and returns its number.
    fn month(&mut self) -> Option<i8> {
        let (name, rest) = self.0.split_at_checked(3)?;
        self.0 = rest;
        let is_month = |(_, month): &(i8, &str)| month.as_bytes().eq_ignore_ascii_case(name);
        (1..).zip(MONTHS).find(is_month).map(|(number, _)| number)
    }

    /// Parses `AM` or `PM`, and returns the hours to add.
    fn half(&mut self) -> Option<i16> {
        let (half, rest) = self.0.split_at_checked(2)?;
        self.0 = rest;
        match half {
            [b'A' | b'a', b'M' | b'm'] => Some(0),
            [b'P' | b'p', b'M' | b'm'] => Some(12),
            _ => None,
        }
    }
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
        // The text is ASCII.
        f.write_str(std::str::from_utf8(WireText::new(self.civil).as_bytes()).unwrap_or_default())
    }
}

/// The wire form, `Nov 14, 2017 10:20:57 PM`. Written by hand, since a typical response has a dozen
/// timestamps, and formatting them with `write!` took more time than the rest of the response.
struct WireText {
    bytes: [u8; 24],
    length: usize,
}

impl WireText {
    fn new(civil: DateTime) -> Self {
        let mut text = Self { bytes: [0; 24], length: 0 };
        let number = i8::unsigned_abs;
        // A month is 1 to 12.
        text.push(MONTHS[usize::from(number(civil.month()) - 1)].as_bytes());
        text.push(b" ");
        text.number(number(civil.day()));
        text.push(b", ");
        text.year(civil.year().unsigned_abs());
        text.push(b" ");
        text.number(match number(civil.hour()) % 12 {
            0 => 12,
            hour => hour,
        });
        text.push(b":");
        text.two_digits(number(civil.minute()));
        text.push(b":");
        text.two_digits(number(civil.second()));
        text.push(if civil.hour() < 12 { b" AM" } else { b" PM" });
        text
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len();
        self.bytes[self.length..end].copy_from_slice(bytes);
        self.length = end;
    }

    fn two_digits(&mut self, number: u8) {
        self.push(&[b'0' + number / 10, b'0' + number % 10]);
    }

    /// Appends a year from 1 to 9999.
    fn year(&mut self, year: u16) {
        let [hundreds, rest] = [year / 100, year % 100].map(|part| part as u8);
        if hundreds > 0 {
            self.number(hundreds);
            self.two_digits(rest);
        } else {
            self.number(rest);
        }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Appends a number below 100 without a leading zero.
    fn number(&mut self, number: u8) {
        if number < 10 {
            self.push(&[b'0' + number]);
        } else {
            self.two_digits(number);
        }
    }
}

/// The error for a text that [`Timestamp`] cannot parse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date and time such as `Nov 14, 2017 10:20:57 PM`")]
pub struct ParseTimestampError(String);

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let first = text.as_bytes().first().copied().unwrap_or_default();
        let read = if first.is_ascii_digit() { Self::read_iso(text) } else { Self::read_month_name(text) };
        read.ok_or_else(|| {
            // Only the beginning of a long text.
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
    fn parses_all_supported_forms() {
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
    fn prefers_offset_to_time_zone() {
        let zone = TimeZone::fixed(Offset::constant(8));
        let instant: jiff::Timestamp = "2017-11-14T14:20:57Z".parse().unwrap();
        assert_eq!(read("Nov 14, 2017 10:20:57 PM").to_instant(&zone).unwrap(), instant);
        assert_eq!(read("2017-11-14T14:20:57Z").to_instant(&zone).unwrap(), instant);
        assert_eq!(read("2017-11-14T15:20:57+01:00").to_instant(&zone).unwrap(), instant);
        assert_eq!(Timestamp::from_instant(instant, &zone).to_string(), "Nov 14, 2017 10:20:57 PM");
    }

    #[test]
    fn rejects_other_texts() {
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
        fn parses_displayed_timestamp(seconds in -62_135_596_800_i64..253_402_207_200, offset in proptest::option::of(-25 * 60..=25 * 60_i32)) {
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
