//! Pages as trees of elements. The tokenizer is a browser's; the tree is stricter: what a browser
//! repairs (an end tag that is missing or without a start, an element where it may not be) is an
//! error here, so the tree of a page without errors is that of a browser.

mod selector;

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

pub(crate) use selector::Selector;

/// A parsed page, or a part of one.
pub(crate) struct Html {
    /// In the order of their start tags.
    nodes: Vec<Node>,
    /// The text of all elements.
    text: String,
    pub(crate) errors: Vec<String>,
}

struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    parent: Option<usize>,
    /// The part of the page's text that is in this element.
    text: Range<usize>,
}

/// An element of a page.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    page: &'a Html,
    index: usize,
}

impl Html {
    pub(crate) fn parse(text: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        // The contents of titles and scripts are not markup.
        emitter.naively_switch_states(true);
        let mut builder = Builder {
            page: Self { nodes: Vec::new(), text: String::new(), errors: Vec::new() },
            open: Vec::new(),
        };
        for token in Tokenizer::new_with_emitter(text, emitter) {
            match token.unwrap_or_else(|error: Infallible| match error {}) {
                Token::StartTag(tag) => builder.start(&tag),
                Token::EndTag(tag) => builder.end(&decode(&tag.name)),
                Token::String(text) => builder.text(&decode(&text.value)),
                Token::Error(error) => builder.page.errors.push(error.value.to_string()),
                Token::Comment(_) | Token::Doctype(_) => {}
            }
        }
        builder.finish()
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (0..self.nodes.len()).map(|index| Element { page: self, index })
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl<'a> Element<'a> {
    fn node(self) -> &'a Node {
        &self.page.nodes[self.index]
    }

    pub(crate) fn name(self) -> &'a str {
        &self.node().name
    }

    pub(crate) fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.node().attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    pub(crate) fn id(self) -> Option<&'a str> {
        self.attribute("id")
    }

    /// The text of this element and of the elements in it.
    pub(crate) fn text(self) -> &'a str {
        &self.page.text[self.node().text.clone()]
    }

    fn parent(self) -> Option<Self> {
        self.node().parent.map(|index| Self { page: self.page, index })
    }

    /// The elements that contain this one, the nearest first.
    pub(crate) fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |element| element.parent())
    }
}

fn decode(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

struct Builder {
    page: Html,
    /// The elements without an end tag so far.
    open: Vec<usize>,
}

impl Builder {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = decode(&tag.name);
        self.check_position(&name);
        let attributes = tag.attributes.iter();
        let attributes = attributes.map(|(name, value)| (decode(name), decode(&value.value))).collect();
        let start = self.page.text.len();
        let parent = self.open.last().copied();
        if !VOID.contains(&name.as_str()) {
            self.open.push(self.page.nodes.len());
        }
        self.page.nodes.push(Node { name, attributes, parent, text: start..start });
    }

    /// Reports an element that a browser would move, or for which it would close another.
    fn check_position(&mut self, name: &str) {
        let Some(&parent) = self.open.last() else { return };
        let parent = self.page.nodes[parent].name.as_str();
        let is_allowed = |(child, parents): &(&str, &[&str])| *child != name || parents.contains(&parent);
        let mut open = self.open.iter().map(|index| self.page.nodes[*index].name.as_str());
        let problem = if !PARENTS.iter().all(is_allowed) || only_structure(parent, name) {
            format!("<{name}> in <{parent}>")
        } else if CLOSES_PARAGRAPH.contains(&name) && open.clone().any(|open| open == "p") {
            format!("<{name}> in a paragraph")
        } else if NOT_NESTED.contains(&name) && open.any(|open| open == name) {
            format!("<{name}> in <{name}>")
        } else {
            return;
        };
        self.page.errors.push(problem);
    }

    fn text(&mut self, text: &str) {
        if let Some(&parent) = self.open.last() {
            let parent = &self.page.nodes[parent].name;
            if only_structure(parent, "text") && !text.trim().is_empty() {
                self.page.errors.push(format!("text in <{parent}>: {text}"));
            }
        }
        self.page.text.push_str(text);
    }

    fn end(&mut self, name: &str) {
        let Some(depth) = self.open.iter().rposition(|index| self.page.nodes[*index].name == name) else {
            self.page.errors.push(format!("</{name}> without <{name}>"));
            return;
        };
        self.close(depth + 1);
        let closed = self.open.pop();
        closed.into_iter().for_each(|index| self.page.nodes[index].text.end = self.page.text.len());
    }

    /// Closes elements that have no end tag.
    fn close(&mut self, depth: usize) {
        for index in self.open.drain(depth..) {
            let node = &mut self.page.nodes[index];
            node.text.end = self.page.text.len();
            self.page.errors.push(format!("<{}> without </{}>", node.name, node.name));
        }
    }

    fn finish(mut self) -> Html {
        self.close(0);
        self.page
    }
}

/// Elements without an end tag.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements that may only be in these.
const PARENTS: [(&str, &[&str]); 14] = [
    ("head", &["html"]),
    ("body", &["html"]),
    ("caption", &["table"]),
    ("colgroup", &["table"]),
    ("thead", &["table"]),
    ("tbody", &["table"]),
    ("tfoot", &["table"]),
    ("tr", &["thead", "tbody", "tfoot"]),
    ("td", &["tr"]),
    ("th", &["tr"]),
    ("li", &["ul", "ol", "menu"]),
    ("dt", &["dl", "div"]),
    ("dd", &["dl", "div"]),
    ("option", &["select", "optgroup", "datalist"]),
];

/// Elements that a browser does not nest.
const NOT_NESTED: [&str; 4] = ["a", "button", "form", "select"];

/// Elements that end a paragraph.
const CLOSES_PARAGRAPH: [&str; 29] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "table",
    "ul",
];

/// Returns whether an element has no text, and no elements except those for which it exists.
fn only_structure(parent: &str, child: &str) -> bool {
    let children: &[&str] = match parent {
        "html" => &["head", "body"],
        "head" => &["meta", "title", "link", "script", "style", "base", "noscript"],
        "table" => &["caption", "colgroup", "thead", "tbody", "tfoot"],
        "thead" | "tbody" | "tfoot" => &["tr"],
        "tr" => &["td", "th"],
        _ => return false,
    };
    !children.contains(&child)
}

#[test]
fn repairs_of_browsers_are_errors() {
    for (text, error) in [
        ("<p>a", "<p> without </p>"),
        ("a</p>", "</p> without <p>"),
        ("<b><i>a</b></i>", "<i> without </i>"),
        ("<p><span><div></div></span></p>", "<div> in a paragraph"),
        ("<table><tr></tr></table>", "<tr> in <table>"),
        ("<table><tbody><tr>a</tr></tbody></table>", "text in <tr>: a"),
        ("<table><tbody><tr><p></p></tr></tbody></table>", "<p> in <tr>"),
        ("<a><b><a></a></b></a>", "<a> in <a>"),
        ("<ul><li><li></li></li></ul>", "<li> in <li>"),
        ("<b id=a id=b></b>", "duplicate-attribute"),
        ("<b title='a'id=b></b>", "missing-whitespace-between-attributes"),
    ] {
        assert_eq!(Html::parse(text).errors.first().map(String::as_str), Some(error), "{text}");
    }
    let text = "<ul><li><p>a<br>b</p><table><thead><tr><th>c &amp; d</th></tr></thead></table></li></ul>";
    let page = Html::parse(text);
    assert_eq!((page.errors.as_slice(), page.text()), ([].as_slice(), "abc & d"));
}
