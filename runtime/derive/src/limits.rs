//! Constraints of fields.

use proc_macro2::TokenStream;
use quote::quote;

use crate::arguments::Argument;
use crate::error::Result;

/// The constraints of a field, each with the call that sets it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits(Vec<(String, TokenStream)>);

impl Limits {
    /// Sets a constraint; returns `false` if the argument is not a constraint.
    pub(crate) fn set(&mut self, name: &str, argument: &Argument) -> Result<bool> {
        let Some(call) = call(name, argument)? else { return Ok(false) };
        self.remove(name);
        self.0.push((name.to_owned(), call));
        Ok(true)
    }

    /// Sets or removes a constraint in an earlier release: flags have a value there, and other
    /// constraints may be
    /// `None`.
    pub(crate) fn change(&mut self, name: &str, argument: &Argument) -> Result<bool> {
        let is_set = match name {
            "non_empty" | "no_trim" => argument.boolean()?,
            "max_length" | "min_length" | "range" | "pattern" | "values" if argument.is_none() => false,
            _ => return self.set(name, argument),
        };
        self.remove(name);
        if is_set {
            let flag = argument.name.clone();
            self.0.push((name.to_owned(), quote!(.#flag())));
        }
        Ok(true)
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|(other, _)| other != name);
    }

    /// Expands the call that sets the constraints of a row.
    pub(crate) fn tokens(&self) -> Option<TokenStream> {
        let calls = self.0.iter().map(|(_, call)| call);
        (!self.0.is_empty()).then(|| quote!(.limits(&__zstack::Limits::NONE #(#calls)*)))
    }
}

/// Expands the call that sets a constraint; `None` if the argument is not a constraint.
fn call(name: &str, argument: &Argument) -> Result<Option<TokenStream>> {
    Ok(Some(match name {
        "max_length" => {
            let units = argument.number()?;
            quote!(.max_length(#units))
        }
        "min_length" => {
            let units = argument.number()?;
            quote!(.min_length(#units))
        }
        "range" => match &argument.list()?[..] {
            [low, high] => quote!(.range(#low, #high)),
            _ => return Err(argument.error("`range` takes the minimum and the maximum: `range(0, 1)`")),
        },
        "pattern" => {
            let pattern = argument.literal()?;
            quote!(.pattern(#pattern))
        }
        "values" => {
            let values = argument.list()?;
            quote!(.values(&[#(#values),*]))
        }
        "non_empty" => {
            argument.flag()?;
            quote!(.non_empty())
        }
        "no_trim" => {
            argument.flag()?;
            quote!(.no_trim())
        }
        _ => return Ok(None),
    }))
}
