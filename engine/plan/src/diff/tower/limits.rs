//! How much Control Tower bears (aws-facts section 4.5).

use super::Site;
use crate::draft::Drafts;
use crate::entity::Entity;
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::limits::{ACCOUNT_REGIONS, ACCOUNT_REGIONS_PER_OU, ACCOUNTS_PER_REGISTERED_OU};
use lz_model::plan::{Action, TowerStep, TowerWork};
use lz_model::policy_type::PolicyType;

pub(super) fn check(site: &Site<'_, '_>, drafts: &Drafts, problems: &mut Problems<'_>) {
    refuse_too_many_accounts(site, problems);
    refuse_full_ous(site, drafts, problems);
}

/// Governed accounts, in all and in one OU, have a maximum that depends on the number of governed Regions.
fn refuse_too_many_accounts(site: &Site<'_, '_>, problems: &mut Problems<'_>) {
    let regions = site.zone.regions;
    let most_in_one = ACCOUNTS_PER_REGISTERED_OU.min(ACCOUNT_REGIONS_PER_OU / regions.max(1));
    let mut governed = 0;
    for ou in site.registered_after() {
        let accounts = site.accounts_in(&ou);
        governed += accounts;
        if accounts > most_in_one {
            problems.add(
                "too_many_governed",
                site.context.address(&ou),
                format!(
                    "`{}` would hold {accounts} accounts; with {regions} governed Regions Control Tower takes {most_in_one} in one OU",
                    site.context.shown(&ou)
                ),
                "spread the accounts over several OUs",
            );
        }
    }
    if governed.saturating_mul(regions) > ACCOUNT_REGIONS {
        problems.add(
            "too_many_governed",
            Address::ControlTower,
            format!("{governed} governed accounts in {regions} Regions are more than the {ACCOUNT_REGIONS} that Control Tower takes"),
            "govern fewer Regions, or register fewer OUs",
        );
    }
}

/// Control Tower attaches a policy of its own to each OU that it registers, and OUs take only so many.
fn refuse_full_ous(site: &Site<'_, '_>, drafts: &Drafts, problems: &mut Problems<'_>) {
    let most = PolicyType::Scp.max_attachments();
    for draft in &drafts.list {
        let registers = matches!(
            &draft.step.action,
            Action::Tower(TowerStep { work: TowerWork::EnableBaseline { baseline, .. }, .. }) if baseline.registers()
        );
        let Some(ou) = draft.entity.as_ref().filter(|_| registers) else {
            continue;
        };
        let count = attached(site, drafts, ou);
        if count >= most {
            problems.add(
                "too_many_attachments",
                site.context.address(ou),
                format!(
                    "`{}` would have {count} service control policies and one of Control Tower's own; AWS takes {most}",
                    site.context.shown(ou)
                ),
                "merge policies, or attach some of them to the parent",
            );
        }
    }
}

/// Returns how many service control policies an OU has after the plan.
fn attached(site: &Site<'_, '_>, drafts: &Drafts, ou: &Entity) -> usize {
    let policies = site
        .context
        .live
        .into_iter()
        .flat_map(|live| live.policies.values());
    let mut count = policies
        .filter(|policy| policy.policy_type == PolicyType::Scp)
        .filter(|policy| {
            policy
                .targets
                .iter()
                .any(|target| Entity::of_target(target) == *ou)
        })
        .count();
    count += usize::from(!site.context.trees.existed(ou));
    for draft in drafts.list.iter().filter(|draft| draft.to.as_ref() == Some(ou)) {
        if let Action::AttachPolicy { policy_type, .. } = &draft.step.action {
            count += usize::from(*policy_type == PolicyType::Scp);
        } else if let Action::DetachPolicy { policy_type, .. } = &draft.step.action {
            count = count.saturating_sub(usize::from(*policy_type == PolicyType::Scp));
        }
    }
    count
}
