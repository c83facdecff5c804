//! A base image of a test's own, and what was made from it.

use std::process::Command;

/// A test's corner of the engine: everything made from its base carries its label. Gone with it.
pub struct Corner {
    label: String,
}

impl Corner {
    /// Makes the base image `packer-rs/NAME:base`, from the one that tests/run makes.
    pub fn new(name: &str) -> Corner {
        let corner = Corner { label: format!("packer-rs-test={name}") };
        corner.clear();
        let container = docker(&["create", "packer-rs/base:1", "/bin/sh"]);
        docker(&[
            "commit",
            "--change",
            &format!("LABEL {}", corner.label),
            &container,
            &format!("packer-rs/{name}:base"),
        ]);
        docker(&["rm", &container]);
        corner
    }

    /// Returns the ids of all containers made from the base.
    pub fn containers(&self) -> Vec<String> {
        lines(&docker(&["ps", "-aq", "--filter", &format!("label={}", self.label)]))
    }

    /// Returns the ids of all images made from the base, without itself.
    pub fn images(&self) -> Vec<String> {
        let all = lines(&docker(&["images", "-q", "--no-trunc", "--filter", &format!("label={}", self.label)]));
        let base = docker(&["images", "-q", "--no-trunc", "--filter", "reference=packer-rs/*:base"]);
        let mut others: Vec<String> = all.into_iter().filter(|id| !base.contains(id.as_str())).collect();
        others.sort();
        others.dedup();
        others
    }

    /// Removes every container and image of this corner but the base.
    pub fn sweep(&self) {
        for id in self.containers() {
            docker(&["rm", "-f", &id]);
        }
        for id in self.images() {
            docker(&["rmi", "-f", &id]);
        }
    }

    fn clear(&self) {
        for id in self.containers() {
            docker(&["rm", "-f", &id]);
        }
        for id in lines(&docker(&["images", "-q", "--filter", &format!("label={}", self.label)])) {
            let _ = Command::new("docker").args(["rmi", "-f", &id]).output();
        }
    }
}

impl Drop for Corner {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Runs the client and returns what it prints.
///
/// # Panics
/// When it fails.
pub fn docker(words: &[&str]) -> String {
    let output = Command::new("docker").args(words).output().expect("the docker client starts");
    assert!(output.status.success(), "docker {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
