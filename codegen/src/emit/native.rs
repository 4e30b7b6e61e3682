//! A hand-written data type: its re-export, and the check that it has the fields of the spec.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::{Imports, ident};
use super::{Context, rust_type};
use zstack_model::{DataType, Field, Type};

pub(super) fn file(context: &Context<'_>, ty: &DataType, path: &str) -> TokenStream {
    let name = ident(&ty.name);
    let fields = context.model.fields(ty);
    let mut imports = Imports::default().runtime(["Version"]).fields(fields.iter().copied());
    imports.types.remove(ty.name.as_str());
    let imports = imports.tokens();
    let renamed = (path.rsplit("::").next() != Some(&*ty.name)).then(|| quote!(as #name));
    // `check` verified that this is a Rust path.
    let path: TokenStream = path.parse().unwrap_or_default();
    let rows = fields.into_iter().map(row);
    quote! {
        #imports
        use zstack_runtime::record::{Field, Record, Wire, has_fields};

        #[doc(inline)]
        pub use #path #renamed;

        /// The fields of the spec, which the hand-written struct must have.
        const FIELDS: &[Field] = &[#(#rows),*];

        const _: () = assert!(has_fields(#name::SHAPE, FIELDS));
    }
}

/// Emits the table row of a field without a generated struct.
pub(super) fn row(field: &Field) -> TokenStream {
    let (name, since) = (&field.name, &field.since.to_string());
    let kind = match &field.ty {
        Type::Uuid => quote!(zstack_runtime::record::Kind::Uuid),
        ty => {
            let ty = rust_type::value(ty);
            quote!(<#ty as Wire>::KIND)
        }
    };
    let required = field.required.then(|| quote!(.required()));
    quote!(Field::new(#name, #kind, Version::new(#since)) #required)
}
