//! The compressed streams: gzip, bgzf, bzip2, xz, lz4, zstd.
//!
//! Knows nothing of files and archives: bytes in, bytes out.

use std::fs::File;
use std::io::{self, Write};

use libdeflater::{CompressionLvl, Compressor};

use super::blocks::{Blocks, Work};
use super::format::Algorithm;

/// A stream that has to be ended.
pub trait Encoder: Write {
    /// Writes the end of the stream.
    ///
    /// # Errors
    /// What writing meets; what was written before may fail only here.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Bytes that are compressed at once. Blocks know nothing of each other; at this size that costs under 1 %.
const GZIP_BLOCK: usize = 1 << 20;

/// Bytes of a bgzf block, as htslib cuts them: what does not shrink still fits into 64 KiB.
const BGZF_BLOCK: usize = 0xff00;

/// The empty block that ends a bgzf file.
const BGZF_END: &[u8] = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\x1b\0\x03\0\0\0\0\0\0\0\0\0";

/// The fastest level of libdeflate whose output is not larger than the reference's default gives, for programs and for
/// text; level 3 is 5 % faster, and 1.4 % larger for text. The reference takes 1.4 times the processor time.
const GZIP_DEFAULT: i32 = 4;

/// How far back xz looks. The preset's 8 MiB takes 120 MiB a thread and a third more time to save 2.5 %.
const XZ_WINDOW: u32 = 1 << 20;

/// Bytes that all threads of xz may take together, and how many there are at most; fewer run where these do not suffice.
const XZ_MEMORY: u64 = 256 << 20;
const XZ_THREADS: u32 = 64;

/// Makes an encoder of `level` that uses `threads`; levels below 1 mean the format's default, above 9 mean 9.
///
/// # Errors
/// When the library refuses.
pub fn encoder(algorithm: Algorithm, level: i32, threads: usize, to: File) -> io::Result<Box<dyn Encoder>> {
    let level = (level > 0).then_some(level.min(9));
    Ok(match algorithm {
        Algorithm::Gzip => {
            let level = level.unwrap_or(GZIP_DEFAULT);
            Box::new(Parallel { blocks: Blocks::new(to, GZIP_BLOCK, 0, threads, || gzip(level)), end: b"" })
        }
        Algorithm::Bgzf => {
            let level = level.unwrap_or(GZIP_DEFAULT);
            let blocks = Blocks::new(to, BGZF_BLOCK * 16, 0, threads, || bgzf(level));
            Box::new(Parallel { blocks, end: BGZF_END })
        }
        Algorithm::Bzip2 => {
            let level = level.unwrap_or(9).unsigned_abs();
            // One bzip2 block each; streams behind one another are one file to every reader of bzip2.
            let size = level as usize * 100_000 - 1000;
            Box::new(Parallel { blocks: Blocks::new(to, size, 0, threads, || bzip2(level)), end: b"" })
        }
        Algorithm::Lz4 => {
            let frame =
                lz4_flex::frame::FrameInfo::new().block_size(lz4_flex::frame::BlockSize::Max4MB).content_checksum(true);
            Box::new(Lz4(lz4_flex::frame::FrameEncoder::with_frame_info(frame, to)))
        }
        // The level is taken and ignored, as the reference does.
        Algorithm::Xz => Box::new(Xz(liblzma::write::XzEncoder::new_stream(to, xz(threads)?))),
        Algorithm::Zstd => {
            let mut encoder = zstd::Encoder::new(to, level.unwrap_or(zstd::DEFAULT_COMPRESSION_LEVEL))?;
            encoder.include_checksum(true)?;
            encoder.multithread(u32::try_from(threads).unwrap_or(1))?;
            Box::new(Zstd(encoder))
        }
    })
}

fn deflater(level: i32) -> Compressor {
    Compressor::new(CompressionLvl::new(level).expect("levels 1 to 9 exist"))
}

/// One gzip member a block.
fn gzip(level: i32) -> Work {
    let mut deflater = deflater(level);
    Box::new(move |block| {
        let mut out = vec![0; deflater.gzip_compress_bound(block.bytes.len())];
        let length = deflater.gzip_compress(&block.bytes, &mut out).map_err(|_| no_room())?;
        out.truncate(length);
        Ok(out)
    })
}

/// Several bgzf blocks; each tells its own length in an extra field.
fn bgzf(level: i32) -> Work {
    const HEAD: usize = 18;
    let mut deflater = deflater(level);
    Box::new(move |block| {
        let mut out = Vec::with_capacity(block.bytes.len() / 2);
        for bytes in block.bytes.chunks(BGZF_BLOCK) {
            let start = out.len();
            out.extend_from_slice(b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\0\0");
            out.resize(start + HEAD + deflater.deflate_compress_bound(bytes.len()), 0);
            let length = deflater.deflate_compress(bytes, &mut out[start + HEAD..]).map_err(|_| no_room())?;
            out.truncate(start + HEAD + length);
            out.extend_from_slice(&crc32fast::hash(bytes).to_le_bytes());
            out.extend_from_slice(&u32::try_from(bytes.len()).expect("a block fits 64 KiB").to_le_bytes());
            let size = u16::try_from(out.len() - start - 1).map_err(|_| no_room())?;
            out[start + HEAD - 2..start + HEAD].copy_from_slice(&size.to_le_bytes());
        }
        Ok(out)
    })
}

fn bzip2(level: u32) -> Work {
    Box::new(move |block| {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(level));
        encoder.write_all(&block.bytes)?;
        encoder.finish()
    })
}

fn xz(threads: usize) -> io::Result<liblzma::stream::Stream> {
    let mut options = liblzma::stream::LzmaOptions::new_preset(6)?;
    options.dict_size(XZ_WINDOW);
    let mut filters = liblzma::stream::Filters::new();
    filters.lzma2(&options);
    let mut builder = liblzma::stream::MtStreamBuilder::new();
    builder.filters(filters).check(liblzma::stream::Check::Crc64);
    let mut threads = u32::try_from(threads).unwrap_or(u32::MAX).clamp(1, XZ_THREADS);
    while builder.threads(threads).memusage() > XZ_MEMORY && threads > 1 {
        threads -= 1;
    }
    Ok(builder.encoder()?)
}

fn no_room() -> io::Error {
    io::Error::other("a compressed block does not fit its buffer")
}

/// Blocks compressed side by side, and the bytes that end the stream.
struct Parallel {
    blocks: Blocks<File>,
    end: &'static [u8],
}

impl Encoder for Parallel {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.blocks.finish()?.write_all(self.end)
    }
}

struct Lz4(lz4_flex::frame::FrameEncoder<File>);

impl Encoder for Lz4 {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.0.finish().map(drop).map_err(io::Error::other)
    }
}

struct Xz(liblzma::write::XzEncoder<File>);

impl Encoder for Xz {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.0.finish().map(drop)
    }
}

struct Zstd(zstd::Encoder<'static, File>);

impl Encoder for Zstd {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.0.finish().map(drop)
    }
}

/// Passes writing on to the stream inside.
macro_rules! write_through {
    ($($ty:ident . $field:tt),*) => { $(
        impl Write for $ty {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.$field.write(bytes)
            }
            fn flush(&mut self) -> io::Result<()> {
                self.$field.flush()
            }
        }
    )* };
}
write_through!(Parallel.blocks, Lz4.0, Xz.0, Zstd.0);
