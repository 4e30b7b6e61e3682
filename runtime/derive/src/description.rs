//! The arguments of `#[operation(…)]`, and the description that they expand to.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::arguments::Argument;
use crate::change::{Earlier, Removal, earlier_states};
use crate::declaration::Declaration;
use crate::error::{Error, Result};
use crate::version::Version;
use crate::{names, required_since};

/// The description of an operation.
pub(crate) struct Description {
    pub(crate) since: Version,
    pub(crate) response: TokenStream,
    pub(crate) lists: Option<TokenStream>,
    category: Literal,
    removal: Removal,
    newest: State,
    /// The earlier states, the oldest first, each with the release that changed it.
    earlier: Vec<(Version, State)>,
}

/// The attributes of an operation that releases may change.
#[derive(Clone, Default)]
struct State {
    /// The method, as a variant of `Method`, and the path.
    route: Option<(Ident, Literal)>,
    aliases: Vec<Literal>,
    /// The expression of the key, and `body` or `action`.
    body: Option<TokenStream>,
    is_job: bool,
    no_session: bool,
    message: Option<Argument>,
    reply: Option<Argument>,
}

/// Arguments that releases cannot change.
#[derive(Default)]
struct Fixed {
    category: Option<Literal>,
    since: Option<Version>,
    removal: Removal,
    response: Option<TokenStream>,
    lists: Option<TokenStream>,
    history: Vec<Earlier>,
}

const ALLOWED: &str = "GET, POST, PUT, DELETE, alias, category, since, removed, replacement, body, action, job, \
                       no_session, response, lists, message, reply, history";
const HISTORY: &str = "until, GET, POST, PUT, DELETE, alias, body, action, job, no_session, message, reply";

impl Description {
    /// Parses the attributes of a request.
    pub(crate) fn parse(declaration: &Declaration) -> Result<Self> {
        let (mut fixed, mut newest) = (Fixed::default(), State::default());
        for argument in declaration.arguments("operation")? {
            if !newest.add(&argument)? {
                fixed.add(&argument)?;
            }
        }
        let missing =
            |what: &str| Error::new(declaration.name.clone(), format!("`#[operation(…)]` needs {what}"));
        let since = required_since(fixed.since, declaration, "operation")?;
        if newest.route.is_none() {
            return Err(missing("a method and a path: `GET = \"/…\"`"));
        }
        let earlier = earlier_states(&newest, &fixed.history, State::change)?;
        for (_, state) in &earlier {
            state.legacy_message()?;
        }
        newest.legacy_message()?;
        Ok(Self {
            since,
            category: fixed.category.ok_or_else(|| missing("`category = \"…\"`"))?,
            response: fixed.response.ok_or_else(|| missing("`response = …`"))?,
            lists: fixed.lists,
            removal: fixed.removal,
            newest,
            earlier,
        })
    }

    /// Expands the description; `tags` is the expression of its system tags.
    pub(crate) fn tokens(&self, name: &Ident, tags: &TokenStream) -> TokenStream {
        let has_changes = self.removal.exists() || !self.earlier.is_empty();
        let changes = has_changes.then(|| {
            let removal = self.removal.option();
            let earlier = self.earlier.iter().map(|(until, state)| {
                let (until, operation) =
                    (until.tokens(), self.state(state, name, tags, &quote!(__zstack::None)));
                quote!(__zstack::EarlierOperation { until: #until, operation: #operation })
            });
            quote! {
                __zstack::Some(&__zstack::OperationChanges { removal: #removal, earlier: &[#(#earlier),*] })
            }
        });
        self.state(&self.newest, name, tags, &changes.unwrap_or_else(|| quote!(__zstack::None)))
    }

    fn state(&self, state: &State, name: &Ident, tags: &TokenStream, changes: &TokenStream) -> TokenStream {
        let (text, since) = (names::text(name), self.since.tokens());
        let Self { category, response, .. } = self;
        // `parse` has verified that there is one.
        let (method, path) = state.route.as_ref().map(|(method, path)| (method, path)).unzip();
        let aliases = &state.aliases;
        let execution = format_ident!("{}", if state.is_job { "Async" } else { "Sync" });
        let auth = format_ident!("{}", if state.no_session { "None" } else { "Session" });
        let body = state.body.clone().unwrap_or_else(|| quote!(__zstack::BodyKey::None));
        let message = state.legacy_message().unwrap_or_default();
        quote! {
            __zstack::Operation {
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
                tags: #tags,
                request: <#name as __zstack::Record>::SHAPE,
                response: <#response as __zstack::Record>::SHAPE,
                changes: #changes,
            }
        }
    }
}

impl Fixed {
    fn add(&mut self, argument: &Argument) -> Result<()> {
        match argument.name.to_string().as_str() {
            "category" => self.category = Some(argument.literal()?.clone()),
            "since" => self.since = Some(Version::parse(argument)?),
            "response" => self.response = Some(argument.path()?),
            "lists" => self.lists = Some(argument.path()?),
            "history" => Earlier::parse(argument, &mut self.history)?,
            _ if self.removal.read(argument)? => {}
            _ => return Err(argument.unknown_error(ALLOWED)),
        }
        Ok(())
    }
}

impl State {
    /// Sets an attribute of the newest release; returns `false` if the argument is none.
    fn add(&mut self, argument: &Argument) -> Result<bool> {
        let name = argument.name.to_string();
        match name.as_str() {
            "GET" | "POST" | "PUT" | "DELETE" => {
                let route = (method(&name), argument.literal()?.clone());
                if self.route.replace(route).is_some() {
                    return Err(argument.error(
                        "an operation has one method and one main path; write `alias = \"…\"` for further paths",
                    ));
                }
            }
            "alias" => self.aliases.push(argument.literal()?.clone()),
            "body" | "action" => {
                if self.body.replace(body_key(argument)?).is_some() {
                    return Err(argument.error("an operation has at most one key: `body` or `action`"));
                }
            }
            "job" => self.is_job = argument.flag()?,
            "no_session" => self.no_session = argument.flag()?,
            "message" => self.message = Some(argument.clone()),
            "reply" => self.reply = Some(argument.clone()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Applies the arguments of an entry of a history.
    fn change(&mut self, arguments: &[Argument]) -> Result<()> {
        if arguments.iter().any(|argument| argument.name == "alias") {
            self.aliases.clear();
        }
        for argument in arguments {
            let name = argument.name.to_string();
            let text = || if argument.is_none() { None } else { Some(argument.clone()) };
            match name.as_str() {
                "GET" | "POST" | "PUT" | "DELETE" => {
                    self.route = Some((method(&name), argument.literal()?.clone()));
                }
                "alias" | "body" if argument.is_none() => {
                    if name == "body" {
                        self.body = None;
                    }
                }
                "alias" => self.aliases.push(argument.literal()?.clone()),
                "body" | "action" => self.body = Some(body_key(argument)?),
                "job" => self.is_job = argument.boolean()?,
                "no_session" => self.no_session = argument.boolean()?,
                "message" => self.message = text(),
                "reply" => self.reply = text(),
                _ => return Err(argument.unknown_error(HISTORY)),
            }
        }
        Ok(())
    }

    /// Expands the names in the legacy channel.
    fn legacy_message(&self) -> Result<TokenStream> {
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

/// Returns the variant of `Method` for the name of an argument.
fn method(name: &str) -> Ident {
    let (first, rest) = name.split_at(1);
    format_ident!("{first}{}", rest.to_lowercase())
}

/// Expands the key of the body.
fn body_key(argument: &Argument) -> Result<TokenStream> {
    let key = argument.literal()?;
    let variant = format_ident!("{}", if argument.name == "body" { "Key" } else { "Action" });
    Ok(quote!(__zstack::BodyKey::#variant(#key)))
}
