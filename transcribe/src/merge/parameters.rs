//! Merges the parameters of an operation.

use zstack_model::{Body, Method, Parameter, Place, Type, query_parameters, variables};

use super::elements::ResolvedField;
use super::endpoints::Route;
use super::{Merge, samples};
use crate::draft::ElementKey;
use crate::page::{self, Page, PrintedPlace, printed_word};
use crate::report::NoteKind;
use crate::resolve::body::ResolvedBody;
use crate::words::TAGS;

impl Merge<'_, '_> {
    /// Merges the rows of parameters, and the variables of paths.
    pub(super) fn parameters(&mut self, nth: usize, page: &Page, route: &Route, body: &ResolvedBody) {
        let is_query = self.draft.operations[nth].query;
        let standard = query_parameters();
        let mut before: Option<String> = None;
        for printed in &page.parameters {
            let name = printed.field.name.as_str();
            let is_standard =
                is_query && (name == "conditions" || standard.iter().any(|field| field.name == name));
            if is_standard {
                continue;
            }
            if printed.place.as_ref().is_some_and(|place| place.word == "header") {
                self.note(
                    NoteKind::Ignored,
                    printed.field.line,
                    format!("`{name}` is a header, not a parameter of the operation"),
                );
                continue;
            }
            self.parameter(nth, printed, route, body, page, before.as_deref());
            before = Some(name.to_owned());
        }
        self.path_variables(nth, page, route);
    }

    fn parameter(
        &mut self,
        nth: usize,
        printed: &page::Parameter,
        route: &Route,
        body: &ResolvedBody,
        page: &Page,
        before: Option<&str>,
    ) {
        let name = printed.field.name.clone();
        let key = ElementKey::Parameter(self.operation.clone(), name.clone());
        let in_all = route.paths.iter().all(|path| variables(path).any(|variable| variable == name));
        let in_some = route.paths.iter().any(|path| variables(path).any(|variable| variable == name));
        let wire = wire_place(printed, route.method.value, &body.body, in_some, page);
        let known = self.draft.operations[nth].parameters.iter().find(|known| known.field.name == name);
        let known_type = known.map(|known| known.field.ty.clone());
        let (ty, is_vague) = self.parameter_type(&printed.field, known_type.as_ref(), page);
        let is_required = in_all || !in_some && printed.field.required.unwrap_or(true);
        let mut field = printed.field.clone();
        if in_some {
            field.required = None;
        }
        let resolved = ResolvedField {
            printed: &field,
            ty,
            is_vague,
            is_required,
            has_requirement: field.required.is_some(),
        };
        if known_type.is_some() {
            self.compare_field(&key, &resolved);
            if let Some(place) = &printed.place {
                self.compare_place(&key, place, wire, printed.field.line);
            }
            return;
        }
        if !self.draft.is_new(&ElementKey::Operation(self.operation.clone())) {
            self.missing(&key, printed.field.line);
        }
        if printed.place.is_none() {
            let message = format!("the row of `{name}` has no place; {} was taken", wire.word());
            self.note(NoteKind::Guessed, printed.field.line, message);
        }
        if is_vague {
            let message = match &resolved.ty {
                Type::List(_) => {
                    format!("the page does not say what `{name}` is a list of; any values are allowed")
                }
                _ => format!(
                    "the page does not describe the type `{}` of `{name}`; any value is allowed",
                    printed.field.ty
                ),
            };
            self.note(NoteKind::Guessed, printed.field.line, message);
        }
        let mut field = self.new_field(&resolved);
        let word = printed.place.as_ref().map(|place| place.word);
        if let Some(word) = word.filter(|word| *word != printed_word(wire)) {
            field.documented.get_or_insert_default().place = Some(word.to_owned());
        }
        let origin = self.origin(&resolved);
        self.add_parameter(nth, Parameter { field, place: wire }, before);
        self.draft.record_new(key, origin);
    }

    fn add_parameter(&mut self, nth: usize, parameter: Parameter, before: Option<&str>) {
        let parameters = &mut self.draft.operations[nth].parameters;
        let after = before.and_then(|before| parameters.iter().position(|known| known.field.name == before));
        let at = after.map_or(parameters.len(), |at| at + 1);
        parameters.insert(at, parameter);
    }

    /// Adds the variables of paths that no row describes.
    fn path_variables(&mut self, nth: usize, page: &Page, route: &Route) {
        for path in &route.paths {
            for name in variables(path) {
                let key = ElementKey::Parameter(self.operation.clone(), name.to_owned());
                if self.draft.operations[nth].parameters.iter().any(|known| known.field.name == name) {
                    continue;
                }
                let in_all = route.paths.iter().all(|path| variables(path).any(|variable| variable == name));
                let line = route.method.line;
                let is_of_query = self.draft.operations[nth].query && name == "uuid" && !in_all;
                if !is_of_query {
                    let message =
                        format!("no row describes the variable `{{{name}}}` of the path; a text was taken");
                    self.note(NoteKind::Guessed, line, message);
                }
                let description = is_of_query.then(|| "The only resource to list.".to_owned());
                let field = page::Field {
                    name: name.to_owned(),
                    ty: "String".to_owned(),
                    description,
                    line,
                    ..page::Field::default()
                };
                let resolved = ResolvedField {
                    printed: &field,
                    ty: Type::String,
                    is_vague: false,
                    is_required: in_all,
                    has_requirement: false,
                };
                let parameter = Parameter { field: self.new_field(&resolved), place: Place::Path };
                let origin = self.origin(&resolved);
                self.draft.operations[nth].parameters.insert(0, parameter);
                self.draft.record_new(key, origin);
            }
        }
        for name in page.endpoints.iter().flat_map(|endpoint| &endpoint.value.query) {
            let is_known =
                self.draft.operations[nth].parameters.iter().any(|known| known.field.name == *name);
            if !is_known && !self.draft.operations[nth].query {
                let message = format!(
                    "no row describes `{name}`, which the path has in its query string; it was left out"
                );
                self.note(NoteKind::Ignored, route.method.line, message);
            }
        }
    }

    /// The type of a parameter, and whether it is a guess.
    fn parameter_type(&mut self, field: &page::Field, known: Option<&Type>, page: &Page) -> (Type, bool) {
        let sample = samples::of_parameter(page, &field.name);
        self.field_type(field, known, sample, "")
    }
}

/// Returns the place of a parameter in a request.
fn wire_place(
    printed: &page::Parameter,
    method: Method,
    body: &Body,
    is_variable: bool,
    page: &Page,
) -> Place {
    if is_variable {
        return Place::Path;
    }
    let word = printed.place.as_ref().map(|place| place.word);
    // A GET and a DELETE have no body.
    if !method.has_body() || word == Some("query") {
        return Place::Query;
    }
    if *body == Body::None {
        return Place::Query;
    }
    let is_enclosed = match &printed.place {
        Some(PrintedPlace { structure: Some(structure), .. }) => {
            body.key().is_some_and(|key| key.eq_ignore_ascii_case(structure))
                || !TAGS.contains(&&*printed.field.name)
        }
        Some(PrintedPlace { is_next_to_key: true, .. }) => false,
        _ => !is_next_to_key(&printed.field.name, body, page),
    };
    if is_enclosed { Place::Body } else { Place::BesideBody }
}

/// Returns whether a parameter without a structure is next to the key of the body: tags are, and
/// so is each key that the sample has there.
fn is_next_to_key(name: &str, body: &Body, page: &Page) -> bool {
    if TAGS.contains(&name) {
        return true;
    }
    let key = body.key().unwrap_or_default();
    let samples = page.body.iter().map(|body| &body.value);
    let data = page.commands.iter().filter_map(|command| command.value.data.as_ref());
    let samples: Vec<_> = samples.chain(data).collect();
    let is_inside =
        samples.iter().any(|sample| sample.field(key).is_some_and(|inner| inner.field(name).is_some()));
    !is_inside && samples.iter().any(|sample| sample.field(key).is_some() && sample.field(name).is_some())
}
