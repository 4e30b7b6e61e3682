//! The derive `Enumeration`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::change::Removal;
use crate::declaration::{Declaration, arguments};
use crate::error::{Error, Result};
use crate::version::Version;
use crate::{names, required_since};

/// Expands `#[derive(Enumeration)]`.
pub(crate) fn enumeration(declaration: &Declaration) -> Result<TokenStream> {
    let mut since = None;
    for argument in declaration.arguments("enumeration")? {
        match argument.name.to_string().as_str() {
            "since" => since = Some(Version::parse(&argument)?),
            _ => return Err(argument.unknown_error("since")),
        }
    }
    let since = required_since(since, declaration, "enumeration")?;
    let mut unrecognized = None;
    let (mut variants, mut values, mut rows, mut removed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for variant in declaration.variants()? {
        let (mut value, mut since) = (Literal::string(&names::text(&variant.name)), since);
        let mut removal = Removal::default();
        for argument in arguments(&variant.attributes, "value")? {
            if removal.read(&argument)? {
                continue;
            }
            match argument.name.to_string().as_str() {
                "name" => value = argument.literal()?.clone(),
                "since" => since = Version::parse(&argument)?,
                _ => return Err(argument.unknown_error("name, since, removed, replacement")),
            }
        }
        if variant.has_value {
            if unrecognized.replace(variant.name.clone()).is_some() {
                let message = "only the variant for unknown values may have a value";
                return Err(Error::new(variant.name.clone(), message));
            }
            continue;
        }
        let since = since.tokens();
        rows.push(quote!((#value, #since)));
        removed.extend(removal.tokens().map(|removal| quote!((#value, #removal))));
        variants.push(variant.name);
        values.push(value);
    }
    let name = &declaration.name;
    let Some(unrecognized) = unrecognized else {
        let message = "an enumeration needs a variant for unknown values: `Unrecognized(UnknownValue)`";
        return Err(Error::new(name.clone(), message));
    };
    let text = names::text(name);
    let removed = (!removed.is_empty()).then(|| quote!(.removed(&[#(#removed),*])));
    Ok(quote! {
        impl __zstack::Enumeration for #name {
            const SHAPE: &'static __zstack::EnumShape = &__zstack::EnumShape::new(#text, &[#(#rows),*]) #removed;

            const KNOWN: &'static [Self] = &[#(Self::#variants),*];

            fn from_unknown(value: __zstack::UnknownValue) -> Self {
                Self::#unrecognized(value)
            }

            fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#unrecognized(value) => value.as_str(),
                }
            }
        }

        /// The empty text, the value of a required field before decoding.
        impl __zstack::Default for #name {
            fn default() -> Self {
                __zstack::Enumeration::from_unknown(__zstack::Default::default())
            }
        }

        impl __zstack::Display for #name {
            fn fmt(&self, to: &mut __zstack::Formatter<'_>) -> __zstack::FormatResult {
                to.write_str(__zstack::Enumeration::as_str(self))
            }
        }

        impl __zstack::From<&str> for #name {
            fn from(text: &str) -> Self {
                __zstack::from_text(text)
            }
        }

        impl __zstack::Wire for #name {
            const KIND: __zstack::Kind = __zstack::Kind::Enum(__zstack::enum_shape::<Self>);
        }

        impl __zstack::Value for #name {
            fn view(&self) -> __zstack::View<'_> {
                __zstack::View::Text(__zstack::Enumeration::as_str(self))
            }
        }

        impl __zstack::Decode for #name {
            fn decode<'de, D: __zstack::Deserializer<'de>>(
                from: D,
            ) -> __zstack::Result<__zstack::Option<Self>, D::Error> {
                __zstack::decode_enumeration(from)
            }
        }

        impl __zstack::Serialize for #name {
            fn serialize<S: __zstack::Serializer>(&self, to: S) -> __zstack::Result<S::Ok, S::Error> {
                to.serialize_str(__zstack::Enumeration::as_str(self))
            }
        }

        impl<'de> __zstack::Deserialize<'de> for #name {
            fn deserialize<D: __zstack::Deserializer<'de>>(from: D) -> __zstack::Result<Self, D::Error> {
                let text = <__zstack::String as __zstack::Deserialize>::deserialize(from)?;
                __zstack::Ok(Self::from(text.as_str()))
            }
        }
    })
}
