//! Inserts elements into a file that people wrote, and leaves all other lines as they are.

use std::collections::BTreeMap;

use zstack_model::yaml::{Content, Node, read};

use super::value::{Yaml, item};

/// An element that is to be inserted.
pub(super) struct Insertion {
    /// The key of the list.
    pub(super) list: &'static str,
    /// Its place in the list, counted with all other insertions.
    pub(super) nth: usize,
    pub(super) value: Yaml,
}

/// The text with the elements, which are in the order of their lists.
pub(super) fn insert(text: &str, insertions: Vec<Insertion>) -> String {
    // A file of a valid spec is YAML.
    let Ok(root) = read(text) else { return text.to_owned() };
    let mut lists: BTreeMap<&'static str, Vec<Insertion>> = BTreeMap::new();
    for insertion in insertions {
        lists.entry(insertion.list).or_default().push(insertion);
    }
    // What is to be written above which line, and which lines are replaced.
    let mut above: BTreeMap<usize, String> = BTreeMap::new();
    let mut replaced: BTreeMap<usize, String> = BTreeMap::new();
    let mut appended = String::new();
    let lines: Vec<&str> = text.lines().collect();
    for (list, insertions) in lists {
        let Some(found) = root.entry(list) else {
            let items: String = insertions.iter().map(|insertion| item(&insertion.value, 2)).collect();
            appended.push_str(&format!("\n{list}:\n{items}"));
            continue;
        };
        let Content::List(known) = &found.value.content else { continue };
        let is_inline =
            found.value.span.is_on_one_line() && found.value.span.start.line == found.key_span.start.line;
        if known.is_empty() || is_inline {
            let kept = inline_items(known, &lines);
            let items: String = insertions.iter().map(|insertion| item(&insertion.value, 2)).collect();
            replaced.insert(found.key_span.start.line, format!("{list}:\n{kept}{items}"));
            continue;
        }
        // `nth` counts what was inserted before; the elements of the file are those left of it.
        for (before, insertion) in insertions.into_iter().enumerate() {
            let following = known.get(insertion.nth.saturating_sub(before));
            let line = match following {
                Some(node) => line_above(node, &lines),
                None => known.last().map_or(0, |last| end_of(last, &lines)) + 1,
            };
            above.entry(line).or_default().push_str(&item(&insertion.value, 2));
        }
    }
    let mut edited = String::with_capacity(text.len() + 1024);
    for (nth, line) in lines.iter().enumerate() {
        if let Some(inserted) = above.remove(&(nth + 1)) {
            edited.push_str(&inserted);
        }
        match replaced.get(&(nth + 1)) {
            Some(new) => edited.push_str(new),
            None => {
                edited.push_str(line);
                edited.push('\n');
            }
        }
    }
    above.into_values().for_each(|inserted| edited.push_str(&inserted));
    edited.push_str(&appended);
    edited
}

/// The elements of a list that is written on one line, each on a line.
fn inline_items(known: &[Node], lines: &[&str]) -> String {
    let mut items = String::new();
    for node in known {
        let line = lines.get(node.span.start.line - 1).copied().unwrap_or_default();
        let characters: Vec<char> = line.chars().collect();
        let end = node.span.end.column.saturating_sub(1).min(characters.len());
        let start = node.span.start.column.saturating_sub(1).min(end);
        items.push_str(&format!("  - {}\n", characters[start..end].iter().collect::<String>()));
    }
    items
}

/// Returns the line above which to insert text before an element: above its comments.
fn line_above(node: &Node, lines: &[&str]) -> usize {
    let mut line = node.head().start.line;
    while line > 1 && lines.get(line - 2).is_some_and(|above| above.trim_start().starts_with('#')) {
        line -= 1;
    }
    line
}

/// The last line of an element.
fn end_of(node: &Node, lines: &[&str]) -> usize {
    let start = node.head().start.line;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let Some(first) = lines.get(start - 1) else { return start };
    let own = indent(first);
    let mut end = start;
    for (nth, line) in lines.iter().enumerate().skip(start) {
        if line.trim().is_empty() {
            continue;
        }
        if indent(line) <= own {
            break;
        }
        end = nth + 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insertion(list: &'static str, nth: usize, name: &str) -> Insertion {
        Insertion { list, nth, value: Yaml::Mapping(vec![("name".to_owned(), Yaml::text(name))]) }
    }

    #[test]
    fn elements_come_between_those_of_people() {
        let text = "parameters:\n  - name: a\n    note: >-\n      x\n  # About b.\n  - {name: b}\n\nresponse: []\n\nnotes: x\n";
        let edited = insert(
            text,
            vec![
                insertion("parameters", 1, "new"),
                insertion("parameters", 2, "other"),
                insertion("parameters", 4, "last"),
                insertion("response", 0, "r"),
                insertion("errors", 0, "e"),
            ],
        );
        assert_eq!(
            edited,
            "parameters:\n  - name: a\n    note: >-\n      x\n  - {name: new}\n  - {name: other}\n  # About b.\n  - {name: b}\n\
             \x20 - {name: last}\n\nresponse:\n  - {name: r}\n\nnotes: x\n\nerrors:\n  - {name: e}\n"
        );
    }
}
