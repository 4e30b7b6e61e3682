//! The signature of a request that is made with an access key.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::percent_decode_str;
use sha1::Sha1;

/// Returns the signed part of a path: from `/v1/` on, percent-decoded. The part before it is the
/// mount point of the platform's servlet.
pub(crate) fn signed_path(path: &str) -> Cow<'_, str> {
    let at = |path: &str| path.find("/v1/").unwrap_or_default();
    match percent_decode_str(path).decode_utf8_lossy() {
        Cow::Borrowed(path) => Cow::Borrowed(&path[at(path)..]),
        Cow::Owned(path) => Cow::Owned(path[at(&path)..].to_owned()),
    }
}

/// Computes the signature for `Authorization: ZStack <AccessKeyID>:<signature>`: HMAC-SHA1 in
/// Base64.
///
/// `method` is in upper case, `date` is the value of the `Date` header, and `path` is
/// percent-decoded and begins with `/v1/`, without the query string. Body and query string are not
/// signed.
///
/// ```
/// use zstack_runtime::signature::signature;
///
/// let signed = signature(
///     "SECRET",
///     "GET",
///     "Sat, 21 Nov 2026 00:03:23 Etc/UTC",
///     "/v1/images/iso/iso1/vm-candidates",
/// );
/// assert_eq!(signed, "tsP/B/t+Bwwhqd+EPtr3jit5aUo=");
/// ```
#[must_use]
pub fn signature(secret: &str, method: &str, date: &str, path: &str) -> String {
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return String::new() };
    for (index, line) in [method, date, path].into_iter().enumerate() {
        if index > 0 {
            mac.update(b"\n");
        }
        mac.update(line.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}
