//! The zip archive: names as they are given, no times.
//!
//! Written by hand: the `zip` crate cannot leave out the time of a file, nor compress one file by several threads.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use anyhow::{Context, Result};
use flate2::{Compress, Compression, FlushCompress};

use super::blocks::{Block, Blocks, Work};
use super::job::{Input, copy};

const BLOCK: usize = 1 << 20;

/// How far back deflate may look.
const WINDOW: usize = 32 << 10;

/// What a file needs of version 4.5 of the format: sizes and places of more than 32 bits.
const VERSION_64: u16 = 45;

/// Names are UTF-8.
const FLAGS: u16 = 0x800;

const DEFLATE: u16 = 8;

/// A file in the archive.
struct Member {
    name: Vec<u8>,
    crc: u32,
    size: u64,
    packed: u64,
    start: u64,
}

/// Writes `inputs` into `to`, deflated (PP-compress-9).
///
/// # Errors
/// When a file cannot be read or the archive cannot be written.
pub fn write(inputs: impl Iterator<Item = Input>, level: i32, threads: usize, mut to: File) -> Result<()> {
    let level = if level > 0 { level.min(9).unsigned_abs() } else { 6 };
    let mut members = Vec::new();
    for mut input in inputs {
        let (file, _) = input.open()?;
        let name = input.name().to_string_lossy().into_owned().into_bytes();
        let member = add(name, file, level, threads, &mut to).map_err(|error| input.failed(&error))?;
        members.push(member);
    }
    finish(&members, &mut to).context("cannot write the list of an archive's files")
}

fn add(name: Vec<u8>, file: impl Read, level: u32, threads: usize, to: &mut File) -> io::Result<Member> {
    let mut member = Member { name, crc: 0, size: 0, packed: 0, start: to.stream_position()? };
    to.write_all(&member.local_header()?)?;
    let start = to.stream_position()?;
    let mut counted = Counted { file, crc: crc32fast::Hasher::new(), size: 0 };
    let mut bytes = Vec::new();
    counted.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)?;
    if bytes.len() < BLOCK {
        // Ten thousand small files would start more threads than they are worth.
        to.write_all(&deflate(level)(Block { bytes, before: Vec::new() })?)?;
    } else {
        let mut blocks = Blocks::new(to.try_clone()?, BLOCK, WINDOW, threads, || deflate(level));
        blocks.write_all(&bytes)?;
        copy(&mut counted, &mut blocks)?;
        blocks.finish()?;
    }
    // The blocks leave the stream open; an empty last one ends it.
    to.write_all(b"\x03\x00")?;
    let end = to.stream_position()?;
    (member.crc, member.size, member.packed) = (counted.crc.finalize(), counted.size, end - start);
    to.seek(SeekFrom::Start(member.start))?;
    to.write_all(&member.local_header()?)?;
    to.seek(SeekFrom::Start(end))?;
    Ok(member)
}

/// Deflates a block on top of the one before, up to a whole byte.
fn deflate(level: u32) -> Work {
    Box::new(move |block| {
        let mut stream = Compress::new(Compression::new(level), false);
        if !block.before.is_empty() {
            stream.set_dictionary(&block.before).map_err(io::Error::other)?;
        }
        let mut out = Vec::with_capacity(block.bytes.len() / 2 + 64);
        loop {
            let taken = usize::try_from(stream.total_in()).expect("a block fits the memory");
            stream.compress_vec(&block.bytes[taken..], &mut out, FlushCompress::Sync).map_err(io::Error::other)?;
            // Room that is left over says that everything has been written.
            if stream.total_in() == block.bytes.len() as u64 && out.len() < out.capacity() {
                return Ok(out);
            }
            out.reserve(out.capacity());
        }
    })
}

struct Counted<R> {
    file: R,
    crc: crc32fast::Hasher,
    size: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.crc.update(&buffer[..count]);
        self.size += count as u64;
        Ok(count)
    }
}

/// Returns `number` where it fits into 32 bits, and the sign for "see the extra field" where it does not.
fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

impl Member {
    fn name_length(&self) -> io::Result<u16> {
        u16::try_from(self.name.len()).map_err(|_| io::Error::other("its name is longer than a zip archive can hold"))
    }

    /// Always with the extra field of long sizes: the header's length must not depend on what is known only later.
    fn local_header(&self) -> io::Result<Vec<u8>> {
        Ok(joined(&[
            b"PK\x03\x04",
            &VERSION_64.to_le_bytes(),
            &FLAGS.to_le_bytes(),
            &DEFLATE.to_le_bytes(),
            &[0; 4],
            &self.crc.to_le_bytes(),
            &u32::MAX.to_le_bytes(),
            &u32::MAX.to_le_bytes(),
            &self.name_length()?.to_le_bytes(),
            &20_u16.to_le_bytes(),
            &self.name,
            b"\x01\x00\x10\x00",
            &self.size.to_le_bytes(),
            &self.packed.to_le_bytes(),
        ]))
    }

    fn central_header(&self) -> io::Result<Vec<u8>> {
        let mut extra = Vec::new();
        for number in [self.size, self.packed, self.start] {
            if short(number) == u32::MAX {
                extra.extend_from_slice(&number.to_le_bytes());
            }
        }
        let length = u16::try_from(extra.len()).expect("at most three numbers");
        if length > 0 {
            extra = joined(&[b"\x01\x00", &length.to_le_bytes(), &extra]);
        }
        Ok(joined(&[
            b"PK\x01\x02",
            &VERSION_64.to_le_bytes(),
            &VERSION_64.to_le_bytes(),
            &FLAGS.to_le_bytes(),
            &DEFLATE.to_le_bytes(),
            &[0; 4],
            &self.crc.to_le_bytes(),
            &short(self.packed).to_le_bytes(),
            &short(self.size).to_le_bytes(),
            &self.name_length()?.to_le_bytes(),
            &u16::try_from(extra.len()).expect("at most three numbers").to_le_bytes(),
            // No comment, first disk, no attributes.
            &[0; 10],
            &short(self.start).to_le_bytes(),
            &self.name,
            &extra,
        ]))
    }
}

fn finish(members: &[Member], to: &mut File) -> io::Result<()> {
    let start = to.stream_position()?;
    for member in members {
        to.write_all(&member.central_header()?)?;
    }
    let end = to.stream_position()?;
    let (count, length) = (members.len() as u64, end - start);
    let short_count = u16::try_from(count).unwrap_or(u16::MAX);
    if short_count == u16::MAX || short(length) == u32::MAX || short(start) == u32::MAX {
        to.write_all(&joined(&[
            b"PK\x06\x06",
            &44_u64.to_le_bytes(),
            &VERSION_64.to_le_bytes(),
            &VERSION_64.to_le_bytes(),
            &[0; 8],
            &count.to_le_bytes(),
            &count.to_le_bytes(),
            &length.to_le_bytes(),
            &start.to_le_bytes(),
            b"PK\x06\x07",
            &[0; 4],
            &end.to_le_bytes(),
            &1_u32.to_le_bytes(),
        ]))?;
    }
    to.write_all(&joined(&[
        b"PK\x05\x06",
        &[0; 4],
        &short_count.to_le_bytes(),
        &short_count.to_le_bytes(),
        &short(length).to_le_bytes(),
        &short(start).to_le_bytes(),
        &[0; 2],
    ]))
}
