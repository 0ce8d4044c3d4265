//! CloudFormation templates by meaning. Pure: no I/O, no clock.
//!
//! Start with [`Template::parse`]: JSON and YAML of the same meaning are equal. [`same`] compares two texts,
//! [`diff`] says what is different resource by resource, and [`problems`] says what AWS would refuse before
//! AWS is asked. The way of the text: `yaml` and `json` make one tree of nodes with their lines, `canonical`
//! writes it in one form, and everything else reads that form.
//!
//! The crate must not know what a template is used for beyond [`Usage`]: targets and Regions are none of its
//! business.

mod canonical;
mod check;
mod diff;
mod function;
mod json;
mod node;
mod parameter;
mod problem;
mod reference;
mod render;
mod template;
mod yaml;

pub use diff::{Change, Difference, diff, diff_text};
pub use parameter::Parameter;
pub use problem::{Given, Problem, ProblemKind, Usage, problems};
pub use template::{Template, TemplateError, same};
