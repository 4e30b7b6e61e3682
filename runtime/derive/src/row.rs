//! Rows of a table, and the attributes of fields.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use crate::arguments::{Argument, Value};
use crate::change::{Earlier, Removal, earlier_states};
use crate::error::Result;
use crate::limits::Limits;
use crate::types;
use crate::version::Version;

/// A row of a table: the description of a field.
#[derive(Debug)]
pub(crate) struct Row {
    /// The expression of the field, such as `uuid` or `tags.system`.
    pub(crate) member: TokenStream,
    /// The name on the wire.
    pub(crate) name: String,
    /// True if the field is not an `Option`.
    pub(crate) required: bool,
    pub(crate) options: FieldOptions,
    newest: State,
    /// The earlier states, the oldest first, each with the release that changed it.
    earlier: Vec<(Version, State)>,
}

/// The attributes of a row that releases may change.
#[derive(Clone, Debug)]
struct State {
    /// The expression of the type on the wire.
    kind: TokenStream,
    required: bool,
    /// The place of a parameter; `None` for the body.
    place: Option<Ident>,
    limits: Limits,
}

/// The options that the attributes of a field set.
#[derive(Clone, Debug)]
pub(crate) struct FieldOptions {
    pub(crate) name: Option<String>,
    pub(crate) since: Version,
    pub(crate) removal: Removal,
    pub(crate) is_uuid: bool,
    pub(crate) no_column: bool,
    pub(crate) setter: Option<String>,
    sensitive: bool,
    /// Set if a removed field was required, although it is an `Option`.
    was_required: bool,
    place: Option<Ident>,
    limits: Limits,
    history: Vec<Earlier>,
}

const FIELD: &str = "name, since, removed, replacement, required, uuid, sensitive, max_length, min_length, range, \
                     pattern, values, non_empty, no_trim, history, no_column";
const PARAM: &str = "name, since, removed, replacement, required, path, query, beside, setter, uuid, sensitive, \
                     max_length, min_length, range, pattern, values, non_empty, no_trim, history";
const HISTORY: &str = "until, type, required, max_length, min_length, range, pattern, values, non_empty, no_trim; of a \
                       parameter also path, query, body, beside";

impl FieldOptions {
    /// Returns the options of a field without attributes, in a struct of this release.
    pub(crate) fn new(since: Version) -> Self {
        Self {
            name: None,
            since,
            removal: Removal::default(),
            is_uuid: false,
            no_column: false,
            setter: None,
            sensitive: false,
            was_required: false,
            place: None,
            limits: Limits::default(),
            history: Vec::new(),
        }
    }

    /// Sets the options in arguments.
    pub(crate) fn with(mut self, arguments: &[Argument], is_parameter: bool) -> Result<Self> {
        for argument in arguments {
            self.add(argument, is_parameter)?;
        }
        match arguments.iter().find(|argument| argument.name == "required" || argument.name == "replacement")
        {
            Some(argument) if !self.removal.exists() => {
                Err(argument.error(format!("`{}` needs `removed = \"…\"`", argument.name)))
            }
            _ => Ok(self),
        }
    }

    fn add(&mut self, argument: &Argument, is_parameter: bool) -> Result<()> {
        if self.removal.read(argument)? {
            return Ok(());
        }
        match (argument.name.to_string().as_str(), is_parameter) {
            ("name", _) => self.name = Some(argument.text()?),
            ("since", _) => self.since = Version::parse(argument)?,
            ("required", _) => self.was_required = argument.flag()?,
            ("uuid", _) => self.is_uuid = argument.flag()?,
            ("sensitive", _) => self.sensitive = argument.flag()?,
            ("history", _) => Earlier::parse(argument, &mut self.history)?,
            ("no_column", false) => self.no_column = argument.flag()?,
            ("setter", true) => self.setter = Some(argument.text()?),
            ("path" | "query" | "beside", true) => {
                argument.flag()?;
                if let Some(other) = self.place.replace(argument.name.clone()) {
                    return Err(
                        argument.error(format!("a parameter has one place; it already has `{other}`"))
                    );
                }
            }
            (name, _) => {
                if !self.limits.set(name, argument)? {
                    return Err(argument.unknown_error(if is_parameter { PARAM } else { FIELD }));
                }
            }
        }
        Ok(())
    }
}

impl State {
    /// Applies the arguments of an entry of a history.
    fn apply(&mut self, arguments: &[Argument], is_parameter: bool) -> Result<()> {
        for argument in arguments {
            let name = argument.name.to_string();
            match (name.as_str(), is_parameter) {
                ("type", _) => self.kind = kind(argument)?,
                ("required", _) => self.required = argument.boolean()?,
                ("path" | "query" | "beside", true) => {
                    argument.flag()?;
                    self.place = Some(argument.name.clone());
                }
                ("body", true) => {
                    argument.flag()?;
                    self.place = None;
                }
                (name, _) => {
                    if !self.limits.change(name, argument)? {
                        return Err(argument.unknown_error(HISTORY));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Expands the earlier type of a field, as in `type = i32`.
fn kind(argument: &Argument) -> Result<TokenStream> {
    match &argument.value {
        Value::Tokens(tokens) if matches!(tokens.first(), Some(TokenTree::Ident(_))) => {
            Ok(if types::is(tokens, "Uuid") {
                quote!(__zstack::Kind::Uuid)
            } else {
                types::kind(tokens, false)
            })
        }
        _ => Err(argument.error("`type` takes a type: `type = i32`")),
    }
}

impl Row {
    /// Creates the row of a field. `ty` is its type without `Option`.
    pub(crate) fn new(
        member: TokenStream,
        name: String,
        kind: TokenStream,
        required: bool,
        options: FieldOptions,
        is_parameter: bool,
    ) -> Result<Self> {
        let newest = State {
            kind,
            required: required || options.was_required,
            place: options.place.clone(),
            limits: options.limits.clone(),
        };
        let earlier = earlier_states(&newest, &options.history, |state, arguments| {
            state.apply(arguments, is_parameter)
        })?;
        Ok(Self { member, name, required, options, newest, earlier })
    }

    /// Expands the constant expression of the row.
    pub(crate) fn tokens(&self) -> TokenStream {
        let mut row = self.state(&self.newest);
        if self.options.removal.exists() || !self.earlier.is_empty() {
            let removal = self.options.removal.option();
            let earlier = self.earlier.iter().map(|(until, state)| {
                let (until, field) = (until.tokens(), self.state(state));
                quote!(__zstack::EarlierField { until: #until, field: #field })
            });
            row.extend(quote! {
                .changes(&__zstack::FieldChanges { removal: #removal, earlier: &[#(#earlier),*] })
            });
        }
        row
    }

    fn state(&self, state: &State) -> TokenStream {
        let Self { name, options, .. } = self;
        let (kind, since) = (&state.kind, options.since.tokens());
        let mut row = quote!(__zstack::Field::new(#name, #kind, #since));
        if state.required {
            row.extend(quote!(.required()));
        }
        match &state.place {
            None => {}
            Some(place) if place == "path" => row.extend(quote!(.in_path())),
            Some(place) if place == "query" => row.extend(quote!(.in_query())),
            Some(_) => row.extend(quote!(.beside())),
        }
        row.extend(state.limits.tokens());
        if options.sensitive {
            row.extend(quote!(.sensitive()));
        }
        row
    }
}
