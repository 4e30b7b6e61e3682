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
        let members = matches!(item, Item::Impl(_) | Item::Trait(_));
        if previous.is_some_and(|previous| previous != kind || kind == Kind::Other) {
            text.push('\n');
        }
        if let Some(verbatim) = verbatim(&item) {
            text.push_str(&verbatim);
        } else {
            let item = unparse(Vec::new(), vec![item]);
            if members { space_members(&item, &mut text) } else { text.push_str(&item) }
        }
        previous = Some(kind);
    }
    text
}

fn unparse(attrs: Vec<syn::Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs, items })
}

/// The text of `verbatim!("…");`, with which emitters write what reads better
/// in a form of its own: tables.
fn verbatim(item: &Item) -> Option<String> {
    let Item::Macro(item) = item else { return None };
    if !item.mac.path.is_ident("verbatim") {
        return None;
    }
    item.mac.parse_body::<syn::LitStr>().ok().map(|text| text.value())
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

/// Copies an impl or a trait, with a blank line after each of its members.
/// A member ends with a line that is indented by four and closes a block or a
/// statement.
fn space_members(item: &str, text: &mut String) {
    let mut ended = false;
    for line in item.lines() {
        let member = line.starts_with("    ") && !line.starts_with("     ");
        if ended && member {
            text.push('\n');
        }
        ended = member && !line.starts_with("    //") && (line.ends_with(';') || line.trim() == "}");
        text.push_str(line);
        text.push('\n');
    }
}
