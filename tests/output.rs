//! `-output` and `-timings`: other views of the same run, and the memory they take.

use std::process::Stdio;

use crate::support::sandbox::Sandbox;

const TWO: &str = r#"
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["null.a", "null.b"]
  provisioner "shell-local" {
    name   = "talk"
    inline = ["for n in 1 2 3; do echo $n; sleep 0.02; done", "echo bad >&2", "[ $PACKER_BUILD_NAME = a ]"]
  }
}
"#;

fn build(words: &[&str]) -> String {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TWO);
    sandbox.run(["build", "-color=false"].iter().chain(words).chain(&["t.pkr.hcl"]).copied()).exits(1).stdout()
}

#[test]
fn grouped_keeps_the_lines_of_a_build_together() {
    let text = build(&["-output=grouped"]);
    for name in ["null.a", "null.b"] {
        let (_, group) = text.split_once(&format!(">>> {name}\n")).expect("a start");
        let (group, rest) = group.split_once(&format!("<<< {name}\nBuild '{name}' ")).expect("an end");
        assert!(group.lines().all(|line| line.starts_with(&format!("==> {name}: "))), "{group}");
        assert!(["1", "2", "3", "bad"].iter().all(|said| group.contains(&format!(": {said}\n"))), "{group}");
        assert!(rest.contains("==> Wait completed"), "{rest}");
    }
}

#[test]
fn quiet_shows_errors_and_results_alone() {
    let text = build(&["-output=quiet"]);
    let (before, after) = text.split_once("\n==> Wait completed").expect("results");
    let is_error = |line: &str| line.ends_with(": bad") || line.starts_with("Build 'null.b' errored after ");
    assert!(before.lines().all(is_error), "{before}");
    assert_eq!(before.lines().count(), 3, "{before}");
    assert!(after.contains("\n--> null.a: Did not export") && after.contains("\n--> null.b: Script exited"), "{after}");
}

#[test]
fn timings_come_last_for_people_and_for_programs() {
    let text = build(&["-timings"]);
    let (_, times) = text.split_once("\n\n==> Where the time went:\n").expect("times");
    assert_eq!(times.lines().count(), 6, "{times}");
    assert!(times.contains("--> null.b:   provisioner shell-local \"talk\": 0."), "{times}");
    let text = build(&["-timings", "-machine-readable"]);
    let is_time = |line: &&str| line.contains(",null.b,timing,1,provisioner,0,shell-local,talk,took,");
    assert_eq!(text.lines().filter(is_time).count(), 1, "{text}");
}

/// Runs a build that prints 200 MB; returns the most memory it took, in KiB, and how many bytes came out.
#[cfg(target_os = "linux")]
fn peak(words: &[&str]) -> (u64, u64) {
    let template = r#"
        source "null" "a" { communicator = "none" }
        build {
          sources = ["null.a"]
          provisioner "shell-local" { inline = ["yes $(printf %0100000d 1) | head -c 200000000", "cat go"] }
        }"#;
    let sandbox = Sandbox::new().file("t.pkr.hcl", template);
    // What was taken can be read only while it lives: it waits at the end.
    assert!(std::process::Command::new("mkfifo").arg(sandbox.work().join("go")).status().expect("mkfifo").success());
    let words = ["build", "-color=false"].iter().chain(words).chain(&["t.pkr.hcl"]).copied();
    let mut child = sandbox.packer(words).stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut output = child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()).expect("it can be read"));
    let go = std::fs::File::options().write(true).open(sandbox.work().join("go")).expect("the script opens it");
    let facts = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it lives");
    drop(go);
    assert!(child.wait().expect("it ends").success());
    let peak =
        facts.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line").trim_end_matches("kB").trim();
    (peak.parse().expect("a number"), reader.join().expect("it does not panic"))
}

#[test]
#[cfg(target_os = "linux")]
fn two_hundred_megabytes_of_output_pass_with_flat_memory() {
    for words in [&[][..], &["-output=grouped"]] {
        let (peak, bytes) = peak(words);
        assert!(bytes > 200_000_000, "{words:?}: {bytes} bytes");
        assert!(peak < 100 << 10, "{words:?}: {peak} KiB");
    }
}
