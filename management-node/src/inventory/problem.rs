//! What is wrong with an inventory: everything at once, with positions.

use std::cell::RefCell;
use std::fmt;

use zstack_model::yaml::Mark;

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

/// How many problems are described; further ones are counted.
const MOST_PROBLEMS: usize = 100;

/// The maximum length of the text of a problem, in characters.
const LONGEST_TEXT: usize = 2000;

/// How many names a problem lists as alternatives, and how much of each, in
/// characters.
const MOST_NAMES: usize = 12;
const LONGEST_NAME: usize = 64;

/// How many known names are compared with a misspelt one. The time for a
/// suggestion must not depend on how many names a caller declares.
const MOST_COMPARED: usize = 1000;

/// Problems as they are found. Everyone who reads has a reference, so that one
/// problem does not keep the next from being found.
#[derive(Debug, Default)]
pub(super) struct Problems(RefCell<Found>);

#[derive(Debug, Default)]
struct Found {
    described: Vec<Problem>,
    /// How many more there are.
    more: usize,
}

impl Problems {
    pub(super) fn add(&self, at: Mark, text: impl Into<String>) {
        let mut found = self.0.borrow_mut();
        if found.described.len() == MOST_PROBLEMS {
            found.more += 1;
            return;
        }
        let mut text = text.into();
        if let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT) {
            text.truncate(end);
            text.push('…');
        }
        found.described.push(Problem { at, text });
    }

    /// Whether further problems are only counted, so that there is no use for
    /// a suggestion.
    pub(super) fn is_full(&self) -> bool {
        self.0.borrow().described.len() == MOST_PROBLEMS
    }

    /// The problems in the order of the file, and last how many more there
    /// are.
    pub(super) fn into_sorted(self) -> Vec<Problem> {
        let Found { described: mut all, more } = self.0.into_inner();
        all.sort_by_key(|it| it.at);
        all.dedup();
        if let Some(last) = all.last().filter(|_| more > 0) {
            let text = format!("further problems: {more}; correct these first");
            all.push(Problem { at: last.at, text });
        }
        all
    }
}

/// The names to choose from, as the text of a problem: the first of them, and
/// how many more there are.
pub(super) fn list_names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let shown: Vec<_> = names.take(MOST_NAMES).map(excerpt).collect();
    let shown = shown.join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

/// The beginning of a name.
pub(super) fn excerpt(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The word of `known` that `found` was probably meant to be. Of many, only
/// the first are compared, and none that are too long for a name.
pub(crate) fn meant<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let is_short = |it: &str| it.len() <= 4 * LONGEST_NAME;
    if !is_short(found) {
        return None;
    }
    let found = found.to_lowercase();
    let similar = |it: &'a str| (strsim::jaro_winkler(&found, &it.to_lowercase()), it);
    let known = known.into_iter().take(MOST_COMPARED).filter(|it| is_short(it));
    let best = known.map(similar).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then_some(best.1)
}
