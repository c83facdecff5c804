//! The files of bash, zsh and fish in which `-autocomplete-install` leaves its line.
//!
//! Knows the three shells' files and nothing of what is completed.

use std::fs;
use std::path::Path;

use crate::cli::Autocomplete;
use crate::commands::whole_file;
use crate::host::{explain, platform};

/// The first of these that is there is bash's.
const BASH: [&str; 4] = [".bashrc", ".bash_profile", ".bash_login", ".profile"];

/// Has zsh understand what bash's line says.
const ZSH_FIRST: &str = "autoload -U +X bashcompinit && bashcompinit";

/// Installs or uninstalls for every shell that has a file in `home`, or, as fish, a folder in `config`.
///
/// # Errors
/// One sentence for each shell that it did not work for, and one when there is no shell; the others are done.
///
/// # Source
/// CLI-94.
pub fn change(what: Autocomplete, home: &Path, config: &Path, program: &Path) -> Result<(), Vec<String>> {
    let program = program.display().to_string();
    let quoted = shlex::try_quote(&program).map_or_else(|_| program.clone(), Into::into);
    let mut done: Vec<Result<(), String>> = Vec::new();
    if let Some(file) = BASH.map(|name| home.join(name)).into_iter().find(|file| file.exists()) {
        done.push(lines(what, &file, &[], &format!("complete -C {quoted} packer")));
    }
    let file = home.join(".zshrc");
    if file.exists() {
        done.push(lines(what, &file, &[ZSH_FIRST], &format!("complete -o nospace -C {quoted} packer")));
    }
    let folder = config.join("fish");
    if folder.is_dir() {
        done.push(fish(what, &folder, &quoted));
    }
    if done.is_empty() {
        return Err(vec![format!(
            "Found no shell to work for: {} has neither {} nor .zshrc, and there is no folder {}. \
             \"packer completion\" prints scripts for more shells.",
            home.display(),
            BASH.join(", "),
            folder.display()
        )]);
    }
    let reasons: Vec<String> = done.into_iter().filter_map(Result::err).collect();
    if reasons.is_empty() { Ok(()) } else { Err(reasons) }
}

/// Adds `line`, behind those of `first` that are not there, or takes it out. An added line follows an empty one, which
/// stays when it is taken out.
fn lines(what: Autocomplete, file: &Path, first: &[&str], line: &str) -> Result<(), String> {
    let failed = |action, error| format!("Cannot change {}: {}", file.display(), explain(action, file, &error));
    let text = fs::read(file).map_err(|error| failed("open", error))?;
    let has = |line: &str| text.split(|&byte| byte == b'\n').any(|one| one == line.as_bytes());
    let new: Vec<u8> = match (what, has(line)) {
        (Autocomplete::Install, true) => return Err(format!("Completion is installed already: {}", file.display())),
        (Autocomplete::Uninstall, false) => return Err(format!("Completion is not installed: {}", file.display())),
        (Autocomplete::Install, false) => {
            let added: Vec<&str> = first.iter().copied().filter(|first| !has(first)).chain([line]).collect();
            [text.clone(), format!("\n{}\n", added.join("\n")).into_bytes()].concat()
        }
        (Autocomplete::Uninstall, true) => {
            let kept = text.split_inclusive(|&byte| byte == b'\n');
            kept.filter(|one| one.strip_suffix(b"\n").unwrap_or(one) != line.as_bytes()).collect::<Vec<_>>().concat()
        }
    };
    whole_file::write(file, &new).map_err(|error| failed("write", error))
}

fn fish(what: Autocomplete, folder: &Path, program: &str) -> Result<(), String> {
    let file = folder.join("completions/packer.fish");
    let failed = |action, error| format!("Cannot change {}: {}", file.display(), explain(action, &file, &error));
    match (what, file.exists()) {
        (Autocomplete::Install, true) => Err(format!("Completion is installed already: {}", file.display())),
        (Autocomplete::Uninstall, false) => Err(format!("Completion is not installed: {}", file.display())),
        (Autocomplete::Install, false) => {
            platform::make_folders(&folder.join("completions")).map_err(|error| failed("mkdir", error))?;
            let script = format!(
                "\nfunction __complete_packer\n    set -lx COMP_LINE (commandline -cp)\n    test -z (commandline -ct)\n    \
                 and set COMP_LINE \"$COMP_LINE \"\n    {program}\nend\ncomplete -f -c packer -a \"(__complete_packer)\"\n\n"
            );
            whole_file::write(&file, script.as_bytes()).map_err(|error| failed("open", error))
        }
        (Autocomplete::Uninstall, true) => fs::remove_file(&file).map_err(|error| failed("remove", error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(files: &[(&str, &str)]) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(home.path().join(name), text).unwrap();
        }
        home
    }

    fn changed(what: Autocomplete, home: &tempfile::TempDir) -> Result<(), Vec<String>> {
        change(what, home.path(), &home.path().join(".config"), Path::new("/opt/packer"))
    }

    #[test]
    fn a_line_is_added_behind_an_empty_one_that_stays() {
        // CLI-94
        let home = home(&[(".bashrc", "a\n"), (".profile", "b\n"), (".zshrc", "c\n")]);
        let text = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
        changed(Autocomplete::Install, &home).unwrap();
        assert_eq!(text(".bashrc"), "a\n\ncomplete -C /opt/packer packer\n");
        assert_eq!(text(".zshrc"), format!("c\n\n{ZSH_FIRST}\ncomplete -o nospace -C /opt/packer packer\n"));
        assert_eq!(text(".profile"), "b\n");
        assert_eq!(changed(Autocomplete::Install, &home).unwrap_err().len(), 2);
        changed(Autocomplete::Uninstall, &home).unwrap();
        assert_eq!((text(".bashrc"), text(".zshrc")), ("a\n\n".to_owned(), format!("c\n\n{ZSH_FIRST}\n")));
        assert_eq!(changed(Autocomplete::Uninstall, &home).unwrap_err().len(), 2);
    }

    #[test]
    fn fish_gets_a_file_of_its_own() {
        // CLI-94
        let home = home(&[]);
        assert!(changed(Autocomplete::Install, &home).unwrap_err()[0].starts_with("Found no shell"));
        fs::create_dir_all(home.path().join(".config/fish")).unwrap();
        changed(Autocomplete::Install, &home).unwrap();
        let file = home.path().join(".config/fish/completions/packer.fish");
        assert!(fs::read_to_string(&file).unwrap().contains("COMP_LINE"));
        changed(Autocomplete::Uninstall, &home).unwrap();
        assert!(!file.exists());
    }

    #[test]
    fn a_link_stays_a_link_and_a_file_that_may_not_be_changed_is_told() {
        let home = home(&[("dotfile", "a\n")]);
        std::os::unix::fs::symlink("dotfile", home.path().join(".bashrc")).unwrap();
        fs::create_dir(home.path().join(".zshrc")).unwrap();
        let reasons = changed(Autocomplete::Install, &home).unwrap_err();
        assert!(reasons.len() == 1 && reasons[0].ends_with("is a directory"), "{reasons:?}");
        assert!(home.path().join(".bashrc").is_symlink());
        assert!(fs::read_to_string(home.path().join("dotfile")).unwrap().contains("complete -C"));
    }
}
