//! `packer inspect`: what a template is made of, for people.
//!
//! Runs nothing but data sources. What programs read is made in `document`.

mod document;

use std::fmt::Write;

pub use document::{Document, schema};

use super::findings::pretty;
use super::templates::{self, Looked, open_to_look};
use super::{Session, exit, legacy};
use crate::cli;
use crate::template::{BuildLook, Look, StepLook};
use crate::value::Members;
use crate::value::console::render;
use crate::value::show::quote;

/// Shows the template; only what cannot be read at all is an error (INS-1).
pub fn run(args: &cli::Inspect, session: &Session) -> u8 {
    let read = match open_to_look(&args.look, session) {
        Some(Looked::Hcl(template)) => Some(template),
        Some(Looked::Json(template)) if args.json => {
            session.print(&pretty(&Document::of_legacy(&template, session)));
            return exit::OK;
        }
        Some(Looked::Json(template)) => return legacy::inspect(&template, session),
        None => None,
    };
    let Some((template, look)) = read.and_then(|template| {
        let look = templates::look(&template, &args.look, session)?;
        Some((template, look))
    }) else {
        if args.json {
            session.print(&pretty(&Document::unreadable(session)));
        }
        return exit::FAILURE;
    };
    if args.json {
        session.print(&pretty(&Document::of_hcl(&template.outline(), &look, session)));
        return exit::OK;
    }
    session.ui.say("Packer Inspect: HCL2 mode\n");
    session.ui.say(values(&look));
    session.ui.say(builds(look.builds.iter().filter(|build| !build.is_broken)));
    exit::OK
}

/// Returns the values of variables and locals, sorted by name (INS-2, INS-3, CON-8).
pub fn values(look: &Look) -> String {
    let mut text = String::new();
    let mut section = |heading: &str, prefix: &str, members: &Members| {
        text += heading;
        for (name, value) in members {
            let _ = writeln!(text, "{prefix}.{name}: {}", quote(&render(value)));
        }
    };
    section("> input-variables:\n\n", "var", look.variables());
    section("\n> local-variables:\n\n", "local", look.locals());
    text
}

/// Returns the builds (INS-2, INS-5, INS-6).
fn builds<'a>(builds: impl Iterator<Item = &'a BuildLook>) -> String {
    let mut text = "> builds:\n".to_owned();
    for (index, build) in builds.enumerate() {
        let name = if build.name.is_empty() { format!("<unnamed build {index}>") } else { build.name.to_string() };
        let _ = write!(text, "\n  > {name}:\n\n");
        if !build.description.is_empty() {
            let _ = write!(text, "  > Description: {}\n\n", build.description);
        }
        text += "    sources:\n\n";
        match &build.sources[..] {
            [] => text += "      <no source>\n\n",
            sources => sources.iter().for_each(|one| text += &format!("      {}.{}\n\n", one.kind, one.local_name)),
        }
        text += "    provisioners:\n\n";
        match &build.provisioners[..] {
            [] => text += "      <no provisioner>\n",
            steps => steps.iter().for_each(|step| text += &format!("      {}\n", called(step))),
        }
        text += "\n    post-processors:\n\n";
        if build.chains.is_empty() {
            text += "      <no post-processor>\n";
        }
        for (index, chain) in build.chains.iter().enumerate() {
            let _ = writeln!(text, "{}      {index}:", if index == 0 { "" } else { "\n" });
            chain.iter().for_each(|step| text += &format!("        {}\n", called(step)));
        }
    }
    text
}

/// Returns the type of a step, and its name behind it if it has one.
fn called(step: &StepLook) -> String {
    step.name.as_ref().map_or_else(|| step.kind.to_string(), |name| format!("{}.{name}", step.kind))
}
