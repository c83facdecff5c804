//! Completion in the real shells, as somebody at a terminal has it, and man pages as they are read.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::parts;
use crate::support::sandbox::{PACKER, Sandbox};
use crate::support::terminal::Terminal;

const TEMPLATE: &str = r#"
variable "region" { default = "here" }
source "null" "a" { communicator = "none" }
source "file" "z" { target = "z" }
build { sources = ["null.a", "file.z"] }
"#;

/// Returns `shell` with `words`, ready to start in the sandbox with the program under test on its path.
fn shell(shell: &str, words: &[&str], sandbox: &Sandbox) -> Command {
    let mut command = sandbox.packer([]);
    let mut path = Path::new(PACKER).parent().expect("it stands in a folder").as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    command.env("PATH", path).env("TERM", "dumb").env("PS1", "$ ");
    let mut started = Command::new(shell);
    started.args(words).current_dir(sandbox.work()).env_clear();
    started.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    started
}

/// Has words completed by pressing Tab, behind what `load` makes of the shell.
fn complete_at_a_terminal(shell: &Command, load: &str) {
    let mut terminal = Terminal::start(shell);
    terminal.types(&format!("{load}; echo lo''aded")).sees("loaded\n");
    // What is typed is shown too, with whatever moves the cursor; so only what is added is looked for.
    terminal.presses("packer bui\t").sees("ld ");
    terminal.presses("-only=f\t").sees("ile.z ");
    terminal.presses("-var r\t").sees("egion=");
    terminal.presses("x t.p\t").sees("kr.hcl ");
}

#[test]
fn bash_completes_with_names_from_the_template() {
    if parts::program("bash") {
        let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
        let bash = shell("bash", &["--norc", "--noprofile", "-i"], &sandbox);
        complete_at_a_terminal(&bash, "source <(packer completion bash)");
    }
}

#[test]
fn zsh_completes_with_names_from_the_template() {
    if parts::program("zsh") {
        let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
        let zsh = shell("zsh", &["-f", "-i"], &sandbox);
        complete_at_a_terminal(&zsh, "autoload -U compinit && compinit -u -D && source <(packer completion zsh)");
    }
}

#[test]
fn fish_completes_with_names_from_the_template() {
    if !parts::program("fish") {
        return;
    }
    let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
    for (line, wanted) in [
        ("packer bui", "build"),
        ("packer build -only=f", "-only=file.z"),
        ("packer build -var r", "region="),
        ("packer build -on-error=ab", "-on-error=abort"),
        ("packer plugins rem", "remove"),
        ("packer build t", "t.pkr.hcl"),
    ] {
        let script = format!("packer completion fish | source; complete -C '{line}'");
        let output = shell("fish", &["--no-config", "-c", &script], &sandbox).output().expect("fish starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(said.lines().map(|line| line.split('\t').next().unwrap_or_default()).collect::<Vec<_>>(), [wanted]);
    }
}

#[test]
fn a_shell_that_asks_amiss_is_told_nothing() {
    let sandbox = Sandbox::new().file("broken.pkr.hcl", "build {").file("c.json", "{");
    for words in [&["__complete"][..], &["__complete", "bash"], &["__complete", "zsh", "9", "x"], &["__complete", "x"]]
    {
        assert_eq!(sandbox.run(words.iter().copied()).exits(0).stdout(), "");
    }
    let mut asked = sandbox.packer(["__complete", "fish", "2", "build", "-only", "", "broken.pkr.hcl"]);
    let output = asked.env("PACKER_CONFIG", "c.json").env_remove("HOME").output().expect("it starts");
    assert_eq!((output.status.code(), output.stdout.len(), output.stderr.len()), (Some(0), 0, 0));
}

#[test]
fn every_command_has_a_man_page_that_groff_finds_nothing_wrong_with() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(["-h"]).exits(0).stdout();
    let names = help.lines().filter_map(|line| line.strip_prefix("    ")?.split(' ').next());
    let mut pages: Vec<Vec<&str>> = names.map(|name| vec!["man", name]).collect();
    pages.extend([vec!["man"], vec!["man", "plugins", "install"]]);
    for words in pages {
        let page = sandbox.run(words.iter().copied()).exits(0).says(".SH NAME").stdout();
        if parts::program("groff") {
            let (file, name) = (sandbox.work().join("page"), words.join(" "));
            std::fs::write(&file, page).expect("it can be written");
            let groff = Command::new("groff").args(["-man", "-Tutf8", "-ww"]).arg(file).stdin(Stdio::null()).output();
            let output = groff.expect("groff starts");
            assert!(output.status.success() && output.stderr.is_empty(), "{name}: {output:?}");
        }
    }
    sandbox.run(["man", "nothing"]).exits(1).says("There is no page about \"nothing\"");
}
