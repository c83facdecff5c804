//! How fast templates are parsed: those of this repository, repeated to some megabytes, on one core.
//!
//! Prints one line; `benches/run parse` compares it with its bound.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use packer::diagnostics::SourceMap;
use packer::syntax;

/// Bytes that are parsed in one round.
const BYTES: usize = 16 << 20;
const ROUNDS: usize = 9;

fn main() {
    let mut text = String::new();
    for path in ["examples", "tests/language"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
        for entry in entries.filter(|entry| entry.path().extension().is_some_and(|end| end == "hcl")) {
            text += &template(&std::fs::read_to_string(entry.path()).expect("readable"));
        }
    }
    let text = text.repeat(BYTES / text.len() + 1);
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let sources = SourceMap::default();
        let id = sources.add("bench.pkr.hcl", &*text);
        let began = Instant::now();
        let (file, said) = syntax::parse(id, &sources);
        best = best.min(began.elapsed());
        assert!(said.is_empty() && !file.body.blocks.is_empty(), "{:?}", said.iter().next());
    }
    let mut line = String::new();
    let _ = write!(line, "{:.1} MB/s", text.len() as f64 / 1e6 / best.as_secs_f64());
    std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes()).expect("somebody listens");
}

/// Returns those templates of `text` that have no mistake; a file of language cases has many, some of them broken.
fn template(text: &str) -> String {
    let mut parts: Vec<String> = vec![String::new()];
    for line in text.lines() {
        if line.starts_with("--- ") {
            parts.push(String::new());
        } else {
            let part = parts.last_mut().expect("there is one");
            part.push_str(line);
            part.push('\n');
        }
    }
    let is_whole = |part: &String| {
        let sources = SourceMap::default();
        syntax::parse(sources.add("part", &**part), &sources).1.is_empty()
    };
    let attributes = |part: &String| {
        let sources = SourceMap::default();
        syntax::parse(sources.add("part", &**part), &sources).0.body.attributes.len()
    };
    // Arguments at the top would be given twice by the repetition.
    parts.into_iter().filter(|part| is_whole(part) && attributes(part) == 0).collect()
}
