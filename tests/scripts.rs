//! Local scripts with real processes: how an interrupt ends them, and what their output may be like.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::sandbox::Sandbox;

const BUILD: [&str; 3] = ["build", "-color=false", "t.pkr.hcl"];

/// Returns a template that runs the script `s.sh`.
fn template(settings: &str) -> String {
    format!(
        "source \"null\" \"a\" {{\n  communicator = \"none\"\n}}\nbuild {{\n  sources = [\"null.a\"]\n  provisioner \
         \"shell-local\" {{\n    scripts = [\"s.sh\"]\n    execute_command = [\"/bin/sh\", \"-c\", \"{{{{.Vars}}}} sh \
         {{{{.Script}}}}\"]\n{settings}\n  }}\n}}\n"
    )
}

fn sandbox(script: &str, settings: &str) -> Sandbox {
    Sandbox::new().file("t.pkr.hcl", &template(settings)).file("s.sh", script)
}

fn start(sandbox: &Sandbox) -> Child {
    let child = sandbox.packer(BUILD).stdout(Stdio::piped()).spawn().expect("the program starts");
    let began = Instant::now();
    while !sandbox.work().join("began").exists() {
        assert!(began.elapsed() < Duration::from_secs(60), "the script never began");
        std::thread::sleep(Duration::from_millis(10));
    }
    child
}

/// Sends `signal`, and returns what was said and how long the end took.
fn end(child: Child, signal: &str) -> (String, Duration) {
    let began = Instant::now();
    Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill starts");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    (String::from_utf8_lossy(&output.stdout).into_owned(), began.elapsed())
}

/// Returns which of the processes whose numbers are in `pid-*` still live.
fn living(sandbox: &Sandbox) -> Vec<String> {
    let files = std::fs::read_dir(sandbox.work()).expect("a folder").map(|file| file.expect("a file").path());
    let pids = files.filter(|path| path.to_string_lossy().contains("/pid-"));
    let lives = pids.filter(|path| {
        let pid = std::fs::read_to_string(path).expect("a number");
        let text = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        text.rsplit_once(") ").is_some_and(|(_, facts)| !facts.starts_with('Z'))
    });
    lives.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect()
}

#[test]
fn a_hangup_ends_scripts_with_their_children_and_daemons_at_once() {
    let script = "sleep 600 & echo $! > pid-child\n\
                  setsid sh -c 'echo $$ > pid-session; exec sleep 600' &\n\
                  (setsid sh -c 'echo $$ > pid-daemon; exec sleep 600' </dev/null >/dev/null 2>&1 &)\n\
                  until [ -s pid-session ] && [ -s pid-daemon ]; do sleep 0.01; done\n\
                  echo $$ > pid-script; touch began; wait\n";
    for signal in ["-HUP", "-TERM", "-INT"] {
        let sandbox = sandbox(script, "");
        let (said, took) = end(start(&sandbox), signal);
        assert_eq!(living(&sandbox), [""; 0], "{said}");
        assert!(took < Duration::from_secs(3), "{took:?}");
        assert!(said.contains("Cancelling build after receiving"), "{said}");
    }
}

#[test]
fn what_ignores_the_request_is_ended_after_five_seconds() {
    let script = "(trap '' TERM; setsid sh -c 'echo $$ > pid-daemon; while :; do sleep 1; done' >/dev/null 2>&1 &)\n\
                  (trap '' TERM; sh -c 'echo $$ > pid-quiet; while :; do sleep 1; done' >/dev/null 2>&1 &)\n\
                  until [ -s pid-quiet ] && [ -s pid-daemon ]; do sleep 0.01; done\n\
                  echo $$ > pid-script; touch began; while :; do sleep 1; done\n";
    let sandbox = sandbox(script, "");
    let (said, took) = end(start(&sandbox), "-TERM");
    assert_eq!(living(&sandbox), [""; 0], "{said}");
    assert!((4..9).contains(&took.as_secs()), "{took:?}");
    assert_eq!(std::fs::read_dir(sandbox.tmp()).expect("a folder").count(), 0);
}

#[test]
fn the_end_of_a_daemon_that_dies_slowly_is_waited_for() {
    // The system takes its time to clear away much memory, and the process is there meanwhile.
    let hog = "$SIG{TERM} = \"IGNORE\"; my $held = \"x\" x 500_000_000; open(my $file, \">\", \"pid-daemon\"); \
               print $file $$; close $file; sleep 1 while 1";
    let script = format!(
        "(setsid perl -e '{hog}' </dev/null >/dev/null 2>&1 &)\n\
         until [ -s pid-daemon ]; do sleep 0.01; done\n\
         touch began; sleep 600\n"
    );
    let sandbox = sandbox(&script, "");
    let (said, _) = end(start(&sandbox), "-TERM");
    assert_eq!(living(&sandbox), [""; 0], "{said}");
}

#[test]
fn daemons_of_a_script_that_ended_well_live_on_and_those_of_a_late_one_do_not() {
    let daemon = |name: &str| {
        format!(
            "(setsid sh -c 'echo $$ > pid-{name}; exec sleep 600' </dev/null >/dev/null 2>&1 &)\nuntil [ -s pid-{name} ]; do sleep 0.01; done\n"
        )
    };
    let script = format!("{}{}", "[ -e second ] && {\n", daemon("late"))
        + "wait; sleep 600; }\n"
        + &daemon("early")
        + "touch second\n";
    let twice = template("    timeout = \"1s\"").replace("scripts = [\"s.sh\"]", "scripts = [\"s.sh\", \"s.sh\"]");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &twice).file("s.sh", &script);
    let ran = sandbox.run(BUILD).exits(1);
    let left = living(&sandbox);
    for name in &left {
        let pid = std::fs::read_to_string(sandbox.work().join(name)).expect("a number");
        Command::new("kill").arg(pid.trim()).status().expect("kill starts");
    }
    assert_eq!(left, ["pid-early"], "{}", ran.stdout());
}

#[test]
fn a_script_without_output_is_waited_for_and_so_is_whoever_holds_its_output() {
    let script =
        "(sleep 0.3; echo late) &\nexec 3>&1 >&- 2>&-\nsleep 0.1; echo unseen 2>/dev/null; echo seen >&3\nexit 0\n";
    let ran = sandbox(script, "").run(BUILD).exits(0);
    ran.says("==> null.a: seen\n==> null.a: late\nBuild 'null.a' finished after");
}

#[test]
fn output_of_any_bytes_passes_as_lines() {
    let script = "printf 'nul[\\0] latin[\\351] esc[\\033[31mred\\033[0m]\\n'\nprintf '1%%\\r2%%\\r3%%\\r\\n'\nprintf 'no end'\n";
    let ran = sandbox(script, "").run(BUILD).exits(0);
    ran.says("==> null.a: nul[\0] latin[\u{fffd}] esc[\u{1b}[31mred\u{1b}[0m]\n==> null.a: 3%\n==> null.a: no end\n");
}
