//! Two lists, taken together by the names of their elements.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// What two lists have in common, and what only one of them has.
pub(super) struct Paired<'a, T> {
    pub(super) removed: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
    /// In the order of the new list.
    pub(super) both: Vec<(&'a T, &'a T)>,
    /// Where each of those stands in the old list.
    places: Vec<usize>,
}

impl<T> Paired<'_, T> {
    /// Whether those on both sides stand in another order.
    pub(super) fn is_reordered(&self) -> bool {
        !self.places.is_sorted()
    }

    /// Those on both sides, in the order of either side.
    pub(super) fn orders(&self) -> [Vec<&T>; 2] {
        let mut old: Vec<_> = self.places.iter().zip(&self.both).collect();
        old.sort_by_key(|(place, _)| **place);
        [old.into_iter().map(|(_, (old, _))| *old).collect(), self.both.iter().map(|(_, new)| *new).collect()]
    }

    /// Whether some of those on both sides stand in another order, two of which at most one is covered
    /// elsewhere.
    pub(super) fn are_reordered(
        &self,
        some: impl Fn(&T, &T) -> bool,
        is_covered: impl Fn(&T, &T) -> bool,
    ) -> bool {
        if self.places.is_sorted() {
            return false;
        }
        // The last places so far: of all, and of those that are not covered.
        let (mut last, mut last_own) = (0, 0);
        for ((old, new), place) in self.both.iter().zip(&self.places).filter(|((old, new), _)| some(old, new))
        {
            let is_covered = is_covered(old, new);
            if *place < if is_covered { last_own } else { last } {
                return true;
            }
            last = last.max(*place);
            last_own = if is_covered { last_own } else { last_own.max(*place) };
        }
        false
    }
}

/// Elements of the same name - an operation may answer with one code for
/// several reasons - are taken together in their order.
pub(super) fn pair<'a, T, N: Eq + Hash>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&'a T) -> N,
) -> Paired<'a, T> {
    pair_renamed(old, new, name, |_| None)
}

/// What has no counterpart of its name is taken together with what it was
/// called before, if that name is free: one that is still there belongs to
/// whoever has it.
pub(super) fn pair_renamed<'a, T, N: Eq + Hash>(
    old: &'a [T],
    new: &'a [T],
    name: impl Fn(&'a T) -> N,
    formerly: impl Fn(&'a T) -> Option<N>,
) -> Paired<'a, T> {
    if old.iter().map(&name).eq(new.iter().map(&name)) {
        // As nearly all lists are.
        let both = old.iter().zip(new).collect();
        return Paired { removed: Vec::new(), added: Vec::new(), both, places: (0..old.len()).collect() };
    }
    let mut olds: HashMap<N, VecDeque<usize>> = HashMap::with_capacity(old.len());
    for (nth, it) in old.iter().enumerate() {
        olds.entry(name(it)).or_default().push_back(nth);
    }
    let mut take = |name: N| olds.get_mut(&name).and_then(VecDeque::pop_front);
    let mut places: Vec<_> = new.iter().map(|it| take(name(it))).collect();
    for (it, place) in new.iter().zip(&mut places).filter(|(_, place)| place.is_none()) {
        *place = formerly(it).and_then(&mut take);
    }
    let mut taken = vec![false; old.len()];
    let mut paired = Paired { removed: Vec::new(), added: Vec::new(), both: Vec::new(), places: Vec::new() };
    for (it, place) in new.iter().zip(places) {
        match place {
            Some(place) => {
                taken[place] = true;
                paired.places.push(place);
                paired.both.push((&old[place], it));
            }
            None => paired.added.push(it),
        }
    }
    paired.removed = old.iter().zip(taken).filter(|(_, taken)| !taken).map(|(it, _)| it).collect();
    paired
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name`, or `name<former name`.
    fn paired(old: &[&'static str], new: &[&'static str]) -> (String, bool) {
        let name = |it: &&'static str| it.split('<').next().unwrap_or_default();
        let formerly = |it: &&'static str| it.split('<').nth(1);
        let paired = pair_renamed(old, new, name, formerly);
        let both: Vec<_> = paired.both.iter().map(|(old, new)| format!("{old}={new}")).collect();
        let removed: Vec<_> = paired.removed.iter().map(|it| format!("-{it}")).collect();
        let added: Vec<_> = paired.added.iter().map(|it| format!("+{it}")).collect();
        ([both, removed, added].concat().join(" "), paired.is_reordered())
    }

    #[test]
    fn lists_are_taken_together_by_name() {
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
            assert_eq!(paired(old, new), (expected.0.to_owned(), expected.1), "{old:?} {new:?}");
        }
    }
}
