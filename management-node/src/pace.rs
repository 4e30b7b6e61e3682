//! The pace of operations: the part of the time that they take on the platform.

use std::str::FromStr;
use std::time::Duration;

/// The factors that a pace can have.
const FACTORS: std::ops::RangeInclusive<f64> = 0.001..=1000.0;

/// The time that operations take, as a part of their time on the platform.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pace(Option<f64>);

/// An error of a text that is not a pace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the pace must be `none`, `realistic`, or a factor from 0.001 to 1000, such as 0.1 for a tenth of the realistic time; \
     got `{0}`"
)]
pub struct PaceError(String);

impl Pace {
    /// Operations end at once.
    pub const NONE: Self = Self(None);
    /// Operations take as long as on the platform.
    pub const REALISTIC: Self = Self(Some(1.0));

    /// Returns the time of an operation that takes a number of seconds on the platform; `None` if all
    /// operations end at once.
    pub(crate) fn time(self, seconds: u32) -> Option<Duration> {
        let factor = self.0?;
        Some(Duration::try_from_secs_f64(f64::from(seconds) * factor).unwrap_or_default())
    }

    /// True if operations end at once.
    pub(crate) const fn is_none(self) -> bool {
        self.0.is_none()
    }
}

impl FromStr for Pace {
    type Err = PaceError;

    fn from_str(text: &str) -> Result<Self, PaceError> {
        match text {
            "none" => Ok(Self::NONE),
            "realistic" => Ok(Self::REALISTIC),
            _ => {
                let factor = text.parse().ok().filter(|factor| FACTORS.contains(factor));
                factor.map(|factor| Self(Some(factor))).ok_or_else(|| PaceError(text.to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_words_and_factors() {
        for (text, time) in [
            ("none", None),
            ("realistic", Some(Duration::from_secs(6))),
            ("1", Some(Duration::from_secs(6))),
            ("0.1", Some(Duration::from_millis(600))),
        ] {
            assert_eq!(text.parse::<Pace>().unwrap().time(6), time, "{text}");
        }
        for text in ["", "fast", "0", "-1", "1001", "inf", "NaN", "0,1"] {
            let error = text.parse::<Pace>().unwrap_err().to_string();
            assert!(error.ends_with(&format!("got `{text}`")), "{error}");
        }
    }
}
