//! Control Tower: its operations are started once, followed, and found again where the answer was lost.

mod enrol;
mod look;
mod operate;
mod settle;

pub(crate) use enrol::enrol;
pub(crate) use operate::operate;
pub(crate) use settle::settle;
