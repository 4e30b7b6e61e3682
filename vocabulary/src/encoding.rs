//! Encoding of paths and queries.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The characters that are encoded: all but the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Encodes a text as a segment of a path, or as a name or a value of a query. A space becomes `%20`, which a form decoder
/// reads as well. The result is text to display, or pieces to append.
///
/// ```
/// assert_eq!(zstack_vocabulary::encode("name=web 1/é").to_string(), "name%3Dweb%201%2F%C3%A9");
/// ```
pub fn encode(text: &str) -> impl Display + Iterator<Item = &str> {
    utf8_percent_encode(text, RESERVED)
}
