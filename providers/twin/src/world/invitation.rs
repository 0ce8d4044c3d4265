//! Accounts outside that answer invitations by themselves, where the settings say so.

use super::{AccountId, HandshakeId, ParentId, Timer, World};
use crate::clock::AwsTime;
use crate::organizations::{Action, Handshake, HandshakeState, Joined, Member, PartyKind};
use crate::settings::{InvitationAnswer, Settings};

/// Returns when an invitation is answered by itself, if it is.
pub(super) fn answer_due(
    id: &HandshakeId,
    shake: &Handshake,
    settings: &Settings,
) -> Option<(AwsTime, Timer)> {
    let answers = match settings.invitation_answer {
        InvitationAnswer::Accept | InvitationAnswer::Decline => true,
        InvitationAnswer::Wait => false,
    };
    let at = shake
        .requested_at
        .after(settings.invitation_answer_seconds.duration());
    (answers && shake.action == Action::Invite).then(|| (at, Timer::InvitationAnswered(id.clone())))
}

impl World {
    /// Sets the timer of an answer that comes by itself.
    pub(crate) fn await_answer(&mut self, id: &HandshakeId, settings: &Settings) {
        let due = self
            .handshakes
            .get(id)
            .and_then(|shake| answer_due(id, shake, settings));
        if let Some((at, timer)) = due {
            self.timers.set(at, timer);
        }
    }

    /// Answers an invitation that is still open. An account that belongs to an organization cannot accept.
    pub(super) fn answer_invitation(&mut self, id: &HandshakeId, at: AwsTime, settings: &Settings) {
        let Some(shake) = self
            .handshakes
            .get(id)
            .filter(|shake| shake.state == HandshakeState::Open)
            .cloned()
        else {
            return;
        };
        if settings.invitation_answer == InvitationAnswer::Decline {
            return self.end_handshake(id, HandshakeState::Declined, at, settings);
        }
        let guest = match shake.to.kind {
            PartyKind::Account => AccountId::parse(&shake.to.id),
            PartyKind::Email => self.account_by_email(&shake.to.id).cloned(),
            PartyKind::Organization => None,
        };
        let Some(guest) = guest.filter(|guest| self.organization_of(guest).is_none()) else {
            return;
        };
        let Some(mut org) = self.organizations.remove(&shake.organization) else {
            return;
        };
        let member = Member {
            parent: ParentId::Root(org.root.clone()),
            joined: Joined::Invited,
            joined_at: at,
            tags: shake.tags.clone(),
        };
        self.join(&mut org, &guest, member, settings, at);
        self.organizations.insert(org.id.clone(), org);
        self.end_handshake(id, HandshakeState::Accepted, at, settings);
    }
}
