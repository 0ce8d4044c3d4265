//! What a landing zone stands on stays: its accounts, the OU that they lie in (rule R28), and `FullAWSAccess` of the OUs that
//! it governs (rule R38).
//!
//! This is looked at wherever Control Tower is read, which is where a spec has a block about it. A spec without one is
//! planned without a question to Control Tower, also where it closes or moves accounts: nothing else tells which accounts
//! are shared, and a caller that has nothing to do with Control Tower may not be allowed to ask.

use super::{Site, enrol, manifest, zone};
use crate::context::{Context, PolicyKey};
use crate::draft::{Draft, Drafts};
use crate::entity::Entity;
use crate::refusal::Problems;
use lz_model::id::{AccountId, ParentId};
use lz_model::live::{LiveLandingZone, LiveOrganization};
use lz_model::plan::{Action, TowerStep, TowerWork};
use lz_model::policy_type::PolicyType;
use std::collections::{BTreeMap, BTreeSet};

/// Parts of a manifest that name an account, each with the part that says whether it is on (aws-facts section 4.2).
const PARTS: [(&str, &str); 5] = [
    ("centralizedLogging", "centralizedLogging"),
    ("securityRoles", "securityRoles"),
    ("config", "config"),
    ("backup/configurations/backupAdmin", "backup"),
    ("backup/configurations/centralBackup", "backup"),
];

/// What a landing zone lies on.
#[derive(Debug, Default)]
struct Ground {
    accounts: BTreeSet<Entity>,
    /// The OU of the accounts; two where an account has been taken away, so that nothing tells which of them it is.
    homes: BTreeSet<Entity>,
    /// The name that the manifest gives to the OU, up to 3.3.
    name: Option<String>,
}

/// Refuses what takes a landing zone's accounts or their OU from it.
pub(super) fn check(context: &Context<'_>, drafts: &Drafts, problems: &mut Problems<'_>) {
    let Some(live) = context.live else { return };
    let found = live.tower.as_ref().and_then(|tower| tower.landing_zone.as_ref());
    let ground = found.map_or_else(|| planned(context), |zone| standing(live, zone));
    for draft in &drafts.list {
        refuse_account(context, &ground, draft, problems);
        refuse_ou(context, &ground, draft, problems);
    }
}

/// Returns what a landing zone that is there lies on.
fn standing(live: &LiveOrganization, zone: &LiveLandingZone) -> Ground {
    let named = PARTS.iter().filter_map(|(place, part)| {
        // Up to 3.3 a trail that is off leaves its account what it is.
        let always = !zone.version.has_integrations() && *part != "backup";
        let shared = always || manifest::is_on(&zone.manifest, part, zone.version);
        let id = manifest::account_of(&zone.manifest, place).filter(|_| shared)?;
        live.accounts.get(&id.parse::<AccountId>().ok()?)
    });
    let named: BTreeMap<_, _> = named.map(|account| (&account.id, account)).collect();
    let name = zone.manifest.pointer("/organizationStructure/security/name");
    let name = name.and_then(serde_json::Value::as_str);
    let by_name = name.and_then(|name| {
        let mut ous = live.ous.values();
        ous.find(|ou| ou.name == name && Entity::of_parent(&ou.parent) == Entity::Root)
    });
    let mut inside: BTreeMap<Entity, usize> = BTreeMap::new();
    for account in named.values() {
        *inside.entry(Entity::of_parent(&account.parent)).or_default() += 1;
    }
    inside.remove(&Entity::Root);
    let most = inside.values().max().copied();
    let homes = match by_name {
        Some(ou) => BTreeSet::from([Entity::Ou(ou.id.clone())]),
        None => inside
            .into_iter()
            .filter(|(_, count)| Some(*count) == most)
            .map(|(ou, _)| ou)
            .collect(),
    };
    Ground {
        accounts: named.keys().map(|id| Entity::Account((*id).clone())).collect(),
        homes,
        name: name.map(str::to_owned),
    }
}

/// Returns what a landing zone that is to come lies on. Its accounts are declared, so they stay and come where they belong;
/// up to 3.3 the OU may be one that is there.
fn planned(context: &Context<'_>) -> Ground {
    let wanted = context.desired.tower.zone.as_ref();
    let Some(wanted) = wanted.filter(|wanted| !wanted.version.has_integrations()) else {
        return Ground::default();
    };
    let name = wanted.security_ou.as_deref().unwrap_or("Security");
    Ground {
        homes: zone::top(context, name).into_iter().collect(),
        name: Some(name.to_owned()),
        ..Ground::default()
    }
}

/// Shared accounts are neither closed nor released, and lie where they are (rule R28; Control Tower User Guide, "Types of
/// governance drift").
fn refuse_account(context: &Context<'_>, ground: &Ground, draft: &Draft, problems: &mut Problems<'_>) {
    let Some(account) = draft.entity.as_ref().filter(|one| ground.accounts.contains(one)) else {
        return;
    };
    let to = draft.to.as_ref();
    let elsewhere = |to: &&Entity| !ground.homes.is_empty() && !ground.homes.contains(*to);
    let what = if let Action::CloseAccount { .. } = draft.step.action {
        "closed".to_owned()
    } else if let Action::ReleaseAccount { .. } = draft.step.action {
        "released".to_owned()
    } else if let (Action::MoveAccount { .. }, Some(to)) = (&draft.step.action, to.filter(elsewhere)) {
        format!("moved to `{}`", context.shown(to))
    } else {
        return;
    };
    problems.add(
        "shared_account_stays",
        draft.step.address.clone(),
        format!(
            "`{}` is an account of Control Tower's landing zone and cannot be {what} while there is one (rule R28)",
            context.shown(account)
        ),
        match ground.homes.first() {
            Some(home) => format!("keep it in `{}`", shown_now(context, home)),
            None => "keep it where it is".to_owned(),
        },
    );
}

/// The OU of the shared accounts stays, and up to 3.3 its name is part of the landing zone (rule R28).
fn refuse_ou(context: &Context<'_>, ground: &Ground, draft: &Draft, problems: &mut Problems<'_>) {
    let Some(ou) = draft.entity.as_ref() else { return };
    let holds = |home: &Entity| context.trees.path_before(home).contains(ou);
    let what = if let Action::DeleteOu { .. } = draft.step.action {
        if !ground.homes.iter().any(holds) {
            return;
        }
        "deleted".to_owned()
    } else if let Action::RenameOu { name, .. } = &draft.step.action {
        let (true, Some(kept)) = (ground.homes.contains(ou), &ground.name) else {
            return;
        };
        if name.after == *kept {
            return;
        }
        format!("renamed to `{}`", name.after)
    } else {
        return;
    };
    problems.add(
        "security_ou_stays",
        draft.step.address.clone(),
        format!(
            "`{}` is the OU of the shared accounts of Control Tower's landing zone and cannot be {what} while there is \
             one (rule R28)",
            shown_now(context, ou)
        ),
        "declare it as it is",
    );
}

/// Returns the names down to an OU as they are now.
fn shown_now(context: &Context<'_>, ou: &Entity) -> String {
    let path = context.live.zip(ou.ou_id());
    path.map_or_else(
        || context.shown(ou),
        |(live, id)| live.path(&ParentId::Ou(id.clone())),
    )
}

/// `FullAWSAccess` stays on what Control Tower governs: without it nothing is allowed there, Control Tower's own roles
/// included (rule R38).
pub(super) fn refuse_no_access(site: &Site<'_, '_>, drafts: &Drafts, problems: &mut Problems<'_>) {
    let mut governed = site.registered_after();
    governed.extend(enrol::registered_before(site.context));
    governed.extend(site.zone.security.clone());
    governed.retain(|ou| !site.context.is_retired(ou));
    let refused: BTreeSet<&Entity> = drafts
        .list
        .iter()
        .filter_map(|draft| detached(draft).or_else(|| bare(site, draft)))
        .filter(|ou| governed.contains(ou))
        .collect();
    for ou in refused {
        problems.add(
            "full_access_stays",
            site.context.address(ou),
            format!(
                "`{}` is governed by Control Tower, and `FullAWSAccess` must stay attached to what it governs (rule R38)",
                site.context.shown(ou)
            ),
            "take `full_access = false` out, and deny what nobody may do",
        );
    }
}

/// Returns what a step takes `FullAWSAccess` from.
fn detached(draft: &Draft) -> Option<&Entity> {
    let Action::DetachPolicy { policy_type, .. } = &draft.step.action else {
        return None;
    };
    let Some(PolicyKey::Live(id)) = &draft.policy else {
        return None;
    };
    let full = *policy_type == PolicyType::Scp && Some(id.as_str()) == PolicyType::Scp.full_access_id();
    draft.to.as_ref().filter(|_| full)
}

/// Returns an OU that a step registers and that was without `FullAWSAccess` before, as the spec wants it.
fn bare<'d>(site: &Site<'_, '_>, draft: &'d Draft) -> Option<&'d Entity> {
    let Action::Tower(TowerStep {
        work: TowerWork::EnableBaseline { .. },
        ..
    }) = &draft.step.action
    else {
        return None;
    };
    let ou = draft.entity.as_ref()?;
    let wanted = site.context.desired.ous.iter();
    let mut unwanted = wanted.filter(|(_, wanted)| wanted.full_access == Some(false));
    let bare = site.context.has_full_access(ou) == Some(false)
        && unwanted.any(|(address, _)| site.ou(address) == *ou);
    bare.then_some(ou)
}
