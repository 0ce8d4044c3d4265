//! Amazon S3, as far as templates and locks need it: buckets, objects, conditional writes, and settings of buckets
//! that are kept and given back. Versions, multipart uploads and access policies are left out; a bucket answers its
//! owner only.

mod bucket;
mod object;
mod refusal;
mod route;
mod state;
mod table;

pub(crate) use refusal::throttled;
pub(crate) use route::{address, is_meant, route};
pub(crate) use state::Bucket;
pub(crate) use table::find;
