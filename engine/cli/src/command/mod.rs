//! One module for each command: load, call the engine, hand the answer to the view.

mod completions;
mod dispatch;
mod later;
mod schema;

pub(crate) use dispatch::run;
