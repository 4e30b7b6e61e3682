//! Content negotiation: the headers `Accept-Encoding` and `If-None-Match`.

/// Returns true if an `Accept-Encoding` header accepts gzip.
pub(crate) fn accepts_gzip(accept_encoding: &str) -> bool {
    let quality = |coding: &str| {
        accept_encoding.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let matches = parts.next().is_some_and(|part| part.eq_ignore_ascii_case(coding));
            let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            // An invalid quality counts as 0: every client can read uncompressed data.
            matches.then(|| quality.map_or(1.0, |quality| quality.parse::<f32>().unwrap_or(0.0)))
        })
    };
    quality("gzip")
        .or_else(|| quality("x-gzip"))
        .or_else(|| quality("*"))
        .is_some_and(|quality| quality > 0.0)
}

/// Returns true if an `If-None-Match` header contains an entity tag, weak or
/// not.
pub(crate) fn matches_etag(if_none_match: &str, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let etag = opaque(etag);
    if_none_match.split(',').map(opaque).any(|opaque| opaque == "*" || opaque == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_accept_encoding() {
        for (header, accepts) in [
            ("gzip", true),
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.2", true),
            ("x-gzip", true),
            ("*", true),
            ("gzip;q=0, *", false),
            ("gzip; q=0.0", false),
            ("gzip;q=much", false),
            ("identity", false),
            ("*;q=0", false),
            ("", false),
            ("gzipped", false),
        ] {
            assert_eq!(accepts_gzip(header), accepts, "{header}");
        }
    }

    #[test]
    fn matches_weak_and_strong_tags() {
        for (header, matches) in [
            ("W/\"a\"", true),
            ("\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            assert_eq!(matches_etag(header, "W/\"a\""), matches, "{header}");
        }
    }
}
