//! Undoes what a killed run left in an engine: containers and images by the names in the journal.
//!
//! Knows no builder. Undoing twice, or what was never made, is fine.

use super::{ContainerEngine, Trouble, reconnect};
use crate::component::Result;
use crate::host::Host;
use crate::journal::Undo;

/// The kind of a journalled container.
pub const CONTAINER: &str = "docker-container";
/// The kind of a journalled image.
pub const IMAGE: &str = "docker-image";

/// Returns the undo of a container that is about to be made under `name`.
pub fn container_entry(engine: &dyn ContainerEngine, name: &str) -> Undo {
    Undo::new(CONTAINER, facts(engine, "container", name))
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

/// Undoes one journalled container or image.
///
/// # Errors
/// When the engine cannot be reached, or does not let go of it.
pub async fn undo(undo: &Undo, host: &Host) -> Result<()> {
    let engine = reconnect(undo.fact("program"), undo.fact("address"), host).await?;
    match &*undo.kind {
        CONTAINER => undo_container(&*engine, undo.fact("container")).await,
        IMAGE => undo_image(&*engine, undo.fact("image")).await,
        other => anyhow::bail!("cannot undo {other:?}: no container engine makes that"),
    }
}

/// Removes a container, running or not.
///
/// # Errors
/// When the engine does not let go of it.
pub async fn undo_container(engine: &dyn ContainerEngine, name: &str) -> Result<()> {
    engine
        .remove_container(name)
        .await
        .map_err(|trouble| trouble.told(&format!("cannot remove the container {name:?}")))?;
    Ok(())
}

/// Removes an image by its name, or by its id as long as nobody has given it a name: then it is the user's.
///
/// # Errors
/// When the engine does not let go of it, as while a container uses it.
pub async fn undo_image(engine: &dyn ContainerEngine, image: &str) -> Result<()> {
    let is_id = image.starts_with("sha256:");
    match engine.inspect_image(image).await {
        Ok(facts) if is_id && !facts.tags.is_empty() => return Ok(()),
        Ok(_) => {}
        Err(Trouble::Refused { .. }) => return Ok(()),
        Err(trouble) => return Err(trouble.told(&format!("cannot look for the image {image:?}"))),
    }
    engine.remove_image(image).await.map_err(|trouble| trouble.told(&format!("cannot remove the image {image:?}")))?;
    Ok(())
}
