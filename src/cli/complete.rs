//! What may stand at a place of a command line: commands, flags, values.
//!
//! Knows the definition of the words; names of a template and of files it asks somebody for.

use super::help::value_of;

/// What completion has to look up. Whatever cannot be found is left out in silence.
pub trait Names {
    /// Returns the names of the builds of the template at this path.
    fn builds(&self, template: &str) -> Vec<String>;
    /// Returns the names of its post-processors.
    fn post_processors(&self, template: &str) -> Vec<String>;
    /// Returns the names of its variables.
    fn variables(&self, template: &str) -> Vec<String>;
    /// Returns the codes that `packer explain` knows.
    fn codes(&self) -> Vec<String>;
    /// Returns the files that start with `start` and end with one of `endings`, and the folders that start so, with a
    /// slash.
    fn files(&self, start: &str, endings: &[&str]) -> Vec<String>;
}

/// A line around the word that is to be completed, without the program's name.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Line {
    /// The words in front of it.
    pub before: Vec<String>,
    /// The word, as far as it is typed.
    pub current: String,
    /// The words behind it.
    pub after: Vec<String>,
}

/// What could stand in place of the current word.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proposal {
    /// The whole word.
    pub text: String,
    /// What it is, in a few words; may be empty.
    pub about: String,
    /// Whether the word goes on: a flag that wants a value, a folder.
    pub is_open: bool,
}

/// Returns what could stand at the place, by name; nothing where the words make no sense.
pub fn proposals(program: &clap::Command, line: &Line, names: &dyn Names) -> Vec<Proposal> {
    let mut proposals = Place::find(program, line).map(|place| place.proposals(line, names)).unwrap_or_default();
    proposals.retain(|one| one.text.starts_with(&line.current));
    proposals.sort_unstable();
    proposals.dedup();
    proposals
}

/// Returns what the protocol of `COMP_LINE` answers to a line: commands, hidden ones too, and flags (CLI-94).
pub fn answers(program: &clap::Command, line: &str) -> Vec<String> {
    let ends_word = line.ends_with(char::is_whitespace);
    let mut words: Vec<&str> = line.split_whitespace().collect();
    // The program's own name is completed like any word, if it is all there is.
    let last = if ends_word { "" } else { words.pop().unwrap_or_default() };
    // Of a flag with a value only the value is completed, and nothing is known of values.
    let last = last.split_once('=').map_or(last, |(_, value)| value);
    let (mut command, mut path) = (program, 0);
    for word in words.into_iter().skip(1) {
        if let Some(inner) = command.find_subcommand(word) {
            (command, path) = (inner, path + 1);
        }
    }
    let mut found: Vec<String> = Vec::new();
    for inner in command.get_subcommands() {
        found.push(inner.get_name().to_owned());
        found.extend(inner.get_all_aliases().map(str::to_owned));
    }
    if last.starts_with('-') {
        let flags = command.get_arguments().filter(|flag| !flag.is_hide_set()).filter_map(clap::Arg::get_long);
        found.extend(flags.map(|flag| format!("-{flag}")));
        if path == 0 {
            let own = ["-autocomplete-install", "-autocomplete-uninstall", "-help", "-version"];
            found.extend(own.map(str::to_owned));
        }
    }
    found.retain(|one| one.starts_with(last));
    found.sort_unstable();
    found
}

/// Where the current word stands.
struct Place<'a> {
    command: &'a clap::Command,
    /// Names from the program down; empty in front of the command.
    path: Vec<&'a str>,
    /// The flag whose value the word is.
    value_of: Option<&'a clap::Arg>,
    /// Whether it may be a flag.
    takes_flags: bool,
    /// How many words that are no flags stand in front of it.
    words: usize,
    given: Vec<&'a str>,
}

impl<'a> Place<'a> {
    fn find(program: &'a clap::Command, line: &'a Line) -> Option<Place<'a>> {
        let mut place = Place {
            command: program,
            path: Vec::new(),
            value_of: None,
            takes_flags: true,
            words: 0,
            given: Vec::new(),
        };
        for word in line.before.iter().filter(|word| *word != "-machine-readable") {
            if place.value_of.take().is_some() {
                continue;
            }
            match flag_name(word) {
                Some(_) if !place.takes_flags => place.words += 1,
                Some("") => place.takes_flags = false,
                Some(flag) => place.flag(flag),
                None if place.command.has_subcommands() => {
                    place.command = place.command.find_subcommand(word)?;
                    place.path.push(place.command.get_name());
                }
                None => {
                    place.words += 1;
                    place.takes_flags = false;
                }
            }
        }
        Some(place)
    }

    /// Notes a flag that stands in front of the word.
    fn flag(&mut self, flag: &'a str) {
        let (name, has_value) = flag.split_once('=').map_or((flag, false), |(name, _)| (name, true));
        let Some(definition) = flag_of(self.command, name) else { return };
        self.given.extend(definition.get_long());
        self.value_of = (!has_value && wants_value(definition)).then_some(definition);
    }

    fn proposals(&self, line: &Line, names: &dyn Names) -> Vec<Proposal> {
        if let Some(flag) = self.value_of {
            return self.values(flag, "", &line.current, line, names);
        }
        if let Some(name) = flag_name(&line.current).filter(|_| self.takes_flags && line.current != "-") {
            let dashes = &line.current[..line.current.len() - name.len()];
            if let Some((name, value)) = name.split_once('=') {
                let Some(flag) = flag_of(self.command, name) else { return Vec::new() };
                return self.values(flag, &format!("{dashes}{name}="), value, line, names);
            }
            return self.flags(dashes);
        }
        if line.current == "-" && self.takes_flags {
            return self.flags("-");
        }
        if self.command.has_subcommands() {
            let listed = self.command.get_subcommands().filter(|command| !command.is_hide_set());
            return listed
                .map(|one| proposal(one.get_name(), one.get_about().map(ToString::to_string).unwrap_or_default()))
                .collect();
        }
        self.operands(line, names)
    }

    /// Returns the flags that may still be given.
    fn flags(&self, dashes: &str) -> Vec<Proposal> {
        if self.path.is_empty() {
            let own = [("help", "list the commands"), ("version", "print the version")];
            return own.map(|(name, about)| proposal(&format!("{dashes}{name}"), about.to_owned())).into();
        }
        let flags = self.command.get_arguments().filter(|flag| !flag.is_hide_set());
        flags
            .filter_map(|flag| {
                let name = flag.get_long()?;
                let again = matches!(flag.get_action(), clap::ArgAction::Append);
                if !again && self.given.contains(&name) {
                    return None;
                }
                let about = flag.get_help().map(ToString::to_string).unwrap_or_default();
                let is_open = wants_value(flag) || value_of(flag).is_some();
                let text = format!("{dashes}{name}{}", if is_open { "=" } else { "" });
                Some(Proposal { text, about: first_sentence(&about), is_open })
            })
            .collect()
    }

    /// Returns values of `flag`; `prefix` is what stands in front of them in the same word.
    fn values(&self, flag: &clap::Arg, prefix: &str, value: &str, line: &Line, names: &dyn Names) -> Vec<Proposal> {
        let with = |values: Vec<String>| -> Vec<Proposal> {
            values
                .into_iter()
                .map(|value| {
                    let is_open = value.ends_with(['/', '=']);
                    Proposal { text: format!("{prefix}{value}"), about: String::new(), is_open }
                })
                .collect()
        };
        let fixed = |values: &[&str]| with(values.iter().map(|&value| value.to_owned()).collect());
        let template = || self.template(line);
        match flag.get_id().as_str() {
            "only" => with(listed(value, names.builds(&template()))),
            "except" => with(listed(value, [names.builds(&template()), names.post_processors(&template())].concat())),
            "var" if !value.contains('=') => {
                with(names.variables(&template()).into_iter().map(|name| format!("{name}=")).collect())
            }
            "var_file" => with(names.files(value, &[".hcl", ".json"])),
            "on_error" => fixed(&["abort", "ask", "cleanup", "run-cleanup-provisioner"]),
            "output" => fixed(&["grouped", "prefixed", "quiet"]),
            "config_type" => fixed(&["hcl2", "json"]),
            _ if matches!(value_of(flag), Some("path" | "FILE")) => with(names.files(value, &[""])),
            _ if !wants_value(flag) => fixed(&["false", "true"]),
            _ => Vec::new(),
        }
    }

    /// Returns the template that the line names: the first word behind that is no flag, else the folder.
    fn template(&self, line: &Line) -> String {
        let mut skips = false;
        for word in &line.after {
            if std::mem::take(&mut skips) {
                continue;
            }
            match flag_name(word) {
                Some(flag) => {
                    let definition = flag_of(self.command, flag);
                    skips = definition.is_some_and(wants_value);
                }
                None => return word.clone(),
            }
        }
        ".".to_owned()
    }

    /// Returns what may stand behind the flags.
    fn operands(&self, line: &Line, names: &dyn Names) -> Vec<Proposal> {
        let texts = |texts: Vec<String>| -> Vec<Proposal> {
            let made = |text: String| Proposal { is_open: text.ends_with('/'), text, about: String::new() };
            texts.into_iter().map(made).collect()
        };
        let files = |endings: &[&str]| texts(names.files(&line.current, endings));
        let first = self.words == 0;
        match self.path[..] {
            ["build" | "validate" | "inspect" | "console"] if first => files(&[".pkr.hcl", ".json"]),
            ["init"] | ["plugins", "required"] if first => files(&[".pkr.hcl", ".pkr.json"]),
            ["fix" | "hcl2_upgrade"] if first => files(&[".json"]),
            ["fmt"] => files(&[".pkr.hcl", ".pkrvars.hcl"]),
            ["verify-attestation"] if first => files(&[""]),
            ["explain"] if first => texts(names.codes()),
            ["completion"] if first => texts(super::SHELLS.map(str::to_owned).into()),
            _ => Vec::new(),
        }
    }
}

fn proposal(text: &str, about: String) -> Proposal {
    Proposal { text: text.to_owned(), about, is_open: false }
}

/// Returns the name in a word that is a flag; empty for `--`.
fn flag_name(word: &str) -> Option<&str> {
    word.strip_prefix("--").or_else(|| word.strip_prefix('-').filter(|name| !name.is_empty()))
}

fn flag_of<'a>(command: &'a clap::Command, name: &str) -> Option<&'a clap::Arg> {
    command.get_arguments().find(|flag| flag.get_long() == Some(name))
}

fn wants_value(flag: &clap::Arg) -> bool {
    flag.get_num_args().is_none_or(|count| count.min_values() > 0)
}

/// Returns `names` behind those that the list `value` holds already.
fn listed(value: &str, names: Vec<String>) -> Vec<String> {
    let start = value.rfind(',').map_or("", |comma| &value[..=comma]);
    let there: Vec<&str> = start.split(',').collect();
    names.into_iter().filter(|name| !there.contains(&name.as_str())).map(|name| format!("{start}{name}")).collect()
}

/// Returns what a text begins with, short enough for a line beside the word.
fn first_sentence(text: &str) -> String {
    let end = [". ", "; ", ": "].iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    let words = text[..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.trim_end_matches('.');
    match words.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &words[..at]),
        None => words.to_owned(),
    }
}

/// The most letters that stand beside a word.
const LONGEST: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;

    struct Fake;

    impl Names for Fake {
        fn builds(&self, template: &str) -> Vec<String> {
            vec![format!("null.{template}"), "file.b".to_owned()]
        }
        fn post_processors(&self, _template: &str) -> Vec<String> {
            vec!["pack".to_owned()]
        }
        fn variables(&self, _template: &str) -> Vec<String> {
            vec!["region".to_owned()]
        }
        fn codes(&self) -> Vec<String> {
            vec!["unset-variable".to_owned()]
        }
        fn files(&self, start: &str, _endings: &[&str]) -> Vec<String> {
            vec![format!("{start}x/")]
        }
    }

    /// Completes the line at `|`.
    fn at(line: &str) -> Vec<String> {
        let (front, back) = line.split_once('|').unwrap();
        let mut before: Vec<String> = front.split(' ').map(str::to_owned).collect();
        let current = before.pop().unwrap();
        let after = back.split_whitespace().map(str::to_owned).collect();
        let line = Line { before, current, after };
        proposals(&crate::cli::definition(), &line, &Fake).into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn commands_and_flags_are_completed() {
        assert_eq!(at("va|"), ["validate"]);
        assert_eq!(at("plugins in|"), ["install", "installed"]);
        assert_eq!(at("build -par|"), ["-parallel-builds="]);
        assert_eq!(at("build --fo|"), ["--force"]);
        assert_eq!(at("build -force -fo| t"), [""; 0]);
        assert_eq!(at("-v|"), ["-version"]);
        assert!(at("|").iter().all(|name| name != "execute" && name != "plugin"));
        assert_eq!(at("nope -|"), [""; 0]);
    }

    #[test]
    fn names_come_from_the_template_on_the_line() {
        assert_eq!(at("build -only=| -var a=b t.pkr.hcl"), ["-only=file.b", "-only=null.t.pkr.hcl"]);
        assert_eq!(at("build -only |"), ["file.b", "null.."]);
        assert_eq!(at("build -except=file.b,|"), ["-except=file.b,null..", "-except=file.b,pack"]);
        assert_eq!(at("build -var r|"), ["region="]);
        assert_eq!(at("build -var region=|"), [""; 0]);
    }

    #[test]
    fn values_and_templates_are_completed_and_flags_end_at_the_template() {
        assert_eq!(at("build -on-error=a|"), ["-on-error=abort", "-on-error=ask"]);
        assert_eq!(at("build -force=|"), ["-force=false", "-force=true"]);
        assert_eq!(at("build -force a|"), ["ax/"]);
        assert_eq!(at("build t.pkr.hcl -|"), [""; 0]);
        assert_eq!(at("explain |"), ["unset-variable"]);
        assert_eq!(at("completion z|"), ["zsh"]);
    }

    #[test]
    fn the_protocol_of_the_reference_knows_commands_and_flags_only() {
        // CLI-94
        let program = crate::cli::definition();
        let ask = |line: &str| answers(&program, line);
        assert_eq!(ask("packer plugins ins"), ["install", "installed"]);
        assert_eq!(ask("packer fmt -"), ["-check", "-diff", "-recursive", "-write"]);
        assert_eq!(ask("packer fix -"), ["-explain", "-validate"]);
        assert_eq!(ask("packer -"), ["-autocomplete-install", "-autocomplete-uninstall", "-help", "-version"]);
        assert!(ask("packer ").contains(&"sbom-generate".to_owned()));
        assert!(ask("packer nope").is_empty() && ask("packer build -on-error=a").is_empty());
        assert!(ask("packer build t").is_empty() && ask("packer").is_empty());
    }
}
