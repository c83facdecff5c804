//! Functions on files and paths.
//!
//! Some look from the template's folder, some from the working folder, as the reference does (FN-8).

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use base64::Engine;

use super::Shape::{Bool, String as Text};
use super::{Cx, Function, Looks, failed, param, text};
use crate::eval::CallError;
use crate::host::{explain, shortest_path};
use crate::value::Value;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "file",
        params: &[param("path", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| read(cx, text(args, 0)),
        about: "The text in a file, looked for from the template's folder; `~` is the home folder.",
        examples: &[],
    },
    Function {
        name: "fileexists",
        params: &[param("path", Text)],
        rest: None,
        returns: Bool,
        looks: Looks::Deep,
        call: |cx, args| exists(cx, text(args, 0)),
        about: "Whether there is a file, looked for from the template's folder; a folder is an error.",
        examples: &[(r#"fileexists("there-is-no-such-file")"#, "false")],
    },
    Function {
        name: "filebase64",
        params: &[param("path", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| {
            let path = text(args, 0);
            match bytes_of(&cx.host.absolute(path)) {
                Ok(bytes) => Ok(base64::engine::general_purpose::STANDARD.encode(bytes).into()),
                Err(error) => failed(format!("failed to read file {path:?}: {}", explain("open", path, &error))),
            }
        },
        about: "The bytes of a file in base64, looked for from the working folder; `~` is no home folder here.",
        examples: &[],
    },
    Function {
        name: "basename",
        params: &[param("path", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(base(text(args, 0)).into()),
        about: "The last part of `path`.",
        examples: &[
            (r#"basename("/srv/images/")"#, r#""images""#),
            (r#"basename("")"#, r#"".""#),
            (r#"basename("/")"#, r#""/""#),
        ],
    },
    Function {
        name: "dirname",
        params: &[param("path", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(directory(text(args, 0)).into()),
        about: "`path` without its last part, in shortest form.",
        examples: &[
            (r#"dirname("/srv/images/a.iso")"#, r#""/srv/images""#),
            (r#"dirname("a//b/../c/d")"#, r#""a/c""#),
            (r#"dirname("a")"#, r#"".""#),
        ],
    },
    Function {
        name: "abspath",
        params: &[param("path", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| Ok(shortest_path(&cx.host.absolute(text(args, 0)).to_string_lossy()).into()),
        about: "`path` in shortest form from the root, as seen from the working folder.",
        examples: &[(r#"abspath("/a/./b//c/..")"#, r#""/a/b""#)],
    },
    Function {
        name: "pathexpand",
        params: &[param("path", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |cx, args| Ok(expand(cx, text(args, 0))?.into()),
        about: "`path` with a `~` at its start replaced by the home folder.",
        examples: &[(r#"pathexpand("a/~/b")"#, r#""a/~/b""#)],
    },
];

/// The most bytes that are read of a file; a template holds texts, not images.
const MOST_BYTES: u64 = 32 << 20;

fn read(cx: &Cx, path: &str) -> Result<Value, CallError> {
    read_text(cx, path).map(Value::from)
}

/// Reads the text file `path` as `file` and `templatefile` take it.
pub fn read_text(cx: &Cx, path: &str) -> Result<String, CallError> {
    let (shown, found) = locate(cx, path)?;
    let bytes = match bytes_of(&found) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return failed(format!("no file exists at {shown}")),
        Err(error) => return failed(format!("cannot read {shown:?}: {}", explain("read", &shown, &error))),
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(_) => failed(format!("contents of {shown} are not valid UTF-8; filebase64 reads any bytes")),
    }
}

/// Reads a file of a size that a value may have.
fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    let too_large = || {
        let most = MOST_BYTES >> 20;
        std::io::Error::new(ErrorKind::FileTooLarge, format!("it has more than the {most} MiB that functions read"))
    };
    if file.metadata().is_ok_and(|metadata| metadata.len() > MOST_BYTES) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    // A device tells no size, and may have no end.
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES { Err(too_large()) } else { Ok(bytes) }
}

fn exists(cx: &Cx, path: &str) -> Result<Value, CallError> {
    let (shown, found) = locate(cx, path)?;
    match std::fs::metadata(&found) {
        Ok(metadata) if metadata.is_file() => Ok(true.into()),
        Ok(_) => failed(format!("{shown} is not a regular file, but exists")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false.into()),
        Err(error) => failed(format!("cannot tell whether {shown:?} exists: {}", explain("stat", &shown, &error))),
    }
}

/// Returns `path` as messages show it, and where it is: below the template's folder unless it is absolute.
fn locate(cx: &Cx, path: &str) -> Result<(String, PathBuf), CallError> {
    let shown = shortest_path(&cx.base_dir.join(expand(cx, path)?).to_string_lossy());
    let found = cx.host.absolute(&shown);
    Ok((shown, found))
}

/// Replaces `~` at the start by the home folder; the result is then in shortest form.
fn expand(cx: &Cx, path: &str) -> Result<String, CallError> {
    let Some(rest) = path.strip_prefix('~') else { return Ok(path.to_owned()) };
    if !rest.is_empty() && !rest.starts_with('/') {
        return failed(format!("cannot expand {path:?}: only one's own home folder can be written as ~"));
    }
    match cx.host.home() {
        Some(home) => Ok(shortest_path(&format!("{}{rest}", home.display()))),
        None => failed(format!("cannot expand {path:?}: HOME is not set")),
    }
}

fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (path.is_empty(), trimmed.is_empty()) {
        (true, _) => ".",
        (_, true) => "/",
        // A `Path` would drop `..` here.
        _ => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

fn directory(path: &str) -> String {
    shortest_path(path.rfind('/').map_or("", |at| &path[..=at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(home: &Path, base_dir: &str) -> Cx {
        let home_text = home.to_string_lossy();
        Cx {
            host: crate::host::Host::fixed(home, &[("HOME", home_text.as_ref())]),
            base_dir: base_dir.into(),
            in_template_file: false,
        }
    }

    #[test]
    fn paths_are_cleaned_by_their_text() {
        // FN-80 … FN-82
        for (path, expected) in [
            ("", "."),
            ("/", "/"),
            ("a/..", "."),
            ("../x/../y", "../y"),
            ("/../a", "/a"),
            ("a//b/", "a/b"),
            ("./a", "a"),
        ] {
            assert_eq!(shortest_path(path), expected, "{path}");
        }
        assert_eq!(base("a/.."), "..");
        assert_eq!(directory("/srv/images/"), "/srv/images");
        assert_eq!(directory("/"), "/");
        assert_eq!(directory(""), ".");
    }

    #[test]
    fn files_are_read_from_the_templates_folder() {
        // FN-8, FN-83 … FN-85
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("tpl")).unwrap();
        std::fs::write(dir.path().join("tpl/a.txt"), "hello é\n").unwrap();
        std::fs::write(dir.path().join("note"), "from home").unwrap();
        let cx = context(dir.path(), "tpl");
        assert_eq!(read(&cx, "a.txt"), Ok("hello é\n".into()));
        assert_eq!(read(&cx, "~/note"), Ok("from home".into()));
        assert_eq!(exists(&cx, "a.txt"), Ok(true.into()));
        assert_eq!(exists(&cx, "nope"), Ok(false.into()));
        assert!(exists(&cx, "../tpl").is_err());
        assert!(read(&cx, "tpl/a.txt").is_err());
    }

    #[test]
    fn missing_and_binary_files_are_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("blob"), [255, 0]).unwrap();
        let cx = context(dir.path(), ".");
        assert_eq!(read(&cx, "nope"), failed("no file exists at nope"));
        assert!(matches!(read(&cx, "blob"), Err(CallError::Failed(reason)) if reason.contains("UTF-8")));
        assert!(matches!(read(&cx, "."), Err(CallError::Failed(reason)) if reason.contains("directory")));
    }

    #[test]
    fn files_too_large_for_a_value_are_refused_before_they_are_read() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::File::create(dir.path().join("large")).unwrap().set_len(1 << 30).unwrap();
        let cx = context(dir.path(), ".");
        assert!(matches!(read(&cx, "large"), Err(CallError::Failed(reason)) if reason.contains("32 MiB")));
    }

    #[test]
    fn only_ones_own_home_is_expanded() {
        // FN-87
        let cx = context(Path::new("/home/me"), ".");
        assert_eq!(expand(&cx, "~/.ssh/id"), Ok("/home/me/.ssh/id".to_owned()));
        assert_eq!(expand(&cx, "~"), Ok("/home/me".to_owned()));
        assert_eq!(expand(&cx, "x/../y"), Ok("x/../y".to_owned()));
        assert!(expand(&cx, "~root/x").is_err());
    }
}
