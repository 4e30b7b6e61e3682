//! Pairing of two lists by the names of their elements.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// The elements of two lists, in pairs or alone.
pub(super) struct Paired<'a, T> {
    pub(super) removed: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
    /// In the order of the new list.
    pub(super) both: Vec<(&'a T, &'a T)>,
    /// The position of each pair in the old list.
    positions: Vec<usize>,
}

impl<T> Paired<'_, T> {
    /// Returns whether the pairs have another order in the old list.
    pub(super) fn is_reordered(&self) -> bool {
        !self.positions.is_sorted()
    }

    /// The paired elements in the order of the old and of the new list.
    pub(super) fn orders(&self) -> [Vec<&T>; 2] {
        let mut old: Vec<_> = self.positions.iter().zip(&self.both).collect();
        old.sort_by_key(|(position, _)| **position);
        [old.into_iter().map(|(_, (old, _))| *old).collect(), self.both.iter().map(|(_, new)| *new).collect()]
    }

    /// Returns whether two of the selected pairs have another order in the old list and are not both covered.
    pub(super) fn are_reordered(
        &self,
        is_selected: impl Fn(&T, &T) -> bool,
        is_covered: impl Fn(&T, &T) -> bool,
    ) -> bool {
        if self.positions.is_sorted() {
            return false;
        }
        // The last positions so far: of all pairs, and of those that are not covered.
        let (mut last, mut last_own) = (0, 0);
        let pairs = self.both.iter().zip(&self.positions);
        for ((old, new), position) in pairs.filter(|((old, new), _)| is_selected(old, new)) {
            let is_covered = is_covered(old, new);
            if *position < if is_covered { last_own } else { last } {
                return true;
            }
            last = last.max(*position);
            last_own = if is_covered { last_own } else { last_own.max(*position) };
        }
        false
    }
}

/// Pairs elements of the same name. Several elements of one name, such as errors with the same code, are paired in
/// their order.
pub(super) fn pair<'a, T, N: Eq + Hash>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&'a T) -> N,
) -> Paired<'a, T> {
    pair_renamed(old, new, name, |_| None)
}

/// Pairs elements of the same name, and then new elements with the old element of their former name, if no other
/// element has that name now.
pub(super) fn pair_renamed<'a, T, N: Eq + Hash>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&'a T) -> N,
    former_name: impl Fn(&'a T) -> Option<N>,
) -> Paired<'a, T> {
    if old.iter().map(&name).eq(new.iter().map(&name)) {
        // Nearly all lists are equal.
        let both = old.iter().zip(new).collect();
        return Paired { removed: Vec::new(), added: Vec::new(), both, positions: (0..old.len()).collect() };
    }
    let mut olds: HashMap<N, VecDeque<usize>> = HashMap::with_capacity(old.len());
    for (position, element) in old.iter().enumerate() {
        olds.entry(name(element)).or_default().push_back(position);
    }
    let mut take = |name: N| olds.get_mut(&name).and_then(VecDeque::pop_front);
    let mut positions: Vec<_> = new.iter().map(|element| take(name(element))).collect();
    for (element, position) in new.iter().zip(&mut positions).filter(|(_, position)| position.is_none()) {
        *position = former_name(element).and_then(&mut take);
    }
    let mut is_paired = vec![false; old.len()];
    let mut paired =
        Paired { removed: Vec::new(), added: Vec::new(), both: Vec::new(), positions: Vec::new() };
    for (element, position) in new.iter().zip(positions) {
        match position {
            Some(position) => {
                is_paired[position] = true;
                paired.positions.push(position);
                paired.both.push((&old[position], element));
            }
            None => paired.added.push(element),
        }
    }
    let removed = old.iter().zip(is_paired).filter(|(_, is_paired)| !is_paired);
    paired.removed = removed.map(|(element, _)| element).collect();
    paired
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs elements that are written `name` or `name<former name`.
    fn pair_text(old: &[&'static str], new: &[&'static str]) -> (String, bool) {
        let name = |text: &&'static str| text.split('<').next().unwrap_or_default();
        let former_name = |text: &&'static str| text.split('<').nth(1);
        let paired = pair_renamed(old, new, name, former_name);
        let both: Vec<_> = paired.both.iter().map(|(old, new)| format!("{old}={new}")).collect();
        let removed: Vec<_> = paired.removed.iter().map(|name| format!("-{name}")).collect();
        let added: Vec<_> = paired.added.iter().map(|name| format!("+{name}")).collect();
        ([both, removed, added].concat().join(" "), paired.is_reordered())
    }

    #[test]
    fn pairs_elements_by_name() {
        for (old, new, expected) in [
            (&["a", "b"][..], &["a", "b"][..], ("a=a b=b", false)),
            (&["a", "b"], &["b", "a"], ("b=b a=a", true)),
            (&["a", "b"], &["b", "c"], ("b=b -a +c", false)),
            (&["a", "a"], &["a"], ("a=a -a", false)),
            (&["a"], &["b<a"], ("a=b<a", false)),
            (&["a"], &["b<a", "a"], ("a=a +b<a", false)),
            (&["a"], &["b<a", "c<a"], ("a=b<a +c<a", false)),
            (&["a", "b"], &["b<a", "a<b"], ("b=b<a a=a<b", true)),
            (&["a", "b"], &["b", "c<a"], ("b=b a=c<a", true)),
            (&["a"], &["b<c"], ("-a +b<c", false)),
        ] {
            assert_eq!(pair_text(old, new), (expected.0.to_owned(), expected.1), "{old:?} {new:?}");
        }
    }
}
