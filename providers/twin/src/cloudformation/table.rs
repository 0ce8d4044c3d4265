//! Every operation of CloudFormation that the twin has.
//!
//! No rate is published for any of them (aws-facts 3.1, UNCONFIRMED). Twin defaults: 10 reads a second with a burst
//! of 20, and 2 writes a second with a burst of 5, for each account; `rates` of the settings replaces them.

use super::calls::{access, drift, import, instance, operation, set, stack, stack_read, update};
use crate::settings::Rate;
use crate::wire::Run::{self, Read, Write};
use crate::wire::{Operation, Service, bucket};

/// The version of the query API.
pub(crate) const VERSION: &str = "2010-05-15";

/// The namespace of its answers.
pub(crate) const NAMESPACE: &str = "http://cloudformation.amazonaws.com/doc/2010-05-15/";

const fn rate(run: &Run) -> Option<Rate> {
    match run {
        Read(_) | Run::OrgRead(..) => bucket(10.0, 20.0),
        Write(_) | Run::OrgWrite(..) => bucket(2.0, 5.0),
    }
}

macro_rules! operation {
    ($name:literal, $run:expr) => {
        Operation {
            service: Service::CloudFormation,
            name: $name,
            full_name: concat!("cloudformation:", $name),
            run: $run,
            rate: rate(&$run),
            row: concat!("cloudformation:", $name),
        }
    };
}

/// The operations by name.
pub(crate) static OPERATIONS: &[Operation] = &[
    operation!("ActivateOrganizationsAccess", Write(access::activate)),
    operation!("CreateStack", Write(stack::create)),
    operation!("CreateStackInstances", Write(instance::create)),
    operation!("CreateStackSet", Write(set::create)),
    operation!("DeactivateOrganizationsAccess", Write(access::deactivate)),
    operation!("DeleteStack", Write(stack::delete)),
    operation!("DeleteStackInstances", Write(instance::delete)),
    operation!("DeleteStackSet", Write(set::delete)),
    operation!("DescribeOrganizationsAccess", Read(access::describe)),
    operation!("DescribeStackEvents", Read(stack_read::events)),
    operation!("DescribeStackInstance", Read(instance::describe)),
    operation!("DescribeStackResources", Read(stack_read::resources)),
    operation!("DescribeStackSet", Read(set::describe)),
    operation!("DescribeStackSetOperation", Read(operation::describe)),
    operation!("DescribeStacks", Read(stack_read::describe)),
    operation!("DetectStackSetDrift", Write(drift::detect)),
    operation!("GetTemplate", Read(stack_read::template)),
    operation!("ImportStacksToStackSet", Write(import::import)),
    operation!("ListStackInstanceResourceDrifts", Read(drift::list)),
    operation!("ListStackInstances", Read(instance::list)),
    operation!("ListStackSetAutoDeploymentTargets", Read(set::list_targets)),
    operation!("ListStackSetOperationResults", Read(operation::results)),
    operation!("ListStackSetOperations", Read(operation::list)),
    operation!("ListStackSets", Read(set::list)),
    operation!("ListStacks", Read(stack_read::list)),
    operation!("StopStackSetOperation", Write(operation::stop)),
    operation!("UpdateStack", Write(stack::update)),
    operation!("UpdateStackInstances", Write(instance::update)),
    operation!("UpdateStackSet", Write(update::update)),
    operation!("UpdateTerminationProtection", Write(stack::protect)),
    operation!("ValidateTemplate", Read(stack::validate)),
];

/// Returns the operation of that name.
pub(crate) fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// Returns whether what an operation reads may lag behind what was written (aws-facts 3.2, consistency).
pub(crate) fn is_eventual(name: &str) -> bool {
    matches!(name, "ListStackSetOperations" | "ListStackSetOperationResults")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation of table 3.2 of aws-facts.
    const OF_SETS: [&str; 21] = [
        "ActivateOrganizationsAccess",
        "CreateStackInstances",
        "CreateStackSet",
        "DeactivateOrganizationsAccess",
        "DeleteStackInstances",
        "DeleteStackSet",
        "DescribeOrganizationsAccess",
        "DescribeStackInstance",
        "DescribeStackSet",
        "DescribeStackSetOperation",
        "DetectStackSetDrift",
        "ImportStacksToStackSet",
        "ListStackInstanceResourceDrifts",
        "ListStackInstances",
        "ListStackSetAutoDeploymentTargets",
        "ListStackSetOperationResults",
        "ListStackSetOperations",
        "ListStackSets",
        "StopStackSetOperation",
        "UpdateStackInstances",
        "UpdateStackSet",
    ];

    /// What the twin has of stacks.
    const OF_STACKS: [&str; 10] = [
        "CreateStack",
        "DeleteStack",
        "DescribeStackEvents",
        "DescribeStackResources",
        "DescribeStacks",
        "GetTemplate",
        "ListStacks",
        "UpdateStack",
        "UpdateTerminationProtection",
        "ValidateTemplate",
    ];

    #[test]
    fn the_twin_has_every_operation_of_the_table_and_no_other() {
        let mut wanted: Vec<_> = OF_SETS.into_iter().chain(OF_STACKS).collect();
        wanted.sort_unstable();
        let names: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        assert_eq!(names, wanted);
        assert!(names.iter().all(|name| find(name).is_some()));
    }
}
