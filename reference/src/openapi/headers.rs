//! Headers that operations take, whatever they do.

use super::document::Parameter;
use super::parts::{History, Members};
use super::schema::Schema;

pub(super) const SCHEMA: &str = "X-JSON-Schema";
pub(super) const TIMEOUT: &str = "X-API-Timeout";
pub(super) const JOB: &str = "X-Job-UUID";
pub(super) const WEB_HOOK: &str = "X-Web-Hook";
pub(super) const PREFER: &str = "Prefer";

/// The longest timeout that a server reads, in seconds: 32 bits without a sign.
const LONGEST_TIMEOUT: i64 = u32::MAX as i64;
/// The longest URL that a server reads, in bytes.
const LONGEST_URL: u32 = 65_534;

/// The headers as components; those of jobs only where there are jobs.
pub(super) fn components<'a>(with_jobs: bool) -> Vec<(&'a str, Parameter<'a>)> {
    let text = || Schema::of("string");
    let seconds = Schema {
        format: Some("int64"),
        minimum: Some(0),
        maximum: Some(LONGEST_TIMEOUT),
        unit: Some("seconds"),
        ..Schema::of("integer")
    };
    let uuid = Schema { min_length: Some(32), max_length: Some(32), ..text() };
    let web_hook = Schema {
        format: Some("uri"),
        pattern: Some("^[Hh][Tt][Tt][Pp]://".into()),
        max_length: Some(LONGEST_URL),
        ..text()
    };
    let mut all = vec![
        (
            SCHEMA,
            text(),
            "With any value, the answer has the key `schema`, which names the Java classes in it.",
        ),
        (TIMEOUT, seconds, "How long the operation may take; 0 is as long as usual."),
    ];
    if with_jobs {
        all.extend([
            (JOB, uuid, "The UUID that the job gets. Who gives one gets a job: 202 at once."),
            (
                WEB_HOOK,
                web_hook,
                "Where the result is posted, by plain HTTP. Who gives one gets a job: 202 at once. A server refuses \
                 addresses to which its options do not let it post.",
            ),
            (
                PREFER,
                text(),
                "`respond-async` asks for a job at once, `wait=N` for the result within so many seconds (RFC 7240). \
                 ZStack itself does not look at it.",
            ),
        ]);
    }
    all.into_iter().map(|(name, schema, description)| (name, header(name, schema, description))).collect()
}

/// A parameter in a header.
pub(super) fn header<'a>(name: &'a str, schema: Schema<'a>, description: &str) -> Parameter<'a> {
    Parameter {
        name,
        place: "header",
        description: description.to_owned(),
        required: false,
        deprecated: false,
        style: None,
        explode: None,
        schema,
        examples: Members::new(),
        own_name: None,
        history: History::default(),
    }
}
