//! Minimal HTTP/1.1. The side that is not measured has to cost as little as possible, since its
//! cost would hide a part of the difference.

use std::fmt::{Display, Write as _};
use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Failure;

/// The session of all calls.
pub(crate) const SESSION: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

/// The end of the head of a message.
const END: &[u8] = b"\r\n\r\n";

/// Formats a request; `line` is its method and target.
pub(crate) fn request(line: &str, body: &str) -> Bytes {
    let mut request = String::new();
    write_request(&mut request, line, body);
    request.into()
}

/// Appends a request to a text.
pub(crate) fn write_request(to: &mut String, line: impl Display, body: &str) {
    // Writing to a String cannot fail.
    let _ = write!(
        to,
        "{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\
         Authorization: OAuth {SESSION}\r\n"
    );
    if !body.is_empty() {
        let _ = write!(to, "Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    let _ = write!(to, "\r\n{body}");
}

/// Formats a response with status 200.
pub(crate) fn response(body: &[u8]) -> Bytes {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat().into()
}

/// A request or a response.
pub(crate) struct HttpMessage {
    bytes: BytesMut,
    /// The index at which the body begins.
    body: usize,
}

impl HttpMessage {
    pub(crate) fn body(&self) -> &[u8] {
        &self.bytes[self.body..]
    }
}

/// A connection to a server or to a client.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: BytesMut,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream) -> Result<Self, Failure> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: BytesMut::with_capacity(16 * 1024) })
    }

    pub(crate) async fn open(server: SocketAddr) -> Result<Self, Failure> {
        Self::new(TcpStream::connect(server).await?)
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        Ok(self.stream.write_all(bytes).await?)
    }

    /// Reads the next message; `None` if the peer closed the connection.
    pub(crate) async fn read(&mut self) -> Result<Option<HttpMessage>, Failure> {
        let Self { stream, buffer } = self;
        let body = loop {
            if let Some(end) = buffer.windows(END.len()).position(|window| window == END) {
                break end + END.len();
            }
            if stream.read_buf(buffer).await? == 0 {
                return Ok(None);
            }
        };
        let length = body + content_length(&buffer[..body])?;
        while buffer.len() < length {
            buffer.reserve(length - buffer.len());
            if stream.read_buf(buffer).await? == 0 {
                return Err("the connection was closed within a message".into());
            }
        }
        Ok(Some(HttpMessage { bytes: buffer.split_to(length), body }))
    }

    /// Reads a response.
    ///
    /// # Errors
    ///
    /// The connection was closed, or the status is not 200.
    pub(crate) async fn read_success(&mut self) -> Result<HttpMessage, Failure> {
        let response = self.read().await?.ok_or("the server closed a connection")?;
        if response.bytes.starts_with(b"HTTP/1.1 200 ") {
            return Ok(response);
        }
        Err(format!("the server returned an error: {}", String::from_utf8_lossy(&response.bytes)).into())
    }
}

/// Sends a request on a new connection, and returns the body of the response.
pub(crate) async fn call(server: SocketAddr, request: &Bytes) -> Result<Vec<u8>, Failure> {
    let mut connection = Connection::open(server).await?;
    connection.write(request).await?;
    Ok(connection.read_success().await?.body().to_vec())
}

fn content_length(head: &[u8]) -> Result<usize, Failure> {
    const NAME: &str = "content-length:";
    for line in std::str::from_utf8(head)?.split("\r\n") {
        if let Some((name, value)) = line.split_at_checked(NAME.len())
            && name.eq_ignore_ascii_case(NAME)
        {
            return Ok(value.trim().parse()?);
        }
    }
    Ok(0)
}
