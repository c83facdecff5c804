//! The `http` data source against servers of this process.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc;

use tokio_util::sync::CancellationToken;

use super::*;
use crate::host::Host;

/// Answers each connection with the next of `answers`, in which `HERE` is its address, and hands out what it was asked.
fn server(answers: Vec<String>) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let here = format!("http://{}", listener.local_addr().unwrap());
    let address = here.clone();
    let (asked, questions) = mpsc::channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            asked.send(question(&mut stream)).unwrap();
            // Whoever has heard enough goes away early.
            let _ = stream.write_all(answer.replace("HERE", &address).as_bytes());
        }
    });
    (here, questions)
}

fn question(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let count = stream.read(&mut piece).unwrap();
        text.extend_from_slice(&piece[..count]);
        let all = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = all.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap_or("0");
        if count == 0 || body.len() >= length.parse().unwrap() {
            return all;
        }
    }
}

fn whole(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn config(url: &str, method: &str, body: &str) -> Config {
    let request_headers =
        BTreeMap::from([("x-given".to_owned(), "yes".to_owned()), ("Authorization".into(), "me".into())]);
    Config { url: url.to_owned(), method: method.to_owned(), request_headers, request_body: body.to_owned() }
}

async fn execute(config: Config) -> Result<Value> {
    let cx = DataCx { host: Host::fixed(Path::new("/"), &[]), cancel: CancellationToken::new() };
    Http { config }.execute(&cx).await
}

fn problems(members: &[(&str, Value)]) -> Vec<String> {
    let settings = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
    match (KIND.component.prepare)(&settings, &crate::component::fake::prepare_cx(Path::new("/"))) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.into_iter().map(|problem| problem.detail).collect(),
    }
}

#[test]
fn all_that_is_wrong_with_the_settings_is_told() {
    // D-3
    let method = "the `method` must be one of [HEAD GET POST PUT DELETE OPTIONS PATCH]";
    assert_eq!(problems(&[("method", "get".into())]), ["the `url` must be specified", method]);
    assert!(problems(&[("url", "http://a/".into())]).is_empty());
}

#[tokio::test]
async fn the_outputs_are_the_url_the_body_and_the_headers_of_the_answer() {
    // D-1, X-24
    let answer = whole("200 OK", "x-many: one\r\nX-Many: two\r\ncontent-type: text/plain\r\n", "wörld");
    let (here, questions) = server(vec![answer]);
    let value = execute(config(&here, "POST", "{}")).await.unwrap();
    let asked = questions.recv().unwrap();
    assert!(asked.starts_with("POST / HTTP/1.1\r\n") && asked.contains("X-Given: yes\r\n") && asked.ends_with("{}"));
    let outputs = value.as_members().unwrap();
    assert_eq!((outputs["url"].as_str(), outputs["body"].as_str()), (Some(&*here), Some("wörld")));
    let headers = outputs["request_headers"].as_members().unwrap();
    assert_eq!((headers["X-Many"].as_str(), headers["Content-Type"].as_str()), (Some("one, two"), Some("text/plain")));
}

#[tokio::test]
async fn a_redirect_turns_every_method_into_get_unless_it_says_to_keep_it() {
    for (status, method) in
        [("302 Found", "GET"), ("301 Moved", "GET"), ("307 Temporary", "PUT"), ("308 Permanent", "PUT")]
    {
        let (here, questions) = server(vec![whole(status, "Location: /next\r\n", ""), whole("200 OK", "", "there")]);
        let value = execute(config(&here, "PUT", "sent")).await.unwrap();
        assert_eq!(value.as_members().unwrap()["body"].as_str(), Some("there"));
        let (_, second) = (questions.recv().unwrap(), questions.recv().unwrap());
        assert!(second.starts_with(&format!("{method} /next ")), "{status}: {second}");
        assert_eq!(second.ends_with("sent"), method == "PUT", "{status}");
        assert!(second.contains("Authorization: me"), "{status}");
    }
}

#[tokio::test]
async fn another_host_does_not_get_what_is_private() {
    let (other, questions) = server(vec![whole("200 OK", "", "")]);
    let other = other.replace("127.0.0.1", "localhost");
    let (here, _first) = server(vec![whole("302 Found", &format!("Location: {other}/\r\n"), "")]);
    execute(config(&here, "GET", "")).await.unwrap();
    let second = questions.recv().unwrap();
    assert!(!second.contains("Authorization") && second.contains("X-Given"), "{second}");
}

#[tokio::test]
async fn what_is_no_answer_is_an_error_that_says_so() {
    // D-1
    let error = |text: anyhow::Result<Value>| format!("{:#}", text.unwrap_err());
    let (here, _questions) = server(vec![whole("404 Not Found", "", "gone")]);
    assert_eq!(error(execute(config(&here, "", "")).await), "HTTP request error. Response code: 404");
    let (here, _questions) = server(vec![whole("302 Found", "Location: HERE\r\n", ""); 10]);
    let endless = format!("Get \"{here}/\", after a redirect: stopped after 10 redirects");
    assert_eq!(error(execute(config(&here, "GET", "")).await), endless);
    let (here, _questions) = server(vec![whole("302 Found", "", "")]);
    assert_eq!(error(execute(config(&here, "GET", "")).await), "Get: 302 response missing Location header");
    let refused = error(execute(config("http://127.0.0.1:1/", "GET", "")).await);
    assert!(refused.starts_with("Get: ") && refused.ends_with("refused"), "{refused}");
    assert!(error(execute(config("nowhere", "GET", "")).await).starts_with("cannot read the url: "));
    assert_eq!(exchange::shown("http://u:secret@a/"), "http://u:***@a/");
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat((32 << 20) + 1));
    let (here, _questions) = server(vec![endless]);
    let error = execute(config(&here, "GET", "")).await.unwrap_err().to_string();
    assert!(error.ends_with("the answer is longer than 32 MiB"), "{error}");
}
