//! The nouns of lz. No I/O, no clock, nothing that computes a plan.
//!
//! Start with [`desired::Desired`] (what the spec wants), [`live::Live`] (what AWS has) and
//! [`plan::Plan`] (the ordered difference). [`address::Address`] names a declared object,
//! [`stack`] and [`tower`] hold the words of CloudFormation and Control Tower that the three share, [`identity`] and
//! [`settings`] those of Identity Center and Account Management,
//! [`id`] holds the ids that AWS assigns, [`limits`] the service limits as data with their sources.

pub mod address;
pub mod administration;
pub mod desired;
pub mod event;
pub mod id;
pub mod identity;
pub mod limits;
pub mod live;
pub mod plan;
pub mod policy_type;
pub mod root_access;
pub mod rule;
pub mod settings;
pub mod stack;
pub mod text;
pub mod tower;
