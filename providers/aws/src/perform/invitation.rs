//! Invitations of accounts of other organizations: sent once, and followed until the other side has answered.

use crate::classify::{invitation_ended, invitation_waits, unknown};
use crate::connection::Connection;
use crate::fields::required;
use crate::operation::Operation;
use crate::perform::account::describe_account;
use crate::perform::tags::sdk_tags;
use crate::read::{self, Stage};
use aws_sdk_organizations::types::{HandshakeParty, HandshakePartyType};
use lz_model::id::AccountId;
use lz_provider::{Created, Kind, ProviderError, TagList};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The first pause between two looks; each is half as long again as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long an answer is awaited. People answer when they can, within 15 days (aws-facts section 1.6): the next run
/// goes on waiting.
const AWAITED: Duration = Duration::from_secs(5 * 60);

/// Invites an account unless it has an open invitation, and waits for its answer.
///
/// # Errors
/// Why AWS has not sent it, that the other side said no, or that it has not answered yet.
pub(super) async fn invite(
    connection: &Connection,
    account: &AccountId,
    sent: Option<&str>,
    tags: &TagList,
) -> Result<Created, ProviderError> {
    let handshake = match sent {
        Some(sent) => sent.to_owned(),
        None => send(connection, account, tags).await?,
    };
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        // From here on the invitation is out, whatever keeps us from watching.
        match stage(connection, &handshake).await.map_err(unknown)? {
            Stage::Accepted => break,
            Stage::Open if begun.elapsed() < AWAITED => {}
            Stage::Open => return Err(invitation_waits(account, &handshake)),
            ended @ (Stage::Declined | Stage::Canceled | Stage::Expired) => {
                return Err(invitation_ended(account, &handshake, ended.name()));
            }
        }
        sleep(pause).await;
        pause = (pause + pause / 2).min(LONGEST_PAUSE);
    }
    let described = describe_account(connection, account).await.map_err(unknown)?;
    Ok(Created {
        id: account.to_string(),
        arn: described.arn,
        tags: tags.clone(),
    })
}

/// Sends an invitation and returns its id; one that is open already is taken for it.
async fn send(connection: &Connection, account: &AccountId, tags: &TagList) -> Result<String, ProviderError> {
    let operation = Operation::InviteAccount;
    let tags = sdk_tags(operation, tags)?;
    let target = HandshakeParty::builder()
        .id(account.as_str())
        .r#type(HandshakePartyType::Account)
        .build()
        .map_err(|error| crate::classify::unsendable(operation, error))?;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.invite_account_to_organization();
            request.target(target.clone()).set_tags(tags.clone()).send()
        })
        .await;
    match answer {
        Ok(answer) => {
            let handshake = required(operation, "Handshake", answer.handshake)?;
            required(operation, "Id", handshake.id)
        }
        Err(error) if error.kind == Kind::AlreadySo => {
            let open = read::invitations(connection).await.map_err(unknown)?;
            let open = open.get(account).filter(|invitation| invitation.stage.is_open());
            // AWS knows it and does not list it yet: a moment later it does.
            open.map(|invitation| invitation.id.clone()).ok_or(ProviderError {
                kind: Kind::Conflict,
                ..error
            })
        }
        Err(error) => Err(error),
    }
}

async fn stage(connection: &Connection, handshake: &str) -> Result<Stage, ProviderError> {
    let operation = Operation::DescribeHandshake;
    let answer = connection
        .send(operation, || {
            let request = connection.clients.organizations.describe_handshake();
            request.handshake_id(handshake).send()
        })
        .await?;
    let handshake = required(operation, "Handshake", answer.handshake)?;
    read::stage(operation, &handshake)
}
