//! The derive `Operation`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::arguments::Argument;
use crate::declaration::Declaration;
use crate::error::{Error, Result};
use crate::table::{Member, Table};
use crate::version::Version;
use crate::{names, required_since, types};

/// The arguments of `#[operation(…)]`.
#[derive(Default)]
struct Arguments {
    /// The method, as a variant of `Method`, and the path.
    route: Option<(Ident, Literal)>,
    aliases: Vec<Literal>,
    category: Option<Literal>,
    since: Option<Version>,
    body: Option<TokenStream>,
    is_job: bool,
    no_session: bool,
    response: Option<TokenStream>,
    lists: Option<TokenStream>,
    message: Option<Argument>,
    reply: Option<Argument>,
}

const ALLOWED: &str = "GET, POST, PUT, DELETE, alias, category, since, body, action, job, no_session, response, lists, message, reply";

impl Arguments {
    fn parse(arguments: Vec<Argument>) -> Result<Self> {
        let mut parsed = Self::default();
        for argument in arguments {
            parsed.add(argument)?;
        }
        Ok(parsed)
    }

    fn add(&mut self, argument: Argument) -> Result<()> {
        let name = argument.name.to_string();
        match name.as_str() {
            "GET" => self.add_route("Get", &argument)?,
            "POST" => self.add_route("Post", &argument)?,
            "PUT" => self.add_route("Put", &argument)?,
            "DELETE" => self.add_route("Delete", &argument)?,
            "alias" => self.aliases.push(argument.literal()?.clone()),
            "category" => self.category = Some(argument.literal()?.clone()),
            "since" => self.since = Some(Version::parse(&argument)?),
            "body" | "action" => {
                let key = argument.literal()?;
                let variant = format_ident!("{}", if name == "body" { "Key" } else { "Action" });
                if self.body.replace(quote!(__zstack::BodyKey::#variant(#key))).is_some() {
                    return Err(argument.error("an operation has at most one key: `body` or `action`"));
                }
            }
            "job" => self.is_job = argument.flag()?,
            "no_session" => self.no_session = argument.flag()?,
            "response" => self.response = Some(argument.path()?),
            "lists" => self.lists = Some(argument.path()?),
            "message" => self.message = Some(argument),
            "reply" => self.reply = Some(argument),
            _ => return Err(argument.unknown_error(ALLOWED)),
        }
        Ok(())
    }

    fn add_route(&mut self, method: &str, argument: &Argument) -> Result<()> {
        let path = argument.literal()?.clone();
        if self.route.replace((format_ident!("{method}"), path)).is_some() {
            return Err(argument.error(
                "an operation has one method and one main path; write `alias = \"…\"` for further paths",
            ));
        }
        Ok(())
    }

    /// Returns the expression of the names in the legacy channel.
    fn message(&self) -> Result<TokenStream> {
        match (&self.message, &self.reply) {
            (None, None) => Ok(quote!(__zstack::None)),
            (Some(message), Some(reply)) => {
                let (class, reply) = (message.literal()?, reply.literal()?);
                Ok(quote!(__zstack::Some(__zstack::LegacyMessage { class: #class, reply: #reply })))
            }
            (Some(alone), None) | (None, Some(alone)) => {
                Err(alone.error("`message` and `reply` must be given together"))
            }
        }
    }
}

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
    let arguments = Arguments::parse(declaration.arguments("operation")?)?;
    let since = required_since(arguments.since, declaration, "operation")?;
    let missing =
        |what: &str| Error::new(declaration.name.clone(), format!("`#[operation(…)]` needs {what}"));
    let (method, path) =
        arguments.route.as_ref().ok_or_else(|| missing("a method and a path: `GET = \"/…\"`"))?;
    let category = arguments.category.as_ref().ok_or_else(|| missing("`category = \"…\"`"))?;
    let response = arguments.response.as_ref().ok_or_else(|| missing("`response = …`"))?;
    let message = arguments.message()?;
    let tags = tags(declaration, since)?;
    let table = Table::parse(declaration, since, true)?;
    if let (Some(_), None) = (&arguments.lists, &table.query) {
        return Err(missing("a field of type `Query` to list records"));
    }

    let name = &table.name;
    let text = names::text(name);
    let aliases = &arguments.aliases;
    let body = arguments.body.clone().unwrap_or_else(|| quote!(__zstack::BodyKey::None));
    let execution = format_ident!("{}", if arguments.is_job { "Async" } else { "Sync" });
    let auth = format_ident!("{}", if arguments.no_session { "None" } else { "Session" });
    let rows = tags.iter().map(|tag| {
        let (pattern, since) = (&tag.pattern, tag.since.tokens());
        quote!(__zstack::SystemTag { pattern: #pattern, since: #since })
    });
    let since = since.tokens();
    let implementations = table.implementations(&quote!(""));
    let methods = methods(&table, &tags);
    let traits = traits(&table, arguments.lists.as_ref());
    Ok(quote! {
        #implementations

        impl __zstack::Request for #name {
            type Response = #response;

            const OPERATION: &'static __zstack::Operation = &__zstack::Operation {
                name: #text,
                category: #category,
                method: __zstack::Method::#method,
                path: #path,
                paths: &[#(#aliases),*],
                since: #since,
                execution: __zstack::Execution::#execution,
                auth: __zstack::Auth::#auth,
                body: #body,
                message: #message,
                tags: &[#(#rows),*],
                request: <#name as __zstack::Record>::SHAPE,
                response: <#response as __zstack::Record>::SHAPE,
            };
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
