//! The derives `Record` and `Response`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};

use crate::arguments::Argument;
use crate::change::{Earlier, earlier_states};
use crate::declaration::Declaration;
use crate::error::Result;
use crate::table::{Class, Member, Table};
use crate::version::Version;
use crate::{names, required_since, types};

/// The arguments of `#[record(…)]`.
#[derive(Default)]
struct Arguments {
    since: Option<Version>,
    class: Option<TokenStream>,
    history: Vec<Earlier>,
    columns: bool,
    no_constructor: bool,
    extends: Vec<TokenStream>,
}

impl Arguments {
    fn parse(arguments: &[Argument]) -> Result<Self> {
        let mut parsed = Self::default();
        for argument in arguments {
            match argument.name.to_string().as_str() {
                "since" => parsed.since = Some(Version::parse(argument)?),
                "class" => {
                    let class = argument.literal()?;
                    parsed.class = Some(quote!(#class));
                }
                "history" => Earlier::parse(argument, &mut parsed.history)?,
                "columns" => parsed.columns = argument.flag()?,
                "no_constructor" => parsed.no_constructor = argument.flag()?,
                "extends" => parsed.extends = argument.list()?,
                _ => return Err(argument.unknown_error(ALLOWED)),
            }
        }
        Ok(parsed)
    }

    fn class(&self) -> Result<Class> {
        let class = self.class.clone().unwrap_or_else(|| quote!(""));
        let states = earlier_states(&class, &self.history, |class, arguments| {
            for argument in arguments {
                if argument.name != "class" {
                    return Err(argument.unknown_error("until, class"));
                }
                *class = if argument.is_none() { quote!("") } else { argument.literal()?.to_token_stream() };
            }
            Ok(())
        })?;
        let states = states.iter().map(|(until, class)| {
            let until = until.tokens();
            quote!((#until, #class))
        });
        let earlier =
            (!self.history.is_empty()).then(|| quote!(.earlier_classes(&(&[#(#states),*] as &[_]))));
        Ok(Class { class, earlier })
    }
}

const ALLOWED: &str = "since, class, history, columns, no_constructor, extends";

/// Expands `#[derive(Record)]`.
pub(crate) fn record(declaration: &Declaration) -> Result<TokenStream> {
    let arguments = Arguments::parse(&declaration.arguments("record")?)?;
    let since = required_since(arguments.since, declaration, "record")?;
    let table = Table::parse(declaration, since, false)?;
    let name = &table.name;
    let implementations = table.implementations(&arguments.class()?);
    let constructor = if arguments.no_constructor { None } else { constructor(&table) };
    let columns = arguments.columns.then(|| columns(&table));
    let bases = arguments.extends;
    Ok(quote! {
        #implementations

        impl __zstack::Wire for #name {
            const KIND: __zstack::Kind = __zstack::Kind::Record(__zstack::shape::<Self>);
        }

        impl __zstack::Value for #name {
            fn view(&self) -> __zstack::View<'_> {
                __zstack::View::Record(self)
            }
        }

        impl __zstack::Decode for #name {
            fn decode<'de, D: __zstack::Deserializer<'de>>(
                from: D,
            ) -> __zstack::Result<__zstack::Option<Self>, D::Error> {
                __zstack::record(from)
            }
        }

        #constructor

        #columns

        #(
            impl __zstack::TryFrom<&#name> for #bases {
                type Error = __zstack::JsonError;

                fn try_from(extension: &#name) -> __zstack::Result<Self, Self::Error> {
                    __zstack::widen(extension)
                }
            }

            impl __zstack::TryFrom<&#bases> for #name {
                type Error = __zstack::JsonError;

                fn try_from(base: &#bases) -> __zstack::Result<Self, Self::Error> {
                    __zstack::narrow(base)
                }
            }
        )*
    })
}

/// Expands `#[derive(Response)]`. A response is never the value of a field, so it lacks the traits
/// for that; each implementation costs compile time.
pub(crate) fn response(declaration: &Declaration) -> Result<TokenStream> {
    let mut since = None;
    for argument in declaration.arguments("response")? {
        match argument.name.to_string().as_str() {
            "since" => since = Some(Version::parse(&argument)?),
            _ => return Err(argument.unknown_error("since")),
        }
    }
    let table = Table::parse(declaration, required_since(since, declaration, "response")?, false)?;
    let implementations = table.implementations(&Class::none());
    let constructor = constructor(&table);
    Ok(quote!(#implementations #constructor))
}

/// Expands the constructor, for a struct with a required field.
fn constructor(table: &Table) -> Option<TokenStream> {
    let name = &table.name;
    table.rows.iter().any(|row| row.required).then(|| {
        let constructor = table.constructor("Creates a value from its required fields.");
        quote!(impl #name { #constructor })
    })
}

/// Expands the columns for conditions of queries.
fn columns(table: &Table) -> TokenStream {
    let name = &table.name;
    let columns = table.members.iter().filter_map(|member| column(table, member));
    quote!(impl #name { #(#columns)* })
}

/// Expands the column of a field; `None` for maps and lists of scalars, which conditions cannot
/// compare.
fn column(table: &Table, member: &Member) -> Option<TokenStream> {
    let row = table.row_of(member);
    let item = types::argument_of(&member.ty, "Vec");
    let of = item.or_else(|| types::argument_of(&member.ty, "Box")).unwrap_or(&member.ty);
    let [TokenTree::Ident(of)] = of else { return None };
    const SCALARS: [&str; 6] = ["String", "Timestamp", "bool", "f64", "i32", "i64"];
    let is_list_of_scalars = item.is_some() && SCALARS.iter().any(|scalar| of == scalar);
    if row.options.no_column || is_list_of_scalars {
        return None;
    }
    let mut ident = format_ident!("{}", names::column(&names::text(&member.ident)));
    ident.set_span(types::mark_generated(&member.ident).span());
    let wire = &row.name;
    let documentation = format!("The column `{wire}`.");
    Some(quote! {
        #[doc = #documentation]
        pub const #ident: __zstack::Column<#of> = __zstack::Column::new(#wire);
    })
}
