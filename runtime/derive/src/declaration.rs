//! Declarations of structs and enums, read as far as the derives need them.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use crate::arguments::{Argument, flat};
use crate::error::{Error, Result};

/// A struct or an enum.
#[derive(Debug)]
pub(crate) struct Declaration {
    pub(crate) name: Ident,
    pub(crate) attributes: Vec<Attribute>,
    /// The tokens between its braces.
    body: Vec<TokenTree>,
}

/// An attribute that belongs to a derive, or may do so.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub(crate) name: Ident,
    /// The tokens between its parentheses.
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
    /// Reads the item of a derive; `keyword` is `struct` or `enum`.
    pub(crate) fn parse(item: TokenStream, keyword: &str) -> Result<Self> {
        let mut cursor = Cursor::new(flat(item));
        let attributes = cursor.attributes();
        cursor.visibility();
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
                Ok(Self { name, attributes, body: flat(body.stream()) })
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
            cursor.visibility();
            let name = match cursor.next() {
                None => return Ok(fields),
                Some(TokenTree::Ident(name)) => name,
                other => return Err(Error::at(other, "expected the name of a field")),
            };
            match cursor.next() {
                Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => {}
                other => return Err(Error::at(other, "expected `:` and the type of the field")),
            }
            fields.push(Field { name, attributes, ty: cursor.until_comma() });
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
            let has_value = !cursor.until_comma().is_empty();
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

    /// Reads the attributes at this point. Those that are not a name with a list
    /// belong to others.
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

    fn visibility(&mut self) {
        if self.tokens.next_if(|token| matches!(token, TokenTree::Ident(word) if word == "pub")).is_some() {
            let is_list = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
            self.tokens.next_if(is_list);
        }
    }

    /// The tokens up to the next comma that is not between angle brackets.
    fn until_comma(&mut self) -> Vec<TokenTree> {
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
