//! The operations of SNS that the twin plays. Rates are UNCONFIRMED, so there are no buckets.

use super::topic;
use crate::neighbour::operation;
use crate::wire::Operation;
use crate::wire::Run::{Read, Write};

/// The version of the query API.
pub(crate) const VERSION: &str = "2010-03-31";

/// The namespace of its answers.
pub(crate) const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

/// The operations.
pub(crate) static OPERATIONS: &[Operation] = &[
    operation!(Sns, "sns", "CreateTopic", Write(topic::create)),
    operation!(Sns, "sns", "DeleteTopic", Write(topic::delete)),
    operation!(Sns, "sns", "ListTopics", Read(topic::list)),
    operation!(Sns, "sns", "Publish", Write(topic::publish)),
];
