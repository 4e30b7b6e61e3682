//! The arguments of attributes: `flag`, `key = value`, `key(…)`.

use std::vec::IntoIter;

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};

use crate::error::{Error, Result};

/// One argument of an attribute.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// What follows the name of an argument.
#[derive(Debug)]
pub(crate) enum Value {
    /// Nothing: `job`.
    None,
    /// Tokens after an equals sign: `max_length = 255`.
    Tokens(Vec<TokenTree>),
    /// A list in parentheses: `values("a", "b")`.
    List(Group),
}

impl Argument {
    /// Reads a list of arguments, separated by commas.
    pub(crate) fn parse(arguments: TokenStream) -> Result<Vec<Self>> {
        split(arguments).map(Self::parse_one).collect()
    }

    fn parse_one(tokens: Vec<TokenTree>) -> Result<Self> {
        let mut tokens = tokens.into_iter();
        let name = match tokens.next() {
            Some(TokenTree::Ident(name)) => name,
            other => return Err(Error::at(other, "expected the name of an argument")),
        };
        let value = match tokens.next() {
            None => Value::None,
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => Value::Tokens(tokens.collect()),
            Some(TokenTree::Group(list)) if list.delimiter() == Delimiter::Parenthesis => Value::List(list),
            Some(other) => {
                let message = format!("expected `{name}`, `{name} = …` or `{name}(…)`");
                return Err(Error::new(other, message));
            }
        };
        Ok(Self { name, value })
    }

    /// An error at this argument.
    pub(crate) fn error(&self, message: impl Into<String>) -> Error {
        Error::new(self.name.clone(), message)
    }

    /// The error for an argument that an attribute does not have.
    pub(crate) fn unknown(&self, allowed: &str) -> Error {
        self.error(format!("`{}` is not an argument of this attribute; allowed: {allowed}", self.name))
    }

    /// Checks that it has no value.
    pub(crate) fn flag(&self) -> Result<()> {
        match self.value {
            Value::None => Ok(()),
            _ => Err(self.error(format!("`{}` takes no value", self.name))),
        }
    }

    /// The string literal after its equals sign.
    pub(crate) fn literal(&self) -> Result<&Literal> {
        match &self.value {
            Value::Tokens(tokens) => match &tokens[..] {
                [TokenTree::Literal(literal)] if is_string(literal) => Ok(literal),
                _ => Err(self.no_text()),
            },
            _ => Err(self.no_text()),
        }
    }

    fn no_text(&self) -> Error {
        self.error(format!("`{0}` takes a text: `{0} = \"…\"`", self.name))
    }

    /// The text after its equals sign.
    pub(crate) fn text(&self) -> Result<String> {
        let literal = self.literal()?.to_string();
        match literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(text) if !text.contains('\\') => Ok(text.to_owned()),
            _ => Err(self.error(format!("`{}` takes a text without escapes", self.name))),
        }
    }

    /// The number after its equals sign.
    pub(crate) fn number(&self) -> Result<&Literal> {
        match &self.value {
            Value::Tokens(tokens) => match &tokens[..] {
                [TokenTree::Literal(number)] if number.to_string().parse::<u32>().is_ok() => Ok(number),
                _ => Err(self.no_number()),
            },
            _ => Err(self.no_number()),
        }
    }

    fn no_number(&self) -> Error {
        self.error(format!("`{0}` takes a number: `{0} = 255`", self.name))
    }

    /// The name or path after its equals sign.
    pub(crate) fn path(&self) -> Result<TokenStream> {
        match &self.value {
            Value::Tokens(tokens) if matches!(tokens.first(), Some(TokenTree::Ident(_))) => {
                Ok(tokens.iter().cloned().collect())
            }
            _ => Err(self.error(format!("`{0}` takes a type: `{0} = …`", self.name))),
        }
    }

    /// The items in its parentheses.
    pub(crate) fn list(&self) -> Result<Vec<TokenStream>> {
        match &self.value {
            Value::List(list) => Ok(split(list.stream()).map(|item| item.into_iter().collect()).collect()),
            _ => Err(self.error(format!("`{0}` takes a list: `{0}(…)`", self.name))),
        }
    }
}

fn is_string(literal: &Literal) -> bool {
    literal.to_string().starts_with(['"', 'r'])
}

/// The tokens between commas; nothing after the last comma.
fn split(stream: TokenStream) -> IntoIter<Vec<TokenTree>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    for token in flat(stream) {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(std::mem::take(&mut part)),
            token => part.push(token),
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts.into_iter()
}

/// Tokens without the invisible groups that macros by example put around what
/// they matched.
pub(crate) fn flat(stream: TokenStream) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    for token in stream {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                tokens.extend(flat(group.stream()));
            }
            token => tokens.push(token),
        }
    }
    tokens
}
