//! Servers of this process for tests of clients: one that speaks TLS with a certificate of its own authority, and a proxy.
//!
//! Tests only.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

/// A certificate with its key, both in PEM.
pub struct Shown {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

/// An authority made for one test.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate in PEM.
    pub pem: String,
}

impl Authority {
    /// Makes one.
    pub fn fresh() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// Makes a certificate for `name`, a host or a number.
    pub fn vouch_for(&self, name: &str) -> Shown {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        Shown { certificate: params.signed_by(&key, &self.issuer).unwrap().pem(), key: key.serialize_pem() }
    }
}

/// Makes a certificate for `name` that signed itself, as `openssl req -x509` does; `year` is its last.
pub fn self_signed(name: &str, year: i32) -> Shown {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    Shown { certificate: params.self_signed(&key).unwrap().pem(), key: key.serialize_pem() }
}

/// Answers every question over TLS with its path, and hands out the heads of the questions. With `clients`, only those
/// that this authority vouches for are answered.
pub fn secure_server(shown: &Shown, clients: Option<&Authority>) -> (SocketAddr, Receiver<String>) {
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(pem(&authority.pem)).unwrap();
            let provider = Arc::new(aws_lc_rs::default_provider());
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
    };
    let key = <PrivateKeyDer as rustls::pki_types::pem::PemObject>::from_pem_slice(shown.key.as_bytes()).unwrap();
    let config = Arc::new(builder.with_single_cert(vec![pem(&shown.certificate)], key).unwrap());
    served(move |stream, asked| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        answer(&mut stream, asked);
        stream.conn.send_close_notify();
        let _ = stream.flush();
    })
}

/// Answers every question with its path, and hands out their heads.
pub fn plain_server() -> (SocketAddr, Receiver<String>) {
    served(|mut stream, asked| answer(&mut stream, asked))
}

/// A proxy that answers for every plain address itself, leads every tunnel to `target`, and hands out what it was asked.
pub fn proxy(target: SocketAddr) -> (SocketAddr, Receiver<String>) {
    served(move |mut stream, asked| {
        let Some(head) = head(&mut stream) else { return };
        let is_tunnel = head.starts_with("CONNECT ");
        let _ = asked.send(head);
        if !is_tunnel {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nproxy");
            return;
        }
        let mut other = TcpStream::connect(target).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let (mut from, mut to) = (stream.try_clone().unwrap(), other.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut from, &mut to));
        let _ = std::io::copy(&mut other, &mut stream);
        let _ = stream.shutdown(std::net::Shutdown::Both);
    })
}

fn served(serve: impl Fn(TcpStream, &Sender<String>) + Send + Sync + 'static) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, heads) = channel();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (serve, asked) = (Arc::clone(&serve), asked.clone());
            std::thread::spawn(move || serve(stream, &asked));
        }
    });
    (address, heads)
}

fn answer(stream: &mut (impl Read + Write), asked: &Sender<String>) {
    let Some(head) = head(stream) else { return };
    let path = head.split(' ').nth(1).unwrap_or_default();
    let whole = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{path}", path.len());
    let _ = stream.write_all(whole.as_bytes());
    let _ = asked.send(head);
}

/// Reads up to the empty line; `None` when nobody asks.
fn head(stream: &mut impl Read) -> Option<String> {
    let mut lines = BufReader::with_capacity(1, stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if lines.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    Some(head)
}

fn pem(text: &str) -> CertificateDer<'static> {
    rustls::pki_types::pem::PemObject::from_pem_slice(text.as_bytes()).unwrap()
}
