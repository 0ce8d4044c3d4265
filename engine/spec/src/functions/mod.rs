//! Terraform's functions, under Terraform's names.

mod call;
mod collections;
mod encoding;
mod files;
mod formatting;
mod numbers;
mod strings;
mod types;

pub(crate) use call::call;
