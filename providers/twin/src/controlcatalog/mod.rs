//! AWS Control Catalog, as far as controls go (aws-facts section 4.1; botocore model): which there are, and which ARN
//! belongs to which alias.

mod control;
mod entry;
mod names;
mod table;

pub(crate) use control::REGION_PARAMETERS;
pub use control::regional_control_arn;
pub(crate) use entry::Entry;
pub(crate) use table::ROUTES;
