//! Registering an account in Organizations on behalf of a service.

use crate::neighbour::Neighbour;
use crate::organizations::{FeatureSet, Organization, most_delegates};
use crate::settings::Settings;
use crate::wire::{Call, Refusal};
use crate::world::{AccountId, AccountState, World};

/// Why an account can't become a service's administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// The text is no account id.
    NotAnAccount(String),
    /// The organization does not have all features.
    NotAllFeatures,
    /// The account is not an active member.
    NotAMember(AccountId),
    /// The account manages the organization.
    Management(AccountId),
    /// Trusted access is off.
    NoAccess(&'static str),
    /// Others are administrators, and there is no room for one more.
    Full { principal: &'static str, most: usize },
}

impl Obstacle {
    /// Returns the obstacle in words.
    pub(super) fn message(&self) -> String {
        match self {
            Obstacle::NotAnAccount(text) => format!("`{text}` is not an account id of 12 digits"),
            Obstacle::NotAllFeatures => "the organization does not have all features enabled".to_owned(),
            Obstacle::NotAMember(id) => format!("account `{id}` is not an active member of the organization"),
            Obstacle::Management(id) => {
                format!("account `{id}` manages the organization and can't be a delegated administrator")
            }
            Obstacle::NoAccess(principal) => {
                format!("trusted access of `{principal}` is not enabled; call EnableAWSServiceAccess first")
            }
            Obstacle::Full { principal, most } => format!(
                "`{principal}` has another delegated administrator, and can have {most}; remove it first"
            ),
        }
    }
}

/// Whether a service switches its trusted access on by itself (aws-facts section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// It must be on before.
    First,
    /// The service does it.
    ByItself,
}

/// Reads the id of the account that is to be an administrator.
pub(super) fn account(who: Neighbour, call: &Call<'_>, name: &'static str) -> Result<AccountId, Refusal> {
    let text = crate::neighbour::required(who, call, name)?;
    AccountId::parse(text).ok_or_else(|| who.invalid(Obstacle::NotAnAccount(text.to_owned()).message()))
}

/// Returns what keeps an account from being registered for a principal, if anything does (aws-facts R14, 1.5).
pub(super) fn obstacle(
    world: &World,
    org: &Organization,
    account: &AccountId,
    principal: &'static str,
    access: Access,
    settings: &Settings,
) -> Option<Obstacle> {
    match org.feature_set {
        FeatureSet::All => {}
        FeatureSet::ConsolidatedBilling => return Some(Obstacle::NotAllFeatures),
    }
    if org.management == *account {
        return Some(Obstacle::Management(account.clone()));
    }
    let active = world
        .accounts
        .get(account)
        .is_some_and(|found| found.state == AccountState::Active);
    if org.member(account).is_none() || !active {
        return Some(Obstacle::NotAMember(account.clone()));
    }
    if access == Access::First && !org.services.contains_key(principal) {
        return Some(Obstacle::NoAccess(principal));
    }
    let known = is_registered(org, account, principal);
    let most = most_delegates(principal, settings).unwrap_or(usize::MAX);
    if !known && org.delegates_of(principal).count() >= most {
        return Some(Obstacle::Full { principal, most });
    }
    None
}

/// Returns whether an account is registered for a principal.
pub(super) fn is_registered(org: &Organization, account: &AccountId, principal: &str) -> bool {
    org.delegations
        .get(account)
        .is_some_and(|services| services.contains_key(principal))
}

/// Registers an account, with trusted access; doing it twice is harmless (aws-facts section 6, rules).
pub(super) fn register(org: &mut Organization, account: &AccountId, principal: &str, call: &Call<'_>) {
    org.services.entry(principal.to_owned()).or_insert(call.now);
    org.delegations
        .entry(account.clone())
        .or_default()
        .entry(principal.to_owned())
        .or_insert(call.now);
}

/// Takes an account's registration away.
pub(super) fn deregister(org: &mut Organization, account: &AccountId, principal: &str) {
    crate::organizations::deregister(org, account, principal);
}

/// Runs a change of the caller's organization, which the caller must manage.
pub(super) fn with_organization<T>(
    who: Neighbour,
    world: &mut World,
    call: &Call<'_>,
    run: impl FnOnce(&mut World, &mut Organization) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let id = crate::neighbour::management_organization(who, world, call)?
        .id
        .clone();
    let Some(mut org) = world.organizations.remove(&id) else {
        return Err(who.denied("the organization is gone"));
    };
    let done = run(world, &mut org);
    world.organizations.insert(id, org);
    done
}
