//! Places where a test may have the process killed, to see what is left behind.
//!
//! Unaware of who calls; in a release build nothing happens here.

/// Marks a place where a killed process would leave something behind; `place` names it for people.
///
/// Only in debug builds, and only when asked: with `PACKER_FAULT_AT=N` the Nth such place that the process
/// comes by (from 1) kills it with SIGKILL; with `PACKER_FAULT_COUNT=FILE` a byte is appended to `FILE` at each, so
/// that a test learns how many there are, and with `PACKER_FAULT_NAMES=FILE` a line with its name.
pub fn fault_point(place: &str) {
    if cfg!(debug_assertions) {
        passed(place);
    }
}

fn passed(place: &str) {
    use std::io::Write;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static COUNT: AtomicU64 = AtomicU64::new(0);
    // Asked of the process and not of the host: every part of the program calls this, also where no host is at hand.
    static ASKED: OnceLock<(Option<u64>, [Option<std::ffi::OsString>; 2])> = OnceLock::new();
    let (kill_at, files) = ASKED.get_or_init(|| {
        let at = std::env::var("PACKER_FAULT_AT").ok().and_then(|n| n.parse().ok());
        (at, ["PACKER_FAULT_COUNT", "PACKER_FAULT_NAMES"].map(std::env::var_os))
    });
    let number = COUNT.fetch_add(1, Ordering::SeqCst) + 1;
    for (file, text) in files.iter().zip([".".to_owned(), format!("{place}\n")]) {
        if let Some(file) = file
            && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(file)
        {
            // A count that cannot be written shows in the test that reads it.
            let _ = file.write_all(text.as_bytes());
        }
    }
    if *kill_at == Some(number) {
        crate::host::platform::kill_this_process();
    }
}
