//! One case: a text file with a head, files, commands and the recording.

use std::collections::BTreeMap;
use std::path::Path;

/// A case, read.
pub struct Case {
    head: Vec<(String, String)>,
    /// Files to write before the commands run.
    pub files: Vec<(String, String)>,
    /// Commands, one a line.
    pub commands: Vec<String>,
    /// Additional environment.
    pub environment: BTreeMap<String, String>,
    /// Given to every command.
    pub stdin: String,
    /// What the reference did.
    pub want: Vec<Ran>,
}

/// One command that ran.
pub struct Ran {
    /// The command.
    pub command: String,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Its exit code.
    pub code: i32,
}

impl Case {
    /// Reads the case at `path`.
    pub fn read(path: &Path) -> Case {
        let text = std::fs::read_to_string(path).expect("a case can be read");
        let mut case = Case {
            head: Vec::new(),
            files: Vec::new(),
            commands: Vec::new(),
            environment: BTreeMap::new(),
            stdin: String::new(),
            want: Vec::new(),
        };
        let mut section: Option<(String, String)> = None;
        for line in text.split_inclusive('\n') {
            let title = line.trim_end_matches('\n').strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
            match (title, &mut section) {
                (Some(title), current) if current.as_ref().is_none_or(|(name, _)| name != "want") => {
                    if let Some((name, body)) = current.take() {
                        case.section(name, body);
                    }
                    *current = Some((title.to_owned(), String::new()));
                }
                (_, Some((_, body))) => body.push_str(line),
                (_, None) => {
                    if let Some((key, value)) = line.trim_start_matches('#').trim().split_once(':') {
                        case.head.push((key.to_owned(), value.trim().to_owned()));
                    }
                }
            }
        }
        if let Some((name, body)) = section {
            case.section(name, body);
        }
        case
    }

    fn section(&mut self, name: String, body: String) {
        match name.as_str() {
            "cmd" => self.commands = body.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect(),
            "env" => {
                self.environment =
                    body.lines().filter_map(|l| l.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
            }
            "stdin" => self.stdin = body,
            "want" => self.want = recording(&body),
            _ => self.files.push((name, body)),
        }
    }

    fn heads<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.head.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// What the case needs of the machine or the program.
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        self.heads("needs").flat_map(|needs| needs.split([',', ' '])).filter(|need| !need.is_empty())
    }

    /// Whether ours should differ; `docs/parity.md` says how.
    pub fn is_better(&self) -> bool {
        self.heads("better").next().is_some()
    }

    /// Whether only exit codes and diagnostics are compared.
    pub fn compares_diagnostics_only(&self) -> bool {
        self.heads("match").last() == Some("diagnostics")
    }

    /// Whether the order of lines does not count.
    pub fn is_sorted(&self) -> bool {
        self.heads("sorted").next().is_some()
    }

    /// Patterns that must occur in what we print.
    pub fn musts(&self) -> impl Iterator<Item = &str> {
        self.heads("must")
    }

    /// Replacements applied to both sides: pattern and text.
    pub fn redactions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.heads("redact")
            .filter_map(|rule| rule.split_once("=>"))
            .map(|(pattern, text)| (pattern.trim(), text.trim()))
    }
}

/// Reads `$ command`, `[stdout]`, `[stderr]`, `[exit N]`; a stream that ends in `\` has no final newline.
fn recording(text: &str) -> Vec<Ran> {
    let mut runs = Vec::new();
    let mut current: Option<Ran> = None;
    let mut stream = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        let exit =
            bare.strip_prefix("[exit ").and_then(|rest| rest.strip_suffix(']')).and_then(|code| code.parse().ok());
        match (&mut current, exit) {
            (_, _) if stream == 0 && line.starts_with("$ ") => {
                current =
                    Some(Ran { command: bare[2..].to_owned(), stdout: String::new(), stderr: String::new(), code: 0 });
            }
            (Some(_), None) if bare == "[stdout]" && stream == 0 => stream = 1,
            (Some(_), None) if bare == "[stderr]" && stream < 2 => stream = 2,
            (Some(_), Some(code)) => {
                let mut run = current.take().expect("just matched");
                run.code = code;
                for text in [&mut run.stdout, &mut run.stderr] {
                    if let Some(whole) = text.strip_suffix("\\\n") {
                        *text = whole.to_owned();
                    }
                }
                runs.push(run);
                stream = 0;
            }
            (Some(run), None) => if stream == 2 { &mut run.stderr } else { &mut run.stdout }.push_str(line),
            (None, _) => {}
        }
    }
    runs
}
