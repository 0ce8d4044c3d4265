//! AWS CloudFormation: stack sets, and the stacks of single accounts (aws-facts section 3).

mod calls;
mod rules;
mod run;
mod state;
mod table;
mod template;
mod wire;

pub(crate) use rules::{accounts_under, script};
pub(crate) use run::{account_joined, account_left, account_moved, end_instance, end_stack, wake};
pub(crate) use state::{
    AutoDeployment, CloudFormation, DetailedStatus, Due, Instance, InstanceStatus, OperationId,
    PermissionModel, Place, Region, Revision, Script, SetId, StackSet, uuid,
};
pub(crate) use table::{NAMESPACE, VERSION, find, is_eventual};
pub(crate) use wire::throttled;
