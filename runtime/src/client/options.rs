//! Options of calls and of polling.

use std::time::Duration;

/// Options of single calls; give them to a clone of the client:
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

/// How an operation is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefer {
    Wait(u32),
    RespondAsync,
}

impl CallOptions {
    /// What the client was built with.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one exchange with the server may take.
    #[must_use]
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.request_timeout = Some(limit);
        self
    }

    /// How long the whole may take: of a call, all of it; of
    /// [`Job::wait`](super::Job::wait), the waiting.
    #[must_use]
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Names the job: 32 characters. A caller that has stored the name
    /// before it calls can resume the job in any case.
    ///
    /// The server takes a name once, so such options are good for one call.
    #[must_use]
    pub fn job_uuid(mut self, uuid: impl Into<String>) -> Self {
        self.job_uuid = Some(uuid.into());
        self
    }

    /// How many seconds the *server* gives the job (`X-API-Timeout`).
    #[must_use]
    pub fn api_timeout(mut self, seconds: u32) -> Self {
        self.api_timeout = Some(seconds);
        self
    }

    /// Asks the server to wait so many seconds for the result of a long
    /// operation before it answers with a job (`Prefer: wait=`). A server may
    /// do otherwise; calls work with either answer.
    #[must_use]
    pub fn wait(mut self, seconds: u32) -> Self {
        self.prefer = Some(Prefer::Wait(seconds));
        self
    }

    /// Asks the server to answer a long operation with a job at once
    /// (`Prefer: respond-async`), as ZStack's own always does.
    #[must_use]
    pub fn respond_async(mut self) -> Self {
        self.prefer = Some(Prefer::RespondAsync);
        self
    }
}

/// How often a job is polled: at first often, then less and less.
///
/// A server that sends `Retry-After` is not polled before that.
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
    most: Duration,
    jitter: f64,
}

/// The shortest delay.
const SHORTEST: Duration = Duration::from_millis(1);

impl PollPolicy {
    /// Of jobs whose results the server posts: in case a post gets lost.
    pub(super) const WITH_WEBHOOK: Self =
        Self { initial: Duration::from_secs(2), factor: 2.0, most: Duration::from_secs(60), jitter: 0.2 };

    /// Between attempts at a connection.
    pub(super) const RECONNECT: Self =
        Self { initial: Duration::from_millis(200), factor: 2.0, most: Duration::from_secs(5), jitter: 0.5 };

    /// After 200 ms, then after 1.5 times as long each time, at most 5 s,
    /// each shortened at random by up to a fifth.
    #[must_use]
    pub const fn new() -> Self {
        Self { initial: Duration::from_millis(200), factor: 1.5, most: Duration::from_secs(5), jitter: 0.2 }
    }

    /// How long to wait at first.
    #[must_use]
    pub fn initial(mut self, delay: Duration) -> Self {
        self.initial = delay;
        self
    }

    /// How many times as long to wait each time; below 1 counts as 1.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// How long to wait at most.
    #[must_use]
    pub fn most(mut self, delay: Duration) -> Self {
        self.most = delay;
        self
    }

    /// The part of each delay, from 0 to 1, that chance decides about, so
    /// that many clients do not poll in step.
    #[must_use]
    pub fn jitter(mut self, part: f64) -> Self {
        self.jitter = part;
        self
    }

    /// The delays, one after the other, without end.
    pub(super) fn delays(self) -> impl Iterator<Item = Duration> + Send {
        let most = self.most.max(SHORTEST);
        let factor = if self.factor.is_finite() { self.factor.max(1.0) } else { 1.0 };
        let jitter = if self.jitter.is_finite() { self.jitter.clamp(0.0, 1.0) } else { 0.0 };
        let mut next = self.initial.clamp(SHORTEST, most);
        std::iter::from_fn(move || {
            let delay = next;
            next = times(delay, factor, most);
            Some(times(delay, 1.0 - jitter * rand::random::<f64>(), most).max(SHORTEST))
        })
    }
}

/// A part or a multiple of a delay. Floating-point numbers round long ones
/// up, at worst beyond what a `Duration` holds.
fn times(delay: Duration, factor: f64, most: Duration) -> Duration {
    Duration::try_from_secs_f64(delay.as_secs_f64() * factor).unwrap_or(most).min(most)
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
    fn delays_grow_to_the_most() {
        let delays: Vec<_> = PollPolicy::new()
            .initial(Duration::from_millis(100))
            .factor(2.0)
            .most(Duration::from_millis(500))
            .jitter(0.0)
            .delays()
            .take(5)
            .map(|delay| delay.as_millis())
            .collect();
        assert_eq!(delays, [100, 200, 400, 500, 500]);
    }

    proptest! {
        #[test]
        fn no_policy_panics_or_spins(
            initial in any::<Duration>(),
            most in any::<Duration>(),
            factor in any::<f64>(),
            jitter in any::<f64>(),
        ) {
            let policy = PollPolicy::new().initial(initial).most(most).factor(factor).jitter(jitter);
            for delay in policy.delays().take(20) {
                prop_assert!(delay >= SHORTEST);
                prop_assert!(delay <= most.max(SHORTEST));
            }
        }
    }
}
