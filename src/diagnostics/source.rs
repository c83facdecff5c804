//! The texts that diagnostics point into: files, spans, lines, columns, block headers.
//!
//! Opens no file: whoever reads a text adds it here.

use std::ops::Range;
use std::sync::{Arc, RwLock};

/// One text of a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A stretch of one text, in bytes; `end` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text that `start` and `end` count in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Makes the span of `range` in `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Span {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { file, start: clamp(range.start), end: clamp(range.end) }
    }

    /// Returns the smallest span that holds both; `other` must be of the same file.
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Returns the byte range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A place as people count it: both from 1, columns in grapheme clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in grapheme clusters, from 1.
    pub column: usize,
}

/// Where a block's header stands and how a diagnostic names it.
#[derive(Clone, Debug)]
pub struct Header {
    /// From the first byte of the block's type to the closing brace.
    pub range: Range<usize>,
    /// What is shown after `in`: `source "null" "a"`.
    pub text: String,
}

/// One text with its name.
#[derive(Debug)]
pub struct Source {
    /// The name as people know the file: the path as it was opened.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Byte offset of the first byte of each line; spans reach no further than 32 bits either.
    lines: Vec<u32>,
    /// Headers of the blocks of this file, in the order they open.
    headers: RwLock<Vec<Header>>,
}

impl Source {
    fn new(name: String, text: String) -> Source {
        let ends = || text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        // Counted first: growing it as it fills would take up to three times the memory.
        let mut lines = Vec::with_capacity(1 + ends().count());
        lines.push(0);
        lines.extend(ends().map_while(|start| u32::try_from(start).ok()));
        Source { name, text, lines, headers: RwLock::default() }
    }

    /// Returns line and column of byte `offset`; an offset past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines.partition_point(|start| *start as usize <= offset);
        // A byte order mark is no column: editors do not count it.
        let before = self.text[self.lines[line - 1] as usize..offset].trim_start_matches('\u{feff}');
        let column = unicode_segmentation::UnicodeSegmentation::graphemes(before, true).count() + 1;
        Position { line, column }
    }

    /// Returns the byte offset of the first byte of `line` (from 1); the end past the last line.
    pub fn start_of(&self, line: usize) -> usize {
        let start = line.checked_sub(1).and_then(|index| self.lines.get(index));
        start.map_or(self.text.len(), |start| *start as usize)
    }

    /// Returns the text of `line` (from 1) without its line end; empty past the last line.
    pub fn line(&self, line: usize) -> &str {
        let Some(start) = line.checked_sub(1).and_then(|i| self.lines.get(i)) else { return "" };
        let end = self.lines.get(line).map_or(self.text.len(), |next| *next as usize - 1);
        self.text[*start as usize..end].trim_start_matches('\u{feff}').trim_end_matches('\r')
    }

    /// Returns the header of the outermost block that holds byte `offset`.
    pub fn header_at(&self, offset: usize) -> Option<String> {
        let headers = self.headers.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        headers.iter().find(|h| h.range.contains(&offset)).map(|h| h.text.clone())
    }
}

/// All texts of one command; it lives as long as the command, so that an error raised late can still show its line.
#[derive(Clone, Default, Debug)]
pub struct SourceMap(Arc<RwLock<Vec<Arc<Source>>>>);

impl SourceMap {
    /// Adds a text under `name` and returns its id. The same name may be added twice.
    pub fn add(&self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let mut files = self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        files.push(Arc::new(Source::new(name.into(), text.into())));
        FileId(u32::try_from(files.len() - 1).expect("fewer than 2^32 files are opened"))
    }

    /// Returns the text `id`.
    pub fn get(&self, id: FileId) -> Arc<Source> {
        let files = self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        Arc::clone(&files[id.0 as usize])
    }

    /// Returns the first text that was added under `name`.
    pub fn named(&self, name: &str) -> Option<FileId> {
        let files = self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let at = files.iter().position(|source| source.name == name)?;
        Some(FileId(u32::try_from(at).expect("fewer than 2^32 files are opened")))
    }

    /// Sets the block headers of file `id`, for `on FILE line N, in HEADER:`.
    pub fn set_headers(&self, id: FileId, headers: Vec<Header>) {
        let source = self.get(id);
        *source.headers.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = headers;
    }

    /// Returns `name:line,column-column`, or `name:line,column-line,column` over several lines (the reference's form).
    pub fn describe(&self, span: Span) -> String {
        let source = self.get(span.file);
        let (start, end) = (source.position(span.start as usize), source.position(span.end as usize));
        if start.line == end.line {
            format!("{}:{},{}-{}", source.name, start.line, start.column, end.column)
        } else {
            format!("{}:{},{}-{},{}", source.name, start.line, start.column, end.line, end.column)
        }
    }
}
