//! Removes the marks of Markdown: headings, fences, emphasis, links and escapes.

use crate::line::Line;

/// The lines without marks. An `#anchor` of a table stays, since it has no blank after its `#`.
pub(super) fn without_marks(lines: Vec<Line>) -> Vec<Line> {
    let mut in_fence = false;
    let mut unmarked = Vec::with_capacity(lines.len());
    for line in lines {
        if line.text.starts_with("```") || line.text.starts_with("~~~") {
            in_fence = !in_fence;
            continue;
        }
        if in_fence || !has_marks(&line.text) {
            unmarked.push(line);
            continue;
        }
        let text = inline(heading(&line.text));
        unmarked.push(line.with_text(&text));
    }
    unmarked
}

fn has_marks(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'#' | b'*' | b'`' | b'\\' | b'[' | b'>' | b'<'))
}

/// The text of a heading or a quotation.
fn heading(text: &str) -> &str {
    let text = text.strip_prefix("> ").unwrap_or(text);
    let rest = text.trim_start_matches('#');
    if rest.len() < text.len() && rest.starts_with(' ') { rest.trim_matches([' ', '#']) } else { text }
}

/// The text without emphasis, code marks, links, line breaks and escapes. JSON and commands keep
/// theirs.
fn inline(text: &str) -> String {
    if is_code(text) {
        return text.to_owned();
    }
    let text = remove_links(text);
    let mut plain = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find(['*', '`', '\\', '<']) {
        plain.push_str(&rest[..at]);
        let after = &rest[at..];
        let escaped = after.strip_prefix('\\').and_then(|after| after.chars().next());
        rest = if let Some(character) = escaped.filter(char::is_ascii_punctuation) {
            plain.push(character);
            &after[2..]
        } else if let Some(after) = after.strip_prefix("**") {
            after
        } else if let Some(after) = after.strip_prefix('`') {
            after
        } else if let Some(after) = ["<br>", "<br/>", "<br />"].iter().find_map(|tag| after.strip_prefix(tag))
        {
            plain.push_str(" • ");
            after
        } else {
            let length = after.chars().next().map_or(0, char::len_utf8);
            plain.push_str(&after[..length]);
            &after[length..]
        };
    }
    plain.push_str(rest);
    plain
}

fn is_code(text: &str) -> bool {
    text.starts_with(['{', '}', '[', ']', '"']) || text.starts_with("curl ") || text.starts_with('-')
}

/// Replaces `[text](address)` by its text.
fn remove_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let link = rest[start..].find("](").and_then(|middle| {
            let middle = start + middle;
            let end = middle + rest[middle..].find(')')?;
            (!rest[start + 1..middle].contains('[')).then_some((middle, end))
        });
        let Some((middle, end)) = link else {
            plain.push_str(&rest[..=start]);
            rest = &rest[start + 1..];
            continue;
        };
        plain.push_str(&rest[..start]);
        plain.push_str(&rest[start + 1..middle]);
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_lines(text: &str) -> Vec<String> {
        let lines = text.lines().map(|line| Line::new(1, line)).collect();
        without_marks(lines).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn marks_are_removed() {
        let text =
            "## API Request\n#inventory\n**Name** of `a_b` \\| [zone](#zone)\n```json\n{\"a\": \"**\"}\n```";
        assert_eq!(plain_lines(text), ["API Request", "#inventory", "Name of a_b | zone", "{\"a\": \"**\"}"]);
    }
}
