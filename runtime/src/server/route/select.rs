use std::ptr;

use bytes::Bytes;
use http::Method;

use super::table::{Endpoint, Route, Verb};
use crate::server::parameters::{Input, json_object};
use crate::server::rejection::Rejection;
use crate::tags::{SYSTEM_TAGS, USER_TAGS};

/// Selects the operation of a request by method and body, and collects the parts of the body for
/// it. Fails when the path does not allow the method, or the body selects no operation.
pub(crate) fn select<'t>(
    endpoint: Endpoint<'t>,
    method: &Method,
    body: Option<Bytes>,
) -> Result<(&'t Route, Input), Rejection> {
    let verb = endpoint.verb(method);
    match body {
        Some(body) => select_by_body(&body, verb),
        None => Ok((verb?.select(std::iter::empty())?, Input::default())),
    }
}

/// A key at the top level of a body.
enum Key<'t> {
    Route(&'t Route),
    SystemTags,
    UserTags,
}

/// Selects the operation by the keys of a body, and splits the body. An invalid body is reported
/// before a method that the path does not allow.
fn select_by_body<'t>(
    body: &Bytes,
    verb: Result<Verb<'t>, Rejection>,
) -> Result<(&'t Route, Input), Rejection> {
    let mut input = Input::default();
    // At most one for each operation of this method and path.
    let mut found: Vec<(&Route, Bytes)> = Vec::new();
    if !body.trim_ascii().is_empty() {
        let known = |key: &str| match key {
            SYSTEM_TAGS => Some(Key::SystemTags),
            USER_TAGS => Some(Key::UserTags),
            key => verb.as_ref().ok()?.route_of(key).map(Key::Route),
        };
        json_object::each(body, known, |key, value| {
            let value = body.slice_ref(value.get().as_bytes());
            match key {
                Key::SystemTags => input.system_tags = Some(value),
                Key::UserTags => input.user_tags = Some(value),
                Key::Route(route) => match found.iter_mut().find(|(known, _)| ptr::eq(*known, route)) {
                    // As in JSON parsers, the last of duplicate keys counts.
                    Some((_, earlier)) => *earlier = value,
                    None => found.push((route, value)),
                },
            }
        })
        .map_err(|error| Rejection::bad_request(format!("the body is not a JSON object: {error}")))?;
        input.body = body.clone();
    }
    let route = verb?.select(found.iter().map(|(route, _)| *route))?;
    let parameters = found.into_iter().find(|(found, _)| ptr::eq(*found, route)).map(|(_, value)| value);
    input.parameters = parameters.filter(|value| *value != "null");
    Ok((route, input))
}
