//! From the segments of a path to an endpoint.

use hashbrown::HashMap;

use super::shapes::Shapes;
use super::template::Segment;

/// The node that every path begins at.
const ROOT: u32 = 0;

/// A tree of segments. Its nodes are the rows of one list and its literal
/// edges those of one map: a server of a thousand endpoints holds few
/// allocations.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    literals: Literals<'static>,
    /// Finds nearly every path without the rest.
    shapes: Shapes,
}

/// From a node and a literal to the node behind it.
type Literals<'a> = HashMap<(u32, &'a str), u32>;

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
        Self { nodes: vec![Node::default()], literals: HashMap::new(), shapes: Shapes::new() }
    }

    /// The endpoint of a template: the next number, unless there is one already.
    /// How variables are named makes no difference.
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

    /// How many endpoints there are.
    pub(super) fn len(&self) -> u32 {
        self.shapes.len()
    }

    /// Frees memory that is not needed when no more is inserted.
    pub(super) fn shrink(&mut self) {
        self.nodes.shrink_to_fit();
        self.literals.shrink_to_fit();
        self.shapes.shrink();
    }

    /// The endpoint of a path, and the values of its variables.
    ///
    /// Of several templates that match, the one with the first literal where
    /// another has a variable.
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<(u32, Vec<&'p str>)> {
        let from_root = path.strip_prefix('/')?;
        self.shapes.find(from_root).or_else(|| {
            let mut values = Vec::new();
            let endpoint = self.below(ROOT, from_root, &mut values)?;
            Some((endpoint, values))
        })
    }

    /// The literal first; what it leads to may have no end for this path, so
    /// the variable after it. Each node is visited once at most.
    fn below<'p>(&self, node: u32, path: &'p str, values: &mut Vec<&'p str>) -> Option<u32> {
        // Segments are short: a search that is made for long texts is slower.
        let slash = path.bytes().position(|byte| byte == b'/');
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

    /// Whatever a caller writes there is no variable by itself.
    #[test]
    fn a_path_is_no_template() {
        let tree = tree(&["/a/{x}/b"]);
        for segment in ["{x}", "{}", "0"] {
            assert_eq!(tree.find(&format!("/a/{segment}/b")), Some((0, vec![segment])));
        }
        assert_eq!(tree.find("/a//b"), None);
    }

    #[test]
    fn names_of_variables_make_no_difference() {
        let mut tree = tree(&["/a/{x}/b", "/a/b"]);
        assert_eq!(tree.insert(&segments("/a/{y}/b").unwrap()), 0);
        assert_eq!(tree.insert(&segments("/a/{y}").unwrap()), 2);
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

    const UUID: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

    /// A segment of a template; there are templates with UUIDs as literals.
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
        fn finds_what_a_look_at_every_template_finds(
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
            // The first variable of the best one comes last.
            let variables = |it: &[Segment]| -> Vec<bool> {
                it.iter().map(|it| matches!(it, Segment::Variable(_))).collect()
            };
            let matching = (0_u32..).zip(&known).filter_map(|(endpoint, it)| Some((endpoint, it, matches(it, &path)?)));
            let expected = matching.min_by_key(|(_, it, _)| variables(it)).map(|(endpoint, _, values)| (endpoint, values));
            let path: String = path.iter().flat_map(|path| ["/", path]).collect();
            prop_assert_eq!(tree.find(&path), expected);
        }
    }
}
