//! Rules about settings that an organization has once.

use super::{EdgeSet, Steps};
use crate::context::Context;
use lz_model::plan::{Action, FeatureWork};
use lz_model::root_access::RootFeature;
use lz_model::rule::Rule;

const ROOT_SERVICE: &str = "iam.amazonaws.com";

/// R39: trusted access of IAM before central root access, and as long as it.
pub(super) fn root_access_trusted(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (trust, draft) in steps.iter() {
        let Some(comes) = trusts(&draft.step.action) else {
            continue;
        };
        for (feature, _, _) in steps.picked(switched) {
            edges.insert(if comes {
                (trust, feature, Rule::TrustedAccessFirst)
            } else {
                (feature, trust, Rule::DependentsBeforeTrust)
            });
        }
    }
}

/// Returns whether a step gives IAM trusted access (true) or takes it (false).
fn trusts(action: &Action) -> Option<bool> {
    if let Action::EnableTrustedService { service } = action {
        return (service.as_str() == ROOT_SERVICE).then_some(true);
    }
    if let Action::DisableTrustedService { service } = action {
        return (service.as_str() == ROOT_SERVICE).then_some(false);
    }
    None
}

/// R39: credentials management comes before root sessions, and goes after them.
pub(super) fn credentials_before_sessions(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (credentials, _, of_credentials) in steps.picked(switched) {
        for (sessions, _, of_sessions) in steps.picked(switched) {
            match (of_credentials, of_sessions) {
                ((RootFeature::CredentialsManagement, true), (RootFeature::Sessions, true)) => {
                    edges.insert((credentials, sessions, Rule::CredentialsBeforeSessions));
                }
                ((RootFeature::CredentialsManagement, false), (RootFeature::Sessions, false)) => {
                    edges.insert((sessions, credentials, Rule::CredentialsBeforeSessions));
                }
                (
                    (RootFeature::CredentialsManagement | RootFeature::Sessions, _),
                    (RootFeature::CredentialsManagement | RootFeature::Sessions, _),
                ) => {}
            }
        }
    }
}

/// Returns the feature that a step switches, and whether on.
fn switched(action: &Action) -> Option<(RootFeature, bool)> {
    let Action::Feature(work) = action else {
        return None;
    };
    match work {
        FeatureWork::EnableRootFeature { feature } => Some((*feature, true)),
        FeatureWork::DisableRootFeature { feature } => Some((*feature, false)),
        FeatureWork::PutResourcePolicy { .. } | FeatureWork::DeleteResourcePolicy { .. } => None,
    }
}

/// A resource policy names accounts and OUs; administrators are there before it gives them rights.
pub(super) fn administrator_before_policy(_: &Context<'_>, steps: &Steps<'_>, edges: &mut EdgeSet) {
    for (put, draft) in steps.iter() {
        if !matches!(
            draft.step.action,
            Action::Feature(FeatureWork::PutResourcePolicy { .. })
        ) {
            continue;
        }
        for (register, other) in steps.iter() {
            if matches!(other.step.action, Action::RegisterAdmin { .. }) {
                edges.insert((register, put, Rule::AdministratorBeforePolicy));
            }
        }
    }
}
