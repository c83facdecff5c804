//! A registry that lets everybody in; it ends with the test.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running registry and its storage.
pub struct Registry {
    process: Child,
    _folder: tempfile::TempDir,
    /// `127.0.0.1:port`.
    pub address: String,
}

impl Registry {
    /// Starts one.
    pub fn open() -> Registry {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address").to_string();
        drop(free);
        let settings = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {:?}}}}}\nhttp: {{addr: {address:?}}}\n",
            folder.path().join("storage")
        );
        let file = folder.path().join("registry.yml");
        std::fs::write(&file, settings).expect("a file can be written");
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(file).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().expect("the registry starts");
        while TcpStream::connect(&address).is_err() {
            std::thread::sleep(Duration::from_millis(50));
        }
        Registry { process, _folder: folder, address }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
