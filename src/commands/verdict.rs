//! How `packer build` ended, and the exit code that says it.
//!
//! Knows outcomes of builds, and neither templates nor signals.

use super::exit;
use crate::engine::BuildOutcome;
use crate::ui::Outcome;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every wanted build is done.
    Ok,
    /// Something around the builds went wrong.
    Failure,
    /// `-only` and `-except` leave no build.
    NothingToDo,
    /// Nothing was built for what is wrong with the template.
    Template,
    /// A build failed, or could not be prepared while others ran.
    BuildFailed,
    /// All that failed are builds that ran into the time limit of a provisioner.
    TimeLimit,
    /// Somebody interrupted it, and something was not done because of that.
    Interrupted,
}

impl Verdict {
    /// Returns the verdict on builds that were run. `all_prepared`: whether no other wanted build was in the way.
    ///
    /// An interrupt hides failures, a failure hides time limits. Builds that were ended because another one failed
    /// count for nothing: that one counts.
    ///
    /// # Source
    /// CLI-4, CLI-37, ENG-49, ENG-54.
    pub fn of(outcomes: &[BuildOutcome], all_prepared: bool, interrupted: bool) -> Verdict {
        let any = |wanted| outcomes.iter().any(|one| one.outcome == wanted);
        if interrupted && any(Outcome::Cancelled) {
            Verdict::Interrupted
        } else if all_prepared && outcomes.iter().all(|one| one.outcome == Outcome::Ok) {
            Verdict::Ok
        } else if all_prepared && outcomes.iter().all(|one| one.outcome != Outcome::Failed || one.by_time_limit) {
            Verdict::TimeLimit
        } else {
            Verdict::BuildFailed
        }
    }

    /// Returns the exit code; `detailed` is `-detailed-exitcode`. Without it every bad end is 1 (CLI-4).
    pub fn exit_code(self, detailed: bool) -> u8 {
        match self {
            Verdict::Ok => exit::OK,
            _ if !detailed => exit::FAILURE,
            Verdict::Failure => exit::FAILURE,
            Verdict::NothingToDo => 10,
            Verdict::Template => 11,
            Verdict::BuildFailed => 12,
            Verdict::TimeLimit => 13,
            Verdict::Interrupted => 130,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(outcome: Outcome, by_time_limit: bool) -> BuildOutcome {
        BuildOutcome { build: "b".into(), outcome, error: None, by_time_limit, artifacts: Vec::new() }
    }

    #[test]
    fn an_interrupt_comes_before_a_failure_and_a_failure_before_a_time_limit() {
        let (ok, failed) = (outcome(Outcome::Ok, false), outcome(Outcome::Failed, false));
        let (late, ended) = (outcome(Outcome::Failed, true), outcome(Outcome::Cancelled, false));
        for (outcomes, all_prepared, interrupted, verdict) in [
            (vec![&ok], true, true, Verdict::Ok),
            (vec![&ok], false, false, Verdict::BuildFailed),
            (vec![&ok, &late], true, false, Verdict::TimeLimit),
            (vec![&late, &ended], true, false, Verdict::TimeLimit),
            (vec![&late], false, false, Verdict::BuildFailed),
            (vec![&late, &failed], true, true, Verdict::BuildFailed),
            (vec![&failed, &ended], true, true, Verdict::Interrupted),
        ] {
            let outcomes: Vec<_> = outcomes.into_iter().cloned().collect();
            assert_eq!(Verdict::of(&outcomes, all_prepared, interrupted), verdict);
        }
    }

    #[test]
    fn without_the_flag_there_are_two_codes() {
        // CLI-4
        assert_eq!(Verdict::Ok.exit_code(true), 0);
        assert_eq!(Verdict::Interrupted.exit_code(true), 130);
        for bad in [Verdict::Failure, Verdict::NothingToDo, Verdict::Template, Verdict::Interrupted] {
            assert_eq!(bad.exit_code(false), 1);
        }
    }
}
