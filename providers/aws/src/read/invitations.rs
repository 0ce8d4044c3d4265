//! Invitations that the organization has sent. AWS lists those that have ended for 30 days more
//! (Organizations API Reference, "ListHandshakesForOrganization").

use crate::classify::nonsense;
use crate::connection::Connection;
use crate::fields::required;
use crate::operation::Operation;
use crate::read::organization::PAGE;
use aws_sdk_organizations::types::{
    ActionType, Handshake, HandshakeFilter, HandshakePartyType, HandshakeState,
};
use lz_model::id::AccountId;
pub(crate) use lz_model::live::InvitationStage as Stage;
use lz_model::live::LiveInvitation;
use lz_provider::ProviderError;
use std::collections::BTreeMap;

const LIST: Operation = Operation::ListHandshakes;

/// Returns the open invitation of each account, else the last one that has ended.
///
/// # Errors
/// Whatever keeps AWS from answering.
pub(crate) async fn invitations(
    connection: &Connection,
) -> Result<BTreeMap<AccountId, LiveInvitation>, ProviderError> {
    let filter = HandshakeFilter::builder()
        .action_type(ActionType::InviteAccountToOrganization)
        .build();
    let listed = connection
        .list(
            LIST,
            |token| {
                let request = connection
                    .clients
                    .organizations
                    .list_handshakes_for_organization();
                request
                    .filter(filter.clone())
                    .max_results(PAGE)
                    .set_next_token(token)
                    .send()
            },
            |answer| (answer.handshakes, answer.next_token),
        )
        .await?;
    let mut latest: BTreeMap<AccountId, (i64, LiveInvitation)> = BTreeMap::new();
    for handshake in listed {
        let Some(account) = invited(&handshake) else {
            continue;
        };
        let requested = handshake.requested_timestamp.map_or(0, |at| at.secs());
        let invitation = LiveInvitation {
            stage: stage(LIST, &handshake)?,
            expires_at_seconds: handshake.expiration_timestamp.map(|at| at.secs()),
            id: required(LIST, "Id", handshake.id)?,
        };
        let rank = (invitation.stage.is_open(), requested);
        let known = latest.get(&account);
        if known.is_none_or(|(at, known)| (known.stage.is_open(), *at) < rank) {
            latest.insert(account, (requested, invitation));
        }
    }
    Ok(latest
        .into_iter()
        .map(|(account, (_, invitation))| (account, invitation))
        .collect())
}

/// Returns the account that an invitation went to, if it went to an account id.
fn invited(handshake: &Handshake) -> Option<AccountId> {
    let mut parties = handshake.parties().iter();
    let party = parties.find(|party| *party.r#type() == HandshakePartyType::Account)?;
    party.id().parse().ok()
}

/// Returns the stage of an invitation.
///
/// # Errors
/// [`lz_provider::Kind::Bug`] where AWS names none that lz knows.
pub(crate) fn stage(operation: Operation, handshake: &Handshake) -> Result<Stage, ProviderError> {
    match &handshake.state {
        Some(HandshakeState::Open | HandshakeState::Requested) => Ok(Stage::Open),
        Some(HandshakeState::Accepted) => Ok(Stage::Accepted),
        Some(HandshakeState::Declined) => Ok(Stage::Declined),
        Some(HandshakeState::Canceled) => Ok(Stage::Canceled),
        Some(HandshakeState::Expired) => Ok(Stage::Expired),
        _ => Err(nonsense(operation, "the invitation is in no state that lz knows")),
    }
}
