//! The world of a request.

use std::sync::Arc;

use axum::http::uri::{PathAndQuery, Uri};
use hyper::header::{AUTHORIZATION, HOST};
use hyper::http::request::Parts;
use zstack_server::JobStore as _;

use super::{DEFAULT, MAX_KNOWN, World, Worlds};
use crate::store::Store as _;

/// The header that names the world of a request.
pub(crate) const HEADER: &str = "X-ZStack-World";

/// The beginning of paths that name a world.
const PREFIX: &str = "/_world/";

/// The end of host names that name a world.
const HOST_SUFFIX: &str = ".world.localhost";

/// The paths of jobs, whose polls need neither a session nor a header.
const JOB_PATHS: [&str; 2] = ["/zstack/v1/api-jobs/", "/zstack/api/result/"];

/// The world that a request names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// It names none: its session or job decides.
    None,
    World(String),
}

impl Address {
    /// Returns the path below which clients reach a world.
    pub(crate) fn prefix(name: &str) -> String {
        format!("{PREFIX}{name}")
    }

    /// Reads the world that a request names, and removes it from the path. The path comes before the
    /// header, and the header before the host.
    pub(crate) fn take(request: &mut Parts) -> Self {
        if let Some((name, uri)) = split(&request.uri) {
            request.uri = uri;
            return Self::World(name);
        }
        if let Some(value) = request.headers.get(HEADER) {
            return Self::World(String::from_utf8_lossy(value.as_bytes()).trim().to_owned());
        }
        let host = request.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let name = host.split(':').next().and_then(|host| host.strip_suffix(HOST_SUFFIX));
        name.map_or(Self::None, |name| Self::World(name.to_owned()))
    }
}

/// Splits a path such as `/_world/suite-1/zstack/v1/zones`.
fn split(uri: &Uri) -> Option<(String, Uri)> {
    let rest = uri.path_and_query()?.as_str().strip_prefix(PREFIX)?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (name, target) = rest.split_at(end);
    let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target.parse::<PathAndQuery>().ok()?);
    Some((name.to_owned(), Uri::from_parts(parts).ok()?))
}

impl Worlds {
    /// Finds the world of a request, and removes it from the path.
    ///
    /// # Errors
    ///
    /// A text if the request names a world that does not exist.
    pub(crate) async fn of_request(&self, request: &mut Parts) -> Result<Arc<World>, String> {
        match Address::take(request) {
            Address::World(name) if name == DEFAULT => Ok(Arc::clone(&self.default)),
            Address::World(name) => match self.find(&name) {
                Some(found) => Ok(Arc::clone(&found.world)),
                None => Err(unknown_world(&name)),
            },
            Address::None if self.has_private() => Ok(self.of_token(request).await),
            Address::None => Ok(Arc::clone(&self.default)),
        }
    }

    /// Finds the world that has the session or the job of a request.
    async fn of_token(&self, request: &Parts) -> Arc<World> {
        let header = request.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let session = header.and_then(|value| value.trim().strip_prefix("OAuth")).map(str::trim);
        let path = request.uri.path();
        let job = JOB_PATHS.iter().find_map(|prefix| path.strip_prefix(prefix));
        let is_job = job.is_some();
        let Some(token) = job.or(session).filter(|token| token.len() == 32) else {
            return Arc::clone(&self.default);
        };
        let known = self.lock_known().get(token).and_then(|name| self.find(name));
        if let Some(known) = known {
            return Arc::clone(&known.world);
        }
        if has(&self.default, token, is_job).await {
            return Arc::clone(&self.default);
        }
        for private in self.all() {
            if has(&private.world, token, is_job).await {
                let mut known = self.lock_known();
                if known.len() >= MAX_KNOWN {
                    known.clear();
                }
                known.insert(token.to_owned(), private.name.clone());
                return Arc::clone(&private.world);
            }
        }
        Arc::clone(&self.default)
    }
}

/// True if a world has a session or a job.
async fn has(world: &World, token: &str, is_job: bool) -> bool {
    if is_job {
        matches!(world.store.find(token).await, Ok(Some(_)))
    } else {
        matches!(world.store.session(token).await, Ok(Some(_)))
    }
}

/// The error of an unknown world.
pub(crate) fn unknown_world(name: &str) -> String {
    let shown: String = name.chars().take(100).collect();
    format!(
        "there is no world `{shown}`; create it with POST /_node/worlds, or list all with GET /_node/worlds"
    )
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_path_a_header_or_a_host_names_a_world() {
        let take = |path: &str, headers: &[(&str, &str)]| {
            let mut request = Request::get(path);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let mut parts = request.body(()).unwrap().into_parts().0;
            (Address::take(&mut parts), parts.uri.to_string())
        };
        let world = |name: &str| Address::World(name.to_owned());
        for (path, headers, expected, rest) in [
            ("/zstack/v1/zones?a=b", &[][..], Address::None, "/zstack/v1/zones?a=b"),
            ("/_world/a/zstack/v1/zones?a=b", &[], world("a"), "/zstack/v1/zones?a=b"),
            ("/_world/a", &[], world("a"), "/"),
            ("/_world/a?x=1", &[], world("a"), "/?x=1"),
            ("http://x:1/_world/a/_node", &[], world("a"), "http://x:1/_node"),
            ("/_world/a/x", &[("X-ZStack-World", "b")], world("a"), "/x"),
            ("/x", &[("X-ZStack-World", "b"), ("Host", "c.world.localhost:8080")], world("b"), "/x"),
            ("/x", &[("Host", "c.world.localhost:8080")], world("c"), "/x"),
            ("/x", &[("Host", "world.localhost")], Address::None, "/x"),
        ] {
            assert_eq!(take(path, headers), (expected, rest.to_owned()), "{path} {headers:?}");
        }
    }
}
