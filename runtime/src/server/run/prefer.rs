//! The parts of the header `Prefer` (RFC 7240) that concern jobs.

use std::time::Duration;

use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The time that a caller prefers to wait for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// The caller has no preference.
    Default,
    /// Do not wait: `respond-async`.
    None,
    /// Wait this long: `wait=N`.
    For(Duration),
}

impl Wait {
    /// Reads the preferred wait of a request, at most `longest`. With both preferences, the caller
    /// waits that long and then gets a job.
    pub(crate) fn read(headers: &HeaderMap, longest: Duration) -> Self {
        let preferences = headers.get_all(PREFER).into_iter().filter_map(|value| value.to_str().ok());
        let mut wait = Self::Default;
        for preference in preferences.flat_map(|value| value.split(',')) {
            // Parameters after a semicolon are ignored.
            let preference = preference.split(';').next().unwrap_or_default();
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let (name, value) = (name.trim(), value.trim().trim_matches('"'));
            if name.eq_ignore_ascii_case("wait") {
                if let Ok(seconds) = value.parse::<u32>() {
                    wait = Self::For(longest.min(Duration::from_secs(seconds.into())));
                }
            } else if name.eq_ignore_ascii_case("respond-async") && wait == Self::Default {
                wait = Self::None;
            }
        }
        wait
    }

    /// Returns the value of `Preference-Applied`.
    pub(crate) fn to_header(self) -> Option<HeaderValue> {
        match self {
            Self::Default => None,
            Self::None => Some(HeaderValue::from_static("respond-async")),
            Self::For(wait) => HeaderValue::from_str(&format!("wait={}", wait.as_secs())).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_the_rfc() {
        let read = |values: &[&'static str]| {
            let headers = values.iter().map(|value| (PREFER, HeaderValue::from_static(value)));
            Wait::read(&headers.collect(), Duration::from_secs(60))
        };
        let seconds = |seconds| Wait::For(Duration::from_secs(seconds));
        assert_eq!(read(&[]), Wait::Default);
        assert_eq!(read(&["respond-async"]), Wait::None);
        assert_eq!(read(&["Respond-Async, Wait=10"]), seconds(10));
        assert_eq!(read(&["wait=\"10\"; foo=bar", "respond-async"]), seconds(10));
        assert_eq!(read(&["wait=100"]), seconds(60));
        for ignored in ["wait", "wait=", "wait=-1", "wait=1.5", "handling=lenient", ", ,;"] {
            assert_eq!(read(&[ignored]), Wait::Default, "{ignored}");
        }
    }
}
