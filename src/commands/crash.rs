//! A crash of the program: told in a sentence, with what the log should know.
//!
//! Knows no builds: a crash inside a component is made its error by the engine, and only logged here.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Arc;

use super::exit;
use crate::log::Log;
use crate::secrets::Secrets;

/// Has crashes written to `log`, and nowhere else.
pub fn log_to(log: Arc<Log>) {
    std::panic::set_hook(Box::new(move |crash: &PanicHookInfo<'_>| {
        let place = crash.location().map(|place| format!(" at {place}")).unwrap_or_default();
        log.error(&format!("crash{place}: {}", reason(crash.payload())));
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            log.error(&trace.to_string());
        }
    }));
}

/// Runs `program` and returns its exit code; a crash that nobody else has caught is told to `errors` (CLI-4).
pub fn told(program: impl FnOnce() -> u8, secrets: &Secrets, errors: &mut dyn Write) -> u8 {
    catch_unwind(AssertUnwindSafe(program)).unwrap_or_else(|payload| {
        let text = format!(
            "packer crashed: {}. This is a bug in this program; please report it with the log of PACKER_LOG=1. Should \
             something be left of a build, \"packer cleanup\" removes it",
            reason(&*payload)
        );
        // Where nobody can be told, the exit code says it.
        let _ = writeln!(errors, "{}", secrets.mask(&text));
        exit::CRASH
    })
}

fn reason(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_is_a_sentence_without_secrets_and_an_exit_code_of_its_own() {
        // CLI-4
        let (secrets, mut said) = (Secrets::default(), Vec::new());
        secrets.register("hush");
        assert_eq!(told(|| panic!("no {}", "hush"), &secrets, &mut said), 2);
        let said = String::from_utf8(said).unwrap();
        assert!(said.starts_with("packer crashed: no <sensitive>. This is a bug"), "{said}");
        assert_eq!(told(|| 1, &secrets, &mut Vec::new()), 1);
    }
}
