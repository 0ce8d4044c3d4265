//! Handshakes: what one account asks of another.

use serde::{Deserialize, Serialize};

use crate::clock::AwsTime;
use crate::world::{AccountId, HandshakeId, OrganizationId, Tags};

/// What a handshake is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Action {
    /// INVITE: joining an organization.
    Invite,
    /// ENABLE_ALL_FEATURES: the management account's own confirmation.
    EnableAllFeatures,
    /// APPROVE_ALL_FEATURES: the consent of one invited account.
    ApproveAllFeatures,
}

impl Action {
    /// Returns the member `Action`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Action::Invite => "INVITE",
            Action::EnableAllFeatures => "ENABLE_ALL_FEATURES",
            Action::ApproveAllFeatures => "APPROVE_ALL_FEATURES",
        }
    }
}

/// The stage of a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum HandshakeState {
    /// REQUESTED: waits for others.
    Requested,
    /// OPEN: can be answered.
    Open,
    /// CANCELED by its sender.
    Canceled,
    /// ACCEPTED by its recipient.
    Accepted,
    /// DECLINED by its recipient.
    Declined,
    /// EXPIRED unanswered.
    Expired,
}

impl HandshakeState {
    /// Returns the member `State`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            HandshakeState::Requested => "REQUESTED",
            HandshakeState::Open => "OPEN",
            HandshakeState::Canceled => "CANCELED",
            HandshakeState::Accepted => "ACCEPTED",
            HandshakeState::Declined => "DECLINED",
            HandshakeState::Expired => "EXPIRED",
        }
    }

    /// Returns whether it can still be answered or cancelled.
    pub(crate) fn is_pending(self) -> bool {
        match self {
            HandshakeState::Requested | HandshakeState::Open => true,
            HandshakeState::Canceled
            | HandshakeState::Accepted
            | HandshakeState::Declined
            | HandshakeState::Expired => false,
        }
    }
}

/// How the recipient of a handshake is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PartyKind {
    /// By account id.
    Account,
    /// By e-mail address.
    Email,
    /// As the organization itself.
    Organization,
}

/// The recipient of a handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Party {
    pub(crate) kind: PartyKind,
    pub(crate) id: String,
}

impl PartyKind {
    /// Returns the member `Type`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            PartyKind::Account => "ACCOUNT",
            PartyKind::Email => "EMAIL",
            PartyKind::Organization => "ORGANIZATION",
        }
    }
}

/// A handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handshake {
    pub(crate) action: Action,
    pub(crate) organization: OrganizationId,
    /// The management account that sent it, with what the recipient sees of it.
    pub(crate) sender: AccountId,
    pub(crate) to: Party,
    pub(crate) state: HandshakeState,
    pub(crate) requested_at: AwsTime,
    pub(crate) expires_at: AwsTime,
    /// When it was answered, cancelled or expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ended_at: Option<AwsTime>,
    /// The handshake that this one is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<HandshakeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) notes: Option<String>,
    /// Tags for the account that an invitation brings in.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub(crate) tags: Tags,
}
