//! Names given to images: written down before, taken back when the run is killed or what needed them fails.
//!
//! Knows no post-processor; the lines are those that all of them say.

use super::{Answer, ContainerEngine, Trouble, undo, until_back};
use crate::component::{Result, RunCx};

/// A name that an image was given.
pub struct GivenName {
    name: String,
    /// The image's id.
    image: String,
    /// The id of the image that had the name before, or nothing.
    before: String,
}

impl GivenName {
    /// Takes the name away again; it goes back to the image that had it before.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn take_back(self, engine: &dyn ContainerEngine) -> Result<bool> {
        undo::undo_name(engine, &self.name, &self.image, &self.before).await
    }
}

/// Returns `repository` with every tag, or alone without any.
pub fn names(repository: &str, tags: &[String]) -> Vec<String> {
    match tags {
        [] => vec![repository.to_owned()],
        tags => tags.iter().map(|tag| format!("{repository}:{tag}")).collect(),
    }
}

/// Gives `image` the `names`, and says so. What was given is noted in `given`, also when a later one fails.
///
/// # Errors
/// What the engine says about one of them.
///
/// # Source
/// PP-docker-2
pub async fn give_names(
    engine: &dyn ContainerEngine,
    cx: &RunCx,
    image: &str,
    names: &[String],
    given: &mut Vec<GivenName>,
) -> Result<()> {
    for name in names {
        cx.say(format!("Tagging image: {image}"));
        cx.say(format!("Repository: {name}"));
        let named = name_image(engine, cx, image, name).await;
        given.extend(named.map_err(|trouble| trouble.told("Error tagging image"))?);
    }
    Ok(())
}

/// Gives `image` a name; nothing when it had it. Should the run be killed before the build is over, the name goes back
/// to the image that had it before, if any.
///
/// # Errors
/// What the engine says; when the run is interrupted meanwhile, that.
pub async fn name_image(
    engine: &dyn ContainerEngine,
    cx: &RunCx,
    image: &str,
    name: &str,
) -> Answer<Option<GivenName>> {
    let interrupted = || Trouble::Unreachable("interrupted".to_owned());
    let found = cx.cancel.run_until_cancelled(engine.inspect_image(image)).await.ok_or_else(interrupted)?;
    let Ok(facts) = found else {
        // Why it cannot be named the engine says best itself.
        return engine.tag(image, name).await.map(|()| None);
    };
    let before = match cx.cancel.run_until_cancelled(engine.inspect_image(name)).await.ok_or_else(interrupted)? {
        Ok(facts) => facts.id,
        Err(Trouble::Refused { .. }) => String::new(),
        Err(trouble) => return Err(trouble),
    };
    if before == facts.id {
        return Ok(None);
    }
    let given = GivenName { name: name.to_owned(), image: facts.id, before };
    let entry = cx.begin(undo::name_entry(engine, name, &given.image, &given.before));
    match cx.cancel.run_until_cancelled(engine.tag(image, name)).await {
        Some(Ok(())) => {
            cx.hand_over(entry);
            return Ok(Some(given));
        }
        Some(Err(trouble)) => {
            if let Trouble::Refused { .. } = trouble {
                entry.gone();
            }
            return Err(trouble);
        }
        None => {}
    }
    let take_back = || undo::undo_name(engine, name, &given.image, &given.before);
    if until_back(engine, cx, take_back).await.is_ok() {
        entry.gone();
    }
    Err(interrupted())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_without_tags_is_the_name() {
        assert_eq!(names("r", &[]), ["r"]);
        assert_eq!(names("r", &["a".to_owned(), "b".to_owned()]), ["r:a", "r:b"]);
    }
}
