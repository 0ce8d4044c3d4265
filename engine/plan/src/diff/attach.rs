//! Attachments: what policies are attached to, and `FullAWSAccess`.

use crate::context::{Context, PolicyKey};
use crate::draft::{Draft, Drafts};
use crate::entity::{self, Entity};
use crate::guardrail;
use crate::pair::Retired;
use crate::refusal::Problems;
use crate::room;
use lz_model::address::{Address, Name};
use lz_model::desired::{DesiredPolicy, Exclusive};
use lz_model::id::PolicyId;
use lz_model::live::{LivePolicy, PolicyText};
use lz_model::plan::{Action, Reason};
use lz_model::policy_type::PolicyType;
use lz_model::text::Text;
use lz_policy::guard::Effect;
use std::collections::BTreeSet;

/// Names that Control Tower gives to its own SCPs (rule R38): never touched.
const CONTROL_TOWER_PREFIX: &str = "aws-guardrails-";

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    for (name, wanted) in &context.desired.policies {
        declared(context, name, wanted, drafts);
    }
    follow_replaced_ous(context, drafts);
    exclusive(context, drafts);
    full_access(context, drafts, problems);
    room::check(context, drafts, problems);
}

/// The `attach` list of a policy is the whole truth about that policy.
fn declared(context: &Context<'_>, name: &Name, wanted: &DesiredPolicy, drafts: &mut Drafts) {
    let Some(attach) = &wanted.attach else { return };
    let address = Address::Policy(name.clone());
    let live = live_policy(context, name);
    let after: BTreeSet<Entity> = attach
        .iter()
        .map(|target| entity::target(&context.pairs, target))
        .collect();
    let before: BTreeSet<Entity> = targets_of(live);
    let content = context.fill(&wanted.content);
    for entity in after.difference(&before) {
        let key = context.policy_key(name);
        drafts.push(attach_step(
            context,
            &address,
            &key,
            (wanted.policy_type, &content),
            entity,
            Reason::Missing {},
        ));
    }
    let Some(live) = live else { return };
    for entity in before
        .difference(&after)
        .filter(|entity| !context.is_retired(entity))
    {
        drafts.push(detach(context, &address, live, entity, Reason::Differs {}));
    }
}

fn live_policy<'a>(context: &Context<'a>, name: &Name) -> Option<&'a LivePolicy> {
    let found = context.pairs.policies.get(name)?;
    context.live?.policies.get(&found.id)
}

fn targets_of(live: Option<&LivePolicy>) -> BTreeSet<Entity> {
    live.into_iter()
        .flat_map(|policy| &policy.targets)
        .map(Entity::of_target)
        .collect()
}

fn attach_step(
    context: &Context<'_>,
    address: &Address,
    policy: &PolicyKey,
    (policy_type, content): (PolicyType, &Text),
    entity: &Entity,
    reason: Reason,
) -> Draft {
    let reference = context.policy_ref(policy);
    let verb = match address {
        Address::Policy(_) => format!("attach {}", context.label(entity)),
        Address::Organization
        | Address::Root
        | Address::PolicyType(_)
        | Address::TrustedService(_)
        | Address::Ou(_)
        | Address::Account(_)
        | Address::DelegatedAdmin(_)
        | Address::StackSet(_)
        | Address::Stack(_)
        | Address::ControlTower
        | Address::Baseline(_)
        | Address::Control(_)
        | Address::PermissionSet(_)
        | Address::Assignment(_) => format!("attach {}", reference.name),
    };
    let action = Action::AttachPolicy {
        policy: reference,
        policy_type,
        target: context.target_ref(entity),
        accounts: context.accounts_under(&BTreeSet::from([entity.clone()])),
    };
    Draft::new(context.desired, address.clone(), &verb, action, reason)
        .policy(policy.clone())
        .to(entity.clone())
        .guard(guardrail::of_attach(policy_type, content), vec![entity.clone()])
}

/// Returns the step that detaches a live policy.
pub(super) fn detach(
    context: &Context<'_>,
    address: &Address,
    policy: &LivePolicy,
    entity: &Entity,
    reason: Reason,
) -> Draft {
    let content = match &policy.content {
        PolicyText::Read(text) => Text::literal(text.clone()),
        PolicyText::NotRead => Text::default(),
    };
    let key = PolicyKey::Live(policy.id.clone());
    detach_step(
        context,
        address,
        &key,
        (
            policy.policy_type,
            guardrail::of_detach(policy.policy_type, &content),
        ),
        entity,
        reason,
    )
}

fn detach_step(
    context: &Context<'_>,
    address: &Address,
    policy: &PolicyKey,
    (policy_type, effect): (PolicyType, Option<Effect>),
    entity: &Entity,
    reason: Reason,
) -> Draft {
    let reference = context.policy_ref(policy);
    let verb = format!("detach {} from {}", reference.name, context.label(entity));
    let action = Action::DetachPolicy {
        policy: reference,
        policy_type,
        target: context.target_ref(entity),
        accounts: context.accounts_under(&BTreeSet::from([entity.clone()])),
    };
    Draft::new(context.desired, address.clone(), &verb, action, reason)
        .policy(policy.clone())
        .to(entity.clone())
        .guard(effect, vec![entity.clone()])
}

/// R10: what is attached to an OU that is replaced, and that the spec does not manage, goes along.
fn follow_replaced_ous(context: &Context<'_>, drafts: &mut Drafts) {
    let Some(live) = context.live else { return };
    let managed = context.pairs.paired_policy_ids();
    for (old, retired) in &context.pairs.retired_ous {
        let Retired::ReplacedBy(address) = retired else {
            continue;
        };
        let new = entity::ou(&context.pairs, address);
        for policy in live.policies.values().filter(|policy| {
            !is_hands_off(policy) && !context.pairs.retired_policies.contains_key(&policy.id)
        }) {
            let listed = managed
                .get(&policy.id)
                .and_then(|name| context.desired.policies.get(*name))
                .is_some_and(|wanted| wanted.attach.is_some());
            let targets = targets_of(Some(policy));
            if listed || !targets.contains(&Entity::Ou(old.clone())) || targets.contains(&new) {
                continue;
            }
            let content = match &policy.content {
                PolicyText::Read(text) => Text::literal(text.clone()),
                PolicyText::NotRead => Text::default(),
            };
            let full = Address::Ou(address.clone());
            let key = PolicyKey::Live(policy.id.clone());
            let reason = Reason::Replaced { by: full.clone() };
            drafts.push(attach_step(
                context,
                &full,
                &key,
                (policy.policy_type, &content),
                &new,
                reason,
            ));
        }
    }
}

fn is_hands_off(policy: &LivePolicy) -> bool {
    policy.aws_managed || policy.name.starts_with(CONTROL_TOWER_PREFIX)
}

/// `exclusive = ["attachments"]`: nothing but the spec's policies on the spec's OUs and accounts.
fn exclusive(context: &Context<'_>, drafts: &mut Drafts) {
    let claims = context
        .desired
        .organization
        .as_ref()
        .is_some_and(|o| o.exclusive.contains(&Exclusive::Attachments));
    let (true, Some(live)) = (claims, context.live) else {
        return;
    };
    let managed = context.pairs.paired_policy_ids();
    for policy in live.policies.values().filter(|policy| !is_hands_off(policy)) {
        if managed.contains_key(&policy.id) || context.pairs.retired_policies.contains_key(&policy.id) {
            continue;
        }
        for entity in targets_of(Some(policy)) {
            let Some(address) = context
                .address(&entity)
                .filter(|address| *address != Address::Root)
            else {
                continue;
            };
            drafts.push(detach(context, &address, policy, &entity, Reason::NotListed {}));
        }
    }
}

/// `full_access` says whether `FullAWSAccess` stays on an OU or account.
fn full_access(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    let ous = context.desired.ous.iter().map(|(address, ou)| {
        let entity = entity::ou(&context.pairs, address);
        (
            Address::Ou(address.clone()),
            entity,
            ou.full_access.or_else(|| inherited(context, address)),
        )
    });
    let accounts = context.desired.accounts.iter().map(|(name, account)| {
        (
            Address::Account(name.clone()),
            entity::account(&context.pairs, name),
            account.full_access,
        )
    });
    let wishes: Vec<_> = ous
        .chain(accounts)
        .filter_map(|(a, e, wish)| wish.map(|wish| (a, e, wish)))
        .collect();
    let Some(id) = PolicyType::Scp
        .full_access_id()
        .and_then(|id| id.parse::<PolicyId>().ok())
    else {
        return;
    };
    let key = PolicyKey::Live(id);
    for (address, entity, wish) in wishes {
        let Some(has) = context.has_full_access(&entity) else {
            problems.add(
                "scp_off",
                address,
                "`full_access` needs service control policies, and they are off",
                "add \"scp\" to `policy_types` in the `organization` block",
            );
            continue;
        };
        match (wish, has) {
            (true, false) => {
                let content =
                    Text::literal(r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#);
                drafts.push(attach_step(
                    context,
                    &address,
                    &key,
                    (PolicyType::Scp, &content),
                    &entity,
                    Reason::Differs {},
                ));
            }
            (false, true) => {
                let effect = Some(Effect::Narrow);
                drafts.push(detach_step(
                    context,
                    &address,
                    &key,
                    (PolicyType::Scp, effect),
                    &entity,
                    Reason::Differs {},
                ));
            }
            (true, true) | (false, false) => {}
        }
    }
}

/// A replaced OU that had lost `FullAWSAccess` loses it again in its new place.
fn inherited(context: &Context<'_>, address: &lz_model::address::OuAddress) -> Option<bool> {
    let old = super::ou::replaced_by(context, address)?;
    (context.has_full_access(&Entity::Ou(old.id.clone())) == Some(false)).then_some(false)
}
