//! HTTP/1.1 by hand: what stands opposite to what is measured costs as little
//! as it can, or it would hide a part of the difference.

use std::fmt::{Display, Write as _};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::Failure;

/// The session that all calls are made with.
pub(crate) const SESSION: &str = "36c27e8ff05c4780bf6d2fa65700f22e";

/// Where the lines of a message end and its body begins.
const END: &[u8] = b"\r\n\r\n";

/// The bytes of a request; `line` is its method and target.
pub(crate) fn request(line: &str, body: &str) -> Bytes {
    let mut request = String::new();
    write_request(&mut request, line, body);
    request.into()
}

/// Adds the bytes of a request to others.
pub(crate) fn write_request(to: &mut String, line: impl Display, body: &str) {
    // A String takes all.
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

/// The bytes of a successful answer.
pub(crate) fn answer(body: &[u8]) -> Bytes {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat().into()
}

/// A message of the peer; its body begins at an index.
pub(crate) struct Message {
    pub(crate) bytes: BytesMut,
    pub(crate) body: usize,
}

impl Message {
    pub(crate) fn is_success(&self) -> bool {
        self.bytes.starts_with(b"HTTP/1.1 200 ")
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.bytes[self.body..]
    }
}

/// Reads the next message; `None` when there is no more.
pub(crate) async fn read(
    from: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
) -> Result<Option<Message>, Failure> {
    let body = loop {
        if let Some(end) = buffer.windows(END.len()).position(|window| window == END) {
            break end + END.len();
        }
        if from.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let length = body + content_length(&buffer[..body])?;
    while buffer.len() < length {
        buffer.reserve(length - buffer.len());
        if from.read_buf(buffer).await? == 0 {
            return Err("the connection broke off".into());
        }
    }
    Ok(Some(Message { bytes: buffer.split_to(length), body }))
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
