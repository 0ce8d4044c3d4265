//! How the tests of a spec came out: data for every view and for JUnit files.

use lz_model::desired::{Expectation, Origin};
use lz_plan::testing::{Because, Failure, Outcome};
use lz_policy::evaluate::Decision;
use serde::Serialize;
use std::collections::BTreeSet;

/// How the tests of a spec came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Tested {
    /// The landing zone's name.
    pub(crate) zone: String,
    /// Tests that came out as expected.
    pub(crate) passed: usize,
    /// Tests that did not.
    pub(crate) failed: usize,
    /// The tests in the order of the spec.
    pub(crate) tests: Vec<Test>,
    /// Declared accounts and OUs whose ids are made up, because AWS has yet to assign them.
    pub(crate) made_up: Vec<String>,
    /// Policies on the tested paths that cannot be read, by name: they count as if they were not there.
    pub(crate) unread: Vec<String>,
}

/// How one test came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Test {
    /// Its name.
    pub(crate) name: String,
    /// Where it is written.
    pub(crate) origin: Option<Origin>,
    /// What it expects.
    pub(crate) expect: Expectation,
    /// Whether every request came out so.
    pub(crate) passed: bool,
    /// Requests that were asked.
    pub(crate) requests: usize,
    /// Requests that came out otherwise, those with one answer together.
    pub(crate) failures: Vec<Unexpected>,
}

/// A request that came out otherwise than expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Unexpected {
    /// Where it was asked: accounts, or OUs without accounts.
    pub(crate) places: Vec<String>,
    /// The action.
    pub(crate) action: String,
    /// The resource.
    pub(crate) resource: String,
    /// What came out: `allow`, `deny`, or `error` for a request that cannot be asked.
    pub(crate) got: String,
    /// Why, in words.
    pub(crate) because: String,
    /// The statement that denies, if one does.
    pub(crate) by: Option<By>,
}

/// A statement that denies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct By {
    /// What people call its level: the root, an OU, the account.
    pub(crate) level: String,
    /// The policy's name in AWS.
    pub(crate) policy: String,
    /// The address that declares the policy, if the spec does.
    pub(crate) address: Option<String>,
    /// Where the policy is declared.
    pub(crate) origin: Option<Origin>,
    /// The statement's name, if it has one.
    pub(crate) sid: Option<String>,
    /// The statement's number in the policy, from 1.
    pub(crate) number: usize,
}

impl Tested {
    /// Returns outcomes as data.
    pub(crate) fn of(zone: &str, outcomes: &[Outcome]) -> Self {
        let passed = outcomes.iter().filter(|outcome| outcome.passed()).count();
        let made_up: BTreeSet<String> = outcomes
            .iter()
            .flat_map(|outcome| outcome.made_up.iter().map(ToString::to_string))
            .collect();
        let unread: BTreeSet<&String> = outcomes.iter().flat_map(|outcome| &outcome.unread).collect();
        Self {
            zone: zone.to_owned(),
            passed,
            failed: outcomes.len() - passed,
            tests: outcomes.iter().map(test).collect(),
            made_up: made_up.into_iter().collect(),
            unread: unread.into_iter().cloned().collect(),
        }
    }
}

fn test(outcome: &Outcome) -> Test {
    Test {
        name: outcome.name.clone(),
        origin: outcome.origin.clone(),
        expect: outcome.expect,
        passed: outcome.passed(),
        requests: outcome.requests,
        failures: outcome.failures.iter().map(unexpected).collect(),
    }
}

fn unexpected(failure: &Failure) -> Unexpected {
    let by = match &failure.because {
        Because::Statement(deciding) => Some(By {
            level: deciding.level.clone(),
            policy: deciding.policy.clone(),
            address: deciding.address.as_ref().map(ToString::to_string),
            origin: deciding.origin.clone(),
            sid: deciding.sid.clone(),
            number: deciding.number,
        }),
        Because::Exempt(_)
        | Because::NothingAllows { .. }
        | Because::NothingDenies { .. }
        | Because::Unasked { .. } => None,
    };
    let got = match (&failure.because, failure.got) {
        (Because::Unasked { .. }, _) => "error",
        (_, Decision::Allow) => "allow",
        (_, Decision::Deny) => "deny",
    };
    Unexpected {
        places: failure.places.clone(),
        action: failure.action.clone(),
        resource: failure.resource.clone(),
        got: got.to_owned(),
        because: failure.because.to_string(),
        by,
    }
}

impl Unexpected {
    /// Returns what happened in one line, with so many places as `most` at most.
    pub(crate) fn told(&self, most: usize) -> String {
        let on = if self.resource == "*" {
            String::new()
        } else {
            format!(" on {}", self.resource)
        };
        let got = match self.got.as_str() {
            "allow" => "is allowed",
            "deny" => "is denied",
            _ => "cannot be asked for",
        };
        let shown = self.places.len().min(most);
        let places: Vec<&str> = self.places.iter().take(shown).map(String::as_str).collect();
        let more = match self.places.len() - shown {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!(
            "{}{on} {got} in {}{more}: {}",
            self.action,
            places.join(", "),
            self.because
        )
    }
}
