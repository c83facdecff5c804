//! `breakpoint`: stops the build until somebody presses Enter, so that the machine can be looked at.
//!
//! Does not touch the machine; how people are asked is the ui's.

use std::sync::Arc;

use anyhow::{anyhow, bail};
use async_trait::async_trait;

use super::Kind;
use crate::component::config::Settings as _;
use crate::component::{BuildData, Communicator, PrepareCx, Prepared, Problems, Provisioner, Result, RunCx};
use crate::value::Value;

/// The provisioner `breakpoint`.
pub const KIND: Kind = Kind {
    name: "breakpoint",
    about: "Stops the build until somebody presses Enter.",
    plugin: None,
    schema: Config::schema,
    prepare,
};

crate::settings! {
    /// Settings of the `breakpoint` provisioner.
    struct Config {
        /// What is said beside the pause, to tell breakpoints apart.
        note: String,
        /// Goes on at once.
        disable: bool,
    }
}

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn Provisioner>, Problems> {
    let config = Config::decode(settings, cx)?;
    Ok(Prepared { component: Box::new(Breakpoint { config }), warnings: Vec::new() })
}

struct Breakpoint {
    config: Config,
}

#[async_trait]
impl Provisioner for Breakpoint {
    /// Waits for Enter; whatever is typed in front of it counts for nothing.
    ///
    /// # Errors
    /// `Error asking for input: no available tty`, at once, where nobody can answer.
    ///
    /// # Source
    /// P-brk-1, P-brk-2; cases `provisioners-local/breakpoint`, `provisioners-local/breakpoint-on-a-terminal`,
    /// `machine-readable/nobody-to-ask`.
    async fn provision(&self, cx: &RunCx, _machine: &Arc<dyn Communicator>, _data: &BuildData) -> Result<()> {
        let with_note = match self.config.note.as_str() {
            "" => String::new(),
            note => format!(" with note \"{note}\""),
        };
        if self.config.disable {
            cx.say(format!("Breakpoint provisioner{with_note} disabled; continuing..."));
            return Ok(());
        }
        cx.say(format!("Pausing at breakpoint provisioner{with_note}."));
        tokio::select! {
            answer = cx.ask("Press enter to continue.") => {
                answer.map(drop).map_err(|error| anyhow!("Error asking for input: {error}"))
            }
            () = cx.cancel.cancelled() => bail!("context canceled"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::component::fake::{self, Machine};

    async fn run(members: &[(&str, Value)], answers: &[&'static str]) -> (Result<()>, Vec<String>) {
        let (cx, said) = fake::run_cx(Path::new("/"));
        said.will_answer(answers);
        let settings = Value::object(members.iter().map(|(name, value)| ((*name).into(), value.clone())));
        let prepared = prepare(&settings, &fake::prepare_cx(Path::new("/"))).unwrap_or_else(|p| panic!("{p:?}"));
        let machine: Arc<dyn Communicator> = Arc::new(Machine::default());
        (prepared.component.provision(&cx, &machine, &BuildData::default()).await, said.lines())
    }

    #[tokio::test]
    async fn it_says_where_it_is_and_goes_on_at_any_answer() {
        // P-brk-1
        for (note, text) in [
            ("", "Pausing at breakpoint provisioner."),
            ("a \"b\"", "Pausing at breakpoint provisioner with note \"a \"b\"\"."),
        ] {
            let (result, said) = run(&[("note", note.into())], &["whatever"]).await;
            result.unwrap();
            assert_eq!(said[0], format!("==> fake.n: {text}"));
        }
    }

    #[tokio::test]
    async fn a_disabled_one_asks_nobody() {
        // P-brk-1
        for (note, text) in [("", ""), ("x", " with note \"x\"")] {
            let (result, said) = run(&[("note", note.into()), ("disable", true.into())], &[]).await;
            result.unwrap();
            assert_eq!(said, [format!("==> fake.n: Breakpoint provisioner{text} disabled; continuing...")]);
        }
    }

    #[tokio::test]
    async fn without_anybody_to_ask_the_build_fails() {
        // P-brk-2
        let (result, said) = run(&[], &[]).await;
        assert_eq!(result.unwrap_err().to_string(), "Error asking for input: no available tty");
        assert_eq!(said, ["==> fake.n: Pausing at breakpoint provisioner."]);
    }
}
