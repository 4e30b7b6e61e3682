//! Values without positions, read by `serde_yaml`.

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::{Content, Mark, Node, Span, Style};

/// An error of the library.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    pub(crate) span: Option<Span>,
}

/// Deserializes a text.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    serde_yaml::from_str(text).map_err(|error| {
        let message = error.to_string();
        // The messages of the library end with the position.
        let without_position = message.split_once(" at line ").map_or(&*message, |(before, _)| before);
        let mark = error.location().map(|at| Mark { line: at.line(), column: at.column() });
        Refusal { message: without_position.to_owned(), span: mark.map(Span::point) }
    })
}

impl Node {
    /// Reads the scalar like the deserializer of the spec.
    pub(crate) fn scalar(&self) -> Option<Value> {
        match &self.content {
            Content::Scalar { text, style } => Some(scalar(text, *style)),
            _ => None,
        }
    }
}

/// Reads a scalar. The library determines the type of a plain one, so that messages agree with it.
fn scalar(text: &str, style: Style) -> Value {
    if style != Style::Plain {
        return text.into();
    }
    // In a list, since `---` alone would begin a document.
    match serde_yaml::from_str::<[Value; 1]>(&format!("- {text}")) {
        Ok([value @ (Value::Null | Value::Bool(_) | Value::Number(_))]) => value,
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_scalars_like_the_library() {
        let text = |text: &str| Value::from(text);
        for (plain, expected) in [
            ("", Value::Null),
            ("~", Value::Null),
            ("true", true.into()),
            ("yes", text("yes")),
            ("3", 3.into()),
            ("-3", (-3).into()),
            ("0x1F", 31.into()),
            ("-0x1F", (-31).into()),
            ("-0x-8000000000000000", text("-0x-8000000000000000")),
            ("3.10", 3.1.into()),
            ("8.5e9", 8.5e9.into()),
            ("3.3.0", text("3.3.0")),
            ("007", text("007")),
            ("inf", text("inf")),
            (".inf", f64::INFINITY.into()),
            ("word", text("word")),
            ("-", text("-")),
            ("---", text("---")),
            ("a\nb", text("a\nb")),
        ] {
            assert_eq!(scalar(plain, Style::Plain), expected, "{plain:?}");
            assert_eq!(scalar(plain, Style::Quoted), text(plain));
        }
    }
}
