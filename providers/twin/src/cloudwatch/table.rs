//! Every operation of CloudWatch that the twin has.
//!
//! Rates are UNCONFIRMED. Twin defaults for each account: 9 DescribeAlarms a second, 3 of each other.

use super::alarm;
use crate::wire::Run::{Read, Write};
use crate::wire::{Operation, Service, bucket};

/// The version of the query API.
pub(crate) const VERSION: &str = "2010-08-01";

/// The namespace of its answers.
pub(crate) const NAMESPACE: &str = "http://monitoring.amazonaws.com/doc/2010-08-01/";

/// What `X-Amz-Target` begins with, and what the path of a CBOR call names.
pub(crate) const TARGET: &str = "GraniteServiceVersion20100801";

macro_rules! operation {
    ($name:literal, $run:expr, $rate:literal) => {
        Operation {
            service: Service::CloudWatch,
            name: $name,
            full_name: concat!("cloudwatch:", $name),
            run: $run,
            rate: bucket($rate, $rate),
            row: concat!("cloudwatch:", $name),
        }
    };
}

/// The operations by name.
static OPERATIONS: &[Operation] = &[
    operation!("DeleteAlarms", Write(alarm::delete), 3.0),
    operation!("DescribeAlarms", Read(alarm::describe), 9.0),
    operation!("PutMetricAlarm", Write(alarm::put), 3.0),
    operation!("SetAlarmState", Write(alarm::set_state), 3.0),
];

/// Returns the operation of that name.
pub(crate) fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}
