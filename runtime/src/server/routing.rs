//! From method, path and the keys of a body to an operation.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use http::HeaderValue;
use percent_encoding::percent_decode_str;

use super::builder::BuildError;
use super::rejection::Rejection;
use super::routes::Routes;
use crate::{Body, Method, Operation, Version};

/// The operations of a server, by path. A look-up takes as long as the path
/// is, however many operations there are.
pub(crate) struct Table {
    tree: matchit::Router<usize>,
    endpoints: Vec<Endpoint>,
    routes: Vec<Route>,
}

/// An operation, and where it is served.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    /// The index of its [`Routes`].
    pub(crate) service: usize,
    /// Its index there.
    pub(crate) index: usize,
    /// The variables of its path in their order, as indices of parameters.
    /// Operations of one path may name its variables differently.
    pub(crate) variables: Box<[usize]>,
}

/// A path, all its names of variables taken as one.
pub(crate) struct Endpoint {
    /// As one of its operations writes it.
    pub(crate) template: &'static str,
    verbs: Vec<(Method, Verb)>,
    allow: Option<HeaderValue>,
}

/// The operations of one method and path.
#[derive(Default)]
pub(crate) struct Verb {
    /// Indices of routes; one, unless a key selects among them.
    routes: Vec<usize>,
    /// Whether a key selects, even if there is but one to be selected: the
    /// platform may have more on this path than are served here, and none of
    /// them is meant by a body that names none.
    by_key: bool,
    keys: BTreeMap<&'static str, usize>,
}

impl Table {
    /// # Errors
    ///
    /// When two operations cannot be told apart, or a path cannot be matched.
    pub(crate) fn new(services: &[Routes], at: Version) -> Result<Self, BuildError> {
        let mut table = Self { tree: matchit::Router::new(), endpoints: Vec::new(), routes: Vec::new() };
        let mut by_shape = HashMap::new();
        let mut by_name = HashMap::new();
        for (service, routes) in services.iter().enumerate() {
            for (index, operation) in routes.operations.iter().enumerate() {
                if operation.since > at {
                    continue;
                }
                if by_name.insert(operation.name, operation).is_some() {
                    return Err(BuildError::Twice { operation: operation.name });
                }
                for path in operation.all_paths() {
                    let (shape, variables) = shape_of(operation, path)?;
                    let endpoint = match by_shape.get(&shape) {
                        Some(endpoint) => *endpoint,
                        None => {
                            let endpoint = table.add_endpoint(operation, path, &shape)?;
                            by_shape.insert(shape, endpoint);
                            endpoint
                        }
                    };
                    table.add(endpoint, Route { operation, service, index, variables })?;
                }
            }
        }
        for endpoint in &mut table.endpoints {
            let methods: Vec<_> = endpoint.verbs.iter().map(|(method, _)| method.as_str()).collect();
            endpoint.allow = HeaderValue::from_str(&methods.join(", ")).ok();
        }
        Ok(table)
    }

    fn add_endpoint(
        &mut self,
        operation: &Operation,
        template: &'static str,
        shape: &str,
    ) -> Result<usize, BuildError> {
        let endpoint = self.endpoints.len();
        self.tree
            .insert(shape, endpoint)
            .map_err(|error| BuildError::Path { operation: operation.name, problem: error.to_string() })?;
        self.endpoints.push(Endpoint { template, verbs: Vec::new(), allow: None });
        Ok(endpoint)
    }

    fn add(&mut self, endpoint: usize, route: Route) -> Result<(), BuildError> {
        let Self { endpoints, routes, .. } = self;
        let verbs = &mut endpoints[endpoint].verbs;
        let operation = route.operation;
        let at = verbs.iter().position(|(method, _)| *method == operation.method).unwrap_or_else(|| {
            verbs.push((operation.method, Verb::default()));
            verbs.len() - 1
        });
        let verb = &mut verbs[at].1;
        let index = routes.len();
        // Several operations share method and path only if each is selected by
        // a key of its own.
        let is_action = |it: &Operation| matches!(it.body, Body::Action(_));
        let same_key = |it: &Operation| it.body.key() == operation.body.key();
        let other = verb.routes.iter().map(|it| routes[*it].operation);
        if let Some(first) =
            other.into_iter().find(|it| !is_action(operation) || !is_action(it) || same_key(it))
        {
            return Err(BuildError::Conflict {
                first: first.name,
                second: operation.name,
                line: operation.to_string(),
            });
        }
        verb.routes.push(index);
        verb.by_key |= is_action(operation);
        if let Some(key) = operation.body.key() {
            verb.keys.insert(key, index);
        }
        routes.push(route);
        Ok(())
    }

    /// The endpoint of a [normal](normal) path, and the values of its
    /// variables, still encoded.
    pub(crate) fn find<'p>(&self, path: &'p str) -> Option<(&Endpoint, Vec<&'p str>)> {
        let found = self.tree.at(path).ok()?;
        let values = found.params.iter().map(|(_, value)| value).collect();
        Some((&self.endpoints[*found.value], values))
    }

    pub(crate) fn route(&self, index: usize) -> &Route {
        &self.routes[index]
    }

    /// The operations that are served; one of several paths, several times.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        self.routes.iter().map(|route| route.operation)
    }
}

impl Endpoint {
    /// The operations of a method.
    pub(crate) fn verb(&self, method: &http::Method) -> Result<&Verb, Rejection> {
        let name = method.as_str();
        match self.verbs.iter().find(|(verb, _)| verb.as_str() == name) {
            Some((_, verb)) => Ok(verb),
            None => {
                let allow = self.allow.clone().unwrap_or(HeaderValue::from_static(""));
                Err(Rejection::method_not_allowed(method, allow))
            }
        }
    }
}

impl Verb {
    /// The route that a key of a body belongs to.
    pub(crate) fn route_of(&self, key: &str) -> Option<usize> {
        self.keys.get(key).copied()
    }

    /// The route meant by a body with these routes' keys in it.
    pub(crate) fn select(&self, mut found: impl Iterator<Item = usize>) -> Result<usize, Rejection> {
        if let ([only], false) = (&self.routes[..], self.by_key) {
            return Ok(*only);
        }
        let list = || self.keys.keys().copied().collect::<Vec<_>>().join(", ");
        match (found.next(), found.next()) {
            (Some(route), None) => Ok(route),
            (None, _) => {
                Err(Rejection::bad_request(format!("the body names no action; it takes one of {}", list())))
            }
            _ => Err(Rejection::bad_request(format!("the body names more than one action of {}", list()))),
        }
    }
}

/// The path with numbers in place of names of variables, and the parameters
/// those name.
fn shape_of(operation: &Operation, path: &str) -> Result<(String, Box<[usize]>), BuildError> {
    let mut shape = String::new();
    let mut variables = Vec::new();
    for segment in path.split('/').filter(|it| !it.is_empty()) {
        shape.push('/');
        let Some(name) = segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) else {
            shape.push_str(segment);
            continue;
        };
        let index = operation.request.index_of(name).ok_or_else(|| BuildError::Path {
            operation: operation.name,
            problem: format!("{{{name}}} is none of its parameters"),
        })?;
        shape.push_str(&format!("{{{}}}", variables.len()));
        variables.push(index);
    }
    if path.ends_with('/') {
        shape.push('/');
    }
    Ok((shape, variables.into()))
}

/// The path as templates are written: without empty segments in the middle,
/// and without escapes of characters that need none. One client leaves a
/// segment empty. A slash at the end stays, and matches nothing.
pub(crate) fn normal(path: &str) -> Cow<'_, str> {
    if !path.contains('%') && !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let mut normal = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(next) = rest.chars().next() {
        let (take, put) = match unreserved_escape(rest) {
            Some(plain) => (3, plain),
            None => (next.len_utf8(), next),
        };
        if put != '/' || !normal.ends_with('/') {
            normal.push(put);
        }
        rest = rest.get(take..).unwrap_or_default();
    }
    Cow::Owned(normal)
}

/// The character of the escape that a text begins with, if it needs no escape
/// anywhere: RFC 3986, 6.2.2.2.
fn unreserved_escape(text: &str) -> Option<char> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    let digits = digits.bytes().all(|it| it.is_ascii_hexdigit()).then_some(digits)?;
    let plain = char::from(u8::from_str_radix(digits, 16).ok()?);
    (plain.is_ascii_alphanumeric() || "-._~".contains(plain)).then_some(plain)
}

/// The values of a path's variables.
pub(crate) fn variables(route: &Route, values: &[&str]) -> Result<Vec<(usize, String)>, Rejection> {
    let bind = |(index, value): (&usize, &&str)| match percent_decode_str(value).decode_utf8() {
        Ok(value) => Ok((*index, value.into_owned())),
        Err(_) => Err(Rejection::bad_request(format!(
            "[{}] is no UTF-8 when decoded: {value}",
            route.operation.request.fields[*index].name
        ))),
    };
    route.variables.iter().zip(values).map(bind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_made_normal() {
        for (path, expected) in [
            ("/a/b", "/a/b"),
            ("//a///b", "/a/b"),
            ("/a/b//", "/a/b/"),
            ("/%61%2Db/%2F%20%c3%a4", "/a-b/%2F%20%c3%a4"),
            ("/a%", "/a%"),
            ("/a%4", "/a%4"),
            ("/%+1//ä", "/%+1/ä"),
        ] {
            assert_eq!(normal(path), expected);
        }
    }
}
