//! AWS IAM, as far as a landing zone needs it: roles, central root access, the root user's credentials.

mod state;

pub(crate) use state::{Iam, Role};
