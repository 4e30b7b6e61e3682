//! A server that answers every request with the same bytes, as the peer of measured clients.

use std::net::SocketAddr;

use bytes::Bytes;
use tokio::net::{TcpListener, TcpStream};

use crate::Failure;
use crate::raw_http::{self, Connection};

pub(crate) async fn listen(body: &[u8]) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let response = raw_http::response(body);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, response.clone()));
        }
    });
    Ok(address)
}

async fn serve(stream: TcpStream, response: Bytes) -> Result<(), Failure> {
    let mut connection = Connection::new(stream)?;
    while connection.read().await?.is_some() {
        connection.write(&response).await?;
    }
    Ok(())
}
