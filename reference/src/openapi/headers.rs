//! The headers that all operations accept.

use super::document::Parameter;
use super::schema::Schema;

pub(super) const SCHEMA: &str = "X-JSON-Schema";
pub(super) const TIMEOUT: &str = "X-API-Timeout";
pub(super) const JOB: &str = "X-Job-UUID";
pub(super) const WEB_HOOK: &str = "X-Web-Hook";
pub(super) const PREFER: &str = "Prefer";

/// The longest timeout that a server accepts, in seconds.
const LONGEST_TIMEOUT: i64 = u32::MAX as i64;
/// The longest URL that a server accepts, in bytes.
const LONGEST_URL: u32 = 65_534;

/// The headers as components; those of jobs only if there are jobs.
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
        (SCHEMA, text(), "With any value, the response has a `schema` that names its Java classes."),
        (TIMEOUT, seconds, "The timeout of the operation; 0 means the default."),
    ];
    if with_jobs {
        all.extend([
            (JOB, uuid, "The UUID for the job. With this header, the operation runs as a job: 202 at once."),
            (
                WEB_HOOK,
                web_hook,
                "The URL to post the result to, by plain HTTP. With this header, the operation runs as a job: 202 at \
                 once. Servers refuse addresses that their options do not allow.",
            ),
            (
                PREFER,
                text(),
                "`respond-async` requests a job at once, `wait=N` the result within N seconds (RFC 7240). ZStack itself \
                 ignores this header.",
            ),
        ]);
    }
    all.into_iter().map(|(name, schema, description)| (name, header(name, schema, description))).collect()
}

/// An optional header parameter.
pub(super) fn header<'a>(name: &'a str, schema: Schema<'a>, description: &str) -> Parameter<'a> {
    Parameter { name, place: "header", description: description.to_owned(), schema, ..Parameter::default() }
}
