//! Parses query strings as the platform does.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::server::rejection::Rejection;

/// A key and its value, decoded.
pub(crate) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Splits a query string into pairs. A pair is split at its first `=`, since clients send
/// `q=name=x`; `+` is a space.
pub(crate) fn pairs(query: &str) -> Result<Vec<Pair<'_>>, Rejection> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match (decode(key), decode(value)) {
                (Some(key), Some(value)) => Ok((key, value)),
                _ => Err(Rejection::bad_request(format!(
                    "`{key}` of the query string is not valid UTF-8 when decoded"
                ))),
            }
        })
        .collect()
}

fn decode(text: &str) -> Option<Cow<'_, str>> {
    // Most keys and many values need no decoding.
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Some(Cow::Borrowed(text));
    }
    if !text.contains('+') {
        return percent_decode(text.as_bytes()).decode_utf8().ok();
    }
    let text = text.replace('+', " ");
    let decoded = percent_decode(text.as_bytes()).decode_utf8().ok()?;
    Some(Cow::Owned(decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_clients() {
        let read = |query| -> Vec<(String, String)> {
            let pairs = pairs(query).unwrap().into_iter();
            pairs.map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
        };
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read("q=name=x"), [pair("q", "name=x")]);
        assert_eq!(read("q=name%3Dcd%201&a=c+d"), [pair("q", "name=cd 1"), pair("a", "c d")]);
        assert_eq!(read("sort=%2Bid&&k=&x"), [pair("sort", "+id"), pair("k", ""), pair("x", "")]);
        assert_eq!(read("100%=%zz"), [pair("100%", "%zz")]);
        assert!(pairs("a=%ff").is_err());
    }
}
