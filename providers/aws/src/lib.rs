//! The port of lz over the AWS SDK: the only crate in which an SDK type appears.
//!
//! Start with [`AwsProvider`]: [`AwsProvider::connect`] takes [`Options`] and gives the
//! [`lz_provider::Provider`] that the engine works with. A call goes through `connection.rs`: it waits for
//! its token (`pace.rs`), for its turn to write, is sent and counted, and is sent again where `classify.rs`,
//! the only place that knows AWS's error codes, says that nothing was done (`patience.rs`). Regional services are
//! asked through `site.rs`: a client for each Region and account; those of which lz needs a call or two have no
//! client but `signed.rs` (`bucket.rs` keeps long templates in S3, `alarm.rs` asks CloudWatch, `tower.rs` Control
//! Tower).
//! `read/` brings the organization in as few calls as AWS allows, `perform/` holds one function per
//! [`lz_provider::Call`], `find.rs` looks for one object by its natural key.
//!
//! It must not decide what to change, keep anything between runs, or read the clock: all waiting is
//! `tokio::time`, so a paused runtime passes hours in a moment.

mod alarm;
mod answer;
mod bucket;
mod classify;
mod connect;
mod connection;
mod fields;
mod find;
mod json;
mod operation;
mod options;
mod own;
mod pace;
mod patience;
mod perform;
mod provider;
mod read;
mod root_users;
mod signed;
mod site;
mod stacks;
mod stats;
mod store;
#[cfg(test)]
mod tests;
mod topic;
mod tower;
mod transport;
mod webhook;

pub use options::{Credentials, Options, Role, Transport};
pub use provider::AwsProvider;
pub use stats::Stats;
pub use webhook::{PostError, post};
