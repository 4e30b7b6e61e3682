//! Responses: results, jobs and errors.

use std::collections::BTreeSet;

use super::document::{Example, ExampleValue, Header, Link, MediaType, OrRef, Response, json};
use super::names::{CLASSES, ERROR, JOB_ACCEPTED, response};
use super::parts::{Members, Ref};
use super::routes::{Endpoint, Route};
use super::schema::Schema;
use super::types::Reader;
use super::writer::Writer;
use crate::http_example;
use zstack_model::{Auth, Method, Operation};

/// Problems with the request itself, which servers report as plain text: status,
/// component and description.
const REQUEST_ERRORS: [(u16, &str, &str); 6] = [
    (400, "BadRequest", "Malformed headers, body or parameters; the text lists all problems."),
    (403, "Forbidden", "Wrong signature of an access key, unknown key, or a date that is too far off."),
    (404, "NotFound", "Unknown path; the server may emulate an older release."),
    (405, "MethodNotAllowed", "Wrong method for the path; the server may emulate an older release."),
    (408, "BodyTooSlow", "The body did not arrive in time."),
    (413, "BodyTooLarge", "The body is too large."),
];

const FAILED: &str = "OperationFailed";

impl<'a> Writer<'a> {
    pub(super) fn responses(&mut self, route: &Route<'a>) -> Members<'a, OrRef<Response<'a>>> {
        let mut by_status: Vec<(u16, OrRef<Response<'a>>)> = Vec::new();
        let results = route.operations().map(|operation| self.result(operation)).collect();
        let result = Response {
            description: if route.has_job() {
                "The result, if the job ends while the server waits.".into()
            } else {
                "The result.".into()
            },
            content: json(Schema::any(results), self.example_responses(route, 200)),
            ..Response::default()
        };
        by_status.push((200, OrRef::new(result)));
        if route.has_job() {
            by_status.push((202, OrRef::to("responses", JOB_ACCEPTED)));
        }
        for (status, name, _) in REQUEST_ERRORS {
            let is_sent = match status {
                403 => route.operations().any(|operation| operation.auth == Auth::Session),
                408 | 413 => matches!(route.method, Method::Post | Method::Put),
                _ => true,
            };
            if is_sent {
                by_status.push((status, OrRef::to("responses", name)));
            }
        }
        by_status.push((503, OrRef::to("responses", FAILED)));
        self.add_examples(route, &mut by_status);
        by_status.sort_by_key(|(status, _)| *status);
        by_status.into_iter().map(|(status, response)| (status.to_string().into(), response)).collect()
    }

    /// Adds a response for each status of the examples, except 200.
    fn add_examples(&mut self, route: &Route<'a>, by_status: &mut Vec<(u16, OrRef<Response<'a>>)>) {
        let shown = route.endpoints.iter().flat_map(|endpoint| self.examples(endpoint));
        let statuses: BTreeSet<_> =
            shown.map(|(_, example)| example.status).filter(|status| *status != 200).collect();
        for status in statuses {
            let schema = match status {
                400.. => Schema::to(&self.names.unique(ERROR)),
                202 => Schema::to(&self.names.unique(JOB_ACCEPTED)),
                _ => Schema::of("object"),
            };
            let response = Response {
                content: json(schema, self.example_responses(route, status)),
                ..failure_response(status)
            };
            by_status.retain(|(other, _)| *other != status);
            by_status.push((status, OrRef::new(response)));
        }
    }

    fn example_responses(&self, route: &Route<'a>, status: u16) -> Members<'a, Example<'a>> {
        let mut examples = Members::new();
        for endpoint @ Endpoint { operation, .. } in &route.endpoints {
            for (key, example) in self.examples(endpoint).filter(|(_, example)| example.status == status) {
                let value = ExampleValue::Part(http_example::response_part(self.model, operation, example));
                examples.insert(key.into(), Example { summary: Some(&example.name), value });
            }
        }
        examples
    }

    /// A reference to the component for the result of an operation.
    pub(super) fn result(&mut self, operation: &'a Operation) -> Ref {
        let name = response(&operation.name);
        let reference = Ref::new("schemas", &name);
        if !self.schemas.contains_key(name.as_str()) {
            let mut schema = self.object(&operation.response, Reader::Client, &operation.name);
            let classes = Schema::to(&self.names.unique(CLASSES));
            schema.properties.entry("schema".into()).or_insert(classes);
            self.schemas.insert(name.into(), schema);
        }
        reference
    }

    /// The schema of failed responses.
    pub(super) fn error(&mut self) -> Schema<'a> {
        let mut schema = self.object(&self.model.service.envelope, Reader::Client, "envelope");
        schema.description = "The response of a failed operation.".to_owned();
        schema.required.extend(schema.properties.contains_key("error").then_some("error"));
        schema.required.dedup();
        schema
    }

    /// The responses that all operations share.
    pub(super) fn shared_responses(&mut self, with_jobs: bool) -> Vec<(&'static str, Response<'a>)> {
        let mut all = Vec::new();
        if let Some(job) = self.job.clone().filter(|_| with_jobs) {
            all.push((JOB_ACCEPTED, accepted_response(job, Schema::to(&self.names.unique(JOB_ACCEPTED)))));
        }
        for (status, name, description) in REQUEST_ERRORS {
            let mut response = text_response(description);
            if status == 405 {
                response.headers.insert("Allow".into(), header("The methods of the path."));
            }
            all.push((name, response));
        }
        let content = json(Schema::to(&self.names.unique(ERROR)), Members::new());
        all.push((FAILED, Response { content, ..failure_response(503) }));
        all
    }
}

fn accepted_response<'a>(job: String, schema: Schema<'a>) -> Response<'a> {
    let link = Link {
        operation_id: job,
        parameters: Members::from([("uuid".into(), "$request.header.X-Job-UUID")]),
        description: "The job. If the request did not name it, its UUID is the end of `location`.",
    };
    let applied = header("The part of `Prefer` that the server applied.");
    Response {
        description: "Accepted as a job: the caller requested one, or the operation takes longer.".into(),
        headers: Members::from([("Preference-Applied".into(), applied)]),
        content: json(schema, Members::new()),
        links: Members::from([("job".into(), link)]),
    }
}

/// A plain-text response.
pub(super) fn text_response<'a>(description: &'static str) -> Response<'a> {
    let text = MediaType { schema: Schema::of("string"), examples: Members::new() };
    Response {
        description: description.into(),
        content: Members::from([("text/plain".into(), text)]),
        ..Response::default()
    }
}

/// A response without content, described by its status.
fn failure_response<'a>(status: u16) -> Response<'a> {
    let mut response = Response {
        description: match status {
            503 => "The operation failed; see `error`.".into(),
            _ => "See the examples.".into(),
        },
        ..Response::default()
    };
    if status == 503 {
        let header = header("Seconds to wait before trying again, if the server is overloaded.");
        response.headers.insert("Retry-After".into(), header);
    }
    response
}

fn header<'a>(description: &'static str) -> Header<'a> {
    Header { description, schema: Schema::of("string") }
}
