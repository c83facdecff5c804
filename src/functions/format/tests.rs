//! Verbs and what they make of values.
//!
//! Tests only.

use super::*;

fn number(text: &str) -> Value {
    Number::from_text(text).unwrap().into()
}

fn shown(format: &str, args: &[Value]) -> String {
    write(format, args).unwrap_or_else(|(CallError::Failed(e) | CallError::Argument(_, e))| format!("! {e}"))
}

#[test]
fn whole_numbers_take_flags_width_and_base() {
    // FN-27
    let all = [number("42")];
    for (format, expected) in [
        ("[%5d]", "[   42]"),
        ("[%05d]", "[00042]"),
        ("[%-5d]", "[42   ]"),
        ("%+d", "+42"),
        ("[% d]", "[ 42]"),
        ("%b", "101010"),
        ("%#x %[1]X %#[1]o", "0x2a 2A 052"),
        ("%5[1]d|%-5[1]d|", "   42|42   |"),
    ] {
        assert_eq!(shown(format, &all), expected, "{format}");
    }
    assert_eq!(shown("%x", &[number("-255")]), "-ff");
    assert_eq!(shown("%d", &[number("123456789012345678901234567890")]), "123456789012345678901234567890");
}

#[test]
fn fractions_are_fixed_scientific_or_general() {
    for (format, value, expected) in [
        ("%f", "3.14159", "3.141590"),
        ("%.2f", "3.14159", "3.14"),
        ("[%8.3f]", "3.14159", "[   3.142]"),
        ("%.0f", "2.5", "2"),
        ("%.2f", "0.004", "0.00"),
        ("%.1f", "9.96", "10.0"),
        ("%e", "123456", "1.234560e+05"),
        ("%E", "0.00012", "1.200000E-04"),
        ("%g", "1e21", "1e+21"),
        ("%G", "1e-10", "1E-10"),
        ("%v", "999999", "999999"),
        ("%v", "1000000", "1e+06"),
        ("%.3g", "1234.5", "1.23e+03"),
        ("%s", "1000000", "1000000"),
        ("%#v", "1000000", "1000000"),
        ("%f", "inf", "+Inf"),
    ] {
        assert_eq!(shown(format, &[number(value)]), expected, "{format} {value}");
    }
}

#[test]
fn texts_are_padded_cut_and_quoted() {
    assert_eq!(shown("[%6s|%-6s|%.2s]", &["abc".into(), "abc".into(), "abc".into()]), "[   abc|abc   |ab]");
    assert_eq!(shown("[%3s]", &["é".into()]), "[  é]");
    assert_eq!(shown("%q", &["say \"hi\"\n".into()]), r#""say \"hi\"\n""#);
    assert_eq!(shown("%t %v 100%%", &["false".into(), true.into()]), "false true 100%");
    assert_eq!(shown("%v", &[Value::tuple([1.into(), "a".into()])]), r#"[1,"a"]"#);
    assert_eq!(shown("%#v", &["a<b".into()]), r#""a\u003cb""#);
    assert_eq!(shown("%q", &["<\u{1}\u{200b}>".into()]), "\"\\u003c\\u0001\u{200b}\\u003e\"");
    assert_eq!(
        shown("%-06s|%-08.1f|%-06d|%3.0d|%06v", &["ab".into(), number("2.5"), 7.into(), 0.into(), number("-2.5")]),
        "ab0000|000002.5|7     ||00-2.5"
    );
    assert_eq!(shown("%8.3v|%.1v", &["abcdef".into(), number("3.14159")]), "  abcdef|3.14159");
}

#[test]
fn wrong_formats_say_what_and_where() {
    // FN-28
    let a = || Value::from("a");
    for (format, args, expected) in [
        ("%s", vec![a(), a()], "! too many arguments; only 1 used by format string"),
        ("x", vec![a()], "! too many arguments; no verbs in format string"),
        ("%s %s", vec![a()], "! not enough arguments for \"%s\" at 3: need index 2 but have 1 total"),
        ("%z", vec![a()], "! unsupported format verb 'z' in \"%z\" at offset 0"),
        ("%*d", vec![a(), a()], "! unrecognized format character '*' at offset 1"),
        ("%d", vec![number("1.5")], "! unsupported value for \"%d\" at 0: an integer is required"),
        ("%s", vec![Value::tuple([])], "! unsupported value for \"%s\" at 0: string required"),
    ] {
        assert_eq!(shown(format, &args), expected);
    }
    for format in ["50%", "%[0]s", "%[1]5d", "%[x]s", "%99999999999s", "%é"] {
        assert!(shown(format, &[a()]).starts_with('!'), "{format}");
    }
}

#[test]
fn lists_are_walked_together() {
    // FN-29
    let list = |items: &[&str]| Value::tuple(items.iter().map(|item| Value::from(*item)));
    let made = lines("%s:%s", &[list(&["a", "b"]), "x".into()]).unwrap();
    assert_eq!(made, crate::functions::texts(["a:x", "b:x"]));
    let uneven = lines("%s%s", &[list(&["a"]), list(&["b", "c"])]);
    assert!(matches!(uneven, Err(CallError::Argument(2, reason)) if reason.contains("inconsistent")));
    assert_eq!(lines("%s%s", &["x".into(), list(&[])]), Ok(crate::functions::texts::<&str>([])));
}
