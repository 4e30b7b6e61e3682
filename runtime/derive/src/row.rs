//! Rows of a table, and the attributes of fields.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::arguments::Argument;
use crate::error::Result;
use crate::version::Version;

/// A row of a table: the description of a field.
#[derive(Debug)]
pub(crate) struct Row {
    /// The expression of the field, such as `uuid` or `tags.system`.
    pub(crate) member: TokenStream,
    /// The name on the wire.
    pub(crate) name: String,
    /// The expression of the type on the wire.
    pub(crate) kind: TokenStream,
    pub(crate) required: bool,
    pub(crate) options: FieldOptions,
}

/// The options that the attributes of a field set.
#[derive(Clone, Debug)]
pub(crate) struct FieldOptions {
    pub(crate) name: Option<String>,
    pub(crate) since: Version,
    pub(crate) is_uuid: bool,
    pub(crate) no_column: bool,
    pub(crate) setter: Option<String>,
    sensitive: bool,
    place: Option<Ident>,
    limits: TokenStream,
}

const FIELD: &str = "name, since, uuid, sensitive, max_length, min_length, range, pattern, values, non_empty, \
                     no_trim, no_column";
const PARAM: &str = "name, since, path, query, beside, setter, uuid, sensitive, max_length, min_length, range, \
                     pattern, values, non_empty, no_trim";

impl FieldOptions {
    /// Returns the options of a field without attributes, in a struct of this release.
    pub(crate) fn new(since: Version) -> Self {
        Self {
            name: None,
            since,
            is_uuid: false,
            no_column: false,
            setter: None,
            sensitive: false,
            place: None,
            limits: TokenStream::new(),
        }
    }

    /// Sets the options in arguments.
    pub(crate) fn with(mut self, arguments: &[Argument], is_parameter: bool) -> Result<Self> {
        for argument in arguments {
            self.add(argument, is_parameter)?;
        }
        Ok(self)
    }

    fn add(&mut self, argument: &Argument, is_parameter: bool) -> Result<()> {
        match (argument.name.to_string().as_str(), is_parameter) {
            ("name", _) => self.name = Some(argument.text()?),
            ("since", _) => self.since = Version::parse(argument)?,
            ("uuid", _) => self.is_uuid = argument.flag()?,
            ("sensitive", _) => self.sensitive = argument.flag()?,
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
                let limit = limit(name, argument)?;
                let allowed = if is_parameter { PARAM } else { FIELD };
                self.limits.extend(limit.ok_or_else(|| argument.unknown_error(allowed))?);
            }
        }
        Ok(())
    }
}

/// Expands the call that sets a constraint; `None` if the argument is not a constraint.
fn limit(name: &str, argument: &Argument) -> Result<Option<TokenStream>> {
    Ok(Some(match name {
        "max_length" => {
            let units = argument.number()?;
            quote!(.max_length(#units))
        }
        "min_length" => {
            let units = argument.number()?;
            quote!(.min_length(#units))
        }
        "range" => match &argument.list()?[..] {
            [low, high] => quote!(.range(#low, #high)),
            _ => return Err(argument.error("`range` takes the minimum and the maximum: `range(0, 1)`")),
        },
        "pattern" => {
            let pattern = argument.literal()?;
            quote!(.pattern(#pattern))
        }
        "values" => {
            let values = argument.list()?;
            quote!(.values(&[#(#values),*]))
        }
        "non_empty" => {
            argument.flag()?;
            quote!(.non_empty())
        }
        "no_trim" => {
            argument.flag()?;
            quote!(.no_trim())
        }
        _ => return Ok(None),
    }))
}

impl Row {
    /// Expands the constant expression of the row.
    pub(crate) fn tokens(&self) -> TokenStream {
        let Self { name, kind, options, .. } = self;
        let since = options.since.tokens();
        let mut row = quote!(__zstack::Field::new(#name, #kind, #since));
        if self.required {
            row.extend(quote!(.required()));
        }
        match &options.place {
            None => {}
            Some(place) if place == "path" => row.extend(quote!(.in_path())),
            Some(place) if place == "query" => row.extend(quote!(.in_query())),
            Some(_) => row.extend(quote!(.beside())),
        }
        if !options.limits.is_empty() {
            let limits = &options.limits;
            row.extend(quote!(.limits(&__zstack::Limits::NONE #limits)));
        }
        if options.sensitive {
            row.extend(quote!(.sensitive()));
        }
        row
    }
}
