//! How servers are reached, as people set it: through the words and the environment of the program.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::support::sandbox::{Ran, Sandbox};

/// Answers one question with `answer`; returns its address, and what it was asked once it was.
fn server(answer: &str) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{answer}", answer.len());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody asks");
        let mut question = [0; 8192];
        let length = stream.read(&mut question).expect("a question");
        stream.write_all(answer.as_bytes()).expect("it listens");
        String::from_utf8_lossy(&question[..length]).into_owned()
    });
    (address, asked)
}

fn run(sandbox: &Sandbox, environment: &[(&str, &str)], words: &str) -> Ran {
    let mut packer = sandbox.packer(words.split(' '));
    Ran(packer.envs(environment.iter().copied()).output().expect("the program starts"))
}

#[test]
fn the_http_data_source_asks_the_proxy_of_the_environment() {
    let (proxy, asked) = server("from the proxy");
    let template = "data \"http\" \"h\" { url = \"http://far.example/x\" }\nlocals { body = data.http.h.body }\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", template);
    let found = run(&sandbox, &[("http_proxy", &proxy)], "inspect t.pkr.hcl");
    found.exits(0).says("local.body: \"from the proxy\"");
    assert!(asked.join().expect("it was asked").starts_with("GET http://far.example/x "));
    let environment = [("http_proxy", &*proxy), ("REQUEST_METHOD", "GET")];
    let refused = run(&sandbox, &environment, "validate -evaluate-datasources t.pkr.hcl");
    refused.exits(1).says("refusing to use HTTP_PROXY");
}

#[cfg(feature = "amazon")]
#[test]
fn secrets_of_amazon_come_over_our_own_connections() {
    // FN-113
    let (store, asked) = server(r#"{"Name": "app", "SecretString": "{\"k\": \"a value\"}"}"#);
    let template = "local \"secret\" {\n  expression = length(aws_secretsmanager(\"app\", \"k\"))\n}\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", template);
    let store = format!("http://{store}");
    let environment = [
        ("AWS_ENDPOINT_URL", &*store),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
        ("AWS_CA_BUNDLE", ""),
    ];
    run(&sandbox, &environment, "inspect t.pkr.hcl").exits(0).says("local.secret: \"7\"");
    let asked = asked.join().expect("it was asked").to_lowercase();
    assert!(asked.starts_with("post / ") && asked.contains("x-amz-target: secretsmanager.getsecretvalue"), "{asked}");
    let environment = [&environment[..4], &[("AWS_CA_BUNDLE", "gone.pem")]].concat();
    run(&sandbox, &environment, "validate t.pkr.hcl").exits(1).says("gone.pem: No such file");
}
