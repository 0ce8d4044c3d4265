//! The policy language of AWS organizations, pure: no I/O, no clock.
//!
//! [`document`] brings a policy document into canonical form, so that reordered or re-spaced JSON is no
//! change; [`guard`] tells what attaching, changing or detaching a guardrail does to those it binds.
//! [`language`] reads service control policies and resource control policies in full; [`json`] is the reader
//! beneath it that knows places. [`inherit`] reads all other types and merges them down the tree.
//! [`evaluate`] answers whether a request is allowed, and by which statement;
//! [`line`] does so one JSON line at a time.

pub mod catalogue;
pub mod compare;
pub mod document;
pub mod evaluate;
pub mod guard;
pub mod inherit;
pub mod json;
pub mod language;
pub mod limits;
pub mod line;
pub mod lint;
pub mod pack;
mod pattern;
