//! Podman in docker's place: as the client program that `docker_path` names, and as a rootless engine behind its socket.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::docker::docker;
use crate::support::parts;
use crate::support::sandbox::{PACKER, Sandbox};

const BASE: &str = "localhost/packer-test/podman:base";

/// A podman with a store and settings of its own, as an account without rights when the tests run as root.
struct Podman {
    sandbox: Sandbox,
    rootless: bool,
}

impl Podman {
    /// Makes one that has the base image.
    fn new(rootless: bool) -> Podman {
        let podman = Podman { sandbox: Sandbox::new(), rootless };
        let at = |name: &str| podman.sandbox.root().join(name).display().to_string();
        for folder in ["store", "run"] {
            std::fs::create_dir(at(folder)).expect("a folder can be made");
        }
        let storage = format!(
            "[storage]\ndriver = \"vfs\"\ngraphroot = {:?}\nrunroot = {:?}\n[storage.options.vfs]\nignore_chown_errors = \"true\"\n",
            at("store"),
            at("run/store")
        );
        // What a sandbox without systemd, CNI plugins and the right to raise limits still runs.
        let containers = "[containers]\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\nnetns = \"none\"\n\
            [engine]\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\nruntime = \"runc\"\n";
        for (name, text) in [("storage.conf", &*storage), ("containers.conf", containers), ("registries.conf", "")] {
            std::fs::write(at(name), text).expect("a file can be written");
        }
        docker(&["save", "packer-rs/base:1", "-o", &at("base.tar")]);
        // A build's result may stand where the account cannot go.
        std::fs::copy(PACKER, at("packer")).expect("the program can be copied");
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(podman.sandbox.root(), open).expect("it is ours");
        if rootless && is_root() {
            let mut own = Command::new("chown");
            own.args(["-R", "65534:65534"]).arg(podman.sandbox.root());
            assert!(own.status().expect("chown starts").success());
        }
        podman.ask(&["load", "-q", "-i", &at("base.tar")]);
        podman.ask(&["tag", "packer-rs/base:1", BASE]);
        podman
    }

    fn command(&self, program: &str) -> Command {
        let mut command = if self.rootless && is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
            command
        } else {
            Command::new(program)
        };
        let root = self.sandbox.root();
        command.current_dir(self.sandbox.work()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .env("HOME", root.join("home"))
            .env("TMPDIR", self.sandbox.tmp())
            .env("XDG_RUNTIME_DIR", root.join("run"));
        command.env("CONTAINERS_CONF", root.join("containers.conf")).env("CHECKPOINT_DISABLE", "1");
        command.env("CONTAINERS_STORAGE_CONF", root.join("storage.conf"));
        command.env("CONTAINERS_REGISTRIES_CONF", root.join("registries.conf"));
        command
    }

    fn ask(&self, words: &[&str]) -> String {
        let output = self.command("podman").args(words).output().expect("podman starts");
        assert!(output.status.success(), "podman {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Builds `template`, which has to succeed, and returns what was said; `host` is where the engine listens.
    fn build(&self, template: &str, host: &str) -> String {
        std::fs::write(self.sandbox.work().join("t.pkr.hcl"), template).expect("a file can be written");
        let packer = self.sandbox.root().join("packer");
        let mut command = self.command(packer.to_str().expect("text"));
        let output = command.env("DOCKER_HOST", host).args(["build", "-color=false", "t.pkr.hcl"]).output();
        let output = output.expect("the program starts");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(self.ask(&["ps", "-aq"]), "", "{said}");
        // Podman leaves files there that have numbers for names.
        let names =
            std::fs::read_dir(self.sandbox.tmp()).expect("a folder").map(|entry| entry.expect("a file").file_name());
        let left: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with('p')).collect();
        assert!(left.is_empty(), "{left:?}: {said}");
        said
    }

    fn images(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.ask(&["images", "-a", "--format", "{{.Repository}}:{{.Tag}}"]).lines().map(str::to_owned).collect();
        names.sort();
        names
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

fn missing() -> bool {
    !parts::docker() || !parts::program("podman")
}

/// A server of the test; ends with it.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn registry(podman: &Podman) -> (Server, String) {
    let address = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").to_string();
    let at = |name: &str| podman.sandbox.root().join(name);
    let settings = format!(
        "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {:?}}}}}\nhttp: {{addr: {address:?}}}\n",
        at("pushed")
    );
    std::fs::write(at("registry.yml"), settings).expect("a file can be written");
    let insecure = format!("[[registry]]\nlocation = {address:?}\ninsecure = true\n");
    std::fs::write(at("registries.conf"), insecure).expect("a file can be written");
    let mut command = Command::new("docker-registry");
    command.arg("serve").arg(at("registry.yml")).stdout(Stdio::null()).stderr(Stdio::null());
    let server = Server(command.spawn().expect("the registry starts"));
    until("the registry answers", || TcpStream::connect(&address).is_ok());
    (server, address)
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(20), "not yet: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn provisioned(settings: &str, post: &str) -> String {
    format!(
        r#"
source "docker" "c" {{
{settings}
}}
build {{
  sources = ["docker.c"]
  provisioner "file" {{
    content     = "sent along"
    destination = "/sent"
  }}
  provisioner "shell" {{ inline = ["cat /sent", "echo"] }}
  post-processors {{
{post}
  }}
}}
"#
    )
}

#[test]
fn podman_as_the_client_builds_commits_saves_and_pushes() {
    if missing() || !parts::program("docker-registry") {
        return;
    }
    let podman = Podman::new(false);
    let (_registry, address) = registry(&podman);
    let dockerfile = format!("FROM {BASE}\nRUN echo built > /built\n");
    std::fs::write(podman.sandbox.work().join("Dockerfile"), dockerfile).expect("a file can be written");
    let settings = "docker_path = \"podman\"\ncommit = true\nchanges = [\"ENV A=b\"]\nbuild {\npath = \"Dockerfile\"\npull = false\n}";
    let post = format!(
        "post-processor \"docker-save\" {{\ndocker_path = \"podman\"\npath = \"saved.tar\"\n}}\n\
         post-processor \"docker-push\" {{\ndocker_path = \"podman\"\nrepository = \"{address}/app\"\ntag = [\"1\", \"2\"]\n}}"
    );
    let said = podman.build(&provisioned(settings, &post), "");
    for part in ["Run command: podman run -v ", "docker.c: sent along", "Pushing: ", "Saved to: saved.tar"] {
        assert!(said.contains(part), "{part:?} is not in {said}");
    }
    let names = podman.images();
    for tag in ["1", "2"] {
        assert!(names.contains(&format!("{address}/app:{tag}")), "{names:?}: {said}");
    }
    assert!(!names.iter().any(|name| name.contains("pending")), "{names:?}: {said}");
    assert!(podman.ask(&["inspect", "--format", "{{.Config.Env}}", &names[0]]).contains("A=b"), "{said}");
    let catalog = podman.sandbox.root().join("pushed/docker/registry/v2/repositories/app/_manifests/tags");
    assert_eq!(std::fs::read_dir(catalog).expect("the registry has it").count(), 2);
    assert!(podman.sandbox.work().join("saved.tar").metadata().expect("a tar").len() > 1 << 20);
}

#[test]
fn podman_as_the_client_exports_and_imports() {
    if missing() {
        return;
    }
    let podman = Podman::new(false);
    let settings = format!("docker_path = \"podman\"\nimage = {BASE:?}\npull = false\nexport_path = \"fs.tar\"");
    let post = "post-processor \"docker-import\" {\ndocker_path = \"podman\"\nrepository = \"localhost/packer-test/imported\"\ntag = \"1\"\nchanges = [\"ENV C=d\"]\n}";
    let said = podman.build(&provisioned(&settings, post), "");
    assert!(said.contains("Imported ID: "), "{said}");
    assert_eq!(podman.images(), ["localhost/packer-rs/base:1", "localhost/packer-test/imported:1", BASE], "{said}");
    let sent = podman.ask(&["run", "--rm", "localhost/packer-test/imported:1", "/bin/cat", "/sent"]);
    assert_eq!(sent, "sent along");
}

#[test]
fn a_rootless_engine_behind_its_socket_is_used() {
    if missing() {
        return;
    }
    let podman = Podman::new(true);
    let socket: PathBuf = podman.sandbox.root().join("run/docker.sock");
    let host = format!("unix://{}", socket.display());
    let mut service = podman.command("podman");
    service.args(["system", "service", "--time=0", &host]).stdout(Stdio::null()).stderr(Stdio::null());
    let _service = Server(service.spawn().expect("podman starts"));
    until("the engine answers", || socket.exists());
    // Without slirp4netns an account without rights has no network to give.
    let run = "[\"-d\", \"-i\", \"-t\", \"--network=none\", \"--entrypoint=/bin/sh\", \"--\", \"{{.Image}}\"]";
    let settings = format!("image = {BASE:?}\npull = false\ncommit = true\nrun_command = {run}");
    let post = "post-processor \"docker-tag\" {\nrepository = \"localhost/packer-test/rootless\"\ntags = [\"1\"]\n}\npost-processor \"docker-save\" {\npath = \"saved.tar\"\n}";
    let said = podman.build(&provisioned(&settings, post), &host);
    assert!(said.contains("docker.c: sent along") && said.contains("Image ID: sha256:"), "{said}");
    let names = podman.images();
    assert_eq!(names, ["localhost/packer-rs/base:1", BASE, "localhost/packer-test/rootless:1"], "{said}");
}
