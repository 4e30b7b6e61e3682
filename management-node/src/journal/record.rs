//! Recording of a request with its response.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

use super::{Entry, Journal};
use crate::exchange::Exchange;
use crate::model::Moment;

/// The maximum size of a recorded body, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// The approximate memory of an entry without its texts, in bytes.
const ENTRY_SIZE: usize = 1024;

impl Journal {
    /// Records a request with its response. The body of the response is recorded while it is sent.
    pub(crate) fn record(
        self: &Arc<Self>,
        (begun, duration): (Moment, Duration),
        request: Parts,
        exchange: Arc<Exchange>,
        response: Response,
    ) -> Response {
        if self.limits.entries == 0 {
            return response;
        }
        // A copy, since a slice would keep the whole buffer of the connection.
        let request_body = exchange.take_body().filter(|body| body.len() <= MAX_BODY);
        let request_body = request_body.map(|body| Bytes::copy_from_slice(&body));
        let (parts, body) = response.into_parts();
        let length = body.size_hint().exact().and_then(|length| usize::try_from(length).ok());
        let length = length.filter(|length| *length <= MAX_BODY);
        let size = ENTRY_SIZE
            + request.uri.path().len()
            + request.uri.query().map_or(0, str::len)
            + text_size(&request.headers)
            + text_size(&parts.headers)
            + request_body.as_ref().map_or(0, Bytes::len)
            + length.unwrap_or(0);
        let entry = self.add(|id| Entry {
            id,
            begun,
            duration,
            request,
            request_body,
            exchange,
            status: parts.status,
            response_headers: parts.headers.clone(),
            response_body: OnceLock::new(),
            size,
        });
        let body = match length {
            Some(length) => Body::new(RecordedBody { body, entry, copy: Vec::with_capacity(length) }),
            None => body,
        };
        Response::from_parts(parts, body)
    }
}

fn text_size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

/// The body of a response, which is copied while it is sent.
struct RecordedBody {
    body: Body,
    entry: Arc<Entry>,
    copy: Vec<u8>,
}

impl HttpBody for RecordedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let polled = Pin::new(&mut this.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            this.copy.extend_from_slice(data);
        }
        if this.body.is_end_stream() || matches!(polled, Poll::Ready(None)) {
            let copy = std::mem::take(&mut this.copy);
            this.entry.response_body.get_or_init(|| copy.into());
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
