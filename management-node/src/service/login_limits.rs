//! Limits on the rate of logins: after a number of wrong passwords, each further
//! attempt has to wait twice as long as the one before.
//!
//! There are three counters: wrong passwords for an account from an address, for
//! any account from an address, and for an account from any address. The first
//! two make callers at that address wait. The third alone never does, since
//! anyone could then lock an administrator out: it only leaves other addresses
//! one free attempt instead of several. So a correct password from an address
//! without failures is always accepted.
//!
//! An early attempt is refused at once, without a check of the password. Names
//! and addresses are stored as hashes, in a table of limited size.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::Moment;
use crate::rules::Verdict;
use crate::rules::errors;

/// The factor on `free_attempts` for all accounts together from one address,
/// which several people may share.
const PER_ADDRESS: u32 = 10;

/// The factor on `free_attempts` for one account from all addresses together.
/// Beyond it, each further address has one free attempt.
const PER_ACCOUNT: u32 = 20;

/// The minimum time for which a counter is kept after its last wrong password,
/// in seconds.
const RETENTION: i64 = 900;

/// The maximum number of counters, of all three kinds. Beyond it, the one with
/// the oldest failure is removed.
const MAX_COUNTERS: usize = 4096;

/// The delay of logins after wrong passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginLimits {
    /// The number of wrong passwords for an account from one address that cause
    /// no delay; 0 disables the delay. Default: 5.
    pub free_attempts: u32,
    /// The maximum delay in seconds, at least 1. The first delay is one second.
    /// Default: 60.
    pub longest_wait: u32,
}

impl Default for LoginLimits {
    fn default() -> Self {
        Self { free_attempts: 5, longest_wait: 60 }
    }
}

/// The counters of wrong passwords.
pub(super) struct LoginAttempts {
    limits: LoginLimits,
    hasher: RandomState,
    counters: Mutex<HashMap<u64, Counter>>,
}

#[derive(Clone, Copy)]
struct Counter {
    failures: u32,
    last: Moment,
}

/// The keys of the counters for an attempt.
#[derive(Clone, Copy)]
struct CounterKeys {
    pair: u64,
    address: u64,
    account: u64,
}

impl LoginAttempts {
    pub(super) fn new(limits: LoginLimits) -> Self {
        Self { limits, hasher: RandomState::new(), counters: Mutex::default() }
    }

    fn counters(&self) -> MutexGuard<'_, HashMap<u64, Counter>> {
        // No code panics in the middle of a change.
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keys(&self, account: &str, address: Option<IpAddr>) -> CounterKeys {
        let address = address.map(network);
        CounterKeys {
            pair: self.hasher.hash_one((0, account, address)),
            address: self.hasher.hash_one((1, address)),
            account: self.hasher.hash_one((2, account)),
        }
    }

    /// Refuses an attempt that comes too early.
    ///
    /// # Errors
    ///
    /// When it has to wait. Unknown accounts are treated like others.
    pub(super) fn admit(&self, account: &str, address: Option<IpAddr>, now: Moment) -> Verdict<()> {
        let keys = self.keys(account, address);
        let wait = {
            let counters = self.counters();
            if counters.is_empty() {
                return Ok(());
            }
            self.wait(&counters, keys, now)
        };
        if wait > 0 { Err(errors::too_many_attempts(wait)) } else { Ok(()) }
    }

    /// Records a wrong password.
    pub(super) fn record_failure(&self, account: &str, address: Option<IpAddr>, now: Moment) {
        if self.limits.free_attempts == 0 {
            return;
        }
        let keys = self.keys(account, address);
        let wait = {
            let mut counters = self.counters();
            for key in [keys.pair, keys.address, keys.account] {
                self.count(&mut counters, key, now);
            }
            self.wait(&counters, keys, now)
        };
        // Logged once for each series of attempts.
        if wait == 1 {
            tracing::warn!(?address, "delaying logins from this address after wrong passwords");
        }
    }

    /// Records a correct password.
    pub(super) fn record_success(&self, account: &str, address: Option<IpAddr>) {
        let mut counters = self.counters();
        if !counters.is_empty() {
            counters.remove(&self.keys(account, address).pair);
        }
    }

    fn count(&self, counters: &mut HashMap<u64, Counter>, key: u64, now: Moment) {
        if counters.len() >= MAX_COUNTERS && !counters.contains_key(&key) {
            counters.retain(|_, counter| self.is_live(*counter, now));
            let oldest = counters.iter().min_by_key(|(_, counter)| counter.last).map(|(key, _)| *key);
            if let Some(oldest) = oldest.filter(|_| counters.len() >= MAX_COUNTERS) {
                counters.remove(&oldest);
            }
        }
        let before = counters
            .get(&key)
            .filter(|counter| self.is_live(**counter, now))
            .map_or(0, |counter| counter.failures);
        counters.insert(key, Counter { failures: before.saturating_add(1), last: now });
    }

    /// Computes the delay of an attempt, in seconds.
    fn wait(&self, counters: &HashMap<u64, Counter>, keys: CounterKeys, now: Moment) -> i64 {
        let free = self.limits.free_attempts;
        let live = |key| counters.get(&key).copied().filter(|counter| self.is_live(*counter, now));
        let is_attacked =
            live(keys.account).is_some_and(|counter| counter.failures >= free.saturating_mul(PER_ACCOUNT));
        let free_for_pair = if is_attacked { 1 } else { free };
        let pair = live(keys.pair).map_or(0, |counter| self.wait_of(counter, free_for_pair, now));
        let free_for_address = free.saturating_mul(PER_ADDRESS);
        let address = live(keys.address).map_or(0, |counter| self.wait_of(counter, free_for_address, now));
        pair.max(address)
    }

    /// Computes the remaining delay for a counter: a second after the last free
    /// failure, and twice as long after each further one.
    fn wait_of(&self, counter: Counter, free: u32, now: Moment) -> i64 {
        let Some(doublings) = counter.failures.checked_sub(free) else { return 0 };
        let longest = i64::from(self.limits.longest_wait.max(1));
        let wait =
            1_i64.checked_shl(doublings).filter(|seconds| *seconds > 0).unwrap_or(longest).min(longest);
        let left = wait * 1000 - (now.millis() - counter.last.millis());
        // Rounded up.
        (left.max(0) + 999) / 1000
    }

    /// Returns true if a counter has not expired. One from the future, after the
    /// clock was set back, has.
    fn is_live(&self, counter: Counter, now: Moment) -> bool {
        let retention = RETENTION.max(2 * i64::from(self.limits.longest_wait));
        counter.last <= now && now < counter.last.plus_seconds(retention)
    }
}

/// Returns the network that counts as one address: of IPv6 the upper 64 bits, as
/// a customer of a provider can choose the others freely.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));

    fn at(seconds: i64) -> Moment {
        Moment::from_millis(1_800_000_000_000).plus_seconds(seconds)
    }

    fn other(number: u32) -> Option<IpAddr> {
        Some(IpAddr::V4(std::net::Ipv4Addr::from_bits(0x0a00_0000 + number)))
    }

    /// The delay of a login in seconds.
    fn wait(attempts: &LoginAttempts, account: &str, address: Option<IpAddr>, now: Moment) -> i64 {
        attempts.wait(&attempts.counters(), attempts.keys(account, address), now)
    }

    fn fail(attempts: &LoginAttempts, account: &str, address: Option<IpAddr>, now: Moment, times: u32) {
        for _ in 0..times {
            attempts.record_failure(account, address, now);
        }
    }

    #[test]
    fn doubles_the_delay_from_one_second_to_the_maximum() {
        let attempts = LoginAttempts::new(LoginLimits::default());
        let mut now = at(0);
        fail(&attempts, "admin", HERE, now, 4);
        assert_eq!(wait(&attempts, "admin", HERE, now), 0);
        let mut waits = Vec::new();
        for _ in 0..9 {
            attempts.record_failure("admin", HERE, now);
            let seconds = wait(&attempts, "admin", HERE, now);
            assert!(attempts.admit("admin", HERE, now.plus_seconds(seconds - 1)).is_err());
            now = now.plus_seconds(seconds);
            assert_eq!(attempts.admit("admin", HERE, now), Ok(()));
            waits.push(seconds);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        // Many failures do not overflow.
        fail(&attempts, "admin", HERE, now, 100);
        assert_eq!(wait(&attempts, "admin", HERE, now), 60);
    }

    #[test]
    fn rounds_the_remaining_delay_up() {
        let attempts = LoginAttempts::new(LoginLimits { free_attempts: 1, longest_wait: 60 });
        fail(&attempts, "admin", HERE, at(0), 3);
        for (millis, left) in [(0, 4), (1, 4), (1000, 3), (3999, 1), (4000, 0)] {
            let now = Moment::from_millis(at(0).millis() + millis);
            assert_eq!(wait(&attempts, "admin", HERE, now), left, "{millis}");
        }
    }

    #[test]
    fn does_not_delay_other_addresses_and_accounts() {
        let attempts = LoginAttempts::new(LoginLimits::default());
        fail(&attempts, "admin", HERE, at(0), 20);
        assert!(wait(&attempts, "admin", HERE, at(0)) > 0);
        for (account, address) in [("alice", HERE), ("admin", other(1)), ("admin", None)] {
            assert_eq!(wait(&attempts, account, address, at(0)), 0, "{account} {address:?}");
        }
    }

    #[test]
    fn resets_after_a_correct_password_and_after_time() {
        let attempts = LoginAttempts::new(LoginLimits::default());
        fail(&attempts, "admin", HERE, at(0), 5);
        attempts.record_success("admin", HERE);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 0);
        fail(&attempts, "admin", HERE, at(0), 5);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
        fail(&attempts, "admin", HERE, at(RETENTION), 4);
        assert_eq!(wait(&attempts, "admin", HERE, at(RETENTION)), 0);
        // The clock was set back.
        fail(&attempts, "admin", HERE, at(RETENTION), 10);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 0);
    }

    #[test]
    fn delays_an_address_that_tries_many_accounts() {
        let attempts = LoginAttempts::new(LoginLimits::default());
        for number in 0..50 {
            assert_eq!(wait(&attempts, "admin", HERE, at(0)), 0, "{number}");
            attempts.record_failure(&format!("account {number}"), HERE, at(0));
        }
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
        // A login to the attacker's own account does not reset it.
        attempts.record_success("mallory", HERE);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
        assert_eq!(wait(&attempts, "admin", other(1), at(0)), 0);
    }

    #[test]
    fn leaves_one_attempt_per_address_to_an_attacked_account() {
        let attempts = LoginAttempts::new(LoginLimits::default());
        for number in 0..25 {
            fail(&attempts, "admin", other(number), at(0), 4);
        }
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 0, "a correct password is always accepted");
        attempts.record_failure("admin", HERE, at(0));
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
        assert_eq!(wait(&attempts, "alice", HERE, at(0)), 0);
    }

    #[test]
    fn treats_an_ipv6_network_as_one_address() {
        let attempts = LoginAttempts::new(LoginLimits::default());
        let address = |text: &str| Some(text.parse().unwrap());
        for number in 0..5 {
            attempts.record_failure("admin", address(&format!("2001:db8:1:2::{number}")), at(0));
        }
        assert_eq!(wait(&attempts, "admin", address("2001:db8:1:2:ffff::1"), at(0)), 1);
        assert_eq!(wait(&attempts, "admin", address("2001:db8:1:3::1"), at(0)), 0);
        fail(&attempts, "admin", address("::ffff:192.0.2.1"), at(0), 5);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
    }

    #[test]
    fn limits_the_size_of_the_table() {
        let attempts = LoginAttempts::new(LoginLimits::default());
        for number in 0..5000 {
            attempts.record_failure(&"x".repeat(1000), other(number), at(number.into()));
            assert!(attempts.counters().len() <= MAX_COUNTERS);
        }
        fail(&attempts, "admin", HERE, at(5000), 6);
        assert_eq!(wait(&attempts, "admin", HERE, at(5000)), 2, "new failures count");
    }

    #[test]
    fn never_delays_with_zero_free_attempts() {
        let attempts = LoginAttempts::new(LoginLimits { free_attempts: 0, longest_wait: 60 });
        fail(&attempts, "admin", HERE, at(0), 1000);
        assert_eq!(attempts.admit("admin", HERE, at(0)), Ok(()));
        assert!(attempts.counters().is_empty());
    }
}
