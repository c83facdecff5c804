//! Crashes of the program: a report in `crash.log`, and an exit code of their own.
//!
//! Knows no builds: a crash inside a component is made its error by the engine, and only reported here.

use std::any::Any;
use std::backtrace::Backtrace;
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use super::exit;
use crate::host::{Host, VERSION, explain};
use crate::log::Log;
use crate::secrets::Secrets;

/// The report's name, in the working folder.
const NAME: &str = "crash.log";
/// How many crashes are reported; more of them say nothing new.
const REPORTED: usize = 10;
/// The line above and below what people are told.
const FRAME: &str = "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!! packer crashed !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!";

/// Writes down the crashes of one run.
pub struct Crashes {
    host: Host,
    secrets: Arc<Secrets>,
    log: Arc<Log>,
    words: Vec<String>,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    texts: Vec<String>,
    /// Where the report stands, or why there is none.
    report: Option<Result<PathBuf, String>>,
}

impl Crashes {
    /// Makes what reports the crashes of the program that was started with `words`, its own name among them.
    pub fn of(words: &[String], host: Host, secrets: Arc<Secrets>, log: Arc<Log>) -> Arc<Crashes> {
        let words = without_values(words);
        Arc::new(Crashes { host, secrets, log, words, found: Mutex::default() })
    }

    /// Has every crash of this process reported, in whichever thread and whoever catches it.
    pub fn watch(self: &Arc<Self>) {
        let crashes = Arc::clone(self);
        std::panic::set_hook(Box::new(move |crash: &PanicHookInfo<'_>| {
            let place = crash.location().map(|place| format!(" at {place}")).unwrap_or_default();
            let thread = std::thread::current();
            let thread = thread.name().unwrap_or("without a name");
            let text = format!("crash{place}, thread {thread}: {}", reason(crash.payload()));
            crashes.note(&text, &Backtrace::force_capture().to_string(), &mut std::io::stderr());
        }));
    }

    /// Runs `program` and returns its exit code, or that of a crash; people are told of it on `out` (CLI-4, CLI-5).
    pub fn told(&self, program: impl FnOnce() -> u8, out: &mut dyn Write) -> u8 {
        let code = catch_unwind(AssertUnwindSafe(program));
        let Some(report) = self.found().report.clone() else { return code.unwrap_or(exit::CRASH) };
        let report = match report {
            Ok(path) => format!("What is known of it stands in {}: please report it with that file.", path.display()),
            Err(reason) => format!("No report could be written: {reason}."),
        };
        let text = format!(
            "\n{FRAME}\n\nThis is a bug in this program. {report}\nSecrets of the template are left out of it; look it \
             through all the same.\nShould something be left of a build, \"packer cleanup\" removes it.\n\n{FRAME}\n"
        );
        // Where nobody can be told, the exit code says it.
        let _ = out.write_all(self.secrets.mask(&text).as_bytes()).and_then(|()| out.flush());
        exit::CRASH
    }

    fn note(&self, text: &str, trace: &str, errors: &mut dyn Write) {
        let _ = writeln!(errors, "{}", self.secrets.mask(&format!("packer: {text}")));
        self.log.error(text);
        let mut found = self.found();
        if found.texts.len() < REPORTED {
            found.texts.push(format!("{text}\n{trace}"));
            found.report = Some(self.write(&self.report(&found.texts)));
        }
    }

    fn report(&self, crashes: &[String]) -> String {
        let (os, arch, own) = (std::env::consts::OS, std::env::consts::ARCH, env!("CARGO_PKG_VERSION"));
        let text = format!(
            "Packer {VERSION} [packer-rs {own} {os} {arch}], {}\nRun: {}\nWords: {}\n\n{}\nThe last lines of the log:\n{}\n",
            self.host.local_now().strftime("%Y-%m-%dT%H:%M:%S%:z"),
            self.host.run_id(),
            self.words.join(" "),
            crashes.join("\n"),
            self.log.recent().join("\n"),
        );
        self.secrets.mask(&text).into_owned()
    }

    /// Writes the report beside its name and renames it, so that it is whole. Only its owner may read it.
    fn write(&self, text: &str) -> Result<PathBuf, String> {
        let path = self.host.absolute(NAME);
        let write = || {
            let mut file = tempfile::Builder::new().prefix(".crash.log-").tempfile_in(self.host.cwd())?;
            file.write_all(text.as_bytes())?;
            file.persist(&path).map_err(|error| error.error).map(drop)
        };
        write().map(|()| path.clone()).map_err(|error: std::io::Error| explain("open", &path, &error))
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Returns `words` without the values of `-var`: when the program crashes early nobody knows which of them are secret.
fn without_values(words: &[String]) -> Vec<String> {
    let mut words = words.iter();
    let mut shown = Vec::new();
    while let Some(word) = words.next() {
        shown.push(match word.trim_start_matches('-').strip_prefix("var=") {
            Some(given) if word.starts_with('-') => format!("-var={}", without_value(given)),
            _ => word.clone(),
        });
        if ["-var", "--var"].contains(&word.as_str()) {
            shown.extend(words.next().map(|given| without_value(given)));
        }
    }
    shown
}

fn without_value(given: &str) -> String {
    given.split_once('=').map_or_else(|| "…".to_owned(), |(name, _)| format!("{name}=…"))
}

fn reason(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crashes(folder: &std::path::Path, words: &[&str]) -> Arc<Crashes> {
        let secrets = Arc::new(Secrets::default());
        secrets.register("hush");
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let host = Host::fixed(folder, &[]);
        let log = Arc::new(Log::new(host.clone(), Arc::clone(&secrets), None));
        Crashes::of(&words, host, secrets, log)
    }

    #[test]
    fn a_report_is_whole_holds_no_secrets_and_people_are_told_of_it() {
        // CLI-4, CLI-5
        let folder = tempfile::tempdir().unwrap();
        let crashes = crashes(folder.path(), &["packer", "build", "-var", "a=b c", "--var=d=e", "-only=hush", "t"]);
        let mut said = Vec::new();
        assert_eq!(crashes.told(|| 1, &mut said), 1);
        assert!(said.is_empty());
        crashes.log.info("before it hush");
        let mut errors = Vec::new();
        crashes.note("crash at x.rs:1: no hush", "0: frame of hush", &mut errors);
        assert_eq!(crashes.told(|| 0, &mut said), 2);
        let report = std::fs::read_to_string(folder.path().join("crash.log")).unwrap();
        let texts = [report, String::from_utf8(said).unwrap(), String::from_utf8(errors).unwrap()];
        assert!(texts.iter().all(|text| !text.contains("hush")), "{texts:?}");
        assert!(texts[0].contains("\nWords: packer build -var a=… -var=d=… -only=<sensitive> t\n"), "{}", texts[0]);
        assert!(texts[0].contains("no <sensitive>\n0: frame of") && texts[0].contains("before it <sensitive>"));
        assert!(texts[1].matches(FRAME).count() == 2 && texts[1].contains("crash.log"), "{}", texts[1]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written is beside it");
    }

    #[test]
    fn a_crash_that_cannot_be_reported_is_told_with_the_reason() {
        let crashes = crashes("/nowhere/at/all".as_ref(), &[]);
        crashes.note("crash", "", &mut Vec::new());
        let mut said = Vec::new();
        assert_eq!(crashes.told(|| panic!("on purpose"), &mut said), 2);
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("No report could be written: open /nowhere/at/all/crash.log: no such file"), "{said}");
    }
}
