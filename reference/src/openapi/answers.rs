//! What comes back: results, jobs and errors.

use super::document::{Example, Given, Header, Link, MediaType, OrRef, Response, json};
use super::headers::JOB;
use super::names::{CLASSES, ERROR, JOB as JOB_TAKEN, response};
use super::parts::{Members, Ref};
use super::routes::{Route, Stop};
use super::schema::Schema;
use super::types::Reader;
use super::writer::Writer;
use crate::http_example;
use zstack_model::{Auth, Method, Operation};

/// A mistake in HTTP, answered with a text; by status.
const REFUSALS: [(u16, &str, &str); 6] = [
    (
        400,
        "BadRequest",
        "A header, the body, or parameters that cannot be read: the text lists all that is wrong.",
    ),
    (
        403,
        "Forbidden",
        "The signature of an access key is wrong, or its key unknown, or its date too far off.",
    ),
    (404, "NotFound", "There is no such path: the server plays an older release, maybe."),
    (405, "MethodNotAllowed", "The path is not for this method: the server plays an older release, maybe."),
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
                "The result, where the server waited for it.".into()
            } else {
                "The result.".into()
            },
            content: json(Schema::any(results), self.answers(route, 200)),
            ..Response::default()
        };
        by_status.push((200, OrRef::new(result)));
        if route.has_job() {
            by_status.push((202, OrRef::to("responses", JOB_TAKEN)));
        }
        for (status, name, _) in REFUSALS {
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
        by_status.sort_by_key(|by_status| by_status.0);
        by_status.into_iter().map(|(status, it)| (status.to_string().into(), it)).collect()
    }

    /// Examples with other statuses than 200 have responses of their own.
    fn add_examples(&mut self, route: &Route<'a>, by_status: &mut Vec<(u16, OrRef<Response<'a>>)>) {
        let shown = route.stops.iter().flat_map(|it| self.examples(it)).map(|(_, it)| it.status);
        let mut shown: Vec<_> = shown.filter(|it| *it != 200).collect();
        shown.sort_unstable();
        shown.dedup();
        for status in shown {
            let schema = match status {
                400.. => Schema::to(&self.names.made(ERROR)),
                202 => Schema::to(&self.names.made(JOB_TAKEN)),
                _ => Schema::of("object"),
            };
            let response = Response { content: json(schema, self.answers(route, status)), ..failed(status) };
            by_status.retain(|by_status| by_status.0 != status);
            by_status.push((status, OrRef::new(response)));
        }
    }

    fn answers(&self, route: &Route<'a>, status: u16) -> Members<'a, Example<'a>> {
        let mut examples = Members::new();
        for Stop { operation, path, nth } in &route.stops {
            let here = Stop { operation, path, nth: *nth };
            for (key, example) in self.examples(&here).filter(|(_, it)| it.status == status) {
                let value = Given::Spec(http_example::answered(self.model, operation, example));
                examples.insert(key.into(), Example { summary: Some(&example.name), value });
            }
        }
        examples
    }

    /// The component for the result of an operation.
    pub(super) fn result(&mut self, operation: &'a Operation) -> Ref {
        let name = response(&operation.name);
        let reference = Ref::new("schemas", &name);
        if !self.schemas.contains_key(name.as_str()) {
            let mut schema = self.object(&operation.response, Reader::Client, &operation.name);
            let classes = Schema::to(&self.names.made(CLASSES));
            schema.properties.entry("schema".into()).or_insert(classes);
            self.schemas.insert(name.into(), schema);
        }
        reference
    }

    /// The error that every answer may have instead of a result.
    pub(super) fn error(&mut self) -> Schema<'a> {
        let mut schema = self.object(&self.model.service.envelope, Reader::Client, "envelope");
        schema.description = "What a failed operation answers.".to_owned();
        schema.required.extend(schema.properties.contains_key("error").then_some("error"));
        schema.required.dedup();
        schema
    }

    /// The answers that all operations share.
    pub(super) fn shared_responses(&mut self, with_jobs: bool) -> Vec<(&'static str, Response<'a>)> {
        let mut all = Vec::new();
        if let Some(job) = self.job.clone().filter(|_| with_jobs) {
            all.push((JOB_TAKEN, self.job_taken(job)));
        }
        for (status, name, description) in REFUSALS {
            let mut refusal = refused(description);
            if status == 405 {
                refusal.headers.insert("Allow".into(), header("The methods that the path is for."));
            }
            all.push((name, refusal));
        }
        let content = json(Schema::to(&self.names.made(ERROR)), Members::new());
        all.push((FAILED, Response { content, ..failed(503) }));
        all
    }

    fn job_taken(&mut self, job: String) -> Response<'a> {
        let link = Link {
            operation_id: job,
            parameters: Members::from([("uuid".into(), "$request.header.X-Job-UUID")]),
            description: "The job. Where the request named none, its UUID is the end of `location`.",
        };
        Response {
            description: format!("A job has begun: because of {JOB} or the like, or since it takes longer.")
                .into(),
            headers: Members::from([("Preference-Applied".into(), header("What was followed of `Prefer`."))]),
            content: json(Schema::to(&self.names.made(JOB_TAKEN)), Members::new()),
            links: Members::from([("job".into(), link)]),
        }
    }
}

/// A text for people.
pub(super) fn refused<'a>(description: &'static str) -> Response<'a> {
    let text = MediaType { schema: Schema::of("string"), examples: Members::new() };
    Response {
        description: description.into(),
        content: Members::from([("text/plain".into(), text)]),
        ..Response::default()
    }
}

/// A response to be filled, in words by its status.
fn failed<'a>(status: u16) -> Response<'a> {
    let mut response = Response {
        description: match status {
            503 => "The operation failed: `error` says why.".into(),
            _ => "As the examples show.".into(),
        },
        ..Response::default()
    };
    if status == 503 {
        let header = header("Where the server has too much to do: after how many seconds to try again.");
        response.headers.insert("Retry-After".into(), header);
    }
    response
}

fn header<'a>(description: &'static str) -> Header<'a> {
    Header { description, schema: Schema::of("string") }
}
