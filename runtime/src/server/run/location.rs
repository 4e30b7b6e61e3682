//! Where a job is polled.

use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::server::options::Options;

/// What a UUID of a job may hold - any 32 characters - and a path may not.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The URL of a job, for whoever sent `request`.
pub(crate) fn of(options: &Options, request: &Parts, job_uuid: &str) -> String {
    let path = &options.job_path;
    let uuid = utf8_percent_encode(job_uuid, ESCAPED);
    match &options.location_base {
        Some(base) => format!("{}{path}{uuid}", base.trim_end_matches('/')),
        None => format!("http://{}{path}{uuid}", host(request)),
    }
}

/// The host that the request named. Clients connect to what comes of it, so
/// it must be a host and a port, and nothing else.
fn host(request: &Parts) -> &str {
    let header = request.headers.get(HOST).and_then(|host| host.to_str().ok());
    let named = header.or_else(|| request.uri.authority().map(Authority::as_str));
    let is_host = |host: &&str| !host.contains('@') && host.parse::<Authority>().is_ok();
    named.filter(is_host).unwrap_or("localhost")
}
