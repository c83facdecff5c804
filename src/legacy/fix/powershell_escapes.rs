//! `powershell-escapes`: escapes that `powershell` provisioners write by themselves today.
//!
//! Scripts are left as they are: there an escape means one.

use serde_json::Value;

use super::parts::{Parts, Problems};

/// Takes the back-quote away before `$`, `"`, `'` and another one (FIX-25).
pub fn fix(parts: &mut Parts, problems: &mut Problems) {
    for (index, provisioner) in parts.provisioners() {
        if provisioner.get("type").and_then(Value::as_str) != Some("powershell") {
            continue;
        }
        for option in ["elevated_user", "elevated_password"] {
            match provisioner.get_mut(option) {
                Some(Value::String(text)) => *text = unescaped(text),
                None => {}
                Some(_) => problems.add(
                    ["provisioners".into(), index.into(), option.into()],
                    "The name and the password of the elevated user are texts.",
                ),
            }
        }
        if let Some(Value::Array(variables)) = provisioner.get_mut("environment_vars")
            && variables.iter().all(Value::is_string)
        {
            for variable in variables {
                if let Value::String(text) = variable {
                    *text = unescaped(text);
                }
            }
        }
    }
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(one) = rest.next() {
        let next = rest.as_str().chars().next().filter(|next| one == '`' && ['$', '"', '`', '\''].contains(next));
        plain.push(next.unwrap_or(one));
        if next.is_some() {
            rest.next();
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_undone_once_from_left_to_right() {
        // FIX-25
        assert_eq!(unescaped("a`\"b``c`'d`n`$`"), "a\"b`c'd`n$`");
        assert_eq!(unescaped("```$"), "`$");
    }
}
