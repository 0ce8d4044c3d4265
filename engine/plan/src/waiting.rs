//! Accounts that AWS does not let go yet. The time is given: the planner has no clock.

use crate::refusal::{Problems, Refusal};
use lz_model::date::Date;
use lz_model::desired::Desired;
use lz_model::limits::RELEASE_AFTER_DAYS;
use lz_model::live::{LiveAccount, LiveOrganization};
use lz_model::plan::{Action, Known, Plan};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// Refuses a plan that releases an account which AWS keeps for now: what the plan takes from it first would be lost.
/// `now_seconds` counts from 1970 UTC.
///
/// # Errors
/// The accounts that must wait, and until when.
pub fn check(
    desired: &Desired,
    live: Option<&LiveOrganization>,
    plan: &Plan,
    now_seconds: i64,
) -> Result<(), Refusal> {
    let mut problems = Problems::new(desired);
    for step in &plan.steps {
        let Action::ReleaseAccount { account } = &step.action else {
            continue;
        };
        let Known::Now(id) = &account.id else { continue };
        let found = live.and_then(|live| live.accounts.get(id));
        let until = found.and_then(may_leave_at);
        if let Some(until) = until.filter(|until| now_seconds < *until) {
            problems.add(
                "release_too_early",
                step.address.clone(),
                format!(
                    "AWS keeps account `{id}` until {}: it is less than {RELEASE_AFTER_DAYS} days old",
                    moment(until)
                ),
                "release it then; until then declare it again, or suspend it",
            );
        }
    }
    problems.settle()
}

/// R17: an account that the organization created may leave after four days (WAIT_PERIOD_ACTIVE, aws-facts section 1.5).
fn may_leave_at(account: &LiveAccount) -> Option<i64> {
    let joined = account.joined_at_seconds.filter(|_| account.created)?;
    joined.checked_add(RELEASE_AFTER_DAYS.checked_mul(DAY)?)
}

/// Returns a moment in UTC, to the minute, rounded up: at that time the wait is over.
fn moment(seconds: i64) -> String {
    let seconds = u64::try_from(seconds).unwrap_or_default().div_ceil(60) * 60;
    let day = Date::of_unix_seconds(seconds).map_or_else(String::new, |day| day.to_string());
    let minutes = seconds / 60 % (24 * 60);
    format!("{day} {:02}:{:02} UTC", minutes / 60, minutes % 60)
}
