//! From the syntax tree to [`Desired`](lz_model::desired::Desired): one module for each kind of block.

mod accounts;
mod admins;
mod attributes;
mod constants;
mod declared;
mod document;
mod features;
mod identity;
mod moves;
mod objects;
mod organization;
mod ous;
mod packs;
mod pipeline;
mod policies;
mod references;
mod services;
mod settings;
mod shape;
mod spec;
mod stacks;
mod statements;
mod substitute;
mod tags;
mod templates;
mod test_blocks;
mod test_rows;
mod tower;
mod types;
mod unknown;
mod variables;
mod vending;
mod world;
mod zone;

pub(crate) use spec::{Checked, Read, check};
pub use vending::{FieldInfo, TemplateInfo};
