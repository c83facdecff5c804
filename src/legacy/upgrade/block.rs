//! Blocks as text: options of JSON with the shape that HCL2 wants, every text translated, or none of them.
//!
//! Knows no component: which option is a block is guessed from its value (UPG-24). Indents nothing; the formatter does.

use super::actions::Fault;
use super::text::{Text, escape};
use super::translate::{Place, Translator, is_known};
use super::{calls, faults};
use crate::syntax::json::{Kind, Member, Node};
use crate::value::show::quote;

/// Options that are blocks whatever is in them.
const ALWAYS_BLOCKS: [&str; 3] = ["linux_options", "network_interface", "shared_image_gallery"];

/// An option, and how it is written.
#[derive(Clone, Debug)]
pub enum Setting<'n> {
    /// By the shape of its value.
    Shaped(&'n Node),
    /// A text, in quotes.
    Text(String),
    /// Texts in a list; none is translated.
    Names(Vec<String>),
    /// HCL, as it is.
    Raw(String),
    /// What single builds do otherwise: by label of the source.
    Overrides(Vec<(String, &'n [Member])>),
}

/// Writes one block.
pub struct Writer<'t> {
    text: String,
    /// `None`: texts stay as they are.
    translator: Option<&'t mut Translator>,
    place: Place,
    unhandled: Vec<&'static str>,
    fault: Option<(usize, Fault)>,
}

impl Translator {
    /// Returns what `write` writes, with its texts translated, and comments before it about what could not be. Where a
    /// text cannot be taken apart, nothing is translated (UPG-16).
    pub fn block(&mut self, place: Place, write: &dyn Fn(&mut Writer)) -> String {
        let mark = self.mark();
        let mut writer =
            Writer { text: String::new(), translator: Some(self), place, unhandled: Vec::new(), fault: None };
        write(&mut writer);
        let Writer { text, unhandled, fault, .. } = writer;
        let Some((line, fault)) = fault else { return commented(&unhandled, text) };
        self.go_back(&mark);
        let text = untranslated(write);
        format!("\n# {}\n{text}", reason(&text, place, line, &fault))
    }
}

/// Returns what `write` writes, with its texts as they are.
pub fn untranslated(write: &dyn Fn(&mut Writer)) -> String {
    let mut writer =
        Writer { text: String::new(), translator: None, place: Place::Block, unhandled: Vec::new(), fault: None };
    write(&mut writer);
    writer.text
}

/// Returns why nothing of the block `text` was translated: it was `fault`, in its line `line`.
fn reason(text: &str, place: Place, line: usize, fault: &Fault) -> String {
    match fault {
        Fault::Statement(word) => {
            format!("unhandled {{{{ {word} }}}} in the following block: nothing of it was translated, do it by hand.")
        }
        Fault::Syntax(message) => {
            // The reference takes a whole block for one template: what is open at the end of one text goes on in the next.
            let found = faults::of_block(text, &|name| is_known(name, place));
            let error = found.unwrap_or_else(|| format!("template: {}:{line}: {message}", faults::NAME));
            format!("could not parse template for following block: {}", quote(&error))
        }
    }
}

fn commented(unhandled: &[&'static str], text: String) -> String {
    let advices: Vec<String> = unhandled.iter().map(|name| format!("# {}", calls::advice(name))).collect();
    match &advices[..] {
        [] => text,
        [advice] => format!("\n# 1 error occurred upgrading the following block:\n{advice}\n{text}"),
        advices => {
            // A block without a blank line before it would stand in the comment.
            let end = if text.starts_with('\n') { "" } else { "\n" };
            let all = advices.join("\n\n");
            format!("\n# {} errors occurred upgrading the following block:\n{all}{end}{text}", advices.len())
        }
    }
}

impl Writer<'_> {
    /// Writes an empty line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Opens a block.
    pub fn open(&mut self, kind: &str, labels: &[&str]) {
        self.text.push_str(kind);
        for label in labels {
            self.text.push_str(" \"");
            escape(label, &mut self.text);
            self.text.push('"');
        }
        self.text.push_str(" {\n");
    }

    /// Closes the block.
    pub fn close(&mut self) {
        self.text.push_str("}\n");
    }

    /// Writes an attribute of HCL.
    pub fn raw(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        self.text.push_str(" = ");
        self.text.push_str(value);
        self.text.push('\n');
    }

    /// Writes an attribute with a text, translated.
    pub fn text(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        self.text.push_str(" = ");
        self.quoted(value);
        self.text.push('\n');
    }

    /// Writes options in the order of their names.
    pub fn settings<'n>(&mut self, settings: impl IntoIterator<Item = (&'n str, Setting<'n>)>) {
        let mut settings: Vec<_> = settings.into_iter().collect();
        settings.sort_by_key(|(name, _)| *name);
        for (name, setting) in settings {
            if !is_identifier(name) {
                self.text += &format!("# {} is no name that an argument can have, and was left out.\n", quote(name));
                continue;
            }
            match setting {
                Setting::Shaped(node) => self.shaped(name, node),
                Setting::Text(text) => self.text(name, &text),
                Setting::Names(names) => self.raw(name, &list(&names)),
                Setting::Raw(value) => self.raw(name, &value),
                Setting::Overrides(overrides) => self.overrides(name, &overrides),
            }
        }
    }

    fn members(&mut self, members: &[Member]) {
        self.settings(members.iter().map(|member| (member.name.as_str(), Setting::Shaped(&member.value))));
    }

    /// Writes an option as the attribute, the block or the blocks that it looks like.
    fn shaped(&mut self, name: &str, node: &Node) {
        match &node.kind {
            Kind::Object(members) if is_block(name, members) && can_be_block(members) => {
                self.open(name, &[]);
                self.members(members);
                self.close();
            }
            Kind::Array(items) if items.is_empty() => {}
            Kind::Array(items)
                if items.iter().all(|item| matches!(&item.kind, Kind::Object(members) if can_be_block(members))) =>
            {
                for item in items {
                    if let Kind::Object(members) = &item.kind {
                        self.open(name, &[]);
                        self.members(members);
                        self.close();
                    }
                }
            }
            _ => {
                self.text.push_str(name);
                self.text.push_str(" = ");
                self.value(node);
                self.text.push('\n');
            }
        }
    }

    fn overrides(&mut self, name: &str, overrides: &[(String, &[Member])]) {
        let place = std::mem::replace(&mut self.place, Place::Override);
        self.text.push_str(name);
        self.text.push_str(" = {\n");
        for (label, options) in overrides {
            self.key(label);
            self.object(options);
            self.text.push('\n');
        }
        self.text.push_str("}\n");
        self.place = place;
    }

    fn value(&mut self, node: &Node) {
        match &node.kind {
            Kind::Null | Kind::Invalid => self.text.push_str("null"),
            Kind::Bool(value) => self.text.push_str(if *value { "true" } else { "false" }),
            Kind::Number(written) => self.text.push_str(&number(written)),
            Kind::Text(text) => self.quoted(text),
            Kind::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.text.push_str(", ");
                    }
                    self.value(item);
                }
                self.text.push(']');
            }
            Kind::Object(members) => self.object(members),
        }
    }

    fn object(&mut self, members: &[Member]) {
        if members.is_empty() {
            self.text.push_str("{}");
            return;
        }
        let mut sorted: Vec<&Member> = members.iter().collect();
        sorted.sort_by(|a, b| a.name.cmp(&b.name));
        self.text.push_str("{\n");
        for member in sorted {
            self.key(&member.name);
            self.value(&member.value);
            self.text.push('\n');
        }
        self.text.push('}');
    }

    fn key(&mut self, name: &str) {
        if is_identifier(name) {
            self.text.push_str(name);
        } else {
            self.quoted(name);
        }
        self.text.push_str(" = ");
    }

    fn quoted(&mut self, text: &str) {
        let translated = match &mut self.translator {
            Some(translator) => translator.translate(text, self.place, &mut self.unhandled),
            None => Ok(Text::literal(text)),
        };
        match translated {
            Ok(text) => text.write(&mut self.text),
            Err(fault) => {
                let line = 1 + self.text.matches('\n').count();
                self.fault.get_or_insert((line, fault));
                self.text.push_str("\"\"");
            }
        }
    }
}

/// Whether an object is a block: one that holds more than plain values, or nothing (UPG-24).
fn is_block(name: &str, members: &[Member]) -> bool {
    let is_plain = |member: &Member| matches!(member.value.kind, Kind::Text(_) | Kind::Number(_) | Kind::Bool(_));
    let is_nested = |member: &Member| matches!(member.value.kind, Kind::Object(_) | Kind::Array(_));
    ALWAYS_BLOCKS.contains(&name) || !members.iter().any(is_plain) || members.iter().any(is_nested)
}

/// Whether the members of an object can be arguments; keys of an object may be any text.
fn can_be_block(members: &[Member]) -> bool {
    members.iter().all(|member| is_identifier(&member.name))
}

/// Returns a list of texts that mean what they say.
pub fn list(names: &[String]) -> String {
    let mut text = String::from("[");
    for (index, name) in names.iter().enumerate() {
        text.push_str(if index > 0 { ", \"" } else { "\"" });
        escape(name, &mut text);
        text.push('"');
    }
    text.push(']');
    text
}

/// Returns a number as the shortest digits of a float: that is what the old language makes of it.
fn number(written: &str) -> String {
    match written.parse::<f64>() {
        Ok(value) if value.is_finite() => value.to_string(),
        _ => written.to_owned(),
    }
}

/// Whether HCL2 takes `name` for a name.
pub fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    let is_first = |letter: char| unicode_ident::is_xid_start(letter) || letter == '_';
    letters.next().is_some_and(is_first)
        && letters.all(|letter| unicode_ident::is_xid_continue(letter) || letter == '-')
}

/// Returns `name` if HCL2 takes it for a name, else one like it, which begins with `before` where no letter can.
pub fn identifier(name: &str, before: &str) -> String {
    if is_identifier(name) {
        return name.to_owned();
    }
    let letters = name.chars().map(|letter| if letter == '-' || letter.is_alphanumeric() { letter } else { ' ' });
    let words: String = letters.collect();
    let name = words.split_whitespace().collect::<Vec<_>>().join("_");
    if is_identifier(&name) { name } else { format!("{before}_{name}") }
}
