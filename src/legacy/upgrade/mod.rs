//! A JSON template as an HCL2 template: text that people would have written.
//!
//! Evaluates nothing, asks no component, writes no file.

mod actions;
mod amazon;
mod annotations;
mod block;
mod build;
mod calls;
mod compare;
mod faults;
mod initial;
mod packer_block;
mod sources;
#[cfg(test)]
mod tests;
mod text;
mod translate;
mod variables;

use super::Template;
use crate::syntax;
use amazon::Images;
use sources::Sources;
use translate::Translator;

pub use compare::Comparison;
pub use initial::problem;
pub use variables::name as variable_name;

/// Whether the new template explains itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Annotations {
    /// It does not.
    None,
    /// Every section has a comment.
    Sections,
}

/// A template in HCL2, and what was noticed when it was made.
#[derive(Debug)]
pub struct Upgraded {
    /// Its text, laid out.
    pub text: String,
    /// Types of builders of which nothing is known, by type and name of the builder (UPG-3).
    pub unknown_builders: Vec<String>,
    /// Names of builders as they are written, and of the builds that are made of them.
    pub names: Vec<(String, String)>,
    /// Names of the variables.
    pub variables: Vec<String>,
    /// Variables that became locals: nobody can set them from outside any more.
    pub locals: Vec<String>,
    /// Names of the builders whose image filter is no object, and stays as it is.
    pub bad_filters: Vec<String>,
}

/// Translates `template`, whose text is `file`; `is_builder` tells which builders there are beside those of plugins.
///
/// # Source
/// UPG-4 … UPG-24.
pub fn upgrade(
    template: &Template,
    file: &str,
    annotations: Annotations,
    is_builder: &dyn Fn(&str) -> bool,
) -> Upgraded {
    let mut translator = Translator::default();
    let variables = variables::of(template, file, &mut translator);
    let sources = Sources::of(template);
    let mut images = Images::default();
    let source_blocks = sources.text(&mut images, &mut translator);
    let build = build::text(template, &sources, &mut translator);

    let mut whole = Whole { text: String::new(), annotations };
    whole.note(annotations::FILE);
    whole.section(annotations::PACKER, &packer_block::text(template));
    whole.section(annotations::VARIABLES, &variables.variables);
    whole.section(annotations::SECRETS, &amazon::secrets(&translator));
    whole.section(annotations::IMAGES, &images.text());
    if translator.used.timestamp {
        whole.text.push('\n');
        whole.note(annotations::TIMESTAMP);
        whole.text += "locals { timestamp = regex_replace(timestamp(), \"[- TZ:]\", \"\") }\n";
    }
    for (is_used, function) in [(translator.used.isotime, "isotime"), (translator.used.strftime, "strftime")] {
        if is_used {
            whole.text += &format!(
                "# The \"legacy_{function}\" function takes the layouts of JSON templates; in HCL2, formatdate(…, \
                 timestamp()) does the same.\n"
            );
        }
    }
    whole.section(annotations::LOCALS, &variables.locals);
    whole.section(annotations::SOURCES, &source_blocks);
    match annotations {
        Annotations::None if !build.is_empty() => whole.text.push('\n'),
        _ => {}
    }
    whole.section(annotations::BUILD, &build);

    let is_unknown = |kind: &str| !is_builder(kind) && packer_block::plugin_of(kind).is_none();
    let kinds = sources.all.iter().map(|source| &source.builder.kind.text);
    let bad_filters = sources.all.iter().map(|source| source.builder).filter(|builder| amazon::has_bad_filter(builder));
    let names = sources.all.iter().map(|source| (source.builder.raw_name().to_owned(), source.full_name())).collect();
    let mut locals: Vec<String> = translator.locals.iter().cloned().collect();
    locals.sort_unstable();
    Upgraded {
        names,
        locals,
        variables: variables.names,
        text: syntax::format(&whole.text),
        unknown_builders: kinds.filter(|kind| is_unknown(kind)).cloned().collect(),
        bad_filters: bad_filters.map(|builder| builder.raw_name().to_owned()).collect(),
    }
}

/// The text that grows.
struct Whole {
    text: String,
    annotations: Annotations,
}

impl Whole {
    /// Adds a comment, where comments are wanted.
    fn note(&mut self, note: &str) {
        if self.annotations == Annotations::Sections {
            self.text += note;
        }
    }

    /// Adds a section with its comment, if there is anything in it.
    fn section(&mut self, note: &str, section: &str) {
        if !section.is_empty() {
            self.note(note);
            self.text += section;
        }
    }
}
