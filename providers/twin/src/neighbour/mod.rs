//! The services around Organizations: each is told apart here, and lives in a folder of its own.

mod call;
mod codes;
mod state;
mod table;

pub(crate) use call::{CAPITAL, PageNames, SMALL, management_organization, page, required, uuid};
pub(crate) use codes::{message_member, throttled};
pub(crate) use state::{Neighbours, notice, pass_time};
pub(crate) use table::{Neighbour, json_operation, operation, query_operation, rest_operation, route};
