//! Handshakes: invitations, and the way to all features.

use serde::Serialize;

use crate::organizations::rules::creation::refuse_finalizing;
use crate::organizations::rules::{handshake as rules, tag_policy};
use crate::organizations::wire::{
    HandshakeView, InputProblem, enum_of, handshake_id, invalid, optional_text, pager, tag_list,
};
use crate::organizations::{
    Action, Code, FeatureSet, Handshake, HandshakeState, Joined, Member, Party, PartyKind,
};
use crate::settings::Settings;
use crate::wire::{Answer, Call, Change, Input, Refusal, Seen, json};
use crate::world::{AccountId, DAY, HandshakeId, ParentId, Tags, Timer, World};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HandshakeAnswer<'a> {
    handshake: HandshakeView<'a>,
}

fn not_found(id: &HandshakeId) -> Refusal {
    Code::HandshakeNotFound.because(format!("there is no handshake `{id}`"))
}

/// Shows a handshake; `feature_set` is that of its organization, if it still exists.
fn view<'a>(
    world: &'a World,
    settings: &Settings,
    id: &'a HandshakeId,
    feature_set: Option<FeatureSet>,
) -> Option<HandshakeView<'a>> {
    let shake = world.handshakes.get(id)?;
    let sender = world.accounts.get(&shake.sender)?;
    Some(HandshakeView::of(settings, id, shake, sender, feature_set))
}

fn feature_set_of(world: &World, id: &HandshakeId) -> Option<FeatureSet> {
    let shake = world.handshakes.get(id)?;
    let org = world.organizations.get(&shake.organization)?;
    Some(org.feature_set)
}

fn answer(world: &World, settings: &Settings, id: &HandshakeId) -> Answer {
    answer_with(world, settings, id, feature_set_of(world, id))
}

/// Answers while the world does not hold the organization.
fn answer_with(
    world: &World,
    settings: &Settings,
    id: &HandshakeId,
    feature_set: Option<FeatureSet>,
) -> Answer {
    json(&HandshakeAnswer {
        handshake: view(world, settings, id, feature_set).ok_or_else(|| not_found(id))?,
    })
}

/// Adds a handshake that waits for an answer.
fn open(world: &mut World, shake: Handshake) -> HandshakeId {
    let id = world.mint.handshake();
    world
        .timers
        .set(shake.expires_at, Timer::HandshakeExpires(id.clone()));
    world.handshakes.insert(id.clone(), shake);
    id
}

/// InviteAccountToOrganization.
pub(crate) fn invite(change: &mut Change<'_>) -> Answer {
    let (call, input) = (change.call, change.call.input);
    let to = rules::invited(input)?;
    let notes = optional_text(input, "Notes", 0, 1024)?.map(str::to_owned);
    let tags = tag_list(input, call.settings)?;
    if let (PartyKind::Account, Some(id)) = (to.kind, AccountId::parse(&to.id)) {
        change.world.meet(&id, call.now);
    }
    refuse_finalizing(change.org, call.now, call.settings)?;
    rules::refuse_member(change.world, change.org, &to)?;
    rules::refuse_duplicate(change.world, change.org, &to)?;
    rules::refuse_during_all_features(change.world, change.org)?;
    rules::refuse_account_quota(change.world, change.org, call.settings)?;
    rules::refuse_daily_invitations(change.org, call.now, call.settings)?;
    tag_policy::refuse_noncompliant(change.org, "account", &tags)?;
    change.org.invitations.push_back(call.now);
    let shake = Handshake {
        action: Action::Invite,
        organization: change.org.id.clone(),
        sender: change.org.management.clone(),
        to,
        state: HandshakeState::Open,
        requested_at: call.now,
        expires_at: call.now.after(DAY * call.settings.invitation_days),
        ended_at: None,
        parent: None,
        notes,
        tags,
    };
    let id = open(change.world, shake);
    change.world.await_answer(&id, call.settings);
    answer_with(change.world, call.settings, &id, Some(change.org.feature_set))
}

/// EnableAllFeatures: asks every invited account, then the management account confirms (aws-facts R1).
pub(crate) fn enable_all_features(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    rules::refuse_all_features_on(change.org)?;
    rules::refuse_all_features_pending(change.world, change.org)?;
    let invited = |member: &Member| member.joined == Joined::Invited;
    let members = change
        .org
        .members()
        .iter()
        .filter(|(id, member)| **id != change.org.management && invited(member));
    let asked: Vec<AccountId> = members.map(|(id, _)| id.clone()).collect();
    let shake = |action, to, state, parent| Handshake {
        action,
        organization: change.org.id.clone(),
        sender: change.org.management.clone(),
        to,
        state,
        requested_at: call.now,
        expires_at: call.now.after(DAY * call.settings.all_features_days),
        ended_at: None,
        parent,
        notes: None,
        tags: Tags::new(),
    };
    let itself = Party {
        kind: PartyKind::Organization,
        id: change.org.id.as_str().to_owned(),
    };
    let state = if asked.is_empty() {
        HandshakeState::Open
    } else {
        HandshakeState::Requested
    };
    let parent = open(
        change.world,
        shake(Action::EnableAllFeatures, itself, state, None),
    );
    for account in asked {
        let to = Party {
            kind: PartyKind::Account,
            id: account.as_str().to_owned(),
        };
        open(
            change.world,
            shake(
                Action::ApproveAllFeatures,
                to,
                HandshakeState::Open,
                Some(parent.clone()),
            ),
        );
    }
    answer_with(change.world, call.settings, &parent, Some(change.org.feature_set))
}

fn find<'a>(world: &'a World, call: &Call<'_>) -> Result<(HandshakeId, &'a Handshake), Refusal> {
    let id = handshake_id(call.input, "HandshakeId")?;
    let shake = world.handshakes.get(&id).ok_or_else(|| not_found(&id))?;
    Ok((id, shake))
}

/// AcceptHandshake.
pub(crate) fn accept(world: &mut World, call: &Call<'_>) -> Answer {
    let (id, shake) = find(world, call)?;
    let shake = shake.clone();
    rules::refuse_other_recipient(world, &shake, call.caller)?;
    rules::refuse_ended(&shake, HandshakeState::Accepted)?;
    match shake.action {
        Action::Invite => accept_invitation(world, call, &shake)?,
        Action::ApproveAllFeatures => {}
        Action::EnableAllFeatures => accept_all_features(world, call, &shake)?,
    }
    world.end_handshake(&id, HandshakeState::Accepted, call.now, call.settings);
    if let Some(parent) = shake.parent {
        world.open_when_approved(&parent);
    }
    answer(world, call.settings, &id)
}

fn accept_invitation(world: &mut World, call: &Call<'_>, shake: &Handshake) -> Result<(), Refusal> {
    rules::refuse_second_organization(world, call.caller)?;
    let gone = || Code::HandshakeNotFound.because("the organization that sent the invitation is gone");
    let mut org = world.organizations.remove(&shake.organization).ok_or_else(gone)?;
    let parent = ParentId::Root(org.root.clone());
    let member = Member {
        parent,
        joined: Joined::Invited,
        joined_at: call.now,
        tags: shake.tags.clone(),
    };
    world.join(&mut org, call.caller, member, call.settings, call.now);
    world.organizations.insert(org.id.clone(), org);
    Ok(())
}

fn accept_all_features(world: &mut World, call: &Call<'_>, shake: &Handshake) -> Result<(), Refusal> {
    rules::refuse_unapproved(shake)?;
    if let Some(org) = world.organizations.get_mut(&shake.organization) {
        org.feature_set = FeatureSet::All;
        org.add_managed_policies(call.settings, call.now);
    }
    Ok(())
}

/// DeclineHandshake: by its recipient.
pub(crate) fn decline(world: &mut World, call: &Call<'_>) -> Answer {
    let (id, shake) = find(world, call)?;
    rules::refuse_other_recipient(world, shake, call.caller)?;
    rules::refuse_ended(shake, HandshakeState::Declined)?;
    world.end_handshake(&id, HandshakeState::Declined, call.now, call.settings);
    answer(world, call.settings, &id)
}

/// CancelHandshake: by its sender, with the consents that it waits for.
pub(crate) fn cancel(world: &mut World, call: &Call<'_>) -> Answer {
    let (id, shake) = find(world, call)?;
    rules::refuse_other_sender(shake, call.caller)?;
    rules::refuse_ended(shake, HandshakeState::Canceled)?;
    let part = |shake: &Handshake| shake.parent.as_ref() == Some(&id) && shake.state.is_pending();
    let parts: Vec<_> = world
        .handshakes
        .iter()
        .filter(|(_, s)| part(s))
        .map(|(id, _)| id.clone())
        .collect();
    for id in parts.iter().chain([&id]) {
        world.end_handshake(id, HandshakeState::Canceled, call.now, call.settings);
    }
    answer(world, call.settings, &id)
}

/// DescribeHandshake: for its two sides.
pub(crate) fn describe(world: &World, call: &Call<'_>) -> Answer {
    let (id, shake) = find(world, call)?;
    rules::refuse_stranger(world, shake, call.caller)?;
    answer(world, call.settings, &id)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HandshakesAnswer<'a> {
    handshakes: Vec<HandshakeView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// What a list is narrowed to.
enum Filter {
    All,
    Action(Option<Action>),
    Parent(HandshakeId),
}

impl Filter {
    /// Reads the filter; it can name an action or a parent, not both (MAX_LIMIT_EXCEEDED_FILTER).
    fn of(input: &Input) -> Result<Filter, Refusal> {
        let Some(filter) = input.object("Filter")? else {
            return Ok(Filter::All);
        };
        let action = filter.text("ActionType")?;
        match (action, filter.text("ParentHandshakeId")?) {
            (Some(_), Some(_)) => Err(invalid(
                InputProblem::MaxFilterLimit,
                "`Filter` takes one of its members only",
            )),
            (None, Some(_)) => Ok(Filter::Parent(handshake_id(&filter, "ParentHandshakeId")?)),
            (Some(text), None) => enum_of("ActionType", text, |text| match text {
                "INVITE" => Some(Some(Action::Invite)),
                "ENABLE_ALL_FEATURES" => Some(Some(Action::EnableAllFeatures)),
                "APPROVE_ALL_FEATURES" => Some(Some(Action::ApproveAllFeatures)),
                "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE" | "TRANSFER_RESPONSIBILITY" => Some(None),
                _ => None,
            })
            .map(Filter::Action),
            (None, None) => Ok(Filter::All),
        }
    }

    /// Returns what tells a listing with this filter from others.
    fn words(&self) -> [&str; 2] {
        match self {
            Filter::All => ["", ""],
            Filter::Action(action) => ["action", action.map_or("", Action::as_str)],
            Filter::Parent(id) => ["parent", id.as_str()],
        }
    }

    fn fits(&self, shake: &Handshake) -> bool {
        match self {
            Filter::All => true,
            Filter::Action(action) => *action == Some(shake.action),
            Filter::Parent(id) => shake.parent.as_ref() == Some(id),
        }
    }
}

fn list(world: &World, call: &Call<'_>, belongs: impl Fn(&Handshake) -> bool) -> Answer {
    let filter = Filter::of(call.input)?;
    let pager = pager(call, &filter.words())?;
    let rest = world
        .handshakes
        .iter()
        .filter(|(id, _)| id.as_str() > pager.after());
    let fitting = rest.filter(|(_, shake)| belongs(shake) && filter.fits(shake));
    let page = pager.take(fitting, |(id, _)| id.as_str().to_owned());
    let views = page
        .items
        .into_iter()
        .filter_map(|(id, _)| view(world, call.settings, id, feature_set_of(world, id)));
    json(&HandshakesAnswer {
        handshakes: views.collect(),
        next_token: page.next,
    })
}

/// ListHandshakesForAccount: what the caller has received.
pub(crate) fn list_for_account(world: &World, call: &Call<'_>) -> Answer {
    list(world, call, |shake| {
        rules::is_recipient(world, shake, call.caller)
    })
}

/// ListHandshakesForOrganization: what the organization has sent.
pub(crate) fn list_for_organization(seen: &Seen<'_>) -> Answer {
    list(seen.world, seen.call, |shake| shake.organization == seen.org.id)
}
