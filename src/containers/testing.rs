//! What tests with a real engine share: the engine, and a small image of the host's static busybox.
//!
//! Each image has its own name, and goes when the test ends.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::{ContainerEngine, ImportImage, connect, connect_client, tarball};
use crate::host::Host;

/// Returns the engine, asked directly; nothing where none runs, which is a failure in CI.
pub async fn engine() -> Option<Arc<dyn ContainerEngine>> {
    match connect("docker", &Host::real(), None).await {
        Ok(engine) => Some(engine),
        Err(trouble) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{trouble}");
            let _ = writeln!(std::io::stderr(), "NOT RUN: {trouble}");
            None
        }
    }
}

/// Returns the engine asked directly, and through the client.
pub async fn both_engines() -> Vec<Arc<dyn ContainerEngine>> {
    let Some(engine) = engine().await else { return Vec::new() };
    vec![engine, connect_client("docker", &Host::real(), None).await.unwrap()]
}

/// An image with a shell, and nothing else.
pub struct Base(pub String);

impl Base {
    /// Makes it.
    pub async fn make(engine: &dyn ContainerEngine, changes: &[&str]) -> Base {
        let name = format!("packer-test/base:{}", Host::real().random_number());
        let tar = tarball::written(|to| {
            let mut builder = tar::Builder::new(to);
            tarball::add(&mut builder, Path::new("/bin/busybox"), Path::new("bin/busybox"), tarball::Owner::Root)?;
            for applet in ["sh", "cat", "chown", "ls", "mkdir", "sleep", "stat", "true"] {
                let mut header = tar::Header::new_gnu();
                header.set_entry_type(tar::EntryType::Symlink);
                builder.append_link(&mut header, format!("bin/{applet}"), "busybox")?;
            }
            builder.finish()
        });
        let changes = changes.iter().map(|change| (*change).to_owned()).collect();
        let request = ImportImage { name: name.clone(), changes, platform: String::new() };
        engine.import(tar, &request).await.unwrap();
        Base(name)
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        let _ = std::process::Command::new("docker").args(["rmi", "-f", &self.0]).output();
    }
}
