//! Stand-ins for tests: a context that keeps what was said, and a machine that does what it is told to.
//!
//! Knows no component; each test scripts what the machine answers.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::sync::CancellationToken;

use super::{BuildInfo, Command, Communicator, Exit, PrepareCx, Result, RunCx, RunOptions, Sink, Upload};
use crate::host::Host;
use crate::journal::Journal;
use crate::secrets::Secrets;
use crate::ui::recorder::Recorder;
use crate::ui::{Speaker, Ui};

/// Returns who builds what in tests: the build `fake.n` of the builder `fake`.
pub fn build_info() -> BuildInfo {
    BuildInfo { full_name: "fake.n".into(), label: "n".into(), builder_type: "fake".into(), legacy: None }
}

/// Returns a context whose working folder and folder for temporary files are `folder`, and what is said in it.
pub fn run_cx(folder: &Path) -> (RunCx, Recorder) {
    let host = host(folder);
    let said = Recorder::default();
    let ui = Ui::new(host.clone(), Arc::new(Secrets::default()), vec![Box::new(said.clone())]);
    let cx = RunCx {
        host,
        build: build_info(),
        options: RunOptions::default(),
        speaker: Speaker { build: "fake.n".into(), number: 0, step: None },
        ui: Arc::new(ui),
        cancel: CancellationToken::new(),
        journal: Journal::none(),
    };
    (cx, said)
}

/// Returns a context whose journal is written, in `state`.
pub fn journalled_cx(folder: &Path, state: &Path) -> RunCx {
    let cx = run_cx(folder).0;
    let host = cx.host.with_variable("PACKER_STATE_DIR", &state.to_string_lossy());
    let (journal, warning) = Journal::open(&host);
    assert_eq!(warning, None);
    RunCx { host, journal, ..cx }
}

/// Returns the context in which components are prepared for [`run_cx`].
pub fn prepare_cx(folder: &Path) -> PrepareCx {
    PrepareCx {
        host: host(folder),
        build: build_info(),
        options: RunOptions::default(),
        legacy: false,
        secrets: Default::default(),
    }
}

fn host(folder: &Path) -> Host {
    let path = std::env::var("PATH").unwrap_or_default();
    Host::fixed(folder, &[("TMPDIR", &folder.to_string_lossy()), ("PATH", &path), ("OUTER", "from outside")])
}

/// How a [`Machine`] answers one command.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It ends so.
    Exits(Exit),
    /// It writes this to its standard output and ends well.
    Prints(&'static str),
    /// It cannot be started.
    Fails(&'static str),
}

/// A machine that writes down what it is asked and answers as scripted; beyond the script all is well.
#[derive(Default)]
pub struct Machine {
    /// What it was asked, in order: `run LINE`, `upload PATH MODE BYTES`, `upload_dir FROM TO`, ….
    pub asked: Mutex<Vec<String>>,
    /// What uploads brought.
    pub uploads: Mutex<Vec<Vec<u8>>>,
    /// Answers to the next commands.
    pub answers: Mutex<VecDeque<Answer>>,
    /// Whether uploads come with their mode.
    pub sets_modes: bool,
    /// Reasons why the next uploads fail.
    pub upload_errors: Mutex<VecDeque<anyhow::Error>>,
}

impl Machine {
    /// Makes a machine that answers its first commands so.
    pub fn answering(answers: impl IntoIterator<Item = Answer>) -> Arc<Machine> {
        Arc::new(Machine { answers: Mutex::new(answers.into_iter().collect()), ..Machine::default() })
    }

    /// Returns what it was asked so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }
}

#[async_trait]
impl Communicator for Machine {
    async fn run(&self, _cx: &RunCx, command: Command, stdout: Sink<'_>, _stderr: Sink<'_>) -> Result<Exit> {
        self.note(format!("run {}", command.line));
        let answer = self.answers.lock().unwrap().pop_front();
        match answer {
            None => Ok(Exit::Code(0)),
            Some(Answer::Exits(exit)) => Ok(exit),
            Some(Answer::Fails(reason)) => Err(anyhow::anyhow!(reason)),
            Some(Answer::Prints(text)) => {
                stdout.write_all(text.as_bytes()).await?;
                Ok(Exit::Code(0))
            }
        }
    }

    fn sets_modes(&self) -> bool {
        self.sets_modes
    }

    async fn upload(&self, _cx: &RunCx, to: &str, from: Upload<'_>) -> Result<()> {
        let mut bytes = Vec::new();
        from.source.read_to_end(&mut bytes).await?;
        assert_eq!(bytes.len() as u64, from.size, "the size is told in front");
        let mode = from.mode.map_or_else(|| "-".to_owned(), |mode| format!("{mode:o}"));
        self.note(format!("upload {to} {mode}"));
        if let Some(error) = self.upload_errors.lock().unwrap().pop_front() {
            return Err(error);
        }
        self.uploads.lock().unwrap().push(bytes);
        Ok(())
    }

    async fn download(&self, _cx: &RunCx, from: &str, to: Sink<'_>) -> Result<()> {
        self.note(format!("download {from}"));
        to.write_all(format!("content of {from}").as_bytes()).await?;
        Ok(())
    }

    async fn upload_dir(&self, _cx: &RunCx, from: &Path, to: &str, _exclude: &[String]) -> Result<()> {
        self.note(format!("upload_dir {} {to}", from.display()));
        Ok(())
    }

    async fn download_dir(&self, _cx: &RunCx, from: &str, to: &Path, _exclude: &[String]) -> Result<()> {
        self.note(format!("download_dir {from} {}", to.display()));
        Ok(())
    }
}
