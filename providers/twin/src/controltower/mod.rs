//! AWS Control Tower (aws-facts section 4 and rules R28 to R37).
//!
//! `landing_zone`, `baseline`, `control` and `tag` hold the operations; `manifest`, `prerequisite` and `rules` what
//! is refused; `ending` what an operation does when its time has come; `enrolment` what moves of accounts cause.

mod baseline;
mod catalog;
mod control;
mod drift;
mod ending;
mod enrolment;
mod guardrail;
mod landing_zone;
mod manifest;
mod operation;
mod prerequisite;
mod refusal;
mod rules;
mod site;
mod state;
mod table;
mod tag;

pub(crate) use catalog::{Behaviour, MANDATORY, REGION_DENY, behaviour};
pub(crate) use ending::pass_time;
pub(crate) use enrolment::notice;
pub(crate) use state::ControlTower;
pub(crate) use table::ROUTES;
