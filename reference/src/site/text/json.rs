//! JSON with colours. It is written by us, so it is well-formed.

use std::fmt::{self, Display, Formatter};

use askama::filters::HtmlSafe;
use serde::Serialize;

use super::{Escaped, markdown};

/// JSON, indented. As HTML, its parts have classes: `k` of a key, `s` of a
/// text, `n` of a number, `b` of `true`, `false` and `null`.
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
                    let length = string(rest);
                    (if rest[length..].starts_with(':') { "k" } else { "s" }, length)
                }
                '-' | '0'..='9' => ("n", while_in(rest, |it| !matches!(it, ',' | '}' | ']' | '\n' | ' '))),
                't' | 'f' | 'n' => ("b", while_in(rest, |it| it.is_ascii_lowercase())),
                _ => ("", while_in(rest, |it| !matches!(it, '"' | '-' | '0'..='9' | 't' | 'f' | 'n'))),
            };
            let (token, after) = rest.split_at(length);
            match class {
                "" => f.write_str(token)?,
                // Quotes are markup in attributes alone.
                class if !token.contains(['&', '<', '>']) => {
                    write!(f, "<span class=\"{class}\">{token}</span>")?;
                }
                class => write!(f, "<span class=\"{class}\">{}</span>", Escaped(token))?,
            }
            rest = after;
        }
        Ok(())
    }
}

impl HtmlSafe for Json {}

/// How long the string is that a text begins with, both quotes included.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            letter => escaped = letter == '\\' && !escaped,
        }
    }
    text.len()
}

fn while_in(text: &str, is_in: impl Fn(char) -> bool) -> usize {
    text.find(|text| !is_in(text)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_classes() {
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
