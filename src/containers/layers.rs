//! What a Dockerfile build leaves in the engine when it is cut off: images without a name, one an instruction.
//!
//! Knows no build: reads the lines that the engine says while it works, and writes them into the journal.
//!
//! The engine tells of a container before it makes an image of it, and every image knows its container: so the image is
//! found also when nobody heard its id. Instructions that copy files have no container; their image is written down
//! as soon as it is told.

use super::{ContainerEngine, undo, until_back};
use crate::component::RunCx;
use crate::journal::{Entry, Undo};

/// The layers of one build so far.
#[derive(Default)]
pub struct Layers {
    entries: Vec<(Entry, Undo)>,
    state: Reading,
}

#[derive(Default)]
enum Reading {
    /// The image that is told next is there already.
    #[default]
    Old,
    /// The image that is told next is made by this build.
    New,
    /// The instruction runs in this container; what it says itself is not the engine's.
    Runs(String),
}

impl Layers {
    /// Reads what the engine says, in whole lines.
    pub fn read(&mut self, engine: &dyn ContainerEngine, cx: &RunCx, text: &str) {
        for line in text.lines() {
            let undo = match (&self.state, line.strip_prefix(" ---> ")) {
                (Reading::Runs(container), _) => {
                    if line.strip_prefix("Removing intermediate container ") == Some(container) {
                        self.state = Reading::Old;
                    }
                    continue;
                }
                (_, None) if line.starts_with("Step ") => {
                    let is_base = line.split(" : ").nth(1).is_some_and(|words| words.starts_with("FROM"));
                    self.state = if is_base { Reading::Old } else { Reading::New };
                    continue;
                }
                (Reading::Old, _) | (_, None) => continue,
                (Reading::New, Some("Using cache")) => {
                    self.state = Reading::Old;
                    continue;
                }
                (Reading::New, Some(told)) => match told.strip_prefix("Running in ") {
                    Some(container) => {
                        self.state = Reading::Runs(container.to_owned());
                        undo::layer_entry(engine, container)
                    }
                    None => undo::image_entry(engine, &format!("sha256:{told}")),
                },
            };
            self.entries.push((cx.begin(undo.clone()), undo));
        }
    }

    /// Closes the entries: the image that was made stands on these layers, or the engine keeps them for the next try.
    pub fn keep(self) {
        self.entries.into_iter().for_each(|(entry, _)| entry.gone());
    }

    /// Removes the layers of a build that was cut off, newest first; those that cannot be removed stay in the journal.
    /// An image that the engine is still making is waited for: a second interrupt leaves it to `packer cleanup`.
    pub async fn undo(self, engine: &dyn ContainerEngine, cx: &RunCx) {
        for (entry, undo) in self.entries.into_iter().rev() {
            let undone = || undo::undo_by(engine, &undo, undo::Patience::Long);
            if until_back(engine, cx, undone).await.is_ok() {
                entry.gone();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fake;
    use crate::containers::testing::engine;
    use crate::journal::Journal;

    #[tokio::test]
    async fn only_what_this_build_makes_is_written_down() {
        let Some(engine) = engine().await else { return };
        let (folder, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let cx = fake::journalled_cx(folder.path(), state.path());
        let mut layers = Layers::default();
        for text in [
            "Step 1/4 : FROM base\n",
            " ---> aaaaaaaaaaaa\nStep 2/4 : RUN old\n ---> Using cache\n ---> bbbbbbbbbbbb\nStep 3/4 : RUN new\n",
            " ---> Running in cccccccccccc\n",
            "Step 1/1 : COPY x y\n ---> dddddddddddd\n",
            "Removing intermediate container cccccccccccc\n ---> eeeeeeeeeeee\nStep 4/4 : COPY a b\n ---> ffffffffffff\n",
        ] {
            layers.read(&*engine, &cx, text);
        }
        let host = cx.host.clone();
        drop((layers, cx));
        let left = Journal::left_behind(&host).unwrap()[0].entries();
        let told: Vec<_> = left.iter().map(|(_, undo)| (undo.fact("container"), undo.fact("image"))).collect();
        assert_eq!(told, [("", "sha256:ffffffffffff"), ("cccccccccccc", "")]);
    }
}
