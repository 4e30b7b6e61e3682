//! Merges the page of an operation.

use zstack_model::{
    Auth, Body, Category, Documented, Execution, Method, Operation, Retirement, Source, Version, variables,
};

use super::elements::readable;
use super::endpoints::{self, Route};
use super::{Merge, samples};
use crate::draft::{Draft, ElementKey, Origin};
use crate::page::{self, Page, Printed};
use crate::report::{NoteKind, Report, SourcePosition};
use crate::resolve::body::{self, ResolvedBody};
use crate::resolve::naming;
use crate::words::ANSWERED_AT_ONCE;

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
    if let Some(line) = page.cut_at {
        let message = format!(
            "the page of `{}` ends in the middle of this sample; the operation was left out: save the whole page",
            name.value
        );
        return report.add(NoteKind::Invalid, at(line), message);
    }
    for (line, message) in &route.rejected {
        report.add(NoteKind::Unreadable, at(*line), message.clone());
    }
    if let Some(class) = page.class.as_ref().filter(|class| !class.value.eq_ignore_ascii_case(&name.value)) {
        let message =
            format!("the code samples call `{}`, the page is that of `{}`", class.value, name.value);
        report.add(NoteKind::Ignored, at(class.line), message);
    }
    let since = first_release(page);
    if since.is_none() {
        let message = format!(
            "the page of `{}` prints no version; release 0, which means unknown, was taken",
            name.value
        );
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
        versions.min_by_key(|version| version.parse().unwrap_or(Version::new("0")))
    };
    let of_parameters = || oldest(&mut page.parameters.iter().map(|parameter| &parameter.field));
    let of_response = || oldest(&mut page.response.iter().filter(|field| field.name != "error"));
    let of_error = || oldest(&mut page.response.iter());
    page.since
        .as_ref()
        .map(|since| since.value.clone())
        .or_else(of_parameters)
        .or_else(of_response)
        .or_else(of_error)
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
                    let key = body_word(&body.body);
                    let (kind, message) = match key.as_str() {
                        body::NO_KEY => (
                            NoteKind::Decided,
                            format!("the body encloses no parameters, so that its key is `{key}`"),
                        ),
                        _ => (
                            NoteKind::Guessed,
                            format!(
                                "no key encloses the parameters in the body on the page; `{key}` was taken"
                            ),
                        ),
                    };
                    self.note(kind, route.method.line, message);
                }
                let operation = self.new_operation(page, name, route, &body);
                let nth = self.draft.add_operation(operation);
                let origin = Origin {
                    at: self.at(name.line),
                    has_version: page.since.is_some(),
                    has_requirement: false,
                    is_vague: false,
                };
                self.draft.origins.insert(key.clone(), origin);
                self.collect_samples(page, route, name.line);
                nth
            }
        };
        self.parameters(nth, page, route, &body);
        self.response(nth, page);
        samples::add_fields(self, nth, page);
    }

    fn new_operation(
        &mut self,
        page: &Page,
        name: &Printed<String>,
        route: &Route,
        body: &ResolvedBody,
    ) -> Operation {
        let is_query = endpoints::is_query(page, &name.value, route);
        let execution = execution(&name.value, route.method.value);
        let printed = page.execution.as_ref().map(|execution| execution.value);
        let documented = printed.filter(|printed| *printed != execution);
        let documented =
            documented.map(|execution| Documented { execution: Some(execution), ..Documented::default() });
        let category = self.category(page, &route.paths[0]);
        let printed =
            page.summary.as_ref().map(|summary| readable(&summary.value)).filter(|text| is_sentence(text));
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
            let operations =
                self.draft.operations.iter().filter(|operation| first(&operation.path) == segment);
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
            let category = Category { name: name.clone(), title, default: false, description: None };
            let at = self.draft.categories.partition_point(|other| other.name < name);
            self.draft.categories.insert(at, category);
        }
        name
    }

    fn compare_operation(
        &mut self,
        nth: usize,
        key: &ElementKey,
        page: &Page,
        route: &Route,
        body: &ResolvedBody,
    ) {
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
        if operation.method == route.method.value && !body.is_guess && body.body.key() != operation.body.key()
        {
            self.differs(
                key,
                body.line.unwrap_or(line),
                "body key",
                &body_word(&body.body),
                &body_word(&operation.body),
            );
        }
        if let Some(since) = &page.since {
            let is_vague = self.draft.origins.get(key).is_some_and(|origin| !origin.has_version);
            if is_vague {
                let version = self.draft.version(&since.value);
                let known = &mut self.draft.operations[nth].since;
                if version < *known {
                    *known = version;
                }
            } else if since.value.parse() != Ok(operation.since) {
                self.differs(key, since.line, "version", &since.value, &operation.since.to_string());
            }
        }
    }
}

fn is_in_body(parameter: &page::Parameter, route: &Route) -> bool {
    let is_variable = variables(&route.paths[0]).any(|name| name == parameter.field.name);
    route.method.value.has_body() && !is_variable
}

fn body_word(body: &Body) -> String {
    body.key().unwrap_or("none").trim_matches('`').to_owned()
}

/// Returns the execution of an operation: a GET is answered at once, others are jobs, except for
/// sessions and the like.
fn execution(name: &str, method: Method) -> Execution {
    let at_once = ANSWERED_AT_ONCE.iter().any(|start| name.starts_with(start));
    if method == Method::Get || at_once { Execution::Sync } else { Execution::Async }
}

/// Returns whether a text describes an operation: it has several words, or Chinese ones.
fn is_sentence(text: &str) -> bool {
    text.contains(' ') || !text.is_ascii()
}
