//! Reads an organization in as few calls as AWS allows (aws-facts section 7).

mod accounts;
mod beside;
mod delegation;
mod doubt;
mod identity;
mod instances;
mod organization;
mod policies;
mod progress;
mod set_operations;
mod settings;
mod stack_sets;
mod stacks;
mod tags;
mod tower;
mod tree;

pub(crate) use accounts::{list as list_accounts, parent_of, state};
pub(crate) use identity::{attached as attached_policies, named as permission_set, tags as set_tags};
pub(crate) use instances::{OfSet, list as list_instances};
pub(crate) use organization::{PAGE, creations, describe, policy_types, read, root};
pub(crate) use policies::list as list_policies;
pub(crate) use set_operations::{
    describe as describe_operation, drift, newest as newest_operations, results, state as operation_state,
};
pub(crate) use settings::{contact_type, region_state};
pub(crate) use stack_sets::{describe as describe_set, tags as stack_tags};
pub(crate) use stacks::{describe as describe_stack, is_busy, stack_id};
pub(crate) use tags::list_tags;
pub(crate) use tower::{
    identity_center, offered as offered_baselines, operation as tower_operation, read as tower,
    zone_operation,
};
pub(crate) use tree::children;
