//! The stream of a connection, which updates its state.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::state::State;

/// A socket that records its traffic in the state of the connection.
///
/// Bytes that hyper writes between requests are its own response to an invalid
/// request: a status without a text. They are withheld, and so is the end of the
/// stream, so that the node can send a better response instead.
pub(super) struct Stream {
    pub(super) socket: TcpStream,
    state: Arc<State>,
    is_blocked: bool,
    /// The status of the withheld response.
    pub(super) withheld_status: Option<StatusCode>,
}

impl Stream {
    pub(super) fn new(socket: TcpStream, state: Arc<State>) -> Self {
        Self { socket, state, is_blocked: false, withheld_status: None }
    }

    fn withhold(&mut self, slices: &[IoSlice<'_>]) -> usize {
        if self.withheld_status.is_none() {
            let first = slices.iter().find(|slice| !slice.is_empty());
            self.withheld_status = first.and_then(|head| status(head));
        }
        slices.iter().map(|slice| slice.len()).sum()
    }

    fn record_write(&mut self, written: &Poll<io::Result<usize>>) {
        let is_blocked = written.is_pending();
        if is_blocked != self.is_blocked {
            self.is_blocked = is_blocked;
            self.state.set_blocked(is_blocked);
        }
    }
}

/// Reads the status of a response from its first line, such as `HTTP/1.1 400 Bad
/// Request`.
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
            self.state.record_receipt();
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
            return Poll::Ready(Ok(self.withhold(slices)));
        }
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.record_write(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A socket has nothing to flush; hyper calls this after its last write.
        self.state.record_flush();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // `connection::serve` shuts the socket down later.
        Poll::Ready(Ok(()))
    }
}
