//! Samples with syntax highlighting.

use std::fmt::{self, Display, Formatter};

use crate::samples::{Sample, TokenKind};
use askama::filters::HtmlSafe;

use super::{EscapedHtml, markdown};

/// A sample. As HTML, its tokens have the classes of [`Json`](super::Json), and `c`
/// for comments.
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
                    write!(f, "{}", EscapedHtml(token.text))?;
                    continue;
                }
            };
            write!(f, "<span class=\"{class}\">{}</span>", EscapedHtml(token.text))?;
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
    fn tokens_have_classes_and_text_is_escaped() {
        let text = "# <b>\ncurl '</script>' $X\n".to_owned();
        assert_eq!(
            Code(Sample { language: Language::Curl, text }).to_string(),
            "<span class=\"c\"># &lt;b&gt;</span>\n<span class=\"b\">curl</span> \
             <span class=\"s\">&#39;&lt;/script&gt;&#39;</span> $X\n"
        );
    }
}
