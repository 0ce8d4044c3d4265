//! A plan keeps what the spec's tests promise, or there is no plan.

use crate::future::Future;
use crate::impact::state::touches_guards;
use crate::refusal::{Problem, Refusal};
use crate::testing::{self, Because, Failure, Outcome};
use lz_model::desired::Desired;
use lz_model::live::{Live, LiveOrganization};
use lz_model::plan::Step;
use lz_policy::lint::Role;

/// Judges the tests on the organization as it will be after the steps, and returns how many there are.
///
/// # Errors
/// Every test that fails.
pub(crate) fn check(
    desired: &Desired,
    live: Option<&LiveOrganization>,
    steps: &[Step],
) -> Result<usize, Refusal> {
    if desired.tests.is_empty() {
        return Ok(0);
    }
    let future = match live {
        Some(live) => Future::after(desired, live, steps),
        None => Future::of_spec(desired),
    };
    let outcomes = testing::run(desired, &future, "");
    let problems: Vec<Problem> = outcomes
        .iter()
        .filter(|outcome| !outcome.passed())
        .map(problem)
        .collect();
    if problems.is_empty() {
        return Ok(outcomes.len());
    }
    Err(Refusal { problems })
}

/// Refuses steps after which the role that lz runs under could not go on. In the management account nothing binds it;
/// what it may not do already stays as it is.
///
/// # Errors
/// The actions that would be lost, and to which statement.
pub(crate) fn check_own_role(desired: &Desired, live: &Live, steps: &[Step]) -> Result<(), Refusal> {
    let Some(organization) = live.organization.as_ref() else {
        return Ok(());
    };
    let caller = &live.caller;
    if caller.account == organization.management_account || !steps.iter().any(touches_guards) {
        return Ok(());
    }
    let before = Future::after(desired, organization, &[]);
    let after = Future::after(desired, organization, steps);
    let role = Role::new(caller.arn.as_str());
    let mut lost = testing::denied_to(desired, &after, &caller.account, &role.arn, &role.actions);
    let already = testing::denied_to(desired, &before, &caller.account, &role.arn, &role.actions);
    lost.retain(|action, _| !already.contains_key(action));
    let Some((action, because)) = lost.first_key_value() else {
        return Ok(());
    };
    let more = match lost.len() {
        1 => String::new(),
        many => format!(" and {} more actions", many - 1),
    };
    Err(Refusal {
        problems: vec![Problem {
            code: "shuts_out_lz",
            address: None,
            text: format!(
                "`{}`, which lz runs under, would lose `{action}`{more}: {because}",
                role.arn
            ),
            help: "except the role with `ArnNotLike` on `aws:PrincipalArn`, or attach the policy elsewhere"
                .to_owned(),
            origin: None,
        }],
    })
}

fn problem(outcome: &Outcome) -> Problem {
    let told: Vec<String> = outcome.failures.iter().map(told).collect();
    let first = told.first().cloned().unwrap_or_default();
    let more = match told.len().saturating_sub(1) {
        0 => String::new(),
        1 => "; and 1 more answer".to_owned(),
        many => format!("; and {many} more answers"),
    };
    Problem {
        code: "test_failed",
        address: None,
        text: format!("the test `{}` fails: {first}{more}", outcome.name),
        help: "correct the policy or the test; `lz test` judges the spec without a look at AWS".to_owned(),
        origin: outcome.origin.clone(),
    }
}

fn told(failure: &Failure) -> String {
    let places = match failure.places.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, more @ ..] => format!("{one} and {} more", more.len()),
    };
    let on = if failure.resource == "*" {
        String::new()
    } else {
        format!(" on `{}`", failure.resource)
    };
    let got = match failure.because {
        Because::Unasked { .. } => "cannot be asked for",
        Because::Exempt(_)
        | Because::Statement(_)
        | Because::NothingAllows { .. }
        | Because::NothingDenies { .. } => match failure.got {
            lz_policy::evaluate::Decision::Allow => "is allowed",
            lz_policy::evaluate::Decision::Deny => "is denied",
        },
    };
    format!("`{}`{on} {got} in {places}: {}", failure.action, failure.because)
}
