//! Bars for long work: on a foreground terminal alone, below lines that stay whole, gone at the end.

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

use crate::support::sandbox::{PACKER, Sandbox};
use crate::support::terminal::Terminal;

/// `a` reads a pipe, as slowly as the test likes; `b` prints lines until the file `done` is there.
const TEMPLATE: &str = r#"
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["null.a"]
  post-processors {
    post-processor "artifice" { files = ["pipe"] }
    post-processor "checksum" { output = "sums" }
  }
}
build {
  sources = ["null.b"]
  provisioner "shell-local" {
    inline = ["n=0; while [ ! -e done ]; do n=$((n + 1)); echo line $n; sleep 0.02; done; echo $n > count"]
  }
}
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    assert!(Command::new("mkfifo").arg(sandbox.work().join("pipe")).status().expect("mkfifo starts").success());
    sandbox
}

/// Opens the pipe, once somebody reads it, and gives it a mebibyte.
fn feed(sandbox: &Sandbox) -> File {
    let mut pipe = File::options().write(true).open(sandbox.work().join("pipe")).expect("the pipe can be opened");
    pipe.write_all(&vec![0; 1 << 20]).expect("somebody reads");
    pipe
}

/// Returns what stands on a terminal after `text` was shown, line by line.
fn screen(text: &str) -> Vec<String> {
    let (mut lines, mut row, mut column) = (vec![Vec::new()], 0_usize, 0);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => column = 0,
            '\n' => (row, column) = (row + 1, 0),
            '\x1b' => {
                let rest = letters.as_str();
                let end = rest.find(char::is_alphabetic).expect("a whole code");
                match (&rest[1..end], &rest[end..=end]) {
                    ("2", "K") => lines[row].clear(),
                    (count, "A") => row -= count.parse::<usize>().expect("a count"),
                    (code, letter) => panic!("the code {code:?} {letter:?} is not known here"),
                }
                letters = rest[end + 1..].chars();
            }
            letter => {
                let line: &mut Vec<char> = &mut lines[row];
                line.resize(line.len().max(column + 1), ' ');
                line[column] = letter;
                column += 1;
            }
        }
        lines.resize(lines.len().max(row + 1), Vec::new());
    }
    lines.into_iter().map(|line| line.into_iter().collect::<String>().trim_end().to_owned()).collect()
}

#[test]
fn bars_stand_below_whole_lines_and_are_gone_at_the_end() {
    // CLI-76
    let sandbox = sandbox();
    let mut terminal = Terminal::start(&sandbox.packer(["build", "-color=false", "t.pkr.hcl"]));
    let pipe = feed(&sandbox);
    terminal.sees("null.a: Computing checksums").sees("1.00 MiB").sees("==> null.b: line ").sees("Computing checksums");
    drop(pipe);
    std::fs::write(sandbox.work().join("done"), "").expect("a file can be written");
    let (code, text) = terminal.ends();
    assert_eq!(code, Some(0), "{text}");
    let lines = screen(&text);
    assert!(!lines.iter().any(|line| line.contains("Computing") || line.contains("MiB")), "{lines:#?}");
    let count = std::fs::read_to_string(sandbox.work().join("count")).expect("it was written");
    let count: usize = count.trim().parse().expect("a number");
    let printed: Vec<_> = lines.iter().filter(|line| line.starts_with("==> null.b: line ")).collect();
    let wanted: Vec<_> = (1..=count).map(|number| format!("==> null.b: line {number}")).collect();
    assert_eq!(printed, wanted.iter().collect::<Vec<_>>());
}

/// Runs `command` on a terminal long enough for a bar; returns what was shown.
fn shown(sandbox: &Sandbox, command: &Command) -> String {
    let terminal = Terminal::start(command);
    let pipe = feed(sandbox);
    // Bars come after a tenth of a second.
    std::thread::sleep(Duration::from_millis(400));
    drop(pipe);
    std::fs::write(sandbox.work().join("done"), "").expect("a file can be written");
    let (code, text) = terminal.ends();
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("null.b: line 1"), "{text}");
    text
}

#[test]
fn there_are_no_bars_for_programs_in_the_background_and_where_the_log_is() {
    let sandbox = sandbox();
    let words = ["build", "-color=false", "t.pkr.hcl"];
    let text = shown(&sandbox, &sandbox.packer(["build", "-machine-readable", "t.pkr.hcl"]));
    assert!(!text.contains("Computing") && !text.contains('\x1b'), "{text}");
    let _ = std::fs::remove_file(sandbox.work().join("done"));
    let text = shown(&sandbox, sandbox.packer(words).env("PACKER_LOG", "1"));
    assert!(!text.contains("Computing") && !text.contains('\x1b'), "{text}");
    let _ = std::fs::remove_file(sandbox.work().join("done"));
    let packer = sandbox.packer([]);
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("set -m; {PACKER} {} & wait $!", words.join(" "))]);
    shell.current_dir(sandbox.work()).envs(packer.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let text = shown(&sandbox, &shell);
    assert!(!text.contains("Computing") && !text.contains('\x1b'), "{text}");
}
