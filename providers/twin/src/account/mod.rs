//! AWS Account Management: names, contacts, Regions, primary e-mail (aws-facts 1.7).

mod contact;
mod email;
mod name;
mod refusal;
mod region;
mod subject;
mod table;

pub(crate) use refusal::throttled;
pub(crate) use region::{is_known as region_is_known, is_on as region_is_on};
pub(crate) use table::find_path;
