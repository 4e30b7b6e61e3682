//! Jobs: the path to poll, the results, and the webhook.

use super::document::{Operation, OrRef, Parameter, PathItem, RequestBody, Response, json};
use super::headers::{self, header};
use super::names::{ERROR, JOB_ACCEPTED, JOB_RESULT};
use super::parts::Members;
use super::responses::text_response;
use super::schema::Schema;
use super::writer::Writer;
use zstack_model::Execution;

/// The tag of jobs, which is also the name of a category.
pub(super) const TAG: &str = "api-job";

impl<'a> Writer<'a> {
    pub(super) fn has_jobs(&self) -> bool {
        self.model.operations.iter().any(|operation| operation.execution == Execution::Async)
    }

    /// The schemas of an accepted job and of a result.
    pub(super) fn job_schemas(&mut self) -> [(String, Schema<'a>); 2] {
        let location = Schema { format: Some("uri"), ..Schema::of("string") };
        let timeout = Schema { format: Some("int64"), unit: Some("milliseconds"), ..Schema::of("integer") };
        let accepted = Members::from([
            ("location".into(), location.with_description("The URL to poll.")),
            ("apiTimeout".into(), timeout.with_description("The timeout of the job.")),
        ]);
        let result = "The response of the operation that started the job; its `x-job-result` is the schema.";
        [
            (self.names.unique(JOB_ACCEPTED), Schema::object(accepted, vec!["location"])),
            (self.names.unique(JOB_RESULT), Schema::of("object").with_description(result)),
        ]
    }

    /// The path to poll a job.
    pub(super) fn job(&mut self, id: String) -> PathItem<'a> {
        let text = |text: &'static str| Response { description: text.into(), ..Response::default() };
        let uuid = Schema { min_length: Some(32), max_length: Some(32), ..Schema::of("string") };
        let uuid = Parameter {
            place: "path",
            required: true,
            ..header("uuid", uuid, "The job UUID, chosen by the caller or by the server.")
        };
        let result = Schema::to(&self.names.unique(JOB_RESULT));
        let error = Schema::to(&self.names.unique(ERROR));
        let done = Response { content: json(result, Members::new()), ..text("Done: the result.") };
        let under_way = Response {
            content: json(Schema::of("object"), Members::new()),
            ..text("Still running: poll again.")
        };
        let failed = Response { content: json(error, Members::new()), ..text("Failed; see `error`.") };
        let responses = [
            ("200", OrRef::new(done)),
            ("202", OrRef::new(under_way)),
            ("404", OrRef::new(text_response("Unknown or expired job."))),
            ("500", OrRef::new(text_response("Jobs cannot be read now; the job may continue."))),
            ("503", OrRef::new(failed)),
        ];
        let get = Operation {
            tags: vec![TAG],
            summary: "Polls a job.".into(),
            description: "Needs no session: the UUID is enough. Results are kept for some hours.".to_owned(),
            operation_id: id,
            parameters: vec![OrRef::new(uuid), OrRef::to("parameters", headers::SCHEMA)],
            responses: responses.into_iter().map(|(status, response)| (status.into(), response)).collect(),
            ..Operation::default()
        };
        PathItem { get: Some(get), ..PathItem::default() }
    }

    /// The webhook of a finished job.
    pub(super) fn job_webhook(&mut self) -> PathItem<'a> {
        let result = self.names.unique(JOB_RESULT);
        let error = self.names.unique(ERROR);
        let either = Schema { any_of: vec![Schema::to(&error), Schema::to(&result)], ..Schema::default() };
        let uuid = header(headers::JOB, Schema::of("string"), "The UUID of the job.");
        let success =
            header("X-Job-Success", Schema::of("boolean"), "Whether the body is a result, not an error.");
        let reply =
            |text: &'static str| OrRef::new(Response { description: text.into(), ..Response::default() });
        let again = "Not received; the server retries for some time.";
        let post = Operation {
            tags: vec![TAG],
            summary: "Reports that a job has ended, by a POST to the URL in `X-Web-Hook`.".into(),
            description: "May be delivered twice.".to_owned(),
            operation_id: self.names.unique("JobFinished"),
            parameters: vec![OrRef::new(uuid), OrRef::new(success)],
            request_body: Some(RequestBody { content: json(either, Members::new()), required: true }),
            responses: Members::from([
                ("2XX".into(), reply("Received.")),
                ("4XX".into(), reply(again)),
                ("5XX".into(), reply(again)),
            ]),
            ..Operation::default()
        };
        PathItem { post: Some(post), ..PathItem::default() }
    }
}
