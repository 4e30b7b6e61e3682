//! An enum, open to values of later releases.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::uses::ident;
use crate::model::{DataType, EnumValue};
use crate::names;

pub(super) fn items(ty: &DataType, values: &[EnumValue]) -> TokenStream {
    let name = ident(&ty.name);
    let text = &ty.name;
    let documentation = docs::lines(&docs::data_type(ty));
    let variants: Vec<_> = values.iter().map(|value| ident(&names::variant_ident(&value.name))).collect();
    let declared = values.iter().zip(&variants).map(|(value, variant)| {
        let documentation = docs::lines(&docs::value(value));
        quote! {
            #documentation
            #variant,
        }
    });
    let table = values.iter().map(|value| {
        let (name, since) = (&value.name, &value.since.text);
        quote!((#name, Version::new(#since)))
    });
    let texts = values.iter().zip(&variants).map(|(value, variant)| {
        let name = &value.name;
        quote!(Self::#variant => #name)
    });
    quote! {
        #documentation
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#declared)*
            /// A value that came with a later release.
            Unrecognized(UnknownValue),
        }

        impl Enumeration for #name {
            const SHAPE: &'static EnumShape = &EnumShape {
                name: #text,
                values: &[#(#table),*],
            };

            const KNOWN: &'static [Self] = &[#(Self::#variants),*];

            fn unknown(value: UnknownValue) -> Self {
                Self::Unrecognized(value)
            }

            fn as_str(&self) -> &str {
                match self {
                    #(#texts,)*
                    Self::Unrecognized(value) => value.as_str(),
                }
            }
        }

        enumeration_traits!(#name);
    }
}
