//! Files in their places, names in their order, and differences as `diff -u` shows them.

use std::fs;
use std::path::Path;

use super::diff::unified;
use super::paths::{Found, find};
use super::place::{Written, overwrite, replace};
use crate::host::{Host, platform};

fn names(folder: &Path, paths: &[&str], recursive: bool) -> Vec<String> {
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let shown = |one| match one {
        Found::Input => "-".to_owned(),
        Found::File(path) => path,
        Found::Unreadable(problem) => format!("! {}", problem.summary),
    };
    find(&paths, recursive, true, &Host::fixed(folder, &[])).into_iter().map(shown).collect()
}

fn folder(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "a=1\n").unwrap();
    }
    folder
}

#[test]
fn a_folder_stands_for_its_templates_in_name_order() {
    // FMT-1, FMT-2
    let all = ["d/b.pkr.hcl", "d/a.pkrvars.hcl", "d/c.pkr.json", "d/.h.pkr.hcl", "d/#x.pkr.hcl#", "d/s/z.pkr.hcl"];
    let folder = folder(&all);
    fs::create_dir_all(folder.path().join("d/f.pkr.hcl/.git")).unwrap();
    assert_eq!(names(folder.path(), &["./d/"], false), ["d/a.pkrvars.hcl", "d/b.pkr.hcl"]);
    assert_eq!(names(folder.path(), &["d"], true), ["d/a.pkrvars.hcl", "d/b.pkr.hcl", "d/s/z.pkr.hcl"]);
    assert_eq!(
        names(folder.path(), &["-", "d/s/../b.pkr.hcl", "d"], false),
        ["-", "d/s/../b.pkr.hcl", "d/a.pkrvars.hcl"]
    );
}

#[test]
fn names_that_cannot_be_meant_are_told() {
    // FMT-3
    let folder = folder(&[]);
    let told = names(folder.path(), &["x.tf", "no/", "", "no.pkr.hcl"], false);
    let wrong = "! encountered an error while formatting";
    assert_eq!(told, [format!("{wrong} x.tf"), format!("{wrong} no/"), format!("{wrong} "), "no.pkr.hcl".to_owned()]);
}

#[cfg(unix)]
#[test]
fn links_to_folders_and_pipes_are_left_alone() {
    let folder = folder(&["d/a.pkr.hcl"]);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, folder.path().join(name)).unwrap();
    link(".", "d/loop");
    link("/dev/null", "d/null.pkr.hcl");
    link("nowhere", "d/gone.pkr.hcl");
    link("a.pkr.hcl", "d/z.pkr.hcl");
    let pipe = std::process::Command::new("mkfifo").arg(folder.path().join("d/pipe.pkr.hcl")).status().unwrap();
    assert!(pipe.success());
    assert_eq!(names(folder.path(), &["d"], true), ["d/a.pkr.hcl", "d/gone.pkr.hcl", "d/z.pkr.hcl"]);
}

#[cfg(unix)]
#[test]
fn a_file_is_replaced_as_a_whole_and_keeps_its_mode() {
    // FMT-5
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&["a"]);
    let place = folder.path().join("a");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::File::open(&place).unwrap();
    std::os::unix::fs::symlink("a", folder.path().join("link")).unwrap();
    assert_eq!(replace(&folder.path().join("link"), "new").unwrap(), Written::Whole);
    assert!(folder.path().join("link").is_symlink());
    assert_eq!(std::io::read_to_string(before).unwrap(), "a=1\n");
    assert_eq!(fs::read_to_string(&place).unwrap(), "new");
    assert_eq!(platform::mode(&fs::metadata(&place).unwrap()), 0o640);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn a_file_with_another_name_keeps_it() {
    let folder = folder(&["a"]);
    let (place, other) = (folder.path().join("a"), folder.path().join("b"));
    fs::hard_link(&place, &other).unwrap();
    assert_eq!(replace(&place, "new").unwrap(), Written::NotYet);
    overwrite(&place, "a=1\n", "b").unwrap();
    assert_eq!(fs::read_to_string(&other).unwrap(), "b");
}

#[test]
fn a_difference_is_shown_with_what_is_around_it() {
    // FMT-6
    let old = "a\nb\nc\nd\nx=1\ne\nf\ng\nh\n";
    let want = "--- old/n\n+++ new/n\n@@ -2,7 +2,7 @@\n b\n c\n d\n-x=1\n+x = 1\n e\n f\n g\n";
    assert_eq!(unified("n", old, &old.replace('=', " = ")), want);
    assert_eq!(unified("n", old, old), "");
    let want =
        "--- old/n\n+++ new/n\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n";
    assert_eq!(unified("n", "x", "y"), want);
}

#[test]
fn a_line_may_find_its_partner_elsewhere() {
    let want = "--- old/n\n+++ new/n\n@@ -1,3 +1,3 @@\n {\n+    }\n   }\n-}\n";
    assert_eq!(unified("n", "{\n  }\n}\n", "{\n    }\n  }\n"), want);
}

#[test]
fn what_changes_everywhere_is_compared_in_short_time() {
    let old = "a=1\n".repeat(20_000);
    let shown = unified("n", &old, &old.replace('=', " = "));
    assert!(shown.starts_with("--- old/n\n+++ new/n\n@@ -1,20000 +1,20000 @@\n-a=1\n"));
    assert_eq!(shown.lines().count(), 40_003);
}
