//! Deadlines and pauses.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error::Error;

/// Returns the instant after a duration; `None` if the clock cannot represent it.
pub(super) fn after(duration: Duration) -> Option<Instant> {
    Instant::now().checked_add(duration)
}

/// Sleeps; returns `false` if the deadline comes first.
pub(super) async fn sleep_within(delay: Duration, until: Option<Instant>) -> bool {
    let remaining = until.map(|until| until.saturating_duration_since(Instant::now()));
    match remaining {
        Some(remaining) if remaining <= delay => {
            sleep(remaining).await;
            false
        }
        _ => {
            sleep(delay).await;
            true
        }
    }
}

/// Checks that there is a Tokio runtime: timers panic without one.
pub(super) fn in_runtime() -> Result<(), Error> {
    match tokio::runtime::Handle::try_current() {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(Error::invalid("not sent: calls need a Tokio runtime; without one, use `blocking::Client`")
                .with_cause(error))
        }
    }
}

/// Formats a duration in seconds or milliseconds: `90 s`, `200 ms`.
pub(super) fn show_duration(duration: Duration) -> String {
    if duration.subsec_millis() == 0 && duration.as_secs() > 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_seconds_or_milliseconds() {
        assert_eq!(show_duration(Duration::from_secs(90)), "90 s");
        assert_eq!(show_duration(Duration::from_millis(1500)), "1500 ms");
    }
}
