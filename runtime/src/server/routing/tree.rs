//! From the segments of a path to an endpoint.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::template::Segment;

/// The node that every path begins at.
const ROOT: u32 = 0;

/// A tree of segments. Its nodes are the rows of one list and its literal
/// edges those of one map: a look-up reads a few rows for each segment, and
/// a server of a thousand endpoints holds two allocations.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    literals: Literals<'static>,
}

/// From a node and a literal to the node behind it.
type Literals<'a> = HashMap<(u32, &'a str), u32, BuildHasherDefault<Ends>>;

/// Where all paths meet that begin with the same segments.
#[derive(Debug, Default)]
struct Node {
    /// The node behind one more segment, whatever that is.
    variable: Option<u32>,
    /// The endpoint of the path that ends here.
    endpoint: Option<u32>,
}

impl Tree {
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node::default()], literals: HashMap::default() }
    }

    /// The endpoint of a template: `new`, unless there is one already. How
    /// variables are named makes no difference.
    pub(super) fn insert(&mut self, template: &[Segment], new: u32) -> u32 {
        let mut node = ROOT;
        for segment in template {
            let next = self.nodes.len() as u32;
            let known = match segment {
                Segment::Literal(text) => *self.literals.entry((node, text)).or_insert(next),
                Segment::Variable(_) => *self.nodes[node as usize].variable.get_or_insert(next),
            };
            if known == next {
                self.nodes.push(Node::default());
            }
            node = known;
        }
        *self.nodes[node as usize].endpoint.get_or_insert(new)
    }

    /// Gives back what it does not need when no more is inserted.
    pub(super) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.literals.shrink_to_fit();
    }

    /// The endpoint of a path, and the values of its variables.
    ///
    /// Of several templates that match, the one with the first literal where
    /// another has a variable.
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<(u32, Vec<&'p str>)> {
        let mut values = Vec::new();
        let endpoint = self.below(ROOT, path.strip_prefix('/')?, &mut values)?;
        Some((endpoint, values))
    }

    /// The literal first; what it leads to may have no end for this path, so
    /// the variable after it. Each node is visited once at most.
    fn below<'p>(&self, node: u32, path: &'p str, values: &mut Vec<&'p str>) -> Option<u32> {
        // Segments are short: a search that is made for long texts is slower.
        let slash = path.bytes().position(|it| it == b'/');
        let (segment, rest) = path.split_at(slash.unwrap_or(path.len()));
        let go_on = |next: u32, values: &mut Vec<&'p str>| match rest.get(1..) {
            Some(rest) => self.below(next, rest, values),
            None => self.nodes[next as usize].endpoint,
        };
        // Seen as a map of keys that live no longer than the path.
        let literals: &Literals<'_> = &self.literals;
        if let Some(next) = literals.get(&(node, segment))
            && let Some(endpoint) = go_on(*next, values)
        {
            return Some(endpoint);
        }
        let next = self.nodes[node as usize].variable.filter(|_| !segment.is_empty())?;
        values.push(segment);
        let endpoint = go_on(next, values);
        if endpoint.is_none() {
            values.pop();
        }
        endpoint
    }
}

/// Hashes a text by its ends, and all of one that has no more than 16 bytes.
/// What is in the map is there from the beginning: no caller can fill it with
/// texts that are all the same in here.
#[derive(Default)]
struct Ends(u64);

impl Ends {
    fn mix(&mut self, word: u64) {
        // By the digits of the golden ratio, and folded: the map takes bits from
        // both ends of a hash.
        let product = u128::from(self.0 ^ word) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

impl Hasher for Ends {
    fn write(&mut self, text: &[u8]) {
        if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            self.mix(u64::from_le_bytes(*first));
            self.mix(u64::from_le_bytes(*last));
        } else {
            self.mix(text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn write_u32(&mut self, node: u32) {
        self.0 = node.into();
    }

    /// What ends a text; each key has but one.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::server::routing::template::segments;

    fn tree(templates: &[&'static str]) -> Tree {
        let mut tree = Tree::new();
        for (template, number) in templates.iter().zip(0..) {
            tree.insert(&segments(template).unwrap(), number);
        }
        tree
    }

    #[test]
    fn literals_go_before_variables() {
        let templates = ["/a/{x}", "/a/b", "/a/b/", "/{x}/c", "/a/b/{y}/d", "/{x}/{y}/c/e", "/{x}"];
        let tree = tree(&templates);
        for (path, template, values) in [
            ("/a/b", "/a/b", &[][..]),
            ("/a/b/", "/a/b/", &[]),
            ("/a/c", "/a/{x}", &["c"]),
            ("/b/c", "/{x}/c", &["b"]),
            ("/a/b/c/d", "/a/b/{y}/d", &["c"]),
            // What begins like a literal may go on as only a variable does.
            ("/a/b/c/e", "/{x}/{y}/c/e", &["a", "b"]),
            ("/a", "/{x}", &["a"]),
            ("/a%2Fb", "/{x}", &["a%2Fb"]),
        ] {
            let (endpoint, found) = tree.find(path).unwrap();
            assert_eq!((templates[endpoint as usize], &found[..]), (template, values), "{path}");
        }
        for path in ["", "/", "a", "/b/", "/b/d", "/a/", "/a/c/", "/a/b/c", "/a/b//d", "/A/b/"] {
            assert_eq!(tree.find(path), None, "{path}");
        }
    }

    /// These have one hash.
    #[test]
    fn literals_of_the_same_ends() {
        let templates = ["/beginning-1-the-end", "/beginning-2-the-end", "/beginning-the-end"];
        let tree = tree(&templates);
        for (path, number) in templates.iter().zip(0..) {
            assert_eq!(tree.find(path), Some((number, Vec::new())));
        }
        assert_eq!(tree.find("/beginning-3-the-end"), None);
    }

    #[test]
    fn names_of_variables_make_no_difference() {
        let mut tree = tree(&["/a/{x}/b", "/a/b"]);
        assert_eq!(tree.insert(&segments("/a/{y}/b").unwrap(), 7), 0);
        assert_eq!(tree.insert(&segments("/a/{y}").unwrap(), 7), 7);
    }

    /// Whether a template matches a path, and with which values.
    fn matches<'p>(template: &[Segment], path: &[&'p str]) -> Option<Vec<&'p str>> {
        let mut values = Vec::new();
        for (segment, text) in template.iter().zip(path) {
            match segment {
                Segment::Literal(literal) if literal == text => {}
                Segment::Variable(_) if !text.is_empty() => values.push(*text),
                _ => return None,
            }
        }
        (template.len() == path.len()).then_some(values)
    }

    fn segment() -> impl Strategy<Value = Segment> {
        select(vec![Segment::Literal("a"), Segment::Literal("b"), Segment::Variable("x")])
    }

    proptest! {
        #[test]
        fn finds_what_a_look_at_every_template_finds(
            templates in vec((vec(segment(), 1..6), any::<bool>()), 0..24),
            path in vec(select(vec!["a", "b", "c", ""]), 1..7),
        ) {
            let mut tree = Tree::new();
            let mut known: Vec<Vec<Segment>> = Vec::new();
            for (mut template, slash) in templates {
                template.extend(slash.then_some(Segment::Literal("")));
                let endpoint = tree.insert(&template, known.len() as u32) as usize;
                if endpoint == known.len() {
                    known.push(template);
                } else {
                    prop_assert_eq!(&known[endpoint], &template);
                }
            }
            tree.shrink();
            // The first variable of the best one comes last.
            let variables = |it: &[Segment]| -> Vec<bool> {
                it.iter().map(|it| matches!(it, Segment::Variable(_))).collect()
            };
            let matching = (0_u32..).zip(&known).filter_map(|(endpoint, it)| Some((endpoint, it, matches(it, &path)?)));
            let expected = matching.min_by_key(|(_, it, _)| variables(it)).map(|(endpoint, _, values)| (endpoint, values));
            let path: String = path.iter().flat_map(|it| ["/", it]).collect();
            prop_assert_eq!(tree.find(&path), expected);
        }
    }
}
