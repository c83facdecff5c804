//! Secrets in everything that leaves the program: lines, events, the log, errors.

use crate::support::sandbox::Sandbox;

/// A secret with letters that quotes, JSON and URLs escape.
const SECRET: &str = r#"h<u"n/te r2"#;

/// Says the secret in every form, in two writes, over a line that was begun, in an error and in the artifact's name.
const TEMPLATE: &str = r#"
variable "token" {
  type      = string
  sensitive = true
}
locals {
  sum = sha256(var.token)
}
local "spoken" {
  expression = [upper(var.token)]
  sensitive  = true
}
source "file" "f" {
  content = var.token
  target  = "for-${md5(var.token)}.txt"
}
build {
  sources = ["file.f"]
  provisioner "shell-local" {
    env = { TOKEN = var.token }
    inline_shebang = "/bin/sh -eu"
    inline = [
      "echo plain $TOKEN",
      "printf 'two '; half=$(printf '%.5s' \"$TOKEN\"); printf '%s' \"$half\"; sleep 0.1; echo \"$${TOKEN#\"$half\"}\"",
      "printf '10%%\\r%s\\n' \"$TOKEN\"",
      "printf 'user:%s' \"$TOKEN\" | base64",
      "printf '%s' \"$TOKEN\" | base64 >&2",
      "printf '%s' \"$TOKEN\" | od -An -tx1 | tr -d ' \\n'; echo",
      "echo '${jsonencode({ password = var.token })}'",
      "echo '?password=${urlencode(var.token)}'",
      "echo ${local.sum} '${local.spoken[0]}'",
      "echo size ${length(var.token)}",
    ]
  }
  post-processor "checksum" {
    checksum_types = ["sha256"]
    output         = "for-${md5(var.token)}.txt/${var.token}"
  }
}
"#;

/// What must not be seen: the secret, and what it becomes on the way.
const FORMS: [&str; 10] = [
    SECRET,
    r#"h<u\"n/te r2"#,
    r#"h\u003cu\"n/te r2"#,
    "aDx1Im4vdGUgcjI",
    "h%3Cu%22n%2Fte+r2",
    "683c75226e2f7465207232",
    r#"H<U"N/TE R2"#,
    "te r2",
    "h<u",
    "PHUibi90ZSByM",
];

fn assert_hidden(what: &str, text: &str) {
    assert!(text.contains("<sensitive>"), "{what}: {text}");
    for form in FORMS {
        assert!(!text.contains(form), "{form} in {what}: {text}");
    }
}

fn read(sandbox: &Sandbox, name: &str) -> String {
    std::fs::read_to_string(sandbox.work().join(name)).expect("the run wrote it")
}

#[test]
fn no_form_of_a_secret_leaves_the_program() {
    // TYP-42, CLI-63, CLI-93
    for machine_readable in [false, true] {
        let sandbox = Sandbox::new().file("t.pkr.hcl", TEMPLATE);
        let words =
            [&["-machine-readable"][..usize::from(machine_readable)], &["build", "-events=e.json", "t.pkr.hcl"]];
        let mut command = sandbox.packer(words.concat());
        let output = command.env("PKR_VAR_token", SECRET).env("PACKER_LOG_PATH", sandbox.work().join("log")).output();
        let output = output.expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_hidden("standard output", &said);
        assert_hidden("the events", &read(&sandbox, "e.json"));
        assert_hidden("the log", &read(&sandbox, "log"));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        // The folder of the checksum is a file, which the error says.
        assert_eq!(output.status.code(), Some(1), "{said}");
    }
}

#[test]
fn the_lines_of_a_build_hide_every_form_and_nothing_else() {
    let template = TEMPLATE.replace(r#"for-${md5(var.token)}.txt/${var.token}"#, "sums");
    let sandbox = Sandbox::new().file("t.pkr.hcl", &template).file("v.pkrvars.hcl", "token = \"h<u\\\"n/te r2\"\n");
    let words = ["build", "-color=false", "-events=e.json", "-var-file=v.pkrvars.hcl", "t.pkr.hcl"];
    let mut command = sandbox.packer(words);
    let output = command.env("PACKER_LOG_PATH", sandbox.work().join("log")).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_hidden("standard output", &said);
    assert_hidden("the events", &read(&sandbox, "e.json"));
    for line in [
        "plain <sensitive>",
        "two <sensitive>",
        "<sensitive>",
        r#"{"password":"<sensitive>"}"#,
        "?password=<sensitive>",
        "<sensitive> <sensitive>",
        "size 11",
    ] {
        assert!(said.contains(&format!("==> file.f: {line}\n")), "{line}: {said}");
    }
    assert!(said.contains("--> file.f: Stored file: for-<sensitive>.txt\n"), "{said}");
    assert!(!read(&sandbox, "log").contains(SECRET));
    // TYP-46: files hold the real text.
    let stored = std::fs::read_dir(sandbox.work()).expect("it is there").filter_map(Result::ok).find_map(|entry| {
        entry.file_name().to_string_lossy().starts_with("for-").then(|| std::fs::read_to_string(entry.path()).ok())?
    });
    assert_eq!(stored.as_deref(), Some(SECRET));
}

#[test]
fn a_secret_that_a_long_message_breaks_in_two_lines_is_hidden() {
    let sandbox = Sandbox::new().file(
        "t.pkr.hcl",
        r#"
variable "v" {
  default   = "correct horse battery staple"
  sensitive = true
  validation {
    condition     = var.v == "x"
    error_message = "This is a long message, so long that it fills a line of correct horse battery staple."
  }
}
source "null" "n" { communicator = "none" }
build { sources = ["null.n"] }
"#,
    );
    let said = sandbox.run(["validate", "t.pkr.hcl"]).exits(1).stdout();
    let broken: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("<sensitive>") && !broken.contains("horse"), "{said}");
}

#[test]
fn a_password_typed_into_a_setting_is_hidden() {
    let sandbox = Sandbox::new().file(
        "t.pkr.hcl",
        r#"
source "null" "n" {
  ssh_host     = "127.0.0.1"
  ssh_username = "me"
  ssh_password = "Pa55w0rd-typed"
}
build {
  sources = ["null.n"]
  provisioner "shell-local" { inline = [["Pa55w0rd-typed"][1]] }
}
"#,
    );
    let said = sandbox.run(["validate", "t.pkr.hcl"]).exits(1).stdout();
    assert!(said.contains("[[\"<sensitive>\"][1]]") && !said.contains("Pa55w0rd"), "{said}");
}

#[test]
fn what_fix_prints_stands_in_no_log() {
    let json = "{\"variables\": {\"p\": \"hide-me-well\"}, \"builders\": [{\"type\": \"null\", \"ssh_wait_timeout\": \"1m\"}]}";
    let sandbox = Sandbox::new().file("t.json", json);
    let log = sandbox.work().join("log.txt");
    let mut packer = sandbox.packer(["fix", "t.json"]);
    let ran = packer.env("PACKER_LOG", "1").env("PACKER_LOG_PATH", &log).output().expect("the program starts");
    assert!(String::from_utf8_lossy(&ran.stdout).contains("hide-me-well"));
    let logged = std::fs::read_to_string(log).expect("there is a log");
    assert!(!logged.contains("hide-me-well"), "{logged}");
}
