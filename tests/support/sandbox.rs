//! A folder with a home and a temporary folder of its own, to run the program in.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program under test.
pub const PACKER: &str = env!("CARGO_BIN_EXE_packer");

/// A template of two builds, `null.a` and `null.b`, that say something.
pub const TWO: &str = r#"
source "null" "a" { communicator = "none" }
source "null" "b" { communicator = "none" }
build {
  sources = ["null.a", "null.b"]
  provisioner "shell-local" { inline = ["echo at work"] }
}
"#;

/// A folder of one test; gone with it.
pub struct Sandbox {
    root: tempfile::TempDir,
}

impl Sandbox {
    /// Makes an empty one.
    pub fn new() -> Sandbox {
        let root = tempfile::Builder::new().prefix("packer-test-").tempdir().expect("a temporary folder can be made");
        for folder in ["work", "home", "tmp"] {
            std::fs::create_dir(root.path().join(folder)).expect("a folder can be made");
        }
        Sandbox { root }
    }

    /// Writes a file into the working folder.
    pub fn file(self, name: &str, text: &str) -> Sandbox {
        let path = self.work().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
        self
    }

    /// Returns the folder that holds everything.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Returns the working folder.
    pub fn work(&self) -> PathBuf {
        self.root().join("work")
    }

    /// Returns the temporary folder.
    pub fn tmp(&self) -> PathBuf {
        self.root().join("tmp")
    }

    /// Returns the folder of the undo journal.
    pub fn journal(&self) -> PathBuf {
        self.root().join("home/.local/state/packer/runs")
    }

    /// Returns the program with `words`, ready to start in the working folder with a bare environment.
    pub fn packer<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Command {
        let mut command = Command::new(PACKER);
        command.args(words).current_dir(self.work()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.root().join("home")).env("TMPDIR", self.tmp());
        command.env("LANG", "C.UTF-8").env("TZ", "UTC").env("CHECKPOINT_DISABLE", "1");
        command
    }

    /// Runs the program to its end.
    pub fn run<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Ran {
        Ran(self.packer(words).output().expect("the program starts"))
    }
}

/// How a run ended.
pub struct Ran(pub Output);

impl Ran {
    /// Returns its standard output.
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    /// Checks the exit code and that nothing stands on standard error.
    pub fn exits(self, code: i32) -> Ran {
        let errors = String::from_utf8_lossy(&self.0.stderr);
        assert_eq!((self.0.status.code(), &*errors), (Some(code), ""), "{}", self.stdout());
        self
    }

    /// Checks that `part` stands in the output.
    pub fn says(self, part: &str) -> Ran {
        assert!(self.stdout().contains(part), "{part:?} is not in:\n{}", self.stdout());
        self
    }
}
