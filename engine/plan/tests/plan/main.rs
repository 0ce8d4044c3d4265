//! The planner from outside: specs and live organizations made by hand, plans looked at.

mod build;
mod diffing;
mod files;
mod pairing;
mod refusing;
mod rules;
mod safety;
