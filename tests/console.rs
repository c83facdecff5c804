//! The console on a terminal, as people type.

use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use crate::support::sandbox::{Ran, Sandbox};
use crate::support::terminal::Terminal;

const TEMPLATE: &str = r#"variable "region" { default = "eu" }
variable "regions" { default = ["eu", "us"] }
variable "key" {
  default   = "hide-me-well"
  sensitive = true
}
locals { nested = { deep = { er = 7 } } }
"#;

fn console(sandbox: &Sandbox) -> Terminal {
    let mut packer = sandbox.packer(["console", "t.pkr.hcl"]);
    let mut terminal = Terminal::start(packer.env("TERM", "xterm").env("PACKER_NO_COLOR", "1"));
    terminal.sees("or help. Ctrl-D leaves.").sees("> ");
    terminal
}

fn history(sandbox: &Sandbox) -> PathBuf {
    sandbox.root().join("home/.local/state/packer/console_history")
}

#[test]
fn each_line_is_answered_and_exit_leaves() {
    // CON-2
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    let mut terminal = console(&sandbox);
    terminal.types("upper(var.region)").sees("EU\n").sees("> ");
    terminal.types("var.nope").sees("Unsupported attribute").sees("> ");
    terminal.types("var.key").sees("<sensitive>\n").sees("> ");
    terminal.types("variables").sees("> input-variables:").sees("> ");
    terminal.types("exit");
    let (code, text) = terminal.ends();
    assert!(code == Some(0) && !text.contains("hide-me-well"), "{text}");
}

#[test]
fn tab_completes_names_and_arrows_bring_lines_back() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    let mut terminal = console(&sandbox);
    terminal.presses("local.ne\t.de\t.e\t\r").sees("\n7\n").sees("> ");
    terminal.presses("upp\t\"x\")\r").sees("\nX\n").sees("> ");
    terminal.presses("var.reg\t\t").sees("region").sees("regions").sees("var.region");
    // Ctrl-C clears what is there; the arrow brings back the line before.
    terminal
        .interrupts()
        .sees("\n")
        .sees("> ")
        .presses("\x1b[A")
        .sees("upper(\"x\")")
        .presses("\r")
        .sees("\nX\n")
        .sees("> ");
    terminal.presses("\x04");
    assert_eq!(terminal.ends().0, Some(0));
}

#[test]
fn open_brackets_and_heredocs_go_on_in_the_next_line() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    let mut terminal = console(&sandbox);
    terminal.types("length([1,").types("2,").types("3])").sees("\n3\n").sees("> ");
    terminal.types("<<EOT").types("in ${var.region}").types("EOT").sees("\nin eu\n").sees("> ");
    terminal.presses("\x04");
    assert_eq!(terminal.ends().0, Some(0));
}

#[test]
fn functions_explain_themselves() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    let mut terminal = console(&sandbox);
    terminal.types("help upper").sees("upper(str)").sees("upper(\"hello\")  # \"HELLO\"").sees("> ");
    terminal.types("help uper").sees("Did you mean \"upper\"?").sees("> ");
    terminal.types("help").sees("Tab completes names").sees("> ");
    terminal.types("quit");
    terminal.ends();
}

#[test]
fn lines_are_remembered_for_the_next_time_unless_they_hold_a_secret() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    let mut terminal = console(&sandbox);
    terminal.types("1 + 1").sees("\n2\n").sees("> ").types("upper(\"hide-me-well\")").sees("> ").types("exit");
    terminal.ends();
    let kept = std::fs::read_to_string(history(&sandbox)).expect("it was kept");
    assert!(kept.contains("1 + 1") && !kept.contains("hide-me-well"), "{kept}");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(history(&sandbox)).expect("there").permissions());
    assert_eq!(mode & 0o777, 0o600);
    let mut terminal = console(&sandbox);
    terminal.presses("\x1b[A").sees("exit").presses("\x1b[A").sees("1 + 1").presses("\r").sees("\n2\n");
    terminal.sees("> ").types("exit");
    terminal.ends();
}

#[test]
fn a_terminal_that_cannot_edit_lines_is_read_as_it_is() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    let mut packer = sandbox.packer(["console", "t.pkr.hcl"]);
    let mut terminal = Terminal::start(packer.env("TERM", "dumb"));
    terminal.sees("> ").types("1 + 1").sees("2\n").sees("> ").types("exit");
    assert_eq!(terminal.ends().0, Some(0));
    assert!(!history(&sandbox).exists());
}

#[test]
fn where_nothing_can_be_kept_the_console_works_all_the_same() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    std::fs::write(sandbox.root().join("home/.local"), "in the way").expect("it can be written");
    let mut terminal = console(&sandbox);
    terminal.types("1 + 1").sees("\n2\n").sees("> ").presses("\x1b[A").sees("1 + 1").interrupts().sees("\n").sees("> ");
    terminal.presses("\x04");
    assert_eq!(terminal.ends().0, Some(0));
}

#[test]
fn a_line_that_is_no_text_is_told_and_the_others_are_evaluated() {
    let sandbox = Sandbox::new();
    let (lines, path) = (b"\"\xff\"\n1 + 1\n", sandbox.work().join("lines"));
    std::fs::write(&path, lines).expect("it can be written");
    let mut from_file = sandbox.packer(["console", "-config-type=hcl2"]);
    from_file.stdin(std::fs::File::open(path).expect("it is there"));
    Ran(from_file.output().expect("the program starts")).exits(0).says("no UTF-8").says("2\n");
    let mut from_pipe = sandbox.packer(["console", "-config-type=hcl2"]);
    let mut child = from_pipe.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(lines).expect("it reads");
    Ran(child.wait_with_output().expect("it ends")).exits(1).says("no UTF-8").says("2\n");
}
