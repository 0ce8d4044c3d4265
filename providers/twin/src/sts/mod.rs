//! AWS Security Token Service: who am I, and becoming someone else.

mod identity;

use crate::wire::Run::{Read, Write};
use crate::wire::{Operation, Refusal, Service};

/// The version of the query API.
pub(crate) const VERSION: &str = "2011-06-15";

/// The namespace of its answers.
pub(crate) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// AssumeRole, AssumeRoot and GetCallerIdentity. Their rates are UNCONFIRMED, so they have no bucket.
pub(crate) static OPERATIONS: &[Operation] = &[
    Operation {
        service: Service::Sts,
        name: "AssumeRole",
        full_name: "sts:AssumeRole",
        run: Write(identity::assume_role),
        rate: None,
        row: "sts:AssumeRole",
    },
    Operation {
        service: Service::Sts,
        name: "AssumeRoot",
        full_name: "sts:AssumeRoot",
        run: Write(crate::iam::assume_root),
        rate: None,
        row: "sts:AssumeRoot",
    },
    Operation {
        service: Service::Sts,
        name: "GetCallerIdentity",
        full_name: "sts:GetCallerIdentity",
        run: Read(identity::get_caller_identity),
        rate: None,
        row: "sts:GetCallerIdentity",
    },
];

/// Returns the operation of that name.
pub(crate) fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// Returns the refusal of a call beyond the bucket.
pub(crate) fn throttled(message: impl Into<String>) -> Refusal {
    Refusal::new("Throttling", 400, message)
}
