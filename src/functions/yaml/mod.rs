//! `yamlencode` and `yamldecode`: `write` makes the text, `read` builds values, `scalar` says what plain words mean.
//!
//! What the characters of YAML mean is a crate's knowledge.

mod read;
mod scalar;
mod write;

use super::Shape::{Any, String as Text};
use super::{Function, Looks, failed, nullable, param, text};
use crate::value::{Type, Value};

/// The functions of this family.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "yamlencode",
        params: &[nullable("value", Any)],
        rest: None,
        returns: Text,
        looks: Looks::Deep,
        call: |_cx, args| Ok(write::write(&args[0]).into()),
        about: "`value` as YAML, one member or element a line; keys and texts stand in quotes.",
        examples: &[
            (r#"yamlencode({ b = [1, "x"], a = true })"#, r#""\"a\": true\n\"b\":\n- 1\n- \"x\"\n""#),
            (r#"yamlencode({ a = "one\ntwo\n" })"#, r#""\"a\": |\n  one\n  two\n""#),
        ],
    },
    Function {
        name: "yamldecode",
        params: &[param("src", Text)],
        rest: None,
        returns: Any,
        looks: Looks::Deep,
        call: |_cx, args| match read::read(text(args, 0)) {
            // A null of no type is nothing that could be told from what is not known, here as in the reference.
            Ok(value) if value.is_null() => Ok(Value::unknown(Type::Any)),
            Ok(value) => Ok(value),
            Err(reason) => failed(reason),
        },
        about: "The value that a single document of YAML stands for, with the plain words of YAML 1.1 such as `yes` and `off`.",
        examples: &[
            (r#"yamldecode("a: [1, yes, ~]\nb: x")"#, r#"{ a = [1, true, null], b = "x" }"#),
            (
                r#"yamldecode("a: &x { k: v }\nb:\n  <<: *x\n  l: w")"#,
                r#"{ a = { k = "v" }, b = { k = "v", l = "w" } }"#,
            ),
        ],
    },
];
