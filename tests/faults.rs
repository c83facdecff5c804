//! Docker builds while something fails: each ends with an error that names the step, exit code 1, and nothing left.
//!
//! They run one after another on an engine of their own, which some of them stop and start.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

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
    parts::docker() && parts::root() && parts::program("dockerd") && parts::program("setpriv")
}
