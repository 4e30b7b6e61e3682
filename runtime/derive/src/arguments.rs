//! The arguments of attributes: `flag`, `key = value`, `key(…)`.

use std::vec::IntoIter;

use proc_macro2::{Delimiter, Group, Ident, Literal, TokenStream, TokenTree};

use crate::error::{Error, Result};

/// One argument of an attribute.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// The value of an argument.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// No value: `job`.
    None,
    /// Tokens after an equals sign: `max_length = 255`.
    Tokens(Vec<TokenTree>),
    /// A list in parentheses: `values("a", "b")`.
    List(Group),
}

impl Argument {
    /// Parses a comma-separated list of arguments.
    pub(crate) fn parse(arguments: TokenStream) -> Result<Vec<Self>> {
        split(arguments).map(Self::parse_argument).collect()
    }

    fn parse_argument(tokens: Vec<TokenTree>) -> Result<Self> {
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

    /// Creates an error at this argument.
    pub(crate) fn error(&self, message: impl Into<String>) -> Error {
        Error::new(self.name.clone(), message)
    }

    /// Creates the error for an argument that an attribute does not have.
    pub(crate) fn unknown_error(&self, allowed: &str) -> Error {
        self.error(format!("`{}` is not an argument of this attribute; allowed: {allowed}", self.name))
    }

    /// Returns true, or an error if the argument has a value.
    pub(crate) fn flag(&self) -> Result<bool> {
        match self.value {
            Value::None => Ok(true),
            _ => Err(self.error(format!("`{}` takes no value", self.name))),
        }
    }

    fn single_literal(&self) -> Option<&Literal> {
        match &self.value {
            Value::Tokens(tokens) => match &tokens[..] {
                [TokenTree::Literal(literal)] => Some(literal),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the string literal after the equals sign.
    pub(crate) fn literal(&self) -> Result<&Literal> {
        self.single_literal()
            .filter(|literal| literal.to_string().starts_with(['"', 'r']))
            .ok_or_else(|| self.error(format!("`{0}` takes a string: `{0} = \"…\"`", self.name)))
    }

    /// Returns the text of that literal.
    pub(crate) fn text(&self) -> Result<String> {
        let literal = self.literal()?.to_string();
        match literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(text) if !text.contains('\\') => Ok(text.to_owned()),
            _ => Err(self.error(format!("`{}` takes a string without escapes", self.name))),
        }
    }

    /// Returns the number after the equals sign.
    pub(crate) fn number(&self) -> Result<&Literal> {
        self.single_literal().filter(|literal| literal.to_string().parse::<u32>().is_ok()).ok_or_else(|| {
            self.error(format!("`{0}` takes an integer from 0 to 4294967295: `{0} = 255`", self.name))
        })
    }

    /// Returns the type after the equals sign.
    pub(crate) fn path(&self) -> Result<TokenStream> {
        match &self.value {
            Value::Tokens(tokens) if matches!(tokens.first(), Some(TokenTree::Ident(_))) => {
                Ok(tokens.iter().cloned().collect())
            }
            _ => Err(self.error(format!("`{0}` takes a type: `{0} = …`", self.name))),
        }
    }

    /// Returns whether the value is `None`, as in `max_length = None`.
    pub(crate) fn is_none(&self) -> bool {
        self.is_word("None")
    }

    /// Returns the value of `name = true` or `name = false`.
    pub(crate) fn boolean(&self) -> Result<bool> {
        match () {
            () if self.is_word("true") => Ok(true),
            () if self.is_word("false") => Ok(false),
            () => Err(self.error(format!("`{0}` takes `{0} = true` or `{0} = false` here", self.name))),
        }
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(&self.value, Value::Tokens(tokens) if matches!(&tokens[..], [TokenTree::Ident(found)] if found == word))
    }

    /// Returns the tokens in the parentheses.
    pub(crate) fn group(&self) -> Result<TokenStream> {
        match &self.value {
            Value::List(list) => Ok(list.stream()),
            _ => Err(self.error(format!("`{0}` takes a list: `{0}(…)`", self.name))),
        }
    }

    /// Returns the items in the parentheses.
    pub(crate) fn list(&self) -> Result<Vec<TokenStream>> {
        Ok(split(self.group()?).map(|item| item.into_iter().collect()).collect())
    }
}

/// Splits tokens at commas; a trailing comma adds nothing.
fn split(stream: TokenStream) -> IntoIter<Vec<TokenTree>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    for token in flatten_groups(stream) {
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

/// Flattens the invisible groups that macros by example put around what they matched.
pub(crate) fn flatten_groups(stream: TokenStream) -> Vec<TokenTree> {
    let mut tokens = Vec::new();
    for token in stream {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                tokens.extend(flatten_groups(group.stream()));
            }
            token => tokens.push(token),
        }
    }
    tokens
}
