//! What differs between systems: file modes and owners, process groups and signals, the terminal, sockets, the home.
//!
//! Knows nothing of who asks. The only place that looks at the system; both sides offer the same items.

#[cfg(not(unix))]
mod elsewhere;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub use elsewhere::*;
#[cfg(unix)]
pub use unix::*;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_same_until_another_takes_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("a"), folder.path().join("b"));
        let file = std::fs::File::create(&path).unwrap();
        assert!(is_at(&file, &path));
        std::fs::write(&other, "").unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert!(!is_at(&file, &path));
    }

    #[test]
    fn a_folder_that_takes_no_files_is_told_from_one_that_does() {
        let folder = tempfile::tempdir().unwrap();
        assert!(check_writable(folder.path()).is_ok());
        assert!(check_writable(&folder.path().join("nowhere")).is_err());
    }
}
