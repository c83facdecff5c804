//! Plugins, from the command line to the files: what is installed, how it comes there, and what stands in the way.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::releases::{Answer, Releases, archive, plugin, system};
use crate::support::sandbox::{Ran, Sandbox};
use crate::support::terminal::Terminal;

fn required(source: &str, version: &str) -> String {
    format!(
        "packer {{\n  required_plugins {{\n    p = {{\n      source  = \"{source}\"\n      version = \"{version}\"\n    \
         }}\n  }}\n}}\nsource \"null\" \"a\" {{ communicator = \"none\" }}\nbuild {{ sources = [\"null.a\"] }}\n"
    )
}

fn sandbox(source: &str, version: &str) -> Sandbox {
    Sandbox::new().file("t.pkr.hcl", &required(source, version))
}

/// The program, asking `server`, with its plugins in the folder `plugins`.
fn packer<'w>(sandbox: &Sandbox, server: &Releases, words: impl IntoIterator<Item = &'w str>) -> Command {
    let mut command = sandbox.packer(words);
    server.used_by(&mut command).env("PACKER_PLUGIN_PATH", "plugins").env("PACKER_NO_COLOR", "1");
    command
}

fn run<'w>(sandbox: &Sandbox, server: &Releases, words: impl IntoIterator<Item = &'w str>) -> Ran {
    Ran(packer(sandbox, server, words).output().expect("the program starts"))
}

fn binary(owner: &str, version: &str) -> String {
    format!("plugins/github.com/{owner}/p/packer-plugin-p_v{version}_x5.0_{}", system())
}

/// Returns all files below the plugin folder, and those that were left in the temporary one.
fn files(sandbox: &Sandbox) -> Vec<String> {
    let below = |folder: PathBuf| {
        let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
        entries.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path())
    };
    let all = below(sandbox.work().join("plugins")).chain(below(sandbox.tmp()));
    all.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect()
}

const HERE: &str = "github.com/acme/p";

#[test]
fn init_installs_a_missing_plugin_once() {
    // INI-3 … INI-6, CLI-74
    for owner in ["hashicorp", "acme"] {
        let (server, sandbox) = (Releases::open(), sandbox(&format!("github.com/{owner}/p"), "~> 1.0"));
        server.release(owner, "p", "1.0.0").release(owner, "p", "1.2.0").release(owner, "p", "2.0.0");
        let mut coloured = packer(&sandbox, &server, ["init", "t.pkr.hcl"]);
        let ran = Ran(coloured.env_remove("PACKER_NO_COLOR").output().expect("the program starts")).exits(0);
        let line = format!("Installed plugin github.com/{owner}/p v1.2.0 in \"{}\"", binary(owner, "1.2.0"));
        assert_eq!(ran.stdout(), format!("\x1b[1;36m{line}\x1b[0m\n"));
        let path = sandbox.work().join(binary(owner, "1.2.0"));
        assert_eq!(std::fs::read_to_string(&path).expect("the binary"), plugin("1.2.0"));
        assert_eq!(std::fs::metadata(&path).expect("facts").permissions().mode() & 0o777, 0o755);
        let count = server.asked("").len();
        assert_eq!(run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(0).stdout(), "");
        assert_eq!(server.asked("").len(), count, "nobody is asked for what is there");
        assert_eq!(files(&sandbox).len(), 2);
        assert_eq!(run(&sandbox, &server, ["plugins", "installed"]).exits(0).stdout().lines().count(), 1);
        run(&sandbox, &server, ["validate", "t.pkr.hcl"]).exits(0);
    }
}

#[test]
fn machines_are_told_of_an_installation_and_the_rest_of_the_requirements_is_tried() {
    // INI-3, CLI-64
    let server = Releases::open();
    server.release("acme", "p", "1.0.0");
    let other = "packer {\n  required_plugins {\n    a = {\n      source = \"github.com/acme/gone\"\n      version = \">= 1\"\n    }\n  }\n}\n";
    let sandbox = Sandbox::new().file("t/b.pkr.hcl", &required(HERE, ">= 1")).file("t/a.pkr.hcl", other);
    let ran = run(&sandbox, &server, ["init", "-machine-readable", "t"]).exits(1);
    ran.says(",,ui,error,Failed getting the \"github.com/acme/gone\" plugin:")
        .says(",,ui,say,Installed plugin github.com/acme/p");
}

#[test]
fn upgrade_looks_for_a_newer_one_and_force_installs_the_same_again() {
    // INI-3
    let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1"));
    server.release("acme", "p", "1.0.0");
    run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(0);
    server.release("acme", "p", "1.1.0");
    run(&sandbox, &server, ["init", "-force", "t.pkr.hcl"]).exits(0).says("v1.0.0 in");
    run(&sandbox, &server, ["init", "-upgrade", "t.pkr.hcl"]).exits(0).says("v1.1.0 in");
    assert_eq!(run(&sandbox, &server, ["init", "-upgrade", "t.pkr.hcl"]).exits(0).stdout(), "");
    run(&sandbox, &server, ["init", "-upgrade", "-force", "t.pkr.hcl"]).exits(0).says("v1.1.0 in");
    assert_eq!(run(&sandbox, &server, ["plugins", "install", HERE, "1.1.0"]).exits(0).stdout(), "");
    run(&sandbox, &server, ["plugins", "install", "-force", HERE, "1.0.0"]).exits(0).says("v1.0.0 in");
}

#[test]
fn a_newer_version_that_does_not_work_here_gives_way_to_an_older_one() {
    // INI-4
    let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1"));
    server.release("acme", "p", "1.0.0");
    // Without a release, for another system, with another interface, without its binary, of another version.
    server.tag("acme", "p", "1.1.0");
    server.release("acme", "p", "1.2.0");
    let of = |name: &str| Answer::Whole(format!("{}  {name}\n", "0".repeat(64)).into());
    server.answer(&Releases::sums("acme", "p", "1.2.0"), &[of("packer-plugin-p_v1.2.0_x5.0_plan9_sparc.zip")]);
    server.release("acme", "p", "1.3.0");
    let newer = format!("packer-plugin-p_v1.3.0_x6.0_{}.zip", system());
    server.answer(&Releases::sums("acme", "p", "1.3.0"), &[of(&newer)]);
    let name = format!("packer-plugin-p_v1.4.0_x5.0_{}", system());
    server.release_of("acme", "p", "1.4.0", archive(&[(&name, &plugin("1.0.0"))]));
    server.release("acme", "p", "2.0.0-beta1");
    run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(0).says("v1.0.0 in");
    let ran = run(&sandbox, &server, ["plugins", "install", HERE, "> 1.0.0"]).exits(1);
    ran.says("1.4.0: its binary says of itself that it is version \"1.0.0\"")
        .says("1.3.0: it speaks the plugin interface x6.0, and this program speaks x5.0")
        .says("1.2.0: there is no binary for ")
        .says("1.1.0: http://127.0.0.1");
    assert_eq!(files(&sandbox).len(), 2, "{:?}", files(&sandbox));
}

#[test]
fn an_archive_that_is_not_what_it_should_be_is_not_installed() {
    // INI-5, NEW-87
    let name = format!("packer-plugin-p_v1.0.0_x5.0_{}", system());
    let evil = archive(&[("../../evil", "x"), (&name, &plugin("1.0.0"))]);
    let archives = [
        (evil, "leads elsewhere"),
        (archive(&[("LICENSE", "free")]), "does not hold the file"),
        (b"PK no archive".to_vec(), "it is no zip archive"),
    ];
    for (archive, reason) in archives {
        let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1"));
        server.release_of("acme", "p", "1.0.0", archive);
        run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(1).says(reason);
        assert_eq!(files(&sandbox), [""; 0]);
        assert!(!sandbox.root().join("evil").exists());
    }
}

#[test]
fn a_wrong_checksum_ends_the_search_where_it_was_found() {
    // INI-5
    let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1"));
    server.release("acme", "p", "1.0.0").release("acme", "p", "1.1.0");
    server.answer(&Releases::zip("acme", "p", "1.1.0"), &[Answer::Whole(b"exchanged".to_vec())]);
    let ran = run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(1);
    ran.says("Failed getting the \"github.com/acme/p\" plugin:\n* 127.0.0.1: version 1.1.0: ").says("SHA-256 checksum");
    assert_eq!((files(&sandbox), server.asked("v1.0.0").len()), (vec![], 0));
}

#[test]
fn a_server_that_fails_is_asked_again_and_what_was_cut_off_is_fetched_whole() {
    let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1"));
    server.release("acme", "p", "1.0.0");
    let tags = Answer::Whole(b"[{\"ref\":\"refs/tags/v1.0.0\"}]".to_vec());
    server.answer(&Releases::tags("acme", "p"), &[Answer::Status(503, String::new()), tags]);
    let name = format!("packer-plugin-p_v1.0.0_x5.0_{}", system());
    let whole = archive(&[("LICENSE", "free"), (&name, &plugin("1.0.0"))]);
    server.answer(&Releases::zip("acme", "p", "1.0.0"), &[Answer::Cut(whole[..99].to_vec()), Answer::Whole(whole)]);
    run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(0).says("v1.0.0 in");
    server.answer(&Releases::tags("acme", "p"), &[Answer::Status(500, String::new())]);
    let ran = run(&sandbox, &server, ["init", "-upgrade", "t.pkr.hcl"]).exits(1);
    ran.says("the server answers 500 Internal Server Error (tried 4 times)");
}

#[test]
fn errors_of_servers_say_what_to_do() {
    let server = Releases::open();
    let tags = Releases::tags("acme", "p");
    let told = |answer: Answer, token: &str| {
        let sandbox = sandbox(HERE, ">= 1");
        server.answer(&tags, &[answer]);
        let mut command = packer(&sandbox, &server, ["init", "t.pkr.hcl"]);
        Ran(command.env("PACKER_GITHUB_API_TOKEN", token).output().expect("the program starts")).exits(1).stdout()
    };
    let limited = Answer::Status(403, "X-RateLimit-Remaining: 0\r\nRetry-After: 600\r\n".to_owned());
    let spent = told(limited.clone(), "");
    assert!(spent.contains("rate limit; try again in 10 minutes") && spent.contains("set PACKER_GITHUB_API_TOKEN"));
    assert!(!told(limited, "hush-hush").contains("PACKER_GITHUB_API_TOKEN"));
    assert!(told(Answer::Status(404, String::new()), "").contains("there is no plugin github.com/acme/p: http://"));
    assert!(
        told(Answer::Status(401, String::new()), "hush-hush").contains("look at the token in PACKER_GITHUB_API_TOKEN")
    );
    assert!(told(Answer::Whole(b"<html>".to_vec()), "").contains("the answer cannot be read"));
    assert!(told(Answer::Whole(b"[{\"ref\":\"refs/tags/v0.1.0\"}]".to_vec()), "").contains("the newest is 0.1.0"));
    assert!(told(Answer::Elsewhere(tags.clone()), "").contains("it leads on and on"));
}

#[test]
fn the_token_is_shown_to_one_server_and_unchanged_answers_are_not_sent_again() {
    // CLI-84
    let (server, other) = (Releases::open(), Releases::open());
    let sandbox = sandbox(HERE, ">= 1");
    server.release("acme", "p", "1.0.0");
    other.release("acme", "p", "1.0.0");
    let zip = Releases::zip("acme", "p", "1.0.0");
    server.answer(&zip, &[Answer::Elsewhere(format!("{}{zip}", other.address))]);
    for _ in 0..2 {
        let mut command = packer(&sandbox, &server, ["init", "-force", "t.pkr.hcl"]);
        let ran = Ran(command.env("PACKER_GITHUB_API_TOKEN", "hush-hush").output().expect("the program starts"));
        ran.exits(0).says("v1.0.0 in");
    }
    let with_token = |heads: &[String]| heads.iter().filter(|head| head.contains("hush-hush")).count();
    assert_eq!((with_token(&server.asked("/repos/")), server.asked("/repos/").len()), (2, 2));
    assert_eq!((with_token(&server.asked("/releases/")), with_token(&other.asked(""))), (0, 0));
    assert!(server.asked("/repos/")[1].to_lowercase().contains("if-none-match"));
    assert_eq!(other.asked("").len(), 2);
}

#[test]
fn only_the_plugins_of_hashicorp_are_looked_for_among_its_releases() {
    let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1"));
    server.release("hashicorp", "p", "1.0.0");
    run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(1).says("there is no plugin github.com/acme/p");
    assert_eq!(server.asked("index.json").len(), 0);
    let mut command = packer(&sandbox, &server, ["plugins", "install", "github.com/hashicorp/p"]);
    Ran(command.env("PACKER_PLUGIN_RELEASES_URL", "off").output().expect("the program starts")).exits(0);
    assert_eq!(server.asked("index.json").len(), 0);
    run(&sandbox, &server, ["plugins", "install", "git.example.org/a/p"]).exits(1).says("install --path BINARY");
}

#[test]
fn a_requirement_that_built_in_components_satisfy_needs_no_server() {
    let (server, sandbox) = (Releases::open(), sandbox("github.com/hashicorp/docker", ">= 1.0.0"));
    for words in [["init", "t.pkr.hcl"].as_slice(), &["init", "-upgrade", "-force", "t.pkr.hcl"]] {
        assert_eq!(run(&sandbox, &server, words.iter().copied()).exits(0).stdout(), "");
    }
    assert_eq!(server.asked("").len(), 0);
}

#[test]
fn an_installation_that_is_ended_leaves_nothing_half_written() {
    // CLI-89
    for kill in [false, true] {
        let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1"));
        server.release("acme", "p", "1.0.0");
        server.answer(&Releases::zip("acme", "p", "1.0.0"), &[Answer::Stuck(b"PK".to_vec())]);
        let mut command = packer(&sandbox, &server, ["init", "t.pkr.hcl"]);
        let child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        server.wait_for(".zip");
        let number = rustix::process::Pid::from_raw(i32::try_from(child.id()).expect("a number")).expect("a process");
        let signal = if kill { rustix::process::Signal::KILL } else { rustix::process::Signal::INT };
        rustix::process::kill_process(number, signal).expect("it lives");
        let output = child.wait_with_output().expect("it ends");
        match kill {
            true => assert_eq!(output.status.signal(), Some(9)),
            false => {
                Ran(output).exits(1).says("Cancelling build after receiving interrupt");
            }
        }
        assert_eq!(files(&sandbox), [""; 0]);
        run(&sandbox, &server, ["cleanup"]).exits(0);
    }
}

#[test]
fn a_download_shows_how_far_it_has_come_and_ends_with_ctrl_c() {
    // CLI-76, CLI-89
    let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1"));
    server.release("acme", "p", "1.0.0");
    server.answer(&Releases::zip("acme", "p", "1.0.0"), &[Answer::Stuck(vec![0; 1 << 20])]);
    let mut terminal = Terminal::start(packer(&sandbox, &server, ["init", "t.pkr.hcl"]).env("TERM", "xterm"));
    terminal
        .sees("github.com/acme/p: download of v1.0.0")
        .interrupts()
        .sees("Cancelling build after receiving interrupt");
    assert_eq!(terminal.ends().0, Some(1));
    assert_eq!(files(&sandbox), [""; 0]);
}

#[test]
fn an_installation_killed_at_any_journal_write_leaves_a_whole_plugin_or_none() {
    let (server, sandbox) = (Releases::open(), sandbox(HERE, ">= 1").file("own", &plugin("1.0.0")));
    let own = sandbox.work().join("own");
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o755)).expect("its mode");
    let words = ["plugins", "install", "-path", "own", HERE];
    let count = sandbox.root().join("count");
    packer(&sandbox, &server, words).env("PACKER_FAULT_COUNT", &count).output().expect("the program starts");
    let points = std::fs::read(&count).expect("points were counted").len();
    assert!(points > 4 && files(&sandbox).len() == 2, "{points} points, {:?}", files(&sandbox));
    for point in 1..=points {
        std::fs::remove_dir_all(sandbox.work().join("plugins")).expect("the folder goes");
        let mut command = packer(&sandbox, &server, words);
        let killed = command.env("PACKER_FAULT_AT", point.to_string()).output().expect("the program starts");
        assert_eq!(killed.status.signal(), Some(9), "point {point}");
        sandbox.run(["cleanup"]).exits(0);
        assert_eq!(files(&sandbox), [""; 0], "point {point}");
        run(&sandbox, &server, words).exits(0);
        assert_eq!(files(&sandbox).len(), 2, "point {point}");
    }
}

#[test]
fn a_plugin_folder_that_is_a_file_is_told() {
    let server = Releases::open();
    server.release("acme", "p", "1.0.0");
    let sandbox = sandbox(HERE, ">= 1").file("plugins", "no folder").file("own", &plugin("1.0.0"));
    for words in [["init", "t.pkr.hcl"].as_slice(), &["plugins", "installed"], &["plugins", "required", "t.pkr.hcl"]] {
        run(&sandbox, &server, words.iter().copied())
            .exits(1)
            .says("cannot look for plugins: open plugins: not a directory");
    }
    let own = sandbox.work().join("own");
    std::fs::set_permissions(&own, std::fs::Permissions::from_mode(0o755)).expect("its mode");
    let ran = run(&sandbox, &server, ["plugins", "install", "-path", "own", HERE]).exits(1);
    ran.says("cannot write into the plugin folder plugins: mkdir plugins: not a directory");
    run(&sandbox, &server, ["validate", "t.pkr.hcl"]).exits(1).says("Missing plugins");
}

#[test]
fn without_a_home_there_is_no_plugin_folder() {
    // CLI-81
    let sandbox = Sandbox::new();
    let output = sandbox.packer(["plugins", "installed"]).env_remove("HOME").output().expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("HOME is not set"));
}

#[test]
fn a_binary_that_is_no_plugin_is_told_with_its_last_words() {
    // INI-16
    let sandbox = Sandbox::new().file("dies", "#!/bin/sh\necho out of luck >&2\nexit 3\n");
    std::fs::set_permissions(sandbox.work().join("dies"), std::fs::Permissions::from_mode(0o755)).expect("its mode");
    let ran = sandbox.run(["plugins", "install", "-path", "dies", HERE]).exits(1);
    ran.says("Error: Cannot install \"dies\" as github.com/acme/p\n\nit ended with exit code 3; its last words:\n  out of luck\n");
}

#[test]
fn a_binary_that_cannot_be_used_is_told_with_the_plugin_that_is_missing() {
    // HCL-99
    let server = Releases::open();
    server.release("acme", "p", "1.0.0");
    let sandbox = sandbox(HERE, ">= 1");
    run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(0);
    std::fs::write(sandbox.work().join(binary("acme", "1.0.0") + "_SHA256SUM"), "spoilt").expect("the checksum file");
    let ran = run(&sandbox, &server, ["validate", "t.pkr.hcl"]).exits(1);
    ran.says("cannot be used: its checksum file does").says("packer init");
    run(&sandbox, &server, ["init", "t.pkr.hcl"]).exits(0).says("v1.0.0 in");
    run(&sandbox, &server, ["validate", "t.pkr.hcl"]).exits(0);
}
