//! Terraform's functions, under Terraform's names.

mod call;
mod collections;
mod csv;
mod encoding;
mod files;
mod formatting;
mod hashing;
mod maps;
mod network;
mod numbers;
mod strings;
mod time;
mod types;
mod yaml_write;

pub(crate) use call::{call, unknown};
pub(crate) use time::canonical_time;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
