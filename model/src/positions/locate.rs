//! Lookup of a path in a YAML tree.

use super::{Path, Spot, Step};
use crate::yaml::{Content, Node, Span, Style};

/// Finds the span of a path, or that of the last existing value on it.
pub fn locate(root: &Node, path: &Path, spot: &Spot) -> Span {
    let mut node = root;
    let mut key_span = root.head();
    for step in path.steps() {
        let next = match step {
            Step::Key(key) => node.entry(key).map(|entry| (&entry.value, entry.key_span)),
            Step::Index(index) => node.item(*index).map(|item| (item, item.head())),
        };
        match next {
            Some((value, span)) => (node, key_span) = (value, span),
            None => return node.head(),
        }
    }
    match spot {
        Spot::Key => key_span,
        Spot::Value => visible_span(node, key_span),
        Spot::Word(word) => word_span(node, word).unwrap_or_else(|| visible_span(node, key_span)),
    }
}

/// Returns the span of a value, or that of its key if the value is empty and cannot be marked.
fn visible_span(node: &Node, key_span: Span) -> Span {
    let span = node.head();
    if span.start == span.end { key_span } else { span }
}

/// Finds the span of a word in a text on one line and without escapes, whose characters in the file are
/// those of the text.
fn word_span(node: &Node, word: &str) -> Option<Span> {
    let Content::Scalar { text, style } = &node.content else { return None };
    let quote = match style {
        Style::Plain => 0,
        Style::Quoted => 1,
        Style::Block => return None,
    };
    let span = node.span;
    let written = span.end.column.checked_sub(span.start.column)?;
    let verbatim = span.is_on_one_line() && written == text.chars().count() + 2 * quote;
    let before = text[..find_word(text, word)?].chars().count();
    verbatim.then(|| span.part(quote + before, word.chars().count()))
}

/// Finds the beginning of a word that is not part of a longer one.
fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(start, _)| start).find(|start| {
        let before = text[..*start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Mark, read};

    const TEXT: &str = "name: Attach\nparameters:\n  - name: uuid\n    type: List<VmNics>\n  \
                        - {name: 'größe', type: \"VmNic\"}\nnote: |\n  VmNic\nempty:\n";

    fn find(path: &Path, spot: &Spot) -> (usize, usize, usize) {
        let Span { start: Mark { line, column }, end } = locate(&read(TEXT).unwrap(), path, spot);
        (line, column, if end.line == line { end.column - column } else { 0 })
    }

    #[test]
    fn finds_spans_of_paths() {
        let root = Path::root();
        let parameters = root.key("parameters");
        let (first, second) = (parameters.index(0), parameters.index(1));
        let word = |word: &str| Spot::Word(word.to_owned());
        for (path, spot, expected) in [
            (root.key("name"), Spot::Key, (1, 1, 4)),
            (root.key("name"), Spot::Value, (1, 7, 6)),
            (first.clone(), Spot::Value, (3, 5, 4)),
            (first.key("type"), Spot::Value, (4, 11, 12)),
            (first.key("type"), word("VmNics"), (4, 16, 6)),
            (first.key("type"), word("VmNic"), (4, 11, 12)),
            (second.clone(), Spot::Value, (5, 5, 30)),
            (second.key("name"), Spot::Value, (5, 12, 7)),
            (second.key("type"), word("VmNic"), (5, 28, 5)),
            (second.key("since"), Spot::Value, (5, 5, 30)),
            (root.key("empty"), Spot::Value, (8, 1, 5)),
            (root.key("absent").key("deeper"), Spot::Value, (1, 1, 4)),
        ] {
            assert_eq!(find(&path, &spot), expected, "{path:?} {spot:?}");
        }
    }
}
