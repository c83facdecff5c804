//! Recorded runs of the reference program, compared with ours. One text file a case; `docs/parity.md` tells the format.

#[path = "parity_runner/case.rs"]
mod case;
#[path = "parity_runner/compare.rs"]
mod compare;
#[path = "parity_runner/fold.rs"]
mod fold;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use case::Case;

use crate::support::parts;

#[test]
fn engine() {
    check("engine");
}

#[test]
fn cli() {
    check("cli");
}

#[test]
fn machine_readable() {
    check("machine-readable");
}

#[test]
fn post_processors() {
    check("post-processors");
}

#[test]
fn provisioners_local() {
    check("provisioners-local");
}

#[test]
fn docker() {
    check("docker");
}

#[test]
fn docker_post() {
    check("docker-post");
}

#[test]
fn variables() {
    check("variables");
}

#[test]
fn types() {
    check("types");
}

#[test]
fn functions() {
    check("functions");
}

#[test]
fn expressions() {
    check("expressions");
}

#[test]
fn files() {
    check("files");
}

#[test]
fn diagnostics() {
    check("diagnostics");
}

#[test]
fn inspect() {
    check("inspect");
}

#[test]
fn init_plugins() {
    check("init-plugins");
}

#[test]
fn fix() {
    check("fix");
}

#[test]
fn hcl2_upgrade() {
    check("hcl2-upgrade");
}

#[test]
fn fmt() {
    check("fmt");
}

#[test]
fn json() {
    check("json");
}

#[test]
fn gotemplate() {
    check("gotemplate");
}

/// Cases that do not pass yet, with the part that is missing. A case that passes must leave the list.
fn not_yet() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder("").join("not-yet.txt")).expect("the list is there");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split_once(": ").expect("`folder/case: reason`"))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect()
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity").join(name)
}

/// Runs every case of a folder on two threads; reports all failures at once.
fn check(name: &str) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder(name)).expect("a folder of cases").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let wanted = std::env::var("CASE").unwrap_or_default();
    paths.retain(|path| path.to_string_lossy().contains(&wanted));
    let not_yet = not_yet();
    let next = AtomicUsize::new(0);
    let report = Mutex::new((0, 0, Vec::new()));
    let work = || {
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            let case = Case::read(path);
            let id = format!("{name}/{}", path.file_stem().expect("a name").to_string_lossy());
            let verdict = match (has_needs(&case), case.is_better()) {
                (false, _) => None,
                (true, true) => case.musts().next().map(|_| compare::not_better(&case)),
                (true, false) => Some(compare::differences(&case)),
            };
            let mut report = report.lock().expect("no case panics while it reports");
            match (verdict, not_yet.get(&id)) {
                (None, _) => report.1 += 1,
                (Some(found), None) if found.is_empty() => report.0 += 1,
                (Some(found), Some(_)) if found.is_empty() => {
                    report.2.push(format!("{id} passes: take it off not-yet.txt"))
                }
                (Some(_), Some(_)) => report.1 += 1,
                (Some(found), None) => report.2.push(format!("{id}\n{}", found.join("\n"))),
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    let (passed, skipped, failed) = report.into_inner().expect("all threads are done");
    let _ =
        writeln!(std::io::stderr(), "parity {name}: {passed} passed, {} failed, {skipped} not compared", failed.len());
    assert!(failed.is_empty(), "\n{}", failed.join("\n\n"));
}

/// Whether the machine has what the case needs. Parts of the program that come later are never there.
fn has_needs(case: &Case) -> bool {
    case.needs().all(|need| match need {
        "legacy" => true,
        "docker" => parts::docker() && parts::program("docker-registry"),
        // Its words and its help are compared; it verifies nothing yet.
        "attestation" => true,
        _ => false,
    })
}
