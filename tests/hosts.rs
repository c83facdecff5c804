//! Engines that are not behind the usual socket: over TLS, over ssh, at another socket; each a real way to the real one.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::docker::Corner;
use crate::support::parts;
use crate::support::sandbox::Sandbox;

const BUILD: [&str; 3] = ["build", "-color=false", "t.pkr.hcl"];
const SOCKET: &str = "/var/run/docker.sock";

/// A build that uses every sort of call: a Dockerfile, a command, an upload, a commit.
fn sandbox(corner: &str) -> Sandbox {
    let template = r#"
source "docker" "c" {
  commit = true
  build {
    path = "Dockerfile"
    pull = false
  }
}
build {
  sources = ["docker.c"]
  provisioner "file" {
    content     = "sent along"
    destination = "/sent"
  }
  provisioner "shell" { inline = ["cat /sent /built"] }
}
"#;
    let dockerfile = format!("FROM packer-rs/{corner}:base\nRUN echo and built > /built\n");
    Sandbox::new().file("t.pkr.hcl", template).file("Dockerfile", &dockerfile)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").port()
}

fn run(program: &str, folder: &Path, words: &str) {
    let mut command = Command::new(program);
    let output = command.args(words.split(' ')).current_dir(folder).output().expect("the program starts");
    assert!(output.status.success(), "{program} {words}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A program that listens; ends with the test.
struct Server(Child);

impl Server {
    fn start(command: &mut Command, port: u16) -> Server {
        let server = Server(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the server starts"));
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "nothing listens at {port}");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Builds with more environment, and returns what was said, and the exit code.
fn build(sandbox: &Sandbox, environment: &[(&str, &str)]) -> (String, Option<i32>) {
    let output = sandbox.packer(BUILD).envs(environment.iter().copied()).output().expect("the program starts");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
}

fn succeeds(sandbox: &Sandbox, corner: &Corner, environment: &[(&str, &str)]) {
    let (said, code) = build(sandbox, environment);
    assert_eq!(code, Some(0), "{environment:?}: {said}");
    assert!(said.contains("docker.c: sent alongand built"), "{said}");
    assert!(corner.containers().is_empty(), "{said}");
    corner.sweep();
}

fn fails(sandbox: &Sandbox, corner: &Corner, environment: &[(&str, &str)], words: &str) {
    let (said, code) = build(sandbox, environment);
    assert_eq!(code, Some(1), "{environment:?}: {said}");
    assert!(said.contains(words), "{environment:?}: {said}");
    assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
}

/// Makes an authority `ca.pem` with a server's and a client's certificate in `folder`.
fn make_certificates(folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder can be made");
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    run("openssl", folder, &format!("req -x509 {key} -subj /CN=authority -days 2 -keyout ca-key.pem -out ca.pem"));
    for (name, extensions) in [("server", "subjectAltName=IP:127.0.0.1"), ("client", "extendedKeyUsage=clientAuth")] {
        std::fs::write(folder.join("extensions"), extensions).expect("a file can be written");
        run("openssl", folder, &format!("req {key} -subj /CN={name} -keyout {name}-key.pem -out {name}.csr"));
        let signed = "-CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile extensions -days 2";
        run("openssl", folder, &format!("x509 -req -in {name}.csr {signed} -out {name}.pem"));
    }
    for (from, to) in [("client.pem", "cert.pem"), ("client-key.pem", "key.pem")] {
        std::fs::rename(folder.join(from), folder.join(to)).expect("it can be renamed");
    }
}

/// The engine behind TLS: socat asks for a certificate, checks it, and passes the bytes on.
fn behind_tls(folder: &Path) -> (Server, String) {
    let port = free_port();
    let listen = format!(
        "OPENSSL-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork,cert=server.pem,key=server-key.pem,cafile=ca.pem,verify=1"
    );
    let mut socat = Command::new("socat");
    socat.args(["-t", "30", &listen, &format!("UNIX-CONNECT:{SOCKET}")]).current_dir(folder);
    (Server::start(&mut socat, port), format!("tcp://127.0.0.1:{port}"))
}

#[test]
fn an_engine_behind_tls_is_reached_and_both_sides_are_checked() {
    if !parts::docker() || !parts::program("socat") || !parts::program("openssl") {
        return;
    }
    let corner = Corner::new("hosts-tls");
    let sandbox = sandbox("hosts-tls");
    let (keys, others) = (sandbox.root().join("keys"), sandbox.root().join("others"));
    make_certificates(&keys);
    make_certificates(&others);
    let (_server, address) = behind_tls(&keys);
    let host = ("DOCKER_HOST", &*address);
    let path = |folder: &Path| folder.to_str().expect("text").to_owned();
    let (own, wrong) = (path(&keys), path(&others));
    let verified = |folder| [host, ("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", folder)];
    succeeds(&sandbox, &corner, &verified(&own));
    succeeds(&sandbox, &corner, &[host, ("DOCKER_TLS", "1"), ("DOCKER_CERT_PATH", &own)]);
    fails(&sandbox, &corner, &verified(&wrong), "invalid peer certificate");
    fails(&sandbox, &corner, &[host, ("DOCKER_TLS", "1"), ("DOCKER_CERT_PATH", &wrong)], "cannot reach the container");
    fails(&sandbox, &corner, &[host], "cannot reach the container engine");
    // An address that the certificate does not name.
    let other_name = address.replace("127.0.0.1", "localhost");
    let mut named = verified(&own);
    named[0].1 = &other_name;
    fails(&sandbox, &corner, &named, "certificate not valid for name \"localhost\"");
    // The authority alone: we know the engine, it does not know us.
    std::fs::remove_file(keys.join("cert.pem")).expect("it is there");
    std::fs::remove_file(keys.join("key.pem")).expect("it is there");
    fails(&sandbox, &corner, &verified(&own), "cannot reach the container engine");
}

#[test]
fn a_context_with_certificates_is_used() {
    if !parts::docker() || !parts::program("socat") || !parts::program("openssl") {
        return;
    }
    let corner = Corner::new("hosts-context");
    let sandbox = sandbox("hosts-context");
    let keys = sandbox.root().join("keys");
    make_certificates(&keys);
    let (_server, address) = behind_tls(&keys);
    let at = |name: &str| keys.join(name).display().to_string();
    let files = format!("host={address},ca={},cert={},key={}", at("ca.pem"), at("cert.pem"), at("key.pem"));
    let mut context = Command::new("docker");
    context.args(["context", "create", "far", "--docker", &files]).env("HOME", sandbox.root().join("home"));
    let made = context.output().expect("the client starts");
    assert!(made.status.success(), "{made:?}");
    succeeds(&sandbox, &corner, &[("DOCKER_CONTEXT", "far")]);
}

/// A real sshd with a host key, an account's key and a configuration of its own, and an `ssh` that knows them.
fn sshd(folder: &Path) -> (Server, u16) {
    let port = free_port();
    std::fs::create_dir_all(folder.join("bin")).expect("a folder can be made");
    for name in ["host", "mine"] {
        run("ssh-keygen", folder, &format!("-q -t ed25519 -N  -f {name}"));
    }
    std::fs::copy(folder.join("mine.pub"), folder.join("authorized")).expect("the key is there");
    let at = |name: &str| folder.join(name).display().to_string();
    let server = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\nPidFile none\n\
         PermitRootLogin prohibit-password\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n",
        at("host"),
        at("authorized")
    );
    let host_key = std::fs::read_to_string(folder.join("host.pub")).expect("the key is there");
    std::fs::write(folder.join("known"), format!("[127.0.0.1]:{port} {host_key}")).expect("a file can be written");
    let client = format!("IdentityFile {}\nIdentitiesOnly yes\nUserKnownHostsFile {}\n", at("mine"), at("known"));
    let wrapper = format!("#!/bin/sh\nexec /usr/bin/ssh -F {} \"$@\"\n", at("client.conf"));
    for (name, text) in [("sshd.conf", server), ("client.conf", client), ("bin/ssh", wrapper)] {
        std::fs::write(folder.join(name), text).expect("a file can be written");
    }
    std::fs::set_permissions(folder.join("bin/ssh"), std::fs::Permissions::from_mode(0o755)).expect("it may be run");
    // Where Debian's sshd, started by root, locks its helper in.
    let _ = std::fs::create_dir_all("/run/sshd");
    let mut sshd = Command::new("/usr/sbin/sshd");
    sshd.args(["-D", "-e", "-f"]).arg(folder.join("sshd.conf"));
    (Server::start(&mut sshd, port), port)
}

/// What is checked of a build with more environment.
type Check<'c> = &'c dyn Fn(&[(&str, &str)]);

#[test]
fn an_engine_on_another_machine_is_reached_by_ssh() {
    if !parts::docker() || !parts::file("/usr/sbin/sshd") || !parts::program("ssh") {
        return;
    }
    let corner = Corner::new("hosts-ssh");
    let sandbox = sandbox("hosts-ssh");
    let folder = sandbox.root().join("ssh");
    let (_server, port) = sshd(&folder);
    let user = String::from_utf8(Command::new("id").arg("-un").output().expect("id starts").stdout).expect("a name");
    let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").expect("a PATH"));
    let address = format!("ssh://{}@127.0.0.1:{port}", user.trim());
    let at = |address: &str| [("PATH", path.clone()), ("DOCKER_HOST", address.to_owned())];
    let with = |address: &str, check: Check<'_>| {
        let environment = at(address);
        check(&environment.each_ref().map(|(name, value)| (*name, value.as_str())));
    };
    with(&address, &|environment| succeeds(&sandbox, &corner, environment));
    with(&format!("{address}{SOCKET}"), &|environment| succeeds(&sandbox, &corner, environment));
    let elsewhere = format!("{address}/nowhere/engine.sock");
    with(&elsewhere, &|environment| fails(&sandbox, &corner, environment, "/nowhere/engine.sock"));
    std::fs::write(folder.join("authorized"), "").expect("a file can be written");
    with(&address, &|environment| fails(&sandbox, &corner, environment, "ssh says: "));
    with(&address, &|environment| fails(&sandbox, &corner, environment, "Permission denied"));
}
