//! What is wrong with the `{{ }}` of a block, where one of its texts cannot be taken apart.
//!
//! Translates nothing: the block stays as it is.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::actions::decode;
use crate::gotemplate;

/// What a block is called in errors.
pub const NAME: &str = "hcl2_upgrade";

/// A call whose arguments stand in quotes that are escaped, as they are between the quotes of HCL.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"\{\{[\t\n\f\r ]*[0-9A-Za-z_]*([\t\n\f\r ]*(\\".*\\")[\t\n\f\r ]*)+[0-9A-Za-z_]*[\t\n\f\r ]*\}\}"#;
    Regex::new(pattern).expect("the pattern is fixed")
});

/// Returns what is wrong with the block `text` as one template, in the words of Go; `None` when that is nothing.
///
/// # Source
/// UPG-10, UPG-16: calls with escaped quotes are understood where nothing else on the line is in quotes.
pub fn of_block(text: &str, is_known: &dyn Fn(&str) -> bool) -> Option<String> {
    let found = gotemplate::problem(NAME, text, is_known)?;
    if !found.contains(r#"unexpected "\\" in operand"#) {
        return Some(found);
    }
    gotemplate::problem(NAME, &unescaped(text), is_known)
}

fn unescaped(text: &str) -> String {
    let replaced = QUOTED.replace_all(text, |call: &Captures| match decode(&call[1]) {
        Some(arguments) => call[0].replacen(&call[1], &arguments, 1),
        None => call[0].to_owned(),
    });
    replaced.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_action_goes_on_behind_its_text() {
        let found = |text| of_block(text, &|name| name == "user").unwrap();
        assert_eq!(found("a = \"{{user `v`\"\n"), "template: hcl2_upgrade:1: unterminated quoted string");
        assert_eq!(found("a = [\"{{\", \"b\"]\n"), "template: hcl2_upgrade:1: bad character U+0022 '\"'");
        assert_eq!(found("x {\na = \"{{{user `v`}}}\"\n}"), "template: hcl2_upgrade:2: unexpected \"{\" in command");
        assert_eq!(
            found("a = \"{{user \\\"v\\\"}}\"\nb = \"{{nosuch}}\"\n"),
            "template: hcl2_upgrade:2: function \"nosuch\" not defined"
        );
    }
}
