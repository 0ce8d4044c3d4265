//! Policies and their attachments.

use serde::Serialize;

use crate::organizations::rules::tag::{self, Taggable};
use crate::organizations::rules::{attachment, document, policy as rules, tag_policy};
use crate::organizations::wire::{
    InputProblem, PolicySummaryView, TargetView, invalid, optional_text, pager, policy_id, policy_type,
    tag_list, target_id, text_of,
};
use crate::organizations::{Code, Organization, Policy};
use crate::settings::Settings;
use crate::wire::{Answer, Change, Input, Refusal, Seen, empty, json};
use crate::world::{PolicyId, TargetId};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyView<'a> {
    policy_summary: PolicySummaryView<'a>,
    content: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyAnswer<'a> {
    policy: PolicyView<'a>,
}

pub(super) fn not_found(id: &PolicyId) -> Refusal {
    Code::PolicyNotFound.because(format!("there is no policy `{id}`"))
}

fn answer(org: &Organization, settings: &Settings, id: &PolicyId) -> Answer {
    let policy = org.policy(id).ok_or_else(|| not_found(id))?;
    let policy_summary = PolicySummaryView::of(org, settings, id, policy);
    json(&PolicyAnswer {
        policy: PolicyView {
            policy_summary,
            content: &policy.content,
        },
    })
}

/// CreatePolicy.
pub(crate) fn create(change: &mut Change<'_>) -> Answer {
    let (call, input) = (change.call, change.call.input);
    let kind = policy_type(input, "Type")?;
    let name = text_of("Name", input.required_text("Name")?, 1, 128)?;
    let description = text_of("Description", input.required_text("Description")?, 0, 512)?;
    let content = text_of("Content", input.required_text("Content")?, 1, usize::MAX)?;
    let tags = tag_list(input, call.settings)?;
    rules::refuse_without_all_features(change.org)?;
    document::refuse_too_long(kind, content, call.settings)?;
    document::refuse_malformed(kind, content, call.settings)?;
    rules::refuse_taken_name(change.org, kind, name, None)?;
    rules::refuse_too_many(change.org, kind, call.settings)?;
    tag_policy::refuse_noncompliant(change.org, "policy", &tags)?;
    let id = change.world.mint.policy();
    let policy = Policy {
        name: name.to_owned(),
        kind,
        description: description.to_owned(),
        content: content.to_owned(),
        updated_at: call.now,
        aws_managed: false,
        tags: tags.clone(),
    };
    change.org.add_policy(id.clone(), policy);
    if !tags.is_empty() {
        tag::tell(change, &Taggable::Policy(id.clone()), Some(tags));
    }
    answer(change.org, call.settings, &id)
}

/// UpdatePolicy: the type stays (aws-facts R8).
pub(crate) fn update(change: &mut Change<'_>) -> Answer {
    let (call, input) = (change.call, change.call.input);
    let id = policy_id(input)?;
    let name = optional_text(input, "Name", 1, 128)?;
    let description = optional_text(input, "Description", 0, 512)?;
    let content = optional_text(input, "Content", 1, usize::MAX)?;
    let policy = change.org.policy(&id).ok_or_else(|| not_found(&id))?;
    let kind = policy.kind;
    rules::refuse_immutable(&id, policy)?;
    attachment::refuse_while_changing(change.org, kind)?;
    if let Some(content) = content {
        document::refuse_too_long(kind, content, call.settings)?;
        document::refuse_malformed(kind, content, call.settings)?;
    }
    if let Some(name) = name {
        rules::refuse_taken_name(change.org, kind, name, Some(&id))?;
    }
    change.org.change_policy(&id, |policy| {
        policy.name = name.unwrap_or(&policy.name).to_owned();
        policy.description = description.unwrap_or(&policy.description).to_owned();
        policy.content = content.unwrap_or(&policy.content).to_owned();
        policy.updated_at = call.now;
    });
    answer(change.org, call.settings, &id)
}

/// DeletePolicy.
pub(crate) fn delete(change: &mut Change<'_>) -> Answer {
    let id = policy_id(change.call.input)?;
    let policy = change.org.policy(&id).ok_or_else(|| not_found(&id))?;
    rules::refuse_immutable(&id, policy)?;
    rules::refuse_attached(change.org, &id)?;
    tag::tell(change, &Taggable::Policy(id.clone()), None);
    change.org.remove_policy(&id);
    empty()
}

/// DescribePolicy.
pub(crate) fn describe(seen: &Seen<'_>) -> Answer {
    answer(seen.org, seen.call.settings, &policy_id(seen.call.input)?)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PoliciesAnswer<'a> {
    policies: Vec<PolicySummaryView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListPolicies: those of one type, AWS's own included.
pub(crate) fn list(seen: &Seen<'_>) -> Answer {
    let kind = policy_type(seen.call.input, "Filter")?;
    let page = pager(seen.call, &[kind.as_str()])?.slice(seen.org.policies_of(kind));
    let view = |id| {
        Some(PolicySummaryView::of(
            seen.org,
            seen.call.settings,
            id,
            seen.org.policy(id)?,
        ))
    };
    json(&PoliciesAnswer {
        policies: page.items.into_iter().filter_map(view).collect(),
        next_token: page.next,
    })
}

/// ListPoliciesForTarget: those of one type that are attached right there.
pub(crate) fn list_for_target(seen: &Seen<'_>) -> Answer {
    let target = target(seen.call.input, seen.org)?;
    let kind = policy_type(seen.call.input, "Filter")?;
    let pager = pager(seen.call, &[target.as_str(), kind.as_str()])?;
    let attached = seen
        .org
        .attached_to(&target)
        .iter()
        .filter(|id| id.as_str() > pager.after());
    let of_kind =
        attached.filter_map(|id| Some((id, seen.org.policy(id).filter(|policy| policy.kind == kind)?)));
    let page = pager.take(of_kind, |(id, _)| id.as_str().to_owned());
    let page = page.map(|(id, policy)| PolicySummaryView::of(seen.org, seen.call.settings, id, policy));
    json(&PoliciesAnswer {
        policies: page.items,
        next_token: page.next,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TargetsAnswer<'a> {
    targets: Vec<TargetView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// ListTargetsForPolicy.
pub(crate) fn list_targets(seen: &Seen<'_>) -> Answer {
    let id = policy_id(seen.call.input)?;
    let pager = pager(seen.call, &[id.as_str()])?;
    seen.org.policy(&id).ok_or_else(|| not_found(&id))?;
    let from = match pager.after() {
        "" => std::ops::Bound::Unbounded,
        after => std::ops::Bound::Excluded(TargetId::parse(after).ok_or_else(|| {
            invalid(
                InputProblem::InvalidNextToken,
                "`NextToken` was not given out by this operation",
            )
        })?),
    };
    let targets = seen.org.targets_of(&id).range((from, std::ops::Bound::Unbounded));
    let page = pager.take(targets, |target| target.as_str().to_owned());
    let views = page
        .items
        .into_iter()
        .filter_map(|target| TargetView::of(seen, target));
    json(&TargetsAnswer {
        targets: views.collect(),
        next_token: page.next,
    })
}

/// Returns the target of a request, which must exist.
fn target(input: &Input, org: &Organization) -> Result<TargetId, Refusal> {
    let text = input.required_text("TargetId")?;
    let target = target_id(text)?;
    if org.has_target(&target) {
        return Ok(target);
    }
    Err(Code::TargetNotFound.because(format!(
        "there is no root, organizational unit or account `{text}`"
    )))
}

/// AttachPolicy.
pub(crate) fn attach(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let id = policy_id(call.input)?;
    let target = target(call.input, change.org)?;
    let kind = change.org.policy(&id).ok_or_else(|| not_found(&id))?.kind;
    attachment::refuse_while_changing(change.org, kind)?;
    attachment::refuse_type_off(change.org, kind)?;
    attachment::refuse_attached(change.org, &id, &target)?;
    attachment::refuse_full(change.org, &target, kind, call.settings)?;
    change.org.attach(&id, &target);
    empty()
}

/// DetachPolicy.
pub(crate) fn detach(change: &mut Change<'_>) -> Answer {
    let call = change.call;
    let id = policy_id(call.input)?;
    let target = target(call.input, change.org)?;
    let kind = change.org.policy(&id).ok_or_else(|| not_found(&id))?.kind;
    attachment::refuse_while_changing(change.org, kind)?;
    attachment::refuse_not_attached(change.org, &id, &target)?;
    attachment::refuse_non_detachable(&id, call.settings)?;
    attachment::refuse_last(change.org, &target, kind, call.settings)?;
    change.org.detach(&id, &target);
    empty()
}
