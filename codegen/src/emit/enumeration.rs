//! An enum, open to values of later releases.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::uses::ident;
use crate::model::{DataType, EnumValue};
use crate::names;

pub(super) fn items(ty: &DataType, values: &[EnumValue]) -> TokenStream {
    let name = ident(&ty.name);
    let documentation = docs::lines(&docs::data_type(ty));
    let variants: Vec<_> = values.iter().map(|value| ident(&names::variant_ident(&value.name))).collect();
    let declared = values.iter().zip(&variants).map(|(value, variant)| {
        let documentation = docs::lines(&docs::value(value));
        quote! {
            #documentation
            #variant,
        }
    });
    let mut table = format!("enumeration! {{ {} {{\n", ty.name);
    for (value, variant) in values.iter().zip(&variants) {
        table.push_str(&format!("    {variant} = {:?} since {:?},\n", value.name, value.since.text));
    }
    table.push_str("}}\n");
    quote! {
        #documentation
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#declared)*
            /// A value that came with a later release.
            Unrecognized(UnknownValue),
        }

        verbatim!(#table);
    }
}
