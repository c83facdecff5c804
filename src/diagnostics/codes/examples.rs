//! Examples: a text that holds files, and the command that is given them.
//!
//! Runs nothing.

/// A template with what belongs to it.
///
/// Lines `# file: NAME` begin another file; what stands before the first of them is `t.pkr.hcl`. A first line
/// `# $ packer …` is the command, else it is `packer validate .`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example(pub &'static str);

/// A file of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

const FILE: &str = "# file: ";
const COMMAND: &str = "# $ packer ";

impl Example {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Returns it as it is shown: without the indentation of the table.
    pub fn text(&self) -> String {
        let lines = || self.0.lines().skip_while(|line| line.trim().is_empty());
        let indent = |line: &str| line.len() - line.trim_start().len();
        let common = lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or_default();
        let text: String = lines().map(|line| line.get(common..).unwrap_or_default().to_owned() + "\n").collect();
        text.trim_end().to_owned() + "\n"
    }

    /// Returns the words of its command behind `packer`.
    pub fn command(&self) -> Vec<String> {
        let text = self.text();
        let command = text.lines().next().and_then(|line| line.strip_prefix(COMMAND)).unwrap_or("validate .");
        command.split(' ').map(|word| word.replace('\'', "")).collect()
    }

    /// Returns its files; the lines that only tell of them are left out.
    pub fn files(&self) -> Vec<File> {
        let mut files = vec![File { name: "t.pkr.hcl".into(), text: String::new() }];
        for line in self.text().lines().filter(|line| !line.starts_with(COMMAND)) {
            match line.strip_prefix(FILE) {
                Some(name) => files.push(File { name: name.into(), text: String::new() }),
                None => files.last_mut().expect("one is there").text += &format!("{line}\n"),
            }
        }
        files.retain(|file| !file.text.trim().is_empty());
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indentation_of_the_table_is_not_shown() {
        assert_eq!(Example("\n    a {\n      b = 1\n    }\n  ").text(), "a {\n  b = 1\n}\n");
    }

    #[test]
    fn files_and_command_are_told_by_comments() {
        let example = Example("\n  # $ packer validate -var 'x=1' .\n  a = 1\n  # file: b.json\n  {}\n");
        assert_eq!(example.command(), ["validate", "-var", "x=1", "."]);
        let files: Vec<_> = example.files().into_iter().map(|file| (file.name, file.text)).collect();
        assert_eq!(files, [("t.pkr.hcl".into(), "a = 1\n".into()), ("b.json".into(), "{}\n".into())]);
        assert!(Example("  \n").is_empty() && !example.is_empty());
    }
}
