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

use super::{Answer, ContainerEngine, ImportImage, Trouble, undo, until_back};
use crate::component::RunCx;
use crate::journal::Entry;

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
/// sure to stay meanwhile, as one that a container was started from: taking the name away is faster with it.
///
/// # Errors
/// What `make` gives, or what the engine says when the name is taken away; then no image is left.
pub async fn make_image<F: Future<Output = Answer<String>>>(
    engine: &dyn ContainerEngine,
    cx: &RunCx,
    stand_in: Option<&str>,
    make: impl FnOnce(String) -> F,
) -> Answer<PendingImage> {
    let name = format!("{}:pending", unique_name(cx));
    let named = cx.begin(undo::image_entry(engine, &name));
    let made = match make(name.clone()).await {
        Ok(id) => {
            let entry = cx.begin(undo::image_entry(engine, &id));
            match release(engine, &name, stand_in).await {
                Ok(()) => Ok(PendingImage { id, entry }),
                Err(trouble) => {
                    drop(entry);
                    Err(trouble)
                }
            }
        }
        Err(trouble) => Err(trouble),
    };
    let is_gone = async || match engine.remove_image(&name).await {
        Ok(_) | Err(Trouble::Refused { .. }) => Ok(()),
        Err(trouble) => Err(anyhow::Error::from(trouble)),
    };
    if made.is_ok() || until_back(engine, cx, is_gone).await.is_ok() {
        named.gone();
    }
    made
}

/// Gives `image` a name. Should the run be killed before the build is over, the name goes back to the image that had it
/// before, if any.
///
/// # Errors
/// What the engine says; when the run is interrupted meanwhile, that.
pub async fn name_image(engine: &dyn ContainerEngine, cx: &RunCx, image: &str, name: &str) -> Answer<()> {
    let Ok(facts) = engine.inspect_image(image).await else {
        // Why it cannot be named the engine says best itself.
        return engine.tag(image, name).await;
    };
    let before = match engine.inspect_image(name).await {
        Ok(facts) => facts.id,
        Err(Trouble::Refused { .. }) => String::new(),
        Err(trouble) => return Err(trouble),
    };
    if before == facts.id {
        return engine.tag(image, name).await;
    }
    let entry = cx.begin(undo::name_entry(engine, name, &facts.id, &before));
    match cx.cancel.run_until_cancelled(engine.tag(image, name)).await {
        Some(Ok(())) => {
            cx.hand_over(entry);
            return Ok(());
        }
        Some(Err(trouble)) => {
            if let Trouble::Refused { .. } = trouble {
                entry.gone();
            }
            return Err(trouble);
        }
        None => {}
    }
    if until_back(engine, cx, || undo::undo_name(engine, name, &facts.id, &before)).await.is_ok() {
        entry.gone();
    }
    Err(Trouble::Unreachable("interrupted".to_owned()))
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
