//! The stage that receives the body of a request, within its limits.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use super::rejection::Rejection;

/// Reads the body of a request to its end, within limits: `limit` is in bytes.
///
/// # Errors
///
/// When the body is larger (413), takes longer (408), or is incomplete or malformed (400). The
/// connection cannot be reused then.
pub async fn read_body(mut body: Body, limit: usize, at_most: Duration) -> Result<Bytes, Rejection> {
    receive(&mut body, limit, at_most).await
}

/// Reads a body that the caller keeps, as [`read_body`] does.
pub(crate) async fn receive(body: &mut Body, limit: usize, at_most: Duration) -> Result<Bytes, Rejection> {
    // A declared length can be refused without reading.
    if body.size_hint().lower() > limit as u64 {
        return Err(Rejection::body_too_large(limit));
    }
    match tokio::time::timeout(at_most, read(body, limit)).await {
        Ok(read) => {
            let bytes = read?;
            // Not every body reports its end.
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
        let frame = frame.map_err(|_| Rejection::malformed_body())?;
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
