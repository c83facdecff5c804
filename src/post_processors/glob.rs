//! Names of files by pattern, as Go's `filepath.Glob` finds them.
//!
//! Unaware of who asks. Crates for globs differ in what users would see: here `*` takes names with a leading dot, there
//! is no `**` and no `{a,b}`, `[^x]` negates, what cannot be read is passed over, and a name without pattern is given
//! back as it was written.

use std::path::Path;

/// Returns the names that fit `pattern`, sorted within each folder; relative ones are looked up in `folder`.
///
/// # Errors
/// `syntax error in pattern`.
pub fn glob(folder: &Path, pattern: &str) -> Result<Vec<String>, &'static str> {
    fits(pattern, "")?;
    if !has_pattern(pattern) {
        let is_there = std::fs::symlink_metadata(folder.join(pattern)).is_ok();
        return Ok(if is_there { vec![pattern.to_owned()] } else { Vec::new() });
    }
    let (parent, name) =
        pattern.rsplit_once('/').map_or(("", pattern), |(_, name)| (&pattern[..pattern.len() - name.len()], name));
    let parent = match parent {
        "" => ".",
        "/" => "/",
        parent => &parent[..parent.len() - 1],
    };
    if !has_pattern(parent) {
        return names_in(folder, parent, name);
    }
    if parent == pattern {
        return Err("syntax error in pattern");
    }
    let mut found = Vec::new();
    for parent in glob(folder, parent)? {
        found.extend(names_in(folder, &parent, name)?);
    }
    Ok(found)
}

fn has_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '\\'])
}

fn names_in(folder: &Path, parent: &str, pattern: &str) -> Result<Vec<String>, &'static str> {
    let Ok(entries) = std::fs::read_dir(folder.join(parent)) else { return Ok(Vec::new()) };
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let mut found = Vec::new();
    for name in names {
        if fits(pattern, &name)? {
            found.push(clean(&format!("{parent}/{name}")));
        }
    }
    Ok(found)
}

/// Takes `.` and doubled slashes out of a path, and resolves `..` by its text.
fn clean(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match (step, steps.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                steps.pop();
            }
            ("..", None) if path.starts_with('/') => {}
            _ => steps.push(step),
        }
    }
    let joined = steps.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

/// Whether the whole of `name` fits `pattern`; the pattern is read to its end in any case.
fn fits(pattern: &str, name: &str) -> Result<bool, &'static str> {
    let pieces = pieces(pattern)?;
    let name: Vec<char> = name.chars().collect();
    // Where a star was, and up to where the name has been given to it.
    let mut star: Option<(usize, usize)> = None;
    let (mut piece, mut letter) = (0, 0);
    loop {
        match (pieces.get(piece), name.get(letter)) {
            (None, None) => return Ok(true),
            (Some(Piece::Star), _) => {
                star = Some((piece, letter));
                piece += 1;
            }
            (Some(wanted), Some(given)) if wanted.takes(*given) => {
                piece += 1;
                letter += 1;
            }
            _ => match star {
                Some((at, upto)) if upto < name.len() && name[upto] != '/' => {
                    star = Some((at, upto + 1));
                    (piece, letter) = (at + 1, upto + 1);
                }
                _ => return Ok(false),
            },
        }
    }
}

enum Piece {
    Star,
    Any,
    Letter(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Piece {
    fn takes(&self, letter: char) -> bool {
        match self {
            Piece::Star => false,
            Piece::Any => letter != '/',
            Piece::Letter(own) => *own == letter,
            Piece::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (low..=high).contains(&&letter)) != *negated
            }
        }
    }
}

fn pieces(pattern: &str) -> Result<Vec<Piece>, &'static str> {
    const BAD: &str = "syntax error in pattern";
    let mut letters = pattern.chars().peekable();
    let mut pieces = Vec::new();
    while let Some(letter) = letters.next() {
        pieces.push(match letter {
            '*' => Piece::Star,
            '?' => Piece::Any,
            '\\' => Piece::Letter(letters.next().ok_or(BAD)?),
            '[' => {
                let negated = letters.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                loop {
                    if letters.peek() == Some(&']') && !ranges.is_empty() {
                        letters.next();
                        break;
                    }
                    let mut end = || match letters.next() {
                        None | Some('-' | ']') => Err(BAD),
                        Some('\\') => letters.next().ok_or(BAD),
                        Some(letter) => Ok(letter),
                    };
                    let low = end()?;
                    let high = if letters.next_if_eq(&'-').is_some() {
                        match letters.next() {
                            None | Some('-' | ']') => return Err(BAD),
                            Some('\\') => letters.next().ok_or(BAD)?,
                            Some(letter) => letter,
                        }
                    } else {
                        low
                    };
                    ranges.push((low, high));
                }
                Piece::Class { negated, ranges }
            }
            letter => Piece::Letter(letter),
        });
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_go() {
        for (pattern, name, wanted) in [
            ("*", ".hidden", true),
            ("a*c*e", "abcde", true),
            ("a*c", "abcd", false),
            ("?[b-d]", "xc", true),
            ("[^a]x", "bx", true),
            ("[^a]x", "ax", false),
            (r"\*", "*", true),
            ("a*", "a/b", false),
            ("{a,b}", "a", false),
        ] {
            assert_eq!(fits(pattern, name), Ok(wanted), "{pattern} {name}");
        }
        for pattern in ["[", "[]a]", "[a-]", "a[", r"a\", "[-]"] {
            assert_eq!(glob(Path::new("/"), pattern), Err("syntax error in pattern"), "{pattern}");
        }
    }

    #[test]
    fn folders_may_be_patterns_too() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["d/x/1", "d/y/1", "d/y/2", "e"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        assert_eq!(glob(folder.path(), "d/*/[12]").unwrap(), ["d/x/1", "d/y/1", "d/y/2"]);
        assert_eq!(glob(folder.path(), "./d/y/*").unwrap(), ["d/y/1", "d/y/2"]);
        assert_eq!(glob(folder.path(), "./d/y").unwrap(), ["./d/y"]);
        assert_eq!(glob(folder.path(), "?").unwrap(), ["d", "e"]);
        assert_eq!(glob(folder.path(), "nothing/*").unwrap(), [""; 0]);
    }
}
