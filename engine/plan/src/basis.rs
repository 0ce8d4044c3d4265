//! What a plan was made from: digests of the declarations and live objects that it touches.

use lz_model::address::Address;
use lz_model::desired::Desired;
use lz_model::id::{ParentId, TargetId};
use lz_model::live::{InstanceStatus, LiveOrganization, LiveSettings, LiveStack, LiveStackSet};
use lz_model::plan::{Action, Basis, FeatureWork, Known, Ref, StackWork, Step};
use lz_model::stack::StackSetKey;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// What the names of parts about stack sets begin with: `stack_set <region>/<name>`.
const STACK_SET: &str = "stack_set ";
/// The part that is Control Tower.
const CONTROL_TOWER: &str = "control tower";
/// The part that is everything about Identity Center.
const IDENTITY: &str = "identity center";
/// What the names of parts about settings of accounts begin with.
const SETTINGS: &str = "settings ";
/// What the names of parts about stacks begin with.
const STACK: &str = "stack ";

/// Returns the digests of everything that the steps touch.
pub(crate) fn of(desired: &Desired, live: Option<&LiveOrganization>, steps: &[Step]) -> Basis {
    let addresses: BTreeSet<&Address> = steps.iter().map(|step| &step.address).collect();
    let parts: BTreeSet<String> = steps.iter().flat_map(|step| parts(&step.action)).collect();
    Basis {
        spec: addresses
            .into_iter()
            .map(|address| (address.clone(), declaration(desired, address)))
            .collect(),
        live: parts
            .into_iter()
            .map(|part| (part.clone(), object(live, &part)))
            .collect(),
    }
}

/// Returns the parts of two bases that differ, named for people: addresses of the spec and ids of AWS.
pub(crate) fn differences(saved: &Basis, desired: &Desired, live: Option<&LiveOrganization>) -> Vec<String> {
    let spec = saved
        .spec
        .iter()
        .filter(|(address, digest)| declaration(desired, address) != **digest);
    let spec = spec.map(|(address, _)| format!("{address} in the spec"));
    let aws = saved
        .live
        .iter()
        .filter(|(part, digest)| object(live, part) != **digest);
    spec.chain(aws.map(|(part, _)| format!("{part} in the organization")))
        .collect()
}

fn declaration(desired: &Desired, address: &Address) -> String {
    match address {
        Address::Organization | Address::Root | Address::PolicyType(_) | Address::TrustedService(_) => {
            digest_organization(desired)
        }
        Address::Ou(ou) => digest(&desired.ous.get(ou)),
        Address::Account(name) => {
            let removed: Vec<_> = desired
                .removed
                .iter()
                .filter(|removed| removed.from == *address)
                .map(|r| r.action)
                .collect();
            digest(&(desired.accounts.get(name), removed))
        }
        Address::Policy(name) => digest(&desired.policies.get(name)),
        Address::DelegatedAdmin(service) => digest(&desired.delegated_admins.get(service)),
        Address::StackSet(name) => digest(&desired.stack_sets.get(name)),
        Address::Stack(name) => digest(&desired.stacks.get(name)),
        Address::ControlTower => digest(&desired.tower.zone),
        Address::Baseline(baseline) => digest(&desired.tower.baselines.get(baseline)),
        Address::Control(control) => digest(&desired.tower.controls.get(control)),
        Address::PermissionSet(name) => {
            let identity = desired.identity.as_ref();
            digest(&identity.map(|identity| identity.sets.get(name)))
        }
        Address::Assignment(name) => {
            let identity = desired.identity.as_ref();
            digest(&identity.map(|identity| identity.assignments.get(name)))
        }
    }
}

/// A resource policy has no address of its own: it is the organization's.
fn digest_organization(desired: &Desired) -> String {
    match &desired.resource_policy {
        None => digest(&desired.organization),
        Some(policy) => digest(&(&desired.organization, policy)),
    }
}

fn object(live: Option<&LiveOrganization>, part: &str) -> String {
    let Some(live) = live else { return digest(&()) };
    match part {
        "policy types" => digest(&live.root.policy_types),
        "trusted access" => digest(&live.trusted_services),
        CONTROL_TOWER => digest(&live.tower),
        "delegated administrators" if live.administrators.is_empty() => digest(&live.delegated_admins),
        "delegated administrators" => digest(&(&live.delegated_admins, &live.administrators)),
        "root access" => digest(&live.root_access),
        "resource policy" => digest(&live.resource_policy),
        "root" => digest(&(&live.root.id, &live.root.tags)),
        part if part.starts_with(STACK_SET) => digest(&stack_set(live, part)),
        IDENTITY => digest(&live.identity),
        part if part.starts_with(SETTINGS) => digest(&settings(live, part)),
        part if part.starts_with(STACK) => digest(&stack(live, part)),
        id => {
            let id = id.to_owned();
            let ou = lz_model::id::OuId::try_from(id.clone())
                .ok()
                .and_then(|id| live.ous.get(&id));
            let account = lz_model::id::AccountId::try_from(id.clone())
                .ok()
                .and_then(|id| live.accounts.get(&id));
            let policy = lz_model::id::PolicyId::try_from(id)
                .ok()
                .and_then(|id| live.policies.get(&id));
            digest(&(ou, account, policy))
        }
    }
}

/// Returns what tells one state of a stack set from the next: everything but its stacks, and how many of those are
/// in which state.
fn stack_set(live: &LiveOrganization, part: &str) -> Option<(LiveStackSet, BTreeMap<InstanceStatus, usize>)> {
    let (region, name) = part.strip_prefix(STACK_SET)?.split_once('/')?;
    let key = StackSetKey {
        region: region.parse().ok()?,
        name: name.to_owned(),
    };
    let found = live.stack_sets.get(&key)?;
    let mut states = BTreeMap::new();
    for stack in &found.instances {
        *states.entry(stack.status).or_default() += 1;
    }
    let LiveStackSet {
        id,
        arn,
        description,
        template,
        parameters,
        capabilities,
        tags,
        permissions,
        managed_execution,
        ous,
        instances: _,
        running,
        last_operation,
    } = found;
    let summary = LiveStackSet {
        id: id.clone(),
        arn: arn.clone(),
        description: description.clone(),
        template: template.clone(),
        parameters: parameters.clone(),
        capabilities: capabilities.clone(),
        tags: tags.clone(),
        permissions: permissions.clone(),
        managed_execution: *managed_execution,
        ous: ous.clone(),
        instances: Vec::new(),
        running: running.clone(),
        last_operation: last_operation.clone(),
    };
    Some((summary, states))
}

fn settings<'a>(live: &'a LiveOrganization, part: &str) -> Option<&'a LiveSettings> {
    live.settings.get(&part.strip_prefix(SETTINGS)?.parse().ok()?)
}

fn stack<'a>(live: &'a LiveOrganization, part: &str) -> Option<&'a LiveStack> {
    let (region, name) = part.strip_prefix(STACK)?.split_once('/')?;
    live.stacks.get(&(region.parse().ok()?, name.to_owned()))
}

fn parts(action: &Action) -> Vec<String> {
    fn id<T: ToString>(reference: &Ref<T>) -> Option<String> {
        known(&reference.id)
    }
    fn known<T: ToString>(id: &Known<T>) -> Option<String> {
        id.now().map(ToString::to_string)
    }
    fn parent(reference: &Ref<ParentId>) -> Option<String> {
        match reference.id.now()? {
            ParentId::Root(_) => Some("root".to_owned()),
            ParentId::Ou(id) => Some(id.to_string()),
        }
    }
    fn target(reference: &Ref<TargetId>) -> Option<String> {
        match reference.id.now()? {
            TargetId::Root(_) => Some("root".to_owned()),
            TargetId::Ou(id) => Some(id.to_string()),
            TargetId::Account(id) => Some(id.to_string()),
        }
    }
    let found = match action {
        Action::CreateOrganization {} | Action::CreateAccount { .. } | Action::CreatePolicy { .. } => vec![],
        Action::Feature(FeatureWork::EnableRootFeature { .. } | FeatureWork::DisableRootFeature { .. }) => {
            vec![Some("root access".to_owned())]
        }
        Action::Feature(FeatureWork::PutResourcePolicy { .. } | FeatureWork::DeleteResourcePolicy { .. }) => {
            vec![Some("resource policy".to_owned())]
        }
        Action::StackSet(work) => vec![Some(format!(
            "{STACK_SET}{}/{}",
            work.set().region,
            work.set().name
        ))],
        Action::Stack(work) => {
            let (name, region) = match work {
                StackWork::Create { name, region, .. }
                | StackWork::Update { name, region, .. }
                | StackWork::Delete { name, region } => (name, region),
            };
            vec![Some(format!("{STACK}{region}/{name}"))]
        }
        Action::Tower(_) => vec![Some(CONTROL_TOWER.to_owned())],
        Action::Identity(_) => vec![Some(IDENTITY.to_owned())],
        Action::Settings(work) => vec![id(work.account()).map(|account| format!("{SETTINGS}{account}"))],
        Action::EnableTrustedService { .. } | Action::DisableTrustedService { .. } => {
            vec![Some("trusted access".to_owned())]
        }
        Action::EnablePolicyType { .. } | Action::DisablePolicyType { .. } => {
            vec![Some("policy types".to_owned())]
        }
        Action::CreateOu { parent: above, .. } => vec![parent(above)],
        Action::RenameOu { ou, .. } => vec![Some(ou.to_string())],
        Action::DeleteOu { ou } => vec![id(ou)],
        Action::MoveAccount { account, from, to } => vec![id(account), parent(from), parent(to)],
        Action::RenameAccount { account, .. } => vec![Some(account.to_string())],
        Action::CloseAccount { account } | Action::ReleaseAccount { account } => vec![id(account)],
        Action::UpdatePolicy { policy, .. } => vec![Some(policy.to_string())],
        Action::DeletePolicy { policy, .. } => vec![id(policy)],
        Action::AttachPolicy {
            policy, target: to, ..
        }
        | Action::DetachPolicy {
            policy, target: to, ..
        } => {
            vec![id(policy), target(to)]
        }
        Action::SetTags { resource, .. } => vec![id(resource)],
        Action::RegisterAdmin { account, .. } | Action::DeregisterAdmin { account, .. } => {
            vec![id(account), Some("delegated administrators".to_owned())]
        }
    };
    found.into_iter().flatten().collect()
}

fn digest<T: Serialize>(value: &T) -> String {
    // Plain data of ours serializes; if it ever did not, the digest would match nothing and refuse.
    let text = serde_json::to_vec(value).unwrap_or_default();
    Sha256::digest(&text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
