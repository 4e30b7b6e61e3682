//! Method and path: `POST zstack/v1/zones`.

use zstack_model::Method;

use crate::page::Endpoint;

/// The methods of operations.
pub(crate) const METHODS: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];

/// The prefixes of all paths.
const PREFIXES: [&str; 6] = ["/zstack/v1/", "zstack/v1/", "/zstack/api/v1/", "/v1/", "v1/", "/zstack/"];

/// The method and the path that a line begins with.
pub(crate) fn read(text: &str) -> Option<Endpoint> {
    let (method, rest) =
        METHODS.iter().find_map(|method| Some((*method, text.strip_prefix(method.as_str())?)))?;
    let rest = rest.trim_start().trim_start_matches([':', '：']).trim_start();
    let rest = PREFIXES.iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    // A path has no spaces; the text after it is a label or a remark.
    let (path, _) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let names = query.split('&').filter_map(|pair| pair.split(['=']).next());
    let query = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    Some(Endpoint { method, path: format!("/{path}"), query })
}

/// The path of an address, without host and prefix, and its query string.
pub(crate) fn path_of_url(url: &str) -> Option<(&str, &str)> {
    let (_, rest) = url.split_once("/v1/")?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some((path, query))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings() {
        for text in ["GET zstack/v1/isos/{uuid}", "GET /zstack/v1/isos/{uuid}", "GET/v1/isos/{uuid}"] {
            let found = read(text).unwrap();
            assert_eq!((found.method, &*found.path), (Method::Get, "/isos/{uuid}"), "{text}");
        }
        let found = read("DELETE zstack/v1/isos/{uuid}?deleteMode={deleteMode}&force={force}").unwrap();
        assert_eq!((&*found.path, found.query.len()), ("/isos/{uuid}", 2));
        assert_eq!(read("GET the zone"), None);
        assert_eq!(read("POSTZone OperationsSince 0.6SynchronousAuth Required"), None);
    }
}
