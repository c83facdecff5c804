//! A client program (`docker`, `podman`, a script) run for every call.
//!
//! Knows no sockets: the program finds its engine itself.

mod containers;
mod images;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use super::trouble::{Answer, Trouble};
use super::{ByteStream, ContainerEngine, Lines};
use crate::host::{Host, platform};

/// A client program that is there.
pub struct Client {
    /// As the template names it.
    name: String,
    path: PathBuf,
    /// Takes the place of `DOCKER_CONFIG` for the program.
    config: Option<PathBuf>,
}

impl Client {
    /// Finds the program `name`: a path, or a name in `PATH`.
    ///
    /// # Errors
    /// In the words scripts know: `exec: "x": executable file not found in $PATH`.
    pub fn find(name: &str, host: &Host, config: Option<&Path>) -> Answer<Client> {
        let is_program = |path: &Path| std::fs::metadata(path).is_ok_and(|facts| platform::is_program(&facts));
        let path = if name.contains('/') {
            let path = host.absolute(name);
            if !is_program(&path) {
                let reason = if path.exists() { "permission denied" } else { "no such file or directory" };
                return Err(Trouble::Unreachable(format!("fork/exec {name}: {reason}")));
            }
            path
        } else {
            let folders = std::env::split_paths(host.env("PATH").unwrap_or_default());
            folders
                .map(|folder| folder.join(name))
                .find(|path| is_program(path))
                .ok_or_else(|| Trouble::Unreachable(format!("exec: {name:?}: executable file not found in $PATH")))?
        };
        Ok(Client { name: name.to_owned(), path, config: config.map(Path::to_owned) })
    }

    /// Returns the program with its words; a call that is given up takes the program with it.
    fn command(&self, words: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(&self.path);
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // An interrupt in the terminal is ours to pass on, in our own order.
        platform::in_own_group(&mut command);
        if let Some(config) = &self.config {
            command.env("DOCKER_CONFIG", config);
        }
        command
    }

    fn start(&self, mut command: Command) -> Answer<Child> {
        command.spawn().map_err(|error| Trouble::Unreachable(format!("cannot start {:?}: {error}", self.name)))
    }

    /// Runs the program to its end and returns what it wrote.
    async fn ask(&self, words: &[impl AsRef<OsStr>]) -> Answer<String> {
        self.ask_with(self.command(words), None).await
    }

    /// As [`Client::ask`], feeding `input` to the program.
    async fn ask_with(&self, mut command: Command, input: Option<ByteStream>) -> Answer<String> {
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = self.start(command)?;
        let (stdin, mut out, mut err) = pipes(&mut child);
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let feed = async {
            if let (Some(mut input), Some(mut stdin)) = (input, stdin) {
                while let Some(piece) = input.recv().await {
                    // A program that reads no more has something to say on its way out.
                    if stdin.write_all(&piece?).await.is_err() {
                        break;
                    }
                }
                let _ = stdin.shutdown().await;
            }
            std::io::Result::Ok(())
        };
        let (fed, read, errors) = tokio::join!(feed, out.read_to_end(&mut stdout), err.read_to_end(&mut stderr));
        let status = self.ended(&mut child).await?;
        fed.and(read)
            .and(errors)
            .map_err(|error| Trouble::Unreachable(format!("cannot ask {:?}: {error}", self.name)))?;
        match status {
            0 => Ok(String::from_utf8_lossy(&stdout).trim_end().to_owned()),
            status => Err(Trouble::Refused { status, words: String::from_utf8_lossy(&stderr).trim_end().to_owned() }),
        }
    }

    /// Runs the program and shows every line that it writes as it comes; a refusal holds its last error lines.
    async fn show(&self, words: &[impl AsRef<OsStr>], lines: Lines<'_>) -> Answer<()> {
        let mut child = self.start(self.command(words))?;
        let (_, out, err) = pipes(&mut child);
        let (mut out, mut err) = (BufReader::new(out).lines(), BufReader::new(err).lines());
        let (mut more_out, mut more_err) = (true, true);
        let mut words = Vec::new();
        let broken = |error: std::io::Error| Trouble::Unreachable(format!("cannot ask {:?}: {error}", self.name));
        while more_out || more_err {
            tokio::select! {
                line = out.next_line(), if more_out => match line.map_err(broken)? {
                    Some(line) => lines.line(line),
                    None => more_out = false,
                },
                line = err.next_line(), if more_err => match line.map_err(broken)? {
                    Some(line) => words.push(line),
                    None => more_err = false,
                },
            }
        }
        let words = words.join("\n");
        match self.ended(&mut child).await? {
            0 => {
                words.lines().for_each(|line| lines.line(line.to_owned()));
                Ok(())
            }
            status => Err(Trouble::Refused { status, words }),
        }
    }

    async fn ended(&self, child: &mut Child) -> Answer<i32> {
        let status = child.wait().await;
        let status =
            status.map_err(|error| Trouble::Unreachable(format!("cannot wait for {:?}: {error}", self.name)))?;
        Ok(status.code().unwrap_or(255))
    }
}

type Pipe = Box<dyn AsyncRead + Send + Unpin>;

fn pipes(child: &mut Child) -> (Option<tokio::process::ChildStdin>, Pipe, Pipe) {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let open = "both were asked for";
    (child.stdin.take(), Box::new(out.expect(open)), Box::new(err.expect(open)))
}

/// Whether a refusal says that what should go is gone.
fn is_gone(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Refused { words, .. } => {
            let words = words.to_ascii_lowercase();
            ["no such", "not known", "does not exist"].iter().any(|part| words.contains(part))
        }
        Trouble::Unreachable(_) => false,
    }
}

impl ContainerEngine for Client {
    fn program(&self) -> &str {
        &self.name
    }
    fn runs_programs(&self) -> bool {
        true
    }
    fn facts(&self) -> Vec<(&'static str, String)> {
        vec![("program", self.path.display().to_string()), ("address", String::new())]
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn client(script: &str) -> (tempfile::TempDir, Client) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("client");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let client = Client::find("./client", &Host::fixed(folder.path(), &[]), None).unwrap();
        (folder, client)
    }

    #[tokio::test]
    async fn a_refusal_holds_the_programs_own_words_and_status() {
        let (_folder, client) = client("echo out; echo no such thing >&2; exit 3");
        let trouble = client.ask(&["x"]).await.unwrap_err();
        assert_eq!(trouble, Trouble::Refused { status: 3, words: "no such thing".to_owned() });
        assert!(is_gone(&trouble));
        let mut lines = Vec::new();
        assert_eq!(client.show(&["x"], &mut |line: String| lines.push(line)).await.unwrap_err(), trouble);
        assert_eq!(lines, ["out"]);
    }

    #[test]
    fn a_missing_program_is_named() {
        let host = Host::fixed(Path::new("/"), &[("PATH", "/nowhere")]);
        let trouble = Client::find("no-such-client", &host, None).err().unwrap();
        assert_eq!(trouble.to_string(), "exec: \"no-such-client\": executable file not found in $PATH");
        assert!(Client::find("./none", &host, None).err().unwrap().to_string().contains("no such file"));
    }
}
