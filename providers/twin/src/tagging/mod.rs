//! Resource Groups Tagging API: reading tags in bulk (aws-facts section 7).

mod resources;

use crate::wire::Run::Read;
use crate::wire::{Operation, Refusal, Service, bucket};

/// What `X-Amz-Target` begins with.
pub(crate) const TARGET: &str = "ResourceGroupsTaggingAPI_20170126";

/// GetResources only. 15 calls a second (aws-limits); the burst is UNCONFIRMED and taken to be the same.
pub(crate) static OPERATIONS: &[Operation] = &[Operation {
    service: Service::Tagging,
    name: "GetResources",
    full_name: "tagging:GetResources",
    run: Read(resources::get),
    rate: bucket(15.0, 15.0),
    row: "tagging:GetResources",
}];

/// Returns the operation of that name.
pub(crate) fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// Returns the refusal of a call beyond the bucket.
pub(crate) fn throttled(message: impl Into<String>) -> Refusal {
    Refusal::new("ThrottledException", 400, message)
}
