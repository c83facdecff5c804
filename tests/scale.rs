//! Many builds and much output: everything ends, nothing is left, and memory does not grow with either.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::docker::Corner;
use crate::support::parts;
use crate::support::sandbox::Sandbox;

/// How long one run may take before it counts as one that hangs.
const LIMIT: Duration = Duration::from_secs(120);

fn null_builds(count: usize, stages: &str) -> String {
    let sources: String = (0..count).map(|n| format!("  source \"null.n\" {{ name = \"n{n}\" }}\n")).collect();
    format!("source \"null\" \"n\" {{ communicator = \"none\" }}\nbuild {{\n{sources}  {stages}\n}}\n")
}

/// Waits for `child` and returns its exit code and the most memory of its own that it had meanwhile, in MiB.
fn peak_memory(child: &mut Child) -> (Option<i32>, u64) {
    let (began, mut peak) = (Instant::now(), 0);
    loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let size = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(size.unwrap_or(0));
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return (status.code(), peak / 1024);
        }
        if began.elapsed() > LIMIT {
            let _ = child.kill();
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_thousand_builds_are_bounded_in_memory() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", &null_builds(1_000, ""));
    let words = ["build", "-color=false", "-parallel-builds=8", "t.pkr.hcl"];
    let mut child = sandbox.packer(words).stdout(Stdio::null()).spawn().expect("the program starts");
    let (code, peak) = peak_memory(&mut child);
    assert_eq!(code, Some(0));
    assert!(peak < 64, "{peak} MiB");
}

/// Lines of usual length, and one line without an end.
#[test]
fn much_output_passes_through_with_flat_memory() {
    for line in [
        "yes 'a line of fifty letters, as scripts print them all' | head -c 20000000",
        "head -c 60000000 /dev/zero | tr '\\\\0' x",
    ] {
        let stages = format!("provisioner \"shell-local\" {{ inline = [\"{line}\"] }}");
        let sandbox = Sandbox::new().file("t.pkr.hcl", &null_builds(1, &stages));
        let mut child = sandbox.packer(["build", "-color=false", "t.pkr.hcl"]);
        let out = std::fs::File::create(sandbox.work().join("log")).expect("a log");
        let (code, peak) = peak_memory(&mut child.stdout(out).spawn().expect("the program starts"));
        assert_eq!(code, Some(0));
        let size = std::fs::metadata(sandbox.work().join("log")).expect("the log").len();
        assert!(size > 20_000_000, "{size} bytes came through");
        assert!(peak < 48, "{peak} MiB for {line}");
    }
}

fn twenty_builds(corner: &str) -> Sandbox {
    let sources: String = (0..20).map(|n| format!("  source \"docker.c\" {{ name = \"n{n}\" }}\n")).collect();
    let source = format!(
        "source \"docker\" \"c\" {{\n  image = \"packer-rs/{corner}:base\"\n  pull = false\n  commit = true\n}}\n"
    );
    let stages = "  provisioner \"shell\" { inline = [\"echo inside > /made\"] }\n  provisioner \"file\" {\n    source = \"t.pkr.hcl\"\n    destination = \"/up\"\n  }\n";
    Sandbox::new().file("t.pkr.hcl", &format!("{source}build {{\n{sources}{stages}}}\n"))
}

fn left(sandbox: &Sandbox, corner: &Corner) -> Vec<String> {
    let mut left = corner.containers();
    for folder in ["tmp", "home/.config/packer"] {
        let listing = std::fs::read_dir(sandbox.root().join(folder)).into_iter().flatten();
        left.extend(listing.map(|file| file.expect("a file").path().display().to_string()));
    }
    left.extend(Some(sandbox.run(["cleanup", "-list"]).exits(0).stdout()).filter(|said| !said.starts_with("Nothing")));
    left
}

#[test]
fn twenty_container_builds_at_once_end_and_leave_their_images_alone() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("scale-twenty");
    let sandbox = twenty_builds("scale-twenty");
    let mut command = sandbox.packer(["build", "-color=false", "t.pkr.hcl"]);
    let (code, _) = peak_memory(&mut command.stdout(Stdio::null()).spawn().expect("the program starts"));
    assert_eq!(code, Some(0));
    assert_eq!(left(&sandbox, &corner), [""; 0]);
    assert_eq!(corner.images().len(), 20);
}

/// With `ROUNDS=10` as often as it takes to believe it.
#[test]
fn twenty_container_builds_interrupted_at_any_moment_leave_nothing() {
    if !parts::docker() {
        return;
    }
    let corner = Corner::new("scale-interrupt");
    let rounds = std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3);
    for round in 0..rounds {
        let sandbox = twenty_builds("scale-interrupt");
        let after = Duration::from_millis(u64::from(uuid::Uuid::new_v4().as_bytes()[0]) * 20 + 150);
        let mut command = sandbox.packer(["build", "-color=false", "t.pkr.hcl"]);
        let out = std::fs::File::create(sandbox.root().join("log")).expect("a log");
        let mut child = command.stdout(out).spawn().expect("the program starts");
        std::thread::sleep(after);
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
        let (code, _) = peak_memory(&mut child);
        let said = std::fs::read_to_string(sandbox.root().join("log")).expect("the log");
        assert!(code == Some(1) || code == Some(0), "{code:?} in round {round}, after {after:?}:\n{said}");
        assert!(!said.contains("panicked"), "{said}");
        let told = said.matches("' finished after").count();
        assert_eq!(left(&sandbox, &corner), [""; 0], "round {round}, after {after:?}:\n{said}");
        assert_eq!(corner.images().len(), told, "round {round}, after {after:?}:\n{said}");
        corner.sweep();
    }
}
