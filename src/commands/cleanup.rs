//! `packer cleanup`: undoes what killed runs have left behind, newest first.
//!
//! Knows no engine itself: here is the table of who undoes which kind of entry.

use std::time::{Duration, Instant};

use super::running::block_on;
use super::{Session, exit};
use crate::cli;
use crate::component::left_processes;
use crate::host::Host;
use crate::journal::{Journal, Run, SCRIPTS, Undo, undo_local};
use crate::ui::{Event, Stream};

/// How long something that an engine does not have may still appear after the last thing went: what a killed run asked
/// for last.
const STILL_APPEARS: Duration = Duration::from_secs(1);

/// Undoes, or with `-list` only lists, what dead runs have written down and not closed.
pub fn run(args: &cli::Cleanup, session: &Session) -> u8 {
    let mut runs = match Journal::left_behind(&session.host) {
        Ok(runs) => runs,
        Err(error) => {
            say(session, Stream::Error, format!("cannot read the journal of killed runs: {error}"));
            return exit::FAILURE;
        }
    };
    if runs.iter().all(|run| run.entries().is_empty()) {
        if !args.list {
            forget(runs);
        }
        say(session, Stream::Say, "Nothing is left behind.".to_owned());
        return exit::OK;
    }
    if args.list {
        for run in runs.iter().filter(|run| !run.entries().is_empty()) {
            say_run(session, run);
            for (_, undo) in run.entries() {
                say(session, Stream::Say, format!("  {}", describe(&undo)));
            }
        }
        return exit::OK;
    }
    let all_gone = block_on(0, session, undo_all(&mut runs, session)).unwrap_or_default();
    forget(runs);
    if all_gone { exit::OK } else { exit::FAILURE }
}

/// Undoes every entry of `runs`; whether all are gone. What could not be undone stays open for the next call.
async fn undo_all(runs: &mut [Run], session: &Session) -> bool {
    let began = Instant::now();
    let mut all_gone = true;
    for run in runs.iter_mut().filter(|run| !run.entries().is_empty()) {
        say_run(session, run);
        let mut entries = run.entries();
        let mut quiet_since = began;
        loop {
            let is_last_look = quiet_since.elapsed() >= STILL_APPEARS;
            let (count, mut not_there, mut refused) = (entries.len(), Vec::new(), Vec::new());
            for (id, undo) in entries {
                let undone = match undo_one(&undo, &session.host).await {
                    Ok(false) if !is_last_look => {
                        not_there.push((id, undo));
                        continue;
                    }
                    Ok(_) => run.undone(id).map_err(anyhow::Error::from),
                    Err(error) => Err(error),
                };
                match undone {
                    Ok(()) => say(session, Stream::Say, format!("  gone: {}", describe(&undo))),
                    Err(error) => refused.push((id, undo, error)),
                }
            }
            // What was refused may have stood in the way of something that is gone now, as an image does of which a
            // container was made; so it is asked again as long as something goes.
            let is_moving = not_there.len() + refused.len() < count;
            if !is_moving && not_there.is_empty() {
                all_gone &= refused.is_empty();
                for (_, undo, error) in refused {
                    say(session, Stream::Error, format!("  cannot remove {}: {error:#}", describe(&undo)));
                }
                break;
            }
            entries = not_there;
            entries.extend(refused.into_iter().map(|(id, undo, _)| (id, undo)));
            if is_moving {
                quiet_since = Instant::now();
            } else {
                tokio::time::sleep(STILL_APPEARS / 10).await;
            }
        }
    }
    all_gone
}

/// Undoes one entry; `false` when it is not there, but may be in a moment.
async fn undo_one(undo: &Undo, host: &Host) -> anyhow::Result<bool> {
    match undo.kind.as_str() {
        "file" | "temp-dir" => Ok(undo_local(undo)?),
        SCRIPTS => left_processes::undo_scripts(undo, host).await.map(|()| true),
        kind if kind.starts_with("docker-") => crate::containers::undo(undo, host).await,
        kind => anyhow::bail!("this version does not know the kind {kind:?}; use the one that wrote it"),
    }
}

/// Removes the journals in which nothing is open.
fn forget(runs: Vec<Run>) {
    for run in runs {
        // An empty file that cannot be removed will be tried again next time.
        let _ = run.finish();
    }
}

fn say_run(session: &Session, run: &Run) {
    // Whole seconds are enough to remember a run by.
    let second = run.started().split('.').next().unwrap_or_default().trim_end_matches('Z').replace('T', " ");
    say(session, Stream::Say, format!("Run {} of {second} UTC:", run.id()));
}

fn say(session: &Session, stream: Stream, text: String) {
    session.ui.emit(Event::Text { stream, text });
}

/// Returns an entry in words; that of a kind from another version as its kind and its facts.
fn describe(undo: &Undo) -> String {
    let fact = |name| undo.fact(name);
    let text = match undo.kind.as_str() {
        "file" => return format!("file {}", fact("path")),
        "temp-dir" => return format!("temporary folder {}", fact("path")),
        SCRIPTS => return format!("scripts {}/{}… and what they left running", fact("folder"), fact("start")),
        "docker-container" => format!("container {}", fact("container")),
        "docker-image" => format!("image {}", fact("image")),
        "docker-name" => format!("name {} of the image {}", fact("name"), fact("image")),
        "docker-layer" => format!("image made of the container {}", fact("container")),
        kind => {
            let facts: Vec<String> =
                undo.what.iter().map(|(name, fact)| format!("{name} {}", fact.as_str().unwrap_or_default())).collect();
            return format!("{kind} ({})", facts.join(", "));
        }
    };
    // The engine is asked at its address, or through a client program.
    match [fact("address"), fact("program")].into_iter().find(|place| !place.is_empty()) {
        Some(place) => format!("{text} ({place})"),
        None => text,
    }
}
