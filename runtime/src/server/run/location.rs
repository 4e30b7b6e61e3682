//! The URL where a job is polled.

use http::request::Parts;
use http::uri::Authority;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::server::headers::host;
use crate::server::options::Options;

/// The characters of a job UUID, which may be any 32, that a path cannot have.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The URL of a job, for the sender of `request`.
pub(crate) fn of(options: &Options, request: &Parts, job_uuid: &str) -> String {
    let path = &options.job_path;
    let uuid = utf8_percent_encode(job_uuid, ESCAPED);
    match &options.location_base {
        Some(base) => format!("{}{path}{uuid}", base.trim_end_matches('/')),
        None => format!("http://{}{path}{uuid}", safe_host(request)),
    }
}

/// The host that the request names. Clients connect to the result, so it must be
/// a host and a port, and nothing else.
fn safe_host(request: &Parts) -> &str {
    let is_host = |host: &&str| !host.contains('@') && host.parse::<Authority>().is_ok();
    host(request).filter(is_host).unwrap_or("localhost")
}
