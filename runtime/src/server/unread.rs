//! Answers that are ready before the request has been read to its end.
//!
//! A server that closes such a connection without notice makes the client's
//! next request fail, with a broken pipe. So what is left is read and dropped
//! if it is little; otherwise the answer says that the connection ends.

use std::time::Duration;

use axum::response::Response;
use bytes::Buf as _;
use http::header::{CONNECTION, HeaderValue};
use http_body::Body;
use http_body_util::BodyExt as _;

/// The largest rest of a body that is read and dropped, in bytes.
const LARGEST: usize = 64 * 1024;

/// How long the rest of a body may take to arrive.
const LONGEST: Duration = Duration::from_secs(1);

/// Ends the body of a request of HTTP/1.1 whose answer is ready: reads and
/// drops what is left of it, up to 64 KiB and for up to a second. Where more is
/// left, the answer gets `Connection: close`. Returns whether the body ended.
///
/// A client that sent `Expect: 100-continue` (`expects_continue`) and got no 100
/// may send the body or not: nothing is read then.
///
/// An [`Api`](super::Api) does this for its own requests. It is for servers
/// that also answer others on the same connection.
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
    if body.size_hint().lower() > LARGEST as u64 {
        return false;
    }
    let read = async {
        let mut left = LARGEST;
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
    tokio::time::timeout(LONGEST, read).await.unwrap_or(false)
}
