//! The diff: one function per kind, from declarations and what was found to steps without an order.

mod account;
mod admin;
mod attach;
mod features;
mod identity;
mod invite;
mod organization;
mod ou;
mod own_admin;
mod policy;
mod removed;
mod settings;
mod split;
mod stack;
mod stack_set;
mod suspend;
mod tags;
mod tower;

pub(crate) use ou::account_moves;
pub(crate) use tower::{
    CONFIG, enrols_moved, registered_before, shared_accounts, unmanaged_baselines, unmanaged_controls,
};

use crate::context::Context;
use crate::draft::Drafts;
use crate::refusal::Problems;

/// Returns every step that makes the organization what the spec wants.
pub(crate) fn diff(context: &Context<'_>, problems: &mut Problems<'_>) -> Drafts {
    let mut drafts = Drafts::default();
    organization::diff(context, &mut drafts, problems);
    ou::diff(context, &mut drafts, problems);
    account::diff(context, &mut drafts, problems);
    policy::diff(context, &mut drafts, problems);
    attach::diff(context, &mut drafts, problems);
    admin::diff(context, &mut drafts, problems);
    removed::diff(context, &mut drafts, problems);
    suspend::refuse_open(context, problems);
    stack_set::diff(context, &mut drafts, problems);
    stack::diff(context, &mut drafts, problems);
    tower::diff(context, &mut drafts, problems);
    settings::diff(context, &mut drafts, problems);
    identity::diff(context, &mut drafts, problems);
    split::mixed_updates(context, &mut drafts);
    drafts
}
