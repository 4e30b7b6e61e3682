//! Code blocks in Markdown.

/// A code block with a fence that is longer than any run of backticks in the text.
pub(crate) fn block(language: &str, text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    let longest_run = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest_run.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Parser};

    use zstack_model::prose::{code, escape};

    use super::*;

    /// The text that a Markdown parser reads.
    fn read(markdown: &str) -> Vec<String> {
        let events = Parser::new(markdown).filter_map(|event| match event {
            Event::Text(text) => Some(text.into_string()),
            Event::Code(text) => Some(format!("code:{text}")),
            Event::Start(_) | Event::End(_) => None,
            other => Some(format!("{other:?}")),
        });
        events.collect()
    }

    #[test]
    fn escaped_text_is_read_unchanged() {
        for text in [
            "a_b*c*[d](e)`f`<g>&amp;#h!|~i~\\",
            "</script><img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "``` fence",
            "a $x$ b",
        ] {
            assert_eq!(read(&format!("it: {}", escape(text))).concat(), format!("it: {text}"));
        }
    }

    #[test]
    fn code_is_read_unchanged() {
        for text in ["uuid", "a`b", "`", "``a", " a ", "<b>", "a|b"] {
            assert_eq!(read(&format!("it {} it", code(text))).concat(), format!("it code:{text} it"));
        }
        assert_eq!(read(&block("json", "```\n</b>\n")).concat(), "```\n</b>\n");
    }
}
