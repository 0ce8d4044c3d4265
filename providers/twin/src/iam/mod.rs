//! AWS IAM, as far as a landing zone needs it: roles, central root access, the root user's credentials.

mod feature;
mod role;
mod role_policy;
mod root_user;
mod state;
mod table;
mod words;

pub(crate) use root_user::assume_root;
pub(crate) use state::Iam;
pub(crate) use table::{NAMESPACE, OPERATIONS, VERSION};
