//! Amazon SNS, as far as notices need it: topics, and what was published to them. Subscriptions are not played.

mod table;
mod topic;

pub(crate) use table::{NAMESPACE, OPERATIONS, VERSION};
pub(crate) use topic::Topic;
