//! Connections that are closed before or in the middle of a response, as a test demands.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};

/// An extension of a response that closes the connection instead of sending the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CutConnection;

impl fmt::Display for CutConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault closed the connection")
    }
}

impl std::error::Error for CutConnection {}

/// Returns a body that fails after half of its first part. The connection is closed then.
pub(crate) fn cut_body(body: Body) -> Body {
    Body::new(CutBody { size: body.size_hint(), body, stage: Stage::Begin })
}

#[derive(Clone, Copy)]
enum Stage {
    Begin,
    /// Half of it is on the way; it is sent while the body waits.
    Half,
    Failed,
}

struct CutBody {
    size: SizeHint,
    body: Body,
    stage: Stage,
}

impl HttpBody for CutBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.stage {
            Stage::Begin => {
                let polled = Pin::new(&mut self.body).poll_frame(context);
                if polled.is_ready() {
                    self.stage = Stage::Half;
                }
                let half = |data: Bytes| data.slice(..data.len() / 2);
                polled.map(|frame| frame.map(|frame| frame.map(|frame| frame.map_data(half))))
            }
            Stage::Half => {
                self.stage = Stage::Failed;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Stage::Failed => {
                let error = io::Error::new(io::ErrorKind::ConnectionAborted, CutConnection);
                Poll::Ready(Some(Err(axum::Error::new(error))))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}
