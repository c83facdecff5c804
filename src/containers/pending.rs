//! Images made so that a program killed at any moment leaves none behind.
//!
//! Knows no builder: whoever makes an image says how, under a name that is given.
//!
//! An engine tells an image's id only when it is there, and a program killed before it reads the answer would never
//! know it. A label would find it, but a label stays in the image for good. So the image is made under a name that
//! stands in the journal before: whatever the engine finishes later has that name. Once the id is known it is
//! journalled too, and the name is taken away. Removing an image's only name removes the image, so the name is first
//! moved to another one: to an image that has a name of its own and keeps it, or else to an empty one, made for that,
//! which goes with it. The image stays, without a name, as a plain commit leaves it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::{Answer, ContainerEngine, ImportImage, Trouble, undo, until_back};
use crate::component::{Result, RunCx};
use crate::journal::Entry;

/// What an engine does with a call that nobody waits for any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// It gives up when the connection closes.
    GivesUp,
    /// It may still finish.
    Finishes,
}

/// How long an image is waited for whose making was cut off, and between two looks.
const STILL_COMES: Duration = Duration::from_millis(800);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// An image that is undone unless it is handed over.
pub struct PendingImage {
    /// `sha256:…`.
    pub id: String,
    entry: Entry,
}

impl PendingImage {
    /// Closes its entry in the journal: it is gone.
    pub fn gone(self) {
        self.entry.gone();
    }

    /// Hands it over: it is the user's once the build is over.
    pub fn hand_over(self, cx: &RunCx) {
        cx.hand_over(self.entry);
    }
}

/// Returns a name for something of this run, that no other run or build uses: `packer-01234567-3`.
pub fn unique_name(cx: &RunCx) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let run: String = cx.host.run_id().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("packer-{}-{}", run.to_lowercase(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Makes an image by `make`, which is told the name to make it under and gives its id. `stand_in` is an image that is
/// sure to stay meanwhile, as one that a container was started from: taking the name away is faster with it. `late` is
/// what becomes of a call that is cut off.
///
/// # Errors
/// What `make` gives, or what the engine says when the name is taken away; then no image is left.
pub async fn make_image<F: Future<Output = Answer<String>>>(
    engine: &dyn ContainerEngine,
    cx: &RunCx,
    stand_in: Option<&str>,
    late: Late,
    make: impl FnOnce(String) -> F,
) -> Answer<PendingImage> {
    let name = format!("{}:pending", unique_name(cx));
    let named = cx.begin(undo::image_entry(engine, &name));
    let made = match make(name.clone()).await {
        Ok(id) => {
            let entry = cx.begin(undo::image_entry(engine, &id));
            // The name is about to move: after a kill it may be there once more when it has been removed already, so
            // it is looked for twice.
            let moving = cx.begin(undo::image_entry(engine, &name));
            match release(engine, &name, stand_in).await {
                Ok(()) => {
                    moving.gone();
                    Ok(PendingImage { id, entry })
                }
                Err(trouble) => {
                    drop(entry);
                    Err(trouble)
                }
            }
        }
        Err(trouble) => Err(trouble),
    };
    let remove = async || match engine.remove_image(&name).await {
        Ok(_) | Err(Trouble::Refused { .. }) => Ok(true),
        Err(trouble) => Err(anyhow::Error::from(trouble)),
    };
    let is_gone = match &made {
        Ok(_) => true,
        Err(Trouble::Refused { .. }) => until_back(engine, cx, remove).await.unwrap_or(false),
        Err(Trouble::Unreachable(_)) => {
            until_back(engine, cx, || remove_late(engine, &name, late)).await.unwrap_or(false)
        }
    };
    // Otherwise `packer cleanup` looks again.
    if is_gone {
        named.gone();
    }
    made
}

/// Removes the image `name`, which an engine may still be making; whether none will come any more.
///
/// # Errors
/// When the engine cannot be reached, or does not let go of it.
async fn remove_late(engine: &dyn ContainerEngine, name: &str, late: Late) -> Result<bool> {
    let began = tokio::time::Instant::now();
    loop {
        match engine.remove_image(name).await {
            Ok(true) => return Ok(true),
            Ok(false) if began.elapsed() >= STILL_COMES => return Ok(late == Late::GivesUp),
            Ok(false) => tokio::time::sleep(LOOK_EVERY).await,
            Err(trouble) => return Err(trouble.into()),
        }
    }
}

/// Takes the name away from its image.
async fn release(engine: &dyn ContainerEngine, name: &str, stand_in: Option<&str>) -> Answer<()> {
    if let Some(stand_in) = stand_in
        && let Ok(facts) = engine.inspect_image(stand_in).await
        && facts.tags.iter().any(|tag| tag != name && !tag.contains("<none>"))
    {
        engine.tag(stand_in, name).await?;
        return engine.remove_image(name).await.map(|_| ());
    }
    let (sender, empty) = tokio::sync::mpsc::channel(1);
    // Two blocks of zeros end a tar; before them stands nothing.
    let _ = sender.send(Ok(bytes::Bytes::from_static(&[0; 1024]))).await;
    drop(sender);
    engine.import(empty, &ImportImage { name: name.to_owned(), ..ImportImage::default() }).await?;
    engine.remove_image(name).await.map(|_| ())
}
