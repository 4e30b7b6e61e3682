//! The table of operations by path.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ptr;

use percent_encoding::percent_decode_str;

use super::shapes::range_of;
use super::template::{self, Segment};
use super::tree::Tree;
use crate::operation::variables;
use crate::server::build_error::BuildError;
use crate::server::rejection::Rejection;
use crate::server::routes::{ReservedPath, Routes};
use crate::{BodyKey, Execution, Method, Operation, Version};

/// The operations of a server by path. The time of a look-up depends on the path, not on the number
/// of operations.
///
/// The table consists of a few lists of small rows with indices, so that a request reads little
/// memory.
pub(crate) struct Table {
    tree: Tree,
    /// The index of the first route of each endpoint, and the end of the last ones.
    starts: Box<[u32]>,
    /// Sorted by endpoint, method and body key.
    routes: Box<[Route]>,
    /// The variables of all paths, as indices of parameters.
    variables: Box<[u32]>,
    /// The classes of messages, sorted, with the index of their route.
    messages: Box<[(&'static str, u32)]>,
    /// The reserved paths, sorted by endpoint. Operations at the same path have priority.
    reserved: Box<[(u32, &'static ReservedPath)]>,
}

/// The operations of one path. The names of its variables make no difference.
#[derive(Clone, Copy)]
pub(crate) struct Endpoint<'t>(&'t [Route]);

/// An operation at one of its paths.
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    /// The index of its [`Routes`].
    pub(crate) service: u32,
    /// Its index in these routes.
    pub(crate) index: u32,
    /// The index of its first variable; operations of one path may name their variables
    /// differently.
    variables: u32,
    /// The index of the path among the operation's.
    path: u16,
    /// A copy of the operation's method, which saves a memory access.
    method: Method,
}

/// Returns whether a release has all variables of a path.
fn has_variables(operation: &Operation, template: &str, at: Version) -> bool {
    let fields = operation.request.fields;
    variables(template).all(|name| fields.iter().all(|field| field.name != name || field.is_in(at)))
}

/// The operations of one method and path: one, or several that body keys select, sorted by key.
#[derive(Clone, Copy)]
pub(crate) struct Verb<'t>(&'t [Route]);

impl Table {
    /// Builds the table of a release. Fails when two operations have the same method, path and key,
    /// or a path cannot be matched.
    pub(crate) fn new(services: &[Routes], at: Version) -> Result<Self, BuildError> {
        refuse_duplicates(services, at)?;
        let mut tree = Tree::new();
        // Routes with the number of their endpoint.
        let mut routes = Vec::new();
        let mut variables = Vec::new();
        let mut mounted = HashSet::new();
        for (service, index, newest) in all_operations(services) {
            let operation = newest.at(at);
            let is_served = newest.is_in(at);
            // Later and removed operations keep their paths, so that no variable of another path
            // matches there; so do earlier paths.
            for state in newest.states().filter(|state| !ptr::eq(*state, operation)) {
                for template in state.all_paths() {
                    mounted.insert(tree.insert(&segments_of(state, template)?));
                }
            }
            for (path, template) in (0..).zip(operation.all_paths()) {
                let segments = segments_of(operation, template)?;
                let endpoint = tree.insert(&segments);
                mounted.insert(endpoint);
                if !is_served || !has_variables(operation, template, at) {
                    continue;
                }
                let mut bound = Vec::new();
                for segment in segments {
                    let Segment::Variable(name) = segment else { continue };
                    let parameter = operation.request.index_of(name);
                    let unknown = || faulty(operation, format!("it has no parameter {{{name}}}"));
                    bound.push(parameter.ok_or_else(unknown)? as u32);
                }
                let variables = place(&mut variables, &bound);
                let method = operation.method;
                routes.push((endpoint, Route { operation, service, index, variables, path, method }));
            }
        }
        let mut reserved = Vec::new();
        for path in services.iter().flat_map(|service| service.reserved) {
            let segments = template::segments(path.path)
                .map_err(|why| BuildError::ReservedPath { path: path.path, problem: why })?;
            let endpoint = tree.insert(&segments);
            // A later operation of this server is unknown, whatever else the platform serves there.
            if !mounted.contains(&endpoint) {
                reserved.push((endpoint, path));
            }
        }
        // Each category has all reserved paths.
        reserved.sort_by_key(|(endpoint, _)| *endpoint);
        reserved.dedup_by_key(|(endpoint, _)| *endpoint);
        routes.sort_unstable_by_key(|(endpoint, route)| {
            (*endpoint, route.method as u8, route.key(), route.service, route.index)
        });
        refuse_conflicts(&routes)?;
        let start = |endpoint| routes.partition_point(|route| route.0 < endpoint) as u32;
        let starts = (0..=tree.len()).map(start).collect();
        let routes: Box<[Route]> = routes.into_iter().map(|route| route.1).collect();
        tree.shrink();
        let message = |(index, route): (u32, &Route)| Some((route.operation.message?.class, index));
        let mut messages: Vec<_> = (0..).zip(&*routes).filter_map(message).collect();
        messages.sort_unstable();
        // An operation with several paths has several routes.
        messages.dedup_by_key(|message| message.0);
        let (variables, messages, reserved) = (variables.into(), messages.into(), reserved.into());
        Ok(Self { tree, starts, routes, variables, messages, reserved })
    }

    /// Returns whether any operation accepts messages.
    pub(crate) fn has_messages(&self) -> bool {
        !self.messages.is_empty()
    }

    /// Finds the operation for a class of messages, and the class of the reply.
    pub(crate) fn message(&self, class: &str) -> Option<(&Route, Cow<'static, str>)> {
        let at = self.messages.binary_search_by_key(&class, |message| message.0).ok()?;
        let route = self.routes.get(self.messages[at].1 as usize)?;
        Some((route, route.operation.message?.reply.into()))
    }

    /// Finds an operation whose class is not in the spec, by its name: `API`, the name of the
    /// operation, and `Msg`, in any package. Returns it with the class of the reply.
    pub(crate) fn unlisted_message(&self, class: &str) -> Option<(&Route, Cow<'static, str>)> {
        let (package, simple) = class.rsplit_once('.')?;
        let name = simple.strip_prefix("API")?.strip_suffix("Msg")?;
        let route = self.operation(name).filter(|route| route.operation.message.is_none())?;
        let kind = if route.operation.execution == Execution::Async { "Event" } else { "Reply" };
        Some((route, format!("{package}.API{name}{kind}").into()))
    }

    /// Finds an operation by name.
    pub(crate) fn operation(&self, name: &str) -> Option<&Route> {
        self.routes.iter().find(|route| route.operation.name == name)
    }

    /// Returns the class of the reply to messages of an operation.
    pub(crate) fn reply(&self, operation: &str) -> Option<&'static str> {
        Some(self.operation(operation)?.operation.message?.reply)
    }

    /// Finds the endpoint of a [normalized](super::normalize) path, and the values of its
    /// variables, still encoded. Fails with 404 if the path is unknown or reserved, or has only
    /// operations that the release does not have.
    pub(crate) fn find<'p>(&self, path: &'p str) -> Result<(Endpoint<'_>, Vec<&'p str>), Rejection> {
        let (endpoint, values) = self.tree.find(path).ok_or_else(|| Rejection::not_found(path))?;
        let routes = &self.routes[range_of(&self.starts, endpoint)];
        if routes.is_empty() {
            return Err(self.reject_path(endpoint, path));
        }
        Ok((Endpoint(routes), values))
    }

    fn reject_path(&self, endpoint: u32, path: &str) -> Rejection {
        match self.reserved.binary_search_by_key(&endpoint, |(endpoint, _)| *endpoint) {
            Ok(at) => Rejection::not_described(path, self.reserved[at].1.operations),
            Err(_) => Rejection::not_found(path),
        }
    }

    /// Decodes the values of path variables; each has the index of its parameter.
    pub(crate) fn variables(
        &self,
        route: &Route,
        values: &[&str],
    ) -> Result<Vec<(usize, String)>, Rejection> {
        let bind = |(index, value): (&u32, &&str)| match percent_decode_str(value).decode_utf8() {
            Ok(value) => Ok((*index as usize, value.into_owned())),
            Err(_) => Err(Rejection::bad_request(format!(
                "[{}] is not valid UTF-8 when decoded: {value}",
                route.operation.request.fields[*index as usize].name
            ))),
        };
        self.variables[route.variables as usize..].iter().zip(values).map(bind).collect()
    }
}

/// Iterates over all operations, with the index of their [`Routes`] and their index there.
fn all_operations(services: &[Routes]) -> impl Iterator<Item = (u32, u32, &'static Operation)> {
    (0..).zip(services).flat_map(move |(service, routes)| {
        (0..).zip(&*routes.operations).map(move |(index, operation)| (service, index, *operation))
    })
}

/// Splits a path of an operation into segments.
fn segments_of(operation: &Operation, template: &'static str) -> Result<Vec<Segment>, BuildError> {
    template::segments(template).map_err(|why| faulty(operation, format!("`{template}`: {why}")))
}

/// Returns the position of a list among others; adds it if it is new. Most lists are equal, so that
/// they fit a cache line.
fn place(all: &mut Vec<u32>, list: &[u32]) -> u32 {
    let known = (0..=all.len()).find(|start| all[*start..].starts_with(list));
    known.unwrap_or_else(|| {
        all.extend(list);
        all.len() - list.len()
    }) as u32
}

fn faulty(operation: &Operation, problem: String) -> BuildError {
    BuildError::Path { operation: operation.name, problem }
}

fn refuse_duplicates(services: &[Routes], at: Version) -> Result<(), BuildError> {
    let operations = all_operations(services).map(|(.., operation)| operation);
    let mut names: Vec<_> =
        operations.filter(|operation| operation.is_in(at)).map(|operation| operation.name).collect();
    names.sort_unstable();
    match names.windows(2).find(|window| window[0] == window[1]) {
        Some(twice) => Err(BuildError::Duplicate { operation: twice[0] }),
        None => Ok(()),
    }
}

/// Checks that operations with the same method and path have different body keys. Sorted routes
/// that share both are adjacent.
fn refuse_conflicts(routes: &[(u32, Route)]) -> Result<(), BuildError> {
    for ((at, one), (other_at, other)) in routes.iter().zip(routes.iter().skip(1)) {
        let share = (at, one.method) == (other_at, other.method);
        let differ = one.by_key() && other.by_key() && one.key() != other.key();
        if share && !differ {
            let mut both = [one, other];
            both.sort_by_key(|route| (route.service, route.index));
            let [first, second] = both.map(|route| route.operation);
            return Err(BuildError::Conflict {
                first: first.name,
                second: second.name,
                line: second.to_string(),
            });
        }
    }
    Ok(())
}

impl<'t> Endpoint<'t> {
    /// Returns the path, as one of its operations writes it.
    pub(crate) fn template(self) -> &'static str {
        let first = self.0.first();
        first.and_then(|route| route.operation.all_paths().nth(route.path.into())).unwrap_or_default()
    }

    /// Returns the operations of a method. If a single operation owns the path, POST and PUT are
    /// the same: the platform ignores the method there, and clients log in with either.
    pub(crate) fn verb(self, method: &http::Method) -> Result<Verb<'t>, Rejection> {
        let mut verbs = self.0.chunk_by(|one, other| one.method == other.method);
        if let Some(routes) = verbs.find(|verb| verb[0].method.as_str() == method.as_str()) {
            return Ok(Verb(routes));
        }
        if self.takes_post_and_put() {
            return match *method {
                http::Method::POST | http::Method::PUT => Ok(Verb(self.0)),
                _ => Err(Rejection::method_not_allowed(method, "POST, PUT")),
            };
        }
        let mut allow: Vec<_> = self.0.iter().map(|route| route.method.as_str()).collect();
        allow.dedup();
        Err(Rejection::method_not_allowed(method, &allow.join(", ")))
    }
}

impl Endpoint<'_> {
    /// Returns whether a single operation with a body owns the path. Actions share their path on
    /// the platform, even if no other is served here.
    fn takes_post_and_put(self) -> bool {
        matches!(self.0, [only] if only.method.has_body() && !only.by_key())
    }
}

impl Route {
    fn key(&self) -> Option<&'static str> {
        self.operation.body.key()
    }

    /// Returns whether a body key selects the operation, even if it is the only one here: the
    /// platform may have further operations on its path.
    fn by_key(&self) -> bool {
        matches!(self.operation.body, BodyKey::Action(_))
    }
}

impl<'t> Verb<'t> {
    /// Returns the route of a body key.
    pub(crate) fn route_of(self, key: &str) -> Option<&'t Route> {
        let at = self.0.binary_search_by_key(&Some(key), |route| route.key()).ok()?;
        self.0.get(at)
    }

    /// Returns the route for a body that has the keys of the routes in `found`.
    pub(crate) fn select(self, mut found: impl Iterator<Item = &'t Route>) -> Result<&'t Route, Rejection> {
        if let [only] = self.0
            && !only.by_key()
        {
            return Ok(only);
        }
        let list = || self.0.iter().filter_map(Route::key).collect::<Vec<_>>().join(", ");
        match (found.next(), found.next()) {
            (Some(route), None) => Ok(route),
            (None, _) => {
                Err(Rejection::bad_request(format!("the body names no action; allowed: {}", list())))
            }
            _ => Err(Rejection::bad_request(format!(
                "the body names more than one action; choose one of {}",
                list()
            ))),
        }
    }
}
