//! A server that answers what it was told to, for tests of the clients.
//!
//! Tests only.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

use super::Clients;
use crate::host::{Host, SecretStores, Store};

/// Answers one connection after the other; returns the address and what each of them asked.
pub fn serve(answers: Vec<String>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (asked, requests) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = vec![0; 16 << 10];
            let mut read = 0;
            while !bytes[..read].windows(4).any(|four| four == b"\r\n\r\n") {
                read += stream.read(&mut bytes[read..]).unwrap();
            }
            let _ = asked.send(String::from_utf8_lossy(&bytes[..read]).into_owned());
            stream.write_all(answer.replacen("\r\n", "\r\nConnection: close\r\n", 1).as_bytes()).unwrap();
        }
    });
    (address, requests)
}

/// Asks the real clients in a world with these variables.
pub fn ask(environment: &[(&str, &str)], store: Store, name: &str) -> Result<String, String> {
    Clients.read(&Host::fixed(Path::new("/"), environment), store, name)
}
