//! `packer fmt` as people and scripts call it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use packer::diagnostics::SourceMap;
use packer::syntax;

use crate::support::parts;
use crate::support::sandbox::{PACKER, Ran, Sandbox};

#[test]
fn every_template_of_this_repository_keeps_its_tree_and_is_done_after_once() {
    // FMT-18
    let spans = regex::Regex::new(r"Span \{[^}]*\}").expect("a pattern");
    let tree = |text: &str| {
        let sources = SourceMap::default();
        let id = sources.add("t", text);
        let (file, said) = syntax::parse(id, &sources);
        (!said.has_errors()).then(|| spans.replace_all(&format!("{:?}", file.body), "").into_owned())
    };
    let mut count = 0;
    for text in templates() {
        let Some(before) = tree(&text) else { continue };
        let once = syntax::format(&text);
        assert_eq!(tree(&once).as_ref(), Some(&before), "of\n{text}");
        assert_eq!(syntax::format(&once), once, "of\n{text}");
        count += 1;
    }
    assert!(count > 500, "only {count} were found");
}

/// Returns the templates below tests and examples, also those inside of recorded cases.
fn templates() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = ["tests", "examples"].iter().flat_map(|folder| walkdir::WalkDir::new(root.join(folder)));
    let paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").into_path()).collect();
    let mut texts = Vec::new();
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("hcl") => texts.push(text),
            Some("txt") => {
                texts.extend(text.split("\n-- ").filter_map(|part| Some(part.split_once(" --\n")?.1.to_owned())))
            }
            _ => {}
        }
    }
    texts
}

#[test]
fn broken_files_are_told_with_their_lines_and_left_alone_among_ten_thousand() {
    // FMT-8
    let mut sandbox = Sandbox::new().file("m/b.pkr.hcl", "a = [\nb = \"x\n");
    std::fs::write(sandbox.work().join("m/c.pkr.hcl"), b"a=\"\xff\"\n").expect("a file can be written");
    for number in 0..10_000 {
        sandbox = sandbox.file(&format!("m/n{number}.pkr.hcl"), "a=1\n");
    }
    let ran = sandbox.run(["fmt", "m"]).exits(1);
    let said = ran.stdout();
    let ran = ran.says("\nError: encountered an error while formatting m/b.pkr.hcl\n").says("on m/b.pkr.hcl line 2");
    ran.says("Error: encountered an error while formatting m/c.pkr.hcl\n").says("0xff");
    assert_eq!(said.lines().filter(|line| line.starts_with("m/n")).count(), 10_000);
    let read = |name: &str| std::fs::read(sandbox.work().join(name)).expect("readable");
    assert_eq!((read("m/n7.pkr.hcl"), read("m/b.pkr.hcl")), (b"a = 1\n".to_vec(), b"a = [\nb = \"x\n".to_vec()));
    assert_eq!(std::fs::read_dir(sandbox.work().join("m")).expect("a folder").count(), 10_002);
}

#[test]
fn a_difference_can_be_patched() {
    // FMT-6
    if !parts::program("patch") {
        return;
    }
    let sandbox =
        Sandbox::new().file("a.pkr.hcl", "a {\nb=1\n  }\n\n\n\nc=1\nlong_name=2").file("b.pkr.hcl", "b = 1\n");
    let shown = sandbox.run(["fmt", "-diff", "-check", "."]).exits(3).stdout();
    std::fs::write(sandbox.work().join("d"), shown.replace("old/", "").replace("new/", ""))
        .expect("a file can be written");
    let patched = std::process::Command::new("patch").args(["-s", "-i", "d"]).current_dir(sandbox.work()).status();
    assert!(patched.expect("patch starts").success());
    assert_eq!(sandbox.run(["fmt", "-check", "."]).exits(0).stdout(), "");
}

#[test]
fn standard_input_goes_among_files_and_is_told_when_it_is_broken() {
    // FMT-1, FMT-7
    let sandbox = Sandbox::new().file("a.pkr.hcl", "a=1\n");
    let run = |input: &str, words: &[&str]| {
        let mut command = sandbox.packer(words.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    assert_eq!(run("b=1", &["fmt", "-", "a.pkr.hcl", "a.pkr.hcl"]), (Some(0), "b = 1a.pkr.hcl\n".to_owned()));
    assert_eq!(run("b=1", &["-machine-readable", "fmt", "-"]), (Some(0), "b = 1".to_owned()));
    let (code, said) = run("b = (", &["fmt", "-"]);
    assert!(code == Some(1) && said.contains("while formatting -\n") && said.contains("on <stdin> line 1"), "{said}");
}

#[test]
fn what_may_not_be_written_stays_and_is_told() {
    let sandbox = Sandbox::new().file("r/a.pkr.hcl", "a=1\n").file("w/b.pkr.hcl", "b=1\n");
    // Root may write everything: somebody else has to try.
    let script = "chmod 444 r/a.pkr.hcl; chmod 555 w; chmod 666 w/b.pkr.hcl; chmod 755 . ..\n\
                  if [ $(id -u) = 0 ]; then exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"; else exec \"$@\"; fi";
    let like = sandbox.packer([]);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, "sh", PACKER, "fmt", "r", "w"]).current_dir(sandbox.work());
    command.env_clear().envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ran = Ran(command.output().expect("a shell starts")).exits(1);
    // The folder takes no files, but the file may be written.
    assert!(ran.stdout().starts_with("w/b.pkr.hcl\nError: "), "{}", ran.stdout());
    ran.says("while formatting r/a.pkr.hcl").says("permission denied");
    let read = |name: &str| std::fs::read_to_string(sandbox.work().join(name)).expect("readable");
    assert_eq!((read("r/a.pkr.hcl"), read("w/b.pkr.hcl")), ("a=1\n".to_owned(), "b = 1\n".to_owned()));
}

#[test]
fn a_full_disk_leaves_every_file_as_it_was() {
    if !parts::mounts() {
        return;
    }
    let text = format!("a = [\n{}]\n", "1,\n".repeat(13_000));
    let sandbox = Sandbox::new().file("a", &text).file("full/x", "");
    let script = "mount -t tmpfs -o size=96k tmpfs full || exit 9\n\
                  cp a full/one.pkr.hcl; cp a full/two.pkr.hcl; ln full/two.pkr.hcl full/other\n\
                  $0 fmt full; cmp a full/one.pkr.hcl; cmp a full/two.pkr.hcl; ls -A full\n";
    let like = sandbox.packer([]);
    let mut command = std::process::Command::new("unshare");
    command.args(["-m", "sh", "-c", script, PACKER]).current_dir(sandbox.work());
    command.env_clear().envs(like.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let said = String::from_utf8_lossy(&command.output().expect("unshare starts").stdout).into_owned();
    assert_eq!(said.matches("no space left on device").count(), 2, "{said}");
    assert!(said.ends_with("\none.pkr.hcl\nother\ntwo.pkr.hcl\n"), "{said}");
}
