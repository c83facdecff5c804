//! `-check`: whether the new template runs what the JSON template ran.
//!
//! Runs nothing and asks no data source. What counts as a difference is in `legacy::upgrade`.

use crate::cli::Variables;
use crate::commands::running::until_signalled;
use crate::commands::templates::{evaluate_options, open};
use crate::commands::{Session, exit};
use crate::gotemplate::Fields;
use crate::legacy::Legacy;
use crate::legacy::upgrade::{Comparison, Upgraded, variable_name};
use crate::plan::{Build, Plan, PlanOptions};

/// Compares the plans of both; returns the exit code.
pub fn run(legacy: &Legacy, upgraded: &Upgraded, output: &str, session: &Session) -> u8 {
    let checked = until_signalled(1, session, async |cancel| check(legacy, upgraded, output, session, cancel).await);
    // Who interrupts it wants no answer.
    let Some(checked) = checked else { return exit::FAILURE };
    match checked {
        Some(differences) if differences.is_empty() => {
            session.ui.say(format!("{output} runs the same as the JSON template."));
            exit::OK
        }
        Some(differences) => {
            let lines: String = differences.iter().map(|one| format!("\n* {one}")).collect();
            session.ui.error(format!("{output} does not run the same as the JSON template:{lines}"));
            exit::FAILURE
        }
        None => {
            session.ui.error(format!("{output} cannot be compared with the JSON template, for the reasons above."));
            exit::FAILURE
        }
    }
}

/// Returns the differences; `None` after showing why there is nothing to compare.
async fn check(
    legacy: &Legacy,
    upgraded: &Upgraded,
    output: &str,
    session: &Session,
    cancel: &tokio_util::sync::CancellationToken,
) -> Option<Vec<String>> {
    let (ready, problems) = legacy.ready();
    session.show(&problems);
    let ready = ready?;
    let old = ready.plan(&PlanOptions { keep_settings: true, ..PlanOptions::default() }).await;
    session.show(&old.diagnostics);

    let mut differences = Vec::new();
    let mut variables = Variables::default();
    for given in legacy.given() {
        let name = given.name.to_string();
        if upgraded.locals.contains(&name) {
            differences.push(format!("variable {name:?}: can be set from outside in JSON, and is a local in HCL2"));
        } else if upgraded.variables.contains(&name) {
            variables.var.push((variable_name(&name), given.value.to_string()));
        }
    }
    // By its full path, so that path.root is what template_dir was.
    let place = session.host.absolute(output).to_string_lossy().into_owned();
    let template = open(Some(&place), &variables, false, true, session)?;
    let (resolved, problems) =
        template.resolve(&evaluate_options(crate::cli::Evaluation::default(), false, cancel)).await;
    session.show(&problems);
    let new = resolved?.plan(&PlanOptions { keep_settings: true, ..PlanOptions::default() }).await;
    session.show(&new.diagnostics);
    if [&old, &new].into_iter().any(|plan: &Plan| plan.diagnostics.has_errors() || plan.failed > 0) {
        return None;
    }
    let comparison = Comparison::new(&session.host);
    for (written, full_name) in &upgraded.names {
        let Ok(name) = ready.engine().render(written, &Fields::default()) else { continue };
        let one_of = |plan: &'_ Plan, is_it: &dyn Fn(&Build) -> bool| plan.builds.iter().position(is_it);
        let old_build = one_of(&old, &|build| *build.info.label == *name);
        let new_build = one_of(&new, &|build| *build.info.full_name == **full_name);
        match (old_build, new_build) {
            (Some(at), Some(new_at)) => {
                let found = comparison.differences(&old.builds[at], &new.builds[new_at]);
                differences.extend(found.into_iter().map(|one| format!("{full_name}: {one}")));
            }
            (None, None) => {}
            (found, _) => {
                let lacks = if found.is_some() { "HCL2" } else { "JSON" };
                differences.push(format!("{full_name}: is not there in {lacks}"));
            }
        }
    }
    Some(differences)
}
