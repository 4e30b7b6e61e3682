//! What is wrong with an inventory: everything at once, with positions.

use std::cell::RefCell;
use std::fmt;

/// A position in a file, both counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// Something with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spanned<T> {
    pub(super) value: T,
    pub(super) at: Mark,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub at: Mark,
    /// What, and what to do.
    pub text: String,
}

/// `12:5: there is no zone …`
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.at.line, self.at.column, self.text)
    }
}

/// Problems as they are found. Everyone who reads has a reference, so that one
/// problem does not keep the next from being found.
#[derive(Debug, Default)]
pub(super) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(super) fn add(&self, at: Mark, text: impl Into<String>) {
        self.0.borrow_mut().push(Problem { at, text: text.into() });
    }

    /// All of them, in the order of the file.
    pub(super) fn into_sorted(self) -> Vec<Problem> {
        let mut all = self.0.into_inner();
        all.sort_by_key(|it| it.at);
        all.dedup();
        all
    }
}

/// The word of `known` that `found` was probably meant to be.
pub(crate) fn meant<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let similar = |it: &'a str| (strsim::jaro_winkler(&found.to_lowercase(), &it.to_lowercase()), it);
    let best = known.into_iter().map(similar).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then_some(best.1)
}
