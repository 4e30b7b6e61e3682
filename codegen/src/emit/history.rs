//! Arguments of attributes for the changes of elements by releases.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::arguments::{self, integer};
use super::imports::ident;
use super::rust_type;
use zstack_model::{
    Auth, Body, DataType, Execution, Field, Historic, Model, Operation, Parameter, Place, Retirement, Type,
    Version,
};

/// The arguments for a removal.
pub(super) fn removal(retirement: &Retirement) -> Vec<TokenStream> {
    let Some(removed) = &retirement.removed else { return Vec::new() };
    let removed = &removed.to_string();
    let mut arguments = vec![quote!(removed = #removed)];
    arguments.extend(retirement.replacement.as_ref().map(|text| quote!(replacement = #text)));
    arguments
}

/// The arguments for earlier states of a field or a parameter.
pub(super) fn of_field(model: &Model, field: &Field, place: Option<Place>) -> Vec<TokenStream> {
    if field.history.is_empty() {
        return Vec::new();
    }
    // Fields have the same place in all releases.
    let newest = Parameter { field: field.clone(), place: place.unwrap_or(Place::Body) };
    let has_scalars = model.is_scalar(&field.ty);
    entries(&newest, |before, after| {
        let mut differences = Vec::new();
        if before.place != after.place {
            differences.push(arguments::place(before.place).unwrap_or_else(|| quote!(body)));
        }
        if before.field.ty != after.field.ty && has_scalars && model.is_scalar(&before.field.ty) {
            let ty = earlier_type(&before.field.ty);
            differences.push(quote!(type = #ty));
        }
        if before.field.required != after.field.required {
            let required = before.field.required;
            differences.push(quote!(required = #required));
        }
        add_limits(&before.field, &after.field, &mut differences);
        differences
    })
}

/// The Rust type of a scalar, with its path.
fn earlier_type(ty: &Type) -> TokenStream {
    match ty {
        Type::Uuid => quote!(Uuid),
        Type::Timestamp => quote!(zstack_runtime::Timestamp),
        Type::Named(name) => {
            let name = ident(name);
            quote!(crate::types::#name)
        }
        ty => rust_type::value(ty),
    }
}

fn add_limits(before: &Field, after: &Field, differences: &mut Vec<TokenStream>) {
    let (before, after) = (&before.constraints, &after.constraints);
    for (name, before, after) in [
        ("max_length", before.max_length, after.max_length),
        ("min_length", before.min_length, after.min_length),
    ] {
        if before != after {
            let name = format_ident!("{name}");
            differences.push(match before.map(Literal::u32_unsuffixed) {
                Some(units) => quote!(#name = #units),
                None => quote!(#name = None),
            });
        }
    }
    if before.range != after.range {
        differences.push(match before.range {
            Some((low, high)) => {
                let (low, high) = (integer(low), integer(high));
                quote!(range(#low, #high))
            }
            None => quote!(range = None),
        });
    }
    if before.pattern != after.pattern {
        differences.push(match &before.pattern {
            Some(pattern) => quote!(pattern = #pattern),
            None => quote!(pattern = None),
        });
    }
    if before.values != after.values {
        let values = &before.values;
        differences.push(if values.is_empty() {
            quote!(values = None)
        } else {
            quote!(values(#(#values),*))
        });
    }
    if before.non_empty != after.non_empty {
        let non_empty = before.non_empty;
        differences.push(quote!(non_empty = #non_empty));
    }
    if before.no_trim != after.no_trim {
        let no_trim = before.no_trim;
        differences.push(quote!(no_trim = #no_trim));
    }
}

/// The arguments for earlier states of an operation. `path` completes a path.
pub(super) fn of_operation(operation: &Operation, path: impl Fn(&str) -> String) -> Vec<TokenStream> {
    if operation.history.is_empty() {
        return Vec::new();
    }
    entries(&operation.without_examples(), |before, after| {
        let mut differences = Vec::new();
        if (before.method, &before.path) != (after.method, &after.path) {
            let (method, path) = (format_ident!("{}", before.method.as_str()), path(&before.path));
            differences.push(quote!(#method = #path));
        }
        if before.paths != after.paths {
            let aliases = before.paths.iter().map(|alias| path(alias)).map(|alias| quote!(alias = #alias));
            differences.extend(aliases);
            if before.paths.is_empty() {
                differences.push(quote!(alias = None));
            }
        }
        if before.body != after.body {
            differences.push(match &before.body {
                Body::None => quote!(body = None),
                Body::Key(key) => quote!(body = #key),
                Body::Action(key) => quote!(action = #key),
            });
        }
        if before.execution != after.execution {
            let is_job = before.execution == Execution::Async;
            differences.push(quote!(job = #is_job));
        }
        if before.auth != after.auth {
            let no_session = before.auth == Auth::None;
            differences.push(quote!(no_session = #no_session));
        }
        if before.message != after.message {
            differences.push(match &before.message {
                Some(message) => {
                    let (class, reply) = (&message.class, &message.reply);
                    quote!(message = #class, reply = #reply)
                }
                None => quote!(message = None, reply = None),
            });
        }
        differences
    })
}

/// The arguments for earlier classes of a record.
pub(super) fn of_data_type(ty: &DataType) -> Vec<TokenStream> {
    entries(ty, |before, after| match (&before.java_class, &after.java_class) {
        (before, after) if before == after => Vec::new(),
        (Some(class), _) => vec![quote!(class = #class)],
        (None, _) => vec![quote!(class = None)],
    })
}

/// Emits an argument for each release that changed an element in a way that `differences` knows.
fn entries<T: Historic + Clone>(
    newest: &T,
    differences: impl Fn(&T, &T) -> Vec<TokenStream>,
) -> Vec<TokenStream> {
    let states = newest.earlier_states();
    let after = states.iter().skip(1).map(|(_, state)| state).chain([newest]);
    let entry = |((until, before), after): (&(Version, T), &T)| {
        let (until, differences) = (&until.to_string(), differences(before, after));
        (!differences.is_empty()).then(|| quote!(history(until = #until, #(#differences),*)))
    };
    states.iter().zip(after).filter_map(entry).collect()
}
