//! Provisioners and post-processors to the one `build` block.
//!
//! Names builds as HCL2 does, where the old language named builders.

use super::block::{Setting, Writer, list};
use super::sources::Sources;
use super::text::escape;
use super::translate::{Place, Translator};
use crate::component::duration;
use crate::legacy::{PostProcessor, Provisioner, Template, Text};

/// Whether `only` and `except` count for a provisioner.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// They name builders, and are translated.
    OfBuilders,
    /// They mean nothing in the old language, and are written as they are.
    AsWritten,
}

/// Returns the `build` block; nothing without a builder.
pub fn text(template: &Template, sources: &Sources, translator: &mut Translator) -> String {
    if sources.all.is_empty() {
        return String::new();
    }
    let mut text = "build {\n".to_owned();
    if let Some(description) = template.description.as_ref().filter(|description| !description.text.is_empty()) {
        text += "description = \"";
        escape(&description.text, &mut text);
        text += "\"\n\n";
    }
    let names: Vec<String> = sources.all.iter().map(|source| format!("source.{}", source.full_name())).collect();
    text += &format!("sources = {}\n\n", list(&names));
    for provisioner in &template.provisioners {
        text += &translator.block(Place::Block, &|writer| {
            step(writer, "provisioner", provisioner, sources, Names::OfBuilders);
        });
    }
    if let Some(clean_up) = &template.clean_up {
        text += &translator.block(Place::Block, &|writer| {
            step(writer, "error-cleanup-provisioner", clean_up, sources, Names::AsWritten);
        });
    }
    for chain in template.chains.iter().filter(|chain| !chain.is_empty()) {
        text += &translator.block(Place::Block, &|writer| {
            if let [one] = &chain[..] {
                return post_processor(writer, one, sources);
            }
            writer.open("post-processors", &[]);
            chain.iter().for_each(|one| post_processor(writer, one, sources));
            writer.close();
        });
    }
    text + "}\n"
}

/// Writes a provisioner (UPG-21, UPG-23).
fn step(writer: &mut Writer, block: &str, provisioner: &Provisioner, sources: &Sources, names: Names) {
    let mut settings: Vec<(&str, Setting)> =
        provisioner.options.iter().map(|option| (option.name.as_str(), Setting::Shaped(&option.value))).collect();
    for (name, written) in [("only", &provisioner.only), ("except", &provisioner.except)] {
        if !written.is_empty() {
            settings.push((name, Setting::Names(builds(written, sources, names))));
        }
    }
    if let Some(retries) = &provisioner.max_retries {
        settings.push(("max_retries", Setting::Text(retries.text.clone())));
    }
    for (name, time) in [("timeout", provisioner.timeout), ("pause_before", provisioner.pause_before)] {
        if !time.is_zero() {
            settings.push((name, Setting::Text(duration::compact(time))));
        }
    }
    let overrides: Vec<_> = provisioner
        .overrides
        .iter()
        .map(|one| {
            let label = sources.named(&one.builder.text).map_or(&one.builder.text, |source| &source.label);
            (label.clone(), &one.options[..])
        })
        .collect();
    if !overrides.is_empty() {
        settings.push(("override", Setting::Overrides(overrides)));
    }
    writer.open(block, &[&provisioner.kind.text]);
    writer.settings(settings);
    writer.close();
    writer.blank();
}

/// Writes a post-processor (UPG-22).
fn post_processor(writer: &mut Writer, one: &PostProcessor, sources: &Sources) {
    writer.open("post-processor", &[&one.kind.text]);
    if let Some(keep) = one.keep_input_artifact {
        writer.raw("keep_input_artifact", if keep { "true" } else { "false" });
    }
    let mut settings: Vec<(&str, Setting)> =
        one.options.iter().map(|option| (option.name.as_str(), Setting::Shaped(&option.value))).collect();
    for (name, written) in [("only", &one.only), ("except", &one.except)] {
        if !written.is_empty() {
            settings.push((name, Setting::Names(builds(written, sources, Names::OfBuilders))));
        }
    }
    if let Some(name) = one.name.as_ref().filter(|name| name.text != one.kind.text) {
        settings.push(("name", Setting::Text(name.text.clone())));
    }
    writer.settings(settings);
    writer.close();
}

fn builds(written: &[Text], sources: &Sources, names: Names) -> Vec<String> {
    let build = |name: &Text| match sources.named(&name.text) {
        Some(source) if names == Names::OfBuilders => source.full_name(),
        _ => name.text.clone(),
    };
    written.iter().map(build).collect()
}
