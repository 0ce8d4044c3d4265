//! Settings of accounts: contacts and Regions.

use crate::context::Context;
use crate::draft::{Draft, Drafts};
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use lz_model::address::Address;
use lz_model::desired::DesiredAccount;
use lz_model::id::{AccountId, ServicePrincipal};
use lz_model::live::LiveSettings;
use lz_model::plan::{Action, Change, Reason, Ref, SettingsWork};
use lz_model::settings::RegionState;
use std::collections::BTreeSet;

/// The service whose trusted access lets the management account change its members (aws-facts section 1.7).
const ACCOUNT_MANAGEMENT: &str = "account.amazonaws.com";

pub(super) fn diff(context: &Context<'_>, drafts: &mut Drafts, problems: &mut Problems<'_>) {
    for (name, wanted) in &context.desired.accounts {
        if wanted.settings.is_empty() {
            continue;
        }
        let address = Address::Account(name.clone());
        let entity = entity::account(&context.pairs, name);
        let live = |id: &AccountId| context.live.and_then(|live| live.accounts.get(id));
        if matches!(&entity, Entity::Account(id) if live(id).is_some_and(|live| live.state.is_leaving())) {
            continue;
        }
        let Some(account) = context.account_ref(&entity) else {
            continue;
        };
        let works = works(context, wanted, &account);
        if works.is_empty() {
            continue;
        }
        if !is_reachable(context, &entity) {
            problems.add(
                "needs_account_management",
                address.clone(),
                format!(
                    "settings of `{}` need trusted access for `{ACCOUNT_MANAGEMENT}`",
                    account.name
                ),
                format!("add \"{ACCOUNT_MANAGEMENT}\" to `trusted_services` in the `organization` block"),
            );
            continue;
        }
        for (verb, work) in works {
            let reason = if is_new(&work) {
                Reason::Missing {}
            } else {
                Reason::Differs {}
            };
            let action = Action::Settings(work);
            let draft = Draft::new(context.desired, address.clone(), &verb, action, reason);
            drafts.push(draft.entity(entity.clone()));
        }
    }
}

/// The management account needs nobody's trust to change itself.
fn is_reachable(context: &Context<'_>, entity: &Entity) -> bool {
    let has = |services: &BTreeSet<ServicePrincipal>| {
        services
            .iter()
            .any(|service| service.as_str() == ACCOUNT_MANAGEMENT)
    };
    let management = context.live.map(|live| &live.management_account);
    matches!(entity, Entity::Account(id) if Some(id) == management)
        || context.live.is_some_and(|live| has(&live.trusted_services))
        || context
            .desired
            .organization
            .as_ref()
            .is_some_and(|wanted| has(&wanted.trusted_services))
}

/// Returns what differs. What could not be read yet, because the account or the access to it is to come, differs.
fn works(
    context: &Context<'_>,
    wanted: &DesiredAccount,
    account: &Ref<AccountId>,
) -> Vec<(String, SettingsWork)> {
    let nothing = LiveSettings::default();
    let found = account
        .id
        .now()
        .and_then(|id| context.live.and_then(|live| live.settings.get(id)))
        .unwrap_or(&nothing);
    let mut works = Vec::new();
    for (kind, contact) in &wanted.settings.contacts {
        let before = found.contacts.get(kind).cloned().flatten();
        if before.as_ref() != Some(contact) {
            let contact = Change {
                before,
                after: Some(contact.clone()),
            };
            let work = SettingsWork::PutContact {
                account: account.clone(),
                kind: *kind,
                contact,
            };
            works.push((format!("contact {}", kind.word()), work));
        }
    }
    if let Some(contact) = &wanted.settings.primary_contact
        && found.primary_contact.as_ref() != Some(contact)
    {
        let contact = Change {
            before: found.primary_contact.clone(),
            after: Some(contact.clone()),
        };
        let work = SettingsWork::PutPrimaryContact {
            account: account.clone(),
            contact,
        };
        works.push(("primary contact".to_owned(), work));
    }
    for region in &wanted.settings.enabled_regions {
        // One that is on its way is awaited: what comes next may need it.
        if found.regions.get(region) != Some(&RegionState::On) {
            let work = SettingsWork::EnableRegion {
                account: account.clone(),
                region: region.clone(),
            };
            works.push((format!("enable {region}"), work));
        }
    }
    works
}

fn is_new(work: &SettingsWork) -> bool {
    match work {
        SettingsWork::PutContact { contact, .. } => contact.before.is_none(),
        SettingsWork::PutPrimaryContact { contact, .. } => contact.before.is_none(),
        SettingsWork::EnableRegion { .. } => true,
    }
}
