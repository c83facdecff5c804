//! The checksum file beside each binary: 64 hexadecimal digits of its SHA-256.
//!
//! Knows no names of plugins; where the file stands follows from the binary.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// How many digits a checksum has.
const DIGITS: usize = 64;

/// Returns where the checksum file of `binary` stands.
pub fn beside(binary: &Path) -> PathBuf {
    let mut path = binary.as_os_str().to_owned();
    path.push("_SHA256SUM");
    path.into()
}

/// Returns the checksum of a file, in small hexadecimal digits.
///
/// # Errors
/// When it cannot be read.
pub fn of(path: &Path) -> io::Result<String> {
    let mut summing = Summing::new(io::sink());
    io::copy(&mut File::open(path)?, &mut summing)?;
    Ok(summing.sum())
}

/// Checks that the checksum file beside `binary` tells what is in it. What follows the digits does not matter, nor does
/// their case.
///
/// # Errors
/// Why it cannot be used (INI-10).
pub fn check(binary: &Path) -> Result<(), String> {
    let place = beside(binary);
    let mut told = Vec::new();
    let digits = u64::try_from(DIGITS).expect("a small number");
    match File::open(&place).and_then(|file| file.take(digits).read_to_end(&mut told)) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err("it has no checksum file".to_owned()),
        Err(error) => return Err(format!("its checksum file cannot be read: {error}")),
    }
    let told = String::from_utf8_lossy(&told).to_lowercase();
    if !is_sum(&told) {
        return Err(format!("its checksum file does not start with {DIGITS} hexadecimal digits"));
    }
    match of(binary) {
        Ok(sum) if sum == told => Ok(()),
        Ok(_) => Err("its checksum file tells another checksum than it has".to_owned()),
        Err(error) => Err(format!("it cannot be read: {error}")),
    }
}

/// Whether this is a checksum in small digits.
pub fn is_sum(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Sums up what is written through it.
pub struct Summing<W> {
    inner: W,
    hash: Sha256,
}

impl<W> Summing<W> {
    /// Returns a writer to `inner`.
    pub fn new(inner: W) -> Summing<W> {
        Summing { inner, hash: Sha256::new() }
    }

    /// Returns the checksum of what was written, in small hexadecimal digits.
    pub fn sum(self) -> String {
        hex::encode(self.hash.finalize())
    }
}

impl<W: io::Write> io::Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_any_case_count_and_what_follows_them_does_not() {
        // INI-10
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("b");
        std::fs::write(&binary, "a program").unwrap();
        let sum = of(&binary).unwrap();
        let told = |text: &str| {
            std::fs::write(beside(&binary), text).unwrap();
            check(&binary)
        };
        assert_eq!(told(&sum), Ok(()));
        assert_eq!(told(&format!("{}  b\n", sum.to_uppercase())), Ok(()));
        assert!(told(&sum.replace(|c: char| c.is_ascii_digit(), "0")).unwrap_err().contains("another checksum"));
        assert!(told("").is_err() && told(&sum[1..]).is_err() && told(&"é".repeat(64)).is_err());
        std::fs::remove_file(beside(&binary)).unwrap();
        assert_eq!(check(&binary).unwrap_err(), "it has no checksum file");
    }
}
