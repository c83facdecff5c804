//! Runs that are killed: whatever the moment, `packer cleanup` leaves no container, no image and no temporary file.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use crate::support::docker::{Corner, docker};
use crate::support::parts;
use crate::support::sandbox::Sandbox;

const KILL: Option<i32> = Some(9);

/// Makes a container, an image from a Dockerfile, temporary scripts, a committed image and a tag; writes files.
fn template(base: &str) -> String {
    format!(
        r#"
source "docker" "c" {{
  commit = true
  build {{
    path = "Dockerfile"
    pull = false
  }}
}}
source "docker" "e" {{
  image       = "{base}"
  pull        = false
  export_path = "out/fs.tar"
}}
build {{
  sources = ["docker.c", "docker.e"]
  provisioner "shell-local" {{ inline = ["echo local"] }}
  provisioner "shell" {{ inline = ["echo inside > /made"] }}
  post-processor "docker-tag" {{
    only       = ["docker.c"]
    repository = "{base}-out"
    tags       = ["1"]
  }}
  post-processor "compress" {{
    only   = ["docker.e"]
    output = "out/fs.tar.gz"
  }}
}}
"#
    )
}

fn sandbox(corner: &str) -> Sandbox {
    let base = format!("packer-rs/{corner}:base");
    Sandbox::new()
        .file("Dockerfile", &format!("FROM {base}\nRUN echo built > /built\n"))
        .file("t.pkr.hcl", &template(&base).replace(&format!("{base}-out"), &format!("packer-rs/{corner}")))
}

/// Cleans up after a killed run and checks that nothing is left but what finished builds handed over.
fn clean_up_and_check(sandbox: &Sandbox, corner: &Corner, moment: &str) {
    let ran = sandbox.run(["cleanup"]).exits(0);
    let events = std::fs::read_to_string(sandbox.work().join("events.ndjson")).unwrap_or_default();
    let finished = |build: &str| {
        let mark = format!("\"build\":\"{build}\"");
        events.lines().any(|line| {
            line.contains("\"event\":\"build-ended\"") && line.contains(&mark) && line.contains("\"outcome\":\"ok\"")
        })
    };
    let said = ran.stdout();
    assert_eq!(corner.containers(), [""; 0], "containers after {moment}\n{said}");
    if !finished("docker.c") {
        assert_eq!(corner.images(), [""; 0], "images after {moment}\n{said}");
    }
    if !finished("docker.e") {
        assert!(!sandbox.work().join("out/fs.tar").exists(), "fs.tar after {moment}\n{said}");
        assert!(!sandbox.work().join("out/fs.tar.gz").exists(), "fs.tar.gz after {moment}\n{said}");
    }
    let left: Vec<_> = walkdir::WalkDir::new(sandbox.root())
        .into_iter()
        .filter_map(Result::ok)
        .map(|entry| entry.into_path())
        .filter(|path| {
            let name = path.strip_prefix(sandbox.root()).expect("inside").to_string_lossy().into_owned();
            let wanted = [
                "",
                "work",
                "home",
                "tmp",
                "work/Dockerfile",
                "work/t.pkr.hcl",
                "work/events.ndjson",
                "work/out",
                "work/out/fs.tar.gz",
            ];
            !wanted.contains(&name.as_str()) && path.is_file()
                || name.starts_with("tmp/")
                || name.contains("/packer/tmp")
        })
        .collect();
    assert!(left.is_empty(), "after {moment}: {left:?}\n{said}");
    assert_eq!(
        sandbox.run(["cleanup", "-list"]).exits(0).stdout(),
        sandbox.run(["cleanup"]).exits(0).stdout(),
        "a second call is no no-op"
    );
    corner.sweep();
    let _ = std::fs::remove_dir_all(sandbox.work().join("out"));
}

const BUILD: [&str; 4] = ["build", "-color=false", "-events=events.ndjson", "t.pkr.hcl"];

#[test]
fn a_run_killed_at_any_journal_write_or_engine_call_is_cleaned_up() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("kill-points");
    let sandbox = sandbox("kill-points");
    let count = sandbox.root().join("count");
    let whole = sandbox.packer(BUILD).env("PACKER_FAULT_COUNT", &count).output().expect("the program starts");
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stdout));
    let points = std::fs::read(&count).expect("points were counted").len();
    std::fs::remove_file(&count).expect("the count can go");
    writeln!(std::io::stderr(), "{points} points at which a run can be killed").expect("stderr takes it");
    assert!(points > 20, "only {points} points");
    clean_up_and_check(&sandbox, &corner, "a whole run");
    for point in 1..=points {
        let killed =
            sandbox.packer(BUILD).env("PACKER_FAULT_AT", point.to_string()).output().expect("the program starts");
        // The two builds race, so the last points may not be reached.
        assert!(
            killed.status.signal() == KILL || point + 4 > points,
            "point {point}: {}",
            String::from_utf8_lossy(&killed.stdout)
        );
        clean_up_and_check(&sandbox, &corner, &format!("point {point}"));
    }
}

#[test]
fn a_run_killed_at_twenty_random_moments_is_cleaned_up() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("kill-times");
    let sandbox = sandbox("kill-times");
    let began = Instant::now();
    sandbox.run(BUILD).exits(0);
    let whole = began.elapsed();
    clean_up_and_check(&sandbox, &corner, "a whole run");
    for round in 0..20 {
        let share = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
        let after: Duration = whole * share / 256;
        let mut child = sandbox.packer(BUILD).stdout(std::process::Stdio::null()).spawn().expect("the program starts");
        std::thread::sleep(after);
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().expect("it ends");
        clean_up_and_check(&sandbox, &corner, &format!("{after:?} (round {round})"));
    }
}

/// What the engine does with a large layer goes on for a while after the run was killed.
const LARGE: &str = "dd if=/dev/zero of=/large bs=1M count=600 2>/dev/null";

#[test]
fn a_run_killed_while_the_engine_makes_an_image_of_an_instruction_is_cleaned_up() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("kill-layer");
    let sandbox = Sandbox::new().file("Dockerfile", &format!("FROM packer-rs/kill-layer:base\nRUN {LARGE}\n")).file(
        "t.pkr.hcl",
        r#"
source "docker" "c" {
  commit = true
  build {
    path = "Dockerfile"
    pull = false
  }
}
build { sources = ["docker.c"] }
"#,
    );
    // The engine starts with the image when the instruction has ended.
    let mut child = sandbox.packer(BUILD).stdout(std::process::Stdio::null()).spawn().expect("the program starts");
    let ended = ["ps", "-aq", "--filter", "label=packer-rs-test=kill-layer", "--filter", "status=exited"];
    while docker(&ended).is_empty() && child.try_wait().expect("a state").is_none() {}
    child.kill().expect("it still runs");
    child.wait().expect("it ends");
    clean_up_and_check(&sandbox, &corner, "the end of the instruction");
    // An image that was not waited for comes when `packer cleanup` has ended.
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(4) {
        assert_eq!(corner.images(), [""; 0], "{:?} after the cleanup", since.elapsed());
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_run_that_still_lives_is_left_alone() {
    let sandbox = Sandbox::new().file(
        "t.pkr.hcl",
        r#"
source "null" "n" { communicator = "none" }
build {
  sources = ["null.n"]
  provisioner "shell-local" { inline = ["touch began", "while [ ! -e go ]; do sleep 0.05; done", "echo went on"] }
}
"#,
    );
    let mut child = sandbox
        .packer(["build", "-color=false", "t.pkr.hcl"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    while !sandbox.work().join("began").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let scripts = || std::fs::read_dir(sandbox.tmp()).expect("a folder").count();
    let before = scripts();
    sandbox.run(["cleanup"]).exits(0);
    assert_eq!(scripts(), before);
    std::fs::write(sandbox.work().join("go"), "").expect("a file can be written");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().expect("a pipe"), &mut said).expect("text");
    assert!(child.wait().expect("it ends").success() && said.contains("went on"), "{said}");
}
