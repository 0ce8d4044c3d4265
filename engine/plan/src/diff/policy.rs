//! Policies: create, update, tag, delete.

use super::tags;
use crate::context::{Context, PolicyKey, adoption};
use crate::draft::{Draft, Drafts};
use crate::entity::Entity;
use crate::guardrail;
use crate::refusal::Problems;
use lz_model::address::{Address, Name};
use lz_model::desired::DesiredPolicy;
use lz_model::id::ResourceId;
use lz_model::live::{LivePolicy, PolicyText};
use lz_model::plan::{Action, Change, Known, Reason, Ref};
use lz_model::text::Text;
use lz_policy::document::Document;
use std::collections::BTreeSet;

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    for (name, wanted) in &context.desired.policies {
        let found = context.pairs.policies.get(name);
        match found.and_then(|found| context.live.and_then(|live| live.policies.get(&found.id))) {
            None => create(context, name, wanted, drafts),
            Some(live) => {
                update(context, name, wanted, live, drafts, problems);
                retag(context, name, wanted, live, drafts);
            }
        }
    }
    let Some(live) = context.live else { return };
    for (id, address) in &context.pairs.retired_policies {
        if let Some(policy) = live.policies.get(id)
            && !super::removed::is_forgotten(context, address)
        {
            retire(context, address, policy, drafts);
        }
    }
}

fn create(context: &Context<'_>, name: &Name, wanted: &DesiredPolicy, drafts: &mut Drafts) {
    let address = Address::Policy(name.clone());
    let action = Action::CreatePolicy {
        policy_type: wanted.policy_type,
        name: wanted.name.clone(),
        description: wanted
            .description
            .as_ref()
            .map(|text| context.fill(text))
            .unwrap_or_default(),
        content: context.fill(&wanted.content),
        tags: context.all_tags(&address, wanted.tags.as_ref()),
    };
    let draft = Draft::new(context.desired, address, "create", action, Reason::Missing {});
    drafts.push(draft.policy(PolicyKey::New(name.clone())));
}

fn update(
    context: &Context<'_>,
    name: &Name,
    wanted: &DesiredPolicy,
    live: &LivePolicy,
    drafts: &mut Drafts,
    problems: &mut Problems<'_>,
) {
    let address = Address::Policy(name.clone());
    let PolicyText::Read(before) = &live.content else {
        problems.add(
            "not_read",
            address,
            format!("the document of policy `{}` was not read", live.id),
            "this is a bug in lz; please report it with this message",
        );
        return;
    };
    let renamed = (live.name != wanted.name).then(|| Change {
        before: live.name.clone(),
        after: wanted.name.clone(),
    });
    let after = wanted.description.as_ref().map(|text| context.fill(text));
    let described = after
        .filter(|after| after.known() != Some(live.description.as_str()))
        .map(|after| Change {
            before: Text::literal(live.description.clone()),
            after,
        });
    let after = context.fill(&wanted.content);
    let changed = (!is_same(wanted, before, &after)).then(|| Change {
        before: Text::literal(before.clone()),
        after: after.clone(),
    });
    if renamed.is_none() && described.is_none() && changed.is_none() {
        return;
    }
    let targets: BTreeSet<Entity> = live.targets.iter().map(Entity::of_target).collect();
    let effect = changed
        .as_ref()
        .and_then(|change| guardrail::of_update(wanted.policy_type, &change.before, &change.after));
    let action = Action::UpdatePolicy {
        policy: live.id.clone(),
        policy_type: wanted.policy_type,
        name: renamed,
        description: described,
        content: changed,
        accounts: context.accounts_under(&targets),
    };
    let draft = Draft::new(context.desired, address, "update", action, Reason::Differs {});
    drafts.push(
        draft
            .policy(PolicyKey::Live(live.id.clone()))
            .guard(effect, targets.into_iter().collect()),
    );
}

/// Reordered or re-spaced JSON is no change.
fn is_same(wanted: &DesiredPolicy, before: &str, after: &Text) -> bool {
    let Some(after) = after.known() else { return false };
    match (
        Document::parse(wanted.policy_type, before),
        Document::parse(wanted.policy_type, after),
    ) {
        (Ok(before), Ok(after)) => before == after,
        (Ok(_) | Err(_), Err(_)) | (Err(_), Ok(_)) => before == after,
    }
}

fn retag(context: &Context<'_>, name: &Name, wanted: &DesiredPolicy, live: &LivePolicy, drafts: &mut Drafts) {
    let address = Address::Policy(name.clone());
    let resource = (live.name.clone(), ResourceId::Policy(live.id.clone()));
    let adopted = context.pairs.policies.get(name).and_then(adoption);
    let draft = tags::diff(
        context,
        &address,
        resource,
        wanted.tags.as_ref(),
        &live.tags,
        adopted,
    );
    drafts
        .list
        .extend(draft.map(|draft| draft.policy(PolicyKey::Live(live.id.clone()))));
}

fn retire(context: &Context<'_>, address: &Address, policy: &LivePolicy, drafts: &mut Drafts) {
    let key = PolicyKey::Live(policy.id.clone());
    let replaced = matches!(address, Address::Policy(name) if context.desired.policies.contains_key(name));
    let reason = || {
        if replaced {
            Reason::Replaced { by: address.clone() }
        } else {
            Reason::LeftSpec {}
        }
    };
    for target in &policy.targets {
        let entity = Entity::of_target(target);
        if !context.is_retired(&entity) {
            drafts.push(super::attach::detach(context, address, policy, &entity, reason()));
        }
    }
    let action = Action::DeletePolicy {
        policy: Ref {
            name: policy.name.clone(),
            id: Known::Now(policy.id.clone()),
        },
        policy_type: policy.policy_type,
    };
    let verb = format!("delete {}", policy.id);
    drafts.push(Draft::new(context.desired, address.clone(), &verb, action, reason()).policy(key));
}
