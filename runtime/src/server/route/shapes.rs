//! Finds the endpoint of a path whose variables are UUIDs.

use std::hash::BuildHasher as _;
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::template::Segment;

/// The text of a variable in a shape; paths contain no question mark.
const VARIABLE: &str = "/?";

/// Endpoints by shape: the text of the template, with the same text for all variables.
///
/// Nearly all variables are UUIDs, so a single look-up finds nearly all paths, where the tree needs
/// one for each segment. Texts and numbers are adjacent in memory, since cache misses are most of
/// what a call costs more with a thousand endpoints than with one.
#[derive(Debug)]
pub(super) struct Shapes {
    endpoints: HashTable<u32>,
    texts: Texts,
    /// True if a literal looks like a UUID; shapes are ambiguous then, and not used.
    literal_uuid: bool,
}

/// The shapes of all endpoints, in their order.
#[derive(Debug)]
struct Texts {
    all: String,
    /// The start of each shape, and the end of the last one.
    starts: Vec<u32>,
    hasher: DefaultHashBuilder,
}

impl Texts {
    fn get(&self, endpoint: u32) -> &str {
        &self.all[range_of(&self.starts, endpoint)]
    }

    fn hash(&self, endpoint: u32) -> u64 {
        self.hasher.hash_one(self.get(endpoint))
    }
}

impl Shapes {
    pub(super) fn new() -> Self {
        let texts = Texts { all: String::new(), starts: vec![0], hasher: DefaultHashBuilder::default() };
        Self { endpoints: HashTable::new(), texts, literal_uuid: false }
    }

    /// Returns the number of endpoints.
    pub(super) fn len(&self) -> u32 {
        self.texts.starts.len() as u32 - 1
    }

    /// Adds an endpoint, and returns its number.
    pub(super) fn push(&mut self, template: &[Segment]) -> u32 {
        let endpoint = self.len();
        let texts = &mut self.texts;
        for segment in template {
            match segment {
                Segment::Literal(text) => {
                    texts.all.extend(["/", text]);
                    self.literal_uuid |= is_uuid(text);
                }
                Segment::Variable(_) => texts.all.push_str(VARIABLE),
            }
        }
        texts.starts.push(texts.all.len() as u32);
        self.endpoints.insert_unique(texts.hash(endpoint), endpoint, |other| texts.hash(*other));
        endpoint
    }

    /// Frees unused memory after the last endpoint was added.
    pub(super) fn shrink(&mut self) {
        self.texts.all.shrink_to_fit();
        self.texts.starts.shrink_to_fit();
        self.endpoints.shrink_to_fit(|endpoint| self.texts.hash(*endpoint));
    }

    /// Finds the endpoint that the tree would find, or nothing: the tree follows literals first,
    /// and all segments except UUIDs are taken as literals here. The path is without its leading
    /// slash.
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<(u32, Vec<&'p str>)> {
        if self.literal_uuid {
            return None;
        }
        let mut values = Vec::new();
        let mut shape = String::with_capacity(path.len() + 1);
        for segment in path.split('/') {
            if is_uuid(segment) {
                shape.push_str(VARIABLE);
                values.push(segment);
            } else {
                shape.push('/');
                shape.push_str(segment);
            }
        }
        let hash = self.texts.hasher.hash_one(shape.as_str());
        let endpoint = *self.endpoints.find(hash, |endpoint| self.texts.get(*endpoint) == shape)?;
        Some((endpoint, values))
    }
}

/// Returns whether a segment can only be the value of a variable: the platform's UUIDs have 32
/// digits and no dashes.
fn is_uuid(segment: &str) -> bool {
    // Without an early exit, so that the compiler vectorizes it.
    segment.len() == 32 && segment.bytes().fold(true, |all, byte| all & byte.is_ascii_hexdigit())
}

/// Returns the range of a number in a list; `starts` has the start of each range, and the end of
/// the last one.
pub(super) fn range_of(starts: &[u32], number: u32) -> Range<usize> {
    let [begin, end] = [0, 1].map(|after| starts[number as usize + after] as usize);
    begin..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::route::template::segments;

    fn shapes(templates: &[&'static str]) -> Shapes {
        let mut shapes = Shapes::new();
        for (template, number) in templates.iter().zip(0..) {
            assert_eq!(shapes.push(&segments(template).unwrap()), number);
        }
        shapes.shrink();
        assert_eq!(shapes.len() as usize, templates.len());
        shapes
    }

    const UUID: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

    #[test]
    fn finds_paths_whose_variables_are_uuids() {
        let shapes = shapes(&["/vms", "/vms/{uuid}", "/vms/{uuid}/isos/{isoUuid}", "/vms/"]);
        for (path, found) in [
            ("vms".to_owned(), Some((0, vec![]))),
            (format!("vms/{UUID}"), Some((1, vec![UUID]))),
            (format!("vms/{UUID}/isos/{UUID}"), Some((2, vec![UUID, UUID]))),
            ("vms/".to_owned(), Some((3, vec![]))),
            // The tree may find these.
            (format!("vms/{UUID}/"), None),
            (format!("vms/{UUID}/isos/name"), None),
            (format!("vms/{UUID}0"), None),
            (format!("vms/{}", UUID.replace('3', "g")), None),
            (String::new(), None),
        ] {
            assert_eq!(shapes.find(&path), found, "{path}");
        }
    }

    #[test]
    fn finds_nothing_where_a_literal_looks_like_a_uuid() {
        let shapes = shapes(&["/vms", "/vms/36c27e8ff05c4780bf6d2fa65700f22e"]);
        assert_eq!(shapes.find("vms"), None);
    }
}
