//! Percent-encoding of paths and queries.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters to encode: all except the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes a path segment, or a name or a value of a query. A space becomes `%20`, which form
/// decoders accept as well. The result can be displayed, or iterated in pieces.
///
/// ```
/// assert_eq!(zstack_vocabulary::encode("name=web 1/é").to_string(), "name%3Dweb%201%2F%C3%A9");
/// ```
pub fn encode(text: &str) -> impl Display + Iterator<Item = &str> {
    utf8_percent_encode(text, RESERVED)
}
