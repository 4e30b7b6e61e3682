//! Text of the spec in Markdown: it reads as it stands, and means nothing.

/// Text between other text.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            // Enough for what has a meaning in a line, and for addresses that some programs make links of.
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    out
}

/// Code between other text.
pub(crate) fn code(text: impl AsRef<str>) -> String {
    let text = text.as_ref().replace(['\n', '\r'], " ");
    if text.trim().is_empty() {
        return self::text(&text);
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// Lines of code.
pub(crate) fn block(language: &str, text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

fn longest_run(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Parser};

    use super::*;

    /// What a reader of Markdown sees.
    fn read(markdown: &str) -> Vec<String> {
        let events = Parser::new(markdown).filter_map(|it| match it {
            Event::Text(text) => Some(text.into_string()),
            Event::Code(text) => Some(format!("code:{text}")),
            Event::Start(_) | Event::End(_) => None,
            other => Some(format!("{other:?}")),
        });
        events.collect()
    }

    #[test]
    fn text_reads_as_it_stands() {
        for it in [
            "a_b*c*[d](e)`f`<g>&amp;#h!|~i~\\",
            "</script><img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "``` fence",
            "a $x$ b",
        ] {
            assert_eq!(read(&format!("it: {}", text(it))).concat(), format!("it: {it}"));
        }
    }

    #[test]
    fn code_reads_as_it_stands() {
        for it in ["uuid", "a`b", "`", "``a", " a ", "<b>", "a|b"] {
            assert_eq!(read(&format!("it {} it", code(it))).concat(), format!("it code:{it} it"));
        }
        assert_eq!(read(&block("json", "```\n</b>\n")).concat(), "```\n</b>\n");
    }
}
