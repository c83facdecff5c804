//! A server with releases of plugins, in the layout of HashiCorp's site and in that of GitHub; it ends with the tests.

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

/// What the server answers.
#[derive(Clone)]
pub enum Answer {
    /// A whole body.
    Whole(Vec<u8>),
    /// A status, more headers, and an empty body.
    Status(u16, String),
    /// A body that is shorter than was announced.
    Cut(Vec<u8>),
    /// The beginning of a body; the rest never comes.
    Stuck(Vec<u8>),
    /// Another address to ask.
    Elsewhere(String),
}

#[derive(Default)]
struct State {
    /// Answers by path. Of several, each is given once, and the last for ever.
    answers: HashMap<String, Vec<Answer>>,
    /// The head of each question.
    asked: Vec<String>,
    /// Versions by `OWNER/NAME`.
    versions: BTreeMap<String, Vec<String>>,
}

/// The server.
pub struct Releases {
    /// `http://127.0.0.1:port`.
    pub address: String,
    state: Arc<Mutex<State>>,
}

/// This system in the names of archives.
pub fn system() -> String {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{}_{architecture}", std::env::consts::OS)
}

/// Returns the text of a plugin that describes itself as `version`.
pub fn plugin(version: &str) -> String {
    let description = format!(r#"{{"version":"{version}","api_version":"x5.0","builders":["thing"]}}"#);
    format!("#!/bin/sh\n[ \"$1\" = describe ] && echo '{description}'\n")
}

/// Returns an archive with these files.
pub fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a file begins");
        writer.write_all(content.as_bytes()).expect("a file is written");
    }
    writer.finish().expect("an archive ends").into_inner()
}

impl Releases {
    /// Starts one that has nothing.
    pub fn open() -> Releases {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Releases { address, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no answer panics")
    }

    /// Has it give `answers` for `path`, the last one for ever.
    pub fn answer(&self, path: &str, answers: &[Answer]) -> &Releases {
        self.state().answers.insert(path.to_owned(), answers.to_vec());
        self
    }

    /// Adds a sound release in both layouts.
    pub fn release(&self, owner: &str, name: &str, version: &str) -> &Releases {
        let binary = format!("packer-plugin-{name}_v{version}_x5.0_{}", system());
        self.release_of(owner, name, version, archive(&[("LICENSE", "free"), (&binary, &plugin(version))]))
    }

    /// Adds a release with this archive.
    pub fn release_of(&self, owner: &str, name: &str, version: &str, archive: Vec<u8>) -> &Releases {
        let sum = hex::encode(Sha256::digest(&archive));
        let (tag, system) = (format!("v{version}"), system());
        let files = |zip: &str| format!("{}  other.zip\n{sum}  {zip}\n", "0".repeat(64)).into_bytes();
        let base = format!("/packer-plugin-{name}/{version}");
        let zip = format!("packer-plugin-{name}_{version}_{system}.zip");
        let sums = format!("{base}/packer-plugin-{name}_{version}_SHA256SUMS");
        self.answer(&sums, &[Answer::Whole(files(&zip))]);
        let manifest = r#"{"version":1,"metadata":{"protocol_version":"5.0"}}"#;
        let place = format!("{base}/packer-plugin-{name}_{version}_manifest.json");
        self.answer(&place, &[Answer::Whole(manifest.into())]);
        self.answer(&format!("{base}/{zip}"), &[Answer::Whole(archive.clone())]);
        let zip = format!("packer-plugin-{name}_{tag}_x5.0_{system}.zip");
        self.answer(&Releases::sums(owner, name, version), &[Answer::Whole(files(&zip))]);
        self.answer(&Releases::zip(owner, name, version), &[Answer::Whole(archive)]);
        self.tag(owner, name, version)
    }

    /// Adds a version of which there is no release.
    pub fn tag(&self, owner: &str, name: &str, version: &str) -> &Releases {
        let mut state = self.state();
        let versions = state.versions.entry(format!("{owner}/{name}")).or_default();
        versions.push(version.to_owned());
        let versions = versions.clone();
        drop(state);
        let listed: Vec<String> = versions.iter().map(|v| format!("\"{v}\":{{\"version\":\"{v}\"}}")).collect();
        let index = format!("{{\"name\":\"x\",\"versions\":{{{}}}}}", listed.join(","));
        self.answer(&format!("/packer-plugin-{name}/index.json"), &[Answer::Whole(index.into())]);
        let tags: Vec<String> = versions.iter().map(|v| format!("{{\"ref\":\"refs/tags/v{v}\"}}")).collect();
        self.answer(&Releases::tags(owner, name), &[Answer::Whole(format!("[{}]", tags.join(",")).into())])
    }

    /// Returns where the tags of a plugin stand.
    pub fn tags(owner: &str, name: &str) -> String {
        format!("/repos/{owner}/packer-plugin-{name}/git/matching-refs/tags")
    }

    /// Returns where the checksums of a release on GitHub stand.
    pub fn sums(owner: &str, name: &str, version: &str) -> String {
        let folder = format!("/{owner}/packer-plugin-{name}/releases/download/v{version}");
        format!("{folder}/packer-plugin-{name}_v{version}_SHA256SUMS")
    }

    /// Returns where the archive of a release on GitHub stands.
    pub fn zip(owner: &str, name: &str, version: &str) -> String {
        let folder = format!("/{owner}/packer-plugin-{name}/releases/download/v{version}");
        format!("{folder}/packer-plugin-{name}_v{version}_x5.0_{}.zip", system())
    }

    /// Returns the heads of all questions so far whose path holds `part`.
    pub fn asked(&self, part: &str) -> Vec<String> {
        let wanted = |head: &&String| head.lines().next().is_some_and(|line| line.contains(part));
        self.state().asked.iter().filter(wanted).cloned().collect()
    }

    /// Waits until somebody has asked for a path that holds `part`.
    pub fn wait_for(&self, part: &str) {
        while self.asked(part).is_empty() {
            std::thread::yield_now();
        }
    }

    /// Has `command` ask this server, whatever it asks for.
    pub fn used_by<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        for name in ["PACKER_PLUGIN_RELEASES_URL", "PACKER_GITHUB_API_URL", "PACKER_GITHUB_URL"] {
            command.env(name, &self.address);
        }
        command
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(&stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            match reader.read_line(&mut head) {
                Ok(1..) => {}
                _ => return,
            }
        }
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        let answer = {
            let mut state = state.lock().expect("no answer panics");
            state.asked.push(head.clone());
            match state.answers.get_mut(&path) {
                None => Answer::Status(404, String::new()),
                Some(answers) if answers.len() > 1 => answers.remove(0),
                Some(answers) => answers[0].clone(),
            }
        };
        if write(&stream, answer, &head).is_none() {
            return;
        }
    }
}

/// Writes an answer; `None` when the connection is of no use any more.
fn write(mut stream: &TcpStream, answer: Answer, head: &str) -> Option<()> {
    let mut send = |start: String, body: &[u8]| {
        let sent = stream.write_all(start.as_bytes()).and_then(|()| stream.write_all(body));
        sent.ok()
    };
    let length = |count: usize| format!("Content-Length: {count}\r\n");
    match answer {
        Answer::Whole(body) => {
            let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..8]));
            if head.to_lowercase().contains(&format!("if-none-match: {tag}")) {
                return send(format!("HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n"), b"");
            }
            send(format!("HTTP/1.1 200 OK\r\nETag: {tag}\r\n{}\r\n", length(body.len())), &body)
        }
        Answer::Status(status, headers) => send(format!("HTTP/1.1 {status} Some\r\n{headers}{}\r\n", length(0)), b""),
        Answer::Cut(body) => {
            send(format!("HTTP/1.1 200 OK\r\n{}\r\n", length(body.len() + 9)), &body)?;
            None
        }
        Answer::Stuck(body) => {
            send(format!("HTTP/1.1 200 OK\r\n{}\r\n", length(body.len() + 9)), &body)?;
            // Until the other side goes away.
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
            None
        }
        Answer::Elsewhere(place) => send(format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\n{}\r\n", length(0)), b""),
    }
}
