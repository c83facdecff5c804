//! `packer cleanup`: undoes what killed runs have left behind, newest first.
//!
//! Knows no engine itself: here is the table of who undoes which kind of entry.

use super::{Session, exit};
use crate::cli;
use crate::host::Host;
use crate::journal::{Journal, Undo, undo_local};
use crate::ui::{Event, Stream};

/// Undoes, or with `-list` only lists, what dead runs have written down and not closed.
pub fn run(args: &cli::Cleanup, session: &Session) -> u8 {
    let say = |stream: Stream, text: String| session.ui.emit(Event::Text { stream, text });
    let mut runs = match Journal::left_behind(&session.host) {
        Ok(runs) => runs,
        Err(error) => {
            say(Stream::Error, format!("cannot read the journal of killed runs: {error}"));
            return exit::FAILURE;
        }
    };
    if runs.iter().all(|run| run.entries().is_empty()) {
        for run in runs.drain(..).filter(|_| !args.list) {
            // An empty file that cannot be removed will be tried again next time.
            let _ = run.finish();
        }
        say(Stream::Say, "Nothing is left behind.".to_owned());
        return exit::OK;
    }
    let runtime = match super::runtime(1) {
        Ok(runtime) => runtime,
        Err(error) => {
            say(Stream::Error, format!("{error:#}"));
            return exit::FAILURE;
        }
    };
    let mut failed = false;
    for mut run in runs {
        let entries = run.entries();
        if entries.is_empty() {
            let _ = run.finish();
            continue;
        }
        say(Stream::Say, format!("Run {} of {}:", run.id(), run.started()));
        for (id, undo) in entries {
            if args.list {
                say(Stream::Say, format!("  {}", describe(&undo)));
                continue;
            }
            let outcome = runtime.block_on(undo_one(&undo, &session.host)).and_then(|()| Ok(run.undone(id)?));
            match outcome {
                Ok(()) => say(Stream::Say, format!("  gone: {}", describe(&undo))),
                Err(error) => {
                    failed = true;
                    say(Stream::Error, format!("  cannot remove {}: {error:#}", describe(&undo)));
                }
            }
        }
        if !args.list {
            // What could not be undone keeps the file; the next call tries again.
            let _ = run.finish();
        }
    }
    if failed { exit::FAILURE } else { exit::OK }
}

/// Undoes one entry; what is gone already is fine.
async fn undo_one(undo: &Undo, host: &Host) -> anyhow::Result<()> {
    match undo.kind.as_str() {
        "file" | "temp-dir" | "temp-files" => Ok(undo_local(undo).map(|_was_there| ())?),
        kind if kind.starts_with("docker-") => crate::containers::undo(undo, host).await,
        kind => anyhow::bail!("this version does not know the kind {kind:?}; use the one that wrote it"),
    }
}

/// Returns an entry in words: its kind and its facts.
fn describe(undo: &Undo) -> String {
    let facts: Vec<String> =
        undo.what.iter().map(|(name, fact)| format!("{name} {}", fact.as_str().unwrap_or_default())).collect();
    format!("{} ({})", undo.kind, facts.join(", "))
}
