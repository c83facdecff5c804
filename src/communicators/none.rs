//! `none`: no connection at all. Commands count as done, transfers fail.
//!
//! Knows nothing of the builders that use it to run provisioners beside the machine.

use std::path::Path;

use async_trait::async_trait;

use crate::component::{Command, Communicator, Exit, NotSupported, Result, RunCx, Sink, Upload};

/// The communicator of a machine that nobody connects to.
///
/// # Source
/// C-none-1, C-none-2. Its errors are [`NotSupported`], so that nobody tries again for minutes.
pub struct NoMachine;

fn refused<T>(what: &str) -> Result<T> {
    Err(NotSupported(format!("{what} is not implemented when communicator = 'none'")).into())
}

#[async_trait]
impl Communicator for NoMachine {
    async fn run(&self, _cx: &RunCx, _command: Command, _stdout: Sink<'_>, _stderr: Sink<'_>) -> Result<Exit> {
        Ok(Exit::Code(0))
    }
    async fn upload(&self, _cx: &RunCx, _to: &str, _from: Upload<'_>) -> Result<()> {
        refused("Upload")
    }
    async fn download(&self, _cx: &RunCx, _from: &str, _to: Sink<'_>) -> Result<()> {
        refused("Download")
    }
    async fn upload_dir(&self, _cx: &RunCx, _from: &Path, _to: &str, _exclude: &[String]) -> Result<()> {
        refused("UploadDir")
    }
    async fn download_dir(&self, _cx: &RunCx, _from: &str, _to: &Path, _exclude: &[String]) -> Result<()> {
        refused("DownloadDir")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;

    #[tokio::test]
    async fn commands_count_as_done_and_transfers_say_that_they_cannot() {
        let folder = tempfile::tempdir().unwrap();
        let (cx, _) = fake::run_cx(folder.path());
        let exit = NoMachine.run(&cx, Command::default(), &mut tokio::io::sink(), &mut tokio::io::sink()).await;
        assert_eq!(exit.unwrap(), Exit::Code(0));
        let error = NoMachine.download(&cx, "/x", &mut tokio::io::sink()).await.unwrap_err();
        assert_eq!(error.to_string(), "Download is not implemented when communicator = 'none'");
        assert!(error.is::<NotSupported>());
    }
}
