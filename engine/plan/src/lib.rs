//! The planner: `Desired x Live -> Plan`. Pure and synchronous: no network, no clock, no environment.
//!
//! Start with [`plan`]. `pair` finds which live object is which declared one, `diff` makes steps (one file per
//! kind), `stacks` resolves targets of stack sets to operations, `order` holds the ordering rules (one function per
//! rule), `graph` sorts, [`estimate`] says how long it takes, [`check`] proves the result and [`approve`] lets it
//! through; [`file`] keeps a plan between two commands. [`only`] and [`rollback`] are for one object alone.

pub mod approve;
mod basis;
pub mod bounds;
pub mod check;
pub mod compare;
mod context;
mod covered;
mod diff;
mod draft;
mod entity;
pub mod estimate;
pub mod expiry;
pub mod file;
pub mod future;
mod graph;
mod guardrail;
mod impact;
mod order;
pub mod packs;
mod pair;
mod promises;
pub mod refusal;
pub mod rights;
pub mod rollback;
mod room;
mod service;
mod single;
mod stacks;
pub mod standing;
pub mod testing;
mod unmanaged;
pub mod waiting;

pub use lz_model::address::{ADDRESS_TAG, ZONE_TAG};
pub use refusal::{Problem, Refusal};

use context::Context;
use entity::Trees;
use lz_model::address::Address;
use lz_model::desired::Desired;
use lz_model::live::Live;
use lz_model::plan::{FORMAT, Note, Plan, Severity, Unmanaged};
use lz_model::rule::Strength;
use pair::Pairs;
use refusal::Problems;
use std::collections::BTreeMap;

/// Returns the ordered steps that make the live organization what the spec wants. The same input gives the
/// same plan, byte for byte.
///
/// # Errors
/// Everything that stands in the way, at once: a wrong organization, ambiguous pairing, an account that
/// vanished from the spec, what AWS would refuse, a bound of the `safety` block.
pub fn plan(desired: &Desired, live: &Live) -> Result<Plan, Refusal> {
    build(desired, live, None)
}

/// Returns the plan of one object's steps, as [`plan`] would have them. What else differs between the spec and the
/// organization stays as it is.
///
/// # Errors
/// As [`plan`], as far as it concerns the object; and if its steps wait for those of other objects.
pub fn only(desired: &Desired, live: &Live, address: &Address) -> Result<Plan, Refusal> {
    build(desired, live, Some(address))
}

fn build(desired: &Desired, live: &Live, only: Option<&Address>) -> Result<Plan, Refusal> {
    refuse_wrong_organization(desired, live)?;
    let expanded = packs::expand(desired, live.organization.as_ref())?;
    let desired = &*expanded;
    let organization = live.organization.as_ref();
    let mut problems = Problems::new(desired);
    let pairs = organization.map_or_else(Pairs::default, |live| pair::pair(desired, live, &mut problems));
    let moves = organization.map_or_else(BTreeMap::new, |live| diff::account_moves(desired, live, &pairs));
    let trees = Trees::new(desired, organization, &pairs, &moves);
    let context = Context::new(desired, (organization, &live.catalogue), pairs, trees);
    let mut drafts = diff::diff(&context, &mut problems);
    drafts
        .list
        .sort_by(|a, b| (&a.step.address, &a.step.id).cmp(&(&b.step.address, &b.step.id)));
    if let Some(address) = only {
        problems.only(address);
        single::keep(&context, address, &mut drafts, &mut problems);
    }
    bounds::check(
        desired,
        drafts.list.iter().map(|draft| &draft.step),
        &mut problems,
    );
    problems.settle()?;

    let steps = order::Steps::new(&context, &drafts.list);
    let edges = order::edges(&context, &steps);
    let order =
        graph::order(&drafts.list, edges).map_err(|circle| refuse_circle(desired, &drafts.list, &circle))?;
    promises::check_own_role(desired, live, &order.steps)?;
    // What one object alone does is not what the spec as a whole promises.
    let tests_passed = if only.is_some() {
        0
    } else {
        promises::check(desired, organization, &order.steps)?
    };
    let mut notes = std::mem::take(&mut drafts.notes);
    notes.extend(unguarded(&steps));
    // Moments are compared in the order of the plan; the rules speak for every other order that its edges allow.
    notes.extend(yielded(&drafts.list, &order.yielded));
    notes.extend(allow_lists(&drafts.list));
    let meaning = impact::of(organization, &order.steps);
    notes.extend(meaning.notes);
    notes.sort_by(|a, b| (std::cmp::Reverse(a.severity), a).cmp(&(std::cmp::Reverse(b.severity), b)));
    notes.dedup();
    Ok(Plan {
        format: FORMAT,
        zone: desired.zone.name.clone(),
        organization: organization.map(|live| live.id.clone()),
        management_account: organization
            .map_or(&live.caller.account, |live| &live.management_account)
            .clone(),
        estimate_seconds: estimate::seconds(&order.steps),
        basis: basis::of(desired, organization, &order.steps),
        unmanaged: unmanaged::without_removed(unmanaged(&context), &order.steps),
        steps: order.steps,
        notes,
        impact: meaning.impact,
        tests_passed,
        base: None,
    })
}

/// The spec names its management account; every other organization is refused.
fn refuse_wrong_organization(desired: &Desired, live: &Live) -> Result<(), Refusal> {
    let mut problems = Problems::new(desired);
    let found = live
        .organization
        .as_ref()
        .map_or(&live.caller.account, |live| &live.management_account);
    if let Some(wanted) = &desired.zone.management_account
        && wanted != found
    {
        let (what, help) = match &live.organization {
            Some(live) => (
                format!(
                    "the organization `{}` belongs to the management account `{found}`, the spec to `{wanted}`",
                    live.id
                ),
                "use credentials of the right organization, or correct `management_account`",
            ),
            None => (
                format!("these credentials belong to account `{found}`, the spec to `{wanted}`"),
                "use credentials of the management account, or correct `management_account`",
            ),
        };
        problems.add("wrong_organization", None, what, help);
    }
    problems.settle()
}

fn refuse_circle(desired: &Desired, drafts: &[draft::Draft], circle: &graph::Circle) -> Refusal {
    let names: Vec<&str> = circle
        .steps
        .iter()
        .filter_map(|index| drafts.get(*index))
        .map(|draft| draft.step.id.as_str())
        .collect();
    let first = circle
        .steps
        .first()
        .and_then(|index| drafts.get(*index))
        .map(|draft| draft.step.address.clone());
    let origin = first
        .as_ref()
        .and_then(|address| desired.origin(address))
        .cloned();
    Refusal {
        problems: vec![Problem {
            code: "circle",
            address: first,
            text: format!("these steps wait for one another: {}", names.join(", ")),
            help: "take two plans: give one of the objects a third name first".to_owned(),
            origin,
        }],
    }
}

/// Notes for targets that are full: a guardrail goes before its successor comes.
fn unguarded(steps: &order::Steps<'_>) -> Vec<Note> {
    order::safety::unguarded_moments(steps)
        .map(|(draft, waiting)| Note {
            severity: Severity::Consent,
            code: "unguarded_moment".to_owned(),
            address: Some(draft.step.address.clone()),
            text: format!(
                "the target is full, so `{}` must come before `{}`: for a moment neither policy is in force",
                draft.step.id,
                waiting.first().map_or("", |step| step.as_str())
            ),
        })
        .collect()
}

/// Notes for rules that had to yield.
fn yielded(drafts: &[draft::Draft], yielded: &[(usize, usize, lz_model::rule::Rule)]) -> Vec<Note> {
    let mut notes = Vec::new();
    for (first, then, rule) in yielded {
        let (severity, code) = match rule.strength() {
            Strength::Comfort => (Severity::Warning, "locked_moment"),
            Strength::Safety => (Severity::Consent, "unguarded_moment"),
            Strength::Service => continue,
        };
        let (Some(first), Some(then)) = (drafts.get(*first), drafts.get(*then)) else {
            continue;
        };
        notes.push(Note {
            severity,
            code: code.to_owned(),
            address: Some(then.step.address.clone()),
            text: format!(
                "no order keeps every moment as it should be: `{}` may come before `{}`, though {}",
                then.step.id,
                first.step.id,
                rule.reason()
            ),
        });
    }
    notes
}

/// Levels intersect, so an allow list that changes on two levels can open what neither state allows
/// (Organizations User Guide, "SCP evaluation"). Kinds of change cannot tell; the plan says so.
fn allow_lists(drafts: &[draft::Draft]) -> Option<Note> {
    use lz_policy::guard::Effect;
    let changing = drafts.iter().filter(|draft| {
        draft
            .guard
            .as_ref()
            .is_some_and(|guard| matches!(guard.effect, Effect::Widen | Effect::Narrow))
    });
    let levels: std::collections::BTreeSet<_> = changing
        .clone()
        .filter_map(|draft| draft.guard.as_ref())
        .flat_map(|guard| &guard.targets)
        .collect();
    let address = changing.clone().next().map(|draft| draft.step.address.clone());
    (levels.len() > 1).then(|| Note {
        severity: Severity::Warning,
        code: "allow_lists".to_owned(),
        address,
        text: "allow lists change on several levels; lz does not check what they allow together in between"
            .to_owned(),
    })
}

fn unmanaged(context: &Context<'_>) -> Unmanaged {
    let Some(live) = context.live else {
        return Unmanaged::default();
    };
    let (ous, accounts, policies) = (
        context.pairs.paired_ou_ids(),
        context.pairs.paired_account_ids(),
        context.pairs.paired_policy_ids(),
    );
    let named = context.desired.organization.as_ref();
    let is_admin = |service: &lz_model::id::ServicePrincipal, id: &lz_model::id::AccountId| {
        let wanted = context.desired.delegated_admins.get(service);
        wanted.is_some_and(|wanted| {
            context
                .pairs
                .accounts
                .get(&wanted.account)
                .is_some_and(|found| found.id == *id)
        })
    };
    let is_own = |address: Option<&Address>| address.is_some();
    Unmanaged {
        ous: live
            .ous
            .values()
            .filter(|ou| !ous.contains_key(&ou.id) && !context.pairs.retired_ous.contains_key(&ou.id))
            .map(|ou| live.path(&lz_model::id::ParentId::Ou(ou.id.clone())))
            .collect(),
        accounts: live
            .accounts
            .values()
            .filter(|account| !accounts.contains_key(&account.id) && !account.state.is_leaving())
            .filter(|account| !is_own(context.pairs.orphan_accounts.get(&account.id)))
            .map(|account| format!("{} {}", account.id, account.name))
            .collect(),
        policies: live
            .policies
            .values()
            .filter(|policy| !policy.aws_managed && !policies.contains_key(&policy.id))
            .filter(|policy| !is_own(context.pairs.retired_policies.get(&policy.id)))
            .map(|policy| format!("{} {}", policy.policy_type, policy.name))
            .collect(),
        trusted_services: live
            .trusted_services
            .iter()
            .filter(|service| !named.is_some_and(|named| named.trusted_services.contains(service)))
            .map(ToString::to_string)
            .collect(),
        delegated_admins: live
            .delegated_admins
            .iter()
            .flat_map(|(service, ids)| ids.iter().map(move |id| (service, id)))
            .filter(|(service, id)| !is_admin(service, id))
            .map(|(service, id)| format!("{service} {id}"))
            .collect(),
        stack_sets: live
            .stack_sets
            .keys()
            .filter(|key| !pair::is_control_tower(&key.name))
            .filter(|key| !context.pairs.retired_stack_sets.contains_key(key))
            .filter(|key| !context.pairs.stack_sets.values().any(|paired| paired == *key))
            .map(|key| format!("{} {}", key.region, key.name))
            .collect(),
        baselines: diff::unmanaged_baselines(context),
        controls: diff::unmanaged_controls(context),
        permission_sets: live
            .identity
            .iter()
            .flat_map(|identity| &identity.sets)
            .filter(|(arn, _)| !context.pairs.retired_permission_sets.contains_key(arn))
            .filter(|(arn, _)| {
                let mut paired = context.pairs.permission_sets.values();
                !paired.any(|found| found.id == **arn)
            })
            .map(|(_, set)| set.name.clone())
            .collect(),
    }
}
