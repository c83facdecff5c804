//! `fileset`: the files below a folder whose paths fit a pattern.
//!
//! Knows folders and names; no file is opened.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

use super::Shape::{SetOfString, String as Text};
use super::{Cx, Function, Looks, failed, param, text};
use crate::eval::CallError;
use crate::host::{explain, shortest_path};
use crate::value::{Type, Value};

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[Function {
    name: "fileset",
    params: &[param("path", Text), param("pattern", Text)],
    rest: None,
    returns: SetOfString,
    looks: Looks::Deep,
    call: |cx, args| find(cx, text(args, 0), text(args, 1)),
    about: "The files below the folder `path` that fit `pattern`, as a set of paths from there: `*` and `?` stand for characters \
            of a name, `**` for any folders, `[ab]` for a choice of characters, `{a,b}` of texts. Looked for from the \
            template's folder.",
    examples: &[(r#"length(fileset("there-is-no-such-folder", "*"))"#, "0")],
}];

/// The most files and folders that are looked at.
const MOST_ENTRIES: usize = 1 << 18;

fn find(cx: &Cx, path: &str, pattern: &str) -> Result<Value, CallError> {
    let folder = shortest_path(&cx.base_dir.join(path).to_string_lossy());
    let (start, rest) = split(&folder, pattern);
    let root = cx.host.absolute(&start);
    // Where nothing is, no pattern is looked at.
    if !root.exists() {
        return Ok(Value::set(Type::String, []));
    }
    let matcher = match rest.as_deref().map(matcher).transpose() {
        Ok(matcher) => matcher,
        Err(reason) => return failed(format!("failed to glob pattern ({pattern}): {reason}")),
    };
    let mut found = Vec::new();
    let deepest = rest.as_deref().map_or(0, depth);
    for (count, entry) in WalkDir::new(&root).follow_links(true).max_depth(deepest).into_iter().enumerate() {
        if count >= MOST_ENTRIES {
            return failed(format!("there are more than {MOST_ENTRIES} files and folders below {start:?}"));
        }
        // A folder that cannot be read has nothing in it, and a link in a circle leads nowhere new.
        let (place, is_file) = match &entry {
            Ok(entry) => (entry.path(), Ok(entry.file_type().is_file())),
            Err(error) => match (error.path(), error.io_error()) {
                (Some(path), Some(error)) if path.is_symlink() => (path, Err(error)),
                _ => continue,
            },
        };
        let below = place.strip_prefix(&root).unwrap_or(place);
        if !matcher.as_ref().is_none_or(|matcher| matcher.is_match(below)) {
            continue;
        }
        match is_file {
            Ok(true) => found.push(relative(&folder, &start, below)),
            Ok(false) => {}
            Err(error) => {
                let shown = Path::new(&start).join(below);
                return failed(format!("failed to stat ({}): {}", shown.display(), explain("stat", &shown, error)));
            }
        }
    }
    Ok(Value::set(Type::String, found.into_iter().map(Value::from)))
}

/// Returns the folder to start from, and the pattern of what is below it; no pattern when there is nothing to choose.
fn split(folder: &str, pattern: &str) -> (String, Option<String>) {
    let pattern = pattern.trim_start_matches('/');
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let fixed = parts.iter().take_while(|part| !part.contains(['*', '?', '[', '{', '\\'])).count();
    let start = shortest_path(&[&[folder], &parts[..fixed]].concat().join("/"));
    (start, (fixed < parts.len()).then(|| parts[fixed..].join("/")))
}

fn matcher(pattern: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(&with_plain_marks(pattern))
        .literal_separator(true)
        .empty_alternates(true)
        .backslash_escape(true)
        .build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
}

/// Moves a `!` at the start of a class to its end: here it is a character, and only `^` turns a class around.
fn with_plain_marks(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find("[!") {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 2..];
        match rest.find(']') {
            Some(end) => {
                out.push_str(&rest[..end]);
                out.push('!');
                rest = &rest[end..];
            }
            None => out.push('!'),
        }
    }
    out + rest
}

/// Returns how many folders down a pattern can reach.
fn depth(pattern: &str) -> usize {
    if pattern.contains("**") { usize::MAX } else { 1 + pattern.matches('/').count() }
}

/// Returns what is `below` `start` as seen from `folder`.
fn relative(folder: &str, start: &str, below: &Path) -> String {
    let (from, to) = (Path::new(folder), Path::new(start).join(below));
    let mut shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if folder == "." {
        shared = 0;
    }
    let up = if folder == "." { 0 } else { from.components().count() - shared };
    let path: PathBuf = std::iter::repeat_n("..".into(), up)
        .chain(to.components().skip(shared).map(|part| part.as_os_str().to_owned()).filter(|part| part != "."))
        .collect::<Vec<std::ffi::OsString>>()
        .iter()
        .collect();
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;

    /// Makes a folder `top` with files, and asks there.
    fn asked(path: &str, pattern: &str) -> Result<Vec<String>, CallError> {
        let dir = tempfile::tempdir().unwrap();
        for file in ["top/a.sh", "top/.b.sh", "top/c.txt", "top/sub/d.sh", "top/sub/deep/e.sh", "side/f.sh"] {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let cx = Cx { host: Host::fixed(dir.path(), &[]), base_dir: ".".into(), in_template_file: false };
        let found = find(&cx, path, pattern)?;
        Ok(found.as_items().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn patterns_choose_files_by_their_path() {
        // FN-86
        for (path, pattern, expected) in [
            ("top", "*", &[".b.sh", "a.sh", "c.txt"][..]),
            ("top", "**/*.sh", &[".b.sh", "a.sh", "sub/d.sh", "sub/deep/e.sh"]),
            ("top", "{a,c}.*", &["a.sh", "c.txt"]),
            ("top", "[^a]*.txt", &["c.txt"]),
            ("top", "[!c]*", &["c.txt"]),
            ("top", "?.sh", &["a.sh"]),
            ("top", "sub/*", &["sub/d.sh"]),
            ("top", "a.sh", &["a.sh"]),
            ("top", "../side/*", &["../side/f.sh"]),
            ("top/sub/..", "./*.txt", &["c.txt"]),
            (".", "top/*.txt", &["top/c.txt"]),
            ("nowhere", "**", &[]),
            ("top", "sub", &[]),
        ] {
            assert_eq!(asked(path, pattern).unwrap(), expected, "{path} {pattern}");
        }
        assert!(asked("top", "[a").is_err());
    }
}
