//! The SCPs that Control Tower owns: one for each OU that it governs (aws-facts R38).

use serde_json::json;

use super::catalog::{Behaviour, Control};
use super::site::Site;
use super::state::{ControlTower, Guardrail};
use crate::clock::AwsTime;
use crate::organizations::{Organization, Policy, TypeStatus, default_policy};
use crate::settings::{PolicyType, Settings};
use crate::world::{Tags, TargetId, UnitId};

const SCP: PolicyType = PolicyType::ServiceControlPolicy;

/// Returns the text of an OU's SCP: the mandatory controls, then the preventive ones that are enabled on it.
fn text(tower: &ControlTower, unit: &UnitId, settings: &Settings) -> String {
    let mut statements = vec![json!({
        "Sid": "GRCONTROLTOWER",
        "Effect": "Deny",
        "Action": ["config:DeleteConfigRule", "cloudtrail:StopLogging", "iam:DeleteRole"],
        "Resource": ["arn:aws:*:*:*:*aws-controltower*"],
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/AWSControlTowerExecution"}},
    })];
    for enabled in tower.controls.values().filter(|enabled| enabled.target == *unit) {
        let Some(control) = Control::of(&enabled.control, settings) else {
            continue;
        };
        if control.behaviour == Behaviour::Preventive {
            let name = &control.name;
            let sid: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            let resource = format!("arn:aws:controltower:::control/{name}");
            statements.push(json!({
                "Sid": sid, "Effect": "Deny", "Action": "controltower:ViolateControl", "Resource": resource,
            }));
        }
    }
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// Switches SCPs on, with what that attaches everywhere (aws-facts R5).
pub(super) fn enable_scps(org: &mut Organization, settings: &Settings) {
    if org.policy_types.contains_key(&SCP) {
        return;
    }
    org.policy_types.insert(SCP, TypeStatus::Enabled);
    if let Some(policy) = default_policy(SCP, settings) {
        for target in org.every_target() {
            org.attach(&policy, &target);
        }
    }
}

/// Makes the SCP of an OU what it should be: created, rewritten, attached.
///
/// # Errors
/// A status message if the OU has no room for one more SCP (aws-facts 4.5, 10 SCPs on an OU).
pub(super) fn put(
    site: &mut Site<'_>,
    unit: &UnitId,
    at: AwsTime,
    settings: &Settings,
) -> Result<(), String> {
    let target = TargetId::Unit(unit.clone());
    if !site.org.has_target(&target) {
        return Ok(());
    }
    let content = text(site.tower, unit, settings);
    let kept = site.tower.guardrails.get(unit).map(|own| own.policy.clone());
    let id = match kept.filter(|id| site.org.policy(id).is_some()) {
        Some(id) => id,
        None => {
            let id = site.world.mint.policy();
            let name = format!("aws-guardrails-{}", site.world.mint.text(6));
            site.org.add_policy(
                id.clone(),
                Policy {
                    name,
                    kind: SCP,
                    description: "Created by AWS Control Tower".to_owned(),
                    content: content.clone(),
                    updated_at: at,
                    aws_managed: false,
                    tags: Tags::new(),
                },
            );
            id
        }
    };
    site.org.change_policy(&id, |policy| {
        policy.content.clone_from(&content);
        policy.updated_at = at;
    });
    if !site.org.attached_to(&target).contains(&id) {
        let limit = settings.policy_limits.get(&SCP).copied();
        let most = limit.unwrap_or_else(|| SCP.limit()).per_target;
        if site.org.count_attached(&target, SCP) >= most {
            return Err(format!(
                "AWS Control Tower can't attach its SCP to OU {unit}, which has {most} SCPs already"
            ));
        }
        site.org.attach(&id, &target);
    }
    let own = Guardrail { policy: id, content };
    site.tower.guardrails.insert(unit.clone(), own);
    Ok(())
}

/// Takes the SCP of an OU away.
pub(super) fn remove(site: &mut Site<'_>, unit: &UnitId) {
    if let Some(own) = site.tower.guardrails.remove(unit) {
        site.org.remove_policy(&own.policy);
    }
}

/// Returns whether the SCP of an OU has been edited, detached or deleted (aws-facts 4.3, governance drift).
pub(super) fn drifted(tower: &ControlTower, org: &Organization, unit: &UnitId) -> bool {
    let Some(own) = tower.guardrails.get(unit) else {
        return false;
    };
    let target = TargetId::Unit(unit.clone());
    let whole = org
        .policy(&own.policy)
        .is_some_and(|policy| policy.content == own.content);
    !whole || !org.attached_to(&target).contains(&own.policy)
}
