//! IAM Identity Center: permission sets and account assignments (service `sso-admin`).
//!
//! Its organization instance is switched on by hand in the console, or by a landing zone with access management; no
//! call makes one. `settings.identity_center.region` says where it is.

mod assignment;
mod instance;
mod policy;
mod provisioning;
mod set;
mod state;
mod table;
mod tag;

pub(crate) use instance::{Instance, refuse_elsewhere};
pub(crate) use state::{IdentityCenter, pass_time};
pub(crate) use table::OPERATIONS;
