//! One module for each command: load, call the engine, hand the answer to the view.

mod apply;
mod carry;
mod completions;
mod dispatch;
mod drift;
mod earlier;
mod explain;
mod fmt;
mod graph;
mod history;
mod iam;
mod init;
mod later;
mod man;
mod output;
mod plan;
mod policy;
mod review;
mod rollback;
mod root;
mod schema;
mod show;
mod test;
mod twin;
mod unlock;
mod validate;
mod vend;

pub(crate) use dispatch::run;
