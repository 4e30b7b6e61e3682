//! Emits records.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Owner};
use super::field::Member;
use super::imports::{Imports, ident};
use super::reference::Scope;
use super::{Context, comment, history};
use zstack_model::{DataType, TypeShape};

pub(super) fn file(context: &Context<'_>, ty: &DataType) -> TokenStream {
    let owner = Owner::data_type(ty);
    let members = context.model.fields(ty);
    let is_base = context.bases.contains(ty.name.as_str());
    let bases: Vec<&str> = bases(context, ty).map(|base| base.name.as_str()).collect();

    let mut imports = Imports::default().runtime(["Record"]).fields(members.iter().copied());
    if is_base {
        imports = imports.runtime(["More"]);
    }
    imports.types.extend(&bases);
    imports.types.remove(ty.name.as_str());
    let use_items = imports.tokens();
    let mut types_in_scope = imports.types;
    types_in_scope.insert(&ty.name);
    let scope = Scope { category: context.categories.get(&*ty.name).copied(), types: &types_in_scope };

    let docs = comment::outer(&docs::data_type(ty));
    let name = ident(&ty.name);
    let class = ty.java_class.as_ref().map(|class| quote!(class = #class,));
    let since = &ty.since.to_string();
    let history = history::of_data_type(ty);
    let columns = context.with_columns.contains(ty.name.as_str()).then(|| quote!(columns,));
    let bases: Vec<_> = bases.into_iter().map(ident).collect();
    let extends = (!bases.is_empty()).then(|| quote!(extends(#(#bases),*),));
    let members = members.iter().map(|field| Member { field, place: None });
    let fields = members.map(|member| member.declaration(context, &owner, scope));
    let more = is_base.then(|| {
        quote! {
            /// The fields of an extension of this record.
            pub more: More,
        }
    });
    quote! {
        #use_items

        #docs
        #[derive(Clone, Default, Record)]
        #[record(#class since = #since, #columns #extends #(#history,)*)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #more
        }
    }
}

/// The bases into which a record can be converted. Hand-written records do not keep the fields of extensions.
fn bases<'a>(context: &'a Context<'_>, ty: &'a DataType) -> impl Iterator<Item = &'a DataType> {
    let is_native = |ty: &&DataType| matches!(ty.shape, TypeShape::Record { native: Some(_), .. });
    context.model.bases(ty).filter(move |ty| !is_native(ty))
}
