//! What the program asks, says and takes on a terminal.

use std::process::Command;

use rustix::process::Signal;

use crate::support::sandbox::Sandbox;
use crate::support::terminal::Terminal;

fn null_build(steps: &str) -> String {
    format!("source \"null\" \"a\" {{ communicator = \"none\" }}\nbuild {{\n  sources = [\"null.a\"]\n{steps}\n}}\n")
}

const QUESTION: &str =
    "[c] Clean up and exit, [a] abort without cleanup, or [r] retry step (build may fail even if retry succeeds)? ";

/// Fails until it has run three times; then there is a post-processor.
const THIRD_TIME: &str = r#"
  provisioner "shell-local" { inline = ["echo try >> tries", "[ $(wc -l < tries) -ge 3 ]"] }
  error-cleanup-provisioner "shell-local" { inline = ["echo tidy up"] }
"#;

fn ask(sandbox: &Sandbox) -> Terminal {
    Terminal::start(&sandbox.packer(["build", "-color=false", "-on-error=ask", "t.pkr.hcl"]))
}

#[test]
fn a_failed_step_is_retried_as_often_as_asked_and_the_build_fails_all_the_same() {
    // ENG-35, S-6; case engine/on-error-ask-on-a-terminal
    let sandbox = Sandbox::new().file("t.pkr.hcl", &null_build(THIRD_TIME));
    let mut terminal = ask(&sandbox);
    terminal.sees("Step \"StepProvision\" failed\n").sees(QUESTION).types("x");
    terminal.sees("Incorrect input: \"x\"\n").sees(QUESTION).types("Retry").sees(QUESTION).types("r");
    terminal.sees("Running the cleanup provisioner, if present...\n").sees("==> null.a: tidy up\n");
    let (code, text) = terminal.ends();
    assert_eq!((code, text.matches("Running local shell script").count()), (Some(1), 4), "{text}");
    assert!(text.contains("--> null.a: Script exited with non-zero exit status: 1."), "{text}");
}

#[test]
fn enter_alone_cleans_up_and_a_leaves_everything() {
    // ENG-35, S-6
    let sandbox = Sandbox::new().file("t.pkr.hcl", &null_build(THIRD_TIME));
    let mut terminal = ask(&sandbox);
    terminal.sees(QUESTION).types("").sees("tidy up\n").sees("errored after");
    assert_eq!(terminal.ends().0, Some(1));
    std::fs::remove_file(sandbox.work().join("tries")).expect("it was written");
    let mut terminal = ask(&sandbox);
    terminal.sees(QUESTION).types("Abort").sees("Step \"StepProvision\" failed, aborting...\n");
    terminal.sees("aborted: skipping cleanup of step \"StepConnect\"\n").sees("errored after");
    let (code, text) = terminal.ends();
    assert!(code == Some(1) && !text.contains("tidy up"), "{text}");
}

#[test]
fn an_interrupt_while_somebody_is_asked_cleans_up() {
    // S-6
    let sandbox = Sandbox::new().file("t.pkr.hcl", &null_build(THIRD_TIME));
    let mut terminal = ask(&sandbox);
    terminal.sees(QUESTION).interrupts().sees("Cancelling build after receiving interrupt\n").sees("tidy up\n");
    let (code, text) = terminal.ends();
    assert!(code == Some(1) && text.ends_with("Cleanly cancelled builds after being interrupted.\n"), "{text}");
}

#[test]
fn questions_of_two_builds_wait_for_each_other() {
    let template = null_build("  provisioner \"shell-local\" { inline = [\"exit 1\"] }")
        + "source \"null\" \"b\" { communicator = \"none\" }\n";
    let template = template.replace("[\"null.a\"]", "[\"null.a\", \"null.b\"]");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
    let mut terminal = ask(&sandbox);
    terminal.sees(QUESTION).types("").sees("errored after").sees(QUESTION).types("").sees("errored after");
    let (code, text) = terminal.ends();
    assert_eq!((code, text.matches(QUESTION).count()), (Some(1), 2), "{text}");
}

#[test]
fn debug_mode_pauses_after_each_step_before_each_provisioner_and_before_each_cleanup() {
    // CLI-27, ENG-27, ENG-37, S-7; case engine/debug-on-a-terminal
    let sandbox = Sandbox::new()
        .file("t.pkr.hcl", &null_build("  provisioner \"shell-local\" { inline = [\"echo $((6 * 7)) done\"] }"));
    let mut terminal = Terminal::start(&sandbox.packer(["build", "-color=false", "-debug", "t.pkr.hcl"]));
    terminal.sees("Debug mode enabled. Builds will not be parallelized.\n");
    for (pause, then) in [
        ("after run of step 'StepConnect'.", ""),
        ("before the next provisioner .", "42 done\n"),
        ("after run of step 'StepProvision'.", ""),
        ("before cleanup of step 'StepProvision'.", ""),
        ("before cleanup of step 'StepConnect'.", "Build 'null.a' finished after"),
    ] {
        terminal.sees(&format!("==> null.a: Pausing {pause} Press enter to continue. ")).types("").sees(then);
    }
    assert_eq!(terminal.ends().0, Some(0));
}

#[test]
fn a_pause_ends_with_an_interrupt() {
    // CLI-28
    let sandbox =
        Sandbox::new().file("t.pkr.hcl", &null_build("  provisioner \"shell-local\" { inline = [\"echo never\"] }"));
    let mut terminal = Terminal::start(&sandbox.packer(["build", "-color=false", "-debug", "t.pkr.hcl"]));
    terminal.sees("Press enter to continue. ").interrupts();
    let (code, text) = terminal.ends();
    assert!(code == Some(1) && text.contains("Cleanly cancelled") && !text.contains("never\n"), "{text}");
}

/// Needs some seconds to end.
const SLOW_END: &str = r#"  provisioner "shell-local" {
    inline = ["trap 'echo ending; sleep 4; exit 1' TERM", "echo $((40 + 2)) up", "while :; do sleep 0.1; done"]
  }"#;

#[test]
fn an_interrupt_says_what_is_waited_for() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", &null_build(SLOW_END));
    let mut terminal = Terminal::start(&sandbox.packer(["build", "-color=false", "t.pkr.hcl"]));
    terminal.sees("42 up\n").interrupts().sees("Cancelling build after receiving interrupt\n");
    terminal.sees("Waiting for builds that are still cleaning up: null.a. ");
    let (code, text) = terminal.ends();
    assert!(code == Some(1) && text.ends_with("Cleanly cancelled builds after being interrupted.\n"), "{text}");
    assert_eq!(sandbox.run(["cleanup"]).exits(0).stdout(), "Nothing is left behind.\n");
}

#[test]
fn a_second_interrupt_ends_the_program_at_once_and_leaves_the_rest_to_cleanup() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", &null_build(SLOW_END));
    let mut terminal = Terminal::start(&sandbox.packer(["build", "-color=false", "t.pkr.hcl"]));
    terminal.sees("42 up\n").sends(Signal::HUP).sees("Cancelling build after receiving hangup\n");
    terminal.sees("Waiting for builds").interrupts().sees("Ending at once after receiving interrupt again");
    let (code, text) = terminal.ends();
    assert!(code == Some(1) && !text.contains("Cleanly cancelled"), "{text}");
    let said = sandbox.run(["cleanup"]).exits(0).stdout();
    assert_ne!(said, "Nothing is left behind.\n");
    assert_eq!(std::fs::read_dir(sandbox.tmp()).expect("a folder").count(), 0, "{said}");
}

#[test]
fn without_a_terminal_nothing_is_added_to_what_packer_says() {
    let steps = SLOW_END.replace("sleep 4", "sleep 2");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &null_build(&steps));
    let log = sandbox.root().join("said");
    let mut command = sandbox.packer(["build", "-color=false", "t.pkr.hcl"]);
    let mut child = command.stdout(std::fs::File::create(&log).expect("a file")).spawn().expect("it starts");
    while !std::fs::read_to_string(&log).expect("text").contains("42 up\n") {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let said = std::fs::read_to_string(&log).expect("text");
    assert!(said.contains("Cleanly cancelled") && !said.contains("Waiting for"), "{said}");
}
