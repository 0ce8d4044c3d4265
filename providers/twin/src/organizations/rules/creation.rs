//! What AWS refuses about new accounts.

use crate::clock::AwsTime;
use crate::organizations::wire::{Code, Constraint, InputProblem, constraint, enum_of, invalid};
use crate::organizations::{CreateRequest, Handshake, Organization};
use crate::settings::{CreationOverLimit, Settings};
use crate::wire::{Input, Refusal};
use crate::world::{DAY, World};

/// The name of a created account is printable ASCII (aws-facts 1.2, names).
pub(crate) fn refuse_odd_name(name: &str) -> Result<(), Refusal> {
    if name.chars().all(|c| (' '..='~').contains(&c)) {
        return Ok(());
    }
    Err(invalid(
        InputProblem::InvalidPattern,
        "`AccountName` has a character outside U+0020 to U+007E",
    ))
}

/// Returns the name of the access role: `[\w+=,.@-]{1,64}`, and AWS keeps one prefix for itself
/// (aws-facts 1.2, names; INVALID_ROLE_NAME).
pub(crate) fn role_name(input: &Input) -> Result<String, Refusal> {
    let Some(name) = input.text("RoleName")? else {
        return Ok("OrganizationAccountAccessRole".to_owned());
    };
    let fits = (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b));
    if !fits {
        return Err(invalid(
            InputProblem::InvalidPattern,
            format!("`{name}` is not a role name"),
        ));
    }
    if name.starts_with("AWSServiceRoleFor") {
        return Err(invalid(
            InputProblem::InvalidRoleName,
            "role names that begin with AWSServiceRoleFor are reserved",
        ));
    }
    Ok(name.to_owned())
}

/// `IamUserAccessToBilling` is ALLOW or DENY (aws-facts 1.2, names).
pub(crate) fn refuse_odd_billing_access(input: &Input) -> Result<(), Refusal> {
    let known = |text: &str| matches!(text, "ALLOW" | "DENY").then_some(());
    match input.text("IamUserAccessToBilling")? {
        Some(text) => enum_of("IamUserAccessToBilling", text, known),
        None => Ok(()),
    }
}

/// A new organization takes up to an hour before it takes accounts (aws-facts 1.4, FinalizingOrganizationException).
pub(crate) fn refuse_finalizing(
    org: &Organization,
    now: AwsTime,
    settings: &Settings,
) -> Result<(), Refusal> {
    if now >= org.created_at.after(settings.finalizing_seconds.duration()) {
        return Ok(());
    }
    Err(Code::FinalizingOrganization.because("the organization is still being set up; try again in an hour"))
}

/// Returns how many accounts count against the quota: members, running creations, open invitations
/// (aws-facts 1.5 and 1.6).
pub(crate) fn accounts_counted(world: &World, org: &Organization) -> usize {
    let open = |shake: &&Handshake| {
        shake.organization == org.id
            && shake.state.is_pending()
            && shake.action == crate::organizations::Action::Invite
    };
    let invited = world.handshakes.values().filter(open).count();
    org.members().len() + org.creations_in("IN_PROGRESS").len() + invited
}

/// An organization holds only so many accounts (aws-facts 1.5, ACCOUNT_NUMBER_LIMIT_EXCEEDED).
pub(crate) fn refuse_account_quota(
    world: &World,
    org: &Organization,
    settings: &Settings,
) -> Result<(), Refusal> {
    if accounts_counted(world, org) < settings.accounts {
        return Ok(());
    }
    let message = format!(
        "the organization already counts {} accounts, its quota",
        settings.accounts
    );
    Err(constraint(Constraint::AccountNumberLimit, message))
}

/// Five creations run at once (aws-facts 1.4; the error of the sixth is a setting).
pub(crate) fn refuse_creations_at_once(org: &Organization, settings: &Settings) -> Result<(), Refusal> {
    if org.creations_in("IN_PROGRESS").len() < settings.creations_at_once {
        return Ok(());
    }
    let message = format!(
        "{} accounts are being created; wait for one to finish",
        settings.creations_at_once
    );
    Err(match settings.creation_over_limit {
        CreationOverLimit::TooManyRequests => Code::TooManyRequests
            .because(message)
            .with("Type", settings.throttle_type.as_str()),
        CreationOverLimit::ConstraintViolation => constraint(Constraint::AccountCreationRateLimit, message),
        CreationOverLimit::ConcurrentModification => Code::ConcurrentModification.because(message),
    })
}

/// There is a daily limit whose number is UNCONFIRMED (aws-facts 1.4, ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED).
pub(crate) fn refuse_daily_creations(
    org: &Organization,
    now: AwsTime,
    settings: &Settings,
) -> Result<(), Refusal> {
    let Some(limit) = settings.creations_per_day else {
        return Ok(());
    };
    let recent = |request: &&CreateRequest| request.requested_at > now.before(DAY);
    if org.creations.values().filter(recent).count() < limit {
        return Ok(());
    }
    Err(constraint(
        Constraint::AccountCreationRateLimit,
        format!("{limit} accounts were created in the last day"),
    ))
}
