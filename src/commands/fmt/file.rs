//! Formats one file. May run beside others.
//!
//! Shows nothing: says what became of the file.

use std::fs::File;
use std::io::{self, Read};

use super::place::{self, Written};
use super::{Wishes, diff};
use crate::diagnostics::SourceMap;
use crate::host::{Host, explain};
use crate::syntax;

/// The largest file that is read, in bytes; the parser takes no larger ones.
const LARGEST: u64 = u32::MAX as u64 - 1;

/// What became of a file.
pub enum Became {
    /// It is as it should be.
    Same,
    /// It is changed, or would be.
    Changed {
        /// The difference, if that is wished for.
        diff: String,
    },
    /// It has to be written where it is, which nobody may do while others read.
    ForOneAlone,
    /// It holds these bytes, which cannot be read as a template.
    Broken(Vec<u8>),
    /// Nothing, for this reason.
    Failed(String),
}

/// Formats the file at `path`, as far as others may read meanwhile.
pub fn format(path: &str, wishes: Wishes, host: &Host) -> Became {
    format_with(path, wishes, host, |old, new| match place::replace(&host.absolute(path), new) {
        Ok(Written::Whole) => Ok(Became::Changed { diff: shown(path, wishes, old, new) }),
        Ok(Written::NotYet) => Ok(Became::ForOneAlone),
        Err(error) => Err(error),
    })
}

/// Formats the file at `path` and writes it where it is.
pub fn write_in_place(path: &str, wishes: Wishes, host: &Host) -> Became {
    format_with(path, wishes, host, |old, new| {
        place::overwrite(&host.absolute(path), old, new)?;
        Ok(Became::Changed { diff: shown(path, wishes, old, new) })
    })
}

fn format_with(path: &str, wishes: Wishes, host: &Host, write: impl Fn(&str, &str) -> io::Result<Became>) -> Became {
    let bytes = match read(path, host) {
        Ok(bytes) => bytes,
        Err(reason) => return Became::Failed(reason),
    };
    let Some((old, new)) = formatted(&bytes) else { return Became::Broken(bytes) };
    if old == new {
        return Became::Same;
    }
    if !wishes.write {
        return Became::Changed { diff: shown(path, wishes, old, &new) };
    }
    let failed = |error| Became::Failed(format!("The file cannot be written: {}.", explain("open", path, &error)));
    write(old, &new).unwrap_or_else(failed)
}

fn read(path: &str, host: &Host) -> Result<Vec<u8>, String> {
    let failed = |error| format!("failed to open {path}: {}", explain("open", path, &error));
    let mut file = File::open(host.absolute(path)).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    if length > LARGEST {
        return Err(format!("The file {path} is larger than 4 GB, and no template is."));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Returns what `bytes` hold as text, and its formatted form; `None` when it cannot be read as a template.
pub fn formatted(bytes: &[u8]) -> Option<(&str, String)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let sources = SourceMap::default();
    let id = sources.add("", text);
    let said = syntax::faults(id, &sources);
    (!said.has_errors()).then(|| (text, syntax::format(text)))
}

fn shown(path: &str, wishes: Wishes, old: &str, new: &str) -> String {
    if wishes.diff { diff::unified(path, old, new) } else { String::new() }
}
