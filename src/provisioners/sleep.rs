//! `sleep`: waits before the next provisioner runs.
//!
//! Does not touch the machine; says nothing, as what waits is seen by the time that passes.

use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use async_trait::async_trait;

use super::Kind;
use crate::component::config::Settings as _;
use crate::component::{BuildData, Communicator, PrepareCx, Prepared, Problem, Problems, Provisioner, Result, RunCx};
use crate::value::Value;

/// The provisioner `sleep`.
pub const KIND: Kind = Kind {
    name: "sleep",
    about: "Waits before the next provisioner runs.",
    plugin: None,
    schema: Config::schema,
    prepare,
};

crate::settings! {
    /// Settings of the `sleep` provisioner.
    struct Config {
        /// How long to wait: a number with a unit, such as `90s` or `1h30m`. Needed.
        duration: Option<Duration>,
    }
}

fn prepare(settings: &Value, cx: &PrepareCx) -> Result<Prepared<dyn Provisioner>, Problems> {
    let Some(duration) = Config::decode(settings, cx)?.duration else {
        let text = "duration must be specified: a number with a unit, such as \"90s\" or \"1h30m\"";
        return Err(Problems(vec![Problem::of("duration", text)]));
    };
    Ok(Prepared { component: Box::new(Sleep { duration }), warnings: Vec::new() })
}

struct Sleep {
    duration: Duration,
}

#[async_trait]
impl Provisioner for Sleep {
    /// Waits, at most until the run is cancelled.
    ///
    /// # Source
    /// P-brk-3. The reference crashes as soon as it reads the settings; this is what its documentation describes.
    async fn provision(&self, cx: &RunCx, _machine: &Arc<dyn Communicator>, _data: &BuildData) -> Result<()> {
        tokio::select! {
            () = tokio::time::sleep(self.duration) => Ok(()),
            () = cx.cancel.cancelled() => bail!("context canceled"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::component::fake::{self, Machine};

    fn prepared(duration: Option<Value>) -> Result<Box<dyn Provisioner>, Vec<String>> {
        let settings = Value::object(duration.map(|value| ("duration".into(), value)));
        prepare(&settings, &fake::prepare_cx(Path::new("/")))
            .map(|prepared| prepared.component)
            .map_err(|problems| problems.0.into_iter().map(|problem| problem.detail).collect())
    }

    #[tokio::test]
    async fn it_sleeps_as_long_as_it_is_told_and_says_nothing() {
        // P-brk-3
        let (cx, said) = fake::run_cx(Path::new("/"));
        let machine = Arc::new(Machine::default());
        let as_machine: Arc<dyn Communicator> = Arc::clone(&machine) as _;
        let began = std::time::Instant::now();
        let sleep = prepared(Some("30ms".into())).unwrap_or_else(|problems| panic!("{problems:?}"));
        sleep.provision(&cx, &as_machine, &BuildData::default()).await.unwrap();
        assert!(began.elapsed() >= Duration::from_millis(30));
        assert!(said.lines().is_empty() && machine.asked().is_empty());
    }

    #[tokio::test]
    async fn an_interrupt_wakes_it() {
        let cx = fake::run_cx(Path::new("/")).0;
        let machine: Arc<dyn Communicator> = Arc::new(Machine::default());
        cx.cancel.cancel();
        let sleep = prepared(Some("1000h".into())).unwrap_or_else(|problems| panic!("{problems:?}"));
        let error = sleep.provision(&cx, &machine, &BuildData::default()).await.unwrap_err();
        assert_eq!(error.to_string(), "context canceled");
    }

    #[test]
    fn a_duration_with_a_unit_is_needed() {
        for nothing in [None, Some(Value::null(crate::value::Type::String))] {
            assert!(prepared(nothing).err().unwrap()[0].starts_with("duration must be specified: "));
        }
        for (wrong, reason) in [
            ("10", "time: missing unit in duration \"10\""),
            ("10 s", "time: unknown unit \" s\" in duration \"10 s\""),
            ("-1s", "time: negative duration \"-1s\""),
            ("soon", "time: invalid duration \"soon\""),
        ] {
            let problems = prepared(Some(wrong.into())).err().unwrap();
            assert!(problems[0].starts_with(reason), "{problems:?}");
            assert_eq!(problems.len(), 1);
        }
        assert!(prepared(Some("0s".into())).is_ok() && prepared(Some("0".into())).is_ok());
    }
}
