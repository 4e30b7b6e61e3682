//! Merges the page of an operation.

use zstack_model::{
    Auth, Body, Category, Documented, Execution, Method, Operation, Parameter, Place, Retirement, Source, numbers,
    query_parameters, variables,
};

use super::elements::{ResolvedField, readable};
use super::endpoints::{self, Route};
use super::{Merge, samples};
use crate::draft::{Draft, ElementKey, Origin};
use crate::page::{self, Page, Printed, PrintedPlace};
use crate::report::{NoteKind, Report, SourcePosition};
use crate::resolve::body::{self, ResolvedBody};
use crate::resolve::naming;
use crate::words::{ANSWERED_AT_ONCE, TAGS};

/// Merges a page into the draft. One from which no operation can be made is reported, and leaves
/// the draft as it is.
pub(crate) fn merge_page(draft: &mut Draft<'_>, file: &str, page: &Page, report: &mut Report) {
    let at = |line| SourcePosition { file: file.to_owned(), line };
    let Some(name) = endpoints::name(page, file) else {
        let message = "no operation begins here: there is no name, such as CreateZone, in a title, a code sample or the name of the file";
        report.add(NoteKind::Invalid, at(page.first_line), message);
        return;
    };
    let route = match endpoints::route(page, &name.value) {
        Ok(route) => route,
        Err((line, message)) => return report.add(NoteKind::Invalid, at(line), message),
    };
    for (line, message) in &route.rejected {
        report.add(NoteKind::Unreadable, at(*line), message.clone());
    }
    if let Some(class) = page.class.as_ref().filter(|class| !class.value.eq_ignore_ascii_case(&name.value)) {
        let message = format!("the code samples call `{}`, the page is that of `{}`", class.value, name.value);
        report.add(NoteKind::Ignored, at(class.line), message);
    }
    let since = first_release(page);
    if since.is_none() {
        let message = format!("the page of `{}` prints no version; release 0, which stands for unknown, was taken", name.value);
        report.add(NoteKind::Guessed, at(name.line), message);
    }
    let mut merge = Merge {
        tables: std::collections::HashSet::new(),
        since: since.unwrap_or_else(|| "0".to_owned()),
        operation: name.value.clone(),
        draft,
        file,
        report,
    };
    merge.operation(page, &name, &route);
}

/// The release of an operation: the portal prints it; elsewhere it is that of its oldest parameter.
fn first_release(page: &Page) -> Option<String> {
    let oldest = |fields: &mut dyn Iterator<Item = &page::Field>| {
        let versions = fields.filter_map(|field| Some(field.since.as_ref()?.value.clone()));
        versions.min_by_key(|version| numbers(version).unwrap_or_default())
    };
    let of_parameters = || oldest(&mut page.parameters.iter().map(|parameter| &parameter.field));
    let of_response = || oldest(&mut page.response.iter().filter(|field| field.name != "error"));
    let of_error = || oldest(&mut page.response.iter());
    page.since.as_ref().map(|since| since.value.clone()).or_else(of_parameters).or_else(of_response).or_else(of_error)
}

impl Merge<'_, '_> {
    fn operation(&mut self, page: &Page, name: &Printed<String>, route: &Route) {
        let key = ElementKey::Operation(name.value.clone());
        let body = body::resolve(page, &name.value, route.method.value, &route.paths[0]);
        self.draft.printed.insert(key.clone());
        let nth = match self.draft.operation(&name.value) {
            Some(nth) => {
                self.compare_operation(nth, &key, page, route, &body);
                nth
            }
            None => {
                self.missing(&key, name.line);
                if body.is_guess && page.parameters.iter().any(|parameter| is_in_body(parameter, route)) {
                    let message = format!("no key encloses the parameters in the body on the page; {} was taken", body_word(&body.body));
                    self.note(NoteKind::Guessed, route.method.line, message);
                }
                let operation = self.new_operation(page, name, route, &body);
                let nth = self.draft.add_operation(operation);
                let origin = Origin { at: self.at(name.line), has_version: page.since.is_some(), has_requirement: false, is_vague: false };
                self.draft.origins.insert(key.clone(), origin);
                self.collect_samples(page, route, name.line);
                nth
            }
        };
        self.parameters(nth, page, route, &body);
        self.response(nth, page);
        samples::add_fields(self, nth, page);
    }

    fn new_operation(&mut self, page: &Page, name: &Printed<String>, route: &Route, body: &ResolvedBody) -> Operation {
        let is_query = endpoints::is_query(page, &name.value, route);
        let execution = execution(&name.value, route.method.value);
        let printed = page.execution.as_ref().map(|execution| execution.value);
        let documented = printed.filter(|printed| *printed != execution);
        let documented = documented.map(|execution| Documented { execution: Some(execution), ..Documented::default() });
        let category = self.category(page, &route.paths[0]);
        let printed = page.summary.as_ref().map(|summary| readable(&summary.value)).filter(|text| is_sentence(text));
        let is_public = page.is_public || name.value.to_lowercase().starts_with("login");
        Operation {
            name: name.value.clone(),
            file: format!("operations/{category}/{}.yaml", name.value).into(),
            category,
            summary: printed.unwrap_or_else(|| naming::summary(&name.value)),
            description: None,
            since: self.draft.version(&self.since.clone()),
            retirement: Retirement::NONE,
            method: route.method.value,
            path: route.paths[0].clone(),
            paths: route.paths[1..].to_vec(),
            query: is_query,
            execution,
            auth: if is_public { Auth::None } else { Auth::Session },
            body: body.body.clone(),
            message: None,
            parameters: Vec::new(),
            response: Vec::new(),
            tags: Vec::new(),
            errors: Vec::new(),
            examples: Vec::new(),
            notes: page.notes.iter().map(|note| readable(&note.value)).collect(),
            documented,
            renamed_from: None,
            source: Source::Document,
            history: Vec::new(),
        }
    }

    /// The category: that of the portal, that of operations with such paths, or a new one.
    fn category(&mut self, page: &Page, path: &str) -> String {
        let printed = page.category.as_ref().and_then(|title| {
            let known = self.draft.categories.iter().find(|category| category.title == title.value);
            known.map(|category| category.name.clone()).or_else(|| naming::category(&title.value))
        });
        let first = |path: &str| path.split('/').nth(1).map(str::to_owned);
        let segment = first(path);
        let similar = || {
            let operations = self.draft.operations.iter().filter(|operation| first(&operation.path) == segment);
            let mut counts: Vec<(usize, &str)> = Vec::new();
            for operation in operations {
                match counts.iter_mut().find(|(_, category)| *category == operation.category) {
                    Some((count, _)) => *count += 1,
                    None => counts.push((1, &operation.category)),
                }
            }
            counts.iter().max_by_key(|(count, _)| *count).map(|(_, category)| (*category).to_owned())
        };
        let name = printed.or_else(similar).unwrap_or_else(|| naming::category_of_path(path));
        if !self.draft.categories.iter().any(|category| category.name == name) {
            let title = page.category.as_ref().map(|title| title.value.clone());
            let title = title.unwrap_or_else(|| naming::category_title(&name));
            let category = Category { name: name.clone(), title, description: None };
            let at = self.draft.categories.partition_point(|other| other.name < name);
            self.draft.categories.insert(at, category);
        }
        name
    }

    fn compare_operation(&mut self, nth: usize, key: &ElementKey, page: &Page, route: &Route, body: &ResolvedBody) {
        let operation = self.draft.operations[nth].clone();
        let line = route.method.line;
        if operation.method != route.method.value {
            self.differs(key, line, "method", route.method.value.as_str(), operation.method.as_str());
        }
        let known: Vec<&str> = operation.all_paths().collect();
        for path in &route.paths {
            let same = |known: &&str| known.trim_end_matches('/') == path.trim_end_matches('/');
            if !known.iter().any(same) {
                self.differs(key, line, "path", path, &known.join(", "));
            }
        }
        if endpoints::is_query(page, &operation.name, route) != operation.query {
            let word = |query| if query { "a query" } else { "no query" };
            self.differs(key, line, "kind", word(!operation.query), word(operation.query));
        }
        if operation.method == route.method.value && !body.is_guess && body_key(&body.body) != body_key(&operation.body) {
            self.differs(key, body.line.unwrap_or(line), "body key", &body_word(&body.body), &body_word(&operation.body));
        }
        if let Some(since) = &page.since {
            let is_vague = self.draft.origins.get(key).is_some_and(|origin| !origin.has_version);
            if is_vague {
                let version = self.draft.version(&since.value);
                let known = &mut self.draft.operations[nth].since;
                if version < *known {
                    *known = version;
                }
            } else if numbers(&since.value) != Some(operation.since.numbers) {
                self.differs(key, since.line, "version", &since.value, &operation.since.text);
            }
        }
    }

    fn parameters(&mut self, nth: usize, page: &Page, route: &Route, body: &ResolvedBody) {
        let is_query = self.draft.operations[nth].query;
        let standard = query_parameters();
        let mut before: Option<String> = None;
        for printed in &page.parameters {
            let name = printed.field.name.as_str();
            let is_standard = is_query && (name == "conditions" || standard.iter().any(|field| field.name == name));
            if is_standard {
                continue;
            }
            if printed.place.as_ref().is_some_and(|place| place.word == "header") {
                self.note(NoteKind::Ignored, printed.field.line, format!("`{name}` is a header, not a parameter of the operation"));
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
        let resolved = ResolvedField { printed: &field, ty, is_vague, is_required, has_requirement: field.required.is_some() };
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
            self.note(NoteKind::Guessed, printed.field.line, format!("the page does not say what `{name}` is a list of; any values are allowed"));
        }
        let mut field = self.new_field(&resolved);
        let word = printed.place.as_ref().map(|place| place.word);
        let expected = if wire == Place::Path { "url" } else { wire.word() };
        if let Some(word) = word.filter(|word| *word != expected) {
            field.documented.get_or_insert_default().place = Some(word.to_owned());
        }
        let origin = self.origin(&resolved);
        self.add_parameter(nth, Parameter { field, place: wire }, before);
        self.draft.printed.insert(key.clone());
        self.draft.origins.insert(key, origin);
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
                    let message = format!("no row describes the variable `{{{name}}}` of the path; a text was taken");
                    self.note(NoteKind::Guessed, line, message);
                }
                let description = is_of_query.then(|| "The only resource to list.".to_owned());
                let field = page::Field { name: name.to_owned(), ty: "String".to_owned(), description, line, ..page::Field::default() };
                let resolved = ResolvedField {
                    printed: &field,
                    ty: zstack_model::Type::String,
                    is_vague: false,
                    is_required: in_all,
                    has_requirement: false,
                };
                let parameter = Parameter { field: self.new_field(&resolved), place: Place::Path };
                let origin = self.origin(&resolved);
                self.draft.operations[nth].parameters.insert(0, parameter);
                self.draft.printed.insert(key.clone());
                self.draft.origins.insert(key, origin);
            }
        }
        for name in page.endpoints.iter().flat_map(|endpoint| &endpoint.value.query) {
            let is_known = self.draft.operations[nth].parameters.iter().any(|known| known.field.name == *name);
            if !is_known && !self.draft.operations[nth].query {
                let message = format!("no row describes `{name}`, which the path has in its query string; it was left out");
                self.note(NoteKind::Ignored, route.method.line, message);
            }
        }
    }
}

fn is_in_body(parameter: &page::Parameter, route: &Route) -> bool {
    let is_variable = variables(&route.paths[0]).any(|name| name == parameter.field.name);
    route.method.value.has_body() && !is_variable
}

/// Where a parameter travels.
fn wire_place(printed: &page::Parameter, method: Method, body: &Body, is_variable: bool, page: &Page) -> Place {
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
            body_key(body).is_some_and(|key| key.eq_ignore_ascii_case(structure)) || !TAGS.contains(&&*printed.field.name)
        }
        Some(PrintedPlace { is_beside: true, .. }) => false,
        _ => !is_beside(&printed.field.name, body, page),
    };
    if is_enclosed { Place::Body } else { Place::BesideBody }
}

/// Whether a parameter without a structure is next to the key of the body: tags are, and what the
/// sample shows there.
fn is_beside(name: &str, body: &Body, page: &Page) -> bool {
    if TAGS.contains(&name) {
        return true;
    }
    let key = body_key(body).unwrap_or_default();
    let samples = page.body.iter().map(|body| &body.value);
    let data = page.commands.iter().filter_map(|command| command.value.data.as_ref());
    let samples: Vec<_> = samples.chain(data).collect();
    let is_inside = samples.iter().any(|sample| sample.field(key).is_some_and(|inner| inner.field(name).is_some()));
    !is_inside && samples.iter().any(|sample| sample.field(key).is_some() && sample.field(name).is_some())
}

pub(super) fn body_key(body: &Body) -> Option<&str> {
    match body {
        Body::None => None,
        Body::Key(key) | Body::Action(key) => Some(key),
    }
}

fn body_word(body: &Body) -> String {
    body_key(body).map_or("none".to_owned(), |key| format!("`{key}`")).trim_matches('`').to_owned()
}

/// How an operation is answered: a GET at once, others by jobs, sessions and the like aside.
fn execution(name: &str, method: Method) -> Execution {
    let at_once = ANSWERED_AT_ONCE.iter().any(|start| name.starts_with(start));
    if method == Method::Get || at_once { Execution::Sync } else { Execution::Async }
}

/// Whether a text describes an operation: it has several words, or Chinese ones.
fn is_sentence(text: &str) -> bool {
    text.contains(' ') || !text.is_ascii()
}

impl Merge<'_, '_> {
    /// The type of a parameter, and whether it is a guess.
    fn parameter_type(
        &mut self,
        field: &page::Field,
        known: Option<&zstack_model::Type>,
        page: &Page,
    ) -> (zstack_model::Type, bool) {
        let sample = samples::of_parameter(page, &field.name);
        self.field_type(field, known, sample, "")
    }
}
