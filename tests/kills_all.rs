//! Runs of every component that are killed: `packer cleanup` leaves what finished builds and users own, nothing else.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;

use crate::support::docker::{Corner, docker};
use crate::support::parts;
use crate::support::registry::Registry;
use crate::support::sandbox::Sandbox;

const BUILDS: [&str; 5] = ["null.n", "file.f", "docker.c", "docker.e", "docker.d"];

/// One build after the other, so that every run comes by the same points in the same order.
const BUILD: [&str; 5] = ["build", "-color=false", "-parallel-builds=1", "-events=events.ndjson", "t.pkr.hcl"];

/// Files of a build stand in `out` and start with its last letter; REGISTRY and BASE are filled in.
const TEMPLATE: &str = r#"
source "null" "n" { communicator = "none" }
source "null" "x" { communicator = "none" }
source "file" "f" {
  content = "f"
  target  = "out/f.txt"
}
source "docker" "c" {
  image  = "BASE"
  pull   = false
  commit = true
}
source "docker" "e" {
  image       = "BASE"
  pull        = false
  export_path = "out/e.tar"
}
source "docker" "d" {
  build {
    path = "Dockerfile"
    pull = false
  }
  discard = true
}
build {
  sources = ["null.n", "null.x", "file.f", "docker.c", "docker.e", "docker.d"]
  provisioner "shell-local" {
    except = ["docker.d"]
    inline = ["mkdir -p out", "echo $PACKER_BUILD_NAME > out/$PACKER_BUILD_NAME-local"]
  }
  provisioner "sleep" {
    only     = ["file.f"]
    duration = "1ms"
  }
  provisioner "shell-local" {
    only   = ["null.x"]
    inline = ["exit 3"]
  }
  provisioner "file" {
    only        = ["docker.d"]
    source      = "Dockerfile"
    destination = "/up"
  }
  provisioner "shell" {
    only   = ["docker.c", "docker.d"]
    inline = ["echo inside > /made"]
  }
  provisioner "file" {
    only        = ["docker.d"]
    source      = "/made"
    destination = "out/d-down"
    direction   = "download"
  }
  error-cleanup-provisioner "shell-local" { inline = ["echo x > out/x-cleaned"] }

  post-processors {
    post-processor "artifice" {
      only  = ["null.n"]
      files = ["Dockerfile"]
    }
    post-processor "compress" {
      only                = ["null.n"]
      output              = "out/n.tar.gz"
      keep_input_artifact = true
    }
    post-processor "checksum" {
      only   = ["null.n"]
      output = "out/n.{{.ChecksumType}}"
    }
  }
  post-processors {
    post-processor "artifice" {
      only  = ["null.n"]
      files = ["Dockerfile"]
    }
    post-processor "compress" {
      only                = ["null.n"]
      output              = "out/n.zip"
      keep_input_artifact = true
    }
  }
  post-processor "compress" {
    only                = ["file.f"]
    output              = "out/f.gz"
    keep_input_artifact = true
  }
  post-processor "compress" {
    only                = ["file.f"]
    output              = "out/f.tar.lz4"
    keep_input_artifact = true
  }
  post-processor "compress" {
    only                = ["file.f"]
    output              = "out/f.tar.xz"
    keep_input_artifact = true
  }
  post-processor "manifest" {
    only   = ["file.f"]
    output = "mine.json"
  }
  post-processor "shell-local" {
    only   = ["file.f"]
    inline = ["echo f > out/f-post"]
  }
  post-processors {
    post-processor "docker-tag" {
      only       = ["docker.c"]
      repository = "REGISTRY/kill-all"
      tags       = ["mine", "new"]
    }
    post-processor "docker-push" { only = ["docker.c"] }
    post-processor "docker-save" {
      only = ["docker.c"]
      path = "out/c.tar"
    }
  }
  post-processors {
    post-processor "docker-import" {
      only       = ["docker.e"]
      repository = "packer-rs/kill-all-imported"
      tag        = "1"
      changes    = ["LABEL packer-rs-test=kill-all"]
    }
  }
}
"#;

/// What a killed run is compared with.
struct Ground {
    sandbox: Sandbox,
    corner: Corner,
    mine: String,
    base: String,
}

impl Ground {
    fn make(registry: &str) -> Ground {
        let corner = Corner::new("kill-all");
        let base = docker(&["images", "-q", "--no-trunc", "packer-rs/kill-all:base"]);
        let template = TEMPLATE.replace("REGISTRY", registry).replace("BASE", "packer-rs/kill-all:base");
        let sandbox = Sandbox::new()
            .file("Dockerfile", "FROM packer-rs/kill-all:base\nRUN echo built > /built\n")
            .file("t.pkr.hcl", &template);
        let ground = Ground { sandbox, corner, mine: format!("{registry}/kill-all:mine"), base };
        ground.reset();
        ground
    }

    /// Brings back what the user has: an image that bears one of the names, and a manifest of an earlier run.
    fn reset(&self) {
        self.corner.sweep();
        docker(&["tag", "packer-rs/kill-all:base", &self.mine]);
        let _ = std::fs::remove_dir_all(self.sandbox.work().join("out"));
        let _ = std::fs::remove_file(self.sandbox.work().join("events.ndjson"));
        std::fs::write(self.sandbox.work().join("mine.json"), r#"{"builds":[{"name":"old"}]}"#).expect("written");
    }

    /// Returns what is left after `packer cleanup` although it should not be.
    ///
    /// A build that was told to have ended well is finished when the journal knows it too, a moment later.
    fn complaints(&self, point: &str) -> Vec<String> {
        let said = self.sandbox.run(["cleanup"]).exits(0).stdout();
        let events = std::fs::read_to_string(self.sandbox.work().join("events.ndjson")).unwrap_or_default();
        let mut finished: Vec<&str> = events
            .lines()
            .filter(|line| line.contains("\"event\":\"build-ended\"") && line.contains("\"outcome\":\"ok\""))
            .collect();
        if point == "journal: before a build is closed" {
            finished.pop();
        }
        let is_finished = |build: &str| finished.iter().any(|line| line.contains(&format!("\"build\":\"{build}\"")));
        let mut complaints = Vec::new();
        let mut check = |is_well: bool, what: String| {
            if !is_well {
                complaints.push(what);
            }
        };
        let containers = self.corner.containers();
        check(containers.is_empty(), format!("containers {containers:?}"));
        let images = self.corner.images().len();
        let wanted = ["docker.c", "docker.e"].iter().filter(|build| is_finished(build)).count();
        check(images == wanted, format!("{images} images and not {wanted}"));
        let mine = docker(&["images", "-q", "--no-trunc", &self.mine]);
        check((mine == self.base) != is_finished("docker.c"), format!("the user's name is that of {mine:?}"));
        // What scripts of the template write is theirs.
        for name in names(&self.sandbox.work().join("out")).iter().filter(|name| !name.contains('-')) {
            let build = BUILDS.iter().find(|build| build.ends_with(&name[..1]));
            check(build.is_some_and(|build| is_finished(build)), format!("the file {name}"));
        }
        let manifest = std::fs::read_to_string(self.sandbox.work().join("mine.json")).unwrap_or_default();
        check(manifest.contains("old") && manifest.trim_end().ends_with('}'), format!("the manifest {manifest:?}"));
        let work = names(&self.sandbox.work());
        let known = ["Dockerfile", "events.ndjson", "mine.json", "out", "t.pkr.hcl"];
        check(work.iter().all(|name| known.contains(&name.as_str())), format!("of the working folder's {work:?}"));
        let tmp = [names(&self.sandbox.tmp()), names(&self.sandbox.root().join("home/.config/packer"))].concat();
        check(tmp.iter().all(|name| !name.contains("tmp") && !name.contains("packer-")), format!("of {tmp:?}"));
        let again = self.sandbox.run(["cleanup", "-list"]).exits(0).stdout();
        check(again == "Nothing is left behind.\n", again);
        if !complaints.is_empty() {
            complaints.push(said);
        }
        complaints
    }
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let listing = std::fs::read_dir(folder).into_iter().flatten();
    listing.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned()).collect()
}

/// Returns the numbers (from 1) of the points to kill at: those around a call of the engine and at the end of a build.
/// Between two of them the journal alone is written, mostly; every fourth of its points is enough.
fn worth_it(points: &[&str]) -> Vec<usize> {
    let is_chosen =
        |(index, name): &(usize, &&str)| **name == "engine" || name.ends_with("a build is closed") || index % 4 == 0;
    points.iter().enumerate().filter(is_chosen).map(|(index, _)| index + 1).collect()
}

#[test]
fn a_run_of_every_component_killed_at_any_point_is_cleaned_up() {
    if !parts::docker() || !parts::program("docker-registry") {
        return;
    }
    let registry = Registry::open();
    let ground = Ground::make(&registry.address);
    let path = ground.sandbox.root().join("points");
    let whole = ground.sandbox.packer(BUILD).env("PACKER_FAULT_NAMES", &path).output().expect("the program starts");
    let said = String::from_utf8_lossy(&whole.stdout).into_owned();
    assert_eq!(whole.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("' errored after").count(), 1, "only null.x fails:\n{said}");
    let text = std::fs::read_to_string(&path).expect("the points");
    std::fs::remove_file(&path).expect("it can go");
    let points: Vec<&str> = text.lines().collect();
    assert_eq!(ground.complaints(""), [""; 0], "a whole run");
    let chosen = worth_it(&points);
    writeln!(std::io::stderr(), "{} of {} points", chosen.len(), points.len()).expect("stderr takes it");
    assert!(chosen.len() > 50, "only {} of {} points", chosen.len(), points.len());
    for point in chosen {
        ground.reset();
        let killed = ground.sandbox.packer(BUILD).env("PACKER_FAULT_AT", point.to_string()).output();
        let killed = killed.expect("the program starts");
        assert_eq!(killed.status.signal(), Some(9), "point {point}: {}", String::from_utf8_lossy(&killed.stdout));
        assert_eq!(ground.complaints(points[point - 1]), [""; 0], "point {point}, {}", points[point - 1]);
    }
    let _ = std::process::Command::new("docker").args(["rmi", "-f", &ground.mine]).output();
}
