//! What AWS refuses about OUs.

use crate::organizations::wire::{Constraint, constraint};
use crate::organizations::{Code, Organization};
use crate::settings::{NameScope, Settings};
use crate::wire::Refusal;
use crate::world::{AccountState, ParentId, UnitId, World};

/// A parent must exist (aws-facts 1.3, ParentNotFoundException).
pub(crate) fn refuse_unknown_parent(org: &Organization, parent: &ParentId) -> Result<(), Refusal> {
    if org.has_parent(parent) {
        return Ok(());
    }
    Err(Code::ParentNotFound.because(format!("there is no root or organizational unit `{parent}`")))
}

/// OUs nest at most five levels below the root (aws-facts 1.5 and 1.6, OU_DEPTH_LIMIT_EXCEEDED).
pub(crate) fn refuse_too_deep(
    org: &Organization,
    parent: &ParentId,
    settings: &Settings,
) -> Result<(), Refusal> {
    if org.chain(parent).len() < settings.unit_depth {
        return Ok(());
    }
    let message = format!(
        "organizational units nest at most {} levels below the root",
        settings.unit_depth
    );
    Err(constraint(Constraint::UnitDepthLimit, message))
}

/// An organization has at most 2,000 OUs (aws-facts 1.5 and 1.6, OU_NUMBER_LIMIT_EXCEEDED).
pub(crate) fn refuse_too_many(org: &Organization, settings: &Settings) -> Result<(), Refusal> {
    if org.units().len() < settings.units {
        return Ok(());
    }
    let message = format!(
        "the organization already has {} organizational units",
        settings.units
    );
    Err(constraint(Constraint::UnitNumberLimit, message))
}

/// Siblings have different names (aws-facts 1.5, DuplicateOrganizationalUnitException; the scope is a setting).
pub(crate) fn refuse_taken_name(
    org: &Organization,
    parent: &ParentId,
    name: &str,
    own: Option<&UnitId>,
    settings: &Settings,
) -> Result<(), Refusal> {
    let taken = match settings.unit_names {
        NameScope::SameParent => org.unit_named(parent, name).is_some_and(|id| Some(id) != own),
        NameScope::Organization => org.units().any(|(id, unit)| unit.name == name && Some(id) != own),
    };
    if !taken {
        return Ok(());
    }
    Err(Code::DuplicateOrganizationalUnit
        .because(format!("an organizational unit is already called `{name}`")))
}

/// Only an empty OU can be deleted (aws-facts R9); closed accounts count too unless told otherwise (R19).
pub(crate) fn refuse_occupied(
    world: &World,
    org: &Organization,
    id: &UnitId,
    settings: &Settings,
) -> Result<(), Refusal> {
    let here = ParentId::Unit(id.clone());
    let closed = |account| {
        let state = world.accounts.get(account).map(|account| account.state);
        matches!(state, Some(AccountState::Closed { .. }))
    };
    let blocks = |account| settings.closed_account_blocks_unit || !closed(account);
    if org.units_of(&here).is_empty() && !org.accounts_of(&here).iter().any(blocks) {
        return Ok(());
    }
    Err(Code::OrganizationalUnitNotEmpty.because(format!(
        "organizational unit `{id}` still holds accounts or units"
    )))
}

/// Closed accounts that do not keep an OU from being deleted go to the root.
pub(crate) fn lift_closed_accounts(org: &mut Organization, id: &UnitId) {
    let root = ParentId::Root(org.root.clone());
    for account in org.accounts_of(&ParentId::Unit(id.clone())).clone() {
        org.move_member(&account, &root);
    }
}
