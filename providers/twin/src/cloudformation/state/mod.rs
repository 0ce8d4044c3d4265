//! What CloudFormation holds.

mod file;
mod instance;
mod key;
mod operation;
mod set;
mod stack;
mod whole;

pub(crate) use instance::{DetailedStatus, DriftStatus, Instance, InstanceStatus, Instances, Parameters};
pub(crate) use key::{OperationId, Place, Region, SetId, uuid};
pub(crate) use operation::{
    AccountFilter, Amount, ConcurrencyMode, DetectionStatus, DriftDetails, GivenTargets, Lane, Operation,
    OperationStatus, Outcome, OutcomeState, OverrideChange, Preferences, RegionConcurrency, ResourceDrift,
    SetChange, Work, effective,
};
pub(crate) use set::{AutoDeployment, PermissionModel, Revision, StackSet};
pub(crate) use stack::{Stack, StackContent, StackEvent, StackStatus};
pub(crate) use whole::{CloudFormation, Due, Script};
