//! Formatting: `prettyplease`, and a blank line between items, which it does
//! not set.

use proc_macro2::TokenStream;
use syn::{File, Item};

/// The text of a file.
///
/// # Panics
///
/// When the tokens are no Rust file: a mistake of an emitter, which every
/// test that emits would meet.
#[expect(clippy::panic, reason = "the emitters write Rust; the model holds no text that is code")]
pub(super) fn file(header: &str, tokens: TokenStream) -> String {
    let file: File = match syn::parse2(tokens.clone()) {
        Ok(file) => file,
        Err(error) => panic!("an emitter wrote what is no Rust: {error}\n{tokens}"),
    };
    let mut text = header.to_owned();
    if !file.attrs.is_empty() {
        text.push_str(&unparse(file.attrs, Vec::new()));
        text.push('\n');
    }
    let mut previous = None;
    for item in file.items {
        let kind = Kind::of(&item);
        if previous.is_some_and(|previous| previous != kind || kind == Kind::Other) {
            text.push('\n');
        }
        text.push_str(&unparse(Vec::new(), vec![item]));
        previous = Some(kind);
    }
    text
}

fn unparse(attrs: Vec<syn::Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs, items })
}

/// Short items of one kind stand together.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Use,
    Module,
    Export,
    Other,
}

impl Kind {
    fn of(item: &Item) -> Self {
        match item {
            Item::Use(item) if item.attrs.is_empty() => {
                if matches!(item.vis, syn::Visibility::Inherited) {
                    Self::Use
                } else {
                    Self::Export
                }
            }
            Item::Mod(item) if item.attrs.is_empty() && item.content.is_none() => Self::Module,
            _ => Self::Other,
        }
    }
}
