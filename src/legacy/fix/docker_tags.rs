//! `docker-tag-tags`: the tags of a `docker-tag` post-processor, in one list.
//!
//! Does not look into the texts: a tag may be a template.

use serde_json::Value;

use super::parts::{Parts, Problems};

/// Gathers `tag` and `tags`, which may be lists or texts with commas, each tag once (FIX-24).
pub fn fix(parts: &mut Parts, problems: &mut Problems) {
    for (path, post_processor) in parts.numbered_post_processors_of("docker-tag") {
        let mut all: Vec<Value> = Vec::new();
        for option in ["tag", "tags"] {
            let Some(tags) = post_processor.get(option).map(tags) else { continue };
            match tags {
                Some(tags) => tags.into_iter().for_each(|tag| {
                    if !all.contains(&tag) {
                        all.push(tag);
                    }
                }),
                None => {
                    let path = path.iter().cloned().chain([option.into()]);
                    problems.add(path, "Tags are texts: a list of them, or one text with commas between them.");
                }
            }
        }
        post_processor.remove("tag");
        post_processor.insert("tags".into(), Value::Array(all));
    }
}

/// Returns the tags that `value` holds; none for what is neither list nor text, `None` for a list of other things.
fn tags(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => items.iter().all(Value::is_string).then(|| items.clone()),
        Value::String(text) => Some(text.split(',').map(|tag| tag.trim().into()).collect()),
        _ => Some(Vec::new()),
    }
}
