//! Ways to an engine and its registries: contexts, other clients, the shared folder's place, passwords that are refused.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::docker::{Corner, docker};
use crate::support::parts;
use crate::support::sandbox::Sandbox;

const BUILD: [&str; 3] = ["build", "-color=false", "t.pkr.hcl"];

fn template(settings: &str, post: &str) -> String {
    format!(
        r#"
source "docker" "c" {{
{settings}
}}
build {{
  sources = ["docker.c"]
  provisioner "shell" {{ inline = ["echo inside"] }}
{post}
}}
"#
    )
}

/// A registry that knows the account `tester` with the password `s3cret`; ends with the test.
struct Registry {
    process: Child,
    address: String,
}

impl Registry {
    fn start(sandbox: &Sandbox) -> Registry {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let at = |name: &str| sandbox.root().join(name);
        std::fs::write(at("accounts"), "tester:$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK\n")
            .expect("a file can be written");
        let settings = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {:?}}}}}\nhttp: {{addr: {address:?}}}\nauth: {{htpasswd: {{realm: test, path: {:?}}}}}\n",
            at("storage"),
            at("accounts")
        );
        std::fs::write(at("registry.yml"), settings).expect("a file can be written");
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(at("registry.yml")).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("the registry starts");
        while TcpStream::connect(&address).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }
        Registry { process, address }
    }

    fn account(&self, password: &str) -> String {
        format!(
            "  login          = true\n  login_server   = {:?}\n  login_username = \"tester\"\n  login_password = {password:?}\n",
            self.address
        )
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn nothing_is_left(sandbox: &Sandbox, corner: &Corner, said: &str) {
    assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
    assert_eq!(std::fs::read_dir(sandbox.tmp()).expect("a folder").count(), 0, "{said}");
    assert_eq!(sandbox.run(["cleanup", "-list"]).exits(0).stdout(), "Nothing is left behind.\n");
    assert!(!sandbox.root().join("home/.docker").exists(), "a login is written down");
}

/// Runs a build with everything logged, and returns what it said, its log, and its exit code.
fn logged(sandbox: &Sandbox) -> (String, Option<i32>) {
    let output = sandbox.packer(BUILD).env("PACKER_LOG", "1").output().expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&said).into_owned(), output.status.code())
}

#[test]
fn a_password_that_the_registry_refuses_is_told_in_its_words_and_shown_nowhere() {
    if !parts::docker() || !parts::program("docker-registry") {
        return;
    }
    let corner = Corner::new("engines-login");
    let sandbox = Sandbox::new();
    let registry = Registry::start(&sandbox);
    let remote = format!("{}/engines/login:base", registry.address);
    let (base, wrong) = ("packer-rs/engines-login:base", registry.account("wr0ng-pa55"));
    let push = |account: &str| {
        let tag = format!(
            "    post-processor \"docker-tag\" {{\n      repository = \"{}/engines/login\"\n      tags = [\"1\"]\n    }}\n",
            registry.address
        );
        let push = format!("    post-processor \"docker-push\" {{\n{account}    }}\n");
        let settings = format!("  image  = {base:?}\n  pull   = false\n  commit = true\n");
        template(&settings, &format!("  post-processors {{\n{tag}{push}  }}\n"))
    };
    let pull = |account: &str| template(&format!("  image   = {remote:?}\n  discard = true\n{account}"), "");
    for text in [pull(&wrong), push(&wrong)] {
        std::fs::write(sandbox.work().join("t.pkr.hcl"), &text).expect("a file can be written");
        let (said, code) = logged(&sandbox);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("401 Unauthorized") && said.contains("Build 'docker.c' errored after"), "{said}");
        assert!(!said.contains("wr0ng"), "{said}");
        // A name that docker-tag has given is a result that stays, whatever comes after.
        assert_eq!(corner.images().len(), usize::from(text.contains("docker-push")), "{said}");
        corner.sweep();
        nothing_is_left(&sandbox, &corner, &said);
    }
    // The same with the right one goes well: it was the password.
    let right = registry.account("s3cret");
    std::fs::write(sandbox.work().join("t.pkr.hcl"), push(&right)).expect("a file can be written");
    let (said, code) = logged(&sandbox);
    assert_eq!((code, said.contains("s3cret")), (Some(0), false), "{said}");
    corner.sweep();
    let pull = pull(&right).replace("login:base", "login:1");
    std::fs::write(sandbox.work().join("t.pkr.hcl"), pull).expect("a file can be written");
    let (said, code) = logged(&sandbox);
    assert_eq!((code, said.contains("s3cret")), (Some(0), false), "{said}");
    assert!(said.contains("docker.c: inside"), "{said}");
    corner.sweep();
    nothing_is_left(&sandbox, &corner, &said);
}

#[test]
fn a_registry_that_wants_an_account_refuses_a_build_without_one() {
    if !parts::docker() || !parts::program("docker-registry") {
        return;
    }
    let corner = Corner::new("engines-none");
    let sandbox = Sandbox::new();
    let registry = Registry::start(&sandbox);
    let settings = format!("  image   = \"{}/engines/none:base\"\n  discard = true\n", registry.address);
    let sandbox = sandbox.file("t.pkr.hcl", &template(&settings, ""));
    let ran = sandbox.run(BUILD).exits(1).says("no basic auth credentials").says("Error pulling Docker image");
    nothing_is_left(&sandbox, &corner, &ran.stdout());
}

#[test]
fn the_context_that_the_environment_names_is_used() {
    if !parts::docker() {
        return;
    }
    let _corner = Corner::new("engines-context");
    let text = template("  image   = \"packer-rs/engines-context:base\"\n  pull    = false\n  discard = true\n", "");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &text);
    let host = docker(&["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]);
    for (name, host) in [("here", host.as_str()), ("nowhere", "unix:///nowhere/engine.sock")] {
        let mut command = Command::new("docker");
        command.args(["context", "create", name, "--docker", &format!("host={host}")]);
        let made = command.env("HOME", sandbox.root().join("home")).output().expect("the docker client starts");
        assert!(made.status.success(), "{made:?}");
    }
    for (name, code, words) in [("here", 0, "docker.c: inside"), ("nowhere", 1, "/nowhere/engine.sock")] {
        let output = sandbox.packer(BUILD).env("DOCKER_CONTEXT", name).output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn the_shared_folder_is_made_where_the_environment_says_and_goes() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("engines-shared");
    let settings = "  image   = \"packer-rs/engines-shared:base\"\n  pull    = false\n  discard = true\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template(settings, ""));
    let place = sandbox.root().join("shared/deep");
    let output = sandbox.packer(BUILD).env("PACKER_TMP_DIR", &place).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(&format!("run -v {}/tmp", place.display())), "{said}");
    assert_eq!(std::fs::read_dir(&place).expect("the folder").count(), 0);
    nothing_is_left(&sandbox, &corner, &said);
}

#[test]
fn a_client_that_the_template_names_is_run_for_every_step() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("engines-client");
    let settings = "  docker_path = \"./client\"\n  image  = \"packer-rs/engines-client:base\"\n  pull   = false\n  commit = true\n";
    let script = "#!/bin/sh\necho \"$1\" >> asked\nexec docker \"$@\"\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template(settings, "")).file("client", script);
    let client = sandbox.work().join("client");
    std::fs::set_permissions(client, std::fs::Permissions::from_mode(0o755)).expect("it may be run");
    let ran = sandbox.run(BUILD).exits(0).says("Run command: ./client run -v ").says("docker.c: inside");
    let asked = std::fs::read_to_string(sandbox.work().join("asked")).expect("it was asked");
    for word in ["run", "inspect", "cp", "exec", "commit", "kill", "rm"] {
        assert!(asked.lines().any(|line| line == word), "{word} is not among\n{asked}");
    }
    assert_eq!(corner.images().len(), 1, "{}", ran.stdout());
    corner.sweep();
    nothing_is_left(&sandbox, &corner, &ran.stdout());
}

/// A client behind which an engine makes an image for three seconds, whether anybody waits for it or not.
const SLOW_COMMIT: &str = r#"#!/bin/sh
[ "$1" = commit ] || exec docker "$@"
for word; do case $word in *:pending) name=$word ;; esac; done
container=$(docker ps -q --no-trunc --filter "label=packer-rs-test=engines-commit" | head -n 1)
docker pause "$container" >/dev/null
setsid sh -c 'sleep 3; docker commit --pause=false $1 $2; docker unpause $1' sh "$container" "$name" >/dev/null 2>&1 &
touch committing
wait
"#;

#[test]
fn an_interrupt_does_not_wait_for_an_image_that_takes_long_and_cleanup_removes_it() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("engines-commit");
    let settings = "  docker_path = \"./client\"\n  image  = \"packer-rs/engines-commit:base\"\n  pull   = false\n  commit = true\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template(settings, "")).file("client", SLOW_COMMIT);
    let client = sandbox.work().join("client");
    std::fs::set_permissions(client, std::fs::Permissions::from_mode(0o755)).expect("it may be run");
    let child = sandbox.packer(BUILD).stdout(Stdio::piped()).spawn().expect("the program starts");
    while !sandbox.work().join("committing").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let began = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(began.elapsed() < Duration::from_millis(2500), "{:?}: {said}", began.elapsed());
    assert!(said.contains("`packer cleanup` removes"), "{said}");
    sandbox.run(["cleanup"]).exits(0);
    nothing_is_left(&sandbox, &corner, &said);
    assert!(docker(&["images", "-q", "--filter", "label=packer-rs-test=engines-commit", "*:pending"]).is_empty());
}

#[test]
fn credential_helpers_and_stored_logins_of_the_configuration_are_used() {
    if !parts::docker() || !parts::program("docker-registry") {
        return;
    }
    let corner = Corner::new("engines-helper");
    let sandbox = Sandbox::new();
    let registry = Registry::start(&sandbox);
    let folder = sandbox.root().join("config");
    std::fs::create_dir_all(sandbox.root().join("bin")).expect("a folder can be made");
    std::fs::create_dir(&folder).expect("a folder can be made");
    let program = sandbox.root().join("bin/docker-credential-packertest");
    let asked = sandbox.root().join("asked");
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = get ] || exit 1\ncat >> {0}\necho >> {0}\necho '{{\"Username\":\"tester\",\"Secret\":\"s3cret\"}}'\n",
        asked.display()
    );
    std::fs::write(&program, script).expect("a file can be written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it may be run");
    let path = format!("{}:{}", sandbox.root().join("bin").display(), std::env::var("PATH").expect("a PATH"));
    let settings = "  image  = \"packer-rs/engines-helper:base\"\n  pull   = false\n  commit = true\n";
    let push = format!(
        "  post-processor \"docker-push\" {{\n    repository = \"{}/engines/helper\"\n    tag = \"1\"\n  }}\n",
        registry.address
    );
    let sandbox = sandbox.file("t.pkr.hcl", &template(settings, &push));
    for (config, code, helped) in [
        ("{}".to_owned(), 1, false),
        ("{\"credsStore\":\"packertest\"}".to_owned(), 0, true),
        (format!("{{\"credHelpers\":{{{:?}:\"packertest\"}}}}", registry.address), 0, true),
        // `tester:s3cret`
        (format!("{{\"auths\":{{{:?}:{{\"auth\":\"dGVzdGVyOnMzY3JldA==\"}}}}}}", registry.address), 0, false),
    ] {
        std::fs::write(folder.join("config.json"), &config).expect("a file can be written");
        let _ = std::fs::remove_file(&asked);
        let output = sandbox
            .packer(BUILD)
            .env("PATH", &path)
            .env("DOCKER_CONFIG", &folder)
            .output()
            .expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{config}: {said}");
        assert!(!said.contains("s3cret"), "{config}: {said}");
        let said_to_it = std::fs::read_to_string(&asked).unwrap_or_default();
        assert_eq!(said_to_it.lines().any(|line| line == registry.address), helped, "{config}: {said_to_it}");
        corner.sweep();
        nothing_is_left(&sandbox, &corner, &said);
    }
}
