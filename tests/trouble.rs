//! The world goes wrong: what people are told, and what is left.

use std::process::Command;
use std::time::Duration;

use crate::support::docker::{Corner, docker};
use crate::support::parts;
use crate::support::sandbox::Sandbox;

fn build_of(image: &str, script: &str) -> String {
    format!(
        "source \"docker\" \"c\" {{\n  image  = \"{image}\"\n  pull   = false\n  commit = true\n}}\nbuild {{\n  sources = [\"docker.c\"]\n  provisioner \"shell\" {{\n    inline = [{script:?}]\n  }}\n}}\n"
    )
}

fn nothing_is_left(sandbox: &Sandbox) {
    let left: Vec<_> = std::fs::read_dir(sandbox.tmp()).expect("a folder").collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(sandbox.run(["cleanup", "-list"]).exits(0).stdout(), "Nothing is left behind.\n");
}

#[test]
fn a_missing_engine_is_named_with_the_way_to_start_one() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", &build_of("x", "true"));
    let mut command = sandbox.packer(["build", "-color=false", "t.pkr.hcl"]);
    let output = command.env("DOCKER_HOST", "unix:///nowhere/docker.sock").output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("/nowhere/docker.sock") && said.contains("start"), "{said}");
    nothing_is_left(&sandbox);
}

#[test]
fn a_failing_command_shows_its_output_and_code_and_everything_is_undone() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("trouble-exit");
    let sandbox =
        Sandbox::new().file("t.pkr.hcl", &build_of("packer-rs/trouble-exit:base", "echo to the brim >&2; exit 42"));
    let ran = sandbox.run(["build", "-color=false", "t.pkr.hcl"]).exits(1);
    ran.says("==> docker.c: to the brim")
        .says("Script exited with non-zero exit status: 42. Allowed exit codes are: [0]");
    assert!(corner.containers().is_empty() && corner.images().is_empty());
    nothing_is_left(&sandbox);
}

#[test]
fn a_container_killed_from_outside_fails_the_build_and_goes() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("trouble-kill");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &build_of("packer-rs/trouble-kill:base", "echo up; sleep 60"));
    let child = sandbox
        .packer(["build", "-color=false", "t.pkr.hcl"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let running = || docker(&["ps", "-q", "--filter", "label=packer-rs-test=trouble-kill"]);
    while running().is_empty() {
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_millis(500));
    docker(&["kill", &running()]);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("Build 'docker.c' errored after"), "{said}");
    assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
    nothing_is_left(&sandbox);
}

#[test]
fn an_image_that_is_not_there_fails_before_a_container_is_made() {
    if !parts::docker() {
        return;
    }
    let sandbox = Sandbox::new().file("t.pkr.hcl", &build_of("packer-rs/no-such-image:1", "true"));
    let ran = sandbox.run(["build", "-color=false", "t.pkr.hcl"]).exits(1);
    ran.says("packer-rs/no-such-image:1").says("Error running container");
    nothing_is_left(&sandbox);
}

#[test]
fn a_registry_that_is_not_there_fails_the_push_in_the_engines_words() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("trouble-push");
    let template = build_of("packer-rs/trouble-push:base", "true").trim_end().trim_end_matches('}').to_owned()
        + "  post-processors {\n    post-processor \"docker-tag\" {\n      repository = \"127.0.0.1:1/trouble/push\"\n      tags = [\"1\"]\n    }\n    post-processor \"docker-push\" {}\n  }\n}\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
    sandbox.run(["build", "-color=false", "t.pkr.hcl"]).exits(1).says("Post-processor failed:").says("127.0.0.1:1");
    assert!(corner.containers().is_empty());
    nothing_is_left(&sandbox);
}

#[test]
fn a_full_disk_leaves_no_half_written_result() {
    let sandbox = Sandbox::new();
    let small = sandbox.work().join("small");
    std::fs::create_dir(&small).expect("a folder can be made");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "none"])
        .arg(&small)
        .output()
        .is_ok_and(|o| o.status.success());
    if !mounted {
        // Only root may mount; CI is.
        assert!(std::env::var("CI").as_deref() != Ok("true"), "a small file system cannot be mounted");
        return;
    }
    let template = "source \"null\" \"n\" { communicator = \"none\" }\nbuild {\n  sources = [\"null.n\"]\n  provisioner \"shell-local\" { inline = [\"head -c 1000000 /dev/urandom > noise\"] }\n  post-processors {\n    post-processor \"artifice\" { files = [\"noise\"] }\n    post-processor \"compress\" { output = \"small/noise.tar.gz\" }\n  }\n}\n";
    let sandbox = sandbox.file("t.pkr.hcl", template);
    let ran = sandbox.run(["build", "-color=false", "t.pkr.hcl"]);
    let left: Vec<_> = std::fs::read_dir(&small).expect("a folder").collect();
    let _ = Command::new("umount").arg(&small).status();
    let ran = ran.exits(1).says("Post-processor failed:").says("no space left on device");
    assert!(left.is_empty(), "{left:?}\n{}", ran.stdout());
}

#[test]
fn a_journal_that_cannot_be_written_warns_once_and_the_build_goes_on() {
    let template = "source \"null\" \"n\" { communicator = \"none\" }\nbuild {\n  sources = [\"null.n\"]\n  provisioner \"shell-local\" { inline = [\"echo one\"] }\n  provisioner \"shell-local\" { inline = [\"echo two\"] }\n}\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", template).file("a-file", "");
    let output = sandbox
        .packer(["build", "-color=false", "t.pkr.hcl"])
        .env("PACKER_STATE_DIR", sandbox.work().join("a-file/state"))
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("Warning: ").count(), 1, "{said}");
    assert!(said.contains("a-file/state"), "{said}");
}

#[test]
fn an_interrupt_cancels_and_undoes_a_container_build() {
    if !parts::docker() {
        return;
    }
    for (signal, name) in [("INT", "interrupt"), ("TERM", "terminated")] {
        let corner = Corner::new("trouble-signal");
        let sandbox = Sandbox::new().file("t.pkr.hcl", &build_of("packer-rs/trouble-signal:base", "echo up; sleep 60"));
        let child = sandbox
            .packer(["build", "-color=false", "t.pkr.hcl"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .expect("the program starts");
        while corner.containers().is_empty() {
            std::thread::sleep(Duration::from_millis(50));
        }
        std::thread::sleep(Duration::from_millis(300));
        let began = std::time::Instant::now();
        let sent =
            Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().expect("kill starts");
        assert!(sent.success());
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(began.elapsed() < Duration::from_secs(20), "{said}");
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(&format!("Cancelling build after receiving {name}")), "{said}");
        assert!(said.contains("Cleanly cancelled builds after being interrupted."), "{said}");
        assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
        nothing_is_left(&sandbox);
    }
}

/// Starts a build, interrupts it once `is_time` of what it has said, and returns what it said in the end.
fn interrupted_when(sandbox: &Sandbox, is_time: impl Fn(&str) -> bool) -> String {
    let log = sandbox.root().join("said");
    let mut child = sandbox
        .packer(["build", "-color=false", "t.pkr.hcl"])
        .stdout(std::fs::File::create(&log).expect("a file can be made"))
        .spawn()
        .expect("the program starts");
    let said = || std::fs::read_to_string(&log).expect("a file");
    while !is_time(&said()) {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it has ended: {}", said());
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(sent.success());
    let began = std::time::Instant::now();
    let status = child.wait().expect("it ends");
    assert!(began.elapsed() < Duration::from_secs(30), "{}", said());
    assert_eq!(status.code(), Some(1), "{}", said());
    said()
}

#[test]
fn an_interrupted_dockerfile_leaves_no_layer_and_no_name() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("trouble-dockerfile");
    // What is in the engine's cache is not made again, so every run has layers of its own.
    let own = format!("{:?}", std::time::SystemTime::now());
    let lines = format!(
        "FROM packer-rs/trouble-dockerfile:base\nENV RUN=\"{}\"\nCOPY Dockerfile /d\nRUN echo one > /one\nRUN sleep 60\n",
        own.replace('"', "")
    );
    let template = "source \"docker\" \"c\" {\n  build {\n    path = \"Dockerfile\"\n    pull = false\n  }\n  discard = true\n}\nbuild {\n  sources = [\"docker.c\"]\n}\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", template).file("Dockerfile", &lines);
    let label = "label=packer-rs-test=trouble-dockerfile";
    let said = interrupted_when(&sandbox, |_| {
        docker(&["ps", "--no-trunc", "--format", "{{.Command}}", "--filter", label]).contains("sleep 60")
    });
    assert!(said.contains("Cleanly cancelled builds after being interrupted."), "{said}");
    assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
    nothing_is_left(&sandbox);
}

#[test]
fn an_interrupted_commit_leaves_no_image() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("trouble-commit");
    // Large enough that the engine is still at it when the interrupt comes.
    let script = "dd if=/dev/zero of=/large bs=1M count=600 2>/dev/null";
    let sandbox = Sandbox::new().file("t.pkr.hcl", &build_of("packer-rs/trouble-commit:base", script));
    let said = interrupted_when(&sandbox, |said| said.contains("Committing the container"));
    assert!(said.contains("Cleanly cancelled builds after being interrupted."), "{said}");
    assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
    nothing_is_left(&sandbox);
}
