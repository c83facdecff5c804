//! The outside world: environment, folders, clock, randomness, terminal. One real, one fixed for tests.
//!
//! Knows nothing of templates; hands out facts and opens nothing before it is asked.

pub mod platform;
mod stores;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

pub use stores::{SecretStores, Store};

/// The version of the reference that this program behaves as: what templates, scripts and logs see (JSON-46).
pub const VERSION: &str = "1.16.0";

/// The world as one run of the program sees it. Cheap to clone.
#[derive(Clone)]
pub struct Host(Arc<World>);

#[derive(Clone)]
struct World {
    environment: BTreeMap<String, String>,
    cwd: PathBuf,
    run_id: String,
    started: Timestamp,
    began: Instant,
    fixed: bool,
    stores: Option<Arc<dyn SecretStores>>,
}

impl Host {
    /// Returns the world of this process. Variables whose name or value is not UTF-8 are replaced lossily.
    pub fn real() -> Host {
        let environment = std::env::vars_os()
            .map(|(k, v)| (k.to_string_lossy().into_owned(), v.to_string_lossy().into_owned()))
            .collect();
        let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        Host(Arc::new(World {
            environment,
            cwd,
            run_id: uuid::Uuid::new_v4().to_string(),
            started: Timestamp::now(),
            began: Instant::now(),
            fixed: false,
            stores: None,
        }))
    }

    /// Returns a world for tests: this folder, these variables, and a clock that stands at 2026-01-02T03:04:05Z.
    pub fn fixed(cwd: &Path, environment: &[(&str, &str)]) -> Host {
        Host(Arc::new(World {
            environment: environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            cwd: cwd.to_owned(),
            run_id: "00000000-0000-4000-8000-000000000000".to_owned(),
            started: Timestamp::from_second(1_767_323_045).expect("a time within range"),
            began: Instant::now(),
            fixed: true,
            stores: None,
        }))
    }

    /// Returns the same world with the variable `name` set, also for the processes that are started in it.
    pub fn with_variable(&self, name: &str, value: &str) -> Host {
        let mut world = World::clone(&self.0);
        world.environment.insert(name.to_owned(), value.to_owned());
        Host(Arc::new(world))
    }

    /// Returns the same world with clients of the stores that hold secrets.
    pub fn with_stores(&self, stores: Arc<dyn SecretStores>) -> Host {
        let mut world = World::clone(&self.0);
        world.stores = Some(stores);
        Host(Arc::new(world))
    }

    /// Returns the text that `store` holds under `name`.
    ///
    /// # Errors
    /// As [`SecretStores::read`]; also when this world has no clients.
    pub fn secret(&self, store: Store, name: &str) -> Result<String, String> {
        match &self.0.stores {
            Some(stores) => stores.read(self, store, name),
            None => Err("there is no client for it here".to_owned()),
        }
    }

    /// Returns the same world in a run of its own: what tests make outside this process, others must not find.
    #[cfg(test)]
    pub fn with_own_run_id(&self) -> Host {
        let mut world = World::clone(&self.0);
        world.run_id = uuid::Uuid::new_v4().to_string();
        Host(Arc::new(world))
    }

    /// Returns the variable `name`; empty counts as set.
    pub fn env(&self, name: &str) -> Option<&str> {
        self.0.environment.get(name).map(String::as_str)
    }

    /// Returns the variable `name` unless it is unset or empty.
    pub fn env_filled(&self, name: &str) -> Option<&str> {
        self.env(name).filter(|value| !value.is_empty())
    }

    /// Returns all variables, ordered by name.
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.0.environment
    }

    /// Returns the working folder, absolute.
    pub fn cwd(&self) -> &Path {
        &self.0.cwd
    }

    /// Returns the id of this run: a fresh UUID, exported as `PACKER_RUN_UUID` (CLI-6).
    pub fn run_id(&self) -> &str {
        &self.0.run_id
    }

    /// Returns the time now.
    pub fn now(&self) -> Timestamp {
        if self.0.fixed { self.0.started } else { Timestamp::now() }
    }

    /// Returns the time now as clocks show it here (`TZ`, else the system's zone; UTC in tests).
    ///
    /// The first call reads the folders of the system's zones: that costs a short-lived command more than its work.
    pub fn local_now(&self) -> jiff::Zoned {
        self.local(self.now())
    }

    /// Returns `time` as [`Host::local_now`] does.
    pub fn local(&self, time: Timestamp) -> jiff::Zoned {
        let zone = if self.0.fixed { jiff::tz::TimeZone::UTC } else { jiff::tz::TimeZone::system() };
        time.to_zoned(zone)
    }

    /// Returns the time the program started.
    pub fn started(&self) -> Timestamp {
        self.0.started
    }

    /// Returns how long the program has been running (monotonic).
    pub fn elapsed(&self) -> Duration {
        self.0.began.elapsed()
    }

    /// Returns the home folder: `HOME` (`USERPROFILE` on Windows).
    pub fn home(&self) -> Option<PathBuf> {
        self.env_filled(platform::HOME).map(PathBuf::from)
    }

    /// Returns the configuration folder (CLI-81); `None` without `HOME`.
    pub fn config_dir(&self) -> Option<PathBuf> {
        if let Some(dir) = self.env_filled("PACKER_CONFIG_DIR") {
            return Some(Path::new(dir).join(".packer.d"));
        }
        let home = self.home()?;
        let old = home.join(".packer.d");
        if old.is_dir() {
            return Some(old);
        }
        Some(self.env_filled("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from).join("packer"))
    }

    /// Returns the folder of installed plugins (CLI-82); `None` without `HOME`.
    pub fn plugin_dir(&self) -> Option<PathBuf> {
        self.env_filled("PACKER_PLUGIN_PATH").map(PathBuf::from).or_else(|| Some(self.config_dir()?.join("plugins")))
    }

    /// Returns the folder for what can be had again: `PACKER_CACHE_DIR`, else `$XDG_CACHE_HOME/packer`, else
    /// `~/.cache/packer` (CLI-79); `None` without any of them.
    pub fn cache_dir(&self) -> Option<PathBuf> {
        if let Some(dir) = self.env_filled("PACKER_CACHE_DIR") {
            return Some(self.absolute(dir));
        }
        let base = self.env_filled("XDG_CACHE_HOME").map(PathBuf::from);
        Some(self.absolute(base.or_else(|| Some(self.home()?.join(".cache")))?.join("packer")))
    }

    /// Returns the folder for what outlives a run, such as the undo journal: `PACKER_STATE_DIR`, else
    /// `$XDG_STATE_HOME/packer`, else `~/.local/state/packer`; `None` without any of them.
    pub fn state_dir(&self) -> Option<PathBuf> {
        if let Some(dir) = self.env_filled("PACKER_STATE_DIR") {
            return Some(self.absolute(dir));
        }
        let base =
            self.env_filled("XDG_STATE_HOME").map(PathBuf::from).or_else(|| Some(self.home()?.join(".local/state")))?;
        Some(base.join("packer"))
    }

    /// Returns the folder for temporary files: `TMPDIR` (`TEMP` on Windows), else the system's.
    pub fn temp_dir(&self) -> PathBuf {
        PathBuf::from(self.env_filled(platform::TEMP).unwrap_or(platform::TEMP_FOLDER))
    }

    /// Returns `path` made absolute against the working folder; nothing is looked up or cleaned.
    pub fn absolute(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.cwd.join(path)
    }

    /// Returns a decimal number of nine or ten digits for names of temporary files.
    pub fn random_number(&self) -> u64 {
        let bits = uuid::Uuid::new_v4().as_u128();
        100_000_000 + u64::try_from(bits % 4_000_000_000).expect("the remainder fits")
    }
}

/// Returns `path` in its shortest form, by its text alone: no `.`, no double slash, `a/..` gone; `.` for nothing.
pub fn shortest_path(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// Returns `error` in the words that scripts know: `open b.txt: no such file or directory`.
///
/// `action` is the system call's name (`open`, `stat`, `mkdir`), as the reference shows it.
pub fn explain(action: &str, path: impl AsRef<Path>, error: &io::Error) -> String {
    let subject = path.as_ref().display();
    let reason = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::AlreadyExists => "file exists".to_owned(),
        io::ErrorKind::NotADirectory => "not a directory".to_owned(),
        io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        io::ErrorKind::StorageFull => "no space left on device".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let mut letters = text.chars();
            letters.next().map(|first| first.to_lowercase().collect::<String>() + letters.as_str()).unwrap_or_default()
        }
    };
    format!("{action} {subject}: {reason}")
}
