//! A sample with colours.

use std::fmt::{self, Display, Formatter};

use crate::samples::{Sample, TokenKind};
use askama::filters::HtmlSafe;

use super::{Escaped, markdown};

/// A call in a language. As HTML, its parts have the classes of
/// [`Json`](super::Json), and `c` for a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Code(pub(crate) Sample);

impl Code {
    pub(crate) fn md(&self) -> String {
        let Sample { language, text } = &self.0;
        markdown::block(language.name(), text)
    }
}

impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for token in self.0.tokens() {
            let class = match token.kind {
                TokenKind::Keyword => "b",
                TokenKind::String => "s",
                TokenKind::Number => "n",
                TokenKind::Comment => "c",
                TokenKind::Plain => {
                    write!(f, "{}", Escaped(token.text))?;
                    continue;
                }
            };
            write!(f, "<span class=\"{class}\">{}</span>", Escaped(token.text))?;
        }
        Ok(())
    }
}

impl HtmlSafe for Code {}

#[cfg(test)]
mod tests {
    use crate::samples::Language;

    use super::*;

    #[test]
    fn parts_have_classes_and_nothing_is_markup() {
        let text = "# <b>\ncurl '</script>' $X\n".to_owned();
        assert_eq!(
            Code(Sample { language: Language::Curl, text }).to_string(),
            "<span class=\"c\"># &lt;b&gt;</span>\n<span class=\"b\">curl</span> \
             <span class=\"s\">&#39;&lt;/script&gt;&#39;</span> $X\n"
        );
    }
}
