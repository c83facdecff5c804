//! Results on disk: whole under their names or not there at all, wherever they are put.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::parts;
use crate::support::sandbox::{PACKER, Sandbox};

const RESULTS: &str = r#"
  post-processor "compress" {
    output              = "FOLDER/a.tar.gz"
    keep_input_artifact = true
  }
  post-processor "checksum" { output = "FOLDER/a.md5" }
  post-processor "manifest" { output = "FOLDER/a.json" }
"#;

/// Returns a template that makes `target` of `source`, with post-processors.
fn template(source: &str, target: &str, stages: &str) -> String {
    format!(
        "source \"file\" \"f\" {{\n  source = \"{source}\"\n  target = \"{target}\"\n}}\nbuild {{\n  sources = \
         [\"file.f\"]\n{stages}\n}}\n"
    )
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let listing = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        listing.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Returns `program` in the sandbox's working folder and environment.
fn around(sandbox: &Sandbox, program: &str) -> Command {
    let inner = sandbox.packer([]);
    let mut command = Command::new(program);
    command.current_dir(sandbox.work()).env_clear();
    command.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

/// Returns the program, run by a shell command as somebody who is not root, or as whoever runs the tests.
fn as_nobody(sandbox: &Sandbox, before: &str) -> Command {
    let drop = "if [ $(id -u) = 0 ]; then exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"; else exec \"$@\"; fi";
    let mut command = around(sandbox, "sh");
    command.args(["-c", &format!("{before}\n{drop}"), "sh", PACKER, "build", "-color=false", "t.pkr.hcl"]);
    command
}

#[test]
fn a_protected_file_is_not_replaced_and_one_that_may_be_written_is_in_any_folder() {
    let stages = RESULTS.replace("FOLDER", "out");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template("t.pkr.hcl", "made", &stages));
    let sandbox = sandbox.file("out/a.json", "{}").file("out/a.tar.gz", "old").file("out/a.md5", "old\n");
    let before = "umask 022; chmod 755 . .. ../tmp out; chmod 777 . ../tmp ../home; chmod 666 out/*";
    let output = as_nobody(&sandbox, &format!("{before}; chmod 555 out")).output().expect("sh starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(names(&sandbox.work().join("out")), ["a.json", "a.md5", "a.tar.gz"]);
    assert!(std::fs::read_to_string(sandbox.work().join("out/a.json")).expect("text").contains("\"made\""));

    let output = as_nobody(&sandbox, &format!("{before}; chmod 777 out; chmod 444 out/*; rm -f made"))
        .output()
        .expect("sh starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for name in ["Unable to create archive out/a.tar.gz: open out/a.tar.gz", "open out/a.md5", "open out/a.json"] {
        assert!(said.contains(&format!("{name}: permission denied")), "{said}");
    }
    assert_eq!(names(&sandbox.work().join("out")), ["a.json", "a.md5", "a.tar.gz"]);
}

#[test]
fn a_full_disk_leaves_no_half_file_and_none_beside() {
    if !parts::mounts() {
        return;
    }
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template("big", "full/made", ""));
    let stages = RESULTS.replace("FOLDER", "full");
    let sandbox =
        sandbox.file("all.pkr.hcl", &template("t.pkr.hcl", "made", &stages)).file("big", &"x".repeat(300_000));
    let script = "mount -t tmpfs -o size=64k tmpfs full || exit 9\n\
                  $0 build -color=false t.pkr.hcl; ls -A full\n\
                  head -c 65536 /dev/zero > full/zero 2>/dev/null\n\
                  $0 build -color=false all.pkr.hcl; ls -A full\n";
    std::fs::create_dir(sandbox.work().join("full")).expect("a folder");
    let mut command = around(&sandbox, "unshare");
    command.args(["-m", "sh", "-c", script, PACKER]);
    let output = command.output().expect("unshare starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("write full/made: no space left on device"), "{said}");
    assert!(said.contains("a.tar.gz: write full/a.tar.gz: no space left on device"), "{said}");
    assert!(said.contains("unable to write checksums: write full/a.md5: no space left on device"), "{said}");
    assert!(said.contains("Unable to write full/a.json: write full/a.json: no space left on device"), "{said}");
    let listed: Vec<&str> = said.lines().filter(|line| line.starts_with(['a', 'm', 'z', '.'])).collect();
    assert_eq!(listed, ["zero"], "{said}");
}

#[test]
fn standard_output_and_devices_are_places_too() {
    let stages = "  post-processor \"manifest\" { output = \"/dev/stdout\" }\n  post-processor \"checksum\" { output = \
                  \"/dev/stdout\" }\n  post-processor \"compress\" {\n    output              = \"/dev/null\"\n    \
                  keep_input_artifact = true\n  }\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template("t.pkr.hcl", "made", stages));
    let ran = sandbox.run(["build", "-color=false", "t.pkr.hcl"]).exits(0);
    ran.says("\"builds\": [").says("\tmade\n").says("compressed artifacts in: /dev/null");
    let log = std::fs::File::create(sandbox.work().join("log")).expect("a file");
    let status = sandbox.packer(["build", "-color=false", "t.pkr.hcl"]).stdout(log).status();
    assert!(status.expect("the program starts").success());
    let log = std::fs::read_to_string(sandbox.work().join("log")).expect("text");
    assert!(log.contains("\"builds\": [") && log.contains("\tmade\n"), "{log}");
    assert!(log.contains("Copying t.pkr.hcl to made"), "{log}");
    assert_eq!(names(&sandbox.work()), ["log", "made", "t.pkr.hcl"]);
}

#[test]
fn new_results_have_the_modes_of_the_reference() {
    // B-file-5, PP-checksum-3, PP-manifest-8
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template("t.pkr.hcl", "made", &RESULTS.replace("FOLDER", ".")));
    let script = "umask 002; exec \"$0\" build t.pkr.hcl";
    let mut command = Command::new("sh");
    command.args(["-c", script, PACKER]).current_dir(sandbox.work()).env("HOME", sandbox.root().join("home"));
    assert!(command.output().expect("sh starts").status.success());
    let mode = |name: &str| sandbox.work().join(name).metadata().expect("a file").permissions().mode() & 0o777;
    assert_eq!(["made", "a.tar.gz", "a.md5", "a.json"].map(mode), [0o664, 0o664, 0o644, 0o664]);
}

#[test]
fn a_large_artifact_streams_through() {
    let stages = "  post-processor \"checksum\" { checksum_types = [\"sha1\", \"sha256\"] }\n  post-processor \"compress\" {\n    \
                  output              = \"a.zip\"\n    keep_input_artifact = true\n  }\n  post-processor \"compress\" { output = \"a.tar.gz\" }\n";
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template("large", "made", stages));
    let large = std::fs::File::create(sandbox.work().join("large")).expect("a file");
    large.set_len(512 << 20).expect("a file with nothing in it");
    let mut command = around(&sandbox, "sh");
    // Threads reserve addresses for their stacks; what is held of the file would come on top.
    command.args(["-c", "ulimit -v 480000; exec \"$0\" build -color=false t.pkr.hcl", PACKER]);
    let output = command.output().expect("sh starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("Copied 536870912 bytes"), "{said}");
    // Checksums of 512 MiB of zeros.
    let sums = std::fs::read_to_string(sandbox.work().join("packer_f_file_sha1.checksum")).expect("text");
    assert_eq!(sums, "5b088492c9f4778f409b7ae61477dec124c99033\tmade\n");
}

#[test]
fn programs_that_share_their_files_lose_no_entry_and_no_line() {
    // X-15
    let stages = "  post-processor \"manifest\" {}\n  post-processor \"checksum\" { output = \"sums\" }\n";
    let sandbox =
        Sandbox::new().file("t.pkr.hcl", &template("t.pkr.hcl", "made", stages)).file("packer-manifest.json", "{}");
    let start =
        |_| sandbox.packer(["build", "t.pkr.hcl"]).stdout(std::process::Stdio::null()).spawn().expect("it starts");
    let programs: Vec<_> = (0..6).map(start).collect();
    for mut program in programs {
        assert!(program.wait().expect("it ends").success());
    }
    let count = |name: &str, part: &str| {
        std::fs::read_to_string(sandbox.work().join(name)).expect("text").matches(part).count()
    };
    assert_eq!((count("packer-manifest.json", "\"packer_run_uuid\""), count("sums", "\tmade\n")), (6, 6));
    assert_eq!(names(&sandbox.work()), ["made", "packer-manifest.json", "sums", "t.pkr.hcl"]);
}
