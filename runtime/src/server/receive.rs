//! Receiving a body, and finding the operation's part in it.

use std::ptr;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::parameters::{Input, json_object};
use super::rejection::Rejection;
use super::route::{Route, Verb};
use crate::tags::{SYSTEM_TAGS, USER_TAGS};

/// Reads the body of a request to its end, but no further than the limits
/// allow: `limit` in bytes.
///
/// # Errors
///
/// When the body is larger (413), takes longer (408), or ends early or in a way
/// that HTTP does not allow (400). The connection cannot be used again then.
pub async fn read_body(body: Body, limit: usize, at_most: Duration) -> Result<Bytes, Rejection> {
    let mut body = body;
    receive(&mut body, limit, at_most).await
}

/// The same, for a body that the caller keeps.
pub(crate) async fn receive(body: &mut Body, limit: usize, at_most: Duration) -> Result<Bytes, Rejection> {
    // A length that is declared saves reading any of it.
    if body.size_hint().lower() > limit as u64 {
        return Err(Rejection::body_too_large(limit));
    }
    match tokio::time::timeout(at_most, read(body, limit)).await {
        Ok(read) => {
            let bytes = read?;
            // Not every body knows that it has ended.
            *body = Body::empty();
            Ok(bytes)
        }
        Err(_) => Err(Rejection::body_too_slow(at_most.as_secs_f64())),
    }
}

async fn read(body: &mut Body, limit: usize) -> Result<Bytes, Rejection> {
    // Most bodies are one frame, and need no copy.
    let mut first = Bytes::new();
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Rejection::body_broke_off())?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > limit - first.len().max(all.len()) {
            return Err(Rejection::body_too_large(limit));
        }
        if all.is_empty() && first.is_empty() {
            first = data;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&data);
        }
    }
    Ok(if all.is_empty() { first } else { all.freeze() })
}

/// What may stand at the top of a body.
enum Top<'t> {
    Route(&'t Route),
    SystemTags,
    UserTags,
}

/// The operation that a body is for, and its part of the body. A body that is
/// no JSON is refused before a method that the path does not have.
pub(crate) fn select<'t>(
    body: &Bytes,
    verb: Result<Verb<'t>, Rejection>,
) -> Result<(&'t Route, Input), Rejection> {
    let mut input = Input::default();
    // At most as many as there are operations of this method and path.
    let mut found: Vec<(&Route, Bytes)> = Vec::new();
    if !body.trim_ascii().is_empty() {
        let known = |key: &str| match key {
            SYSTEM_TAGS => Some(Top::SystemTags),
            USER_TAGS => Some(Top::UserTags),
            key => verb.as_ref().ok()?.route_of(key).map(Top::Route),
        };
        json_object::each(body, known, |key, value| {
            let value = body.slice_ref(value.get().as_bytes());
            match key {
                Top::SystemTags => input.system_tags = Some(value),
                Top::UserTags => input.user_tags = Some(value),
                Top::Route(route) => match found.iter_mut().find(|(known, _)| ptr::eq(*known, route)) {
                    // Of a key that is there twice, JSON parsers take the last.
                    Some((_, earlier)) => *earlier = value,
                    None => found.push((route, value)),
                },
            }
        })
        .map_err(|error| Rejection::bad_request(format!("the body is no JSON object: {error}")))?;
        input.body = body.clone();
    }
    let route = verb?.select(found.iter().map(|(route, _)| *route))?;
    let parameters = found.into_iter().find(|(found, _)| ptr::eq(*found, route)).map(|(_, value)| value);
    input.parameters = parameters.filter(|value| *value != "null");
    Ok((route, input))
}
