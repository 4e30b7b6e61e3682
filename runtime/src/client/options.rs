//! Options of calls, and the policy of polling.

use std::time::Duration;

/// Options of single calls; set them on a clone of the client:
///
/// ```no_run
/// use std::time::Duration;
/// use zstack_runtime::client::{CallOptions, Client};
///
/// # fn main() -> Result<(), zstack_runtime::client::Error> {
/// let client = Client::new("http://127.0.0.1:8080")?;
/// let patient = client.with_options(CallOptions::new().deadline(Duration::from_secs(6 * 60 * 60)));
/// # let _ = patient;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallOptions {
    pub(super) request_timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
    pub(super) job_uuid: Option<String>,
    pub(super) api_timeout: Option<u32>,
    pub(super) prefer: Option<Prefer>,
}

/// The preferred form of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefer {
    Wait(u32),
    RespondAsync,
}

impl CallOptions {
    /// Creates options that change nothing: calls use the options of the client.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time limit of one HTTP exchange.
    #[must_use]
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.request_timeout = Some(limit);
        self
    }

    /// Sets the time limit of a call including its job, or of [`Job::wait`](super::Job::wait).
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Sets the UUID of the job: 32 letters and digits. A caller that stores it before the call can
    /// resume the job in any case.
    ///
    /// The server accepts a UUID once, so such options are for a single call.
    #[must_use]
    pub fn job_uuid(mut self, uuid: impl Into<String>) -> Self {
        self.job_uuid = Some(uuid.into());
        self
    }

    /// Sets the *server's* time limit of the job, in seconds (`X-API-Timeout`).
    #[must_use]
    pub fn api_timeout(mut self, seconds: u32) -> Self {
        self.api_timeout = Some(seconds);
        self
    }

    /// Asks the server to wait up to this many seconds for the result of a long operation before it
    /// answers with a job (`Prefer: wait=`). Servers may ignore it; calls work either way.
    #[must_use]
    pub fn wait(mut self, seconds: u32) -> Self {
        self.prefer = Some(Prefer::Wait(seconds));
        self
    }

    /// Asks the server to answer a long operation with a job at once (`Prefer: respond-async`), as
    /// the platform itself always does.
    #[must_use]
    pub fn respond_async(mut self) -> Self {
        self.prefer = Some(Prefer::RespondAsync);
        self
    }
}

/// The delays between polls of a job, which grow over time.
///
/// The delay is at least the `Retry-After` of the server.
///
/// ```
/// use std::time::Duration;
/// use zstack_runtime::client::PollPolicy;
///
/// let every_second = PollPolicy::new().initial(Duration::from_secs(1)).factor(1.0).jitter(0.0);
/// # let _ = every_second;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PollPolicy {
    initial: Duration,
    factor: f64,
    max_delay: Duration,
    jitter: f64,
}

/// The shortest delay.
const SHORTEST: Duration = Duration::from_millis(1);

impl PollPolicy {
    /// For jobs whose result the server posts: in case a post is lost.
    pub(super) const WITH_WEBHOOK: Self = Self {
        initial: Duration::from_secs(2),
        factor: 2.0,
        max_delay: Duration::from_secs(60),
        jitter: 0.2,
    };

    /// Between attempts to connect.
    pub(super) const RECONNECT: Self = Self {
        initial: Duration::from_millis(200),
        factor: 2.0,
        max_delay: Duration::from_secs(5),
        jitter: 0.5,
    };

    /// Creates the default policy: 200 ms, then 1.5 times as long each time, at most 5 s; each
    /// delay is shortened at random by up to 20 %.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            initial: Duration::from_millis(200),
            factor: 1.5,
            max_delay: Duration::from_secs(5),
            jitter: 0.2,
        }
    }

    /// Sets the first delay.
    #[must_use]
    pub fn initial(mut self, delay: Duration) -> Self {
        self.initial = delay;
        self
    }

    /// Sets the factor by which each delay grows; values below 1 count as 1.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// Sets the longest delay.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets by which part, from 0 to 1, delays are shortened at random, so that many clients do not
    /// poll at the same time.
    #[must_use]
    pub fn jitter(mut self, part: f64) -> Self {
        self.jitter = part;
        self
    }

    /// Returns the delays, without end.
    pub(super) fn delays(self) -> impl Iterator<Item = Duration> + Send {
        let max_delay = self.max_delay.max(SHORTEST);
        let factor = if self.factor.is_finite() { self.factor.max(1.0) } else { 1.0 };
        let jitter = if self.jitter.is_finite() { self.jitter.clamp(0.0, 1.0) } else { 0.0 };
        let mut next = self.initial.clamp(SHORTEST, max_delay);
        std::iter::from_fn(move || {
            let delay = next;
            next = multiply(delay, factor, max_delay);
            Some(multiply(delay, 1.0 - jitter * rand::random::<f64>(), max_delay).max(SHORTEST))
        })
    }
}

/// Multiplies a delay. Rounding may exceed the range of `Duration`.
fn multiply(delay: Duration, factor: f64, max_delay: Duration) -> Duration {
    Duration::try_from_secs_f64(delay.as_secs_f64() * factor).unwrap_or(max_delay).min(max_delay)
}

impl Default for PollPolicy {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn delays_grow_to_the_limit() {
        let delays: Vec<_> = PollPolicy::new()
            .initial(Duration::from_millis(100))
            .factor(2.0)
            .max_delay(Duration::from_millis(500))
            .jitter(0.0)
            .delays()
            .take(5)
            .map(|delay| delay.as_millis())
            .collect();
        assert_eq!(delays, [100, 200, 400, 500, 500]);
    }

    proptest! {
        #[test]
        fn delays_stay_within_their_limits(
            initial in any::<Duration>(),
            max_delay in any::<Duration>(),
            factor in any::<f64>(),
            jitter in any::<f64>(),
        ) {
            let policy = PollPolicy::new().initial(initial).max_delay(max_delay).factor(factor).jitter(jitter);
            for delay in policy.delays().take(20) {
                prop_assert!(delay >= SHORTEST);
                prop_assert!(delay <= max_delay.max(SHORTEST));
            }
        }
    }
}
