//! Jobs: where they are polled, what they end with, and who is told.

use super::answers::refused;
use super::document::{Operation, OrRef, Parameter, PathItem, RequestBody, Response, json};
use super::headers::{self, header};
use super::names::{ERROR, JOB, JOB_RESULT};
use super::parts::Members;
use super::schema::Schema;
use super::writer::Writer;
use zstack_model::Execution;

/// Where jobs stand among the categories.
pub(super) const TAG: &str = "api-job";

impl<'a> Writer<'a> {
    pub(super) fn has_jobs(&self) -> bool {
        self.model.operations.iter().any(|operation| operation.execution == Execution::Async)
    }

    /// What a job may be.
    pub(super) fn job_schemas(&mut self) -> [(String, Schema<'a>); 2] {
        let location = Schema { format: Some("uri"), ..Schema::of("string") };
        let timeout = Schema { format: Some("int64"), unit: Some("milliseconds"), ..Schema::of("integer") };
        let taken = Members::from([
            ("location".into(), location.described("Where the job is polled.")),
            ("apiTimeout".into(), timeout.described("How long the job may take.")),
        ]);
        let result = "What the operation that began the job answers: its `x-job-result` is the schema.";
        [
            (self.names.made(JOB), Schema::object(taken, vec!["location"])),
            (self.names.made(JOB_RESULT), Schema::of("object").described(result)),
        ]
    }

    /// The path of a job.
    pub(super) fn job(&mut self, id: String) -> PathItem<'a> {
        let text = |text: &'static str| Response { description: text.into(), ..Response::default() };
        let uuid = Schema { min_length: Some(32), max_length: Some(32), ..Schema::of("string") };
        let uuid = Parameter {
            place: "path",
            required: true,
            ..header("uuid", uuid, "The UUID of the job: its own one, or the caller's.")
        };
        let result = Schema::to(&self.names.made(JOB_RESULT));
        let error = Schema::to(&self.names.made(ERROR));
        let done = Response { content: json(result, Members::new()), ..text("The job is done: its result.") };
        let under_way = Response {
            content: json(Schema::of("object"), Members::new()),
            ..text("The job is under way: ask again.")
        };
        let failed = Response {
            content: json(error, Members::new()),
            ..text("The job has failed: `error` says why.")
        };
        let responses = [
            ("200", OrRef::new(done)),
            ("202", OrRef::new(under_way)),
            ("404", OrRef::new(refused("There is no such job, or no longer."))),
            ("500", OrRef::new(refused("The jobs cannot be read now; the job may go on."))),
            ("503", OrRef::new(failed)),
        ];
        let get = Operation {
            tags: vec![TAG],
            summary: "Polls a job.".into(),
            description: "Needs no session: whoever knows the UUID may ask. Results are kept for some hours."
                .to_owned(),
            operation_id: id,
            parameters: vec![OrRef::new(uuid), OrRef::to("parameters", headers::SCHEMA)],
            responses: responses.into_iter().map(|(status, it)| (status.into(), it)).collect(),
            ..Operation::default()
        };
        PathItem { get: Some(get), ..PathItem::default() }
    }

    /// What is posted to the URL in `X-Web-Hook`.
    pub(super) fn job_finished(&mut self) -> PathItem<'a> {
        let result = self.names.made(JOB_RESULT);
        let error = self.names.made(ERROR);
        let either = Schema { any_of: vec![Schema::to(&error), Schema::to(&result)], ..Schema::default() };
        let uuid = header(headers::JOB, Schema::of("string"), "The UUID of the job.");
        let success = header("X-Job-Success", Schema::of("boolean"), "Whether it is a result, and no error.");
        let told =
            |text: &'static str| OrRef::new(Response { description: text.into(), ..Response::default() });
        let again = "Not received: it is posted again, for some time.";
        let post = Operation {
            tags: vec![TAG],
            summary: "Tells that a job has ended: posted to the URL in `X-Web-Hook`.".into(),
            description: "It may come twice.".to_owned(),
            operation_id: self.names.made("JobFinished"),
            parameters: vec![OrRef::new(uuid), OrRef::new(success)],
            request_body: Some(RequestBody { content: json(either, Members::new()), required: true }),
            responses: Members::from([
                ("2XX".into(), told("Received.")),
                ("4XX".into(), told(again)),
                ("5XX".into(), told(again)),
            ]),
            ..Operation::default()
        };
        PathItem { post: Some(post), ..PathItem::default() }
    }
}
