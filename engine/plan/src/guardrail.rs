//! The effect of a step on guardrails, from the documents that it concerns.

use lz_model::policy_type::PolicyType;
use lz_model::text::Text;
use lz_policy::document::Document;
use lz_policy::guard::{self, Effect};

/// Returns the effect of attaching a document; `None` for a policy type that guards nothing.
pub(crate) fn of_attach(policy_type: PolicyType, content: &Text) -> Option<Effect> {
    policy_type
        .guards()
        .then(|| parse(policy_type, content).map_or(Effect::Mixed, |d| guard::of_attaching(&d)))
}

/// Returns the effect of detaching a document; `None` for a policy type that guards nothing.
pub(crate) fn of_detach(policy_type: PolicyType, content: &Text) -> Option<Effect> {
    policy_type
        .guards()
        .then(|| parse(policy_type, content).map_or(Effect::Loosen, |d| guard::of_detaching(&d)))
}

/// Returns the effect of replacing a document; `None` if no statement differs or the type guards nothing.
pub(crate) fn of_update(policy_type: PolicyType, before: &Text, after: &Text) -> Option<Effect> {
    if !policy_type.guards() {
        return None;
    }
    match (parse(policy_type, before), parse(policy_type, after)) {
        (Some(before), Some(after)) => guard::of_updating(&before, &after),
        (Some(_) | None, None) | (None, Some(_)) => Some(Effect::Mixed),
    }
}

/// An id that is not known yet stands for itself: it differs from every id that is.
fn parse(policy_type: PolicyType, content: &Text) -> Option<Document> {
    let filled = content.fill(|hole| Some(hole.to_string().replace('"', "'")));
    Document::parse(policy_type, filled.known()?).ok()
}
