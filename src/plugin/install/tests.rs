//! Bounds on what servers may do, with a server of this process that answers everything alike.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;
use crate::component::fake;

/// Answers every question with `head` and `body`, and keeps the connection open.
fn server(head: &'static str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let body = body.clone();
            std::thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(format!("HTTP/1.1 {head}\r\n\r\n").as_bytes());
                let _ = stream.write_all(&body);
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            });
        }
    });
    address
}

/// Returns why nothing is installed from `address` when a text may be 1 KiB long.
async fn told(address: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (cx, _) = fake::run_cx(folder.path());
    let host = PLACES.iter().fold(cx.host.clone(), |host, name| host.with_variable(name, address));
    let limits = Limits { pauses: vec![Duration::ZERO], text: 1 << 10, file: 1 << 10 };
    let installer = Installer::with(&host, Duration::from_millis(200), limits, 1 << 10).unwrap();
    let source = Source::parse("github.com/acme/p").unwrap();
    let installed = installer.install_newest(&cx, folder.path(), &source, None, false).await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    installed.unwrap_err().to_string()
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    let silent = told(&server("200 OK\r\nContent-Length: 99", b"[".to_vec())).await;
    assert!(silent.contains("timed out") && silent.ends_with("(tried 2 times)"), "{silent}");
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let endless = told(&server("200 OK", vec![b' '; 1 << 20])).await;
    assert!(endless.ends_with("tags: the answer is longer than 1 KiB"), "{endless}");
}

#[tokio::test]
async fn what_is_no_answer_at_all_is_an_error() {
    let odd = told(&server("999 Odd", Vec::new())).await;
    assert!(odd.contains("the server answers 999"), "{odd}");
    assert!(told(&server("", Vec::new())).await.starts_with("* 127.0.0.1: http://127.0.0.1:"));
    let refused = told("http://127.0.0.1:1").await;
    assert!(refused.contains("refused"), "{refused}");
}

#[test]
fn an_address_that_is_none_is_told_with_its_variable() {
    for name in PLACES {
        let host = Host::fixed("/".as_ref(), &[(name, "ftp://x")]);
        assert!(Installer::new(&host).err().unwrap().starts_with(name));
    }
}
