//! The problems of an inventory, with positions.

use std::cell::RefCell;
use std::fmt;

use zstack_model::yaml::Mark;

/// A value with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) at: Mark,
}

/// A problem of an inventory, displayed as `12:5: unknown zone …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The position.
    pub at: Mark,
    /// A message that describes the problem and its solution.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.at.line, self.at.column, self.text)
    }
}

/// The maximum number of problems that are described; further ones are counted.
const MAX_PROBLEMS: usize = 100;

/// The maximum length of the text of a problem, in characters.
const MAX_TEXT_LENGTH: usize = 2000;

/// The maximum number of names that a problem lists as alternatives.
const MAX_NAMES: usize = 12;

/// The length to which a name is shortened in a message, in characters.
const MAX_NAME_LENGTH: usize = 64;

/// A collector of problems. All readers share a reference to it, and go on after
/// a problem.
#[derive(Debug, Default)]
pub(super) struct Problems(RefCell<Found>);

#[derive(Debug, Default)]
struct Found {
    described: Vec<Problem>,
    /// The number of further problems.
    more: usize,
}

impl Problems {
    pub(super) fn add(&self, at: Mark, text: impl Into<String>) {
        let mut found = self.0.borrow_mut();
        if found.described.len() == MAX_PROBLEMS {
            found.more += 1;
            return;
        }
        let mut text = text.into();
        if let Some((end, _)) = text.char_indices().nth(MAX_TEXT_LENGTH) {
            text.truncate(end);
            text.push('…');
        }
        found.described.push(Problem { at, text });
    }

    /// Returns true if further problems are only counted, so that a suggestion is
    /// useless.
    pub(super) fn is_full(&self) -> bool {
        self.0.borrow().described.len() == MAX_PROBLEMS
    }

    /// Returns the problems in the order of the file; the last one counts the
    /// problems that are not listed.
    pub(super) fn into_sorted(self) -> Vec<Problem> {
        let Found { described: mut all, more } = self.0.into_inner();
        all.sort_by_key(|problem| problem.at);
        all.dedup();
        if let Some(last) = all.last().filter(|_| more > 0) {
            let text = format!("{more} further problems are not listed; correct these first");
            all.push(Problem { at: last.at, text });
        }
        all
    }
}

/// Lists names for a message: the first of them, and the number of others.
pub(super) fn list_names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(MAX_NAMES);
    let shown: Vec<_> = names.take(MAX_NAMES).map(excerpt).collect();
    let shown = shown.join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// Shortens a name for a message.
pub(super) fn excerpt(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME_LENGTH) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
