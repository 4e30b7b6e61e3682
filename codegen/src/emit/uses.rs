//! The `use` block of a file, and identifiers.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

use zstack_model::{Field, Operation, Type};

/// The longest line of code.
pub(super) const WIDTH: usize = 100;

/// `use` items: what generated code writes short, and these data types.
pub(super) fn block(types: &BTreeSet<&str>) -> String {
    let mut text = "use crate::prelude::*;\n".to_owned();
    let names: Vec<String> = types.iter().map(|name| ident(name).to_string()).collect();
    match &names[..] {
        [] => {}
        [one] => text.push_str(&format!("use crate::types::{one};\n")),
        _ => {
            let line = format!("use crate::types::{{{}}};\n", names.join(", "));
            if line.len() <= WIDTH + 1 {
                text.push_str(&line);
            } else {
                text.push_str("use crate::types::{\n");
                wrapped(&names, &mut text);
                text.push_str("};\n");
            }
        }
    }
    text.push('\n');
    text
}

/// Names in as few lines as they need.
pub(super) fn wrapped(names: &[String], text: &mut String) {
    let mut line = String::new();
    for name in names {
        if !line.is_empty() && "    ".len() + line.len() + name.len() + ", ,".len() > WIDTH {
            text.push_str(&format!("    {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(name);
        line.push(',');
    }
    text.push_str(&format!("    {line}\n"));
}

/// The data types that fields name, at whatever depth.
pub(super) fn named<'a>(fields: impl IntoIterator<Item = &'a Field>, to: &mut BTreeSet<&'a str>) {
    for field in fields {
        let mut ty = &field.ty;
        while let Type::List(item) | Type::Map(item) = ty {
            ty = item;
        }
        if let Type::Named(name) = ty {
            to.insert(name);
        }
    }
}

/// The data types that an operation names: its parameters and its answer.
pub(super) fn of_operation(operation: &Operation) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    named(operation.parameters.iter().map(|it| &it.field), &mut names);
    named(&operation.response, &mut names);
    names
}

/// An identifier, raw where it is a keyword.
pub(super) fn ident(name: &str) -> Ident {
    if zstack_model::names::is_keyword(name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}
