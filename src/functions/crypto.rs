//! Hashes and ids.
//!
//! Hashes are of the UTF-8 bytes of a text, in lower-case hex.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::Shape::String as Text;
use super::{Function, Looks, param, text};

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
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_each_time() {
        // FN-9, FN-95
        let function = FUNCTIONS.iter().find(|function| function.name == "uuidv4").unwrap();
        let cx = crate::functions::standing_still();
        assert_ne!((function.call)(&cx, &[]), (function.call)(&cx, &[]));
    }
}
