//! The spec's `test` blocks, judged: may this principal do this in that account, once the organization is as the
//! spec says? [`run`] asks the policy engine, with the policies of a [`Future`].

mod judge;
mod request;

use crate::future::Future;
use judge::Judge;
use lz_model::address::Address;
use lz_model::desired::{Desired, DesiredTest, Expectation, Origin, TestPrincipal};
use lz_model::id::AccountId;
use lz_policy::evaluate::{Decision, Exemption, Outcome as LevelOutcome};
use std::collections::{BTreeMap, BTreeSet};

/// How a test came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The test's name.
    pub name: String,
    /// Where it is written.
    pub origin: Option<Origin>,
    /// What it expects.
    pub expect: Expectation,
    /// How many requests were asked, in all its accounts.
    pub requests: usize,
    /// Requests that came out otherwise, those with one answer together; empty if the test passes.
    pub failures: Vec<Failure>,
    /// Policies on the paths whose documents are not known here, by name: they count as if they were not there.
    pub unread: BTreeSet<String>,
    /// Declared accounts and OUs whose ids are made up, because AWS has yet to assign them.
    pub made_up: BTreeSet<Address>,
}

impl Outcome {
    /// Returns whether the test passes.
    #[must_use]
    pub const fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// A request that came out otherwise than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Where it was asked: accounts, or OUs without accounts, by name.
    pub places: Vec<String>,
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// What came out.
    pub got: Decision,
    /// Why.
    pub because: Because,
}

/// Why a request is allowed or denied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// No control policy binds the caller or the account.
    Exempt(Exemption),
    /// A statement denies it.
    Statement(Deciding),
    /// No statement on a level allows it.
    NothingAllows {
        /// What people call the level.
        level: String,
        /// The policies there.
        policies: Vec<String>,
    },
    /// No statement on the path denies it.
    NothingDenies {
        /// The policies on the path, AWS's own left out.
        policies: Vec<String>,
    },
    /// The request cannot be asked.
    Unasked {
        /// Why not.
        error: String,
    },
}

/// A statement that decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deciding {
    /// What people call its level: the root, an OU, the account.
    pub level: String,
    /// The policy's name.
    pub policy: String,
    /// The address that declares the policy, if the spec does.
    pub address: Option<Address>,
    /// Where the policy is declared.
    pub origin: Option<Origin>,
    /// The statement's name, if it has one.
    pub sid: Option<String>,
    /// The statement's number in the policy, from 1.
    pub number: usize,
}

/// Judges the tests of a spec whose names hold a text, in their order. Packs must be expanded.
#[must_use]
pub fn run(desired: &Desired, future: &Future, filter: &str) -> Vec<Outcome> {
    let mut judge = Judge::new(desired, future);
    let chosen = desired.tests.iter().filter(|test| test.name.contains(filter));
    chosen.map(|test| one(&mut judge, test)).collect()
}

fn one(judge: &mut Judge<'_>, test: &DesiredTest) -> Outcome {
    let mut outcome = Outcome {
        name: test.name.clone(),
        origin: test.origin.clone(),
        expect: test.expect,
        requests: 0,
        failures: Vec::new(),
        unread: BTreeSet::new(),
        made_up: BTreeSet::new(),
    };
    let expected = match test.expect {
        Expectation::Allow => Decision::Allow,
        Expectation::Deny => Decision::Deny,
    };
    let mut failures: BTreeMap<(&str, &str, Because), Vec<String>> = BTreeMap::new();
    let resources: Vec<String> = test.resources.iter().map(|text| judge.filled(text)).collect();
    for subject in judge.subjects(&test.targets) {
        outcome.made_up.extend(judge.made_up(subject).cloned());
        for action in &test.actions {
            for resource in &resources {
                outcome.requests += 1;
                let answer = judge.ask(test, subject, action, resource, &mut outcome.unread);
                if answer.0 != Some(expected) {
                    let places = failures.entry((action, resource, answer.1)).or_default();
                    places.push(judge.place(subject));
                }
            }
        }
    }
    outcome.failures = failures
        .into_iter()
        .map(|((action, resource, because), places)| Failure {
            places,
            action: action.to_owned(),
            resource: resource.to_owned(),
            got: match expected {
                Decision::Allow => Decision::Deny,
                Decision::Deny => Decision::Allow,
            },
            because,
        })
        .collect();
    outcome
}

/// Returns which of some actions a principal of an account may not do on any resource, and why.
pub(crate) fn denied_to(
    desired: &Desired,
    future: &Future,
    account: &AccountId,
    principal: &str,
    actions: &[String],
) -> BTreeMap<String, Because> {
    let Some(subject) = future.account(account.as_str()) else {
        return BTreeMap::new();
    };
    let asked = DesiredTest {
        name: String::new(),
        targets: BTreeSet::new(),
        actions: actions.to_vec(),
        principal: TestPrincipal::Arn(principal.into()),
        resources: Vec::new(),
        context: BTreeMap::new(),
        expect: Expectation::Allow,
        origin: None,
    };
    let mut judge = Judge::new(desired, future);
    let mut unread = BTreeSet::new();
    let denied = actions.iter().filter_map(|action| {
        let (decision, because) = judge.ask(&asked, subject, action, "*", &mut unread);
        (decision == Some(Decision::Deny)).then(|| (action.clone(), because))
    });
    denied.collect()
}

/// Returns whether a level speaks against a request.
const fn is_shut(outcome: LevelOutcome) -> bool {
    match outcome {
        LevelOutcome::Allow => false,
        LevelOutcome::ImplicitDeny | LevelOutcome::ExplicitDeny => true,
    }
}

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exempt(Exemption::ManagementAccount) => {
                f.write_str("no control policy binds the management account")
            }
            Self::Exempt(Exemption::ServiceLinkedRole) => {
                f.write_str("no control policy binds a service-linked role")
            }
            Self::Statement(deciding) => write!(f, "{deciding}"),
            Self::NothingAllows { level, policies } => {
                write!(f, "nothing on `{level}` allows it")?;
                match policies.as_slice() {
                    [] => f.write_str(", where no policy is attached"),
                    policies => write!(f, ", where these are attached: {}", policies.join(", ")),
                }
            }
            Self::NothingDenies { policies } => match policies.as_slice() {
                [] => f.write_str("no policy on the path denies anything"),
                policies => write!(f, "nothing denies it among {}", policies.join(", ")),
            },
            Self::Unasked { error } => f.write_str(error),
        }
    }
}

impl std::fmt::Display for Deciding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.sid {
            Some(sid) => write!(f, "statement `{sid}`")?,
            None => write!(f, "statement {}", self.number)?,
        }
        match &self.address {
            Some(address) => write!(f, " of {address}")?,
            None => write!(f, " of the policy `{}`", self.policy)?,
        }
        write!(f, " on `{}`", self.level)?;
        match &self.origin {
            Some(origin) => write!(f, " ({origin})"),
            None => Ok(()),
        }
    }
}
