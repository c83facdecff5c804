//! A program that really crashes: a process of this very test runs it, with components that panic.

use std::process::{Command, Output};
use std::sync::Arc;

use async_trait::async_trait;
use packer::component::{BuildData, Builtin, Communicator, Prepared, Provisioner, Result, RunCx};
use packer::journal::Undo;
use packer::value::schema::Schema;

use crate::support::sandbox::Sandbox;

/// Panics when it is prepared.
const EARLY: Builtin<dyn Provisioner> = Builtin {
    name: "crashes-early",
    about: "Panics when it is prepared.",
    plugin: None,
    schema: Schema::default,
    prepare: |_, _| panic!("no {SECRET} here"),
};

/// Panics when it runs, with something to undo.
const LATE: Builtin<dyn Provisioner> = Builtin {
    name: "crashes-late",
    about: "Panics when it runs.",
    plugin: None,
    schema: Schema::default,
    prepare: |_, _| Ok(Prepared { component: Box::new(Late), warnings: Vec::new() }),
};

const SECRET: &str = "hush-hush";

struct Late;

#[async_trait]
impl Provisioner for Late {
    async fn provision(&self, cx: &RunCx, _: &Arc<dyn Communicator>, _: &BuildData) -> Result<()> {
        let path = cx.host.absolute("half-made");
        let _entry = cx.begin(Undo::file(&path));
        std::fs::write(&path, "")?;
        panic!("no {SECRET} there")
    }
}

#[test]
#[ignore = "the other tests start it in a process of its own"]
fn the_program() {
    let mut registry = packer::commands::registry();
    registry.provisioners.add(EARLY.name, Arc::new(&EARLY));
    registry.provisioners.add(LATE.name, Arc::new(&LATE));
    let words = ["packer", "build", "-color=false", "-var", "other=hush-too", "t.pkr.hcl"];
    let host = packer::host::Host::real();
    std::process::exit(packer::commands::run(words.map(Into::into).to_vec(), host, registry).into());
}

fn crashed(provisioner: &str) -> (Sandbox, Output) {
    let template = format!(
        r#"
variable "secret" {{
  default   = "{SECRET}"
  sensitive = true
}}
variable "other" {{ default = "" }}
source "null" "a" {{ communicator = "none" }}
source "null" "b" {{ communicator = "none" }}
build {{
  sources = ["null.a", "null.b"]
  provisioner "{provisioner}" {{ only = ["null.a"] }}
  provisioner "shell-local" {{ inline = ["echo at work"] }}
}}
"#
    );
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template);
    let like = sandbox.packer([]);
    let mut command = Command::new(std::env::current_exe().expect("this test has a path"));
    command.args(["--exact", "crash::the_program", "--ignored", "--nocapture"]).env_clear();
    command.envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.current_dir(sandbox.work()).output().expect("it starts");
    (sandbox, output)
}

fn check(sandbox: &Sandbox, output: &Output) -> String {
    let report = std::fs::read_to_string(sandbox.work().join("crash.log")).expect("there is a report");
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{said}{errors}");
    assert!(said.contains("!!! packer crashed !!!") && said.contains("crash.log"), "{said}");
    assert!(errors.contains("packer: crash at tests/crash.rs:") && errors.contains("no <sensitive>"), "{errors}");
    for text in [&*report, &said, &errors] {
        assert!(!text.contains("hush"), "{text}");
    }
    assert!(report.starts_with("Packer 1.16.0 [packer-rs ") && report.contains("-var other=… t.pkr.hcl\n"), "{report}");
    assert!(report.contains("all::crash::"), "no backtrace: {report}");
    report
}

#[test]
fn a_crash_while_a_build_is_prepared_ends_the_program_with_a_report() {
    // CLI-4, CLI-5
    let (sandbox, output) = crashed("crashes-early");
    let report = check(&sandbox, &output);
    assert!(report.contains("[INFO] reading the template \"t.pkr.hcl\"\n"), "{report}");
    let names = std::fs::read_dir(sandbox.work()).expect("a folder").count();
    assert_eq!(names, 2, "nothing but the template and the report is there");
}

#[test]
fn a_crash_while_a_build_runs_leaves_the_others_and_what_it_made_to_cleanup() {
    // CLI-4, CLI-5
    let (sandbox, output) = crashed("crashes-late");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("Build 'null.b' finished after") && said.contains("--> null.a: the provisioner crashed"),
        "{said}"
    );
    let report = check(&sandbox, &output);
    assert!(report.contains("build 'null.a': provisioner 0 (crashes-late) starts\n"), "{report}");
    assert!(sandbox.work().join("half-made").exists());
    sandbox.run(["cleanup"]).exits(0).says("half-made");
    assert!(!sandbox.work().join("half-made").exists());
}
