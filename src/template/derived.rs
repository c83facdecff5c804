//! What functions compute from sensitive values is as secret as those.
//!
//! Knows no function: stands before the table and looks at what goes in and comes out.
//!
//! Only functions make new texts. A text with `${ }` in it shows its parts as they are, so whoever masks the parts masks
//! what is secret in it and leaves the rest readable; all else in an expression picks values or moves them about.
//! Numbers and bools are no texts, and a text that was only chosen by a secret is the template's own.

use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::eval::{CallError, Functions, LazyArgument, Scope, Signature, is_sensitive_within};
use crate::secrets::{Secrets, in_quotes};
use crate::value::{Data, Value};

/// A shorter text stands in others by chance: it proves nothing that it is there.
const TELLING: usize = 4;

/// Functions whose results are registered when an argument is sensitive.
pub struct Watched<F> {
    functions: F,
    secrets: Arc<Secrets>,
}

impl<F: Functions> Watched<F> {
    /// Puts itself before `functions`.
    pub fn new(functions: F, secrets: Arc<Secrets>) -> Watched<F> {
        Watched { functions, secrets }
    }
}

impl<F: Functions> Functions for Watched<F> {
    fn names(&self) -> Vec<&'static str> {
        self.functions.names()
    }

    fn signature(&self, name: &str) -> Option<Signature> {
        self.functions.signature(name)
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, CallError> {
        let result = self.functions.call(name, args)?;
        if args.iter().any(is_sensitive_within) {
            learn(&result, args, &self.secrets);
        }
        Ok(result)
    }

    fn check(&self, name: &str, args: &[Value]) -> Result<(), CallError> {
        self.functions.check(name, args)
    }

    fn call_lazy(
        &self,
        name: &str,
        args: &[LazyArgument<'_>],
        scope: &Scope<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Value {
        // They give one of their arguments, and what those are made of came by here.
        self.functions.call_lazy(name, args, scope, diagnostics)
    }

    fn why_missing(&self, name: &str) -> Option<&'static str> {
        self.functions.why_missing(name)
    }
}

/// Registers every text in `result` that hides a secret of `args` in a new form.
fn learn(result: &Value, args: &[Value], secrets: &Secrets) {
    let mut given = Given::default();
    for arg in args {
        given.gather(arg, false);
    }
    // Long lists are compared with long lists.
    given.plain.sort_unstable();
    given.register(result, secrets);
}

/// The texts of arguments.
#[derive(Default)]
struct Given<'a> {
    /// All of them, and the names of members.
    plain: Vec<&'a str>,
    /// Those that are sensitive and long enough to be told from others.
    sensitive: Vec<&'a str>,
}

impl<'a> Given<'a> {
    fn gather(&mut self, value: &'a Value, within_sensitive: bool) {
        let is_sensitive = within_sensitive || value.is_sensitive();
        match value.data() {
            Data::String(text) => {
                self.plain.push(text);
                if is_sensitive && text.len() >= TELLING {
                    self.sensitive.push(text);
                }
            }
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                items.iter().for_each(|item| self.gather(item, is_sensitive));
            }
            Data::Map(_, members) | Data::Object(members) => {
                for (name, member) in members.iter() {
                    self.plain.push(name);
                    self.gather(member, is_sensitive);
                }
            }
            _ => {}
        }
    }

    fn register(&self, result: &Value, secrets: &Secrets) {
        match result.data() {
            Data::String(text) if !self.shows(text) => secrets.register_derived(text),
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                items.iter().for_each(|item| self.register(item, secrets));
            }
            Data::Map(_, members) | Data::Object(members) => {
                members.values().for_each(|member| self.register(member, secrets));
            }
            _ => {}
        }
    }

    /// Whether masking the arguments masks all that is secret in `text`: it is one of them, or every sensitive one
    /// stands in it as it is, or as it reads in quotes.
    fn shows(&self, text: &str) -> bool {
        let stands = |part: &&str| text.contains(*part) || in_quotes(part).iter().any(|quoted| text.contains(quoted));
        self.plain.binary_search(&text).is_ok() || (!self.sensitive.is_empty() && self.sensitive.iter().all(stands))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn shown(args: &[Value], result: Value, text: &str) -> String {
        let secrets = Secrets::default();
        secrets.register("hunter2");
        learn(&result, args, &secrets);
        secrets.mask(text).into_owned()
    }

    fn secret(text: &str) -> Value {
        Value::from(text).sensitive(true)
    }

    #[test]
    fn a_new_text_is_hidden() {
        assert_eq!(shown(&[secret("hunter2")], "HUNTER2".into(), "a HUNTER2"), "a <sensitive>");
        let list = Value::tuple(["hunt".into(), "HUNTER-2".into()]);
        assert_eq!(shown(&[secret("hunter2")], list, "hunt HUNTER-2"), "hunt <sensitive>");
    }

    #[test]
    fn a_text_in_which_the_secret_can_be_read_stays_readable() {
        let args = [secret("hunter2"), "user".into()];
        assert_eq!(shown(&args, "user:hunter2".into(), "user:hunter2"), "user:<sensitive>");
        let json = r#"{"a":"p\"\u003cword"}"#;
        assert_eq!(shown(&[secret("p\"<word")], json.into(), json), json);
    }

    #[test]
    fn moving_values_about_hides_nothing_else() {
        let public = Value::from("apt-get update");
        let args = [Value::list(Type::String, [public.clone(), secret("hunter2")]).sensitive(true)];
        assert_eq!(shown(&args, public, "apt-get update"), "apt-get update");
    }

    #[test]
    fn names_of_members_are_no_secrets() {
        // HCL-51
        let args = [Value::object([(Arc::from("username"), secret("hunter2"))]).sensitive(true)];
        assert_eq!(shown(&args, Value::tuple(["username".into()]), "username"), "username");
    }

    #[test]
    fn one_of_two_secrets_in_a_new_form_hides_the_whole() {
        let args = [secret("hunter2"), secret("another")];
        assert_eq!(shown(&args, "hunter2-ANOTHER".into(), "hunter2-ANOTHER"), "<sensitive>");
    }
}
