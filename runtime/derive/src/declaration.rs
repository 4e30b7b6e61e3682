//! Parses declarations of structs and enums as far as the derives need.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use crate::arguments::{Argument, flatten_groups};
use crate::error::{Error, Result};

/// A struct or an enum.
#[derive(Debug)]
pub(crate) struct Declaration {
    pub(crate) name: Ident,
    pub(crate) attributes: Vec<Attribute>,
    /// The tokens between the braces.
    body: Vec<TokenTree>,
}

/// An attribute with a list in parentheses, which may belong to a derive.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Ident,
    /// The tokens between the parentheses.
    tokens: TokenStream,
}

/// A field of a struct.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Ident,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) ty: Vec<TokenTree>,
}

/// A variant of an enum.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) name: Ident,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) has_value: bool,
}

impl Attribute {
    pub(crate) fn arguments(&self) -> Result<Vec<Argument>> {
        Argument::parse(self.tokens.clone())
    }
}

impl Declaration {
    /// Parses the item of a derive; `keyword` is `struct` or `enum`.
    pub(crate) fn parse(item: TokenStream, keyword: &str) -> Result<Self> {
        let mut cursor = Cursor::new(flatten_groups(item));
        let attributes = cursor.attributes();
        cursor.skip_visibility();
        match cursor.next() {
            Some(TokenTree::Ident(word)) if word == keyword => {}
            other => return Err(Error::at(other, format!("this derive is for a {keyword}"))),
        }
        let name = match cursor.next() {
            Some(TokenTree::Ident(name)) => name,
            other => return Err(Error::at(other, "expected a name")),
        };
        match cursor.next() {
            Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => {
                Ok(Self { name, attributes, body: flatten_groups(body.stream()) })
            }
            other => {
                let message = format!("this derive is for a {keyword} with braces and without parameters");
                Err(Error::at(other, message))
            }
        }
    }

    /// The arguments of the attributes of this name.
    pub(crate) fn arguments(&self, name: &str) -> Result<Vec<Argument>> {
        arguments(&self.attributes, name)
    }

    pub(crate) fn fields(&self) -> Result<Vec<Field>> {
        let mut cursor = Cursor::new(self.body.clone());
        let mut fields = Vec::new();
        loop {
            let attributes = cursor.attributes();
            cursor.skip_visibility();
            let name = match cursor.next() {
                None => return Ok(fields),
                Some(TokenTree::Ident(name)) => name,
                other => return Err(Error::at(other, "expected the name of a field")),
            };
            match cursor.next() {
                Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => {}
                other => return Err(Error::at(other, "expected `:` and the type of the field")),
            }
            fields.push(Field { name, attributes, ty: cursor.take_until_comma() });
        }
    }

    pub(crate) fn variants(&self) -> Result<Vec<Variant>> {
        let mut cursor = Cursor::new(self.body.clone());
        let mut variants = Vec::new();
        loop {
            let attributes = cursor.attributes();
            let name = match cursor.next() {
                None => return Ok(variants),
                Some(TokenTree::Ident(name)) => name,
                other => return Err(Error::at(other, "expected the name of a variant")),
            };
            let has_value = !cursor.take_until_comma().is_empty();
            variants.push(Variant { name, attributes, has_value });
        }
    }
}

/// The arguments of the attributes of this name.
pub(crate) fn arguments(attributes: &[Attribute], name: &str) -> Result<Vec<Argument>> {
    let mut arguments = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.name == name) {
        arguments.extend(attribute.arguments()?);
    }
    Ok(arguments)
}

struct Cursor {
    tokens: std::iter::Peekable<std::vec::IntoIter<TokenTree>>,
}

impl Cursor {
    fn new(tokens: Vec<TokenTree>) -> Self {
        Self { tokens: tokens.into_iter().peekable() }
    }

    fn next(&mut self) -> Option<TokenTree> {
        self.tokens.next()
    }

    fn skip_punct(&mut self, punct: char) -> bool {
        let fits = |token: &TokenTree| matches!(token, TokenTree::Punct(found) if found.as_char() == punct);
        self.tokens.next_if(fits).is_some()
    }

    /// Reads the attributes at this point. Only attributes with a list in parentheses are returned.
    fn attributes(&mut self) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        while self.skip_punct('#') {
            let Some(TokenTree::Group(group)) = self.next() else { break };
            let mut inside = group.stream().into_iter();
            if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(list)), None) =
                (inside.next(), inside.next(), inside.next())
            {
                attributes.push(Attribute { name, tokens: list.stream() });
            }
        }
        attributes
    }

    fn skip_visibility(&mut self) {
        if self.tokens.next_if(|token| matches!(token, TokenTree::Ident(word) if word == "pub")).is_some() {
            let is_list = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
            self.tokens.next_if(is_list);
        }
    }

    /// Takes the tokens up to the next comma that is not between angle brackets.
    fn take_until_comma(&mut self) -> Vec<TokenTree> {
        let mut tokens = Vec::new();
        let mut depth = 0_usize;
        for token in self.tokens.by_ref() {
            if let TokenTree::Punct(punct) = &token {
                match punct.as_char() {
                    '<' => depth += 1,
                    '>' => depth = depth.saturating_sub(1),
                    ',' if depth == 0 => break,
                    _ => {}
                }
            }
            tokens.push(token);
        }
        tokens
    }
}
