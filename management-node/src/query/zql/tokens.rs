//! The words, texts and signs of a text in ZQL.

use std::fmt;

use crate::query::conditions::excerpt;
use crate::rules::{Verdict, errors};

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// A keyword or a name.
    Word(&'t str),
    /// A number.
    Number(&'t str),
    /// The text between quotation marks.
    Text(String),
    /// An operator, or another sign.
    Sign(&'t str),
    /// The end of the text.
    End,
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(text) | Self::Number(text) | Self::Sign(text) => write!(f, "`{}`", excerpt(text)),
            Self::Text(text) => write!(f, "the text '{}'", excerpt(text)),
            Self::End => f.write_str("the end"),
        }
    }
}

/// Reads a text, one token after the other.
pub(super) struct Tokens<'t> {
    text: &'t str,
    /// The position behind the next token.
    at: usize,
    /// The next token.
    next: Token<'t>,
    /// The position of the next token.
    next_at: usize,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Verdict<Self> {
        let mut tokens = Self { text, at: 0, next: Token::End, next_at: 0 };
        tokens.advance()?;
        Ok(tokens)
    }

    /// The next token.
    pub(super) fn peek(&self) -> &Token<'t> {
        &self.next
    }

    /// Takes the next token.
    pub(super) fn take(&mut self) -> Verdict<Token<'t>> {
        let token = std::mem::replace(&mut self.next, Token::End);
        self.advance()?;
        Ok(token)
    }

    /// Takes a word, if it is next.
    pub(super) fn take_word(&mut self, word: &str) -> Verdict<bool> {
        let is_next = *self.peek() == Token::Word(word);
        if is_next {
            self.advance()?;
        }
        Ok(is_next)
    }

    /// Takes a sign, if it is next.
    pub(super) fn take_sign(&mut self, sign: &str) -> Verdict<bool> {
        let is_next = *self.peek() == Token::Sign(sign);
        if is_next {
            self.advance()?;
        }
        Ok(is_next)
    }

    /// Takes a keyword, which must be next.
    pub(super) fn expect_word(&mut self, word: &str) -> Verdict<()> {
        if self.take_word(word)? { Ok(()) } else { Err(self.mismatch(&format!("`{word}`"))) }
    }

    /// Takes a sign, which must be next.
    pub(super) fn expect_sign(&mut self, sign: &str) -> Verdict<()> {
        if self.take_sign(sign)? { Ok(()) } else { Err(self.mismatch(&format!("`{sign}`"))) }
    }

    /// Takes a name, which must be next.
    pub(super) fn name(&mut self, what: &str) -> Verdict<&'t str> {
        let Token::Word(name) = *self.peek() else { return Err(self.mismatch(what)) };
        self.advance()?;
        Ok(name)
    }

    /// The error that the next token is not the expected one.
    pub(super) fn mismatch(&self, expected: &str) -> Box<zstack_runtime::ErrorCode> {
        let hint = match &self.next {
            Token::Word(word) if expected.contains(&format!("`{}`", word.to_lowercase())) => {
                " Keywords are in lower case."
            }
            _ => "",
        };
        self.error(&format!("expected {expected}; found {}.{hint}", self.next))
    }

    /// An error at the next token.
    pub(super) fn error(&self, problem: &str) -> Box<zstack_runtime::ErrorCode> {
        self.error_at(self.next_at, problem)
    }

    fn error_at(&self, at: usize, problem: &str) -> Box<zstack_runtime::ErrorCode> {
        let before = &self.text[..at];
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
        errors::internal(format!("[zql] line {line}, column {column}: {problem}"))
    }

    fn advance(&mut self) -> Verdict<()> {
        let rest = self.text[self.at..].trim_start_matches([' ', '\t', '\r', '\n']);
        self.next_at = self.text.len() - rest.len();
        let is_word = |next: char| next.is_ascii_alphanumeric() || next == '_';
        let end_of =
            |is_part: fn(char) -> bool, text: &str| text.find(|next| !is_part(next)).unwrap_or(text.len());
        let is_digit: fn(char) -> bool = |next| next.is_ascii_digit();
        let length = match rest.chars().next() {
            None => 0,
            Some(quote @ ('\'' | '"')) => {
                let (text, length) = self.read_text(rest, quote)?;
                self.next = Token::Text(text);
                self.at = self.next_at + length;
                return Ok(());
            }
            Some('=' | ',' | '(' | ')' | ';' | '.' | '{' | '}') => 1,
            Some('<' | '>') => 1 + usize::from(rest[1..].starts_with('=')),
            Some('!') if rest[1..].starts_with('=') => 2,
            Some('-') if rest[1..].starts_with(is_digit) => 1 + end_of(is_digit, &rest[1..]),
            Some(first) if is_word(first) => end_of(is_word, rest),
            Some(other) => {
                let problem =
                    format!("the character `{}` is not expected outside of a text.", other.escape_debug());
                return Err(self.error_at(self.next_at, &problem));
            }
        };
        let (mut token, behind) = rest.split_at(length);
        let is_integer =
            token.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) && length > 0;
        if is_integer && behind.strip_prefix('.').is_some_and(|behind| behind.starts_with(is_digit)) {
            token = &rest[..=length + end_of(is_digit, &behind[1..])];
        }
        self.next = match token.bytes().next() {
            None => Token::End,
            Some(_) if is_integer => Token::Number(token),
            Some(first) if first.is_ascii_alphanumeric() || first == b'_' => Token::Word(token),
            Some(_) => Token::Sign(token),
        };
        self.at = self.next_at + token.len();
        Ok(())
    }

    /// Reads a text between quotation marks: a doubled apostrophe means one, and a backslash makes the next
    /// quotation mark or backslash part of the text. Returns the length with the quotation marks.
    fn read_text(&self, rest: &str, quote: char) -> Verdict<(String, usize)> {
        let mut text = String::new();
        let mut characters = rest.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            match (character, next) {
                ('\\', Some(escaped @ ('\'' | '"' | '\\'))) => {
                    text.push(escaped);
                    characters.next();
                }
                ('\'', Some('\'')) if quote == '\'' => {
                    text.push('\'');
                    characters.next();
                }
                _ if character == quote => return Ok((text, at + 1)),
                _ => text.push(character),
            }
        }
        Err(self.error_at(self.next_at, &format!("the text that begins here has no closing {quote}.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Verdict<Vec<Token<'_>>> {
        let mut tokens = Tokens::new(text)?;
        let mut all = Vec::new();
        while *tokens.peek() != Token::End {
            all.push(tokens.take()?);
        }
        Ok(all)
    }

    #[test]
    fn a_text_is_split_into_tokens() {
        use Token::{Number, Sign, Text, Word};
        let text = |text: &str| Text(text.to_owned());
        for (given, expected) in [
            ("", vec![]),
            ("a.b_1>=-5", vec![Word("a"), Sign("."), Word("b_1"), Sign(">="), Number("-5")]),
            ("1.5 2.x 3c", vec![Number("1.5"), Number("2"), Sign("."), Word("x"), Word("3c")]),
            ("a!='x'", vec![Word("a"), Sign("!="), text("x")]),
            ("'it''s' \"a'b\" ''", vec![text("it's"), text("a'b"), text("")]),
            (r#"'a\'b\\c\d' "\"""#, vec![text(r"a'b\c\d"), text("\"")]),
            ("'日;本'", vec![text("日;本")]),
        ] {
            assert_eq!(all(given).unwrap(), expected, "{given}");
        }
    }

    #[test]
    fn errors_name_line_and_column() {
        for (given, expected) in [
            ("query\n 日", "[zql] line 2, column 2: the character `日` is not expected outside of a text."),
            ("a = 'x", "[zql] line 1, column 5: the text that begins here has no closing '."),
            ("a ! b", "[zql] line 1, column 3: the character `!` is not expected outside of a text."),
            ("- 5", "[zql] line 1, column 1: the character `-` is not expected outside of a text."),
        ] {
            assert_eq!(all(given).unwrap_err().details.as_deref(), Some(expected));
        }
    }
}
