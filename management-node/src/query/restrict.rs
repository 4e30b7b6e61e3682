//! The shortest path from one resource to another one, for `restrict by` of ZQL.

use std::collections::{HashSet, VecDeque};

use super::MAX_PATH_LENGTH;
use super::resource::{Relation, Resource};

/// Finds the shortest path from a resource to another one; among paths of the same length, the first one in
/// the order of the relations. `None` if no path leads there.
pub(super) fn shortest_path(
    from: &'static Resource,
    to: &'static Resource,
) -> Option<Vec<&'static Relation>> {
    let mut seen = HashSet::from([from.alias]);
    let mut paths = VecDeque::from([(from, Vec::new())]);
    while let Some((at, path)) = paths.pop_front() {
        if std::ptr::eq(at, to) {
            return Some(path);
        }
        if path.len() == MAX_PATH_LENGTH {
            continue;
        }
        for relation in at.relations() {
            if seen.insert(relation.to.alias) {
                let mut longer = path.clone();
                longer.push(relation);
                paths.push_back((relation.to, longer));
            }
        }
    }
    None
}
