//! The provisioner `shell` on a machine that does what it is told to.
//!
//! Knows no real connection.

use std::path::Path;

use super::*;
use crate::component::fake::{self, Answer, Machine};
use crate::component::{Exit, NotSupported};
use crate::value::Type;

fn texts(items: &[&str]) -> Value {
    Value::list(Type::String, items.iter().map(|item| Value::from(*item)))
}

fn decode(folder: &Path, members: &[(&str, Value)]) -> Config {
    let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
    let cx = fake::prepare_cx(folder);
    let mut config = Config::decode(&value, &cx).unwrap_or_else(|problems| panic!("{problems:?}"));
    config.fill(&cx);
    config
}

async fn run(folder: &Path, machine: &Arc<Machine>, members: &[(&str, Value)]) -> Result<()> {
    run_and_listen(folder, machine, members).await.0
}

async fn run_and_listen(folder: &Path, machine: &Arc<Machine>, members: &[(&str, Value)]) -> (Result<()>, Vec<String>) {
    let shell = Shell { config: decode(folder, members), pause: Duration::ZERO };
    let machine: Arc<dyn Communicator> = Arc::clone(machine) as _;
    let (cx, said) = fake::run_cx(folder);
    (shell.provision(&cx, &machine, &BuildData::default()).await, said.lines())
}

fn inline(lines: &[&str]) -> [(&'static str, Value); 2] {
    [("inline", texts(lines)), ("remote_path", "/opt/s".into())]
}

const RUN: &str = "run chmod +x /opt/s; PACKER_BUILDER_TYPE='fake' PACKER_BUILD_NAME='n'  /opt/s";

#[tokio::test]
async fn a_script_is_uploaded_run_and_removed() {
    // P-shell-12, P-shell-23, P-shell-26
    let machine = Machine::answering([]);
    run(Path::new("/"), &machine, &inline(&["a", "b"])).await.unwrap();
    let asked = ["upload /opt/s -", "run chmod 0755 /opt/s", RUN, "run rm -f /opt/s", "run rm -f "];
    assert_eq!(machine.asked(), asked);
    assert_eq!(machine.uploads.lock().unwrap()[0], b"#!/bin/sh -e\na\nb\n");
}

#[tokio::test]
async fn a_machine_that_sets_modes_is_asked_for_no_chmod() {
    let machine = std::sync::Arc::new(Machine { sets_modes: true, ..Machine::default() });
    run(Path::new("/"), &machine, &inline(&["a"])).await.unwrap();
    assert_eq!(machine.asked(), ["upload /opt/s 755", RUN, "run rm -f /opt/s", "run rm -f "]);
}

#[tokio::test]
async fn a_script_is_named_before_its_output_and_pauses_after_it() {
    // P-shell-16, P-shell-19
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.sh"), "").unwrap();
    let machine = Machine::answering([Answer::Exits(Exit::Code(0)), Answer::Prints("one\ntwo")]);
    let settings = [("scripts", texts(&["a.sh"])), ("pause_after", "1ms".into())];
    let (result, said) = run_and_listen(folder.path(), &machine, &settings).await;
    result.unwrap();
    let lines = ["Provisioning with shell script: a.sh", "one", "two", "Pausing 1ms after this provisioner..."];
    assert_eq!(said, lines.map(|line| format!("==> fake.n: {line}")));
}

#[tokio::test]
async fn variables_may_travel_in_a_file() {
    // P-shell-14, P-shell-27
    let machine = Machine::answering([]);
    let more = [("use_env_var_file", true.into()), ("env", Value::map(Type::String, [("A".into(), "it's".into())]))];
    run(Path::new("/"), &machine, &[inline(&["x"]).as_slice(), &more].concat()).await.unwrap();
    let asked = machine.asked();
    let file = asked[0].strip_prefix("upload ").unwrap().strip_suffix(" 600").unwrap();
    assert!(file.starts_with("/tmp/varfile_") && file.ends_with(".sh"), "{file}");
    assert_eq!(asked[1], format!("run chmod 0600 {file}"));
    assert_eq!(asked[4], format!("run chmod +x /opt/s; . {file} && /opt/s"));
    assert_eq!(asked[6], format!("run rm -f {file}"));
    let text = String::from_utf8(machine.uploads.lock().unwrap()[0].clone()).unwrap();
    assert_eq!(text.lines().next(), Some(r#"export A='it'"'"'s'"#));
}

#[tokio::test]
async fn a_failed_start_is_tried_again_and_a_bad_exit_is_not() {
    // P-shell-23, P-shell-24
    let ok = || Answer::Exits(Exit::Code(0));
    let machine = Machine::answering([ok(), Answer::Fails("no session"), ok(), Answer::Exits(Exit::Code(7))]);
    machine.upload_errors.lock().unwrap().push_back(anyhow!("no room"));
    let error = run(Path::new("/"), &machine, &inline(&["x"])).await.unwrap_err();
    let text = "Script exited with non-zero exit status: 7. Allowed exit codes are: [0]";
    assert_eq!(error.to_string(), text);
    assert_eq!(machine.asked().iter().filter(|line| line.starts_with("upload")).count(), 3);
    assert_eq!(machine.asked().last().unwrap(), RUN);
}

#[tokio::test]
async fn what_can_never_work_is_not_tried_again() {
    // C-none-2
    let machine = Machine::answering([]);
    machine.upload_errors.lock().unwrap().push_back(NotSupported("no uploads".to_owned()).into());
    let error = run(Path::new("/"), &machine, &inline(&["x"])).await.unwrap_err();
    assert_eq!(error.to_string(), "Error uploading script: no uploads");
    assert_eq!(machine.asked().len(), 1);
}

#[tokio::test]
async fn only_an_expected_disconnect_is_fine() {
    // P-shell-18, P-shell-25
    let gone = || Machine::answering([Answer::Exits(Exit::Code(0)), Answer::Exits(Exit::Disconnected)]);
    let codes = Value::list(Type::Number, [0.into(), 2_300_218.into()]);
    let machine = gone();
    let more = ("valid_exit_codes", codes);
    let error = run(Path::new("/"), &machine, &[inline(&["x"]).as_slice(), &[more]].concat()).await.unwrap_err();
    assert!(error.to_string().starts_with("Script disconnected unexpectedly. "));
    let more = ("expect_disconnect", true.into());
    run(Path::new("/"), &gone(), &[inline(&["x"]).as_slice(), &[more]].concat()).await.unwrap();
}

#[tokio::test]
async fn line_ends_become_those_of_unix_unless_binary() {
    // P-shell-22
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("dos.sh"), "a\r\nb\rc\r\n\r\n").unwrap();
    for (binary, bytes) in [(false, "a\nb\rc\n\n"), (true, "a\r\nb\rc\r\n\r\n")] {
        let machine = Machine::answering([]);
        let settings = [("scripts", texts(&["dos.sh"])), ("binary", binary.into())];
        run(folder.path(), &machine, &settings).await.unwrap();
        assert_eq!(machine.uploads.lock().unwrap()[0], bytes.as_bytes());
    }
}

#[test]
fn mistakes_are_told_at_once() {
    // P-shell-29
    let problems = |members: &[(&str, Value)]| {
        let value = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
        let problems = prepare(&value, &fake::prepare_cx(Path::new("/"))).err().unwrap_or_default();
        problems.0.into_iter().map(|problem| problem.detail).collect::<Vec<_>>()
    };
    assert_eq!(problems(&[]), ["Either a script file or inline script must be specified."]);
    let all = [("inline", texts(&["x"])), ("script", "no/a".into()), ("scripts", texts(&["no/b"]))];
    assert_eq!(
        problems(&all),
        [
            "Only one of script or scripts can be specified.",
            "Only a script file or an inline script can be specified, not both.",
            "Bad script 'no/a': stat no/a: no such file or directory",
        ]
    );
}
