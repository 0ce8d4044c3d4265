//! What AWS refuses about handshakes.

use crate::clock::AwsTime;
use crate::organizations::wire::{
    HandshakeProblem, InputProblem, enum_of, handshake_constraint, invalid, is_email, text_of,
};
use crate::organizations::{
    Action, Code, FeatureSet, Handshake, HandshakeState, Organization, Party, PartyKind,
};
use crate::settings::Settings;
use crate::wire::{Input, InputError, Refusal};
use crate::world::{AccountId, DAY, World};

use super::creation::accounts_counted;

/// Returns whom an invitation goes to: an account id or an e-mail address
/// (INVALID_PARTY_TYPE_TARGET, INVALID_PATTERN, INVALID_EMAIL_ADDRESS_TARGET).
pub(crate) fn invited(input: &Input) -> Result<Party, Refusal> {
    let target = input.object("Target")?.ok_or(InputError::Missing("Target"))?;
    let id = text_of("Id", target.required_text("Id")?, 1, 64)?.to_owned();
    let kind = enum_of("Type", target.required_text("Type")?, |text| match text {
        "ACCOUNT" => Some(PartyKind::Account),
        "EMAIL" => Some(PartyKind::Email),
        "ORGANIZATION" => Some(PartyKind::Organization),
        _ => None,
    })?;
    match kind {
        PartyKind::Account if AccountId::parse(&id).is_none() => Err(invalid(
            InputProblem::InvalidPattern,
            format!("`{id}` is not an account id"),
        )),
        PartyKind::Email if !is_email(&id) => Err(invalid(
            InputProblem::InvalidEmailTarget,
            format!("`{id}` is not an e-mail address"),
        )),
        PartyKind::Organization => Err(invalid(
            InputProblem::InvalidPartyType,
            "an invitation goes to an account or an e-mail address",
        )),
        PartyKind::Account | PartyKind::Email => Ok(Party { kind, id }),
    }
}

fn account_of<'a>(world: &'a World, party: &Party) -> Option<&'a AccountId> {
    match party.kind {
        PartyKind::Account => world.accounts.get_key_value(party.id.as_str()).map(|(id, _)| id),
        PartyKind::Email => world.account_by_email(&party.id),
        PartyKind::Organization => None,
    }
}

/// Returns whether an account is the one that a handshake was sent to.
pub(crate) fn is_recipient(world: &World, shake: &Handshake, caller: &AccountId) -> bool {
    match shake.action {
        Action::EnableAllFeatures => shake.sender == *caller,
        Action::Invite | Action::ApproveAllFeatures => account_of(world, &shake.to) == Some(caller),
    }
}

/// A member is not invited again (HandshakeConstraintViolation ALREADY_IN_AN_ORGANIZATION).
pub(crate) fn refuse_member(world: &World, org: &Organization, to: &Party) -> Result<(), Refusal> {
    match account_of(world, to) {
        Some(id) if org.member(id).is_some() => {
            let message = format!("account `{id}` is already in this organization");
            Err(handshake_constraint(
                HandshakeProblem::AlreadyInOrganization,
                message,
            ))
        }
        Some(_) | None => Ok(()),
    }
}

/// E-mail addresses are the same whatever their case.
fn same_party(one: &Party, other: &Party) -> bool {
    one.kind == other.kind && one.id.eq_ignore_ascii_case(&other.id)
}

/// One open invitation per account (DuplicateHandshakeException).
pub(crate) fn refuse_duplicate(world: &World, org: &Organization, to: &Party) -> Result<(), Refusal> {
    let wanted = account_of(world, to);
    let same = |shake: &Handshake| {
        shake.organization == org.id
            && shake.action == Action::Invite
            && shake.state.is_pending()
            && (same_party(&shake.to, to) || (wanted.is_some() && account_of(world, &shake.to) == wanted))
    };
    if world.handshakes.values().any(same) {
        return Err(Code::DuplicateHandshake.because(format!("`{}` already has an open invitation", to.id)));
    }
    Ok(())
}

fn pending_all_features(world: &World, org: &Organization) -> bool {
    world.handshakes.values().any(|shake| {
        shake.organization == org.id && shake.action == Action::EnableAllFeatures && shake.state.is_pending()
    })
}

/// Nobody is invited on the way to all features (INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES).
pub(crate) fn refuse_during_all_features(world: &World, org: &Organization) -> Result<(), Refusal> {
    if !pending_all_features(world, org) {
        return Ok(());
    }
    let message = "the organization is enabling all features; invitations can go out afterwards";
    Err(handshake_constraint(HandshakeProblem::InviteDisabled, message))
}

/// Invitations count against the account quota (aws-facts 1.5, ACCOUNT_NUMBER_LIMIT_EXCEEDED).
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
    Err(handshake_constraint(
        HandshakeProblem::AccountNumberLimit,
        message,
    ))
}

/// max(20, account quota) invitations a day (aws-facts 1.6, HANDSHAKE_RATE_LIMIT_EXCEEDED).
pub(crate) fn refuse_daily_invitations(
    org: &Organization,
    now: AwsTime,
    settings: &Settings,
) -> Result<(), Refusal> {
    let most = settings.invitations_per_day.unwrap_or(settings.accounts.max(20));
    let recent = org
        .invitations
        .iter()
        .rev()
        .take_while(|at| **at > now.before(DAY))
        .count();
    if recent < most {
        return Ok(());
    }
    let message = format!("{most} invitations were sent in the last day");
    Err(handshake_constraint(HandshakeProblem::RateLimit, message))
}

/// All features are enabled once (ORGANIZATION_ALREADY_HAS_ALL_FEATURES).
pub(crate) fn refuse_all_features_on(org: &Organization) -> Result<(), Refusal> {
    match org.feature_set {
        FeatureSet::ConsolidatedBilling => Ok(()),
        FeatureSet::All => {
            let message = "All features are already enabled on this organization.";
            Err(handshake_constraint(
                HandshakeProblem::AlreadyAllFeatures,
                message,
            ))
        }
    }
}

/// One request for all features at a time (ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION).
pub(crate) fn refuse_all_features_pending(world: &World, org: &Organization) -> Result<(), Refusal> {
    if !pending_all_features(world, org) {
        return Ok(());
    }
    let message = "the organization is already on its way to all features";
    Err(handshake_constraint(
        HandshakeProblem::AlreadyPendingAllFeatures,
        message,
    ))
}

/// Only the recipient accepts or declines (organizations model, AcceptHandshake and DeclineHandshake).
pub(crate) fn refuse_other_recipient(
    world: &World,
    shake: &Handshake,
    caller: &AccountId,
) -> Result<(), Refusal> {
    if is_recipient(world, shake, caller) {
        return Ok(());
    }
    Err(Code::AccessDenied.because("only the account that a handshake was sent to can answer it"))
}

/// Only the sender cancels (organizations model, CancelHandshake).
pub(crate) fn refuse_other_sender(shake: &Handshake, caller: &AccountId) -> Result<(), Refusal> {
    if shake.sender == *caller {
        return Ok(());
    }
    Err(Code::AccessDenied.because("only the account that sent a handshake can cancel it"))
}

/// Only the two sides, and delegated administrators of the sender, see a handshake.
pub(crate) fn refuse_stranger(world: &World, shake: &Handshake, caller: &AccountId) -> Result<(), Refusal> {
    let sender = world.organizations.get(&shake.organization);
    let delegate = sender.is_some_and(|org| org.delegations.contains_key(caller));
    if shake.sender == *caller || delegate || is_recipient(world, shake, caller) {
        return Ok(());
    }
    Err(Code::AccessDenied.because("the handshake is between other accounts"))
}

/// A handshake ends once (HandshakeAlreadyInStateException, InvalidHandshakeTransitionException).
pub(crate) fn refuse_ended(shake: &Handshake, wanted: HandshakeState) -> Result<(), Refusal> {
    if shake.state.is_pending() {
        return Ok(());
    }
    let state = shake.state.as_str();
    if shake.state == wanted {
        return Err(Code::HandshakeAlreadyInState.because(format!("the handshake is already {state}")));
    }
    Err(Code::InvalidHandshakeTransition.because(format!(
        "the handshake is {state} and can't become {}",
        wanted.as_str()
    )))
}

/// The last confirmation waits for every consent (InvalidHandshakeTransitionException).
pub(crate) fn refuse_unapproved(shake: &Handshake) -> Result<(), Refusal> {
    if shake.state == HandshakeState::Open {
        return Ok(());
    }
    Err(Code::InvalidHandshakeTransition.because("not every invited account has approved all features"))
}

/// An account is in one organization at a time (HandshakeConstraintViolation ALREADY_IN_AN_ORGANIZATION).
pub(crate) fn refuse_second_organization(world: &World, caller: &AccountId) -> Result<(), Refusal> {
    if world.organization_of(caller).is_none() {
        return Ok(());
    }
    let message = format!("account `{caller}` is already in an organization");
    Err(handshake_constraint(
        HandshakeProblem::AlreadyInOrganization,
        message,
    ))
}
