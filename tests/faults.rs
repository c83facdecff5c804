//! Docker builds while something fails: each ends with an error that names the step, exit code 1, and nothing left.
//!
//! They run one after another on an engine of their own, which some of them stop and start.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::docker::Corner;
use crate::support::own_engine::OwnEngine;
use crate::support::parts;
use crate::support::sandbox::Sandbox;

/// How long a build may take with its fault; those that wait for an engine need most of it.
const LIMIT: Duration = Duration::from_secs(90);

/// One way in which things go wrong.
struct Fault {
    /// What happens, as a sentence.
    name: &'static str,
    /// What stands in the build block behind the sources.
    stages: &'static str,
    /// What the builder does with the container: a setting.
    result: &'static str,
    /// What the output says when it is time.
    when: &'static str,
    /// Makes it happen.
    happens: fn(&mut OwnEngine, &Sandbox),
    /// What the output then has to say.
    says: &'static [&'static str],
}

/// Waits in the container.
const WAITS: &str = r#"provisioner "shell" { inline = ["echo in the container", "sleep 60"] }"#;
/// Waits on this machine for a file `go`.
const WAITS_HERE: &str =
    r#"provisioner "shell-local" { inline = ["echo waiting here", "while [ ! -e go ]; do sleep 0.05; done"] }"#;

fn nothing(_: &mut OwnEngine, _: &Sandbox) {}

fn containers(engine: &OwnEngine) -> Vec<String> {
    engine.docker(&["ps", "-q"]).lines().map(str::to_owned).collect()
}

fn go_on(sandbox: &Sandbox) {
    std::fs::write(sandbox.work().join("go"), "").expect("a file can be written");
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "the container is killed under a script",
        stages: WAITS,
        result: "commit = true",
        when: "in the container",
        happens: |engine, _| {
            containers(engine).iter().for_each(|id| drop(engine.docker(&["kill", id])));
        },
        says: &["Build 'docker.c' errored after", "137"],
    },
    Fault {
        name: "the container is removed under a script",
        stages: WAITS,
        result: "commit = true",
        when: "in the container",
        happens: |engine, _| {
            containers(engine).iter().for_each(|id| drop(engine.docker(&["rm", "-f", id])));
        },
        says: &["Build 'docker.c' errored after"],
    },
    Fault {
        name: "the container is removed between two provisioners",
        stages: WAITS_HERE,
        result: "commit = true",
        when: "waiting here",
        happens: |engine, sandbox| {
            containers(engine).iter().for_each(|id| drop(engine.docker(&["rm", "-f", id])));
            go_on(sandbox);
        },
        says: &["Build 'docker.c' errored after", "No such container"],
    },
    Fault {
        name: "the base image is removed during the build",
        stages: WAITS_HERE,
        result: "commit = true",
        when: "waiting here",
        happens: |engine, sandbox| {
            engine.docker(&["rmi", "-f", "packer-rs/base:1"]);
            go_on(sandbox);
        },
        says: &["Build 'docker.c' errored after", "base image", "packer-rs/base:1"],
    },
    Fault {
        name: "the engine is stopped and started again",
        stages: WAITS,
        result: "commit = true",
        when: "in the container",
        happens: |engine, _| {
            engine.down("TERM");
            engine.up(&[]);
        },
        says: &["Build 'docker.c' errored after"],
    },
    Fault {
        name: "the engine crashes and is started again",
        stages: WAITS,
        result: "commit = true",
        when: "in the container",
        happens: |engine, _| {
            engine.down("KILL");
            engine.up(&[]);
        },
        says: &["Build 'docker.c' errored after"],
    },
    Fault {
        name: "the engine is away for three seconds",
        stages: WAITS,
        result: "commit = true",
        when: "in the container",
        happens: |engine, _| {
            engine.down("TERM");
            std::thread::sleep(Duration::from_secs(3));
            engine.up(&[]);
        },
        says: &["Build 'docker.c' errored after", "The container engine is away. Waiting up to 10 seconds"],
    },
    Fault {
        name: "the engine is away for three seconds while its containers go on",
        stages: WAITS,
        result: "commit = true",
        when: "in the container",
        happens: |engine, _| {
            engine.down("TERM");
            std::thread::sleep(Duration::from_secs(3));
            engine.up(&["--live-restore"]);
        },
        says: &["Build 'docker.c' errored after"],
    },
    Fault {
        name: "the client program is killed under a script",
        stages: WAITS,
        result: "docker_path = \"./client\"\n  commit = true",
        when: "in the container",
        happens: |_, sandbox| {
            let pid = std::fs::read_to_string(sandbox.work().join("exec-pid")).expect("the client wrote its number");
            Command::new("kill").args(["-9", pid.trim()]).status().expect("kill starts");
        },
        says: &["Build 'docker.c' errored after"],
    },
    Fault {
        name: "the engine is stopped and started between two provisioners",
        stages: r#"provisioner "shell-local" { inline = ["echo waiting here", "while [ ! -e go ]; do sleep 0.05; done"] }
  provisioner "shell" { inline = ["true"] }"#,
        result: "commit = true",
        when: "waiting here",
        happens: |engine, sandbox| {
            engine.down("TERM");
            engine.up(&[]);
            go_on(sandbox);
        },
        says: &["Build 'docker.c' errored after", "is not running"],
    },
    Fault {
        name: "the disk of an export is full",
        stages: r#"provisioner "shell" { inline = ["true"] }"#,
        result: "export_path = \"small/fs.tar\"",
        when: "",
        happens: nothing,
        says: &["Error exporting", "small/fs.tar", "no space left on device"],
    },
    Fault {
        name: "the disk of an export by a client program is full",
        stages: "",
        result: "docker_path = \"./client\"\n  export_path = \"small/fs.tar\"",
        when: "",
        happens: nothing,
        says: &["Error exporting", "small/fs.tar", "no space left on device"],
    },
    Fault {
        name: "the disk of a saved image is full",
        stages: r#"post-processor "docker-save" { path = "small/image.tar" }"#,
        result: "commit = true",
        when: "",
        happens: nothing,
        says: &["Post-processor failed:", "small/image.tar", "no space left on device"],
    },
    Fault {
        name: "the disk of a compressed result is full",
        stages: r#"post-processor "compress" { output = "small/fs.tar.gz" }"#,
        result: "export_path = \"fs.tar\"",
        when: "",
        happens: nothing,
        says: &["Post-processor failed:", "small/fs.tar.gz", "no space left on device"],
    },
    Fault {
        name: "the script is not there",
        stages: r#"provisioner "shell" { script = "missing.sh" }"#,
        result: "commit = true",
        when: "",
        happens: nothing,
        says: &["missing.sh", "no such file or directory"],
    },
    Fault {
        name: "the script goes away after the preparation",
        stages: r#"provisioner "shell-local" { inline = ["rm once.sh"] }
  provisioner "shell" { script = "once.sh" }"#,
        result: "commit = true",
        when: "",
        happens: nothing,
        says: &["Build 'docker.c' errored after", "once.sh", "no such file or directory"],
    },
    Fault {
        name: "the script of this machine goes away after the preparation",
        stages: r#"provisioner "shell-local" { inline = ["rm once.sh"] }
  provisioner "shell-local" { script = "once.sh" }"#,
        result: "commit = true",
        when: "",
        happens: nothing,
        says: &["Build 'docker.c' errored after", "once.sh"],
    },
    Fault {
        name: "a file to upload goes away after the preparation",
        stages: r#"provisioner "shell-local" { inline = ["rm once.sh"] }
  provisioner "file" {
    source      = "once.sh"
    destination = "/tmp/x"
  }"#,
        result: "commit = true",
        when: "",
        happens: nothing,
        says: &["Build 'docker.c' errored after", "once.sh", "no such file or directory"],
    },
    Fault {
        name: "the folder of an export may not be written",
        stages: "",
        result: "export_path = \"closed/fs.tar\"",
        when: "",
        happens: nothing,
        says: &["Error creating output file", "closed/fs.tar", "read-only file system"],
    },
    Fault {
        name: "the folder of a manifest may not be written",
        stages: r#"post-processor "manifest" { output = "closed/m.json" }"#,
        result: "export_path = \"fs.tar\"",
        when: "",
        happens: nothing,
        says: &["Post-processor failed:", "closed/m.json", "read-only file system"],
    },
    Fault {
        name: "a download has no place to go",
        stages: r#"provisioner "file" {
    source      = "/bin/busybox"
    destination = "small/"
    direction   = "download"
  }"#,
        result: "commit = true",
        when: "",
        happens: nothing,
        says: &["Build 'docker.c' errored after", "small/busybox", "no space left on device"],
    },
];

/// A build on its way, and what it has said so far on both streams.
struct Running {
    child: Child,
    said: Arc<Mutex<String>>,
    readers: Vec<std::thread::JoinHandle<()>>,
    began: Instant,
}

impl Running {
    fn start(mut command: Command) -> Running {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let said = Arc::new(Mutex::new(String::new()));
        let (out, err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
        let readers = vec![collect(out, Arc::clone(&said)), collect(err, Arc::clone(&said))];
        Running { child, said, readers, began: Instant::now() }
    }

    fn said(&self) -> String {
        self.said.lock().expect("no reader panics").clone()
    }

    /// Waits until `part` was said, or the program has ended.
    fn until(&mut self, part: &str) {
        while !self.said().contains(part) && matches!(self.child.try_wait(), Ok(None)) {
            self.check_time();
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the end, and returns the exit code and all that was said.
    fn end(mut self) -> (Option<i32>, String) {
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                break status;
            }
            self.check_time();
            std::thread::sleep(Duration::from_millis(10));
        };
        self.readers.drain(..).for_each(|reader| reader.join().expect("no reader panics"));
        (status.code(), self.said())
    }

    fn signal(&self, signal: &str) {
        Command::new("kill").args([format!("-{signal}"), self.child.id().to_string()]).status().expect("kill starts");
    }

    fn check_time(&mut self) {
        if self.began.elapsed() > LIMIT {
            let _ = self.child.kill();
            panic!("it hangs:\n{}", self.said());
        }
    }
}

fn collect(mut from: impl Read + Send + 'static, to: Arc<Mutex<String>>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut piece) {
            to.lock().expect("no reader panics").push_str(&String::from_utf8_lossy(&piece[..count]));
        }
    })
}

/// A folder on a file system of its own; gone with it.
struct Mount(std::path::PathBuf);

impl Mount {
    fn new(folder: &Path, options: &str) -> Mount {
        std::fs::create_dir(folder).expect("a folder can be made");
        let words = ["-t", "tmpfs", "-o", options, "none"];
        let mounted = Command::new("mount").args(words).arg(folder).status().expect("mount starts");
        assert!(mounted.success(), "a file system cannot be mounted");
        Mount(folder.to_owned())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn template(stages: &str, result: &str) -> String {
    format!(
        "source \"docker\" \"c\" {{\n  image = \"packer-rs/base:1\"\n  pull  = false\n  {result}\n}}\nbuild {{\n  sources = [\"docker.c\"]\n  {stages}\n}}\n"
    )
}

/// A sandbox with a template, a small file system `small` and one that may not be written, `closed`.
fn stage(template: &str) -> (Sandbox, [Mount; 2]) {
    let sandbox = Sandbox::new().file("t.pkr.hcl", template).file("once.sh", "#!/bin/sh\n");
    let client = "#!/bin/sh\n[ \"$1\" = exec ] && echo $$ > exec-pid\nexec docker \"$@\"\n";
    let sandbox = sandbox.file("client", client);
    for script in ["client", "once.sh"] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(sandbox.work().join(script), mode).expect("it may be run");
    }
    let mounts = [
        Mount::new(&sandbox.work().join("small"), "size=64k"),
        Mount::new(&sandbox.work().join("closed"), "ro,size=64k"),
    ];
    (sandbox, mounts)
}

const BUILD: [&str; 3] = ["build", "-color=false", "t.pkr.hcl"];

fn build(sandbox: &Sandbox, engine: &OwnEngine) -> Command {
    let mut command = sandbox.packer(BUILD);
    command.env("DOCKER_HOST", engine.host());
    command
}

/// Complains about what is left in the sandbox's folders and its journal.
fn what_is_left(sandbox: &Sandbox) -> Vec<String> {
    let mut left: Vec<String> = ["tmp", "home/.packer.d", "work/small"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(sandbox.root().join(folder)).into_iter().flatten())
        .map(|file| file.expect("a file").path().display().to_string())
        .collect();
    let open = sandbox.run(["cleanup", "-list"]).exits(0).stdout();
    if open != "Nothing is left behind.\n" {
        left.push(open);
    }
    left
}

fn complaints(fault: &Fault, engine: &mut OwnEngine) -> Vec<String> {
    let before = engine.everything();
    let (sandbox, _mounts) = stage(&template(fault.stages, fault.result));
    let mut running = Running::start(build(&sandbox, engine));
    if !fault.when.is_empty() {
        running.until(fault.when);
        (fault.happens)(engine, &sandbox);
    }
    let (code, said) = running.end();
    let mut complaints: Vec<String> =
        fault.says.iter().filter(|part| !said.contains(**part)).map(|part| format!("does not say {part:?}")).collect();
    if code != Some(1) {
        complaints.push(format!("ends with {code:?}"));
    }
    if said.contains("panicked") {
        complaints.push("panics".to_owned());
    }
    complaints.extend(what_is_left(&sandbox).into_iter().map(|left| format!("leaves {left}")));
    if fault.name.contains("base image is removed") {
        engine.load_base();
    }
    let after = engine.everything();
    if after != before {
        complaints.push(format!("changes\n{before}\nto\n{after}"));
    }
    if !complaints.is_empty() {
        complaints.insert(0, format!("{}:", fault.name));
        complaints.push(said);
    }
    complaints
}

#[test]
fn whatever_fails_the_error_names_the_step_and_nothing_is_left() {
    if !ready() {
        return;
    }
    let mut engine = OwnEngine::start();
    let only = std::env::var("FAULT").unwrap_or_default();
    let chosen = FAULTS.iter().filter(|fault| fault.name.contains(&only));
    let complaints: Vec<String> = chosen.flat_map(|fault| complaints(fault, &mut engine)).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn ready() -> bool {
    parts::docker()
        && parts::root()
        && parts::program("dockerd")
        && parts::program("setpriv")
        && parts::program("unshare")
}

/// Something that listens like an engine, and has one answer to everything after the greeting.
fn false_engine(sandbox: &Sandbox, answers: fn(&str) -> Option<String>) -> String {
    let path = sandbox.root().join("false.sock");
    let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || {
                let (mut stream, mut text) = (stream.expect("a connection"), String::new());
                let mut piece = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut piece) {
                    text += &String::from_utf8_lossy(&piece[..count]);
                    if text.contains("\r\n\r\n") {
                        let Some(answer) = answers(&std::mem::take(&mut text)) else {
                            return std::thread::sleep(LIMIT);
                        };
                        stream.write_all(answer.as_bytes()).expect("somebody listens");
                    }
                }
            });
        }
    });
    format!("unix://{}", path.display())
}

fn answer(status: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nApi-Version: 1.41\r\nContent-Length: {length}\r\n\r\n{body}"
    ))
}

const VERSION: &str = r#"{"Version":"20.10.0","ApiVersion":"1.41","MinAPIVersion":"1.12","Os":"linux","Arch":"amd64"}"#;

#[test]
fn an_engine_that_only_complains_is_quoted() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template("", "commit = true"));
    let host = false_engine(&sandbox, |asked| {
        if asked.contains("/version") {
            answer("200 OK", VERSION)
        } else {
            answer("500 Internal Server Error", r#"{"message":"the disk is on fire"}"#)
        }
    });
    let mut command = sandbox.packer(BUILD);
    command.env("DOCKER_HOST", host);
    let (code, said) = Running::start(command).end();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Error running container") && said.contains("the disk is on fire"), "{said}");
    let left = sandbox.run(["cleanup", "-list"]).stdout();
    assert!(left.contains("container packer-"), "what may have been made is forgotten: {left}");
}

#[test]
fn an_engine_that_never_answers_is_given_up() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template("", "commit = true"));
    let host = false_engine(&sandbox, |_| None);
    let mut command = sandbox.packer(BUILD);
    command.env("DOCKER_HOST", host);
    let (code, said) = Running::start(command).end();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("false.sock") && said.contains("no answer within 20 seconds"), "{said}");
    assert_eq!(what_is_left(&sandbox), [""; 0]);
}

#[test]
fn an_interrupt_ends_a_run_whose_engine_hangs() {
    type Answers = fn(&str) -> Option<String>;
    let greets: Answers = |asked| if asked.contains("/version") { answer("200 OK", VERSION) } else { None };
    let looks: Answers = |asked| match asked {
        asked if asked.contains("/version") => answer("200 OK", VERSION),
        asked if asked.contains("/images/") => answer("404 Not Found", "{}"),
        _ => None,
    };
    let silent: Answers = |_| None;
    for (answers, line) in [(silent, ""), (greets, "Creating a temporary"), (looks, "Run command")] {
        let sandbox = Sandbox::new().file("t.pkr.hcl", &template("", "commit = true"));
        let host = false_engine(&sandbox, answers);
        let mut command = sandbox.packer(BUILD);
        command.env("DOCKER_HOST", host);
        let mut running = Running::start(command);
        running.until(line);
        std::thread::sleep(Duration::from_millis(500));
        let began = Instant::now();
        running.signal("INT");
        let (code, said) = running.end();
        assert_eq!(code, Some(1), "{said}");
        assert!(began.elapsed() < Duration::from_millis(2_500), "it took {:?}:\n{said}", began.elapsed());
        assert!(said.contains("Cancelling build after receiving interrupt"), "{said}");
        let keeps = sandbox.run(["cleanup", "-list"]).stdout();
        assert_eq!(keeps.contains("container packer-"), line == "Run command", "{said}{keeps}");
    }
}

#[test]
fn what_an_engine_keeps_that_does_not_come_back_is_undone_by_cleanup() {
    if !ready() {
        return;
    }
    let mut engine = OwnEngine::start();
    let before = engine.everything();
    let (sandbox, _mounts) = stage(&template(WAITS, "commit = true"));
    let mut running = Running::start(build(&sandbox, &engine));
    running.until("in the container");
    engine.down("TERM");
    let (code, said) = running.end();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("packer cleanup") && said.contains("cannot remove the container"), "{said}");
    sandbox.run(["cleanup"]).exits(1).says("cannot remove container packer-");
    engine.up(&[]);
    assert_ne!(engine.everything(), before);
    sandbox.run(["cleanup"]).exits(0).says("gone: container packer-");
    assert_eq!(engine.everything(), before);
    assert_eq!(what_is_left(&sandbox), [""; 0]);
}

/// Runs a build with `prelude` in front of the program in a shell, and returns the exit code and what it said.
fn build_in_shell(sandbox: &Sandbox, prelude: &str, words: &str) -> (Option<i32>, String) {
    let line = format!("{prelude} \"$PACKER\" build -color=false {words} t.pkr.hcl");
    let packer = sandbox.packer([]);
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line).current_dir(sandbox.work()).env_clear().env("PACKER", packer.get_program());
    shell.envs(packer.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Running::start(shell).end()
}

#[test]
fn a_closed_input_is_like_no_terminal() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("faults-stdin");
    let text = template(r#"provisioner "shell" { inline = ["cat", "echo read all; exit 4"] }"#, "commit = true");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &text.replace("rs/base:1", "rs/faults-stdin:base"));
    for words in ["<&-", "-on-error=ask <&-", "<&- >log"] {
        let (code, said) = build_in_shell(&sandbox, "exec", words);
        let said = said + &std::fs::read_to_string(sandbox.work().join("log")).unwrap_or_default();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("read all") && said.contains("non-zero exit status: 4"), "{said}");
        assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
        assert_eq!(what_is_left(&sandbox), [""; 0]);
    }
}

#[test]
fn fifty_builds_with_few_descriptors_end_in_words_and_leave_nothing() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("faults-descriptors");
    let text = template(r#"provisioner "shell" { inline = ["true"] }"#, "discard = true");
    let text = text.replace("rs/base:1", "rs/faults-descriptors:base");
    let fifty: String = (0..50).map(|n| format!("  source \"docker.c\" {{ name = \"n{n}\" }}\n")).collect();
    let text = text.replace("  sources = [\"docker.c\"]\n", &fifty);
    let sandbox = Sandbox::new().file("t.pkr.hcl", &text);
    let (code, said) = build_in_shell(&sandbox, "ulimit -n 32; exec", "");
    // How many are open at once depends on how fast the builds go.
    assert!(code == Some(0) || code == Some(1) && said.contains("oo many open files"), "{code:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    // The journal has its descriptor before the builds take theirs.
    assert!(!said.contains("Nothing can be undone"), "{said}");
    sandbox.run(["cleanup"]).exits(0);
    assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
    assert_eq!(what_is_left(&sandbox), [""; 0]);
}

#[test]
fn a_temporary_folder_that_cannot_be_used_is_named() {
    if !parts::docker() || !parts::root() {
        return;
    }
    let corner = Corner::new("faults-tmp");
    let base = |text: String| text.replace("rs/base:1", "rs/faults-tmp:base");
    let here = r#"provisioner "shell-local" { inline = ["echo here"] }"#;
    // A script of 100 kB has no room.
    let long = format!(r#"provisioner "shell" {{ inline = ["true {}"] }}"#, "x".repeat(100_000));
    for (folder, stages, words) in [
        ("closed", here, "read-only file system"),
        ("missing", here, "no such file or directory"),
        ("small", &*long.replace("shell", "shell-local"), "no space left on device"),
    ] {
        let (sandbox, _mounts) = stage(&base(template(stages, "commit = true")));
        let mut command = sandbox.packer(BUILD);
        command.env("TMPDIR", sandbox.work().join(folder));
        let (code, said) = Running::start(command).end();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!("work/{folder}/packer-shell")) && said.contains(words), "{said}");
        assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
        assert_eq!(what_is_left(&sandbox), [""; 0]);
    }
}

#[test]
fn a_state_folder_on_a_closed_disk_warns_and_the_build_goes_on() {
    if !parts::docker() || !parts::root() {
        return;
    }
    let corner = Corner::new("faults-state");
    let text = template(r#"provisioner "shell" { inline = ["echo inside"] }"#, "discard = true");
    let (sandbox, _mounts) = stage(&text.replace("rs/base:1", "rs/faults-state:base"));
    let mut command = sandbox.packer(BUILD);
    command.env("PACKER_STATE_DIR", sandbox.work().join("closed/state"));
    let (code, said) = Running::start(command).end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Warning: Nothing can be undone after a kill") && said.contains("work/closed"), "{said}");
    assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
    assert_eq!(what_is_left(&sandbox), [""; 0]);
}

fn wait(child: &mut Child, began: Instant) -> Option<i32> {
    loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.code();
        }
        if began.elapsed() > Duration::from_secs(10) {
            let _ = child.kill();
            panic!("it goes on without a reader");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_output_that_nobody_reads_any_more_cancels_the_build() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("faults-stdout");
    let stages = r#"provisioner "shell" { inline = ["while echo on and on; do sleep 0.1; done"] }"#;
    let text = template(stages, "commit = true").replace("rs/base:1", "rs/faults-stdout:base");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &text);
    let mut child = sandbox.packer(BUILD).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut out = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    while !line.contains("on and on") {
        line.clear();
        std::io::BufRead::read_line(&mut out, &mut line).expect("text");
    }
    let began = Instant::now();
    drop(out);
    let mut err = child.stderr.take().expect("a pipe");
    let (code, mut said) = (wait(&mut child, began), String::new());
    err.read_to_string(&mut said).expect("text");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("cannot write to standard output: ") && said.contains("docker.c"), "{said}");
    assert!(corner.containers().is_empty() && corner.images().is_empty(), "{said}");
    assert_eq!(what_is_left(&sandbox), [""; 0]);
}
