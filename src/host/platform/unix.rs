//! Unix: Linux and macOS.

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use rustix::fs::{Access, Mode, OFlags};
use rustix::process::{Pid, Signal};
use tokio::process::{Child, Command};
use tokio::signal::unix::SignalKind;

/// The variable that names the user's home.
pub const HOME: &str = "HOME";
/// The variable that names the folder for temporary files.
pub const TEMP: &str = "TMPDIR";
/// The folder for temporary files when nothing else is said.
pub const TEMP_FOLDER: &str = "/tmp";

/// The files that may hold all certificates this system trusts; the first that is there counts. Where there are none, the
/// system keeps them otherwise.
pub const CERTIFICATE_FILES: &[&str] = if cfg!(target_vendor = "apple") {
    &[]
} else {
    &[
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/pki/tls/cacert.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/cert.pem",
        "/usr/local/etc/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
    ]
};
/// The folders that may hold more of them, one a file.
pub const CERTIFICATE_FOLDERS: &[&str] = if cfg!(target_vendor = "apple") {
    &[]
} else {
    &["/etc/ssl/certs", "/etc/pki/tls/certs", "/usr/local/share/certs", "/etc/openssl/certs"]
};

/// Returns who may read, write and run a file: the lower twelve bits of its mode.
pub fn mode(facts: &Metadata) -> u32 {
    facts.mode() & 0o7777
}

/// Returns the numbers of a file's user and group.
pub fn owner(facts: &Metadata) -> (u32, u32) {
    (facts.uid(), facts.gid())
}

/// Gives `file` the user and the group that `old` has.
///
/// # Errors
/// When this process may not: only root may give files away.
pub fn keep_owner(file: &File, old: &Metadata) -> io::Result<()> {
    let now = file.metadata()?;
    if owner(&now) == owner(old) {
        return Ok(());
    }
    std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()))
}

/// Whether somebody may run the file.
pub fn is_program(facts: &Metadata) -> bool {
    facts.is_file() && facts.mode() & 0o111 != 0
}

/// Whether the file has further names, which would go on naming it if one of them named another file.
pub fn has_other_names(facts: &Metadata) -> bool {
    facts.nlink() > 1
}

/// Whether this is a named pipe.
pub fn is_pipe(facts: &Metadata) -> bool {
    facts.file_type().is_fifo()
}

/// Whether standard input is a pipe.
pub fn input_is_pipe() -> bool {
    let input = std::io::stdin().as_fd().try_clone_to_owned().map(File::from);
    input.and_then(|input| input.metadata()).is_ok_and(|facts| is_pipe(&facts))
}

/// Has files that are made with `options` get `mode`, less the process's mask.
pub fn with_mode(options: &mut OpenOptions, mode: u32) -> &mut OpenOptions {
    options.mode(mode)
}

/// Lets everybody run `file` who may read it.
///
/// # Errors
/// When its mode cannot be changed.
pub fn make_runnable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = mode(&file.metadata()?);
    file.set_permissions(std::fs::Permissions::from_mode(mode | ((mode & 0o444) >> 2)))
}

/// Makes a folder that others may look into, and those it stands in.
///
/// # Errors
/// When one cannot be made.
pub fn make_folders(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o755).create(path)
}

/// Makes a folder that only its owner may enter.
///
/// # Errors
/// When it is there already or cannot be made.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// Makes `link` another way to the folder `original`.
///
/// # Errors
/// When `link` is there already or cannot be made.
pub fn link_folder(original: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(original, link)
}

/// Whether `file` is what `path` names now.
pub fn is_at(file: &File, path: &Path) -> bool {
    let there = std::fs::metadata(path).map(|facts| (facts.dev(), facts.ino()));
    let here = file.metadata().map(|facts| (facts.dev(), facts.ino()));
    matches!((here, there), (Ok(here), Ok(there)) if here == there)
}

/// Checks that `path` is there and may be written.
///
/// # Errors
/// Why not.
pub fn check_writable(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::access(path, Access::WRITE_OK)?)
}

/// Returns the home that the user database has for the user of this process.
pub fn home_in_user_database() -> Option<PathBuf> {
    let user = rustix::process::getuid().as_raw().to_string();
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find_map(|fields| match fields[..] {
        [_, _, id, _, _, home, ..] if id == user && !home.is_empty() => Some(PathBuf::from(home)),
        _ => None,
    })
}

/// Returns this process's own output if `path` is a name of it. Opened anew, a file would be written from its start.
pub fn own_output(path: &Path) -> Option<io::Result<File>> {
    use std::os::fd::AsFd;
    let output = match path.to_str()? {
        "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => io::stdout().as_fd().try_clone_to_owned(),
        "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" => io::stderr().as_fd().try_clone_to_owned(),
        _ => return None,
    };
    Some(output.map(File::from))
}

/// Ends this process here and now, without any clearing up.
pub fn kill_this_process() {
    // It cannot fail: a process may always end itself.
    let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::KILL);
}

/// Returns a program's exit code; one that a signal ended has 128 and the signal's number, as in shells.
pub fn exit_code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

/// Has the program start a group of its own: an interrupt in the terminal does not reach it, and [`Group`] reaches
/// all that it has started.
pub fn in_own_group(command: &mut Command) -> &mut Command {
    command.process_group(0)
}

/// A program started by [`in_own_group`], with all that it has started.
pub struct Group(Option<Pid>);

impl Group {
    /// Returns the group of `child`.
    pub fn of(child: &Child) -> Group {
        Group(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)))
    }

    /// Asks the group to end.
    pub fn ask_to_end(&self) {
        self.signal(Signal::TERM);
    }

    /// Ends the group.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.0 {
            // A group that is gone is what was wanted.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

/// What asks the program to end.
pub struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

impl Signals {
    /// Watches SIGINT, SIGTERM and SIGHUP instead of being ended by them.
    ///
    /// # Errors
    /// When they cannot be watched.
    pub fn watch() -> io::Result<Signals> {
        use tokio::signal::unix::signal;
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the next signal and gives its name as people know it.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "interrupt",
            _ = self.terminate.recv() => "terminated",
            _ = self.hangup.recv() => "hangup",
        }
    }
}

/// The terminal, open for reading. Any file that can be waited for will do; the type is only named after the most
/// common one.
pub type Terminal = tokio::net::unix::pipe::Receiver;

/// Opens the terminal that the program was started on.
///
/// # Errors
/// When there is none.
pub fn open_terminal() -> io::Result<Terminal> {
    // A file description of its own, so that not blocking here does not change what standard input does.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = File::from(rustix::fs::open("/dev/tty", flags, Mode::empty())?);
    Terminal::from_file_unchecked(file)
}

/// Returns columns and lines of the terminal behind standard output, if it is the one that this process was started on
/// and the process stands in its foreground; then it may be drawn on (CLI-76).
pub fn window_in_front() -> Option<(u16, u16)> {
    let out = io::stdout();
    // Fails where standard output is no terminal, and where it is somebody else's.
    let front = rustix::termios::tcgetpgrp(&out).ok()?;
    let size = rustix::termios::tcgetwinsize(&out).ok()?;
    // Terminals that nobody has told their size have none.
    let or = |size, usual| if size == 0 { usual } else { size };
    (front == rustix::process::getpgrp()).then(|| (or(size.ws_col, 80), or(size.ws_row, 24)))
}

/// A connection to a socket in the file system.
pub type Socket = tokio::net::UnixStream;

/// Connects to the socket at `path`.
///
/// # Errors
/// When nothing answers there.
pub async fn connect(path: &Path) -> io::Result<Socket> {
    Socket::connect(path).await
}
/// Makes a client that speaks through the socket at `path`.
///
/// # Errors
/// None here; elsewhere there are no such sockets.
pub fn on_socket(builder: reqwest::ClientBuilder, path: &Path) -> Result<reqwest::ClientBuilder, String> {
    Ok(builder.unix_socket(path))
}
