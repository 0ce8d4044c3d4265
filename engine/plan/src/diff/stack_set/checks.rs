//! What AWS would refuse of a stack set, told before anything is done.

use crate::context::Context;
use crate::entity::{self, Entity};
use crate::refusal::Problems;
use crate::service;
use crate::stacks::cells::{Cells, Have, is_service};
use crate::stacks::roster::Roster;
use lz_model::address::{Address, Name};
use lz_model::desired::DesiredStackSet;
use lz_model::limits::STACKS_PER_SET;
use lz_model::live::{LivePermissions, LiveStackSet};

/// Adds what keeps a set from being planned at all; returns whether there is anything.
pub(super) fn refuse(
    context: &Context<'_>,
    name: &Name,
    wanted: &DesiredStackSet,
    problems: &mut Problems<'_>,
) -> bool {
    let address = Address::StackSet(name.clone());
    let before = problems.count();
    let found = context.pairs.stack_sets.get(name);
    let live = found.and_then(|key| context.live.and_then(|live| live.stack_sets.get(key)));
    trusted_access(context, &address, wanted, problems);
    administrator(context, &address, wanted, problems);
    permission_model(&address, wanted, live, problems);
    problems.count() > before
}

/// R21: a service-managed set needs trusted access for StackSets.
fn trusted_access(
    context: &Context<'_>,
    address: &Address,
    wanted: &DesiredStackSet,
    problems: &mut Problems<'_>,
) {
    let is_stack_sets = |service: &lz_model::id::ServicePrincipal| service::is_stack_sets(service);
    let has = context
        .live
        .is_some_and(|live| live.trusted_services.iter().any(is_stack_sets));
    let organization = context.desired.organization.as_ref();
    let will = organization.is_some_and(|wanted| wanted.trusted_services.iter().any(is_stack_sets));
    if is_service(wanted) && !has && !will {
        problems.add(
            "needs_trusted_access",
            address.clone(),
            "StackSets has no trusted access, which a service-managed stack set needs (rule R21)",
            "add \"stacksets\" to `trusted_services` in the `organization` block",
        );
    }
}

/// R22: an account administers stack sets once it is registered for it.
fn administrator(
    context: &Context<'_>,
    address: &Address,
    wanted: &DesiredStackSet,
    problems: &mut Problems<'_>,
) {
    let Some(administrator) = &wanted.administrator else {
        return;
    };
    let declared =
        context.desired.delegated_admins.iter().any(|(service, admin)| {
            service::is_stack_sets(service) && admin.account == administrator.account
        });
    let entity = entity::account(&context.pairs, &administrator.account);
    let registered = context.live.is_some_and(|live| {
        let mut admins = live
            .delegated_admins
            .iter()
            .filter(|(service, _)| service::is_stack_sets(service));
        admins.any(|(_, ids)| ids.iter().any(|id| Entity::Account(id.clone()) == entity))
    });
    if !declared && !registered {
        problems.add(
            "needs_stack_set_administrator",
            address.clone(),
            format!(
                "`account.{}` is no delegated administrator of StackSets (rule R22)",
                administrator.account
            ),
            format!(
                "add this block:\ndelegated_admin \"stacksets\" {{ account = account.{} }}",
                administrator.account
            ),
        );
    }
}

/// R25: the permission model is fixed while the set has stacks.
fn permission_model(
    address: &Address,
    wanted: &DesiredStackSet,
    live: Option<&LiveStackSet>,
    problems: &mut Problems<'_>,
) {
    let Some(live) = live.filter(|live| !live.instances.is_empty()) else {
        return;
    };
    let was_service = matches!(live.permissions, LivePermissions::Service { .. });
    if was_service != is_service(wanted) {
        problems.add(
            "permission_model_changed",
            address.clone(),
            format!(
                "`managed_by` cannot change while the stack set `{}` has {} stacks (rule R25)",
                wanted.name,
                live.instances.len()
            ),
            "declare a second stack set under another name, apply, then take this one out",
        );
    }
}

/// Adds what AWS would refuse of the stacks that are wanted; returns whether there is anything.
pub(super) fn refuse_cells(
    roster: &Roster,
    address: &Address,
    cells: &Cells<'_>,
    problems: &mut Problems<'_>,
) -> bool {
    let before = problems.count();
    // R27: a service-managed set never reaches the management account.
    if cells.names_management {
        problems.add(
            "management_account_by_service",
            address.clone(),
            "a service-managed stack set never reaches the management account, which a target names (rule R27)",
            "reach it with `managed_by = \"self\"` or a `stack` block, and take it out of the targets",
        );
    }
    let count = |row: &[crate::stacks::cells::Cell<'_>]| {
        row.iter()
            .filter(|cell| cell.want.is_some() || matches!(cell.have, Have::Stack(_)))
            .count()
    };
    let stacks: usize = cells.rows(roster).map(|(_, _, row)| count(row)).sum();
    if stacks > STACKS_PER_SET {
        problems.add(
            "too_many_stacks",
            address.clone(),
            format!("the stack set would have {stacks} stacks; AWS takes {STACKS_PER_SET}"),
            "declare several stack sets, each for a part of the accounts",
        );
    }
    problems.count() > before
}
