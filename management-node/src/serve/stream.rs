//! The stream of a connection, which keeps the connection's state.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::state::State;

/// A socket that notes what passes through it.
///
/// What hyper writes while no request is being answered is its own answer to a
/// request that it cannot read: a status without a text. That is kept back, and
/// so is the end of the stream, so that a better answer can take its place.
pub(super) struct Stream {
    pub(super) socket: TcpStream,
    state: Arc<State>,
    is_blocked: bool,
    /// The status of the answer that was kept back.
    pub(super) refused: Option<StatusCode>,
}

impl Stream {
    pub(super) fn new(socket: TcpStream, state: Arc<State>) -> Self {
        Self { socket, state, is_blocked: false, refused: None }
    }

    fn keep_back(&mut self, slices: &[IoSlice<'_>]) -> usize {
        if self.refused.is_none() {
            let first = slices.iter().find(|slice| !slice.is_empty());
            self.refused = first.and_then(|it| status(it));
        }
        slices.iter().map(|slice| slice.len()).sum()
    }

    fn note(&mut self, written: &Poll<io::Result<usize>>) {
        let is_blocked = written.is_pending();
        if is_blocked != self.is_blocked {
            self.is_blocked = is_blocked;
            self.state.set_blocked(is_blocked);
        }
    }
}

/// The status of a response, from its first line: `HTTP/1.1 400 Bad Request`.
fn status(head: &[u8]) -> Option<StatusCode> {
    StatusCode::from_bytes(head.strip_prefix(b"HTTP/1.")?.get(2..5)?).ok()
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.state.received();
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.state.is_between_requests() {
            return Poll::Ready(Ok(self.keep_back(slices)));
        }
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.note(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A socket has nothing to flush; hyper asks when it has written all.
        self.state.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Done when hyper is: see `connection`.
        Poll::Ready(Ok(()))
    }
}
