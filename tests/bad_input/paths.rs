//! Files that are none, or that cannot be read.

use super::run;
use crate::support::sandbox::Sandbox;

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_named() {
    let sandbox = Sandbox::new();
    for (name, target) in
        [("gone.pkr.hcl", "nowhere"), ("a.pkr.hcl", "b.pkr.hcl"), ("b.pkr.hcl", "a.pkr.hcl"), ("c", "c")]
    {
        std::os::unix::fs::symlink(target, sandbox.work().join(name)).expect("a link can be made");
    }
    run(&sandbox, &["validate", "gone.pkr.hcl"], "no such file or directory").unwrap();
    run(&sandbox, &["validate", "a.pkr.hcl"], "too many").unwrap();
    run(&sandbox, &["validate", "c"], "too many").unwrap();
    run(&sandbox, &["validate", "."], "Error: ").unwrap();
}

#[test]
fn a_folder_with_the_name_of_a_template_is_a_folder() {
    let sandbox =
        Sandbox::new().file("d.pkr.hcl/x.txt", "").file("e/f.pkr.hcl/x", "").file("e/g.pkr.hcl", super::BUILD);
    run(&sandbox, &["validate", "d.pkr.hcl"], "Error: ").unwrap();
    run(&sandbox, &["validate", "e"], "").unwrap();
    run(&sandbox, &["validate", "-var-file=e", "e"], "Error: ").unwrap();
}

#[cfg(unix)]
#[test]
fn a_loop_of_folders_is_no_trouble() {
    let sandbox = Sandbox::new().file("e/g.pkr.hcl", super::BUILD);
    std::os::unix::fs::symlink(".", sandbox.work().join("e/e")).expect("a link can be made");
    run(&sandbox, &["validate", "e"], "").unwrap();
    run(&sandbox, &["validate", "e/e/e"], "").unwrap();
}
