//! Finds the endpoint of a path, segment by segment.

use hashbrown::HashMap;

use super::shapes::Shapes;
use super::template::Segment;

/// The node where every path begins.
const ROOT: u32 = 0;

/// A tree of segments. The nodes are rows of one list and the literal edges entries of one map, so
/// that a thousand endpoints take few allocations.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    literals: Literals<'static>,
    /// Finds nearly every path without the tree.
    shapes: Shapes,
}

/// The literal edges: from a node and a literal to the next node.
type Literals<'a> = HashMap<(u32, &'a str), u32>;

/// The state after some segments.
#[derive(Debug, Default)]
struct Node {
    /// The node after a variable.
    variable: Option<u32>,
    /// The endpoint of the path that ends here.
    endpoint: Option<u32>,
}

impl Tree {
    pub(super) fn new() -> Self {
        Self { nodes: vec![Node::default()], literals: HashMap::new(), shapes: Shapes::new() }
    }

    /// Inserts a template, and returns its endpoint: a new number, or that of an equal template.
    /// The names of variables make no difference.
    pub(super) fn insert(&mut self, template: &[Segment]) -> u32 {
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
        let endpoint = &mut self.nodes[node as usize].endpoint;
        *endpoint.get_or_insert_with(|| self.shapes.push(template))
    }

    /// Returns the number of endpoints.
    pub(super) fn len(&self) -> u32 {
        self.shapes.len()
    }

    /// Frees unused memory after the last template was inserted.
    pub(super) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.literals.shrink_to_fit();
        self.shapes.shrink();
    }

    /// Finds the endpoint of a path, and the values of its variables.
    ///
    /// If several templates match, the one wins that has a literal where the others first have a
    /// variable.
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<(u32, Vec<&'p str>)> {
        let from_root = path.strip_prefix('/')?;
        self.shapes.find(from_root).or_else(|| {
            let mut values = Vec::new();
            let endpoint = self.find_below(ROOT, from_root, &mut values)?;
            Some((endpoint, values))
        })
    }

    /// Searches below a node: first the literal, then, if that leads to no endpoint, the variable.
    /// Each node is visited at most once.
    fn find_below<'p>(&self, node: u32, path: &'p str, values: &mut Vec<&'p str>) -> Option<u32> {
        // Segments are short; a search for long texts would be slower.
        let slash = path.bytes().position(|byte| byte == b'/');
        let (segment, rest) = path.split_at(slash.unwrap_or(path.len()));
        let continue_at = |next: u32, values: &mut Vec<&'p str>| match rest.get(1..) {
            Some(rest) => self.find_below(next, rest, values),
            None => self.nodes[next as usize].endpoint,
        };
        // A map with keys that live no longer than the path.
        let literals: &Literals<'_> = &self.literals;
        if let Some(next) = literals.get(&(node, segment))
            && let Some(endpoint) = continue_at(*next, values)
        {
            return Some(endpoint);
        }
        let next = self.nodes[node as usize].variable.filter(|_| !segment.is_empty())?;
        values.push(segment);
        let endpoint = continue_at(next, values);
        if endpoint.is_none() {
            values.pop();
        }
        endpoint
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::server::route::template::segments;

    fn tree(templates: &[&'static str]) -> Tree {
        let mut tree = Tree::new();
        for (template, number) in templates.iter().zip(0..) {
            assert_eq!(tree.insert(&segments(template).unwrap()), number);
        }
        tree
    }

    #[test]
    fn prefers_literals_to_variables() {
        let templates = ["/a/{x}", "/a/b", "/a/b/", "/{x}/c", "/a/b/{y}/d", "/{x}/{y}/c/e", "/{x}"];
        let tree = tree(&templates);
        for (path, template, values) in [
            ("/a/b", "/a/b", &[][..]),
            ("/a/b/", "/a/b/", &[]),
            ("/a/c", "/a/{x}", &["c"]),
            ("/b/c", "/{x}/c", &["b"]),
            ("/a/b/c/d", "/a/b/{y}/d", &["c"]),
            // A path that begins like a literal may continue as only a variable does.
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

    /// Braces in a path have no meaning.
    #[test]
    fn takes_braces_in_paths_literally() {
        let tree = tree(&["/a/{x}/b"]);
        for segment in ["{x}", "{}", "0"] {
            assert_eq!(tree.find(&format!("/a/{segment}/b")), Some((0, vec![segment])));
        }
        assert_eq!(tree.find("/a//b"), None);
    }

    #[test]
    fn ignores_names_of_variables() {
        let mut tree = tree(&["/a/{x}/b", "/a/b"]);
        assert_eq!(tree.insert(&segments("/a/{y}/b").unwrap()), 0);
        assert_eq!(tree.insert(&segments("/a/{y}").unwrap()), 2);
    }

    /// Returns the values of the variables if a template matches a path.
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

    const UUID: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

    /// Generates a segment; some templates have UUIDs as literals.
    fn segment(literals: &[&'static str]) -> impl Strategy<Value = Segment> + use<> {
        let literals = literals.iter().map(|literal| Segment::Literal(literal));
        select(literals.chain([Segment::Variable("x")]).collect::<Vec<_>>())
    }

    fn templates() -> impl Strategy<Value = Vec<(Vec<Segment>, bool)>> {
        let of = |literals| vec((vec(segment(literals), 1..6), any::<bool>()), 0..24);
        prop_oneof![of(&["a", "b"]), of(&["a", UUID])]
    }

    proptest! {
        #[test]
        fn finds_the_same_as_a_linear_search(
            templates in templates(),
            path in vec(select(vec!["a", "b", "c", UUID, ""]), 1..7),
        ) {
            let mut tree = Tree::new();
            let mut known: Vec<Vec<Segment>> = Vec::new();
            for (mut template, slash) in templates {
                template.extend(slash.then_some(Segment::Literal("")));
                let endpoint = tree.insert(&template) as usize;
                if endpoint == known.len() {
                    known.push(template);
                } else {
                    prop_assert_eq!(&known[endpoint], &template);
                }
            }
            tree.shrink();
            // The best template has its first variable last.
            let variables = |template: &[Segment]| -> Vec<bool> {
                template.iter().map(|segment| matches!(segment, Segment::Variable(_))).collect()
            };
            let matching = (0_u32..).zip(&known).filter_map(|(endpoint, template)| Some((endpoint, template, matches(template, &path)?)));
            let expected = matching.min_by_key(|(_, template, _)| variables(template)).map(|(endpoint, _, values)| (endpoint, values));
            let path: String = path.iter().flat_map(|path| ["/", path]).collect();
            prop_assert_eq!(tree.find(&path), expected);
        }
    }
}
