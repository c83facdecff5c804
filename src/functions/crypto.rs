//! Hashes and ids.
//!
//! Hashes are of the UTF-8 bytes of a text, in lower-case hex.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::Shape::{Number as Num, String as Text};
use super::{Function, Looks, failed, param, text, whole};
use crate::eval::CallError;
use crate::value::Value;

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "md5",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(hex::encode(Md5::digest(text(args, 0))).into()),
        about: "The MD5 hash of `str`.",
        examples: &[(r#"md5("hello")"#, r#""5d41402abc4b2a76b9719d911017c592""#)],
    },
    Function {
        name: "sha1",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(hex::encode(Sha1::digest(text(args, 0))).into()),
        about: "The SHA-1 hash of `str`.",
        examples: &[(r#"sha1("hello")"#, r#""aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d""#)],
    },
    Function {
        name: "sha256",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(hex::encode(Sha256::digest(text(args, 0))).into()),
        about: "The SHA-256 hash of `str`.",
        examples: &[(r#"sha256("hello")"#, r#""2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824""#)],
    },
    Function {
        name: "sha512",
        params: &[param("str", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(hex::encode(Sha512::digest(text(args, 0))).into()),
        about: "The SHA-512 hash of `str`.",
        examples: &[
            (r#"length(sha512("hello"))"#, "128"),
            (r#"substr(sha512("hello"), 0, 16)"#, r#""9b71d224bd62f378""#),
        ],
    },
    Function {
        name: "uuidv4",
        params: &[],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, _args| Ok(uuid::Uuid::new_v4().to_string().into()),
        about: "A random UUID, another one each time it is evaluated; a local keeps one.",
        examples: &[("length(uuidv4())", "36"), ("substr(uuidv4(), 14, 1)", r#""4""#)],
    },
    Function {
        name: "uuidv5",
        params: &[param("namespace", Text), param("name", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| {
            let given = text(args, 0);
            let namespace = match given {
                "dns" => Ok(uuid::Uuid::NAMESPACE_DNS),
                "url" => Ok(uuid::Uuid::NAMESPACE_URL),
                "oid" => Ok(uuid::Uuid::NAMESPACE_OID),
                "x500" => Ok(uuid::Uuid::NAMESPACE_X500),
                given => uuid::Uuid::parse_str(given),
            };
            match namespace {
                Ok(namespace) => Ok(uuid::Uuid::new_v5(&namespace, text(args, 1).as_bytes()).to_string().into()),
                Err(_) => failed(format!("uuidv5() has no namespace {given:?}; it is dns, url, oid, x500 or a UUID")),
            }
        },
        about: "The UUID that `name` always has in a namespace: `dns`, `url`, `oid`, `x500` or a UUID.",
        examples: &[(r#"uuidv5("dns", "www.example.com")"#, r#""2ed6657d-e927-568b-95e1-2665a8aea6a2""#)],
    },
    Function {
        name: "bcrypt",
        params: &[param("str", Text)],
        rest: Some(param("cost", Num)),
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| hash_password(args),
        about: "A bcrypt hash of `str` with a salt of its own, another one each time; `cost` is 10 unless given, and each step \
                more doubles the time.",
        examples: &[(r#"substr(bcrypt("hello", 5), 0, 7)"#, r#""$2a$05$""#), (r#"length(bcrypt("hello", 4))"#, "60")],
    },
    Function {
        name: "rsadecrypt",
        params: &[param("ciphertext", Text), param("privatekey", Text)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| decrypt(text(args, 0), text(args, 1)),
        about: "The text that was encrypted for an RSA key (PKCS #1 v1.5): `ciphertext` is in base64, the key in PEM.",
        examples: &[(r#"can(rsadecrypt("aGVsbG8=", "not a key"))"#, "false")],
    },
];

/// The cost where none, or one below the least, is given.
const COST: u32 = 10;

/// The most that a cost may be; each step doubles the time, and beyond this one hash takes minutes.
const MOST_COST: i64 = 31;

/// Bytes of a password that count; the reference refuses more.
const LONGEST_PASSWORD: usize = 72;

fn hash_password(args: &[Value]) -> Result<Value, CallError> {
    let cost = match args {
        [_] => i64::from(COST),
        [_, _] => whole(args, 1)?,
        _ => return failed("bcrypt() takes no more than two arguments"),
    };
    if cost > MOST_COST {
        return failed(format!("a cost of {cost} is above the most that bcrypt knows, {MOST_COST}"));
    }
    let password = text(args, 0);
    if password.len() > LONGEST_PASSWORD {
        return failed(format!("bcrypt hashes no more than {LONGEST_PASSWORD} bytes"));
    }
    // A cost that is too small is not taken at its word.
    let cost = u32::try_from(cost).ok().filter(|cost| *cost >= 4).unwrap_or(COST);
    match bcrypt::hash_with_result(password, cost) {
        Ok(parts) => Ok(parts.format_for_version(bcrypt::Version::TwoA).into()),
        Err(error) => failed(format!("cannot hash it: {error}")),
    }
}

fn decrypt(ciphertext: &str, key: &str) -> Result<Value, CallError> {
    let Some(encrypted) = super::encoding::unpacked(ciphertext) else { return failed("it is not base64") };
    let key = private_key(key).or_else(failed)?;
    let mut room = vec![0; key.min_output_size()];
    let Ok(plain) = key.decrypt(&encrypted, &mut room) else {
        return failed("the text was not encrypted for this key, with the padding of PKCS #1 v1.5");
    };
    match std::str::from_utf8(plain) {
        Ok(text) => Ok(text.into()),
        Err(_) => failed("what was encrypted is not valid UTF-8"),
    }
}

/// Reads a private key in PEM: an RSA key of its own, or one in PKCS #8.
fn private_key(pem: &str) -> Result<aws_lc_rs::rsa::Pkcs1PrivateDecryptingKey, &'static str> {
    let body = |kind: &str| {
        let (_, rest) = pem.split_once(&format!("-----BEGIN {kind}-----"))?;
        Some(rest.split_once(&format!("-----END {kind}-----"))?.0)
    };
    if pem.contains("ENCRYPTED") {
        return Err("failed to parse key: it is protected by a password, which is not supported");
    }
    let (lines, is_bare) = match (body("RSA PRIVATE KEY"), body("PRIVATE KEY")) {
        (Some(lines), _) => (lines, true),
        (None, Some(lines)) => (lines, false),
        (None, None) => return Err("failed to parse key: no RSA private key in PEM found"),
    };
    let packed: String = lines.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let der = super::encoding::unpacked(&packed).ok_or("failed to parse key: its body is not base64")?;
    let der = if is_bare { in_pkcs8(&der) } else { der };
    let key = aws_lc_rs::rsa::PrivateDecryptingKey::from_pkcs8(&der).ok();
    key.and_then(|key| aws_lc_rs::rsa::Pkcs1PrivateDecryptingKey::new(key).ok())
        .ok_or("failed to parse key: it is no RSA key of 2048 to 8192 bits")
}

/// Puts a bare RSA key into the envelope that names its kind (RFC 5208).
fn in_pkcs8(key: &[u8]) -> Vec<u8> {
    let tagged = |tag: u8, body: &[u8]| {
        let length = body.len().to_be_bytes();
        let short = &length[length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1)..];
        let mut out = vec![tag];
        if body.len() >= 0x80 {
            // A length has a few bytes at most.
            out.push(0x80 | u8::try_from(short.len()).unwrap_or(0));
        }
        out.extend_from_slice(short);
        out.extend_from_slice(body);
        out
    };
    // Version 0, then rsaEncryption without parameters.
    let mut body = vec![2, 1, 0, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    body.extend(tagged(4, key));
    tagged(0x30, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_encrypted_for_a_key_are_decrypted() {
        // FN-94
        use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
        use aws_lc_rs::rsa::{KeySize, Pkcs1PublicEncryptingKey, PrivateDecryptingKey};
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
        let der: Pkcs8V1Der = key.as_der().unwrap();
        let pem = |kind: &str, der: &[u8]| {
            format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der))
        };
        let public = Pkcs1PublicEncryptingKey::new(key.public_key()).unwrap();
        let mut room = vec![0; public.ciphertext_size()];
        let packed = STANDARD.encode(public.encrypt(b"the message", &mut room).unwrap());
        // The bare key is what stands behind the 26 bytes of the envelope.
        for pem in [pem("PRIVATE KEY", der.as_ref()), pem("RSA PRIVATE KEY", &der.as_ref()[26..])] {
            assert_eq!(decrypt(&packed, &pem), Ok("the message".into()));
            assert!(matches!(decrypt("aGVsbG8=", &pem), Err(CallError::Failed(_))));
            assert!(matches!(decrypt("%", &pem), Err(CallError::Failed(_))));
        }
        for key in ["", "no key", "-----BEGIN RSA PRIVATE KEY-----\naGk=\n-----END RSA PRIVATE KEY-----"] {
            assert!(matches!(decrypt(&packed, key), Err(CallError::Failed(_))), "{key}");
        }
    }

    #[test]
    fn costs_below_the_least_count_for_nothing() {
        // FN-89
        let start = |args: &[Value]| hash_password(args).map(|hash| hash.as_str().unwrap()[..7].to_owned());
        assert_eq!(start(&["x".into(), 1.into()]).as_deref(), Ok("$2a$10$"));
        assert_eq!(start(&["x".into(), 4.into()]).as_deref(), Ok("$2a$04$"));
        assert!(start(&["x".into(), 32.into()]).is_err());
        assert!(
            start(&["x".into(), 4.into(), 5.into()]).unwrap_err()
                == CallError::Failed("bcrypt() takes no more than two arguments".into())
        );
        assert!(start(&["x".repeat(73).into(), 4.into()]).is_err());
    }

    #[test]
    fn ids_differ_each_time() {
        // FN-9, FN-95
        let function = FUNCTIONS.iter().find(|function| function.name == "uuidv4").unwrap();
        let cx = crate::functions::standing_still();
        assert_ne!((function.call)(&cx, &[]), (function.call)(&cx, &[]));
    }
}
