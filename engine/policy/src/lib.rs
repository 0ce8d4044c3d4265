//! The policy language, pure: no I/O, no clock.
//!
//! [`document`] brings a policy document into canonical form, so that reordered or re-spaced JSON is no
//! change; [`guard`] tells what attaching, changing or detaching a guardrail does to those it binds.

pub mod document;
pub mod guard;
