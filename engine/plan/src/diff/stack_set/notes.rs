//! What a reviewer should know of a stack set.

use super::Scene;
use crate::context::Context;
use crate::draft::Drafts;
use crate::entity::Entity;
use crate::stacks::cells::{Cells, Have, Leaves};
use crate::stacks::definition;
use crate::stacks::work::Work;
use lz_model::address::Address;
use lz_model::desired::{DesiredStackSet, StackTarget};
use lz_model::live::{LiveStackInstance, LiveStackSet};
use lz_model::plan::Severity;
use std::collections::BTreeMap;

/// How many objects a note names before it counts the rest.
const NAMED: usize = 5;

/// Adds the notes of a declared set.
pub(super) fn tell(
    context: &Context<'_>,
    wanted: &DesiredStackSet,
    address: &Address,
    (cells, work): (&Cells<'_>, &Work<'_>),
    live: Option<&LiveStackSet>,
    drafts: &mut Drafts,
) {
    if cells.misses_management {
        drafts.note(
            Severity::Info,
            "management_account_not_reached",
            address.clone(),
            "its targets include the management account, which a service-managed stack set never reaches: reach it \
             with `managed_by = \"self\"` or a `stack` block",
        );
    }
    filters(wanted, address, drafts);
    inoperable(address, &work.inoperable, drafts);
    orphaned(address, &work.orphaned, drafts);
    if work.suspended > 0 {
        drafts.note(
            Severity::Info,
            "suspended_accounts",
            address.clone(),
            format!(
                "{} stacks lie in suspended or closed accounts; AWS passes them over",
                work.suspended
            ),
        );
    }
    if !cells.elsewhere.is_empty() && crate::stacks::cells::is_service(wanted) {
        drafts.note(
            Severity::Warning,
            "stacks_elsewhere",
            address.clone(),
            format!(
                "{} belong to accounts outside the organization; only their owners can delete them",
                named(&cells.elsewhere)
            ),
        );
    }
    running(context, address, live, drafts);
}

/// Adds the notes of a set that goes.
pub(super) fn tell_retired(address: &Address, work: &Work<'_>, drafts: &mut Drafts) {
    orphaned(address, &work.orphaned, drafts);
}

/// Automatic deployment ignores account filters (CloudFormation User Guide, "Enable or disable automatic
/// deployments for StackSets in AWS Organizations").
fn filters(wanted: &DesiredStackSet, address: &Address, drafts: &mut Drafts) {
    if !definition::deploys_automatically(wanted) {
        return;
    }
    let is_account = |target: &StackTarget| match target {
        StackTarget::Account(_) | StackTarget::Tag { .. } => true,
        StackTarget::Root | StackTarget::Ou(_) => false,
    };
    let picks = wanted
        .deploy
        .iter()
        .flat_map(|block| &block.targets)
        .any(is_account);
    if picks || !wanted.except.is_empty() {
        drafts.note(
            Severity::Warning,
            "auto_deployment_ignores_filters",
            address.clone(),
            "automatic deployment gives every account that comes to a target OU its stacks, whatever `except` or single \
             accounts in `targets` say; the plan after that takes them away again",
        );
    }
}

fn inoperable(address: &Address, stacks: &[&LiveStackInstance], drafts: &mut Drafts) {
    if !stacks.is_empty() {
        drafts.note(
            Severity::Warning,
            "inoperable_stacks",
            address.clone(),
            format!(
                "{} can neither be updated nor deleted: repair the stack in its account, take it out of the set with \
                 `aws cloudformation delete-stack-instances --retain-stacks`, and apply again",
                named(stacks)
            ),
        );
    }
}

fn orphaned(address: &Address, stacks: &[&LiveStackInstance], drafts: &mut Drafts) {
    if !stacks.is_empty() {
        drafts.note(
            Severity::Warning,
            "orphaned_stacks",
            address.clone(),
            format!(
                "AWS cannot delete {}: they leave the stack set and stay in their accounts, to be deleted there by hand",
                named(stacks)
            ),
        );
    }
}

fn running(context: &Context<'_>, address: &Address, live: Option<&LiveStackSet>, drafts: &mut Drafts) {
    let _ = context;
    for operation in live.into_iter().flat_map(|live| &live.running) {
        drafts.note(
            Severity::Info,
            "operation_running",
            address.clone(),
            format!(
                "the operation {} ({}) of this stack set is still running; what it does may change this plan",
                operation.id, operation.action
            ),
        );
    }
}

fn named(stacks: &[&LiveStackInstance]) -> String {
    let names = stacks
        .iter()
        .map(|stack| format!("{}/{}", stack.account, stack.region));
    format!("the stack(s) {}", some(names.collect()))
}

/// Returns the first names, and how many more there are.
fn some(names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let mut text = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// Stacks that accounts gain and lose because they move.
#[derive(Default)]
pub(super) struct Moves(BTreeMap<usize, Vec<String>>);

impl Moves {
    /// Counts what a set means for the accounts that move.
    pub(super) fn collect(&mut self, scene: &Scene<'_, '_>, address: &Address, cells: &Cells<'_>) {
        for index in &scene.roster.arrivals {
            let Some(member) = scene.roster.members.get(*index) else {
                continue;
            };
            if member.above_before.is_empty() {
                continue;
            }
            let (mut gains, mut loses) = (0_usize, 0_usize);
            for cell in cells.row(*index) {
                let had = cell.leaves != Leaves::Nothing || matches!(cell.have, Have::Stack(_));
                match (had, cell.want.is_some()) {
                    (false, true) => gains += 1,
                    (true, false) => loses += 1,
                    (true, true) | (false, false) => {}
                }
            }
            let text = match (gains, loses) {
                (0, 0) => continue,
                (gains, 0) => format!("gains {gains} stacks of {address}"),
                (0, loses) => format!("loses {loses} stacks of {address}"),
                (gains, loses) => format!("gains {gains} and loses {loses} stacks of {address}"),
            };
            self.0.entry(*index).or_default().push(text);
        }
    }

    /// Adds a note for each group of accounts that make the same move with the same effect.
    pub(super) fn tell(self, scene: &Scene<'_, '_>, drafts: &mut Drafts) {
        type Move<'a> = (Option<&'a Entity>, Option<&'a Entity>, String);
        let mut groups: BTreeMap<Move<'_>, Vec<&Entity>> = BTreeMap::new();
        for (index, texts) in self.0 {
            if let Some(member) = scene.roster.members.get(index) {
                let key = (
                    member.above_before.first(),
                    member.above.first(),
                    texts.join(", "),
                );
                groups.entry(key).or_default().push(&member.entity);
            }
        }
        for ((_, _, text), accounts) in groups {
            let address = accounts
                .first()
                .and_then(|account| scene.context.address(account));
            let names = accounts.iter().map(|account| scene.context.label(account));
            let each = if accounts.len() > 1 { " each" } else { "" };
            let text = format!("{}:{each} {text}", some(names.collect()));
            drafts.note(Severity::Info, "stacks_follow_move", address, text);
        }
    }
}
