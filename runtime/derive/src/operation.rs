//! The derive `Operation`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::declaration::Declaration;
use crate::description::Description;
use crate::error::{Error, Result};
use crate::table::{Class, Member, Table};
use crate::version::Version;
use crate::{names, types};

/// A system tag: the setter, the pattern and the release.
struct Tag {
    setter: Ident,
    pattern: Literal,
    since: Version,
}

fn tags(declaration: &Declaration, since: Version) -> Result<Vec<Tag>> {
    let is_tag = |attribute: &&crate::declaration::Attribute| attribute.name == "tag";
    let mut tags = Vec::new();
    for attribute in declaration.attributes.iter().filter(is_tag) {
        let mut tag: Option<(Ident, Literal)> = None;
        let mut since = since;
        for argument in attribute.arguments()? {
            if argument.name == "since" {
                since = Version::parse(&argument)?;
            } else if tag.is_none() {
                let pattern = argument.literal()?.clone();
                let text = pattern.to_string();
                if !text.contains('{') || !text.ends_with("}\"") {
                    let message = format!("the pattern {text} must end with a variable in braces");
                    return Err(argument.error(message));
                }
                tag = Some((argument.name, pattern));
            } else {
                return Err(argument.error("a tag takes only one pattern, and `since`"));
            }
        }
        let Some((setter, pattern)) = tag else {
            let message = "a tag needs a setter with a pattern: `cdrom_uuid = \"cdromUuid::{cdromUuid}\"`";
            return Err(Error::new(attribute.name.clone(), message));
        };
        tags.push(Tag { setter, pattern, since });
    }
    Ok(tags)
}

/// Expands `#[derive(Operation)]`.
pub(crate) fn operation(declaration: &Declaration) -> Result<TokenStream> {
    let description = Description::parse(declaration)?;
    let since = description.since;
    let tags = tags(declaration, since)?;
    let table = Table::parse(declaration, since, true)?;
    if let (Some(_), None) = (&description.lists, &table.query) {
        let message = "`#[operation(…)]` needs a field of type `Query` to list records";
        return Err(Error::new(declaration.name.clone(), message));
    }

    let name = &table.name;
    let response = &description.response;
    let rows = tags.iter().map(|tag| {
        let (pattern, since) = (&tag.pattern, tag.since.tokens());
        quote!(__zstack::SystemTag { pattern: #pattern, since: #since })
    });
    let operation = description.tokens(name, &quote!(&[#(#rows),*]));
    let implementations = table.implementations(&Class::none());
    let methods = methods(&table, &tags);
    let traits = traits(&table, description.lists.as_ref());
    Ok(quote! {
        #implementations

        impl __zstack::Request for #name {
            type Response = #response;

            const OPERATION: &'static __zstack::Operation = &#operation;
        }

        #methods

        #traits
    })
}

/// Expands the constructor and the setters.
fn methods(table: &Table, tags: &[Tag]) -> TokenStream {
    let name = &table.name;
    let constructor = table.constructor("Creates the request from its required parameters.");
    let optional = table.members.iter().filter(|member| !table.row_of(member).required);
    let setters = optional.map(|member| setter(table, member));
    let query = table.query.as_ref().map(|query| {
        let query = &query.ident;
        quote! {
            /// Sets the standard parameters of the query.
            #[must_use]
            pub fn query(mut self, query: __zstack::Query) -> Self {
                self.#query = query;
                self
            }
        }
    });
    let tags = table.tags.iter().flat_map(|member| {
        tags.iter().map(move |Tag { setter, pattern, .. }| {
            let documentation = format!("Adds the system tag for `{setter}`; see the field `{member}`.");
            let setter = types::mark_generated(setter);
            quote! {
                #[doc = #documentation]
                #[must_use]
                pub fn #setter(mut self, value: impl __zstack::Display) -> Self {
                    self.#member.add_system(#pattern, &value);
                    self
                }
            }
        })
    });
    quote! {
        impl #name {
            #constructor
            #(#setters)*
            #query
            #(#tags)*
        }
    }
}

fn setter(table: &Table, member: &Member) -> TokenStream {
    let ident = &member.ident;
    let mut setter = match &table.row_of(member).options.setter {
        Some(name) => format_ident!("{name}"),
        None => ident.clone(),
    };
    setter.set_span(types::mark_generated(ident).span());
    let (ty, value) = types::argument(&member.ty, &format_ident!("value"));
    let documentation = format!("Sets `{}`.", names::text(ident));
    quote! {
        #[doc = #documentation]
        #[must_use]
        pub fn #setter(mut self, value: #ty) -> Self {
            self.#ident = __zstack::Some(#value);
            self
        }
    }
}

/// Expands the traits of requests with tags, and of queries.
fn traits(table: &Table, lists: Option<&TokenStream>) -> TokenStream {
    let name = &table.name;
    let tagged = table.tags.as_ref().map(|tags| {
        quote! {
            impl __zstack::Tagged for #name {
                fn tags(&self) -> &__zstack::Tags {
                    &self.#tags
                }

                fn tags_mut(&mut self) -> &mut __zstack::Tags {
                    &mut self.#tags
                }
            }
        }
    });
    let query = table.query.as_ref().zip(lists).map(|(query, item)| {
        let query = &query.ident;
        quote! {
            impl __zstack::QueryRequest for #name {
                type Item = #item;

                fn query_mut(&mut self) -> &mut __zstack::Query {
                    &mut self.#query
                }

                fn records(response: Self::Response) -> __zstack::Vec<#item> {
                    __zstack::Option::from(response.inventories).unwrap_or_default()
                }
            }
        }
    });
    quote!(#tagged #query)
}
