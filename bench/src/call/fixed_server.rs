//! A server that answers every request with the same bytes, for clients to be
//! measured against.

use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use super::wire;
use crate::Failure;

pub(crate) async fn listen(body: &[u8]) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = wire::answer(body);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, answer.clone()));
        }
    });
    Ok(address)
}

async fn serve(mut stream: TcpStream, answer: Bytes) -> Result<(), Failure> {
    stream.set_nodelay(true)?;
    let mut buffer = BytesMut::with_capacity(4096);
    while wire::read(&mut stream, &mut buffer).await?.is_some() {
        stream.write_all(&answer).await?;
    }
    Ok(())
}
