//! How often a login may be tried: after a number of wrong passwords each
//! further attempt has to wait, twice as long as the one before.
//!
//! Three things are counted: wrong passwords for an account from an address,
//! for any account from an address, and for an account from any address. The
//! first two make callers at that address wait. The third alone never makes a
//! caller wait, since that would let anyone lock an administrator out: it leaves
//! further addresses one free attempt in place of several, so a right password
//! from an address that has not failed is always accepted.
//!
//! An attempt that has to wait is refused at once: nothing sleeps for it, and
//! the password is not looked at. Names and addresses are kept as hashes, in a
//! table of fixed size.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::Moment;
use crate::rules::Verdict;
use crate::rules::errors;

/// How many times as many wrong passwords an address has free for all accounts
/// together, since several people may share it.
const PER_ADDRESS: u32 = 10;

/// How many times as many wrong passwords an account takes from all addresses
/// together before each further address has one free.
const PER_ACCOUNT: u32 = 20;

/// How long after its last wrong password a counter is kept, in seconds, at
/// least; longer where the longest wait is.
const KEPT: i64 = 900;

/// The largest number of counters, of all three kinds. Of more, the one that
/// has not been used for the longest time goes.
const COUNTERS: usize = 4096;

/// When logins have to wait after wrong passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginLimits {
    /// How many wrong passwords for an account from one address are free; 0
    /// means that logins never have to wait. Default: 5.
    pub free_attempts: u32,
    /// The longest wait, in seconds, at least 1. The first wait is a second.
    /// Default: 60.
    pub longest_wait: u32,
}

impl Default for LoginLimits {
    fn default() -> Self {
        Self { free_attempts: 5, longest_wait: 60 }
    }
}

/// Counts wrong passwords.
pub(super) struct Attempts {
    limits: LoginLimits,
    hasher: RandomState,
    counters: Mutex<HashMap<u64, Counter>>,
}

#[derive(Clone, Copy)]
struct Counter {
    failures: u32,
    last: Moment,
}

/// The counters of an attempt.
#[derive(Clone, Copy)]
struct Keys {
    pair: u64,
    address: u64,
    account: u64,
}

impl Attempts {
    pub(super) fn new(limits: LoginLimits) -> Self {
        Self { limits, hasher: RandomState::new(), counters: Mutex::default() }
    }

    fn counters(&self) -> MutexGuard<'_, HashMap<u64, Counter>> {
        // Nothing in here panics half-way through a change.
        self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keys(&self, account: &str, address: Option<IpAddr>) -> Keys {
        let address = address.map(network);
        Keys {
            pair: self.hasher.hash_one((0, account, address)),
            address: self.hasher.hash_one((1, address)),
            account: self.hasher.hash_one((2, account)),
        }
    }

    /// Whether an attempt may be made now.
    ///
    /// # Errors
    ///
    /// When it has to wait; whether there is such an account makes no
    /// difference.
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

    /// The password was wrong.
    pub(super) fn failed(&self, account: &str, address: Option<IpAddr>, now: Moment) {
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
        // Once for each row of attempts, not once for each attempt.
        if wait == 1 {
            tracing::warn!(?address, "logins from this address have to wait after wrong passwords");
        }
    }

    /// The password was right.
    pub(super) fn succeeded(&self, account: &str, address: Option<IpAddr>) {
        let mut counters = self.counters();
        if !counters.is_empty() {
            counters.remove(&self.keys(account, address).pair);
        }
    }

    fn count(&self, counters: &mut HashMap<u64, Counter>, key: u64, now: Moment) {
        if counters.len() >= COUNTERS && !counters.contains_key(&key) {
            counters.retain(|_, counter| self.is_live(*counter, now));
            let oldest = counters.iter().min_by_key(|(_, counter)| counter.last).map(|(key, _)| *key);
            if let Some(oldest) = oldest.filter(|_| counters.len() >= COUNTERS) {
                counters.remove(&oldest);
            }
        }
        let before = counters
            .get(&key)
            .filter(|counter| self.is_live(**counter, now))
            .map_or(0, |counter| counter.failures);
        counters.insert(key, Counter { failures: before.saturating_add(1), last: now });
    }

    /// How many seconds an attempt has to wait.
    fn wait(&self, counters: &HashMap<u64, Counter>, keys: Keys, now: Moment) -> i64 {
        let free = self.limits.free_attempts;
        let live = |key| counters.get(&key).copied().filter(|counter| self.is_live(*counter, now));
        let is_attacked =
            live(keys.account).is_some_and(|it| it.failures >= free.saturating_mul(PER_ACCOUNT));
        let pair = live(keys.pair).map_or(0, |it| self.wait_of(it, if is_attacked { 1 } else { free }, now));
        let all = free.saturating_mul(PER_ADDRESS);
        let address = live(keys.address).map_or(0, |it| self.wait_of(it, all, now));
        pair.max(address)
    }

    /// What is left of a second after the last free failure, of twice as long
    /// after each further one.
    fn wait_of(&self, counter: Counter, free: u32, now: Moment) -> i64 {
        let Some(doublings) = counter.failures.checked_sub(free) else { return 0 };
        let longest = i64::from(self.limits.longest_wait.max(1));
        let wait = 1_i64
            .checked_shl(doublings)
            .filter(|checked_shl| *checked_shl > 0)
            .unwrap_or(longest)
            .min(longest);
        let left = wait * 1000 - (now.millis() - counter.last.millis());
        // Begun seconds count.
        (left.max(0) + 999) / 1000
    }

    /// Whether a counter still counts. A clock that was set back does not keep
    /// it any longer.
    fn is_live(&self, counter: Counter, now: Moment) -> bool {
        let kept = KEPT.max(2 * i64::from(self.limits.longest_wait));
        counter.last <= now && now < counter.last.plus_seconds(kept)
    }
}

/// What counts as one address: of IPv6, the 64 bits that a customer of a
/// provider gets and can change the rest of at will.
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

    /// How long a login has to wait; 0 is not at all.
    fn wait(attempts: &Attempts, account: &str, address: Option<IpAddr>, now: Moment) -> i64 {
        attempts.wait(&attempts.counters(), attempts.keys(account, address), now)
    }

    fn fail(attempts: &Attempts, account: &str, address: Option<IpAddr>, now: Moment, times: u32) {
        for _ in 0..times {
            attempts.failed(account, address, now);
        }
    }

    #[test]
    fn a_wait_begins_at_a_second_and_doubles_up_to_the_longest() {
        let attempts = Attempts::new(LoginLimits::default());
        let mut now = at(0);
        fail(&attempts, "admin", HERE, now, 4);
        assert_eq!(wait(&attempts, "admin", HERE, now), 0);
        let mut waits = Vec::new();
        for _ in 0..9 {
            attempts.failed("admin", HERE, now);
            let seconds = wait(&attempts, "admin", HERE, now);
            assert!(attempts.admit("admin", HERE, now.plus_seconds(seconds - 1)).is_err());
            now = now.plus_seconds(seconds);
            assert_eq!(attempts.admit("admin", HERE, now), Ok(()));
            waits.push(seconds);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        // No number of failures overflows it.
        fail(&attempts, "admin", HERE, now, 100);
        assert_eq!(wait(&attempts, "admin", HERE, now), 60);
    }

    #[test]
    fn what_is_left_of_a_wait_is_rounded_up() {
        let attempts = Attempts::new(LoginLimits { free_attempts: 1, longest_wait: 60 });
        fail(&attempts, "admin", HERE, at(0), 3);
        for (millis, left) in [(0, 4), (1, 4), (1000, 3), (3999, 1), (4000, 0)] {
            let now = Moment::from_millis(at(0).millis() + millis);
            assert_eq!(wait(&attempts, "admin", HERE, now), left, "{millis}");
        }
    }

    #[test]
    fn other_addresses_and_other_accounts_do_not_wait() {
        let attempts = Attempts::new(LoginLimits::default());
        fail(&attempts, "admin", HERE, at(0), 20);
        assert!(wait(&attempts, "admin", HERE, at(0)) > 0);
        for (account, address) in [("alice", HERE), ("admin", other(1)), ("admin", None)] {
            assert_eq!(wait(&attempts, account, address, at(0)), 0, "{account} {address:?}");
        }
    }

    #[test]
    fn a_right_password_begins_anew_and_so_does_time() {
        let attempts = Attempts::new(LoginLimits::default());
        fail(&attempts, "admin", HERE, at(0), 5);
        attempts.succeeded("admin", HERE);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 0);
        fail(&attempts, "admin", HERE, at(0), 5);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
        fail(&attempts, "admin", HERE, at(KEPT), 4);
        assert_eq!(wait(&attempts, "admin", HERE, at(KEPT)), 0);
        // The clock was set back.
        fail(&attempts, "admin", HERE, at(KEPT), 10);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 0);
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits_for_all_of_them() {
        let attempts = Attempts::new(LoginLimits::default());
        for number in 0..50 {
            assert_eq!(wait(&attempts, "admin", HERE, at(0)), 0, "{number}");
            attempts.failed(&format!("account {number}"), HERE, at(0));
        }
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
        // An account of one's own does not help.
        attempts.succeeded("mallory", HERE);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
        assert_eq!(wait(&attempts, "admin", other(1), at(0)), 0);
    }

    #[test]
    fn of_an_account_that_many_addresses_try_each_has_one_attempt() {
        let attempts = Attempts::new(LoginLimits::default());
        for number in 0..25 {
            fail(&attempts, "admin", other(number), at(0), 4);
        }
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 0, "a right password is never kept out");
        attempts.failed("admin", HERE, at(0));
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
        assert_eq!(wait(&attempts, "alice", HERE, at(0)), 0);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let attempts = Attempts::new(LoginLimits::default());
        let address = |text: &str| Some(text.parse().unwrap());
        for number in 0..5 {
            attempts.failed("admin", address(&format!("2001:db8:1:2::{number}")), at(0));
        }
        assert_eq!(wait(&attempts, "admin", address("2001:db8:1:2:ffff::1"), at(0)), 1);
        assert_eq!(wait(&attempts, "admin", address("2001:db8:1:3::1"), at(0)), 0);
        fail(&attempts, "admin", address("::ffff:192.0.2.1"), at(0), 5);
        assert_eq!(wait(&attempts, "admin", HERE, at(0)), 1);
    }

    #[test]
    fn the_table_does_not_grow_without_end() {
        let attempts = Attempts::new(LoginLimits::default());
        for number in 0..5000 {
            attempts.failed(&"x".repeat(1000), other(number), at(number.into()));
            assert!(attempts.counters().len() <= COUNTERS);
        }
        fail(&attempts, "admin", HERE, at(5000), 6);
        assert_eq!(wait(&attempts, "admin", HERE, at(5000)), 2, "new ones count");
    }

    #[test]
    fn none_means_never() {
        let attempts = Attempts::new(LoginLimits { free_attempts: 0, longest_wait: 60 });
        fail(&attempts, "admin", HERE, at(0), 1000);
        assert_eq!(attempts.admit("admin", HERE, at(0)), Ok(()));
        assert!(attempts.counters().is_empty());
    }
}
