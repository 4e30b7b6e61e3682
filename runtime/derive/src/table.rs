//! The table of a struct, and the implementations that all derives for structs share.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::arguments::{Argument, Value};
use crate::declaration::{Declaration, Field, arguments};
use crate::error::{Error, Result};
use crate::query::{self, Query};
use crate::row::{FieldOptions, Row};
use crate::version::Version;
use crate::{names, types};

/// The parsed struct.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: Ident,
    pub(crate) since: Version,
    pub(crate) rows: Vec<Row>,
    /// The fields that have one row each.
    pub(crate) members: Vec<Member>,
    /// The fields with a special type.
    pub(crate) more: Option<Ident>,
    pub(crate) query: Option<Query>,
    pub(crate) tags: Option<Ident>,
}

/// A field with one row.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) ident: Ident,
    /// The type, without `Option`.
    pub(crate) ty: Vec<TokenTree>,
    /// The index of the row, not counting those of a query.
    pub(crate) row: usize,
}

/// The class of a record: the expression, and the call that sets earlier ones.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) class: TokenStream,
    pub(crate) earlier: Option<TokenStream>,
}

impl Class {
    /// The class of a struct without one.
    pub(crate) fn none() -> Self {
        Self { class: quote!(""), earlier: None }
    }
}

impl Table {
    /// Parses the fields: parameters if `is_request`.
    pub(crate) fn parse(declaration: &Declaration, since: Version, is_request: bool) -> Result<Self> {
        let mut table = Self {
            name: declaration.name.clone(),
            since,
            rows: Vec::new(),
            members: Vec::new(),
            more: None,
            query: None,
            tags: None,
        };
        for field in declaration.fields()? {
            table.add(field, is_request)?;
        }
        Ok(table)
    }

    fn add(&mut self, field: Field, is_request: bool) -> Result<()> {
        let (attribute, other) = if is_request { ("param", "field") } else { ("field", "param") };
        if let Some(wrong) = field.attributes.iter().find(|attribute| attribute.name == other) {
            let message =
                format!("`{other}` is not allowed here; the fields of this struct take `{attribute}`");
            return Err(Error::new(wrong.name.clone(), message));
        }
        let arguments = arguments(&field.attributes, attribute)?;
        match is_request {
            true if types::is(&field.ty, "Tags") => return self.add_tags(field.name, arguments),
            true if types::is(&field.ty, "Query") => {
                self.query = Some(Query::parse(field.name, &arguments)?);
                return Ok(());
            }
            false if types::is(&field.ty, "More") => {
                self.more = Some(field.name);
                return refuse_arguments(&arguments, "the fields of extensions");
            }
            _ => {}
        }
        let optional = types::argument_of(&field.ty, "Option");
        let ty = optional.unwrap_or(&field.ty).to_vec();
        let options = FieldOptions::new(self.since).with(&arguments, is_request)?;
        let ident = field.name;
        if let (Some(removed), None) =
            (arguments.iter().find(|argument| argument.name == "removed"), optional)
        {
            return Err(
                removed.error("a removed field is an `Option`; `required` states that it was required")
            );
        }
        self.members.push(Member { ident: ident.clone(), row: self.rows.len(), ty: ty.clone() });
        let name = options.name.clone().unwrap_or_else(|| names::wire(&names::text(&ident)));
        let kind = types::kind(&ty, options.is_uuid);
        self.rows.push(Row::new(quote!(#ident), name, kind, optional.is_none(), options, is_request)?);
        Ok(())
    }

    /// Adds the rows of both lists of tags, or of the lists that the arguments name. Other
    /// arguments apply to both.
    fn add_tags(&mut self, ident: Ident, arguments: Vec<Argument>) -> Result<()> {
        let is_list = |argument: &Argument| argument.name == "system" || argument.name == "user";
        let (lists, common): (Vec<_>, Vec<_>) = arguments.into_iter().partition(is_list);
        let common = FieldOptions::new(self.since).with(&common, true)?;
        let mut add = |list: &str, options| -> Result<()> {
            let member = format_ident!("{list}");
            let kind = quote!(<__zstack::Vec<__zstack::String> as __zstack::Wire>::KIND);
            let name = format!("{list}Tags");
            self.rows.push(Row::new(quote!(#ident.#member), name, kind, false, options, true)?);
            Ok(())
        };
        for argument in &lists {
            let own = match &argument.value {
                Value::List(list) => Argument::parse(list.stream())?,
                _ => {
                    argument.flag()?;
                    Vec::new()
                }
            };
            add(&argument.name.to_string(), common.clone().with(&own, true)?)?;
        }
        if lists.is_empty() {
            add("system", common.clone())?;
            add("user", common)?;
        }
        self.tags = Some(ident);
        Ok(())
    }

    pub(crate) fn row_of(&self, member: &Member) -> &Row {
        &self.rows[member.row]
    }

    /// Expands `Record`, `Serialize`, `Deserialize`, `Debug` and `PartialEq`.
    pub(crate) fn implementations(&self, class: &Class) -> TokenStream {
        let name = &self.name;
        let record = self.record(class);
        quote! {
            #record

            impl __zstack::PartialEq for #name {
                fn eq(&self, other: &Self) -> bool {
                    __zstack::equal(self, other)
                }
            }

            impl __zstack::Debug for #name {
                fn fmt(&self, to: &mut __zstack::Formatter<'_>) -> __zstack::FormatResult {
                    __zstack::debug(self, to)
                }
            }

            impl __zstack::Serialize for #name {
                fn serialize<S: __zstack::Serializer>(&self, to: S) -> __zstack::Result<S::Ok, S::Error> {
                    __zstack::serialize(self, to)
                }
            }

            impl<'de> __zstack::Deserialize<'de> for #name {
                fn deserialize<D: __zstack::Deserializer<'de>>(from: D) -> __zstack::Result<Self, D::Error> {
                    __zstack::required_record(from)
                }
            }
        }
    }

    fn record(&self, class: &Class) -> TokenStream {
        let Class { class, earlier } = class;
        let Self { name, rows, .. } = self;
        let text = names::text(name);
        let since = self.since.tokens();
        let first = if self.query.is_some() { query::ROWS } else { 0 };
        let index: Vec<_> = (first..first + rows.len()).map(Literal::usize_unsuffixed).collect();
        let members: Vec<_> = rows.iter().map(|row| &row.member).collect();
        let rows = rows.iter().map(Row::tokens);
        let (query_rows, other_get, other_set) = match &self.query {
            Some(query) => {
                let (rows, query) = (query.rows(), &query.ident);
                (rows, quote!(self.#query.get(index)), quote!(self.#query.set(index, value)))
            }
            None => (quote!(), quote!(__zstack::View::Absent), quote!(__zstack::skip(value))),
        };
        let more = self.more.as_ref().map(|more| {
            quote! {
                fn more(&self) -> __zstack::Option<&__zstack::More> {
                    __zstack::Some(&self.#more)
                }

                fn more_mut(&mut self) -> __zstack::Option<&mut __zstack::More> {
                    __zstack::Some(&mut self.#more)
                }
            }
        });
        quote! {
            impl __zstack::Record for #name {
                const SHAPE: &'static __zstack::Shape =
                    &__zstack::Shape::new(#text, #class, #since, &[#query_rows #(#rows),*]) #earlier;

                fn get(&self, index: usize) -> __zstack::View<'_> {
                    match index {
                        #(#index => __zstack::view(&self.#members),)*
                        _ => #other_get,
                    }
                }

                fn set<'de, D: __zstack::Deserializer<'de>>(
                    &mut self,
                    index: usize,
                    value: D,
                ) -> __zstack::Result<bool, D::Error> {
                    match index {
                        #(#index => __zstack::put(&mut self.#members, value),)*
                        _ => #other_set,
                    }
                }

                #more
            }
        }
    }

    /// Expands the constructor with the required fields.
    pub(crate) fn constructor(&self, documentation: &str) -> TokenStream {
        let required: Vec<_> = self.members.iter().filter(|member| self.row_of(member).required).collect();
        let has_others = required.len() < self.members.len()
            || self.more.is_some()
            || self.query.is_some()
            || self.tags.is_some();
        // Not `Self::default()`, which may be a setter.
        let others = has_others.then(|| quote!(..__zstack::Default::default()));
        let idents: Vec<_> = required.iter().map(|member| &member.ident).collect();
        let (types, values): (Vec<_>, Vec<_>) =
            required.iter().map(|member| types::argument(&member.ty, &member.ident)).unzip();
        quote! {
            #[doc = #documentation]
            #[must_use]
            pub fn new(#(#idents: #types),*) -> Self {
                Self { #(#idents: #values,)* #others }
            }
        }
    }
}

fn refuse_arguments(arguments: &[Argument], what: &str) -> Result<()> {
    match arguments.first() {
        None => Ok(()),
        Some(argument) => Err(argument.error(format!("{what} take no arguments"))),
    }
}
