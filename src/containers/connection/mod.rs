//! Opens connections to an engine, whatever its address: a socket, TCP, TLS, or `ssh`.
//!
//! Knows no HTTP: [`raw`](super::raw) and, through [`http`], bollard speak over what is opened here.

mod http;
mod ssh;
mod tls;

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::address::Address;
use crate::host::{Host, platform};

/// Bytes to and from an engine.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Opens connections to one engine. Cheap to clone.
#[derive(Clone)]
pub struct Connector {
    address: Arc<Address>,
    tls: Option<TlsConnector>,
}

impl Connector {
    /// Makes one for `address`; reads the certificates, but opens nothing.
    ///
    /// # Errors
    /// When a certificate or a key cannot be read: names the file.
    pub fn new(address: Address, host: &Host) -> io::Result<Connector> {
        let tls = match &address {
            Address::Tls(_, certificates) => Some(TlsConnector::from(Arc::new(tls::client(certificates, host)?))),
            _ => None,
        };
        Ok(Connector { address: Arc::new(address), tls })
    }

    /// Returns where it leads.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// When nothing answers, or one side does not believe the other.
    pub async fn open(&self) -> io::Result<Box<dyn Stream>> {
        Ok(match &*self.address {
            Address::Unix(path) => Box::new(platform::connect(path).await?),
            Address::Tcp(place) => Box::new(dial(place).await?),
            Address::Tls(place, _) => {
                let tls = self.tls.as_ref().expect("made with the address");
                Box::new(tls.connect(tls::server_name(place)?, dial(place).await?).await?)
            }
            Address::Ssh(remote) => Box::new(ssh::Dialled::start(remote)?),
        })
    }
}

async fn dial(place: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(place).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
