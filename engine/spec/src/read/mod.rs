//! Text to syntax tree: one reader for HCL, one for YAML, one tree.

pub(crate) mod hcl;
mod hcl_expression;
mod hcl_template;
mod outline;
mod place;
pub(crate) mod yaml;
pub(crate) mod yaml_tree;
pub(crate) mod yaml_value;

pub(crate) use hcl_template::whole;
pub(crate) use place::Place;
