//! What CloudFormation refuses, one function a rule.

mod access;
mod handover;
mod instance;
mod operation;
mod set;
mod stack;
mod target;
mod template;

pub(crate) use access::{
    Home, find_live, find_set, home, organization_of_home, refuse_without_access, trusted_access,
};
pub(crate) use handover::{leave_behind, refuse_unimportable, take_over};
pub(crate) use instance::{
    EXECUTION_ROLE, is_suspended, refuse_by_script, refuse_inoperable, refuse_missing_role, refuse_protected,
    refuse_region_off, script,
};
pub(crate) use operation::{
    instance_or_refuse, operation_or_refuse, refuse_ended, refuse_in_progress, refuse_second_detection,
    repeated,
};
pub(crate) use set::{
    auto_deployment, refuse_changing_execution, refuse_changing_model, refuse_not_empty,
    refuse_other_owner_parts, refuse_retargeting_with_auto, refuse_taken_name, refuse_too_many_instances,
    refuse_too_many_sets,
};
pub(crate) use stack::{
    home_region, refuse_no_updates, refuse_odd_stack_name, refuse_protected_stack, refuse_restless,
    refuse_stack_of_set, refuse_taken_stack_name, refuse_too_many_stacks, unknown_stack,
};
pub(crate) use target::{
    accounts_under, every_place, given_targets, places_of_accounts, refuse_half_targets, refuse_no_regions,
    refuse_unknown_overrides, region_order,
};
pub(crate) use template::{
    capabilities, object_at, refuse_composed, refuse_missing_capabilities, template_source,
};
