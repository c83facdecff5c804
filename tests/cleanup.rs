//! What `packer cleanup` leaves alone, and what it ends: the cases beside a plain docker build.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::docker::{Corner, docker};
use crate::support::parts;
use crate::support::sandbox::Sandbox;

const BUILD: [&str; 3] = ["build", "-color=false", "t.pkr.hcl"];
const NOTHING: &str = "Nothing is left behind.\n";

/// Makes a file with `builder`, waits in a script, and ends when a file `go` is there.
fn waiting(stages: &str) -> String {
    format!(
        r#"
source "file" "f" {{
  content = "x"
  target  = "made.txt"
}}
build {{
  sources = ["file.f"]
{stages}
  post-processor "shell-local" {{
    inline = ["touch began", "while [ ! -e go ]; do sleep 0.05; done"]
  }}
}}
"#
    )
}

fn start(sandbox: &Sandbox) -> Child {
    let child = sandbox.packer(BUILD).stdout(Stdio::piped()).spawn().expect("the program starts");
    until("the script runs", || sandbox.work().join("began").exists());
    child
}

fn kill(mut child: Child) {
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn work_files(sandbox: &Sandbox) -> Vec<String> {
    let listing = std::fs::read_dir(sandbox.work()).expect("a folder");
    let mut names: Vec<_> =
        listing.map(|file| file.expect("a file").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}

#[test]
fn new_results_of_a_killed_build_go_and_files_that_were_there_stay() {
    let stages = r#"
  post-processor "checksum" { output = "{{.BuildName}}.md5" }
  post-processor "checksum" { output = "mine.md5" }
  post-processor "manifest" { output = "new.json" }
  post-processor "manifest" { output = "mine.json" }
  post-processor "compress" { output = "new.tar" }
  post-processor "compress" { output = "mine.tar" }
"#;
    let sandbox = Sandbox::new().file("t.pkr.hcl", &waiting(stages));
    let sandbox = sandbox.file("mine.md5", "old\n").file("mine.json", "{}").file("mine.tar", "old");
    kill(start(&sandbox));
    sandbox.run(["cleanup"]).exits(0);
    assert_eq!(work_files(&sandbox), ["began", "mine.json", "mine.md5", "mine.tar", "t.pkr.hcl"]);
    assert!(std::fs::read_to_string(sandbox.work().join("mine.md5")).expect("text").starts_with("old\n"));
    assert_eq!(sandbox.run(["cleanup"]).exits(0).stdout(), NOTHING);
}

#[test]
fn a_killed_script_ends_with_all_that_it_has_started() {
    let script = r#"  post-processor "shell-local" { inline = ["sleep 600 & echo $! > pid", "touch began", "wait"] }"#;
    let sandbox = Sandbox::new().file("t.pkr.hcl", &waiting(script));
    kill(start(&sandbox));
    let pid = std::fs::read_to_string(sandbox.work().join("pid")).expect("a number");
    let lives = || {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        text.split(' ').nth(2).is_some_and(|state| state != "Z")
    };
    assert!(lives(), "it goes on alone");
    sandbox.run(["cleanup"]).exits(0);
    assert!(!lives());
    assert_eq!(std::fs::read_dir(sandbox.tmp()).expect("a folder").count(), 0);
}

#[test]
fn a_second_signal_ends_the_program_and_cleanup_does_the_rest() {
    let script = r#"  post-processor "shell-local" { inline = ["trap '' TERM", "touch began", "sleep 600 & while :; do sleep 1; done"] }"#;
    let sandbox = Sandbox::new().file("t.pkr.hcl", &waiting(script));
    let mut child = start(&sandbox);
    let began = Instant::now();
    let terminate = || {
        Command::new("kill").arg(child.id().to_string()).status().expect("kill starts");
    };
    terminate();
    // One that comes within a second is taken for the same signal.
    std::thread::sleep(Duration::from_millis(1_500));
    terminate();
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    assert!(began.elapsed() < Duration::from_secs(4), "it waited for the script");
    sandbox.run(["cleanup"]).exits(0);
    assert_eq!(work_files(&sandbox), ["began", "t.pkr.hcl"]);
    assert_eq!(std::fs::read_dir(sandbox.tmp()).expect("a folder").count(), 0);
}

#[test]
fn a_folder_with_a_login_goes_with_a_killed_push() {
    let push = r#"  post-processor "docker-push" {
    docker_path    = "./client"
    login          = true
    login_username = "u"
    login_password = "p"
  }"#;
    let template = waiting(push).replace(
        "post-processor \"docker-push\"",
        "post-processors {\n post-processor \"docker-tag\" {\n repository = \"r\"\n docker_path = \"./client\"\n }\n post-processor \"docker-push\"",
    );
    // A stand-in for a client: it answers what is asked about images, and never ends a login.
    let client = "#!/bin/sh\ncase $1 in\nlogin) echo secret > \"$DOCKER_CONFIG/config.json\"; touch began; sleep 600;;\n\
                  inspect) echo '[{\"Id\":\"sha256:1\"}]';;\ncommit) echo sha256:1;;\nesac\n";
    let template =
        template.replace("  }\n  post-processor \"shell-local\"", "  }\n }\n  post-processor \"shell-local\"");
    let template = template.replace("source \"file\" \"f\"", "source \"docker\" \"f\"").replace("file.f", "docker.f");
    let template = template.replace(
        "content = \"x\"\n  target  = \"made.txt\"",
        "image = \"x\"\n pull = false\n commit = true\n docker_path = \"./client\"",
    );
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template).file("client", client);
    Command::new("chmod").arg("+x").arg(sandbox.work().join("client")).status().expect("chmod starts");
    kill(start(&sandbox));
    let folders = || std::fs::read_dir(sandbox.tmp()).expect("a folder").count();
    assert_eq!(folders(), 1);
    sandbox.run(["cleanup"]).exits(0);
    assert_eq!(folders(), 0);
}

#[test]
fn what_cannot_be_undone_now_is_undone_by_a_later_call() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("cleanup-later");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &container("cleanup-later", "cleanup"));
    kill(start(&sandbox));
    let journal =
        std::fs::read_dir(sandbox.journal()).expect("a folder").next().expect("a journal").expect("a file").path();
    let text = std::fs::read_to_string(&journal).expect("text");
    std::fs::write(&journal, text.replace("/var/run/docker.sock", "/nowhere/docker.sock")).expect("it can be written");
    sandbox.run(["cleanup"]).exits(1).says("cannot remove container packer-").says("/nowhere/docker.sock");
    let text = std::fs::read_to_string(&journal).expect("it stays");
    std::fs::write(&journal, text.replace("/nowhere/docker.sock", "/var/run/docker.sock")).expect("it can be written");
    sandbox.run(["cleanup"]).exits(0);
    assert!(corner.containers().is_empty());
    assert_eq!(sandbox.run(["cleanup"]).exits(0).stdout(), NOTHING);
}

/// A container in which a command waits; `go` lets it go on, which fails the build.
fn container(corner: &str, label: &str) -> String {
    format!(
        r#"
source "docker" "c" {{
  image  = "packer-rs/{corner}:base"
  pull   = false
  commit = true
}}
build {{
  name    = "{label}"
  sources = ["docker.c"]
  provisioner "shell-local" {{ inline = ["touch began", "while [ ! -e go ]; do sleep 0.05; done"] }}
  provisioner "shell" {{ inline = ["exit 3"] }}
}}
"#
    )
}

#[test]
fn what_abort_leaves_is_the_users() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("cleanup-abort");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &container("cleanup-abort", "abort")).file("go", "");
    sandbox.run(["build", "-color=false", "-on-error=abort", "t.pkr.hcl"]).exits(1);
    assert_eq!(sandbox.run(["cleanup"]).exits(0).stdout(), NOTHING);
    assert_eq!(corner.containers().len(), 1);
}

#[test]
fn a_name_goes_back_to_the_image_that_had_it() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("cleanup-name");
    let template = container("cleanup-name", "name").replace("provisioner \"shell\" { inline = [\"exit 3\"] }", "")
        .replace("provisioner \"shell-local\"", "post-processor \"docker-tag\" {\n repository = \"packer-rs/cleanup-name\"\n tags = [\"mine\", \"new\"]\n}\n post-processor \"shell-local\"");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
    let id = |name: &str| docker(&["images", "-q", "--no-trunc", name]);
    docker(&["tag", "packer-rs/cleanup-name:base", "packer-rs/cleanup-name:mine"]);
    let before = id("packer-rs/cleanup-name:mine");
    let child = start(&sandbox);
    assert_ne!(id("packer-rs/cleanup-name:mine"), before);
    kill(child);
    sandbox.run(["cleanup"]).exits(0);
    assert_eq!((id("packer-rs/cleanup-name:mine"), id("packer-rs/cleanup-name:new")), (before, String::new()));
    assert!(corner.images().is_empty() && corner.containers().is_empty());
    docker(&["rmi", "packer-rs/cleanup-name:mine"]);
}

#[test]
fn two_programs_and_a_cleanup_at_once_do_not_disturb_each_other() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", &waiting(""));
    let dead = Sandbox::new().file("t.pkr.hcl", &waiting(""));
    let state = sandbox.root().join("home/.local/state");
    let in_one_journal = |of: &Sandbox| {
        let mut command = of.packer(BUILD);
        command.env("XDG_STATE_HOME", &state).stdout(Stdio::piped());
        command
    };
    let child = in_one_journal(&dead).spawn().expect("the program starts");
    until("the script runs", || dead.work().join("began").exists());
    kill(child);
    let living: Vec<Child> = (0..2).map(|_| in_one_journal(&sandbox).spawn().expect("the program starts")).collect();
    until("the scripts run", || std::fs::read_dir(sandbox.journal()).is_ok_and(|runs| runs.count() == 3));
    until("the script runs", || sandbox.work().join("began").exists());
    let cleanups: Vec<Child> =
        (0..2).map(|_| sandbox.packer(["cleanup"]).stdout(Stdio::piped()).spawn().expect("it starts")).collect();
    for cleanup in cleanups {
        assert!(cleanup.wait_with_output().expect("it ends").status.success());
    }
    assert_eq!(work_files(&dead), ["began", "t.pkr.hcl"]);
    std::fs::write(sandbox.work().join("go"), "").expect("a file can be written");
    for child in living {
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    assert_eq!(sandbox.run(["cleanup"]).exits(0).stdout(), NOTHING);
}
