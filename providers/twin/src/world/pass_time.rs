//! What happens by itself as time passes.

use super::{
    Account, AccountId, AccountState, HandshakeId, OrganizationId, RegionChange, RequestId, Timer, World,
};
use crate::clock::AwsTime;
use crate::cloudformation::{self, Due};
use crate::organizations::{
    Action, CreationState, Failure, HandshakeState, Joined, Member, Organization, TypeStatus,
};
use crate::settings::{PolicyType, Settings};
use crate::world::invitation::answer_due;
use crate::world::{ParentId, TargetId};
use std::time::Duration;

/// A day.
pub(crate) const DAY: Duration = Duration::from_secs(86_400);

impl World {
    /// Lets everything happen that is due at `now`, in order. Returns whether anything did.
    pub(crate) fn pass_time(&mut self, now: AwsTime, settings: &Settings) -> bool {
        let mut changed = false;
        while let Some((at, timer)) = self.timers.pop(now) {
            changed = true;
            match timer {
                Timer::CreationEnds(organization, request) => {
                    self.end_creation(&organization, &request, at, settings);
                }
                Timer::ClosureEnds(account) => self.end_closure(&account, at, settings),
                Timer::AccountGone(account) => self.forget_account(&account, at, settings),
                Timer::RegionSettles(account, region) => self.settle_region(&account, &region, at),
                Timer::InvitationAnswered(id) => self.answer_invitation(&id, at, settings),
                Timer::HandshakeExpires(id) => self.expire_handshake(&id, at, settings),
                Timer::HandshakeGone(id) => {
                    self.handshakes.remove(&id);
                }
                Timer::PolicyTypeSettles(organization, kind) => {
                    self.settle_policy_type(&organization, kind, at)
                }
                Timer::TagsVisible(organization) => {
                    if let Some(organization) = self.organizations.get_mut(&organization) {
                        organization.tag_index.catch_up(at);
                    }
                }
                Timer::InstanceEnds(set, operation, place) => {
                    cloudformation::end_instance(self, &set, &operation, &place, at, settings);
                }
                Timer::StackSetWakes(set) => cloudformation::wake(self, &set, at, settings),
                Timer::StackSetGone(set) => self.cloudformation.forget(&set),
                Timer::StackEnds(stack) => cloudformation::end_stack(self, &stack, at, settings),
                Timer::NeighbourDue => crate::neighbour::pass_time(self, at, settings),
            }
        }
        changed
    }

    /// Ends an account creation: a taken e-mail address is found only now (aws-facts 1.4).
    fn end_creation(&mut self, id: &OrganizationId, request: &RequestId, at: AwsTime, settings: &Settings) {
        let Some(mut organization) = self.organizations.remove(id) else {
            return;
        };
        if let Some(wanted) = organization.creations.get(request).cloned()
            && matches!(wanted.state, CreationState::InProgress { .. })
        {
            let state = if self.account_by_email(&wanted.email).is_some() {
                CreationState::Failed {
                    reason: Failure::EmailAlreadyExists,
                    at,
                }
            } else {
                let account = self.fresh_account_id();
                let mut made = Account::new(wanted.name, wanted.email, at);
                made.access_role = Some(wanted.role);
                self.add_account(account.clone(), made);
                let parent = ParentId::Root(organization.root.clone());
                let member = Member {
                    parent,
                    joined: Joined::Created,
                    joined_at: at,
                    tags: wanted.tags,
                };
                self.join(&mut organization, &account, member, settings, at);
                CreationState::Succeeded { account, at }
            };
            organization.end_creation(request, state);
        }
        self.organizations.insert(id.clone(), organization);
    }

    /// Takes an account into an organization, with what every new entity gets attached.
    pub(crate) fn join(
        &mut self,
        organization: &mut Organization,
        account: &AccountId,
        member: Member,
        settings: &Settings,
        at: AwsTime,
    ) {
        if let Some(joining) = self.accounts.get_mut(account) {
            joining.organization = Some(organization.id.clone());
        }
        let tags = member.tags.clone();
        organization.add_member(account.clone(), member);
        let target = TargetId::Account(account.clone());
        organization.attach_defaults(&target, settings);
        if !tags.is_empty() {
            let arn = organization.arns(settings.partition).target(&target);
            let visible = at.after(settings.tagging_delay_seconds.duration());
            organization.tag_index.note(visible, arn, Some(tags));
            self.note_tags(&organization.id, settings, at);
        }
        cloudformation::account_joined(self, organization, account, at, settings);
    }

    /// Takes an account out of an organization; it stands alone afterwards.
    pub(crate) fn part(
        &mut self,
        organization: &mut Organization,
        account: &AccountId,
        settings: &Settings,
        at: AwsTime,
    ) {
        let arn = organization.arns(settings.partition).account(account).to_string();
        let parent = organization.member(account).map(|member| member.parent.clone());
        organization.remove_member(account);
        let visible = at.after(settings.tagging_delay_seconds.duration());
        organization.tag_index.note(visible, arn, None);
        self.note_tags(&organization.id, settings, at);
        if let Some(leaving) = self.accounts.get_mut(account) {
            leaving.organization = None;
        }
        self.withdraw_consents(&organization.id, account, settings, at);
        if let Some(parent) = parent {
            cloudformation::account_left(self, organization, account, &parent, at, settings);
        }
    }

    /// All features wait for nobody who has left (Organizations User Guide, "Enabling all features").
    fn withdraw_consents(
        &mut self,
        organization: &OrganizationId,
        account: &AccountId,
        settings: &Settings,
        at: AwsTime,
    ) {
        let asked = self.handshakes.iter().filter(|(_, handshake)| {
            handshake.action == Action::ApproveAllFeatures
                && handshake.organization == *organization
                && handshake.to.id == account.as_str()
                && handshake.state != HandshakeState::Accepted
        });
        let asked: Vec<_> = asked
            .map(|(id, handshake)| (id.clone(), handshake.parent.clone()))
            .collect();
        for (id, parent) in asked {
            self.end_handshake(&id, HandshakeState::Canceled, at, settings);
            if let Some(parent) = parent {
                self.open_when_approved(&parent);
            }
        }
    }

    /// Lets the management account confirm all features, once every consent has been given.
    pub(crate) fn open_when_approved(&mut self, parent: &HandshakeId) {
        if self.consents_missing(parent) == 0
            && let Some(parent) = self.handshakes.get_mut(parent)
            && parent.state == HandshakeState::Requested
        {
            parent.state = HandshakeState::Open;
        }
    }

    fn end_closure(&mut self, id: &AccountId, at: AwsTime, settings: &Settings) {
        let Some(account) = self.accounts.get_mut(id) else {
            return;
        };
        if matches!(account.state, AccountState::PendingClosure { .. }) {
            account.state = AccountState::Closed { since: at };
            let gone = at.after(DAY * settings.closed_account_days);
            self.timers.set(gone, Timer::AccountGone(id.clone()));
        }
    }

    /// A closed account leaves its organization's lists after 90 days and some (aws-facts 1.4).
    fn forget_account(&mut self, id: &AccountId, at: AwsTime, settings: &Settings) {
        let Some(account) = self.remove_account(id) else {
            return;
        };
        if let Some(mut organization) = account
            .organization
            .and_then(|org| self.organizations.remove(&org))
        {
            self.part(&mut organization, id, settings, at);
            self.organizations.insert(organization.id.clone(), organization);
        }
    }

    fn settle_region(&mut self, id: &AccountId, region: &str, at: AwsTime) {
        let Some(account) = self.accounts.get_mut(id) else {
            return;
        };
        match account.regions.get(region) {
            Some(RegionChange::Enabling { until }) if *until <= at => {
                account.regions.insert(region.to_owned(), RegionChange::Enabled);
            }
            Some(RegionChange::Disabling { until }) if *until <= at => {
                account.regions.remove(region);
            }
            Some(_) | None => {}
        }
    }

    fn expire_handshake(&mut self, id: &HandshakeId, at: AwsTime, settings: &Settings) {
        if self
            .handshakes
            .get(id)
            .is_some_and(|handshake| handshake.state.is_pending())
        {
            self.end_handshake(id, HandshakeState::Expired, at, settings);
        }
    }

    /// Ends a handshake; it stays listed for a while (aws-limits, handshake_expiry_days).
    pub(crate) fn end_handshake(
        &mut self,
        id: &HandshakeId,
        state: HandshakeState,
        at: AwsTime,
        settings: &Settings,
    ) {
        if let Some(handshake) = self.handshakes.get_mut(id) {
            handshake.state = state;
            handshake.ended_at = Some(at);
            self.timers.set(
                at.after(DAY * settings.handshake_kept_days),
                Timer::HandshakeGone(id.clone()),
            );
        }
    }

    /// Returns how many consents a request for all features still waits for.
    fn consents_missing(&self, parent: &HandshakeId) -> usize {
        let waits = |handshake: &&crate::organizations::Handshake| {
            handshake.action == Action::ApproveAllFeatures
                && handshake.parent.as_ref() == Some(parent)
                && !matches!(
                    handshake.state,
                    HandshakeState::Accepted | HandshakeState::Canceled
                )
        };
        self.handshakes.values().filter(waits).count()
    }

    fn settle_policy_type(&mut self, id: &OrganizationId, kind: PolicyType, at: AwsTime) {
        let Some(organization) = self.organizations.get_mut(id) else {
            return;
        };
        match organization.policy_types.get(&kind) {
            Some(TypeStatus::Enabling { until }) if *until <= at => {
                organization.policy_types.insert(kind, TypeStatus::Enabled);
            }
            Some(TypeStatus::Disabling { until }) if *until <= at => {
                organization.policy_types.remove(&kind);
            }
            Some(_) | None => {}
        }
    }

    /// Sets every timer anew, as after reading a state file.
    pub(super) fn set_timers(&mut self, now: AwsTime, settings: &Settings) {
        let mut due = Vec::new();
        for stack in self.cloudformation.reindex(now, settings.deleted_stack_set_days) {
            due.push(match stack {
                Due::InstanceEnds(set, operation, place, at) => {
                    (at, Timer::InstanceEnds(set, operation, place))
                }
                Due::Wake(set, at) => (at, Timer::StackSetWakes(set)),
                Due::Gone(set, at) => (at, Timer::StackSetGone(set)),
                Due::StackEnds(stack, at) => (at, Timer::StackEnds(stack)),
            });
        }
        due.extend(self.neighbours.due().map(|at| (at, Timer::NeighbourDue)));
        for (id, account) in &self.accounts {
            match account.state {
                AccountState::PendingClosure { until } => due.push((until, Timer::ClosureEnds(id.clone()))),
                AccountState::Closed { since } => {
                    due.push((
                        since.after(DAY * settings.closed_account_days),
                        Timer::AccountGone(id.clone()),
                    ));
                }
                AccountState::Active | AccountState::Suspended => {}
            }
            for (region, change) in &account.regions {
                match change {
                    RegionChange::Enabling { until } | RegionChange::Disabling { until } => {
                        due.push((*until, Timer::RegionSettles(id.clone(), region.clone())));
                    }
                    RegionChange::Enabled => {}
                }
            }
        }
        for (id, handshake) in &self.handshakes {
            due.push(match handshake.ended_at {
                Some(at) => (
                    at.after(DAY * settings.handshake_kept_days),
                    Timer::HandshakeGone(id.clone()),
                ),
                None => (handshake.expires_at, Timer::HandshakeExpires(id.clone())),
            });
            if handshake.ended_at.is_none() {
                due.extend(answer_due(id, handshake, settings));
            }
        }
        for (id, organization) in &self.organizations {
            for request in organization.creations_in("IN_PROGRESS") {
                if let Some(CreationState::InProgress { until }) =
                    organization.creations.get(request).map(|r| &r.state)
                {
                    due.push((*until, Timer::CreationEnds(id.clone(), request.clone())));
                }
            }
            for (kind, status) in &organization.policy_types {
                match status {
                    TypeStatus::Enabling { until } | TypeStatus::Disabling { until } => {
                        due.push((*until, Timer::PolicyTypeSettles(id.clone(), *kind)));
                    }
                    TypeStatus::Enabled => {}
                }
            }
            due.extend(
                organization
                    .tag_index
                    .waiting()
                    .map(|at| (at, Timer::TagsVisible(id.clone()))),
            );
        }
        for (at, timer) in due {
            self.timers.set(at, timer);
        }
    }
}
