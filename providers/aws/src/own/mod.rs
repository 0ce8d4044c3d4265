//! Services that lz speaks to with signed requests and a table instead of a client for each.

mod api;
mod global;
mod request;
mod seats;

pub(crate) use api::{Api, Host, Route, Slot, Speech, api};
pub(crate) use global::{Iam, endpoint};
pub(crate) use request::{ask, encoded, request};
pub(crate) use seats::{Seat, seat};
