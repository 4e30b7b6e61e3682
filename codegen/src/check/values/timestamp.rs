//! Timestamps as the wire has them: `Nov 14, 2017 10:20:57 PM`.

const MONTHS: [(&str, u8); 12] = [
    ("Jan", 31),
    ("Feb", 29),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];

/// Whether a text is a timestamp.
pub(crate) fn is_timestamp(text: &str) -> bool {
    parts(text).is_some()
}

fn parts(text: &str) -> Option<()> {
    let mut words = text.split(' ');
    let (month, day) = (words.next()?, words.next()?);
    let (year, time, half) = (words.next()?, words.next()?, words.next()?);
    let (_, days) = MONTHS.iter().find(|(name, _)| *name == month)?;
    let day = short(day.strip_suffix(',')?)?;
    let mut time = time.split(':');
    let (hour, minute, second) = (short(time.next()?)?, long(time.next()?)?, long(time.next()?)?);

    let ends = words.next().is_none() && time.next().is_none() && matches!(half, "AM" | "PM");
    let date = (1..=*days).contains(&day) && year.len() == 4 && is_number(year);
    let clock = (1..=12).contains(&hour) && minute < 60 && second < 60;
    (ends && date && clock).then_some(())
}

/// One or two digits, without a zero in front.
fn short(text: &str) -> Option<u8> {
    let fits = is_number(text) && !text.starts_with('0');
    fits.then(|| text.parse().ok())?
}

/// Two digits.
fn long(text: &str) -> Option<u8> {
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
        for text in ["Nov 14, 2017 10:20:57 PM", "Jan 1, 1970 12:00:00 AM", "Feb 29, 2020 1:02:03 AM"] {
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
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
