//! Every operation of Account Management that the twin has; GetGovCloudAccountInformation is left out.
//! Buckets are those of "Quotas for AWS Account Management" (aws-limits).

use super::{contact, email, name, region};
use crate::wire::Run::{Read, Write};
use crate::wire::{Operation, Service, bucket};

macro_rules! operation {
    ($name:literal, $run:expr, $rate:expr) => {
        Operation {
            service: Service::Account,
            name: $name,
            full_name: concat!("account:", $name),
            run: $run,
            rate: $rate,
            row: concat!("account:", $name),
        }
    };
}

/// The operations by name.
pub(crate) static OPERATIONS: &[Operation] = &[
    operation!("AcceptPrimaryEmailUpdate", Write(email::accept), bucket(1.0, 1.0)),
    operation!(
        "DeleteAlternateContact",
        Write(contact::delete_alternate),
        bucket(1.0, 6.0)
    ),
    operation!("DisableRegion", Write(region::disable), bucket(1.0, 1.0)),
    operation!("EnableRegion", Write(region::enable), bucket(1.0, 1.0)),
    operation!("GetAccountInformation", Read(name::get), bucket(3.0, 3.0)),
    operation!(
        "GetAlternateContact",
        Read(contact::get_alternate),
        bucket(10.0, 15.0)
    ),
    operation!(
        "GetContactInformation",
        Read(contact::get_information),
        bucket(10.0, 15.0)
    ),
    operation!("GetPrimaryEmail", Read(email::get), bucket(3.0, 3.0)),
    operation!("GetRegionOptStatus", Read(region::get_status), bucket(5.0, 5.0)),
    operation!("ListRegions", Read(region::list), bucket(5.0, 5.0)),
    operation!("PutAccountName", Write(name::put), bucket(1.0, 1.0)),
    operation!(
        "PutAlternateContact",
        Write(contact::put_alternate),
        bucket(5.0, 8.0)
    ),
    operation!(
        "PutContactInformation",
        Write(contact::put_information),
        bucket(5.0, 8.0)
    ),
    operation!("StartPrimaryEmailUpdate", Write(email::start), bucket(1.0, 1.0)),
];

/// Returns the operation behind a path like `putAccountName`.
pub(crate) fn find_path(path: &str) -> Option<&'static Operation> {
    let lowered = |name: &str| {
        let mut letters = name.chars();
        letters
            .next()
            .map(|first| first.to_ascii_lowercase())
            .into_iter()
            .chain(letters)
            .eq(path.chars())
    };
    OPERATIONS.iter().find(|operation| lowered(operation.name))
}
