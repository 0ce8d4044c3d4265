//! Exit codes: an API. Scripts rely on them, so they never change their meaning.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done, or nothing to change.
    Done,
    /// An error that has no code of its own: wrong arguments, a file that cannot be read.
    Error,
    /// There are changes, and `--detailed-exitcode` asked to tell.
    Changes,
    /// The spec is wrong.
    SpecWrong,
    /// The spec is right, but no plan may be made of it.
    PlanRefused,
    /// The spec or the organization has changed since the plan was saved.
    PlanStale,
    /// Apply did not finish: steps failed, were not started, or are unknown.
    ApplyIncomplete,
    /// AWS refused to be read, or cannot be reached.
    AwsRefused,
    /// The command or option comes in a later version.
    NotSupportedYet,
    /// Somebody must agree first, and nobody did.
    ConsentMissing,
    /// A test of the spec failed.
    TestsFailed,
    /// Another run holds the lock.
    Locked,
    /// A bug in lz.
    Bug,
    /// The user pressed Ctrl-C.
    Interrupted,
}

impl Exit {
    /// Every way to end.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 14] = [
        Self::Done,
        Self::Error,
        Self::Changes,
        Self::SpecWrong,
        Self::PlanRefused,
        Self::PlanStale,
        Self::ApplyIncomplete,
        Self::AwsRefused,
        Self::NotSupportedYet,
        Self::ConsentMissing,
        Self::TestsFailed,
        Self::Locked,
        Self::Bug,
        Self::Interrupted,
    ];

    /// Returns the number that the process ends with.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Error => 1,
            Self::Changes => 2,
            Self::SpecWrong => 3,
            Self::PlanRefused => 4,
            Self::PlanStale => 5,
            Self::ApplyIncomplete => 6,
            Self::AwsRefused => 7,
            Self::NotSupportedYet => 8,
            Self::ConsentMissing => 9,
            Self::TestsFailed => 10,
            Self::Locked => 11,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }

    /// Returns a stable name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Error => "error",
            Self::Changes => "changes",
            Self::SpecWrong => "spec_wrong",
            Self::PlanRefused => "plan_refused",
            Self::PlanStale => "plan_stale",
            Self::ApplyIncomplete => "apply_incomplete",
            Self::AwsRefused => "aws_refused",
            Self::NotSupportedYet => "not_supported_yet",
            Self::ConsentMissing => "consent_missing",
            Self::TestsFailed => "tests_failed",
            Self::Locked => "locked",
            Self::Bug => "bug",
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_way_to_end_has_its_own_number_and_name() {
        let codes: BTreeSet<u8> = Exit::ALL.into_iter().map(Exit::code).collect();
        let names: BTreeSet<&str> = Exit::ALL.into_iter().map(Exit::name).collect();
        assert_eq!(codes.len(), Exit::ALL.len());
        assert_eq!(names.len(), Exit::ALL.len());
    }

    #[test]
    fn the_page_of_exit_codes_lists_each_code_with_its_name() {
        let page = include_str!("../../../docs/exit-codes.md");
        for exit in Exit::ALL {
            let row = format!("| {} | `{}` |", exit.code(), exit.name());
            assert!(page.contains(&row), "{row}");
        }
    }
}
