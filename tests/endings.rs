//! How runs end: exit codes, interrupts, failures that end or leave other things.

use crate::support::sandbox::{Sandbox, TWO};

#[test]
fn a_detailed_exit_code_says_what_went_wrong_and_only_when_asked() {
    let build = |settings: &str, steps: &str| {
        format!("source \"null\" \"a\" {{ {settings} }}\nbuild {{\n  sources = [\"null.a\"]\n{steps}\n}}\n")
    };
    let none = "communicator = \"none\"";
    let late = "  provisioner \"shell-local\" {\n    timeout = \"1s\"\n    inline = [\"exec sleep 60\"]\n  }\n";
    let half = build(none, "  sources = [\"null.a\", \"null.b\"]").replace("  sources = [\"null.a\"]\n", "")
        + "source \"null\" \"b\" {}\n";
    for (template, more, code) in [
        (build(none, ""), &[][..], 0),
        (build(none, ""), &["-only=null.x"], 10),
        ("nosuchblock {}".to_owned(), &[], 11),
        (build("", ""), &[], 11),
        (build(none, "  provisioner \"shell-local\" { inline = [\"exit 1\"] }"), &[], 12),
        (half, &[], 12),
        (build(none, late), &[], 13),
        (format!("{}hcp_packer_registry {{}}\n", build(none, "")), &[], 11),
    ] {
        let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
        let words = |flags: &[&'static str]| [&["build", "-color=false"], flags, more, &["t.pkr.hcl"]].concat();
        sandbox.run(words(&["-detailed-exitcode"])).exits(code);
        sandbox.run(words(&[])).exits(code.min(1));
    }
}

#[test]
fn an_interrupt_has_a_detailed_exit_code_and_reaches_validate() {
    // CLI-89
    let template = TWO.replace("echo at work", "echo up; exec sleep 60");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
    for (flags, code) in [(&["-detailed-exitcode"][..], 130), (&[], 1)] {
        let words = [&["build", "-color=false"], flags, &["t.pkr.hcl"]].concat();
        let mut child = sandbox.packer(words).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("a pipe")));
        lines.by_ref().map_while(Result::ok).find(|line| line.ends_with(": up")).expect("it comes up");
        interrupt(&child);
        assert_eq!(child.wait().expect("it ends").code(), Some(code));
    }
    // A variable file that never ends: what is read here waits for somebody who writes.
    let pipe = sandbox.work().join("x.pkrvars.hcl");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts");
    assert!(made.success());
    let mut child = sandbox
        .packer(["validate", "-var-file=x.pkrvars.hcl", "t.pkr.hcl"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let _writer = std::fs::File::options().write(true).open(&pipe).expect("somebody reads");
    interrupt(&child);
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("a pipe")));
    assert_eq!(lines.next().expect("a line").expect("text"), "Cancelling build after receiving interrupt");
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}

fn interrupt(child: &std::process::Child) {
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill starts").success());
}

#[test]
fn publishing_to_hcp_stops_a_build_before_it_starts_and_not_validate() {
    // ENG-63, CLI-87
    let marked = TWO.replace("echo at work", "touch built");
    let sandbox = Sandbox::new().file("plain.pkr.hcl", &marked);
    let sandbox =
        sandbox.file("top.pkr.hcl", &format!("{marked}hcp_packer_registry {{\n  bucket_name = \"my-bucket\"\n}}\n"));
    let inside = marked.replacen("build {", "build {\n  hcp_packer_registry {}", 1);
    let sandbox = sandbox.file("inside.pkr.hcl", &inside);
    let run = |command: &str, template: &str, wish: Option<&str>| {
        let mut packer = sandbox.packer([command, template]);
        packer.envs(wish.map(|wish| ("HCP_PACKER_REGISTRY", wish)));
        let output = packer.output().expect("it starts");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    for (template, wish, place) in [
        ("top.pkr.hcl", None, "on top.pkr.hcl line "),
        ("inside.pkr.hcl", None, "on inside.pkr.hcl line "),
        ("plain.pkr.hcl", Some("1"), "HCP_PACKER_REGISTRY"),
    ] {
        let (code, said) = run("build", template, wish);
        assert!(
            code == Some(1) && said.contains("Error: Cannot publish to HCP Packer\n") && said.contains(place),
            "{said}"
        );
        assert!(!sandbox.work().join("built").exists());
        assert_eq!(run("validate", template, wish).0, Some(0));
    }
    for (template, wish) in [("top.pkr.hcl", "off"), ("inside.pkr.hcl", "OFF"), ("plain.pkr.hcl", "0")] {
        assert_eq!(run("build", template, Some(wish)).0, Some(0));
        std::fs::remove_file(sandbox.work().join("built")).expect("it was built");
    }
}

#[test]
fn a_failing_post_processor_removes_the_result_unless_abort_leaves_it_and_says_where() {
    // X-1, S-17
    let template = "source \"file\" \"f\" {\n  content = \"x\"\n  target  = \"made.txt\"\n}\nbuild {\n  sources = [\"file.f\"]\n  post-processor \"shell-local\" { inline = [\"exit 1\"] }\n}\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", template);
    for (on_error, stays) in [("cleanup", false), ("ask", false), ("abort", true), ("run-cleanup-provisioner", true)] {
        let ran = sandbox.run(["build", "-color=false", &format!("-on-error={on_error}"), "t.pkr.hcl"]).exits(1);
        let told = "==> file.f: aborted: leaving the artifact as it is: Stored file: made.txt\n";
        assert_eq!(ran.stdout().contains(told), stays, "{}", ran.stdout());
        assert_eq!(sandbox.work().join("made.txt").exists(), stays, "{on_error}");
        assert_eq!(sandbox.run(["cleanup"]).exits(0).stdout(), "Nothing is left behind.\n");
    }
    assert!(sandbox.work().join("made.txt").exists());
}

#[test]
fn with_fail_fast_the_others_end_and_their_error_names_the_culprit() {
    let template = TWO.replace("echo at work", "[ $PACKER_BUILD_NAME = a ] && exit 1; exec sleep 60");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
    let ran =
        sandbox.run(["build", "-color=false", "-fail-fast", "-detailed-exitcode", "-events=e", "t.pkr.hcl"]).exits(12);
    ran.says("\n--> null.b: cancelled because the build 'null.a' failed\n").says("no artifacts were created");
    let events = std::fs::read_to_string(sandbox.work().join("e")).expect("a stream");
    let last = events.lines().last().expect("events");
    assert!(last.contains("\"interrupted\":false") && last.contains("\"outcome\":\"cancelled\""), "{last}");
}

#[test]
fn a_wait_for_a_pipe_that_nobody_writes_to_ends_with_an_interrupt() {
    let file =
        "source \"file\" \"f\" {\n  source = \"pipe\"\n  target = \"made\"\n}\nbuild { sources = [\"file.f\"] }\n";
    let post = |step: &str| {
        format!(
            "source \"null\" \"a\" {{ communicator = \"none\" }}\nbuild {{\n  sources = [\"null.a\"]\n  post-processors {{\n    post-processor \"artifice\" {{ files = [\"pipe\"] }}\n    {step}\n  }}\n}}\n"
        )
    };
    let checksum = post("post-processor \"checksum\" {}");
    let compress = post("post-processor \"compress\" { output = \"x.tar.gz\" }");
    for (template, flags, said) in [
        (file.to_owned(), &[][..], "Build 'file.f' errored after"),
        (checksum, &[], "Build 'null.a' errored after"),
        (compress, &[], "Build 'null.a' errored after"),
        (file.to_owned(), &["-var-file=pipe.pkrvars.hcl"], "Cancelling build"),
    ] {
        let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
        let pipes = ["pipe", "pipe.pkrvars.hcl"].map(|name| sandbox.work().join(name));
        assert!(std::process::Command::new("mkfifo").args(&pipes).status().expect("mkfifo starts").success());
        let words = [&["build", "-color=false", "-events=e"], flags, &["t.pkr.hcl"]].concat();
        let child = sandbox.packer(words).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
        // Where it waits no line is written; this is long enough for a machine under load.
        std::thread::sleep(std::time::Duration::from_millis(700));
        let began = std::time::Instant::now();
        interrupt(&child);
        let output = child.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(began.elapsed() < std::time::Duration::from_secs(3), "{text}");
        assert!(output.status.code() == Some(1) && text.contains(said), "{text}");
        sandbox.run(["cleanup"]).exits(0);
        assert!(!sandbox.work().join("x.tar.gz").exists());
    }
}
