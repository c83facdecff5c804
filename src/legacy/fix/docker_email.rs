//! `docker-email`: an option that Docker has no use for.
//!
//! Does not look at types: nothing else ever had an option of this name.

use super::parts::{Parts, Problems};

/// Drops `login_email`, in a template that has post-processors (FIX-23).
pub fn fix(parts: &mut Parts, _: &mut Problems) {
    if !parts.has_post_processors() {
        return;
    }
    for builder in parts.builders() {
        builder.remove("login_email");
    }
    for post_processor in parts.post_processors() {
        post_processor.remove("login_email");
    }
}
