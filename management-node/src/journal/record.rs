//! Recording of a request with its response, in one buffer.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Version};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};

use super::Journal;
use crate::exchange::Exchange;
use crate::model::Moment;

/// The maximum size of a recorded body, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// The approximate memory of an entry without its texts, in bytes.
const ENTRY_SIZE: usize = 512;

/// A request with its response. Copies share their texts.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) begun: Moment,
    pub(super) duration: Duration,
    pub(super) version: Version,
    pub(super) status: StatusCode,
    pub(super) exchange: Arc<Exchange>,
    texts: Bytes,
    /// The ends of the sections of `texts`.
    ends: [u32; SECTIONS],
    has_request_body: bool,
    has_response_body: bool,
}

/// Method, path, query, the headers and the body of the request, those of the response.
const SECTIONS: usize = 7;

impl Journal {
    /// Records a request with its response.
    pub(crate) fn record(
        &self,
        (begun, duration): (Moment, Duration),
        request: &Parts,
        exchange: Arc<Exchange>,
        response: Response,
    ) -> Response {
        if self.limits.entries == 0 {
            return response;
        }
        let request_body = exchange.take_body().filter(|body| body.len() <= MAX_BODY);
        let (parts, body) = response.into_parts();
        let (body, response_body) = take_body(body);
        let (path, query) = (request.uri.path(), request.uri.query().unwrap_or_default());
        let bodies = [request_body.as_deref(), response_body.as_deref()].map(Option::unwrap_or_default);
        let length = path.len()
            + query.len()
            + bodies.map(<[u8]>::len).iter().sum::<usize>()
            + headers_length(&request.headers)
            + headers_length(&parts.headers)
            + request.method.as_str().len();
        let mut texts = Texts { bytes: Vec::with_capacity(length), ends: [0; SECTIONS], section: 0 };
        for text in [request.method.as_str(), path, query] {
            texts.add(text.as_bytes());
        }
        texts.add_headers(&request.headers);
        texts.add(bodies[0]);
        texts.add_headers(&parts.headers);
        texts.add(bodies[1]);
        self.add(Entry {
            id: 0,
            begun,
            duration,
            version: request.version,
            status: parts.status,
            exchange,
            texts: texts.bytes.into(),
            ends: texts.ends,
            has_request_body: request_body.is_some(),
            has_response_body: response_body.is_some(),
        });
        Response::from_parts(parts, body)
    }
}

struct Texts {
    bytes: Vec<u8>,
    ends: [u32; SECTIONS],
    section: usize,
}

impl Texts {
    fn add(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.end();
    }

    /// Adds headers as lines. Neither names nor values have line breaks.
    fn add_headers(&mut self, headers: &HeaderMap) {
        for (name, value) in headers {
            self.bytes.extend_from_slice(name.as_str().as_bytes());
            self.bytes.push(b':');
            self.bytes.extend_from_slice(value.as_bytes());
            self.bytes.push(b'\n');
        }
        self.end();
    }

    fn end(&mut self) {
        if let Some(end) = self.ends.get_mut(self.section) {
            *end = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        }
        self.section += 1;
    }
}

fn headers_length(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 2).sum()
}

/// A header of a recorded message.
pub(super) type Header<'a> = (&'a str, &'a [u8]);

impl Entry {
    fn section(&self, index: usize) -> &[u8] {
        let end = |index: usize| self.ends.get(index).map_or(0, |end| *end as usize);
        let start = index.checked_sub(1).map_or(0, end);
        self.texts.get(start..end(index)).unwrap_or_default()
    }

    /// A section that was copied from a text.
    fn text(&self, index: usize) -> &str {
        std::str::from_utf8(self.section(index)).unwrap_or_default()
    }

    fn headers(&self, index: usize) -> impl Iterator<Item = Header<'_>> {
        let lines = self.section(index).split(|byte| *byte == b'\n');
        lines.filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at_checked(colon)?;
            Some((std::str::from_utf8(name).ok()?, value.get(1..)?))
        })
    }

    pub(super) fn method(&self) -> &str {
        self.text(0)
    }

    pub(super) fn path(&self) -> &str {
        self.text(1)
    }

    pub(super) fn query(&self) -> Option<&str> {
        Some(self.text(2)).filter(|query| !query.is_empty())
    }

    pub(super) fn request_headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.headers(3)
    }

    /// The body of the request, unless it is large or was not read.
    pub(super) fn request_body(&self) -> Option<&[u8]> {
        self.has_request_body.then(|| self.section(4))
    }

    pub(super) fn response_headers(&self) -> impl Iterator<Item = Header<'_>> {
        self.headers(5)
    }

    /// The body of the response, unless it is large.
    pub(super) fn response_body(&self) -> Option<&[u8]> {
        self.has_response_body.then(|| self.section(6))
    }

    pub(super) fn faults(&self) -> &[u64] {
        self.exchange.effects().map_or(&[], |effects| &effects.faults)
    }

    /// The approximate memory, in bytes.
    pub(super) fn size(&self) -> usize {
        ENTRY_SIZE + self.texts.len()
    }
}

/// Takes the content of a body that is complete in memory and not large. Returns a body with the same
/// content.
fn take_body(mut body: Body) -> (Body, Option<Bytes>) {
    let length = body.size_hint().exact().and_then(|length| usize::try_from(length).ok());
    let Some(length) = length.filter(|length| *length <= MAX_BODY) else { return (body, None) };
    match Pin::new(&mut body).poll_frame(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Some(Ok(frame))) => match frame.data_ref() {
            Some(data) if data.len() == length => (Body::from(data.clone()), Some(data.clone())),
            _ => (Body::new(Rest { first: Some(frame), body }), None),
        },
        Poll::Ready(None) => (Body::empty(), Some(Bytes::new())),
        // A failure is repeated by the next poll, or ends the body before its length.
        Poll::Ready(Some(Err(_))) | Poll::Pending => (body, None),
    }
}

/// A body whose first frame was read.
struct Rest {
    first: Option<Frame<Bytes>>,
    body: Body,
}

impl HttpBody for Rest {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(first))),
            None => Pin::new(&mut self.body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.body.size_hint();
        let first = self.first.as_ref().and_then(Frame::data_ref).map_or(0, |data| data.len() as u64);
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(first));
        }
        hint.set_lower(hint.lower().saturating_add(first));
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Filter, JournalLimits};

    #[tokio::test]
    async fn an_entry_has_all_parts() {
        let journal = Journal::new(JournalLimits::default());
        let request =
            axum::http::Request::post("/zstack/v1/zones?a=b").header("x-a", "1").header("x-a", "2:3");
        let (request, ()) = request.body(()).unwrap().into_parts();
        let exchange = Arc::new(Exchange::default());
        exchange.set_body(&Bytes::from_static(b"{}"));
        let response = Response::builder().status(202).header("x-b", "").body(Body::from("done")).unwrap();
        let times = (Moment::from_millis(5), Duration::from_millis(7));
        let response = journal.record(times, &request, exchange, response);
        assert_eq!(axum::body::to_bytes(response.into_body(), 99).await.unwrap(), "done");
        let entry = journal.entries(&Filter::default()).pop().unwrap();
        assert_eq!((entry.method(), entry.path(), entry.query()), ("POST", "/zstack/v1/zones", Some("a=b")));
        let headers: Vec<_> = entry.request_headers().collect();
        assert_eq!(headers, [("x-a", &b"1"[..]), ("x-a", b"2:3")]);
        assert_eq!(entry.response_headers().collect::<Vec<_>>(), [("x-b", &b""[..])]);
        assert_eq!(entry.request_body(), Some(&b"{}"[..]));
        assert_eq!(entry.response_body(), Some(&b"done"[..]));
    }
}
