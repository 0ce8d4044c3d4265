//! Accounts of other organizations: invited once, and awaited.

use crate::context::Context;
use crate::draft::Drafts;
use lz_model::address::Address;
use lz_model::date::Date;
use lz_model::desired::DesiredAccount;
use lz_model::id::AccountId;
use lz_model::live::{InvitationStage, LiveInvitation};
use lz_model::plan::{Action, Severity};
use std::collections::BTreeSet;

/// Returns what brings an account in: an invitation, or the wait for the answer to one that is out.
pub(super) fn action(
    context: &Context<'_>,
    address: &Address,
    account: &AccountId,
    wanted: &DesiredAccount,
    drafts: &mut Drafts,
) -> Action {
    let known = context.live.and_then(|live| live.invitations.get(account));
    note(address, account, known, drafts);
    let open = known.filter(|invitation| invitation.stage.is_open());
    Action::InviteAccount {
        account: account.clone(),
        invitation: open.map(|invitation| invitation.id.clone()),
        tags: context.all_tags(address, wanted.tags.as_ref()),
    }
}

fn note(address: &Address, account: &AccountId, known: Option<&LiveInvitation>, drafts: &mut Drafts) {
    let (severity, code, text) = match known.map(|known| (known.stage, known)) {
        // One that was accepted belongs to a membership that has ended since.
        None | Some((InvitationStage::Accepted, _)) => (
            Severity::Info,
            "invitation_awaited",
            format!(
                "account {account} must accept the invitation; `lz apply` waits some minutes for it, and the next run goes on"
            ),
        ),
        Some((InvitationStage::Open, invitation)) => (
            Severity::Warning,
            "invitation_open",
            format!(
                "account {account} has not answered the invitation {}{}",
                invitation.id,
                until(invitation)
            ),
        ),
        // Somebody decided; lz does not ask again and again by itself.
        Some((InvitationStage::Declined, invitation)) => (
            Severity::Consent,
            "invitation_declined",
            format!(
                "account {account} declined the invitation {}; this plan sends another one",
                invitation.id
            ),
        ),
        Some((stage @ (InvitationStage::Canceled | InvitationStage::Expired), invitation)) => (
            Severity::Info,
            "invitation_again",
            format!(
                "the invitation {} of account {account} is {}; this plan sends another one",
                invitation.id,
                stage.name()
            ),
        ),
    };
    drafts.note(severity, code, address.clone(), text);
}

/// An invitation that the spec does not name any more stays open in AWS, and the account could still accept it.
pub(super) fn note_unnamed(context: &Context<'_>, drafts: &mut Drafts) {
    let Some(live) = context.live else { return };
    let wanted = context.desired.accounts.values();
    let named: BTreeSet<&AccountId> = wanted.filter_map(|account| account.invite.as_ref()).collect();
    for (account, invitation) in &live.invitations {
        if named.contains(account) || !invitation.stage.is_open() {
            continue;
        }
        drafts.note(
            Severity::Warning,
            "invitation_unnamed",
            None,
            format!(
                "account {account} is invited ({}{}), and the spec does not name it; to call that off: \
                 aws organizations cancel-handshake --handshake-id {}",
                invitation.id,
                until(invitation),
                invitation.id
            ),
        );
    }
}

fn until(invitation: &LiveInvitation) -> String {
    let seconds = invitation
        .expires_at_seconds
        .and_then(|at| u64::try_from(at).ok());
    let day = seconds.and_then(Date::of_unix_seconds);
    day.map_or_else(String::new, |day| format!(", which is open until {day}"))
}
