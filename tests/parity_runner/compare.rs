//! Runs a case and says where it differs from the recording.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::case::{Case, Ran};
use super::fold::{Folded, diagnostics, fold, fold_recorded, without_diagnostics};
use crate::support::sandbox::{PACKER, Sandbox};

/// Returns what differs; nothing when the case passes.
pub fn differences(case: &Case) -> Vec<String> {
    let sandbox = Sandbox::new();
    let runs = runs(case, &sandbox);
    let mut found = Vec::new();
    if runs.len() != case.want.len() {
        found.push(format!("{} commands ran, {} were recorded", runs.len(), case.want.len()));
    }
    for (want, got) in case.want.iter().zip(&runs) {
        compare(want, got, case, &sandbox, &mut found);
    }
    found.extend(not_printed(case, &runs));
    found
}

/// Returns what a case in which ours differs on purpose should print and does not.
pub fn not_better(case: &Case) -> Vec<String> {
    let runs = runs(case, &Sandbox::new());
    let mut found = not_printed(case, &runs);
    if !found.is_empty() {
        found.extend(runs.iter().map(|run| format!("$ {}\n{}{}", run.command, run.stdout, run.stderr)));
    }
    found
}

/// Runs the commands of a case, in order.
fn runs(case: &Case, sandbox: &Sandbox) -> Vec<Ran> {
    let bin = sandbox.root().join("bin");
    std::fs::create_dir(&bin).expect("a folder can be made");
    std::os::unix::fs::symlink(PACKER, bin.join("packer")).expect("a link can be made");
    for (name, text) in &case.files {
        let path = sandbox.work().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        std::fs::write(&path, text).expect("a file can be written");
        if text.starts_with("#!") {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("a mode can be set");
        }
    }
    case.commands.iter().map(|command| run(command, case, sandbox, &bin)).collect()
}

/// Returns the patterns of the case that nothing matches.
fn not_printed(case: &Case, runs: &[Ran]) -> Vec<String> {
    let mut found = Vec::new();
    let printed: String = runs.iter().map(|run| run.stdout.clone() + &run.stderr).collect();
    for must in case.musts() {
        if !fancy_regex::Regex::new(must)
            .expect("a pattern of the case")
            .is_match(&printed)
            .expect("it can be searched")
        {
            found.push(format!("nothing matches `{must}`"));
        }
    }
    found
}

fn run(command: &str, case: &Case, sandbox: &Sandbox, bin: &Path) -> Ran {
    let path = format!("{}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", bin.display());
    let mut child = Command::new("timeout")
        .args(["120", "sh", "-c", command])
        .current_dir(sandbox.work())
        .env_clear()
        .env("PATH", path)
        .env("HOME", sandbox.root().join("home"))
        .env("TMPDIR", sandbox.tmp())
        .envs([("LANG", "C.UTF-8"), ("TZ", "UTC"), ("CHECKPOINT_DISABLE", "1"), ("USER", "tester")])
        .envs(&case.environment)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell starts");
    // A command that does not read its input closes it early; that is fine.
    let _ = std::io::Write::write_all(&mut child.stdin.take().expect("a pipe"), case.stdin.as_bytes());
    let output = child.wait_with_output().expect("the shell ends");
    let text = |bytes: &[u8]| {
        let names = [("work", "<dir>"), ("home", "<home>"), ("tmp", "<tmp>"), ("", "<root>")];
        names.iter().fold(String::from_utf8_lossy(bytes).into_owned(), |text, (folder, name)| {
            text.replace(sandbox.root().join(folder).to_string_lossy().trim_end_matches('/'), name)
        })
    };
    Ran {
        command: command.to_owned(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
        code: output.status.code().unwrap_or(-1),
    }
}

fn compare(want: &Ran, got: &Ran, case: &Case, sandbox: &Sandbox, found: &mut Vec<String>) {
    let _ = sandbox;
    if want.code != got.code {
        found.push(format!("$ {}\n  exit {}, want {}", want.command, got.code, want.code));
    }
    let pair = |text: fn(&Ran) -> &String| (fold_recorded(text(want), case), fold(text(got), case));
    let streams = [("stdout", pair(|run| &run.stdout)), ("stderr", pair(|run| &run.stderr))];
    let both = |side: fn(&(String, String)) -> &String| {
        streams.iter().map(|(_, texts)| side(texts).as_str()).collect::<Vec<_>>().join("\n")
    };
    let (wanted, given) = (diagnostics(&both(|t| &t.0)), diagnostics(&both(|t| &t.1)));
    let missing = unanswered(&wanted, &given, case);
    if !missing.is_empty() {
        found.push(format!("$ {}\n  diagnostics {given:?}, want also {missing:?}", want.command));
    }
    if given.len() > wanted.len() && got.code == 0 {
        found.push(format!("$ {}\n  diagnostics {given:?}, want {wanted:?}", want.command));
    }
    if case.compares_diagnostics_only() {
        return;
    }
    for (label, (want_text, got_text)) in streams {
        let tidy = |text: &str| {
            let text = without_diagnostics(text);
            let text = if got.code == 0 { text.as_str() } else { text.trim_matches('\n') };
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if case.is_sorted() {
                lines.sort();
            }
            (lines, !case.is_sorted() && text.ends_with('\n'))
        };
        let (want_lines, got_lines) = (tidy(&want_text), tidy(&got_text));
        if want_lines != got_lines {
            found.push(format!(
                "$ {}\n  {label} differs; want:\n{}\n  got:\n{}",
                want.command,
                want_lines.0.join("\n"),
                got_lines.0.join("\n")
            ));
        }
    }
}

/// Lines that a recorded place stands for: its own, or all of the block that opens there; past the end, the last line.
fn extent(text: &str, line: usize) -> (usize, usize) {
    let lines: Vec<&str> = text.lines().collect();
    if line > lines.len() {
        return (lines.len(), line);
    }
    if !lines[line - 1].trim_end().ends_with('{') {
        return (line, line);
    }
    let mut depth = 0;
    for (index, text) in lines.iter().enumerate().skip(line - 1) {
        depth += text.matches('{').count() as i64 - text.matches('}').count() as i64;
        if depth <= 0 {
            return (line, index + 1);
        }
    }
    (line, lines.len())
}

/// Returns the recorded diagnostics that none of ours answers. One without a place, or at line 0, matches any place.
fn unanswered(wanted: &[Folded], given: &[Folded], case: &Case) -> Vec<Folded> {
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, text) in &case.files {
        texts.entry(name.rsplit('/').next().unwrap_or_default()).or_default().push(text);
    }
    let place = |d: &Folded| match (d.line, texts.get(d.file.as_str())) {
        (0, _) => (0, usize::MAX),
        (line, Some(found)) if found.len() == 1 => extent(found[0], line),
        (line, _) => (line, line),
    };
    let mut left = given.to_vec();
    let mut order = wanted.to_vec();
    order.sort_by_key(|d| place(d).1 - place(d).0);
    order.retain(|d| {
        let (low, high) = place(d);
        let fits = |g: &Folded| {
            g.severity == d.severity && (d.line == 0 || g.file == d.file) && (low..=high).contains(&g.line)
        };
        let nearest = left
            .iter()
            .enumerate()
            .filter(|(_, g)| fits(g))
            .min_by_key(|(_, g)| g.line.abs_diff(d.line))
            .map(|(i, _)| i);
        nearest.map(|index| left.remove(index)).is_none()
    });
    order
}
