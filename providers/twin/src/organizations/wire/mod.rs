//! The JSON of Organizations: errors, input members, output shapes.

mod refusal;
mod shape;
mod tag_list;
mod view;

pub(crate) use refusal::{
    Code, Constraint, HandshakeProblem, InputProblem, constraint, handshake_constraint, invalid,
};
pub(crate) use shape::{
    account_id, email, enum_of, handshake_id, is_email, optional_text, pager, pager_of, parent_id, policy_id,
    policy_type, request_id, root_id, service_principal, target_id, text_of, unit_id,
};
pub(crate) use tag_list::{refuse_too_many_tags, tag_keys, tag_list};
pub(crate) use view::{
    AccountView, CreationView, HandshakeView, OrganizationView, PathOf, PolicySummaryView, RootView, TagView,
    TargetView, UnitView, tags_view,
};
