//! Key files as they are looked at before anything runs: is this a private key that can be used unattended?
//!
//! Knows no cryptography: only the envelope is read.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::host::{Host, explain, platform};

/// Returns `path` with a leading `~` replaced by the user's home.
///
/// # Source
/// C-ssh-12: the home comes from the user database; `HOME` is only asked when the user is not in there.
pub fn expand_home(host: &Host, path: &str) -> PathBuf {
    let Some(rest) = path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
        return host.absolute(path);
    };
    let home = platform::home_in_user_database().or_else(|| host.home()).unwrap_or_else(|| PathBuf::from("/"));
    home.join(rest.trim_start_matches('/'))
}

/// Checks that `path` names a private key without passphrase.
///
/// # Errors
/// Why it cannot be used, as people read it.
pub fn check_private_key(host: &Host, path: &str) -> Result<(), String> {
    let text = read(host, path)?;
    let Some((kind, body)) = envelope(&text) else {
        return Err(format!("{path:?} holds no private key in PEM or OpenSSH form"));
    };
    let is_protected = match kind {
        "ENCRYPTED PRIVATE KEY" => true,
        "OPENSSH PRIVATE KEY" => {
            let cipher = openssh_cipher(body).ok_or_else(|| format!("the OpenSSH key in {path:?} is damaged"))?;
            cipher != b"none"
        }
        _ => body.contains("Proc-Type: 4,ENCRYPTED"),
    };
    if is_protected {
        return Err(format!(
            "the key in {path:?} is protected by a passphrase, and nobody is there to type it; use a key without one, \
             or load it into an agent and set ssh_agent_auth"
        ));
    }
    Ok(())
}

/// Checks that `path` names an OpenSSH certificate.
///
/// # Errors
/// Why it cannot be used, as people read it.
pub fn check_certificate(host: &Host, path: &str) -> Result<(), String> {
    let text = read(host, path)?;
    let mut words = text.split_ascii_whitespace();
    let is_certificate = words.next().is_some_and(|word| word.contains("-cert-v0"))
        && words.next().is_some_and(|word| STANDARD.decode(word).is_ok());
    if is_certificate { Ok(()) } else { Err(format!("{path:?} holds no OpenSSH certificate")) }
}

fn read(host: &Host, path: &str) -> Result<String, String> {
    let bytes = std::fs::read(expand_home(host, path)).map_err(|error| explain("open", path, &error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the kind and the lines between the first `-----BEGIN … PRIVATE KEY-----` and its end.
fn envelope(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (kind, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {kind}-----"))?;
    kind.ends_with("PRIVATE KEY").then_some((kind, body))
}

/// Returns the name of the cipher that an OpenSSH key is locked with.
fn openssh_cipher(body: &str) -> Option<Vec<u8>> {
    let text: String = body.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(text).ok()?;
    let rest = bytes.strip_prefix(b"openssh-key-v1\0")?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    rest.get(..u32::from_be_bytes(*length) as usize).map(<[u8]>::to_vec)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key"), text).unwrap();
        check_private_key(&Host::fixed(folder.path(), &[]), "key")
    }

    fn openssh(cipher: &[u8]) -> String {
        let mut bytes = b"openssh-key-v1\0".to_vec();
        bytes.extend(u32::try_from(cipher.len()).unwrap().to_be_bytes());
        bytes.extend(cipher);
        format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{}\n-----END OPENSSH PRIVATE KEY-----\n", STANDARD.encode(bytes))
    }

    #[test]
    fn a_key_with_a_passphrase_is_told_from_one_without() {
        assert_eq!(check(&openssh(b"none")), Ok(()));
        assert!(check(&openssh(b"aes256-ctr")).unwrap_err().contains("passphrase"));
        let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----";
        assert!(check(old).unwrap_err().contains("passphrase"));
    }

    #[test]
    fn what_is_no_key_is_refused_by_name() {
        assert!(check("this is no key").unwrap_err().contains("\"key\" holds no private key"));
        assert!(check("ssh-ed25519 AAAA me").is_err());
        let host = Host::fixed(std::path::Path::new("/"), &[]);
        assert_eq!(check_private_key(&host, "no/such").unwrap_err(), "open no/such: no such file or directory");
    }
}
