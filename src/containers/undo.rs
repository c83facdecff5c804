//! Undoes what a killed run left in an engine: containers, images and their names.
//!
//! Knows no builder. Undoing twice, or what was never made, is fine.

use std::path::Path;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{ContainerEngine, Trouble, reconnect, unless_silent};
use crate::component::Result;
use crate::host::Host;
use crate::journal::Undo;

/// The kind of a journalled container.
pub const CONTAINER: &str = "docker-container";
/// The kind of a journalled image.
pub const IMAGE: &str = "docker-image";
/// The kind of a journalled name of an image.
pub const NAME: &str = "docker-name";
/// The kind of an image that a build makes of a container.
pub const LAYER: &str = "docker-layer";

/// How long an engine may take to notice that nobody waits for a build any more.
const LETTING_GO_TAKES: Duration = Duration::from_secs(1);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// How long an engine that is making an image of a container is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// By a run that people wait for: what takes longer stays in its journal.
    Short,
    /// By `packer cleanup`.
    Long,
}

impl Patience {
    fn time(self) -> Duration {
        match self {
            Patience::Short => Duration::from_millis(500),
            Patience::Long => Duration::from_secs(60),
        }
    }
}

/// Returns the undo of a container that is about to be made under `name`.
pub fn container_entry(engine: &dyn ContainerEngine, name: &str) -> Undo {
    Undo::new(CONTAINER, facts(engine, "container", name))
}

/// As [`container_entry`] for a name that the user gave, which another container may get first: ours is the one that
/// shares the folder `shared`.
pub fn sharing_entry(engine: &dyn ContainerEngine, name: &str, shared: &Path) -> Undo {
    let mut facts = facts(engine, "container", name);
    facts.push(("shares", shared.display().to_string()));
    Undo::new(CONTAINER, facts)
}

/// Returns the undo of an image, by its name or id.
pub fn image_entry(engine: &dyn ContainerEngine, image: &str) -> Undo {
    Undo::new(IMAGE, facts(engine, "image", image))
}

fn facts(engine: &dyn ContainerEngine, key: &'static str, name: &str) -> Vec<(&'static str, String)> {
    let mut facts = engine.facts();
    facts.push((key, name.to_owned()));
    facts
}

/// Returns the undo of giving the name `name` to the image `image` (its id); `before` is the id of the image that has
/// the name now, or empty.
pub fn name_entry(engine: &dyn ContainerEngine, name: &str, image: &str, before: &str) -> Undo {
    let mut facts = facts(engine, "name", name);
    facts.extend([("image", image.to_owned()), ("before", before.to_owned())]);
    Undo::new(NAME, facts)
}

/// Returns the undo of the image that a build makes of `container`.
pub fn layer_entry(engine: &dyn ContainerEngine, container: &str) -> Undo {
    Undo::new(LAYER, facts(engine, "container", container))
}

/// Undoes one journalled container, image or name; returns whether it was there. An engine may still be at work on
/// what a killed run asked for last, so what is not there may be there a moment later.
///
/// # Errors
/// When the engine cannot be reached, or does not let go of it.
pub async fn undo(undo: &Undo, host: &Host) -> Result<bool> {
    let engine = reconnect(undo, host).await?;
    match unless_silent(&*engine, &CancellationToken::new(), undo_by(&*engine, undo, Patience::Long)).await {
        Some(undone) => undone,
        None => anyhow::bail!("the container engine does not answer"),
    }
}

/// As [`undo`], by an engine that is at hand.
///
/// # Errors
/// When the engine does not let go of it, or makes an image of it for longer than `patience`.
pub async fn undo_by(engine: &dyn ContainerEngine, undo: &Undo, patience: Patience) -> Result<bool> {
    match &*undo.kind {
        CONTAINER if !undo.fact("shares").is_empty() => {
            undo_sharing(engine, undo.fact("container"), undo.fact("shares"), patience).await
        }
        CONTAINER => undo_container(engine, undo.fact("container"), patience).await,
        IMAGE => undo_image(engine, undo.fact("image")).await,
        LAYER => undo_layer(engine, undo.fact("container"), patience).await,
        NAME => undo_name(engine, undo.fact("name"), undo.fact("image"), undo.fact("before")).await,
        other => anyhow::bail!("cannot undo {other:?}: no container engine makes that"),
    }
}

/// Removes a container, running or not; returns whether it was there. One that an image is being made of is paused: as
/// long as `patience` lasts its end is waited for, because only then the image can be found and removed.
///
/// # Errors
/// When the engine does not let go of it, or still makes an image of it.
async fn undo_container(engine: &dyn ContainerEngine, name: &str, patience: Patience) -> Result<bool> {
    let began = tokio::time::Instant::now();
    while matches!(engine.inspect_container(name).await, Ok(facts) if facts.paused) {
        if began.elapsed() < patience.time() {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        match patience {
            Patience::Short => anyhow::bail!(
                "cannot remove the container {name:?} yet: the engine is still making an image of it; \
                 `packer cleanup` removes both"
            ),
            Patience::Long => break,
        }
    }
    let removed = engine.remove_container(name).await;
    removed.map_err(|trouble| trouble.told(&format!("cannot remove the container {name:?}")))
}

/// Removes the container called `name` if it shares the folder `shared` with this machine; another that has the name is
/// left alone. Returns whether it was there.
///
/// # Errors
/// When the engine does not let go of it.
async fn undo_sharing(engine: &dyn ContainerEngine, name: &str, shared: &str, patience: Patience) -> Result<bool> {
    match engine.inspect_container(name).await {
        Ok(facts)
            if facts.binds.iter().any(|bind| bind.strip_prefix(shared).is_some_and(|rest| rest.starts_with(':'))) =>
        {
            undo_container(engine, &facts.id, patience).await
        }
        Ok(_) | Err(Trouble::Refused { .. }) => Ok(false),
        Err(trouble) => Err(trouble.told(&format!("cannot look at the container {name:?}"))),
    }
}

/// Removes the container of a build that was cut off, and the image that was made of it; returns whether there was one.
///
/// An engine removes such a container itself: at once when its instruction still runs, else when the image is made.
/// Nothing else tells that none will come any more, so its going is waited for. Only one whose engine was ended
/// meanwhile stays.
async fn undo_layer(engine: &dyn ContainerEngine, container: &str, patience: Patience) -> Result<bool> {
    let began = tokio::time::Instant::now();
    while engine.inspect_container(container).await.is_ok() {
        if began.elapsed() >= patience.time() {
            if patience == Patience::Short {
                anyhow::bail!(
                    "cannot remove the container {container:?} yet: the engine is still making an image of it; \
                     `packer cleanup` removes both"
                );
            }
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    undo_container(engine, container, patience).await?;
    let made = engine.image_made_of(container).await;
    match made.map_err(|trouble| trouble.told("cannot look for images without a name"))? {
        Some(image) => undo_image(engine, &image).await,
        None => Ok(false),
    }
}

/// Removes an image by its name, or by its id as long as nobody has given it a name or built on it: then it is the
/// user's. Returns whether it was there.
///
/// # Errors
/// When the engine does not let go of it, as while a container uses it.
pub async fn undo_image(engine: &dyn ContainerEngine, image: &str) -> Result<bool> {
    if is_id(image)
        && let Ok(facts) = engine.inspect_image(image).await
        && !facts.tags.is_empty()
    {
        return Ok(true);
    }
    let mut patience = LETTING_GO_TAKES;
    loop {
        match engine.remove_image(image).await {
            Err(Trouble::Refused { words, .. }) if words.contains("has dependent child images") => return Ok(true),
            // A build that was cut off has a container for its next instruction until the engine notices.
            Err(Trouble::Refused { words, .. }) if words.contains("is being used by") && !patience.is_zero() => {
                tokio::time::sleep(PAUSE).await;
                patience = patience.saturating_sub(PAUSE);
            }
            removed => return removed.map_err(|trouble| trouble.told(&format!("cannot remove the image {image:?}"))),
        }
    }
}

/// Whether this is an id; podman's say no algorithm.
fn is_id(image: &str) -> bool {
    image.starts_with("sha256:") || image.len() == 64 && image.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Takes the name `name` away from the image with the id `image`, and gives it back to `before` if that has an id and
/// is still there. Returns whether the image had it; a name that has gone to another one is left alone.
///
/// # Errors
/// When the engine refuses.
pub async fn undo_name(engine: &dyn ContainerEngine, name: &str, image: &str, before: &str) -> Result<bool> {
    let failed = |trouble: Trouble| trouble.told(&format!("cannot take the name {name:?} away"));
    match engine.inspect_image(name).await {
        Ok(facts) if facts.id != image => Ok(facts.id != before),
        Ok(_) if !before.is_empty() && engine.inspect_image(before).await.is_ok() => {
            engine.tag(before, name).await.map(|()| true).map_err(failed)
        }
        _ => engine.remove_image(name).await.map_err(failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_known_with_and_without_their_algorithm() {
        assert!(is_id("sha256:12") && is_id(&"a1".repeat(32)));
        assert!(!is_id("repository:tag") && !is_id("a1") && !is_id(&"xy".repeat(32)));
    }
}
