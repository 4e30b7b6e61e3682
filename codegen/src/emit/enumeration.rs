//! Emits enums, which are open to values of newer releases.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Owner};
use super::imports::ident;
use super::{arguments, comment, history};
use zstack_model::{DataType, EnumValue};

pub(super) fn file(ty: &DataType, values: &[EnumValue]) -> TokenStream {
    let owner = Owner::data_type(ty);
    let docs = comment::outer(&docs::data_type(ty));
    let name = ident(&ty.name);
    let since = &ty.since.to_string();
    let variants = values.iter().map(|value| variant(value, &owner));
    quote! {
        use zstack_runtime::{Enumeration, UnknownValue};

        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Enumeration)]
        #[enumeration(since = #since)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value unknown to this version, such as one of a newer release.
            Unrecognized(UnknownValue),
        }
    }
}

fn variant(value: &EnumValue, owner: &Owner<'_>) -> TokenStream {
    let docs = comment::outer_or_undocumented(&docs::value(value, owner));
    let (variant, name) = (value.variant(), &value.name);
    let renamed = (variant != *name).then(|| quote!(name = #name,));
    let since = arguments::since(&value.since, owner.since).map(|since| quote!(#since,));
    let removal = history::removal(&value.retirement);
    let has_arguments = renamed.is_some() || since.is_some() || !removal.is_empty();
    let attribute = has_arguments.then(|| quote!(#[value(#renamed #since #(#removal,)*)]));
    let variant = ident(&variant);
    quote!(#docs #attribute #variant,)
}
