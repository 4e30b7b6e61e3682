//! Changes of elements by releases: removals, and the order of earlier states.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::arguments::Argument;
use crate::error::Result;
use crate::version::Version;

/// The arguments `removed` and `replacement`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Removal {
    release: Option<Version>,
    replacement: Option<Literal>,
}

impl Removal {
    /// Reads an argument; returns `false` if it has another name.
    pub(crate) fn read(&mut self, argument: &Argument) -> Result<bool> {
        if argument.name == "removed" {
            self.release = Some(Version::parse(argument)?);
        } else if argument.name == "replacement" {
            self.replacement = Some(argument.literal()?.clone());
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    pub(crate) fn exists(&self) -> bool {
        self.release.is_some()
    }

    /// Expands the removal; `None` if there is none.
    pub(crate) fn tokens(&self) -> Option<TokenStream> {
        let release = self.release?.tokens();
        let replacement = match &self.replacement {
            Some(text) => quote!(__zstack::Some(#text)),
            None => quote!(__zstack::None),
        };
        Some(quote!(__zstack::Removal::new(#release, #replacement)))
    }

    /// Expands the optional removal.
    pub(crate) fn option(&self) -> TokenStream {
        match self.tokens() {
            Some(removal) => quote!(__zstack::Some(#removal)),
            None => quote!(__zstack::None),
        }
    }
}

/// An argument `history(until = "…", …)`.
#[derive(Clone, Debug)]
pub(crate) struct Earlier {
    /// The release that changed the element.
    pub(crate) until: Version,
    /// The attributes that were different.
    pub(crate) arguments: Vec<Argument>,
}

impl Earlier {
    /// Parses an argument, and appends it to those of earlier releases.
    pub(crate) fn parse(argument: &Argument, to: &mut Vec<Self>) -> Result<()> {
        let mut until = None;
        let mut arguments = Vec::new();
        for inner in Argument::parse(argument.group()?)? {
            if inner.name == "until" {
                until = Some(Version::parse(&inner)?);
            } else {
                arguments.push(inner);
            }
        }
        let until = until.ok_or_else(|| argument.error("`history` needs `until = \"…\"`"))?;
        if to.last().is_some_and(|last| last.until >= until) {
            return Err(argument.error("the entries of a history are in the order of their releases"));
        }
        to.push(Self { until, arguments });
        Ok(())
    }
}

/// Computes the earlier states of an element, the oldest first: each entry changes the state that
/// follows it.
pub(crate) fn earlier_states<S: Clone>(
    newest: &S,
    history: &[Earlier],
    apply: impl Fn(&mut S, &[Argument]) -> Result<()>,
) -> Result<Vec<(Version, S)>> {
    let mut states = Vec::new();
    let mut state = newest.clone();
    for entry in history.iter().rev() {
        apply(&mut state, &entry.arguments)?;
        states.push((entry.until, state.clone()));
    }
    states.reverse();
    Ok(states)
}
