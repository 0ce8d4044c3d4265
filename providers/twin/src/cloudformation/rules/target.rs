//! Which accounts and Regions a request is about.

use std::collections::{BTreeMap, BTreeSet};

use super::access::{Home, organization_of_home};
use crate::cloudformation::state::{
    AccountFilter, GivenTargets, PermissionModel, Place, Preferences, Region, StackSet,
};
use crate::cloudformation::wire::{account_ids, invalid, object, text, texts};
use crate::organizations::Organization;
use crate::settings::Settings;
use crate::wire::{Call, Input, Refusal};
use crate::world::{AccountId, ParentId, World};

/// A request about instances names Regions (botocore model, CreateStackInstancesInput).
pub(crate) fn refuse_no_regions(regions: &[Region]) -> Result<(), Refusal> {
    if regions.is_empty() {
        return Err(invalid("Regions must name at least one Region"));
    }
    Ok(())
}

/// Returns what a request names: `Accounts` under SELF_MANAGED, `DeploymentTargets` under SERVICE_MANAGED
/// (aws-facts 3.3). Nothing means that it names nothing.
pub(crate) fn given_targets(
    world: &World,
    set: &StackSet,
    call: &Call<'_>,
    creates: bool,
) -> Result<Option<GivenTargets>, Refusal> {
    let input = call.input;
    let accounts = account_ids(input, "Accounts")?.filter(|ids| !ids.is_empty());
    let targets = object(input, "DeploymentTargets")?;
    match (set.model, accounts, targets) {
        (_, Some(_), Some(_)) => Err(invalid("Accounts and DeploymentTargets exclude each other")),
        (_, None, None) => Ok(None),
        (PermissionModel::SelfManaged, Some(accounts), None) => Ok(Some(GivenTargets {
            accounts,
            ..GivenTargets::default()
        })),
        (PermissionModel::SelfManaged, None, Some(_)) => Err(invalid(
            "DeploymentTargets can't be specified with the permission model SELF_MANAGED",
        )),
        (PermissionModel::ServiceManaged, Some(_), None) => Err(invalid(
            "Accounts can't be specified with the permission model SERVICE_MANAGED; use DeploymentTargets",
        )),
        (PermissionModel::ServiceManaged, None, Some(targets)) => {
            service_targets(world, call, &targets, creates).map(Some)
        }
    }
}

fn filter_of(targets: &Input) -> Result<Option<AccountFilter>, Refusal> {
    match text(targets, "AccountFilterType")? {
        None => Ok(None),
        Some("NONE") => Ok(Some(AccountFilter::None)),
        Some("INTERSECTION") => Ok(Some(AccountFilter::Intersection)),
        Some("DIFFERENCE") => Ok(Some(AccountFilter::Difference)),
        Some("UNION") => Ok(Some(AccountFilter::Union)),
        Some(other) => Err(invalid(format!("`{other}` is not a value of AccountFilterType"))),
    }
}

fn service_targets(
    world: &World,
    call: &Call<'_>,
    targets: &Input,
    creates: bool,
) -> Result<GivenTargets, Refusal> {
    let settings = call.settings;
    let filter = filter_of(targets)?;
    let accounts = account_ids(targets, "Accounts")?.unwrap_or_default();
    let accounts_url = text(targets, "AccountsUrl")?.map(str::to_owned);
    let accounts = match &accounts_url {
        None => accounts,
        Some(_) if !accounts.is_empty() => {
            return Err(invalid("Accounts and AccountsUrl exclude each other"));
        }
        Some(url) => listed_accounts(&super::template::object_at(world, call, url)?)?,
    };
    let mut units = Vec::new();
    for name in texts(targets, "OrganizationalUnitIds")?.unwrap_or_default() {
        let unit = ParentId::parse(&name).ok_or_else(|| {
            invalid(format!(
                "`{name}` is not the id of a root or an organizational unit"
            ))
        })?;
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    refuse_too_many_units(&units, settings)?;
    refuse_odd_filter(filter, &accounts, accounts_url.is_some(), &units, creates)?;
    Ok(GivenTargets {
        accounts,
        accounts_url,
        units,
        filter,
    })
}

/// A call names so many OUs at most (aws-facts 3.3).
fn refuse_too_many_units(units: &[ParentId], settings: &Settings) -> Result<(), Refusal> {
    if units.len() <= settings.units_per_call {
        return Ok(());
    }
    Err(invalid(format!(
        "{} organizational units were specified, but at most {} are allowed",
        units.len(),
        settings.units_per_call
    )))
}

/// Accounts go with a filter that uses them, OUs are required where instances are created, and UNION does not work
/// there (aws-facts 3.3).
fn refuse_odd_filter(
    filter: Option<AccountFilter>,
    accounts: &[AccountId],
    by_url: bool,
    units: &[ParentId],
    creates: bool,
) -> Result<(), Refusal> {
    let named = !accounts.is_empty() || by_url;
    if creates && filter == Some(AccountFilter::Union) {
        return Err(invalid(
            "AccountFilterType UNION is not supported for CreateStackInstances",
        ));
    }
    if creates && units.is_empty() {
        return Err(invalid("DeploymentTargets must name OrganizationalUnitIds"));
    }
    if units.is_empty() && !named {
        return Err(invalid(
            "DeploymentTargets must name OrganizationalUnitIds or Accounts",
        ));
    }
    match filter {
        Some(AccountFilter::Intersection | AccountFilter::Difference) if !named || units.is_empty() => Err(
            invalid("This AccountFilterType takes both Accounts and OrganizationalUnitIds"),
        ),
        Some(AccountFilter::None) if named => {
            Err(invalid("AccountFilterType NONE takes OrganizationalUnitIds only"))
        }
        None if creates && named => Err(invalid(
            "Accounts of CreateStackInstances take an AccountFilterType of INTERSECTION or DIFFERENCE",
        )),
        Some(_) | None => Ok(()),
    }
}

/// Returns the accounts that targets come to, each with the OU through which it is reached. OUs inside a target are
/// included, the management account never is (aws-facts 3.3, R27).
pub(crate) fn places_of_accounts(
    world: &World,
    home: &Home,
    set: &StackSet,
    given: &GivenTargets,
) -> Result<BTreeMap<AccountId, Option<ParentId>>, Refusal> {
    if set.model == PermissionModel::SelfManaged {
        return Ok(given
            .accounts
            .iter()
            .map(|account| (account.clone(), None))
            .collect());
    }
    let org = organization_of_home(world, home)?;
    let named: BTreeSet<&AccountId> = given.accounts.iter().collect();
    let mut reached = BTreeMap::new();
    for unit in &given.units {
        refuse_unknown_unit(org, set, unit)?;
        for account in accounts_under(org, unit) {
            reached.insert(account, Some(unit.clone()));
        }
    }
    match given.filter.unwrap_or(AccountFilter::Union) {
        AccountFilter::None => {}
        AccountFilter::Intersection => reached.retain(|account, _| named.contains(account)),
        AccountFilter::Difference => reached.retain(|account, _| !named.contains(account)),
        AccountFilter::Union => {
            for account in &given.accounts {
                let unit = org.member(account).map(|member| member.parent.clone());
                reached.entry(account.clone()).or_insert(unit);
            }
        }
    }
    reached.remove(&org.management);
    Ok(reached)
}

/// A target exists (aws-facts R24), or the set has been deployed to it before it was deleted; otherwise nobody could
/// take back what is left of it (the latter is UNCONFIRMED).
fn refuse_unknown_unit(org: &Organization, set: &StackSet, unit: &ParentId) -> Result<(), Refusal> {
    if org.has_parent(unit) || set.targets.contains_key(unit) {
        return Ok(());
    }
    Err(invalid(format!("organizational unit {unit} does not exist")))
}

/// Returns the accounts in a root or an OU and in every OU inside it.
pub(crate) fn accounts_under(org: &Organization, parent: &ParentId) -> Vec<AccountId> {
    let mut found = Vec::new();
    let mut open = vec![parent.clone()];
    while let Some(parent) = open.pop() {
        found.extend(org.accounts_of(&parent).iter().cloned());
        open.extend(org.units_of(&parent).iter().cloned().map(ParentId::Unit));
    }
    found
}

/// Returns the Regions of an operation in their order: what RegionOrder names first, then the rest as given. A
/// Region of RegionOrder must be one of the operation's (botocore model, StackSetOperationPreferences).
pub(crate) fn region_order(regions: &[Region], preferences: &Preferences) -> Result<Vec<Region>, Refusal> {
    if let Some(stray) = preferences.order.iter().find(|region| !regions.contains(region)) {
        return Err(invalid(format!(
            "RegionOrder names {stray}, which is not a Region of the operation"
        )));
    }
    let mut order = preferences.order.clone();
    let rest = regions
        .iter()
        .filter(|region| !preferences.order.contains(region));
    order.extend(rest.cloned());
    Ok(order)
}

/// Returns every account in every Region.
pub(crate) fn every_place<'a>(
    accounts: &'a BTreeMap<AccountId, Option<ParentId>>,
    regions: &'a [Region],
) -> impl Iterator<Item = (Place, Option<ParentId>)> + 'a {
    accounts.iter().flat_map(move |(account, unit)| {
        regions
            .iter()
            .map(move |region| (Place::new(account, region), unit.clone()))
    })
}

/// Targets are named in full or not at all. Returns whether a request names any.
pub(crate) fn refuse_half_targets(input: &Input) -> Result<bool, Refusal> {
    let regions = texts(input, "Regions")?.is_some_and(|regions| !regions.is_empty());
    let accounts = texts(input, "Accounts")?.is_some_and(|accounts| !accounts.is_empty());
    let targets = accounts || object(input, "DeploymentTargets")?.is_some();
    if regions != targets {
        return Err(invalid(
            "Regions and Accounts or DeploymentTargets must be specified together",
        ));
    }
    Ok(regions)
}

/// Overrides are about parameters that the set has (botocore model, UpdateStackInstances).
pub(crate) fn refuse_unknown_overrides(
    set: &StackSet,
    given: Option<&BTreeMap<String, Option<String>>>,
) -> Result<(), Refusal> {
    let known = set.now().map(|now| &now.parameters);
    let unknown = given
        .into_iter()
        .flatten()
        .find(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
    match unknown {
        None => Ok(()),
        Some((name, _)) => Err(invalid(format!(
            "Parameters: [{name}] do not exist in the template"
        ))),
    }
}

/// Returns the accounts that a file lists, with commas or line ends between them (botocore model, AccountsUrl).
fn listed_accounts(bytes: &[u8]) -> Result<Vec<AccountId>, Refusal> {
    let text = String::from_utf8_lossy(bytes);
    let words = text
        .split([',', '\n', '\r'])
        .map(str::trim)
        .filter(|word| !word.is_empty());
    words
        .map(|word| {
            AccountId::parse(word).ok_or_else(|| {
                invalid(format!(
                    "`{word}` in AccountsUrl is not an account id of 12 digits"
                ))
            })
        })
        .collect()
}
