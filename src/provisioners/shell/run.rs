//! One run of the provisioner `shell`: what is sent to the machine, and what is tried again.
//!
//! Knows nothing of templates; the settings are checked and filled in by whoever calls.

use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};

use super::Config;
use crate::component::lines::Lines;
use crate::component::{Command, Communicator, Exit, NotSupported, Result, RunCx, Upload, shell};

/// What the parts of one run need.
pub struct Run<'a> {
    /// Says what is going on.
    pub cx: &'a RunCx,
    /// Where it happens.
    pub machine: &'a dyn Communicator,
    /// How.
    pub config: &'a Config,
    /// Between two attempts.
    pub pause: Duration,
}

impl Run<'_> {
    /// Brings the file of variables to the machine.
    pub async fn upload_variables(&self, path: &str, assignments: &str) -> Result<()> {
        let started = Instant::now();
        while let Err(error) = self.try_upload_variables(path, assignments).await {
            self.again_or(started, error).await?;
        }
        Ok(())
    }

    async fn try_upload_variables(&self, path: &str, assignments: &str) -> Result<()> {
        self.upload(path, assignments.as_bytes(), Some(0o600))
            .await
            .map_err(|error| worded("Error uploading envVarFile", error))?;
        if !self.machine.sets_modes() {
            self.quietly(format!("chmod 0600 {path}"))
                .await
                .map_err(|error| worded("Error chmodding script file to 0600 in remote machine", error))?;
        }
        Ok(())
    }

    /// Runs one script; only failures to start it are tried again (P-shell-23).
    pub async fn execute(&self, script: &[u8], line: String) -> Result<()> {
        let started = Instant::now();
        let exit = loop {
            match self.try_execute(script, &line).await {
                Ok(exit) => break exit,
                Err(error) => self.again_or(started, error).await?,
            }
        };
        if self.cx.cancel.is_cancelled() {
            bail!("context canceled");
        }
        match exit {
            Exit::Code(code) => shell::check_exit_code(code, &self.config.valid_exit_codes),
            Exit::Disconnected if self.config.expect_disconnect => Ok(()),
            Exit::Disconnected => bail!(
                "Script disconnected unexpectedly. If the machine was to break the connection, as when it restarts, set \
                 expect_disconnect = true in this provisioner"
            ),
        }
    }

    async fn try_execute(&self, script: &[u8], line: &str) -> Result<Exit> {
        let path = &self.config.remote_path;
        let mode = self.machine.sets_modes().then_some(0o755);
        self.upload(path, script, mode).await.map_err(|error| worded("Error uploading script", error))?;
        if mode.is_none() {
            // How this ends does not matter: the script says itself when it cannot be run.
            self.quietly(format!("chmod 0755 {path}"))
                .await
                .map_err(|error| worded("Error chmodding script file to 0755 in remote machine", error))?;
        }
        let (mut output, mut errors) = (Lines::output(self.cx), Lines::errors(self.cx));
        self.machine.run(self.cx, Command { line: line.to_owned() }, &mut output, &mut errors).await
    }

    /// Removes a file from the machine. A machine that restarts is waited for.
    pub async fn remove(&self, path: &str) -> Result<()> {
        let started = Instant::now();
        loop {
            match self.quietly(format!("rm -f {path}")).await {
                Ok(Exit::Code(0)) => return Ok(()),
                Ok(Exit::Code(_)) => bail!("Error removing temporary script at {path}!"),
                Ok(Exit::Disconnected) => {
                    self.again_or(started, anyhow!("Disconnect while removing temporary script.")).await?;
                }
                Err(error) => {
                    let what = format!("Error removing temporary script at {path}");
                    self.again_or(started, worded(&what, error)).await?;
                }
            }
        }
    }

    async fn upload(&self, path: &str, mut bytes: &[u8], mode: Option<u32>) -> Result<()> {
        let size = bytes.len() as u64;
        self.machine.upload(self.cx, path, Upload { source: &mut bytes, size, mode, modified: None }).await
    }

    async fn quietly(&self, line: String) -> Result<Exit> {
        self.machine.run(self.cx, Command { line }, &mut tokio::io::sink(), &mut tokio::io::sink()).await
    }

    /// Waits before the next attempt, or gives up with `error`: when time is up, and when it would never help.
    async fn again_or(&self, started: Instant, error: anyhow::Error) -> Result<()> {
        if self.cx.cancel.is_cancelled() {
            bail!("context canceled");
        }
        if error.is::<NotSupported>() || started.elapsed() > self.config.start_retry_timeout {
            return Err(error);
        }
        self.wait(self.pause).await
    }

    /// Waits, at most until the run is cancelled.
    pub async fn wait(&self, length: Duration) -> Result<()> {
        tokio::select! {
            () = tokio::time::sleep(length) => Ok(()),
            () = self.cx.cancel.cancelled() => bail!("context canceled"),
        }
    }
}

/// Puts `what` in front of an error; one that can never change stays one.
fn worded(what: &str, error: anyhow::Error) -> anyhow::Error {
    let text = format!("{what}: {error:#}");
    if error.is::<NotSupported>() { NotSupported(text).into() } else { anyhow!(text) }
}
