//! A picture of an organization without ids, so that two organizations can be compared.

use lz_model::id::{AccountId, ParentId, TargetId};
use lz_model::live::{
    LiveIdentity, LiveOrganization, LivePolicy, LiveResourcePolicy, LiveSetContent, LiveStackSet, PolicyText,
};
use std::collections::BTreeSet;

/// Returns one line for each thing that an organization has, sorted. Ids and times are left out.
#[must_use]
pub fn picture(live: &LiveOrganization) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(
        live.root
            .policy_types
            .keys()
            .map(|policy_type| format!("type {policy_type}")),
    );
    lines.extend(
        live.trusted_services
            .iter()
            .map(|service| format!("trusted {service}")),
    );
    for ou in live.ous.values() {
        lines.push(format!(
            "ou {} {:?}",
            live.path(&ParentId::Ou(ou.id.clone())),
            ou.tags
        ));
    }
    for account in live.accounts.values() {
        let path = live.path(&account.parent);
        let state = account.state;
        lines.push(format!(
            "account {} \"{}\" in {path} {state:?} {:?}",
            account.email, account.name, account.tags
        ));
    }
    for (service, admins) in &live.delegated_admins {
        lines.extend(
            admins
                .iter()
                .map(|id| format!("admin {service} {}", target(live, &TargetId::Account(id.clone())))),
        );
    }
    for (service, regions) in &live.administrators {
        lines.extend(regions.iter().map(|(region, id)| {
            let account = target(live, &TargetId::Account(id.clone()));
            format!("administrator {service} {account} in {region}")
        }));
    }
    let features = live.root_access.iter().flatten();
    lines.extend(features.map(|feature| format!("root access {feature}")));
    if let LiveResourcePolicy::Present { content, tags } = &live.resource_policy {
        lines.push(format!("resource policy {} {tags:?}", without_ids(live, content)));
    }
    lines.extend(live.policies.values().map(|policy| policy_line(live, policy)));
    for (key, set) in &live.stack_sets {
        lines.push(set_line(live, &key.name, set));
        lines.extend(set.instances.iter().map(|instance| {
            let account = target(live, &TargetId::Account(instance.account.clone()));
            format!(
                "stack of {} in {account} {} {:?} {:?}",
                key.name, instance.region, instance.status, instance.overrides
            )
        }));
    }
    for ((region, name), stack) in &live.stacks {
        let parameters = without_ids(live, &format!("{:?}", stack.parameters));
        lines.push(format!(
            "stack {name} in {region} {:?} {parameters} {:?} {}",
            stack.state, stack.tags, stack.template
        ));
    }
    if let Some(identity) = &live.identity {
        lines.extend(identity_lines(live, identity));
    }
    for (account, settings) in &live.settings {
        let account = target(live, &TargetId::Account(account.clone()));
        lines.push(format!("settings of {account} {settings:?}"));
    }
    lines.sort();
    lines
}

/// Permission sets by name, and who has them where, without ids.
fn identity_lines(live: &LiveOrganization, identity: &LiveIdentity) -> Vec<String> {
    let account = |id: &AccountId| target(live, &TargetId::Account(id.clone()));
    let mut lines = Vec::new();
    for set in identity.sets.values() {
        let content = set.content.as_ref();
        let grants = content.map(|content| {
            let inline = content.inline.as_deref().unwrap_or_default();
            format!(
                "{:?} {:?} {} {:?}",
                content.managed,
                content.customer,
                without_ids(live, inline),
                content.boundary
            )
        });
        let places = |of: fn(&LiveSetContent) -> &BTreeSet<AccountId>| -> BTreeSet<String> {
            content
                .iter()
                .flat_map(|content| of(content))
                .map(account)
                .collect()
        };
        lines.push(format!(
            "permission set {} {:?} {:?} {:?} {:?} {grants:?} in {:?} old in {:?}",
            set.name,
            set.description,
            set.session_seconds,
            set.relay_state,
            set.tags,
            places(|content| &content.provisioned),
            places(|content| &content.outdated)
        ));
    }
    for one in &identity.assignments {
        let set = identity.sets.get(&one.set).map(|set| &set.name);
        lines.push(format!(
            "assignment {set:?} {:?} {} {}",
            one.kind,
            one.principal,
            account(&one.account)
        ));
    }
    lines
}

fn policy_line(live: &LiveOrganization, policy: &LivePolicy) -> String {
    let targets: BTreeSet<String> = policy.targets.iter().map(|id| target(live, id)).collect();
    let content = match &policy.content {
        PolicyText::Read(text) => without_ids(live, text),
        PolicyText::NotRead => String::new(),
    };
    format!(
        "policy {} {} {:?} {:?} {targets:?} {content}",
        policy.policy_type, policy.name, policy.description, policy.tags
    )
}

fn set_line(live: &LiveOrganization, name: &str, set: &LiveStackSet) -> String {
    let ous: BTreeSet<String> = set
        .ous
        .iter()
        .map(|(ou, regions)| format!("{} {regions:?}", live.path(ou)))
        .collect();
    let parameters = without_ids(live, &format!("{:?}", set.parameters));
    format!(
        "stack set {name} {parameters} {:?} {:?} {:?} {ous:?} running {} {}",
        set.tags,
        set.permissions,
        set.managed_execution,
        set.running.len(),
        set.template
    )
}

fn target(live: &LiveOrganization, id: &TargetId) -> String {
    match id {
        TargetId::Root(_) => "Root".to_owned(),
        TargetId::Ou(ou) => live.path(&ParentId::Ou(ou.clone())),
        TargetId::Account(account) => live
            .accounts
            .get(account)
            .map_or_else(|| account.to_string(), |account| account.email.to_string()),
    }
}

/// Policies may name ids of this organization; two organizations differ in them.
fn without_ids(live: &LiveOrganization, text: &str) -> String {
    let mut text = text.replace(live.id.as_str(), "(organization)");
    for account in live.accounts.values() {
        text = text.replace(account.id.as_str(), account.email.as_str());
    }
    for ou in live.ous.values() {
        text = text.replace(ou.id.as_str(), &live.path(&ParentId::Ou(ou.id.clone())));
    }
    text
}
