//! Systems that are no Unix, which is Windows: the nearest thing they have, or an error that says there is none.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use tokio::process::{Child, Command};

/// The variable that names the user's home.
pub const HOME: &str = "USERPROFILE";
/// The variable that names the folder for temporary files.
pub const TEMP: &str = "TEMP";
/// The folder for temporary files when nothing else is said.
pub const TEMP_FOLDER: &str = r"C:\Windows\Temp";

/// No file holds the certificates that this system trusts.
pub const CERTIFICATE_FILES: &[&str] = &[];
/// No folder does.
pub const CERTIFICATE_FOLDERS: &[&str] = &[];

/// Returns who may read, write and run a file, as a Unix would have it.
pub fn mode(facts: &Metadata) -> u32 {
    match (facts.is_dir(), facts.permissions().readonly()) {
        (true, _) => 0o755,
        (false, true) => 0o444,
        (false, false) => 0o644,
    }
}

/// Returns the numbers of a file's user and group: nobody's in particular.
pub fn owner(_facts: &Metadata) -> (u32, u32) {
    (0, 0)
}

/// Returns nothing: no path names this process's output.
pub fn own_output(_path: &Path) -> Option<io::Result<File>> {
    None
}

/// Leaves the owner as it is.
///
/// # Errors
/// None.
pub fn keep_owner(_file: &File, _old: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Whether somebody may run the file; only its name could tell.
pub fn is_program(facts: &Metadata) -> bool {
    facts.is_file()
}

/// Whether the file has further names; nothing here tells.
pub fn has_other_names(_facts: &Metadata) -> bool {
    false
}

/// Whether this is a named pipe; none stands among files.
pub fn is_pipe(_facts: &Metadata) -> bool {
    false
}

/// Whether standard input is a pipe: whatever is no terminal.
pub fn input_is_pipe() -> bool {
    !std::io::IsTerminal::is_terminal(&std::io::stdin())
}

/// Leaves `options` as they are: files get the rights of their folder.
pub fn with_mode(options: &mut OpenOptions, _mode: u32) -> &mut OpenOptions {
    options
}

/// Makes a folder that others may look into, and those it stands in.
///
/// # Errors
/// When one cannot be made.
pub fn make_folders(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Makes a folder; it gets the rights of the one that it is in, which for temporary files is the user's own.
///
/// # Errors
/// When it is there already or cannot be made.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    std::fs::create_dir(path)
}

/// Answers that there are no links that every user may make.
///
/// # Errors
/// Always, unless there is no folder to link to.
pub fn link_folder(original: &Path, _link: &Path) -> io::Result<()> {
    if original.exists() { Err(io::Error::other("folders cannot be linked on this system")) } else { Ok(()) }
}

/// Whether `path` names a file; one that is open keeps its name here.
pub fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

/// Checks that `path` is there and is not write-protected.
///
/// # Errors
/// Why not.
pub fn check_writable(path: &Path) -> io::Result<()> {
    let facts = std::fs::metadata(path)?;
    // For a folder the attribute means something else.
    if facts.is_file() && facts.permissions().readonly() { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
}

/// Returns nothing: [`HOME`] is all there is.
pub fn home_in_user_database() -> Option<PathBuf> {
    None
}

/// Ends this process here and now, without any clearing up.
pub fn kill_this_process() {
    std::process::abort();
}

/// Returns a program's exit code.
pub fn exit_code(status: ExitStatus) -> i32 {
    status.code().unwrap_or(1)
}

/// Does nothing: what may be run here, the name tells.
///
/// # Errors
/// None here.
pub fn make_runnable(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Leaves `command` as it is: [`Group`] reaches the program by its number.
pub fn in_own_group(command: &mut Command) -> &mut Command {
    command
}

/// A program with all that it has started.
pub struct Group(Option<u32>);

impl Group {
    /// Returns the group of `child`.
    pub fn of(child: &Child) -> Group {
        Group(child.id())
    }

    /// Asks nobody: a program without a window cannot be asked.
    pub fn ask_to_end(&self) {}

    /// Ends the group.
    pub fn kill(&self) {
        if let Some(id) = self.0 {
            // A group that is gone is what was wanted.
            let _ = std::process::Command::new("taskkill").args(["/T", "/F", "/PID", &id.to_string()]).output();
        }
    }
}

/// What asks the program to end.
pub struct Signals;

impl Signals {
    /// Watches Ctrl-C.
    ///
    /// # Errors
    /// None.
    pub fn watch() -> io::Result<Signals> {
        Ok(Signals)
    }

    /// Waits for the next Ctrl-C and gives its name as people know it.
    pub async fn next(&mut self) -> &'static str {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "interrupt"
    }
}

/// The terminal, which cannot be waited for here.
pub type Terminal = tokio::io::Empty;

/// Answers that there is no terminal.
///
/// # Errors
/// Always.
pub fn open_terminal() -> io::Result<Terminal> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Answers that no terminal may be drawn on.
pub fn window_in_front() -> Option<(u16, u16)> {
    None
}

/// A connection to a socket in the file system.
pub type Socket = tokio::io::DuplexStream;

/// Answers that there are no such sockets.
///
/// # Errors
/// Always.
pub async fn connect(_path: &Path) -> io::Result<Socket> {
    Err(io::Error::other("this system has no sockets in the file system; set DOCKER_HOST to a tcp:// address"))
}

/// Says that there are no such sockets here.
///
/// # Errors
/// Always.
pub fn on_socket(_builder: reqwest::ClientBuilder, path: &Path) -> Result<reqwest::ClientBuilder, String> {
    Err(format!("there are no sockets such as {} on this system", path.display()))
}
