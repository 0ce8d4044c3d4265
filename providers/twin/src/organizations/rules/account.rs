//! What AWS refuses about accounts that move, leave or close.

use crate::clock::AwsTime;
use crate::organizations::wire::{Constraint, InputProblem, constraint, invalid};
use crate::organizations::{Code, FeatureSet, Joined, Member, Organization};
use crate::settings::{Settings, WrongSource};
use crate::wire::Refusal;
use crate::world::{AccountId, AccountState, DAY, ParentId, World};

/// Both parents must lie in the organization's one root (aws-facts 1.4, MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS).
pub(crate) fn refuse_other_root(org: &Organization, from: &ParentId, to: &ParentId) -> Result<(), Refusal> {
    let foreign = |parent: &ParentId| matches!(parent, ParentId::Root(id) if *id != org.root);
    if foreign(to) && org.has_parent(from) {
        let message = "an account can't move between different roots";
        return Err(invalid(InputProblem::MovingBetweenRoots, message));
    }
    Ok(())
}

/// The source must be where the account is (aws-facts 1.4; the error for an existing one is a setting).
pub(crate) fn refuse_wrong_source(
    org: &Organization,
    id: &AccountId,
    parent: &ParentId,
    source: &ParentId,
    settings: &Settings,
) -> Result<(), Refusal> {
    if parent == source {
        return Ok(());
    }
    let code = match settings.wrong_source {
        WrongSource::AccountNotFound if org.has_parent(source) => Code::AccountNotFound,
        WrongSource::AccountNotFound | WrongSource::SourceParentNotFound => Code::SourceParentNotFound,
    };
    Err(code.because(format!("account `{id}` does not lie in `{source}`")))
}

/// The destination must exist (aws-facts 1.3, DestinationParentNotFoundException).
pub(crate) fn refuse_unknown_destination(org: &Organization, destination: &ParentId) -> Result<(), Refusal> {
    if org.has_parent(destination) {
        return Ok(());
    }
    Err(Code::DestinationParentNotFound
        .because(format!("there is no root or organizational unit `{destination}`")))
}

/// An account can't move to where it is (aws-facts 1.4, DuplicateAccountException).
pub(crate) fn refuse_same_place(
    id: &AccountId,
    parent: &ParentId,
    destination: &ParentId,
) -> Result<(), Refusal> {
    if parent != destination {
        return Ok(());
    }
    Err(Code::DuplicateAccount.because(format!("account `{id}` already lies in `{destination}`")))
}

/// Whether a closed account moves is UNCONFIRMED (aws-facts R19), so it is a setting.
pub(crate) fn refuse_moving_closed(
    world: &World,
    id: &AccountId,
    settings: &Settings,
) -> Result<(), Refusal> {
    let state = world.accounts.get(id).map(|account| account.state);
    if settings.closed_account_moves || !matches!(state, Some(AccountState::Closed { .. })) {
        return Ok(());
    }
    Err(Code::AccountNotFound.because(format!("account `{id}` is closed and can't be moved")))
}

/// The management account never leaves (aws-facts 1.5, MasterCannotLeaveOrganizationException).
pub(crate) fn refuse_management_leaving(org: &Organization, id: &AccountId) -> Result<(), Refusal> {
    if org.management != *id {
        return Ok(());
    }
    Err(Code::MasterCannotLeaveOrganization.because("the management account can't leave its organization"))
}

/// A delegated administrator must be deregistered first (aws-facts R17, CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG).
pub(crate) fn refuse_delegate_leaving(org: &Organization, id: &AccountId) -> Result<(), Refusal> {
    if !org.delegations.contains_key(id) {
        return Ok(());
    }
    let message = format!("account `{id}` is a delegated administrator; deregister it first");
    Err(constraint(Constraint::CannotRemoveDelegate, message))
}

/// A created account stays for four days (aws-facts R17, WAIT_PERIOD_ACTIVE); an invited one need not.
pub(crate) fn refuse_young(
    member: &Member,
    id: &AccountId,
    now: AwsTime,
    settings: &Settings,
) -> Result<(), Refusal> {
    let free = member.joined_at.after(DAY * settings.removal_wait_days);
    match member.joined {
        Joined::Created if now < free => {
            let message = format!(
                "account `{id}` was created less than {} days ago",
                settings.removal_wait_days
            );
            Err(constraint(Constraint::WaitPeriodActive, message))
        }
        Joined::Created | Joined::Invited => Ok(()),
    }
}

/// An account needs a way to pay before it stands alone (aws-facts R17, MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED).
pub(crate) fn refuse_without_payment(
    member: &Member,
    id: &AccountId,
    settings: &Settings,
) -> Result<(), Refusal> {
    match member.joined {
        Joined::Created if !settings.members_have_payment_data => {
            let message = format!("account `{id}` has no payment method");
            Err(constraint(Constraint::MemberPaymentRequired, message))
        }
        Joined::Created | Joined::Invited => Ok(()),
    }
}

/// The management account can't be closed here (aws-facts 1.5, CANNOT_CLOSE_MANAGEMENT_ACCOUNT).
pub(crate) fn refuse_closing_management(org: &Organization, id: &AccountId) -> Result<(), Refusal> {
    if org.management != *id {
        return Ok(());
    }
    Err(constraint(
        Constraint::CannotCloseManagement,
        "the management account can't be closed by this call",
    ))
}

/// Closing takes all features (aws-facts R1).
pub(crate) fn refuse_closing_without_all_features(org: &Organization) -> Result<(), Refusal> {
    match org.feature_set {
        FeatureSet::All => Ok(()),
        FeatureSet::ConsolidatedBilling => Err(constraint(
            Constraint::NotAllFeatures,
            "accounts can only be closed with all features enabled",
        )),
    }
}

/// A closed account can't be closed again, nor one that is being closed (aws-facts 1.5, AccountAlreadyClosedException).
pub(crate) fn refuse_closed(world: &World, id: &AccountId) -> Result<(), Refusal> {
    match world.accounts.get(id).map(|account| account.state) {
        Some(AccountState::Closed { .. } | AccountState::Suspended) => {
            Err(Code::AccountAlreadyClosed.because(format!("account `{id}` is already closed")))
        }
        Some(AccountState::PendingClosure { .. }) => {
            Err(Code::Conflict.because(format!("account `{id}` is already being closed")))
        }
        Some(AccountState::Active) | None => Ok(()),
    }
}

/// Whether a delegated administrator can be closed is UNCONFIRMED (aws-facts R18), so it is a setting.
pub(crate) fn refuse_closing_delegate(
    org: &Organization,
    id: &AccountId,
    settings: &Settings,
) -> Result<(), Refusal> {
    if settings.close_refuses_delegated_administrator && org.delegations.contains_key(id) {
        let message = format!("account `{id}` is a delegated administrator; deregister it first");
        return Err(Code::Conflict.because(message));
    }
    Ok(())
}

/// Three closures run at once (aws-facts 1.6, CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED).
pub(crate) fn refuse_closures_at_once(
    org: &Organization,
    now: AwsTime,
    settings: &Settings,
) -> Result<(), Refusal> {
    let runs = |begun: &&AwsTime| begun.after(settings.close_account_seconds.duration()) > now;
    if org.closures.iter().rev().take_while(runs).count() < settings.closures_at_once {
        return Ok(());
    }
    let message = format!(
        "{} accounts are being closed; wait for one to finish",
        settings.closures_at_once
    );
    Err(constraint(Constraint::CloseAccountRequestsLimit, message))
}

/// In 30 days max(250, 20 % of members) accounts can be closed, at most 1,000
/// (aws-facts 1.6, CLOSE_ACCOUNT_QUOTA_EXCEEDED).
pub(crate) fn refuse_closure_quota(
    org: &Organization,
    now: AwsTime,
    settings: &Settings,
) -> Result<(), Refusal> {
    let share = org.members().len().saturating_sub(1) * settings.closures_percent / 100;
    let quota = share.max(settings.closures_floor).min(settings.closures_cap);
    let month_ago = now.before(DAY * 30);
    let recent = org
        .closures
        .iter()
        .rev()
        .take_while(|at| **at > month_ago)
        .count();
    if recent < quota {
        return Ok(());
    }
    let message = "You have exceeded close account quota for the past 30 days.";
    Err(constraint(Constraint::CloseAccountQuota, message))
}
