//! What a client takes, and what it has already.

/// Whether `Accept-Encoding` takes gzip.
pub(crate) fn takes_gzip(accept_encoding: &str) -> bool {
    let quality = |coding: &str| {
        accept_encoding.split(',').find_map(|it| {
            let mut parts = it.split(';').map(str::trim);
            let named = parts.next().is_some_and(|part| part.eq_ignore_ascii_case(coding));
            let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            // What cannot be read counts as a no: everybody can read the other one.
            named.then(|| quality.map_or(1.0, |quality| quality.parse::<f32>().unwrap_or(0.0)))
        })
    };
    quality("gzip")
        .or_else(|| quality("x-gzip"))
        .or_else(|| quality("*"))
        .is_some_and(|quality| quality > 0.0)
}

/// Whether `If-None-Match` names this one.
pub(crate) fn is_known(if_none_match: &str, etag: &str) -> bool {
    let opaque = |it: &str| it.trim().trim_start_matches("W/").to_owned();
    let etag = opaque(etag);
    if_none_match.split(',').map(opaque).any(|opaque| opaque == "*" || opaque == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_for_those_who_take_it() {
        for (header, takes) in [
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
            assert_eq!(takes_gzip(header), takes, "{header}");
        }
    }

    #[test]
    fn a_page_is_known_by_its_tag_weak_or_not() {
        for (header, known) in [
            ("W/\"a\"", true),
            ("\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
            ("", false),
        ] {
            assert_eq!(is_known(header, "W/\"a\""), known, "{header}");
        }
    }
}
