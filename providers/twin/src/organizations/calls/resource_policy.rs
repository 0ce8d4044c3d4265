//! The resource policy: which member accounts may manage policies.

use serde::Serialize;

use crate::organizations::rules::tag::{self, Taggable};
use crate::organizations::rules::{delegation as rules, delegation_policy, tag_policy};
use crate::organizations::wire::{tag_list, text_of};
use crate::organizations::{Code, Organization, ResourcePolicy};
use crate::settings::Settings;
use crate::wire::{Answer, Change, Seen, empty, json};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SummaryView<'a> {
    id: &'a str,
    arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResourcePolicyView<'a> {
    resource_policy_summary: SummaryView<'a>,
    content: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResourcePolicyAnswer<'a> {
    resource_policy: ResourcePolicyView<'a>,
}

fn answer(org: &Organization, settings: &Settings) -> Answer {
    let policy = org
        .resource_policy
        .as_ref()
        .ok_or_else(|| Code::ResourcePolicyNotFound.because("the organization has no resource policy"))?;
    let arn = org.arns(settings.partition).resource_policy(&policy.id);
    let resource_policy_summary = SummaryView {
        id: policy.id.as_str(),
        arn,
    };
    json(&ResourcePolicyAnswer {
        resource_policy: ResourcePolicyView {
            resource_policy_summary,
            content: &policy.content,
        },
    })
}

/// PutResourcePolicy: creates it, or replaces its content. Tags are for its creation.
pub(crate) fn put(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let most = call.settings.resource_policy_characters;
    let content = text_of("Content", call.input.required_text("Content")?, 1, most)?;
    let tags = tag_list(call.input, call.settings)?;
    rules::refuse_without_all_features(change.org)?;
    delegation_policy::refuse_unusable(content)?;
    tag_policy::refuse_noncompliant(change.org, "resourcepolicy", &tags)?;
    match change.org.resource_policy.as_mut() {
        Some(policy) => policy.content = content.to_owned(),
        None => {
            let id = change.world.mint.resource_policy();
            let policy = ResourcePolicy {
                id: id.clone(),
                content: content.to_owned(),
                tags: tags.clone(),
            };
            change.org.resource_policy = Some(policy);
        }
    }
    if let Some(id) = change
        .org
        .resource_policy
        .as_ref()
        .map(|policy| policy.id.clone())
        && !tags.is_empty()
    {
        tag::replace(change, &Taggable::ResourcePolicy(id), tags);
    }
    answer(change.org, call.settings)
}

/// DescribeResourcePolicy.
pub(crate) fn describe(seen: &Seen<'_>) -> Answer {
    answer(seen.org, seen.call.settings)
}

/// DeleteResourcePolicy.
pub(crate) fn delete(change: &mut Change<'_>) -> Answer {
    let id = change
        .org
        .resource_policy
        .as_ref()
        .map(|policy| policy.id.clone());
    let id =
        id.ok_or_else(|| Code::ResourcePolicyNotFound.because("the organization has no resource policy"))?;
    tag::tell(change, &Taggable::ResourcePolicy(id), None);
    change.org.resource_policy = None;
    empty()
}
