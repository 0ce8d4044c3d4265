//! The `identity_center`, `permission_set` and `assignment` blocks.

mod assignment;
mod center;
mod set;

pub(super) use center::identity;
