//! Answers that are ready before the request was read to its end.
//!
//! If a server closes such a connection without notice, the client's next request fails with a
//! broken pipe. So a short rest of the body is read and dropped; otherwise the response announces
//! that the connection ends.

use std::time::Duration;

use axum::response::Response;
use bytes::Buf as _;
use http::header::{CONNECTION, HeaderValue};
use http_body::Body;
use http_body_util::BodyExt as _;

/// The largest rest of a body that is read, in bytes.
const MAX_REST: usize = 64 * 1024;

/// The time limit for reading the rest of a body.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// Reads and drops the rest of the body of an HTTP/1.1 request whose response is ready: up to 64
/// KiB, for up to a second. If more is left, sets `Connection: close` in the response. Returns
/// whether the body ended.
///
/// A client that sent `Expect: 100-continue` (`expects_continue`) and got no 100 may or may not
/// send the body: nothing is read then.
///
/// An [`Api`](super::Api) does this for its own requests. Use it in servers that answer other
/// requests on the same connection.
pub async fn discard_body<B>(body: &mut B, expects_continue: bool, response: &mut Response) -> bool
where
    B: Body + Unpin,
{
    let is_closing = has_close(response);
    if !is_closing && !expects_continue && drop_rest(body).await {
        return true;
    }
    if !is_closing {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    false
}

fn has_close(response: &Response) -> bool {
    response.headers().get(CONNECTION).is_some_and(|header| header == "close")
}

async fn drop_rest<B: Body + Unpin>(body: &mut B) -> bool {
    if body.size_hint().lower() > MAX_REST as u64 {
        return false;
    }
    let read = async {
        let mut left = MAX_REST;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return false };
            let length = frame.data_ref().map_or(0, |data| data.remaining());
            match left.checked_sub(length) {
                Some(rest) => left = rest,
                None => return false,
            }
        }
        true
    };
    tokio::time::timeout(TIME_LIMIT, read).await.unwrap_or(false)
}
