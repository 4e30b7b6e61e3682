//! Prints tokens as the text of a file, with blank lines between items.

use proc_macro2::TokenStream;

/// Prints a file.
pub(super) fn file(tokens: TokenStream) -> String {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) => separate(&prettyplease::unparse(&file)),
        // A template with invalid Rust is printed unchanged, so that the compiler reports the place.
        Err(_) => tokens.to_string(),
    }
}

/// Inserts blank lines between items, and between the methods of traits.
fn separate(text: &str) -> String {
    let mut separated = String::with_capacity(text.len() + text.len() / 16);
    let mut lines = text.lines();
    let mut previous = Item::None;
    // The item whose attributes are being read.
    let mut open = None;
    let mut in_trait = false;
    while let Some(line) = lines.next() {
        let indentation = line.len() - line.trim_start().len();
        let is_member = in_trait && indentation == 4;
        if line.starts_with("//!") {
            previous = Item::Comment;
        } else if (indentation == 0 || is_member) && !continues(line) {
            if open.is_none() {
                let item = Item::of(std::iter::once(line).chain(lines.clone()));
                if item.needs_blank_after(previous) {
                    separated.push('\n');
                }
                open = Some(item);
            }
            if !is_attribute(line) {
                previous = open.take().unwrap_or(Item::Other);
                in_trait = indentation == 0 && line.starts_with("pub trait ") || is_member;
                if indentation == 0 && in_trait {
                    previous = Item::None;
                }
            }
        } else if indentation == 0 {
            in_trait = false;
        }
        separated.push_str(line);
        separated.push('\n');
    }
    separated
}

/// Returns whether a line continues an item.
fn continues(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['}', ')', ']', '{', '>']) || line == "where"
}

fn is_attribute(line: &str) -> bool {
    line.trim_start().starts_with(['#', '/'])
}

/// Kinds of items with different rules for blank lines.
#[derive(Clone, Copy, PartialEq)]
enum Item {
    /// The beginning of the file.
    None,
    /// A line of the documentation of the file.
    Comment,
    Use,
    Mod,
    Other,
}

impl Item {
    /// The item that begins with these lines.
    fn of<'t>(lines: impl Iterator<Item = &'t str>) -> Self {
        let mut is_documented = false;
        for line in lines {
            is_documented |= line.trim_start().starts_with("///");
            if !is_attribute(line) {
                let line = line.trim_start();
                let line = line.strip_prefix("pub ").unwrap_or(line);
                return match line {
                    _ if is_documented => Self::Other,
                    line if line.starts_with("use ") => Self::Use,
                    line if line.starts_with("mod ") => Self::Mod,
                    _ => Self::Other,
                };
            }
        }
        Self::Other
    }

    fn needs_blank_after(self, previous: Self) -> bool {
        previous != Self::None && (self != previous || self == Self::Other)
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn separates_items_and_methods() {
        let tokens = quote! {
            #![doc = " A file."]
            #![doc = " Of two lines."]
            use a::b;
            pub use c::{d, e};
            pub use ccccccccccccccccccccccccccccccccccccccc::{ddddddddddddddddddddddddddddd, eeeeeeeeeeeeeeeeeeeeee};
            pub use f::g;
            #[cfg(feature = "x")]
            mod x;
            #[cfg(feature = "y")]
            mod y;
            #[doc = " A struct."]
            #[derive(Clone)]
            pub struct S {
                #[doc = " A field."]
                pub a: i32,
                pub b: i32,
            }
            pub struct T {}
            pub trait Tr: Send {
                #[doc = " One."]
                fn first(&self) -> i32 { if true { 1 } else { 2 } }
                fn two(
                    &self,
                    request: Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
                ) -> impl Future<Output = Result<Bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, Error>> + Send;
                #[must_use]
                fn three(&self) {}
            }
            const C: &[i32] = &[11111111111111111, 22222222222222222, 3333333333333333, 4444444444444444444, 5];
        };
        let expected = "\
//! A file.
//! Of two lines.

use a::b;
pub use c::{d, e};
pub use ccccccccccccccccccccccccccccccccccccccc::{
    ddddddddddddddddddddddddddddd, eeeeeeeeeeeeeeeeeeeeee,
};
pub use f::g;

#[cfg(feature = \"x\")]
mod x;
#[cfg(feature = \"y\")]
mod y;

/// A struct.
#[derive(Clone)]
pub struct S {
    /// A field.
    pub a: i32,
    pub b: i32,
}

pub struct T {}

pub trait Tr: Send {
    /// One.
    fn first(&self) -> i32 {
        if true { 1 } else { 2 }
    }

    fn two(
        &self,
        request: Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
    ) -> impl Future<
        Output = Result<Bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, Error>,
    > + Send;

    #[must_use]
    fn three(&self) {}
}

const C: &[i32] = &[
    11111111111111111, 22222222222222222, 3333333333333333, 4444444444444444444, 5,
];
";
        assert_eq!(file(tokens), expected);
    }

    #[test]
    fn prints_invalid_rust_unchanged() {
        assert_eq!(file(quote!(struct)), "struct");
    }
}
