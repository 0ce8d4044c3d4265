//! CloudFormation on the wire: errors, request members, answers.

mod preferences;
mod refusal;
mod shape;
mod view;

pub(crate) use preferences::preferences;
pub(crate) use refusal::{Code, invalid, throttled};
pub(crate) use shape::{
    account_ids, boolean, number, object, objects, operation_id, pager, parameters, regions, required,
    set_name, tags, text, texts,
};
pub(crate) use view::{
    answer, instance_view, operation_view, outcome_view, parameters_view, set_summary, set_view, tags_view,
};
