//! Data sources as people meet them: who is asked, how often, and what an interrupt does meanwhile.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::sandbox::Sandbox;

const TEMPLATE: &str = "variable \"port\" {}\ndata \"http\" \"h\" {\n  url = \"http://127.0.0.1:${var.port}/\"\n}\n\
                        source \"null\" \"a\" { communicator = \"none\" }\nsource \"null\" \"b\" { communicator = \"none\" }\n\
                        build {\n  sources = [\"null.a\", \"null.b\"]\n  provisioner \"shell-local\" {\n    \
                        inline = [\"echo ${data.http.h.body}\"]\n  }\n}\n";

fn port(listener: &TcpListener) -> String {
    format!("port={}", listener.local_addr().expect("an address").port())
}

#[test]
fn a_server_is_asked_once_by_a_build_and_by_validate_only_on_request() {
    // HCL-54, HCL-56
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = port(&listener);
    let server = std::thread::spawn(move || {
        for word in ["first", "second"] {
            let (mut stream, _) = listener.accept().expect("somebody asks");
            let mut question = [0; 4096];
            assert!(stream.read(&mut question).expect("a question") > 0);
            let answer =
                format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{word}", word.len());
            stream.write_all(answer.as_bytes()).expect("it listens");
        }
    });
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    sandbox.run(["validate", "-var", &port, "t.pkr.hcl"]).exits(0);
    let built = sandbox.run(["build", "-color=false", "-var", &port, "t.pkr.hcl"]).exits(0);
    built.says("==> null.a: first\n").says("==> null.b: first\n");
    sandbox.run(["validate", "-evaluate-datasources", "-var", &port, "t.pkr.hcl"]).exits(0);
    server.join().expect("it was asked twice");
}

#[test]
fn an_interrupt_ends_the_wait_for_a_server_that_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = port(&listener);
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    for words in [&["build", "-color=false"][..], &["validate", "-evaluate-datasources"]] {
        let words = [words, &["-var", &port, "t.pkr.hcl"]].concat();
        let child = sandbox.packer(words).stdout(Stdio::piped()).spawn().expect("it starts");
        let _connection = listener.accept().expect("it asks");
        let began = Instant::now();
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts").success());
        let output = child.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(began.elapsed() < Duration::from_secs(2), "{text}");
        assert!(
            output.status.code() == Some(1) && text.starts_with("Cancelling build after receiving interrupt"),
            "{text}"
        );
    }
}
