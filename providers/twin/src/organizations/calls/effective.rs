//! Effective policies and what is wrong with them.

use serde::Serialize;

use super::account::not_found;
use crate::organizations::rules::effective::{Effective, effective};
use crate::organizations::rules::policy::limit_of;
use crate::organizations::wire::{
    AccountView, InputProblem, PathOf, account_id, invalid, pager, policy_type, target_id,
};
use crate::organizations::{Code, Organization, admit};
use crate::settings::{PolicyType, Settings};
use crate::wire::{Access, Answer, Refusal, Seen, json};
use crate::world::{AccountId, PolicyId, TargetId};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EffectiveView<'a> {
    policy_content: &'a str,
    last_updated_timestamp: f64,
    target_id: &'a AccountId,
    policy_type: PolicyType,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct EffectiveAnswer<'a> {
    effective_policy: EffectiveView<'a>,
}

/// Only management policies have an effective policy (aws-facts 5; INVALID_ENUM_POLICY_TYPE).
fn management_type(seen: &Seen<'_>) -> Result<PolicyType, Refusal> {
    let kind = policy_type(seen.call.input, "PolicyType")?;
    if kind.is_management() {
        return Ok(kind);
    }
    let message = format!("policies of type {} have no effective policy", kind.as_str());
    Err(invalid(InputProblem::InvalidEnumPolicyType, message))
}

fn effective_or_refuse(org: &Organization, id: &AccountId, kind: PolicyType) -> Result<Effective, Refusal> {
    effective(org, id, kind).ok_or_else(|| {
        let message = format!("account `{id}` has no effective policy of type {}", kind.as_str());
        Code::EffectivePolicyNotFound.because(message)
    })
}

/// DescribeEffectivePolicy: of the caller, or of another account for those who may read the organization.
pub(crate) fn describe(seen: &Seen<'_>) -> Answer {
    let kind = management_type(seen)?;
    let id = match seen.call.input.text("TargetId")? {
        None => seen.call.caller.clone(),
        Some(text) => match target_id(text)? {
            TargetId::Account(id) => id,
            TargetId::Root(_) | TargetId::Unit(_) => {
                let message = "only accounts have an effective policy";
                return Err(invalid(InputProblem::TargetNotSupported, message));
            }
        },
    };
    let reads_all = admit(
        seen.world,
        seen.call.caller,
        Access::ManagementOrDelegate,
        seen.call.operation,
    )
    .is_ok();
    if id != *seen.call.caller && !reads_all {
        return Err(Code::AccessDenied.because("a member account sees only its own effective policy"));
    }
    if seen.org.member(&id).is_none() {
        return Err(Code::TargetNotFound.because(format!("the organization has no account `{id}`")));
    }
    let found = effective_or_refuse(seen.org, &id, kind)?;
    json(&EffectiveAnswer {
        effective_policy: EffectiveView {
            policy_content: &found.content,
            last_updated_timestamp: found.updated_at.epoch_seconds(),
            target_id: &id,
            policy_type: kind,
        },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProblemView<'a> {
    error_code: &'static str,
    error_message: String,
    path_to_error: &'static str,
    contributing_policies: &'a [PolicyId],
}

/// Returns what is wrong with an effective policy.
///
/// Twin default: one longer than a policy of its type may be is invalid. The code is the only one that the API
/// reference names; AWS's other checks are not published.
fn problem<'a>(found: &'a Effective, kind: PolicyType, settings: &Settings) -> Option<ProblemView<'a>> {
    let (length, most) = (found.content.chars().count(), limit_of(kind, settings).characters);
    (length > most).then(|| ProblemView {
        error_code: "ELEMENTS_TOO_MANY",
        error_message: format!(
            "the effective policy has {length} characters, but at most {most} are allowed"
        ),
        path_to_error: "$",
        contributing_policies: &found.sources,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProblemsAnswer<'a> {
    account_id: &'a AccountId,
    policy_type: PolicyType,
    path: String,
    evaluation_timestamp: f64,
    effective_policy_validation_errors: Vec<ProblemView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListEffectivePolicyValidationErrors.
pub(crate) fn list_errors(seen: &Seen<'_>) -> Answer {
    let id = account_id(seen.call.input, "AccountId")?;
    let kind = management_type(seen)?;
    let pager = pager(seen.call, &[id.as_str(), kind.as_str()])?;
    let member = seen.org.member(&id).ok_or_else(|| not_found(&id))?;
    let found = effective_or_refuse(seen.org, &id, kind)?;
    let rest = problem(&found, kind, seen.call.settings).filter(|_| pager.after().is_empty());
    let page = pager.take(rest.into_iter(), |problem| problem.path_to_error.to_owned());
    json(&ProblemsAnswer {
        account_id: &id,
        policy_type: kind,
        path: PathOf::account(seen.org, &member.parent, &id).to_string(),
        evaluation_timestamp: seen.call.now.epoch_seconds(),
        effective_policy_validation_errors: page.items,
        next_token: page.next,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InvalidAccountsAnswer<'a> {
    accounts: Vec<AccountView<'a>>,
    policy_type: PolicyType,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListAccountsWithInvalidEffectivePolicy.
pub(crate) fn list_invalid_accounts(seen: &Seen<'_>) -> Answer {
    let kind = management_type(seen)?;
    let pager = pager(seen.call, &[kind.as_str()])?;
    let rest = seen.org.members().keys().filter(|id| id.as_str() > pager.after());
    let invalid = rest.filter(|id| {
        effective(seen.org, id, kind).is_some_and(|found| problem(&found, kind, seen.call.settings).is_some())
    });
    let page = pager.take(invalid, |id| id.as_str().to_owned());
    let accounts = page
        .items
        .iter()
        .filter_map(|id| AccountView::of(seen, id))
        .collect();
    json(&InvalidAccountsAnswer {
        accounts,
        policy_type: kind,
        next_token: page.next,
    })
}
