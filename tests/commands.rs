//! The commands as people and scripts call them.

use crate::support::sandbox::{Sandbox, TWO};

#[test]
fn version_prints_one_line_for_programs_and_more_when_asked() {
    // CLI-62, CLI-10
    let sandbox = Sandbox::new();
    for words in [&["version"][..], &["-v"], &["--version", "-nope"], &["version", "extra"]] {
        assert_eq!(sandbox.run(words.iter().copied()).exits(0).stdout(), "Packer v1.16.0\n");
    }
    let full = sandbox.run(["version", "-full"]).exits(0).stdout();
    assert_eq!(full, format!("Packer v1.16.0\npacker-rs v{}\n", env!("CARGO_PKG_VERSION")));
    let machine = sandbox.run(["-machine-readable", "version"]).exits(0).stdout();
    let kinds: Vec<&str> = machine.lines().map(|line| line.splitn(3, ',').nth(2).expect("three fields")).collect();
    assert_eq!(kinds[0], "version,1.16.0");
    assert_eq!(kinds.last(), Some(&"ui,say,Packer v1.16.0"));
}

#[test]
fn help_lists_the_commands_and_a_command_its_flags() {
    // CLI-9, CLI-12, CLI-16
    let sandbox = Sandbox::new();
    sandbox
        .run([])
        .exits(127)
        .says("Usage: packer [--version] [--help] <command> [<args>]\n\nAvailable commands are:\n    build ");
    sandbox.run(["--help"]).exits(0).says("    cleanup ");
    sandbox.run(["bild"]).exits(127).says("Available commands are:");
    sandbox
        .run(["build", "-h"])
        .exits(0)
        .says("Usage: packer build [options] TEMPLATE\n")
        .says("  -on-error=cleanup ")
        .says("  -force ");
    sandbox
        .run(["build", "-nope", "x"])
        .exits(1)
        .says("Usage: packer build")
        .says("flag provided but not defined: -nope");
    sandbox
        .run(["build", "t.pkr.hcl", "-force"])
        .exits(1)
        .says("Usage: packer build")
        .says("-force stands behind the template");
}

#[test]
fn only_runs_the_build_it_names() {
    let sandbox = Sandbox::new().file("two.pkr.hcl", TWO);
    let said = sandbox.run(["build", "-only=null.a", "two.pkr.hcl"]).exits(0).stdout();
    assert!(said.starts_with("\u{1b}[1;32mnull.a: output will be in this color.\u{1b}[0m\n\n"), "{said}");
    assert!(!said.contains("null.b"), "{said}");
}

#[test]
fn validate_reports_every_mistake_of_a_stage_with_its_line() {
    // DIA-1, DIA-2, DIA-10, HCL-101
    let template = "source \"nul\" \"a\" {}\nsource \"docker\" \"b\" {\n  imag    = \"x\"\n  discard = true\n}\nsource \"null\" \"c\" {\n  communicator = \"none\"\n  disk         = 1\n}\nbuild {\n  sources = [\"docker.b\", \"null.c\"]\n  provisioner \"shell-local\" {\n    inlin = [\"true\"]\n  }\n}\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", template);
    let ran = sandbox.run(["validate", "t.pkr.hcl"]).exits(1);
    let ran = ran.says("Error: Unsupported argument\n\n  on t.pkr.hcl line 3, in source \"docker\" \"b\":\n   3:   imag    = \"x\"\n\n");
    let ran = ran
        .says("Did you mean \"image\"?")
        .says("  on t.pkr.hcl line 8, in source \"null\" \"c\":\n   8:   disk         = 1\n");
    ran.says("inlin").says("Did you mean \"inline\"?");
}

#[test]
fn an_unknown_component_is_named_with_the_nearest_there_is() {
    // DIA-40, DIA-41
    let template = "source \"nul\" \"a\" {}\nbuild {\n  sources = [\"nul.a\"]\n}\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", template);
    sandbox
        .run(["validate", "t.pkr.hcl"])
        .exits(1)
        .says("Error: Unknown source type nul\n")
        .says("Did you mean to use \"null\"?");
}

#[test]
fn validate_looks_only_at_the_syntax_when_told() {
    // VAL-1, VAL-3
    let sandbox = Sandbox::new()
        .file("t.pkr.hcl", "source \"nope\" \"a\" {}\nbuild { sources = [\"nope.a\"] }\n")
        .file("ok.pkr.hcl", TWO);
    let said = sandbox.run(["validate", "-syntax-only", "t.pkr.hcl"]).exits(0).stdout();
    assert_eq!(said, "Syntax-only check passed. Everything looks okay.\n");
    assert_eq!(sandbox.run(["validate", "ok.pkr.hcl"]).exits(0).stdout(), "The configuration is valid.\n");
}

#[test]
fn what_comes_later_says_so() {
    let template = "source \"null\" \"s\" {\n  ssh_host     = \"127.0.0.1\"\n  ssh_username = \"u\"\n  ssh_password = \"p\"\n}\nbuild {\n  sources = [\"null.s\"]\n}\n";
    let sandbox = Sandbox::new().file("ssh.pkr.hcl", template);
    sandbox.run(["validate", "ssh.pkr.hcl"]).exits(0);
    sandbox.run(["build", "-color=false", "ssh.pkr.hcl"]).exits(1).says("SSH").says("later");
    for words in [
        &["execute", "packer-builder-file"][..],
        &["sbom-generate", "-o", "x"],
        &["verify-attestation", "-key=k", "a.json"],
    ] {
        let name = words[0];
        sandbox.run(words.iter().copied()).exits(1).says(&format!("There is no \"packer {name}\" yet"));
    }
    let kinds = "source \"qemu\" \"s\" {}\nbuild {\n  sources = [\"qemu.s\"]\n  provisioner \"powershell\" {}\n}\n";
    let sandbox = sandbox.file("kinds.pkr.hcl", kinds);
    sandbox.run(["validate", "kinds.pkr.hcl"]).exits(1).says("built in are:").says("powershell is one of Packer's own");
}

#[test]
fn the_language_of_a_name_that_does_not_tell_is_said_by_a_flag() {
    // CLI-19, CLI-25
    let sandbox = Sandbox::new().file("e.hcl", TWO).file("ok.pkr.hcl", TWO);
    let told = "Error: Could not find any config file in e.hcl";
    for command in ["validate", "build", "inspect"] {
        sandbox.run([command, "-config-type=hcl2", "e.hcl"]).exits(1).says(told);
    }
    sandbox.run(["validate", "-config-type=json", "ok.pkr.hcl"]).exits(0);
    sandbox.run(["validate", "-config-type=HCL2", "gone.hcl"]).exits(1).says("stat gone.hcl: no such file");
}

#[test]
fn without_a_home_nobody_knows_where_plugins_are() {
    // CLI-81
    let sandbox = Sandbox::new();
    let run = |variable: &str| {
        let mut command = sandbox.packer(["version"]);
        let output = command.env("HOME", "").env(variable, "x").output().expect("it starts");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).contains("HOME is not set"))
    };
    assert_eq!(run("NOTHING"), (Some(1), true));
    assert_eq!([run("PACKER_CONFIG_DIR"), run("PACKER_PLUGIN_PATH")], [(Some(0), false); 2]);
}

#[test]
fn a_built_in_answers_for_its_plugin_under_any_local_name() {
    let require = |version: &str| {
        format!(
            "packer {{\n  required_plugins {{\n    dk = {{\n      source  = \"github.com/hashicorp/docker\"\n      version = \"{version}\"\n    }}\n  }}\n}}\nsource \"dk\" \"a\" {{\n  image   = \"x\"\n  discard = true\n}}\nbuild {{\n  sources = [\"dk.a\"]\n  post-processor \"dk-tag\" {{\n    repository = \"r\"\n  }}\n}}\n"
        )
    };
    let sandbox = Sandbox::new().file("ok.pkr.hcl", &require(">= 1.0.0")).file("new.pkr.hcl", &require(">= 99.0.0"));
    sandbox.run(["validate", "ok.pkr.hcl"]).exits(0).says("The configuration is valid.");
    sandbox
        .run(["validate", "new.pkr.hcl"])
        .exits(1)
        .says("Missing plugins")
        .says("github.com/hashicorp/docker")
        .says(">= 99.0.0");
}

#[test]
fn left_out_enforcement_is_said_in_either_language() {
    // CLI-36
    let sandbox = Sandbox::new()
        .file("t.pkr.hcl", "source \"null\" \"a\" { communicator = \"none\" }\nbuild { sources = [\"null.a\"] }\n")
        .file("t.json", r#"{"builders": [{"type": "null", "communicator": "none"}]}"#);
    for template in ["t.pkr.hcl", "t.json"] {
        let said = sandbox.run(["build", "-color=false", "-skip-enforcement", template]).exits(0).stdout();
        assert!(said.starts_with("Enforced provisioners"), "{template}: {said}");
    }
}

#[test]
fn cleanup_without_anything_to_do_is_quiet() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TWO);
    sandbox.run(["build", "t.pkr.hcl"]).exits(0);
    assert!(!sandbox.journal().exists() || std::fs::read_dir(sandbox.journal()).expect("a folder").next().is_none());
    assert_eq!(sandbox.run(["cleanup", "-list"]).exits(0).stdout(), "Nothing is left behind.\n");
    assert_eq!(sandbox.run(["cleanup"]).exits(0).stdout(), "Nothing is left behind.\n");
}

#[test]
fn programs_started_for_programs_are_told_to_use_no_colours() {
    // CLI-67; case cli/machine-readable-switches-colour-off
    let template = TWO.replace("echo at work", "echo colour: $PACKER_NO_COLOR");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
    sandbox.run(["build", "-machine-readable", "t.pkr.hcl"]).exits(0).says(",,ui,say,==> null.a: colour: 1\n");
    sandbox.run(["build", "-color=false", "t.pkr.hcl"]).exits(0).says("==> null.a: colour:\n");
}

#[test]
fn an_environment_that_cannot_work_ends_every_command_at_once() {
    // CLI-78, CLI-82; cases cli/log-path, cli/plugin-path-must-be-one-folder
    let sandbox = Sandbox::new();
    for (name, value, complaint) in [
        ("PACKER_LOG_PATH", "no/such/x", "open no/such/x: no such file or directory\n"),
        ("PACKER_PLUGIN_PATH", "one:two", "\n* PACKER_PLUGIN_PATH=one\n* PACKER_PLUGIN_PATH=two\n"),
    ] {
        let output = sandbox.packer(["version"]).env(name, value).output().expect("the program starts");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.ends_with(complaint), "{said}");
    }
}

#[test]
fn output_that_nobody_takes_is_no_crash_and_a_full_disk_is_told() {
    let sandbox = Sandbox::new().file("t.pkr.hcl", TWO);
    // What is only shown has failed when it is lost; a build has not, and one that is soon done ends well without a
    // reader. One that takes longer is in tests/faults.rs.
    for (words, full) in [(&["version"][..], 1), (&["build", "-h"], 1), (&["build", "t.pkr.hcl"], 0)] {
        let run = |out: std::process::Stdio| {
            let ran = sandbox.packer(words.iter().copied()).stdout(out).stderr(std::process::Stdio::piped()).spawn();
            let output = ran.expect("it starts").wait_with_output().expect("it ends");
            (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        let device = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("there is one");
        let (code, said) = run(device.into());
        assert_eq!(code, Some(full), "{words:?}");
        assert!(said.starts_with("cannot write all output: No space left on device"), "{said}");
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        drop(reader);
        let (code, said) = run(writer.into());
        assert_eq!((code, said.is_empty()), (Some(0), true), "{words:?} {said}");
    }
}

#[test]
fn the_log_hides_what_is_sensitive() {
    // CLI-93
    let template = "variable \"s\" {\n  default   = \"no\"\n  sensitive = true\n}\nsource \"null\" \"a\" { communicator = \"none\" }\nbuild {\n  sources = [\"null.a\"]\n  provisioner \"shell-local\" { inline = [\"echo ${var.s}; exit 1\"] }\n}\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", template);
    let words = ["build", "-var", "s=hush-hush", "t.pkr.hcl"];
    let output = sandbox.packer(words).env("PACKER_LOG", "1").output().expect("the program starts");
    let (out, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(out.contains("<sensitive>") && log.contains("null.a"), "{out}{log}");
    assert!(!out.contains("hush") && !log.contains("hush"), "{out}{log}");
}

#[test]
fn what_is_left_over_of_machine_readable_is_no_flag() {
    // CLI-18, CLI-12; cases cli/machine-readable-anywhere, cli/unknown-command-shows-the-general-help
    let sandbox = Sandbox::new().file("t.pkr.hcl", TWO);
    for flag in ["-machine-readable=true", "--machine-readable"] {
        let ran = sandbox.run(["validate", flag, "t.pkr.hcl"]).exits(1);
        ran.says("Usage: packer validate").says("flag provided but not defined: -machine-readable");
    }
    sandbox.run(["--", "build"]).exits(127).says("Available commands are:");
    sandbox.run(["cleanup", "-h"]).exits(0).says("\n\n  Undoes what runs that were killed");
}

#[test]
fn the_deepest_template_that_parses_is_evaluated_by_every_command() {
    // A worker of the runtime has 2 MB of stack, a build prepares its steps there again.
    let deep = |levels: usize| {
        let list = (0..levels).fold("1".to_owned(), |inner, _| format!("[for x in [{inner}] : true ? x : x if true]"));
        let sum = (0..levels).fold("1".to_owned(), |inner, _| format!("(1 + {inner})"));
        let step =
            format!("  provisioner \"shell-local\" {{\n    inline = [\"true ${{length({list})}} ${{{sum}}}\"]\n  }}\n");
        let step = step.clone() + &step.replace("shell-local\" {\n", "shell-local\" {\n    only = [\"null.b\"]\n");
        let local = format!("locals {{\n  deep = {list}\n  sum = {sum}\n}}\n");
        format!("{local}{}", TWO.replace("  provisioner", &format!("{step}  provisioner")))
    };
    let sandbox = Sandbox::new().file("deep.pkr.hcl", &deep(58)).file("deeper.pkr.hcl", &deep(5_000));
    sandbox.run(["validate", "deep.pkr.hcl"]).exits(0);
    sandbox.run(["build", "deep.pkr.hcl"]).exits(0);
    sandbox.run(["validate", "deeper.pkr.hcl"]).exits(1).says("250 levels");
}
