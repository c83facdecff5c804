//! Gives bollard our connections.
//!
//! Knows no request: bollard makes them, hyper sends them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bollard::{BollardRequest, Docker};
use futures_util::future::BoxFuture;
use hyper::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tower_service::Service;

use super::{Connector, Stream};
use crate::containers::address::Address;

impl Connector {
    /// Returns bollard over these connections; a call may take `patience` seconds.
    ///
    /// # Errors
    /// As bollard's.
    pub fn bollard(&self, patience: u64) -> Result<Docker, bollard::errors::Error> {
        let mut client = Client::builder(TokioExecutor::new());
        // Where a connection takes a handshake it is kept for the next call.
        if let Address::Unix(_) | Address::Tcp(_) = self.address() {
            client.pool_max_idle_per_host(0);
        }
        let client = client.build(self.clone());
        let send = move |request: BollardRequest| {
            let client = client.clone();
            async move { client.request(request).await.map_err(bollard::errors::Error::from) }
        };
        Docker::connect_with_custom_transport(send, Some("http://docker"), patience, bollard::API_DEFAULT_VERSION)
    }
}

impl Service<Uri> for Connector {
    type Response = Link;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Link>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _to: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move { Ok(Link(TokioIo::new(connector.open().await?))) })
    }
}

/// A connection as hyper takes it.
pub struct Link(TokioIo<Box<dyn Stream>>);

impl Connection for Link {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Link {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl Write for Link {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
