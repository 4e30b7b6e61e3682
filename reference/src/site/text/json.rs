//! JSON with syntax highlighting.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use serde::Serialize;

use super::{EscapedHtml, markdown};

/// Indented, well-formed JSON. As HTML, its tokens have classes: `k` for keys, `s` for
/// strings, `n` for numbers, `b` for `true`, `false` and `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Json(pub(crate) String);

impl Json {
    pub(crate) fn md(&self) -> String {
        markdown::block("json", &self.0)
    }
}

impl Display for Json {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_str();
        while let Some(first) = rest.chars().next() {
            let (class, length) = match first {
                '"' => {
                    let length = string_length(rest);
                    (if rest[length..].starts_with(':') { "k" } else { "s" }, length)
                }
                '-' | '0'..='9' => {
                    ("n", prefix_length(rest, |letter| !matches!(letter, ',' | '}' | ']' | '\n' | ' ')))
                }
                't' | 'f' | 'n' => ("b", prefix_length(rest, |letter| letter.is_ascii_lowercase())),
                _ => (
                    "",
                    prefix_length(rest, |letter| !matches!(letter, '"' | '-' | '0'..='9' | 't' | 'f' | 'n')),
                ),
            };
            let (token, after) = rest.split_at(length);
            match class {
                "" => f.write_str(token)?,
                // Quotes need escapes only in attributes.
                class if !token.contains(['&', '<', '>']) => {
                    write!(f, "<span class=\"{class}\">{token}</span>")?;
                }
                class => write!(f, "<span class=\"{class}\">{}</span>", EscapedHtml(token))?,
            }
            rest = after;
        }
        Ok(())
    }
}

impl HtmlSafe for Json {}

/// The length of the string at the beginning of a text, including its quotes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            letter => escaped = letter == '\\' && !escaped,
        }
    }
    text.len()
}

/// The length of the matching characters at the beginning of a text.
fn prefix_length(text: &str, matches: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !matches(letter)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_classes() {
        let json = r#"{"a": "x \"y\" </script>", "b": [-1.5e3, true, null], "c": {}}"#;
        let html = Json(json.to_owned()).to_string();
        let expected = "{<span class=\"k\">\"a\"</span>: \
                        <span class=\"s\">&quot;x \\&quot;y\\&quot; &lt;/script&gt;&quot;</span>, \
                        <span class=\"k\">\"b\"</span>: [<span class=\"n\">-1.5e3</span>, \
                        <span class=\"b\">true</span>, <span class=\"b\">null</span>], \
                        <span class=\"k\">\"c\"</span>: {}}";
        assert_eq!(html, expected);
    }
}
