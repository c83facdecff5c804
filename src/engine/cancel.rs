//! Interrupts: the first cancels the run and lets everything be undone, the second ends the program.
//!
//! Unaware of builds: whoever waits watches the token.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::host::platform::Signals;
use crate::ui::Ui;

/// How long a message may take before the program goes on without it: whoever reads may have stopped reading.
const PATIENCE: Duration = Duration::from_millis(500);

/// A signal so soon after the first is the same one: `timeout` and service managers send theirs to the program and
/// then to its whole group.
const ECHO: Duration = Duration::from_secs(1);

/// Returns a token that fires at the first SIGINT, SIGTERM or SIGHUP, with a line that says so. A second one ends
/// the program at once with exit code 1; what is not undone by then stays in the journal for `packer cleanup`.
///
/// # Errors
/// When the signals cannot be watched.
///
/// # Source
/// CLI-89, CLI-91, ENG-56; cases `engine/interrupted-build`, `engine/terminated-build`. That the second one ends the
/// program is ours (CLI-90).
pub fn cancelled_by_signals(ui: &Arc<Ui>) -> io::Result<CancellationToken> {
    let mut signals = Signals::watch()?;
    let (token, ui) = (CancellationToken::new(), Arc::clone(ui));
    let fired = token.clone();
    tokio::spawn(async move {
        let name = signals.next().await;
        let echoes = tokio::time::Instant::now() + ECHO;
        show(&ui, format!("Cancelling build after receiving {name}")).await;
        fired.cancel();
        while tokio::time::timeout_at(echoes, signals.next()).await.is_ok() {}
        let name = signals.next().await;
        let text = format!("Ending at once after receiving {name} again; \"packer cleanup\" undoes what is left");
        show(&ui, text).await;
        end();
    });
    Ok(token)
}

/// Shows `text` beside the program's other work, so that output nobody takes cannot block signals.
async fn show(ui: &Arc<Ui>, text: String) {
    let ui = Arc::clone(ui);
    let shown = tokio::task::spawn_blocking(move || ui.error(text));
    // Whether it could be shown changes nothing.
    let _ = tokio::time::timeout(PATIENCE, shown).await;
}

fn end() -> ! {
    std::process::exit(1)
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::process::{Signal, getpid, kill_process};

    use super::*;
    use crate::ui::recorder::Recorder;

    #[tokio::test]
    async fn the_first_signal_is_named_and_cancels_the_run() {
        // CLI-89, case engine/terminated-build
        let (ui, recorder) = Recorder::with_ui();
        let token = cancelled_by_signals(&ui).unwrap();
        assert!(!token.is_cancelled());
        kill_process(getpid(), Signal::TERM).unwrap();
        token.cancelled().await;
        assert_eq!(recorder.lines(), ["Cancelling build after receiving terminated"]);
    }

    #[tokio::test]
    async fn a_signal_sent_to_the_program_and_its_group_counts_once() {
        let (ui, recorder) = Recorder::with_ui();
        let token = cancelled_by_signals(&ui).unwrap();
        kill_process(getpid(), Signal::TERM).unwrap();
        token.cancelled().await;
        kill_process(getpid(), Signal::TERM).unwrap();
        // Without the pause for echoes this process would end here.
        tokio::time::timeout(PATIENCE, std::future::pending::<()>()).await.unwrap_err();
        assert_eq!(recorder.lines().len(), 1);
    }
}
