//! Limits on the work that one inventory may cause.

use std::cell::Cell;
use std::time::{Duration, Instant};

use zstack_model::yaml::Mark;

use super::problem::Problem;

/// The maximum work that loading an inventory may cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The maximum time for reading the text.
    pub time: Duration,
    /// The maximum number of records that it creates.
    pub records: usize,
}

impl Limits {
    /// No limits, for a file that the operator of the node chose.
    pub const NONE: Self = Self { time: Duration::MAX, records: usize::MAX };

    /// The limits on an inventory that a caller sends to `/_node/inventory`.
    pub const REMOTE: Self = Self { time: Duration::from_secs(10), records: 200_000 };
}

/// The use of the limits while a text is read.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    /// `None` if the time limit exceeds the range of the clock.
    deadline: Option<Instant>,
    exceeded: Cell<Option<Exceeded>>,
}

#[derive(Clone, Copy, Debug)]
enum Exceeded {
    Time,
    Records,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, deadline: Instant::now().checked_add(limits.time), exceeded: Cell::new(None) }
    }

    /// Returns true if a limit was exceeded. Reading then ends as soon as possible.
    pub(super) fn is_exceeded(&self) -> bool {
        if self.exceeded.get().is_none() && self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            self.exceeded.set(Some(Exceeded::Time));
        }
        self.exceeded.get().is_some()
    }

    /// Returns true if another record is allowed after `count` records.
    pub(super) fn admits_record_after(&self, count: usize) -> bool {
        if count >= self.limits.records {
            self.exceeded.set(Some(Exceeded::Records));
            return false;
        }
        true
    }

    /// The problem to report for an exceeded limit.
    pub(super) fn problem(&self) -> Option<Problem> {
        let limit = match self.exceeded.get()? {
            Exceeded::Time => {
                format!("reading the inventory takes longer than {} s", self.limits.time.as_secs_f64())
            }
            Exceeded::Records => format!("the inventory creates more than {} records", self.limits.records),
        };
        let text = format!("{limit}, so nothing was loaded; load it in parts or with `zstack-node load`");
        Some(Problem { at: Mark { line: 1, column: 1 }, text })
    }
}

/// An iterator over the characters of a text that ends when a limit is exceeded.
/// For the parser, this is the end of the text, so it stops at any point.
pub(super) struct Metered<'a> {
    characters: std::str::Chars<'a>,
    budget: &'a Budget,
    /// The number of characters until the next check of the clock.
    unchecked: u16,
}

impl<'a> Metered<'a> {
    /// The number of characters between checks, so that they cost little.
    const STEP: u16 = 256;

    pub(super) fn new(text: &'a str, budget: &'a Budget) -> Self {
        Self { characters: text.chars(), budget, unchecked: 0 }
    }
}

impl Iterator for Metered<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self.unchecked.checked_sub(1) {
            Some(left) => self.unchecked = left,
            None if self.budget.is_exceeded() => return None,
            None => self.unchecked = Self::STEP,
        }
        self.characters.next()
    }
}
