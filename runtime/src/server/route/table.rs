//! The operations of a server, by path.

use percent_encoding::percent_decode_str;

use super::shapes::part;
use super::template::{self, Segment};
use super::tree::Tree;
use crate::operation::variables;
use crate::server::build_error::BuildError;
use crate::server::rejection::Rejection;
use crate::server::routes::{ReservedPath, Routes};
use crate::{Body, Method, Operation, Version};

/// The operations of a server, by path. A look-up takes as long as the path
/// is, however many operations there are.
///
/// A few lists of small rows that name each other by index: what one request
/// reads is little memory, and little of it is read by no other request.
pub(crate) struct Table {
    tree: Tree,
    /// Where the routes of each endpoint begin, and where those of the last one
    /// end.
    starts: Box<[u32]>,
    /// By endpoint, method and key of the body.
    routes: Box<[Route]>,
    /// The variables of the routes' paths, as indices of parameters.
    variables: Box<[u32]>,
    /// The classes of messages, in their order, and an index of `routes` each.
    messages: Box<[(&'static str, u32)]>,
    /// The reserved paths by endpoint. Where an operation has the path, it is
    /// served.
    reserved: Box<[(u32, &'static ReservedPath)]>,
}

/// The operations of one path, all its names of variables taken as one.
#[derive(Clone, Copy)]
pub(crate) struct Endpoint<'t>(&'t [Route]);

/// An operation, and where it is served.
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    /// The index of its [`Routes`].
    pub(crate) service: u32,
    /// Its index there.
    pub(crate) index: u32,
    /// Where its variables begin, in their order. Operations of one path may
    /// name them differently.
    variables: u32,
    /// Which of the operation's paths this is.
    path: u16,
    /// The operation's, to be read without it.
    method: Method,
}

/// Whether a path has a variable that came after a release.
fn has_later_variable(operation: &Operation, template: &str, at: Version) -> bool {
    let fields = operation.request.fields;
    variables(template).any(|name| fields.iter().any(|field| field.name == name && field.since > at))
}

/// The operations of one method and path: one, or several that a key of the
/// body selects among, in the order of the keys.
#[derive(Clone, Copy)]
pub(crate) struct Verb<'t>(&'t [Route]);

impl Table {
    /// Builds the table of a release.
    ///
    /// # Errors
    ///
    /// When two operations have the same method, path and key, or a path cannot be
    /// matched.
    pub(crate) fn new(services: &[Routes], at: Version) -> Result<Self, BuildError> {
        refuse_duplicates(services, at)?;
        let mut tree = Tree::new();
        // Each has the number of its endpoint.
        let mut routes = Vec::new();
        let mut variables = Vec::new();
        // Operations of later releases keep their paths, so that the variable of
        // another path does not match there.
        for (service, index, operation) in served(services, Version::NEWEST) {
            for (path, template) in (0..).zip(operation.all_paths()) {
                let segments = template::segments(template)
                    .map_err(|why| faulty(operation, format!("`{template}`: {why}")))?;
                let endpoint = tree.insert(&segments);
                if operation.since > at || has_later_variable(operation, template, at) {
                    continue;
                }
                let mut bound = Vec::new();
                for segment in segments {
                    let Segment::Variable(name) = segment else { continue };
                    let parameter = operation.request.index_of(name);
                    let unknown = || faulty(operation, format!("{{{name}}} is none of its parameters"));
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
            reserved.push((tree.insert(&segments), path));
        }
        // Each category brings all of them.
        reserved.sort_by_key(|(endpoint, _)| *endpoint);
        reserved.dedup_by_key(|(endpoint, _)| *endpoint);
        routes.sort_unstable_by_key(|(endpoint, it)| {
            (*endpoint, it.method as u8, it.key(), it.service, it.index)
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

    /// Whether an operation takes messages at all.
    pub(crate) fn has_messages(&self) -> bool {
        !self.messages.is_empty()
    }

    /// The operation that takes messages of a class, and the class of the
    /// reply.
    pub(crate) fn message(&self, class: &str) -> Option<(&Route, &'static str)> {
        let at = self.messages.binary_search_by_key(&class, |it| it.0).ok()?;
        let route = self.routes.get(self.messages[at].1 as usize)?;
        Some((route, route.operation.message?.reply))
    }

    /// The class of the reply to messages of an operation.
    pub(crate) fn reply(&self, operation: &str) -> Option<&'static str> {
        let route = self.routes.iter().find(|route| route.operation.name == operation)?;
        Some(route.operation.message?.reply)
    }

    /// The endpoint of a [normalized](super::normalize) path, and the values of its
    /// variables, still encoded.
    ///
    /// # Errors
    ///
    /// 404 where there is no such path, where it is reserved, and where all
    /// that is served there came with a later release.
    pub(crate) fn find<'p>(&self, path: &'p str) -> Result<(Endpoint<'_>, Vec<&'p str>), Rejection> {
        let (endpoint, values) = self.tree.find(path).ok_or_else(|| Rejection::not_found(path))?;
        let routes = &self.routes[part(&self.starts, endpoint)];
        if routes.is_empty() {
            return Err(self.nothing_served(endpoint, path));
        }
        Ok((Endpoint(routes), values))
    }

    fn nothing_served(&self, endpoint: u32, path: &str) -> Rejection {
        match self.reserved.binary_search_by_key(&endpoint, |(endpoint, _)| *endpoint) {
            Ok(at) => Rejection::not_described(path, self.reserved[at].1.operations),
            Err(_) => Rejection::not_found(path),
        }
    }

    /// The values of a path's variables, by index of their parameters.
    pub(crate) fn variables(
        &self,
        route: &Route,
        values: &[&str],
    ) -> Result<Vec<(usize, String)>, Rejection> {
        let bind = |(index, value): (&u32, &&str)| match percent_decode_str(value).decode_utf8() {
            Ok(value) => Ok((*index as usize, value.into_owned())),
            Err(_) => Err(Rejection::bad_request(format!(
                "[{}] is no UTF-8 when decoded: {value}",
                route.operation.request.fields[*index as usize].name
            ))),
        };
        self.variables[route.variables as usize..].iter().zip(values).map(bind).collect()
    }
}

/// The operations of a release, each with the index of its [`Routes`] and its
/// index there.
fn served(services: &[Routes], at: Version) -> impl Iterator<Item = (u32, u32, &'static Operation)> {
    (0..).zip(services).flat_map(move |(service, routes)| {
        let all = (0..).zip(&*routes.operations).filter(move |(_, it)| it.since <= at);
        all.map(move |(index, operation)| (service, index, *operation))
    })
}

/// The position of a list among others, which it is added to if it is new: most
/// are alike, and one line of a cache holds those.
fn place(all: &mut Vec<u32>, list: &[u32]) -> u32 {
    let known = (0..=all.len()).find(|it| all[*it..].starts_with(list));
    known.unwrap_or_else(|| {
        all.extend(list);
        all.len() - list.len()
    }) as u32
}

fn faulty(operation: &Operation, problem: String) -> BuildError {
    BuildError::Path { operation: operation.name, problem }
}

fn refuse_duplicates(services: &[Routes], at: Version) -> Result<(), BuildError> {
    let mut names: Vec<_> = served(services, at).map(|(.., it)| it.name).collect();
    names.sort_unstable();
    match names.windows(2).find(|window| window[0] == window[1]) {
        Some(twice) => Err(BuildError::Duplicate { operation: twice[0] }),
        None => Ok(()),
    }
}

/// Several operations share method and path only if each is selected by a key
/// of its own. Sorted routes that share both are adjacent.
fn refuse_conflicts(routes: &[(u32, Route)]) -> Result<(), BuildError> {
    for ((at, one), (other_at, other)) in routes.iter().zip(routes.iter().skip(1)) {
        let share = (at, one.method) == (other_at, other.method);
        let differ = one.by_key() && other.by_key() && one.key() != other.key();
        if share && !differ {
            let mut both = [one, other];
            both.sort_by_key(|both| (both.service, both.index));
            let [first, second] = both.map(|both| both.operation);
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
    /// The path, as one of its operations writes it.
    pub(crate) fn template(self) -> &'static str {
        let first = self.0.first();
        first.and_then(|it| it.operation.all_paths().nth(it.path.into())).unwrap_or_default()
    }

    /// The operations that a method selects among. Where one operation owns the
    /// path, POST and PUT are alike: the platform does not look at the method
    /// there, and clients log in by either.
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
        let mut allow: Vec<_> = self.0.iter().map(|it| it.method.as_str()).collect();
        allow.dedup();
        Err(Rejection::method_not_allowed(method, &allow.join(", ")))
    }
}

impl Endpoint<'_> {
    /// Whether one operation owns the path, and has its parameters in a body.
    /// An action that is selected by its key shares its path on the platform,
    /// also where no other is served.
    fn takes_post_and_put(self) -> bool {
        matches!(self.0, [only] if only.method.has_body() && !only.by_key())
    }
}

impl Route {
    fn key(&self) -> Option<&'static str> {
        self.operation.body.key()
    }

    /// Whether a key selects it, even where there is no other to be selected:
    /// the platform may have more on its path than are served here, and none
    /// of them is meant by a body that names none.
    fn by_key(&self) -> bool {
        matches!(self.operation.body, Body::Action(_))
    }
}

impl<'t> Verb<'t> {
    /// The route that a key of a body belongs to.
    pub(crate) fn route_of(self, key: &str) -> Option<&'t Route> {
        let at = self.0.binary_search_by_key(&Some(key), |it| it.key()).ok()?;
        self.0.get(at)
    }

    /// The route meant by a body with these routes' keys in it.
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
                Err(Rejection::bad_request(format!("the body names no action; it takes one of {}", list())))
            }
            _ => Err(Rejection::bad_request(format!("the body names more than one action of {}", list()))),
        }
    }
}
