//! The page of one operation: the facts that it prints, before anything is inferred.

use zstack_model::{Execution, Method, Place};

use crate::json::Sample;

/// A fact with the line that prints it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Printed<T> {
    /// The fact.
    pub(crate) value: T,
    /// The line of the file.
    pub(crate) line: usize,
}

impl<T> Printed<T> {
    pub(crate) fn new(value: T, line: usize) -> Self {
        Self { value, line }
    }
}

/// The shape of a page, as `docs/transcribe.md` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// Headings and tables with bars.
    #[default]
    Table,
    /// Headings, and rows whose cells are separated by spaces.
    Text,
    /// Bullets, nested by indentation.
    Portal,
    /// Fields without indentation, each with its description on the line.
    Glued,
}

/// The page of one operation.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The first line of the page in its file.
    pub(crate) first_line: usize,
    /// The last one.
    pub(crate) last_line: usize,
    pub(crate) form: Form,
    /// The name of the operation.
    pub(crate) name: Option<Printed<String>>,
    /// A sentence about the operation.
    pub(crate) summary: Option<Printed<String>>,
    /// The title of the category, which only the portal prints.
    pub(crate) category: Option<Printed<String>>,
    /// The release of the operation, which only the portal prints.
    pub(crate) since: Option<Printed<String>>,
    /// The execution, as the portal prints it.
    pub(crate) execution: Option<Printed<Execution>>,
    /// The page says that no session is needed.
    pub(crate) is_public: bool,
    pub(crate) endpoints: Vec<Printed<Endpoint>>,
    pub(crate) parameters: Vec<Parameter>,
    /// The fields of the response, with the tables that belong to them.
    pub(crate) response: Vec<Field>,
    /// The key that encloses the parameters of the body, by the portal.
    pub(crate) body_key: Option<Printed<String>>,
    /// The sample of the body.
    pub(crate) body: Option<Printed<Sample>>,
    /// The command lines.
    pub(crate) commands: Vec<Printed<Command>>,
    /// The sample of the response.
    pub(crate) response_sample: Option<Printed<Sample>>,
    /// The values that the code samples assign to parameters.
    pub(crate) assignments: Vec<Printed<(String, Sample)>>,
    /// The class of the code samples, without `Action`.
    pub(crate) class: Option<Printed<String>>,
    /// The page has a paragraph of fields for queries.
    pub(crate) is_query: bool,
    /// The line of a sample in whose middle the page ends.
    pub(crate) cut_at: Option<usize>,
    /// Remarks for people.
    pub(crate) notes: Vec<Printed<String>>,
}

impl Page {
    /// The name of the operation; empty if the page does not print it.
    pub(crate) fn operation(&self) -> &str {
        self.name.as_ref().or(self.class.as_ref()).map_or("", |name| &name.value)
    }
}

/// A method and a path, without the prefix of all paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    /// Begins with a slash.
    pub(crate) path: String,
    /// The names in the query string.
    pub(crate) query: Vec<String>,
}

/// A call on a command line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Command {
    pub(crate) url: String,
    pub(crate) data: Option<Sample>,
}

/// A parameter as its row prints it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) field: Field,
    /// The column Location, or the heading above.
    pub(crate) place: Option<PrintedPlace>,
}

/// A place as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PrintedPlace {
    /// `url`, `query`, `body` or `header`.
    pub(crate) word: &'static str,
    /// The structure in the body that contains the parameter.
    pub(crate) structure: Option<String>,
    /// The page shows it outside of that structure.
    pub(crate) is_next_to_key: bool,
}

impl PrintedPlace {
    pub(crate) fn of(place: Place) -> Self {
        Self { word: printed_word(place), structure: None, is_next_to_key: false }
    }
}

/// The word that pages print for a place.
pub(crate) fn printed_word(place: Place) -> &'static str {
    if place == Place::Path { "url" } else { place.word() }
}

/// A field, or what a parameter shares with one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The type, as it is printed.
    pub(crate) ty: String,
    pub(crate) description: Option<String>,
    pub(crate) values: Vec<String>,
    pub(crate) since: Option<Printed<String>>,
    /// The mark as required or optional; none if the page marks no fields.
    pub(crate) required: Option<bool>,
    /// The fields of its type.
    pub(crate) fields: Option<Vec<Self>>,
    /// The value to which it belongs is a guess.
    pub(crate) is_doubtful: bool,
    pub(crate) line: usize,
}

impl Field {
    /// The same field, if its table does not say which fields are always present.
    pub(crate) fn without_requirement(self) -> Self {
        Self { required: None, ..self }
    }
}

/// Prints the names of fields, with those of their values in parentheses.
#[cfg(test)]
pub(crate) fn outline(fields: &[Field]) -> String {
    let name = |field: &Field| match &field.fields {
        Some(inner) => format!("{}({})", field.name, outline(inner)),
        None => field.name.clone(),
    };
    fields.iter().map(name).collect::<Vec<_>>().join(" ")
}
