//! The program on a terminal of its own: a test types what a person would, and reads what one would see.
//!
//! The terminal is a pseudo-terminal; `setsid --ctty` makes it the one that the program was started on.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// How long anything may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that runs on a terminal. Killed with it.
pub struct Terminal {
    child: Child,
    keys: File,
    screen: Arc<Screen>,
    /// How much of what was seen has been waited for.
    read: usize,
}

#[derive(Default)]
struct Screen {
    text: Mutex<(String, bool)>,
    changed: Condvar,
}

impl Terminal {
    /// Starts `command` on a terminal of its own, as its foreground program.
    ///
    /// # Panics
    /// When there is no terminal to be had, or no `setsid`.
    pub fn start(command: &Command) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal can be opened");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("its other end can be unlocked");
        let name = ptsname(&master, Vec::new()).expect("the other end has a name").into_string().expect("text");
        let end = || File::options().read(true).write(true).open(&name).expect("the other end can be opened");
        let mut started = Command::new("setsid");
        started.arg("--ctty").arg(command.get_program()).args(command.get_args()).env_clear();
        started.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        started.current_dir(command.get_current_dir().expect("a folder was set"));
        let child = started.stdin(end()).stdout(end()).stderr(Stdio::from(end())).spawn().expect("setsid starts");
        let master = File::from(master);
        let screen = Arc::new(Screen::default());
        let (mut output, shown) = (master.try_clone().expect("it can be shared"), Arc::clone(&screen));
        std::thread::spawn(move || shown.follow(&mut output));
        Terminal { child, keys: master, screen, read: 0 }
    }

    /// Waits until `part` is seen behind all that was waited for before.
    ///
    /// # Panics
    /// When it is not seen in time, or the program ends without it.
    pub fn sees(&mut self, part: &str) -> &mut Terminal {
        let (began, screen) = (Instant::now(), Arc::clone(&self.screen));
        let mut guard = screen.text.lock().expect("no reader panics");
        loop {
            if let Some(at) = guard.0[self.read..].find(part) {
                self.read += at + part.len();
                return self;
            }
            assert!(!guard.1 && began.elapsed() < PATIENCE, "{part:?} is not seen in:\n{}", &guard.0[self.read..]);
            guard = screen.changed.wait_timeout(guard, Duration::from_millis(100)).expect("no reader panics").0;
        }
    }

    /// Types a line.
    pub fn types(&mut self, line: &str) -> &mut Terminal {
        self.keys.write_all(format!("{line}\r").as_bytes()).expect("the terminal takes keys");
        self
    }

    /// Presses keys, and no Enter behind them.
    pub fn presses(&mut self, keys: &str) -> &mut Terminal {
        self.keys.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self
    }

    /// Presses Ctrl-C.
    pub fn interrupts(&mut self) -> &mut Terminal {
        self.keys.write_all(b"\x03").expect("the terminal takes keys");
        self
    }

    /// Sends the program a signal.
    pub fn sends(&mut self, signal: Signal) -> &mut Terminal {
        let id = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw).expect("a process");
        rustix::process::kill_process(id, signal).expect("it lives");
        self
    }

    /// Waits for the program's end; returns its exit code and all that was seen.
    pub fn ends(mut self) -> (Option<i32>, String) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end:\n{}", self.screen.text.lock().expect("text").0);
            std::thread::sleep(Duration::from_millis(5));
        };
        let mut guard = self.screen.text.lock().expect("no reader panics");
        while !guard.1 && began.elapsed() < PATIENCE {
            guard = self.screen.changed.wait_timeout(guard, Duration::from_millis(100)).expect("no reader panics").0;
        }
        (status.code(), guard.0.clone())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Screen {
    /// Collects what is shown until nobody has the terminal open any more. Line ends are those of files.
    fn follow(&self, output: &mut File) {
        let mut bytes = [0; 4096];
        let mut all = Vec::new();
        while let Ok(count @ 1..) = output.read(&mut bytes) {
            all.extend_from_slice(&bytes[..count]);
            self.text.lock().expect("no reader panics").0 = String::from_utf8_lossy(&all).replace("\r\n", "\n");
            self.changed.notify_all();
        }
        self.text.lock().expect("no reader panics").1 = true;
        self.changed.notify_all();
    }
}
